//! German words about accounts.

use crate::i18n::account::AccountTexts;

pub const ACCOUNT: AccountTexts = AccountTexts {
    title: "Konto",
    off: (
        "Du brauchst kein Konto.",
        "Auf diesem Server sind Konten abgeschaltet. Deine Einträge werden von selbst synchronisiert; alle, die ihn erreichen, teilen sie sich.",
    ),
    unknown: (
        "Deine Einträge sind nur auf diesem Gerät.",
        "Der Server hat noch nicht geantwortet, darum ist nicht bekannt, ob er Konten anbietet. Zum Eintragen brauchst du keins: Was du einträgst, wird auf diesem Gerät gespeichert und geht auch ohne Netz.",
    ),
    local: (
        "Deine Einträge sind nur auf diesem Gerät.",
        "Mit einem Konto sind sie auch auf dem Server und auf jedem Gerät, auf dem du dich anmeldest. Zum Eintragen brauchst du keins.",
    ),
    signed_in: |email| {
        (
            if email.is_empty() {
                "Du bist angemeldet.".to_owned()
            } else {
                format!("Angemeldet als {email}.")
            },
            "Was du hier einträgst, wird mit allen Geräten dieses Kontos synchronisiert."
                .to_owned(),
        )
    },
    again: (
        "Melde dich zum Synchronisieren wieder an. Nichts ist verloren.",
        "Der Server kennt dieses Gerät nicht mehr. Du kannst weiter eintragen; was wartet, wird nach der Anmeldung gesendet.",
    ),
    somebody_else: (
        "In diesem Browser ist jemand anderes angemeldet.",
        "Diese Einträge warten auf ihr eigenes Konto und gehen an kein anderes. Melde dich damit an, um sie zu synchronisieren.",
    ),
    erased: (
        "Dieses Konto wurde gelöscht.",
        "Der Server hat nichts mehr davon. Was auf diesem Gerät liegt, ist noch da; sag, was damit werden soll.",
    ),
    forgot: "Passwort vergessen?",
    back: "Zurück zur Anmeldung",
    sign_in: "Anmelden",
    sign_up: "Konto anlegen",
    recover: "Wiederherstellen",
    email: "E-Mail",
    password: "Passwort",
    new_password: "Neues Passwort",
    password_hint: "Mindestens 10 Zeichen.",
    code: "Wiederherstellungscode",
    recover_hint: "Mit dem Code, den du beim Anlegen des Kontos aufgeschrieben hast. Alle anderen Geräte werden abgemeldet, und du bekommst einen neuen Code.",
    adopts: |entries| {
        if entries == 1 {
            "Der Eintrag auf diesem Gerät wird Teil des Kontos.".to_owned()
        } else {
            format!("Die {entries} Einträge auf diesem Gerät werden Teil des Kontos.")
        }
    },
    code_title: "Schreib deinen Wiederherstellungscode auf",
    code_why: "Nur damit kommst du wieder in dein Konto, wenn du das Passwort vergisst. Er wird einmal gezeigt, jetzt.",
    copy: "Kopieren",
    code_noted: "Ich habe ihn aufgeschrieben",
    sign_out: "Abmelden",
    sign_out_why: |unsent| {
        match unsent {
        0 => "Alles ist synchron. Deine Einträge verschwinden vom Bildschirm und bleiben auf diesem Gerät, nur für dieses Konto, bis du dich wieder anmeldest.".to_owned(),
        1 => "1 Eintrag ist noch nicht synchronisiert. Er bleibt auf diesem Gerät, nur für dieses Konto, und wird gesendet, wenn du dich hier wieder anmeldest.".to_owned(),
        count => format!("{count} Einträge sind noch nicht synchronisiert. Sie bleiben auf diesem Gerät, nur für dieses Konto, und werden gesendet, wenn du dich hier wieder anmeldest."),
    }
    },
    devices: "Geräte",
    this_device: "Dieses Gerät",
    unnamed_device: "Ein Gerät ohne Namen",
    last_seen: |when| format!("zuletzt gesehen {when}"),
    sign_device_out: |name| format!("{name} abmelden"),
    devices_unknown: "Die Liste erscheint, wenn der Server erreichbar ist.",
    delete: "Konto löschen",
    delete_why: "Der Server löscht das Konto mit allem, was er davon hat, endgültig. Alle Geräte werden abgemeldet. Was auf diesem Gerät liegt, kann ohne Konto hierbleiben oder mitgelöscht werden.",
    delete_keep: "Konto löschen, Einträge hier behalten",
    delete_all: "Konto und Einträge hier löschen",
    keep_here: "Hier ohne Konto behalten",
    delete_here: "Von diesem Gerät löschen",
    unreachable: "Der Server ist nicht erreichbar. Nichts hat sich geändert; versuch es wieder, wenn es ein Netz gibt.",
    bad_credentials: "E-Mail und Passwort gehören nicht zusammen.",
    bad_code: "E-Mail und Wiederherstellungscode gehören nicht zusammen.",
    email_taken: "Diese E-Mail hat schon ein Konto. Melde dich damit an.",
    weak_password: "Zu kurz oder zu geläufig. Nimm mindestens 10 Zeichen, am besten ein paar Wörter.",
    bad_email: "Das ist keine E-Mail-Adresse.",
    bad_field: "So kann der Server das nicht annehmen.",
    too_often: |minutes| match minutes {
        None => "Zu viele Versuche. Versuch es später wieder.".to_owned(),
        Some(1) => "Zu viele Versuche. Versuch es in einer Minute wieder.".to_owned(),
        Some(minutes) => format!("Zu viele Versuche. Versuch es in {minutes} Minuten wieder."),
    },
    trouble: "Der Server hat Schwierigkeiten. Nichts hat sich geändert; versuch es in einer Weile wieder.",
    storage: "Der Speicher dieses Geräts antwortet nicht. Nichts hat sich geändert; versuch es noch einmal.",
};
