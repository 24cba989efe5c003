//! The German words for syncing.

use crate::i18n::sync::SyncTexts;
use tidemark_engine::waiting::Why;

pub const SYNC: SyncTexts = SyncTexts {
    lead: "Hier siehst du, wo deine Einträge sind: auf diesem Gerät, auf dem Server, auf deinen anderen Geräten. Was noch wartet, steht unten mit seinem Grund. Tun musst du dafür nichts.",

    whereabouts: "Wo er ist",
    steps: [
        "Auf diesem Gerät gespeichert",
        "Auf dem Server",
        "Auf deinen anderen Geräten",
    ],
    not_yet: "noch nicht",
    on_server: "Auf dem Server",
    device_has_it: |name, seen| format!("{name} hat ihn. Zuletzt gesehen {seen}."),
    device_lacks_it: |name, seen| format!("{name} hat ihn noch nicht. Zuletzt gesehen {seen}."),

    why,
    tried_in: |seconds| format!("Nächster Versuch in {seconds}\u{a0}s."),

    retry: "Noch einmal",
    discard: "Verwerfen",
    discard_note: "Speichert ihn zuerst in einer Rettungsdatei.",
    refused_alike: |count| format!("{count} aus demselben Grund"),
    mend_all: |count| format!("Alle {count} berichtigen"),
    retry_all: |count| format!("Alle {count} noch einmal"),
    goes_to_all: |count| format!("Was du hier einstellst, gilt für alle {count} Einträge."),
    of_person: |name| format!("{name} zeigen"),

    conflicts: "Zwischen Geräten entschieden",
    conflicts_note: "Zwei Geräte haben denselben Eintrag geändert. Das wurde behalten; ein Tipp ändert es.",
    conflict_asks: |count| {
        if count == 1 {
            "Zwei Geräte haben denselben Eintrag geändert. Welcher Wert stimmt?".to_owned()
        } else {
            format!("Zwei Geräte haben dieselben {count} Einträge geändert. Welche Werte stimmen?")
        }
    },
    kept: "Behalten",
    not_kept: "Nicht behalten",
    take: |value| format!("{value} nehmen"),
    keep_both: "Beide behalten",
    let_stand: "Passt so",
    deleted: "Gelöscht",
    unknown: "Nicht mehr bekannt",
    policy: "Wenn zwei Geräte denselben Eintrag ändern",
    policy_note: "Gilt für das, was dieses Gerät sendet. Wähle auf deinen anderen Geräten dasselbe.",
    policy_latest: "Die spätere Änderung bleibt",
    policy_prefer: |device| format!("{device} hat recht"),
    policy_ask: "Mich fragen",

    earlier: "Frühere Werte",
    earlier_none: "Er hat nie etwas anderes gesagt.",
    earlier_offline: "Frühere Werte liegen auf dem Server, der gerade nicht gefragt werden kann.",
    replaced: |when, by| format!("bis {when}, dann geändert von: {by}"),
    use_again: "Wieder nehmen",

    identical: |clock| format!("Dieses Gerät und der Server sind gleich ({clock})."),
    healed: |months| {
        if months == 1 {
            "1 Monat wich ab und wurde neu geholt.".to_owned()
        } else {
            format!("{months} Monate wichen ab und wurden neu geholt.")
        }
    },
    differs: |months| {
        if months == 1 {
            "1 Monat weicht vom Server ab. Er wird bald wieder verglichen.".to_owned()
        } else {
            format!("{months} Monate weichen vom Server ab. Sie werden bald wieder verglichen.")
        }
    },
    set_aside: |months| {
        if months == 1 {
            "1 Monat war auf diesem Gerät nicht zu lesen. Er wurde beiseitegelegt; was der Server davon hat, wird neu geholt.".to_owned()
        } else {
            format!(
                "{months} Monate waren auf diesem Gerät nicht zu lesen. Sie wurden beiseitegelegt; was der Server davon hat, wird neu geholt."
            )
        }
    },

    devices: "Geräte",
    this_device: "Dieses Gerät",
    other_device: |mark| format!("Gerät {mark}"),
    seen: |when| format!("zuletzt gesehen {when}"),
    up_to_date: "hat alles",
    lags: "noch nicht auf dem neuesten Stand",
    storage: "Speicher",
    clock_ahead: |minutes| {
        format!(
            "Die Uhr dieses Geräts geht {minutes}\u{a0}min vor. Das wird berücksichtigt; nichts geht verloren."
        )
    },
    clock_behind: |minutes| {
        format!(
            "Die Uhr dieses Geräts geht {minutes}\u{a0}min nach. Das wird berücksichtigt; nichts geht verloren."
        )
    },

    risk_low: |count| format!("{} bisher nur auf diesem Gerät.", entries_are(count)),
    risk_long: |count, since| format!("{} seit {since} nur auf diesem Gerät.", entries_are(count)),
    risk_high: |count, since| {
        format!(
            "{} seit {since} nur auf diesem Gerät, und dein Browser darf diese Daten löschen.",
            entries_are(count)
        )
    },
    rescue: "Rettungsdatei speichern",

    log_filter: "Was das Protokoll zeigt",
    log_filters: ["Alles", "Mit Änderungen", "Störungen"],
    log_healed: "verglichen und berichtigt",
    show_more: "Mehr zeigen",
    copy: "Kopieren",
    copied: "Kopiert",
    not_copied: "Ließ sich nicht kopieren",
    report: "Bericht für den Support",
    report_note: "Versionen, Zustände und Zahlen. Keine Gewichte, Notizen oder Namen.",
};

fn entries_are(count: usize) -> String {
    if count == 1 {
        "1 Eintrag ist".to_owned()
    } else {
        format!("{count} Einträge sind")
    }
}

fn why(why: &Why) -> &'static str {
    match why {
        Why::Refused(_) => "Der Server hat ihn so nicht angenommen.",
        Why::OtherAccount => {
            "Unter einem anderen Konto geschrieben. Melde dich dort an, um ihn zu senden."
        }
        Why::SignIn => "Melde dich an, um ihn zu senden.",
        Why::Outdated => "Diese Version von Tidemark ist zu alt. Lade neu.",
        Why::WhoIsWho => "Sag zuerst, wessen Einträge das sind.",
        Why::Behind => {
            "Eine frühere Änderung, auf der er beruht, wurde nicht angenommen. Berichtige zuerst die."
        }
        Why::Storage => "Der Speicher dieses Geräts antwortet nicht.",
        Why::NoNetwork => "Kein Netz. Er geht von selbst, sobald es wieder da ist.",
        Why::NoAnswer => "Der Server antwortet nicht.",
        Why::Intercepted => {
            "Etwas anderes antwortet statt des Servers. Vielleicht will dieses Netz eine Anmeldung."
        }
        Why::Pause => "Der Server hat um eine Pause gebeten.",
        Why::PutOff => "Der Server hat gebeten, ihn später zu senden.",
        Why::Trouble => "Der Server hat Schwierigkeiten.",
        Why::Person => "Das Profil, zu dem er gehört, geht zuerst.",
        Why::Going => "Er geht beim nächsten Abgleich.",
    }
}
