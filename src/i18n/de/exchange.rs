//! German for files in and out.

use crate::i18n::exchange::ExchangeTexts;
use tidemark_exchange::message::{Column, Problem, Refusal};

/// The German texts.
pub static EXCHANGE: ExchangeTexts = ExchangeTexts {
    title: "Deine Daten",
    import_title: "Einträge holen",
    import_hint: "Aus openScale, Libra, Withings, Fitbit, Garmin, Apple Health, BodyMetrics, einer Tabelle (CSV) oder einer Sicherung von Tidemark. Die Datei wird auf diesem Gerät gelesen.",
    choose_file: "Datei wählen",
    reading: "Wird gelesen",
    nothing_written: "Nichts wird eingetragen, bevor du es sagst.",
    megabytes: |done, total| format!("{done} von {total} MB"),
    adding: "Einträge kommen dazu",
    undoing: "Wird rückgängig gemacht",
    keep_using: "Die App bleibt benutzbar. Einmal Rückgängig nimmt alles zurück.",

    ask_columns: "Welche Spalte ist was?",
    ask_columns_hint: "Datum und Gewicht sind nötig, alles andere kann wegbleiben.",
    column_number: |number| format!("Spalte {number}"),
    column,
    ask_date_order: "Was steht im Datum vorn?",
    day_first: "Tag",
    month_first: "Monat",
    ask_unit: "In welcher Einheit stehen die Gewichte?",
    kilograms: "Kilogramm",
    go_on: "Weiter",

    new_entries: |count| {
        if count == 1 {
            "neuer Eintrag"
        } else {
            "neue Einträge"
        }
    },
    span: |from, to| format!("{from} bis {to}"),
    lines: |number, count| format!("{count} {}", if number == 1 { "Zeile" } else { "Zeilen" }),
    count_new: "Neu",
    count_newer: "Neuer als hier",
    count_known: "Schon hier",
    count_deleted: "Hier gelöscht",
    count_twice: "Doppelt in der Datei",
    count_without: "Ohne Gewicht",
    count_refused: "Nicht lesbar",
    refusal,
    save_refused: "Diese Zeilen sichern",
    values_left_out: "Größen oder BMIs weggelassen, weil sie nicht stimmen können",
    notes_cut: "Notizen auf 500 Zeichen gekürzt",
    may_lack_newest: "Die neuesten Einträge können in einer zweiten Datei (-wal) liegen, die nicht gelesen wird. Beende die App, die sie schreibt, exportiere noch einmal und vergleiche.",
    first_and_last: "Erster und letzter",
    read_as: |unit| format!("Gewichte als {unit} gelesen."),
    columns_guessed: "Spalten an ihren Namen erkannt.",
    change: "Ändern",
    whose: "Wessen Einträge sind das?",
    whose_is: |name, number, count| match name {
        Some(name) => format!("{name}: {}", entries(number, count)),
        None => entries(number, count),
    },
    somebody_new: "Jemand Neues",
    bring_back: "Gelöschte Einträge zurückholen",
    add: |number, count| format!("{} hinzufügen", entries(number, count)),
    nothing_new: "Nichts Neues in dieser Datei.",
    back: "Zurück",

    taken: |number, count| {
        if number == 0 {
            "Nichts war neu. Nichts wurde hinzugefügt.".to_owned()
        } else {
            format!(
                "{} hinzugefügt. Auf diesem Gerät gespeichert.",
                entries(number, count)
            )
        }
    },
    undone: |number, count| format!("{} zurückgenommen.", entries(number, count)),
    cancelled: "Abgebrochen. Nichts wurde hinzugefügt.",
    exported: |file| format!("Als {file} gesichert."),
    problem,

    past_title: "Importe, die du zurücknehmen kannst",
    past_line: |number, count, when| format!("{when} · {}", entries(number, count)),
    undo_import: "Rückgängig",

    out_title: "Einträge mitnehmen",
    csv: "Tabelle (CSV)",
    csv_hint: |name| match name {
        Some(name) => format!("Einträge von {name}, für Tabellen und andere Apps"),
        None => "Deine Einträge, für Tabellen und andere Apps".to_owned(),
    },
    backup: "Sicherung",
    backup_hint: "Alle Personen, Einträge und Einstellungen. Jedes Tidemark nimmt sie zurück.",
    report: "Bericht",
    report_hint: "Kurve und Monate, zum Drucken oder als PDF",
    settings_row: "Import und Export",

    report_of: |name| {
        name.map_or_else(
            || "Dein Gewicht".to_owned(),
            |name| format!("Gewicht von {name}"),
        )
    },
    report_made: |date| format!("Erstellt am {date}"),
    print: "Drucken oder als PDF sichern",
    months: "Monat für Monat",
    month: "Monat",
    entries: "Einträge",
    average: "Mittel",
    lowest: "Tief",
    highest: "Hoch",
    report_empty: "Noch nichts eingetragen, also gibt es nichts zu berichten.",
};

