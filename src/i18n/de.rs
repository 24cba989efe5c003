//! Deutsch; what has a number or a choice in it stands in [`sentences`].

mod account;
mod exchange;
mod groups;
mod sentences;
mod sync;

use super::{ChangeDirection, Texts};
use chrono::{Datelike, NaiveDate};
use sentences::{
    bmi_class, bmi_group, change_since, changes_are, entries, entries_were, field_name,
    log_outcome, log_trigger, state_error, state_offline, waiting_reason,
};

const MONTHS: &str =
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember";
const MONTHS_SHORT: &str = "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.";
const WEEKDAYS: &str = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag";
const WEEKDAYS_SHORT: &str = "Mo Di Mi Do Fr Sa So";

/// The German texts.
pub static TEXTS: Texts = Texts {
    tag: "de",
    own_name: "Deutsch",
    decimal_separator: ',',

    today: "Heute",
    yesterday: "Gestern",
    weekday_short: |date| super::nth_word(WEEKDAYS_SHORT, date.weekday().num_days_from_monday()),
    day_month,
    day_month_year: |date| format!("{} {}", day_month(date), date.year()),
    weekday_day_month: |date| format!("{}, {}", weekday(date), day_month(date)),
    month_year: |date| format!("{} {}", month(date), date.year()),
    month_short,
    month_short_year: |date| format!("{} ’{:02}", month_short(date), date.year().rem_euclid(100)),
    day_at: |day, clock| format!("{day}, {clock}"),
    just_now: "soeben",
    minutes_ago: |minutes| format!("vor {minutes} Min."),
    hours_ago: |hours| format!("vor {hours} Std."),

    app_name: "Tidemark",
    skip_to_content: "Zum Inhalt",
    main_navigation: "Hauptmenü",
    nav_today: "Heute",
    nav_history: "Verlauf",
    nav_sync: "Sync",
    nav_settings: "Optionen",
    nav_account: "Konto",
    log_weight: "Eintragen",
    cancel: "Abbrechen",
    close: "Schließen",
    save: "Speichern",
    edit: "Ändern",
    delete: "Löschen",
    undo: "Rückgängig",
    no_value: "—",
    person_without_name: "Du",
    not_found: "Diese Seite gibt es nicht.",
    to_start: "Zu heute",

    chip_local: "Auf diesem Gerät",
    chip_pending: |count| format!("{} unterwegs…", entries(count)),
    chip_syncing: "Synchronisiert…",
    chip_offline: "Offline",
    chip_offline_pending: |count| format!("Offline · {count} offen"),
    chip_synced: |ago| format!("Synchron {ago}"),
    chip_not_accepted: |count| format!("{count} nicht angenommen"),
    chip_retry_in: |seconds| format!("Neuer Versuch in {seconds}\u{a0}s"),
    chip_retry: "Neuer Versuch",
    chip_sign_in: "Zum Synchronisieren anmelden",
    chip_outdated: "Zum Synchronisieren aktualisieren",
    chip_storage: "Speicherproblem",
    chip_not_saved: |count| format!("{count} nicht gespeichert"),

    trend_weight: "Trendgewicht",
    per_week: "pro Woche",
    in_30_days: "in 30 Tagen",
    direction: |direction| match direction {
        ChangeDirection::Down => "Weniger:",
        ChangeDirection::Up => "Mehr:",
        ChangeDirection::Level => "Unverändert:",
    },
    last_entries: "Letzte Einträge",
    all: "Alle",
    first_run_title: "Gewicht geht auf und ab. Die Linie zeigt die Richtung.",
    first_run_text: "Trag ein, wann du magst. Alles wird auf diesem Gerät gespeichert und geht auch ohne Netz. Ein Konto brauchst du nicht.",
    log_first_weight: "Erstes Gewicht eintragen",
    set_up_first: "Erst einrichten",

    chart_kind: "Diagramm",
    range_label: "Gezeigte Zeit",
    ranges: ["Woche", "Monat", "3 Mon.", "Jahr", "Alles"],
    change_since,
    only_one_day: "Einträge von einem Tag. Mit dem nächsten beginnt die Linie.",
    show_table: "Tabelle",
    hide_table: "Tabelle ausblenden",
    table_date: "Datum",
    table_reading: "Messung",
    table_trend: "Trend",
    chart_reading: |date, reading, trend| format!("{date} · {reading} · Trend {trend}"),

    bmi: "BMI",
    bmi_class,
    bmi_group,
    bmi_what: "Was ist das?",
    bmi_explained: &[
        "Der BMI ist das Gewicht in Kilogramm geteilt durch das Quadrat der Größe in Metern. Er ist ein grobes Maß für Gruppen von Erwachsenen, kein Urteil über einen einzelnen Menschen.",
        "Die Bereiche sind die der Weltgesundheitsorganisation für Erwachsene ab 20 Jahren.",
        "In der Schwangerschaft, bei viel Muskelmasse, in höherem Alter oder nach einer Amputation sagt er wenig.",
    ],
    bmi_under_age: "Unter 20 Jahren wird der BMI nach Alter und Geschlecht gelesen. Darum steht hier kein Bereich für Erwachsene.",
    bmi_needs_height: "Mit deiner Größe zeigt Tidemark hier den BMI.",
    add_height: "Größe angeben",

    sheet_new: "Gewicht eintragen",
    sheet_edit: "Eintrag ändern",
    weight: "Gewicht",
    stones: "Stone",
    pounds: "Pfund (lb)",
    less: |step| format!("{step} weniger"),
    more: |step| format!("{step} mehr"),
    change_unit: |unit| format!("Einheit: {unit}. Wechseln"),
    last_and_trend: |last, day, trend| format!("Zuletzt {last}, {day} · Trend {trend}"),
    first_hint: "Dein erster Eintrag. Hier beginnt der Trend.",
    time: "Zeit",
    note: "Notiz",
    add_note: "Notiz",
    height: "Größe",
    inches: "Zoll",
    height_why: "Freiwillig, für den BMI. Wird einmal gefragt.",
    saved_toast: "Auf diesem Gerät gespeichert.",
    deleted_toast: |weight| format!("{weight} gelöscht"),
    restored_toast: |weight| format!("{weight} wiederhergestellt"),
    soft_question: |new, last| format!("{new}? Letztes Mal waren es {last}."),
    soft_question_alone: |new| format!("{new}? Das ist ungewöhnlich."),
    keep: |weight| format!("{weight} behalten"),
    use_instead: |weight| format!("{weight} nehmen"),

    error_empty_weight: "Gib dein Gewicht ein.",
    error_not_a_number: "Das ist keine Zahl. Schreib sie wie 78,2.",
    error_negative: "Ein Gewicht kann nicht unter null liegen.",
    error_ambiguous: "Nur ein Dezimalkomma und sonst nichts, wie 78,2.",
    error_decimals: |max| format!("Höchstens {max} Stellen nach dem Komma."),
    error_pounds_fill_a_stone: "Pfund neben Stone müssen unter 14 sein.",
    error_inches_fill_a_foot: "Zoll neben Fuß müssen unter 12 sein.",
    error_weight_range: |low, high| format!("Das Gewicht muss zwischen {low} und {high} liegen."),
    error_height_range: |low, high| format!("Die Größe muss zwischen {low} und {high} liegen."),
    error_time: "Wähle Tag und Uhrzeit, nicht in der Zukunft.",
    error_note_long: |max| format!("Höchstens {max} Zeichen."),
    error_note_character: "Die Notiz enthält ein Zeichen, das nicht gespeichert werden kann.",
    error_name_long: |max| format!("Höchstens {max} Zeichen."),
    error_birth_date: "Wähle einen Tag, der schon war.",

    fault_not_saved: "Der Speicher des Browsers antwortet nicht. Tidemark versucht es weiter.",
    fault_no_room: "Auf diesem Gerät ist kein Platz mehr. Schaff etwas Platz, dann speichert Tidemark von selbst.",
    fault_newer_data: "Eine neuere Version von Tidemark hat die Daten übernommen. Lade neu, um sie zu bekommen. Nichts ist verloren.",
    fault_other_tab: "In einem anderen Tab ist eine ältere Version offen. Schließ ihn, dann macht Tidemark von selbst weiter.",
    fault_unreadable: "Einige gespeicherte Daten sind nicht lesbar. Sie bleiben, wie sie sind.",
    try_again: "Noch einmal",
    missing_part: "Ein Teil von Tidemark konnte nicht geladen werden, darum lässt sich noch nichts eintragen. Nichts Eingetragenes ist verloren.",
    not_saved_copied: |count| {
        let title = format!("{} noch nicht gespeichert.", changes_are(count));
        (title, "Eine Notkopie liegt in diesem Browser. Tidemark speichert sie, sobald es geht, auch nach einem Neustart.".to_owned())
    },
    not_saved_at_risk: |count| {
        let title = format!(
            "{} noch nicht gespeichert, und eine Kopie ließ sich nicht anlegen.",
            changes_are(count)
        );
        (
            title,
            "Lass diese Seite offen: Was du eingegeben hast, ist nur hier.".to_owned(),
        )
    },
    emergency_copy: "Notkopie",
    not_saved_yet: "Noch nicht gespeichert",
    newer_version: (
        "Tidemark hat eine neuere Version",
        "Sie hat deine Daten übernommen, deshalb kann diese Seite sie nicht mehr lesen oder ändern. Nichts ist verloren oder gelöscht. Lade neu, um mit der neueren Version weiterzumachen. Siehst du das wieder, schließ alle Tabs von Tidemark und öffne es neu.",
    ),

    history_title: "Verlauf",
    month_average: |average, count| {
        format!(
            "Mittel {average} · {}",
            entries(u32::try_from(count).unwrap_or(u32::MAX))
        )
    },
    on_this_device: "Auf diesem Gerät",
    not_accepted: "Nicht angenommen",
    edit_entry: |entry| format!("{entry} ändern"),
    delete_entry: |entry| format!("{entry} löschen"),
    show_older: |count| {
        format!(
            "{} mehr zeigen",
            entries(u32::try_from(count).unwrap_or(u32::MAX))
        )
    },
    history_empty: "Noch nichts eingetragen. Hier steht, was du einträgst, Monat für Monat.",

    sync_title: "Abgleich",
    sync_now: "Jetzt synchronisieren",
    waiting: "Wartet",
    nothing_waiting: "Auf diesem Gerät wartet nichts.",
    waiting_reason,
    field_name,
    field_refused: |field| format!("{field} nicht angenommen"),
    mend: "Berichtigen",
    entry_profile: "Profil",
    entry_settings: "Einstellungen",
    entry_bulk: "Importierte Einträge",
    entry_deletion: "Löschung",
    sync_log: "Protokoll",
    sync_log_note: "Zeiten und Anzahlen, nie Gewichte.",
    sync_log_empty: "Noch nie synchronisiert.",
    log_trigger,
    log_outcome,
    seconds: |seconds| format!("{seconds}\u{a0}s"),
    last_synced: |when| format!("Zuletzt synchronisiert: {when}."),
    never_synced: "Noch nicht synchronisiert.",
    state_local: (
        "Deine Einträge sind auf diesem Gerät gespeichert.",
        "Sie bleiben hier. Nichts verlässt dieses Gerät, bevor du es willst.",
    ),
    state_pending: |count| {
        (
            format!("{} unterwegs.", entries(count)),
            "Hier schon gespeichert.".to_owned(),
        )
    },
    state_syncing: "Synchronisiert…",
    state_offline,
    no_network: "Dein Gerät meldet kein Netz.",
    no_answer: "Der Server antwortet nicht.",
    intercepted: "Etwas anderes antwortet anstelle des Servers: Vielleicht will dieses Netz, dass du dich erst dort anmeldest.",
    state_synced: (
        "Alles ist auf dem Server.",
        "Neue Einträge werden gesendet, sobald du sie speicherst.",
    ),
    state_error,
    state_not_accepted: |count| {
        (
            format!("{} nicht angenommen.", entries_were(count)),
            "Nichts ist verloren. Berichtige unten; alles andere ist synchron.".to_owned(),
        )
    },
    state_signed_out: (
        "Melde dich zum Synchronisieren wieder an.",
        "Nichts ist verloren. Deine Einträge sind hier sicher.",
    ),
    state_outdated: (
        "Diese Version von Tidemark ist zu alt zum Synchronisieren.",
        "Lade neu, um die neue zu bekommen. Deine Einträge sind hier sicher.",
    ),
    state_storage: (
        "Der Speicher des Browsers antwortet nicht.",
        "Schaff Platz oder starte den Browser neu. Einträge, die als gespeichert gezeigt wurden, sind sicher.",
    ),

    settings_title: "Einstellungen",
    profile: "Profil",
    name: "Name",
    gender: "Geschlecht",
    gender_unset: "Keine Angabe",
    gender_male: "Männlich",
    gender_female: "Weiblich",
    gender_other: "Divers",
    birth_date: "Geboren am",
    saved: "Gespeichert",
    this_app: "Diese App",
    units: "Einheiten",
    units_metric: "kg, cm",
    units_imperial: "lb, ft in",
    units_stone: "st lb, ft in",
    theme: "Farben",
    theme_system: "System",
    theme_light: "Hell",
    theme_dark: "Dunkel",
    language: "Sprache",
    your_data: "Deine Daten",
    sync_and_log: "Abgleich und Protokoll",

    account: &account::ACCOUNT,

    exchange: &exchange::EXCHANGE,

    who_is: |name| {
        format!(
            "In deinem Konto gibt es schon Einträge von jemandem. Wer ist {name} auf diesem Gerät?"
        )
    },
    same_as: |name| format!("Dieselbe Person wie {name}"),
    someone_new: "Jemand Neues",

    goal: groups::GOAL,
    people: groups::PEOPLE,
    past: groups::PAST,
    device: groups::DEVICE,
    about: groups::ABOUT,
    sync: sync::SYNC,

    update_ready: "Eine neue Version ist da.",
    update_apply: "Neu laden",
    update_later: "Später",
};

fn month(date: NaiveDate) -> &'static str {
    super::nth_word(MONTHS, date.month0())
}

fn month_short(date: NaiveDate) -> &'static str {
    super::nth_word(MONTHS_SHORT, date.month0())
}

fn weekday(date: NaiveDate) -> &'static str {
    super::nth_word(WEEKDAYS, date.weekday().num_days_from_monday())
}

fn day_month(date: NaiveDate) -> String {
    format!("{}. {}", date.day(), month_short(date))
}
