//! English for files in and out.

use crate::i18n::exchange::ExchangeTexts;
use tidemark_exchange::message::{Column, Problem, Refusal};

/// The English texts.
pub static EXCHANGE: ExchangeTexts = ExchangeTexts {
    title: "Your data",
    import_title: "Bring entries in",
    import_hint: "From openScale, Libra, Withings, Fitbit, Garmin, Apple Health, BodyMetrics, any table (CSV) or a Tidemark backup. The file is read on this device.",
    choose_file: "Choose a file",
    reading: "Reading",
    nothing_written: "Nothing is added before you say so.",
    megabytes: |done, total| format!("{done} of {total} MB"),
    adding: "Adding entries",
    undoing: "Taking it back",
    keep_using: "Keep using the app meanwhile. One undo takes it all back.",

    ask_columns: "Which column is what?",
    ask_columns_hint: "Date and weight are needed, everything else may be left out.",
    column_number: |number| format!("Column {number}"),
    column,
    ask_date_order: "What comes first in a date?",
    day_first: "Day",
    month_first: "Month",
    ask_unit: "In which unit are the weights?",
    kilograms: "Kilograms",
    go_on: "Continue",

    new_entries: |count| {
        if count == 1 {
            "new entry"
        } else {
            "new entries"
        }
    },
    span: |from, to| format!("{from} to {to}"),
    lines: |number, count| format!("{count} {}", if number == 1 { "line" } else { "lines" }),
    count_new: "New",
    count_newer: "Newer than here",
    count_known: "Already here",
    count_deleted: "Deleted here",
    count_twice: "Twice in the file",
    count_without: "Without a weight",
    count_refused: "Not readable",
    refusal,
    save_refused: "Save these lines",
    values_left_out: "Heights or BMIs left out because they can’t be true",
    notes_cut: "Notes cut to 500 characters",
    may_lack_newest: "The newest entries may lie in a second file (-wal) that can’t be read. Close the app that writes it, export again, and compare.",
    first_and_last: "First and last",
    read_as: |unit| format!("Weights read as {}.", unit.to_lowercase()),
    columns_guessed: "Columns recognised by their names.",
    change: "Change",
    whose: "Whose entries are these?",
    whose_is: |name, number, count| match name {
        Some(name) => format!("{name}: {}", entries(number, count)),
        None => entries(number, count),
    },
    somebody_new: "Somebody new",
    bring_back: "Bring deleted entries back",
    add: |number, count| format!("Add {}", entries(number, count)),
    nothing_new: "Nothing new in this file.",
    back: "Back",

    taken: |number, count| {
        if number == 0 {
            "Nothing was new. Nothing was added.".to_owned()
        } else {
            format!("Added {}. Saved on this device.", entries(number, count))
        }
    },
    undone: |number, count| format!("Took back {}.", entries(number, count)),
    cancelled: "Cancelled. Nothing was added.",
    exported: |file| format!("Saved as {file}."),
    problem,

    past_title: "Imports you can take back",
    past_line: |number, count, when| format!("{when} · {}", entries(number, count)),
    undo_import: "Undo",

    out_title: "Take entries out",
    csv: "Table (CSV)",
    csv_hint: |name| match name {
        Some(name) => format!("Entries of {name}, for spreadsheets and other apps"),
        None => "Your entries, for spreadsheets and other apps".to_owned(),
    },
    backup: "Backup",
    backup_hint: "Everyone, every entry and setting. Any Tidemark takes it back.",
    report: "Report",
    report_hint: "Chart and months, to print or save as PDF",
    settings_row: "Import and export",

    report_of: |name| {
        name.map_or_else(
            || "Your weight".to_owned(),
            |name| format!("Weight of {name}"),
        )
    },
    report_made: |date| format!("Made on {date}"),
    print: "Print or save as PDF",
    months: "Month by month",
    month: "Month",
    entries: "Entries",
    average: "Average",
    lowest: "Lowest",
    highest: "Highest",
    report_empty: "Nothing logged yet, so there is nothing to report.",
};

fn entries(number: u64, count: &str) -> String {
    if number == 1 {
        format!("{count} entry")
    } else {
        format!("{count} entries")
    }
}

fn column(column: Column) -> &'static str {
    match column {
        Column::Ignored => "Leave out",
        Column::DateTime => "Date and time",
        Column::Date => "Date",
        Column::Time => "Time",
        Column::Weight => "Weight",
        Column::Height => "Height",
        Column::Bmi => "BMI",
        Column::Note => "Note",
        Column::Recognised => "As recognised",
    }
}

fn refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::DateMissing => "No date",
        Refusal::DateUnreadable => "Date or time can’t be read",
        Refusal::DateOutOfRange => "Date before 1900 or after 9999",
        Refusal::WeightUnreadable => "Weight can’t be read",
        Refusal::WeightOutOfRange => "Weight outside 2 to 650 kg",
        Refusal::TooManyColumns => "More columns than the table has",
        Refusal::UnclosedQuote => "A quote is not closed",
        Refusal::TooLong => "Line too long",
        Refusal::Malformed => "Not complete",
    }
}

fn problem(problem: Problem) -> &'static str {
    match problem {
        Problem::Empty => "The file is empty.",
        Problem::UnknownFormat => {
            "This file can’t be imported. Choose an export of a weight app or a table (CSV)."
        }
        Problem::Utf16 => "This text is UTF-16. Save it as CSV in UTF-8 and try again.",
        Problem::CutShort => "The file ends in the middle. Download or copy it again.",
        Problem::Damaged => {
            "The file is damaged. Nothing was added. Export it again and try once more."
        }
        Problem::TooLarge => "The file is too large for its kind. Nothing was added.",
        Problem::UnsupportedZip => {
            "This kind of zip can’t be read. Unpack it and choose the file inside."
        }
        Problem::NothingInZip => "No file in this zip can be imported.",
        Problem::NotBodyMetrics => "This database is not one of BodyMetrics.",
        Problem::NewerBackup => {
            "This backup was made by a newer Tidemark. Reload to update and try again."
        }
        Problem::FileGone => "The file can’t be read any more. Choose it again.",
        Problem::Broken => {
            "This part of the app didn’t start. Your entries are as they were. Reload and try again."
        }
        Problem::NotSaved => {
            "The browser’s storage doesn’t answer. What was stored can be taken back below. Try again."
        }
        Problem::NoRoom => "There is no room left on this device. Free some and try again.",
        Problem::NewerData => {
            "This data was written by a newer version of Tidemark. Reload to get it."
        }
        Problem::OtherTab => "Another tab holds an older version open. Close it and try again.",
        Problem::Unreadable => "Some stored data can’t be read. It is left as it is.",
    }
}