fn entries(number: u64, count: &str) -> String {
    if number == 1 {
        format!("{count} Eintrag")
    } else {
        format!("{count} Einträge")
    }
}

fn column(column: Column) -> &'static str {
    match column {
        Column::Ignored => "Weglassen",
        Column::DateTime => "Datum und Uhrzeit",
        Column::Date => "Datum",
        Column::Time => "Uhrzeit",
        Column::Weight => "Gewicht",
        Column::Height => "Größe",
        Column::Bmi => "BMI",
        Column::Note => "Notiz",
        Column::Recognised => "Wie erkannt",
    }
}

fn refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::DateMissing => "Kein Datum",
        Refusal::DateUnreadable => "Datum oder Uhrzeit nicht lesbar",
        Refusal::DateOutOfRange => "Datum vor 1900 oder nach 9999",
        Refusal::WeightUnreadable => "Gewicht nicht lesbar",
        Refusal::WeightOutOfRange => "Gewicht nicht zwischen 2 und 650 kg",
        Refusal::TooManyColumns => "Mehr Spalten als die Tabelle hat",
        Refusal::UnclosedQuote => "Ein Anführungszeichen wird nicht geschlossen",
        Refusal::TooLong => "Zeile zu lang",
        Refusal::Malformed => "Unvollständig",
    }
}

fn problem(problem: Problem) -> &'static str {
    match problem {
        Problem::Empty => "Die Datei ist leer.",
        Problem::UnknownFormat => {
            "Diese Datei lässt sich nicht importieren. Wähle den Export einer Gewichts-App oder eine Tabelle (CSV)."
        }
        Problem::Utf16 => {
            "Dieser Text ist UTF-16. Sichere ihn als CSV in UTF-8 und versuche es noch einmal."
        }
        Problem::CutShort => "Die Datei bricht in der Mitte ab. Lade oder kopiere sie noch einmal.",
        Problem::Damaged => {
            "Die Datei ist beschädigt. Nichts wurde hinzugefügt. Exportiere sie noch einmal."
        }
        Problem::TooLarge => "Die Datei ist zu groß für ihre Art. Nichts wurde hinzugefügt.",
        Problem::UnsupportedZip => {
            "Diese Art Zip lässt sich nicht lesen. Entpacke sie und wähle die Datei darin."
        }
        Problem::NothingInZip => "In dieser Zip-Datei lässt sich nichts importieren.",
        Problem::NotBodyMetrics => "Diese Datenbank ist keine von BodyMetrics.",
        Problem::NewerBackup => {
            "Diese Sicherung stammt von einem neueren Tidemark. Lade neu und versuche es noch einmal."
        }
        Problem::FileGone => "Die Datei lässt sich nicht mehr lesen. Wähle sie noch einmal.",
        Problem::Broken => {
            "Dieser Teil der App ist nicht gestartet. Deine Einträge sind, wie sie waren. Lade neu und versuche es noch einmal."
        }
        Problem::NotSaved => {
            "Der Speicher des Browsers antwortet nicht. Was gespeichert wurde, lässt sich unten zurücknehmen. Versuche es noch einmal."
        }
        Problem::NoRoom => {
            "Auf diesem Gerät ist kein Platz mehr. Schaffe Platz und versuche es noch einmal."
        }
        Problem::NewerData => {
            "Diese Daten hat eine neuere Version von Tidemark geschrieben. Lade neu, um sie zu bekommen."
        }
        Problem::OtherTab => {
            "Ein anderer Tab hält eine ältere Version offen. Schließe ihn und versuche es noch einmal."
        }
        Problem::Unreadable => {
            "Manche gespeicherten Daten sind nicht lesbar. Sie bleiben, wie sie sind."
        }
    }
}
