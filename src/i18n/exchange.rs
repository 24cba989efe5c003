//! What a language has to say about files in and out.

use super::Texts;
use tidemark_exchange::message::{Column, Problem, Refusal};

/// The words of one language for bringing entries in and taking them out.
#[expect(missing_docs, reason = "a field is named after the words it holds")]
pub struct ExchangeTexts {
    // Bringing in.
    pub title: &'static str,
    pub import_title: &'static str,
    pub import_hint: &'static str,
    pub choose_file: &'static str,
    pub reading: &'static str,
    pub nothing_written: &'static str,
    pub megabytes: fn(done: &str, total: &str) -> String,
    pub adding: &'static str,
    pub undoing: &'static str,
    pub keep_using: &'static str,

    // What must be said first.
    pub ask_columns: &'static str,
    pub ask_columns_hint: &'static str,
    pub column_number: fn(usize) -> String,
    pub column: fn(Column) -> &'static str,
    pub ask_date_order: &'static str,
    pub day_first: &'static str,
    pub month_first: &'static str,
    pub ask_unit: &'static str,
    pub kilograms: &'static str,
    pub go_on: &'static str,

    // The preview.
    pub new_entries: fn(u64) -> &'static str,
    pub span: fn(from: &str, to: &str) -> String,
    pub lines: fn(u64, count: &str) -> String,
    pub count_new: &'static str,
    pub count_newer: &'static str,
    pub count_known: &'static str,
    pub count_deleted: &'static str,
    pub count_twice: &'static str,
    pub count_without: &'static str,
    pub count_refused: &'static str,
    pub refusal: fn(Refusal) -> &'static str,
    pub save_refused: &'static str,
    pub values_left_out: &'static str,
    pub notes_cut: &'static str,
    pub may_lack_newest: &'static str,
    pub first_and_last: &'static str,
    pub read_as: fn(unit: &str) -> String,
    pub columns_guessed: &'static str,
    pub change: &'static str,
    pub whose: &'static str,
    pub whose_is: fn(name: Option<&str>, number: u64, count: &str) -> String,
    pub somebody_new: &'static str,
    pub bring_back: &'static str,
    pub add: fn(u64, count: &str) -> String,
    pub nothing_new: &'static str,
    pub back: &'static str,

    // What came of it.
    pub taken: fn(u64, count: &str) -> String,
    pub undone: fn(u64, count: &str) -> String,
    pub cancelled: &'static str,
    pub exported: fn(file: &str) -> String,
    pub problem: fn(Problem) -> &'static str,

    // Taking back.
    pub past_title: &'static str,
    pub past_line: fn(u64, count: &str, when: &str) -> String,
    pub undo_import: &'static str,

    // Taking out.
    pub out_title: &'static str,
    pub csv: &'static str,
    pub csv_hint: fn(name: Option<&str>) -> String,
    pub backup: &'static str,
    pub backup_hint: &'static str,
    pub report: &'static str,
    pub report_hint: &'static str,
    pub settings_row: &'static str,

    // The report.
    pub report_of: fn(name: Option<&str>) -> String,
    pub report_made: fn(date: &str) -> String,
    pub print: &'static str,
    pub months: &'static str,
    pub month: &'static str,
    pub entries: &'static str,
    pub average: &'static str,
    pub lowest: &'static str,
    pub highest: &'static str,
    pub report_empty: &'static str,
}

/// A count with its thousands parted as the language does.
pub fn count(texts: &Texts, count: u64) -> String {
    let separator = if texts.decimal_separator == ',' {
        '.'
    } else {
        ','
    };
    let digits = count.to_string();
    let mut parted = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            parted.push(separator);
        }
        parted.push(digit);
    }
    parted
}

#[cfg(test)]
mod tests {
    use super::count;
    use crate::i18n::texts_for;

    #[test]
    fn thousands_are_parted_as_the_language_does() {
        for (number, english, german) in [
            (0, "0", "0"),
            (999, "999", "999"),
            (1_131, "1,131", "1.131"),
            (11_000, "11,000", "11.000"),
            (1_234_567, "1,234,567", "1.234.567"),
        ] {
            assert_eq!(count(texts_for("en"), number), english);
            assert_eq!(count(texts_for("de"), number), german);
        }
    }
}
