//! What a server did not accept, in a person's words: by code and field, with the server's own bound in the person's
//! unit. The server's sentence is English, so it is shown only where the code is none of ours.

use super::words::{height_bounds_words, mass_bounds_words};
use crate::i18n::Texts;
use tidemark_domain::length::{LengthUnit, Millimetres};
use tidemark_domain::mass::{Grams, MassUnit};
use tidemark_engine::outbox::LastError;

/// Why an entry was refused. The bound is the server's, which may be a narrower one than ours: ours would tell a person
/// that what they typed is right.
pub fn refusal_words(
    texts: &Texts,
    mass: MassUnit,
    length: LengthUnit,
    error: &LastError,
) -> String {
    let (field, detail) = (error.field.as_deref(), error.detail.as_deref());
    let bound = field
        .filter(|_| error.code == "invalid_field")
        .and_then(|field| bound_words(texts, mass, length, field, detail.unwrap_or_default()));
    let of_field = || field.and_then(texts.field_name).map(texts.field_refused);
    let of_code = || (texts.waiting_reason)(&error.code).map(str::to_owned);
    let ours = bound.or_else(of_field).or_else(of_code);
    ours.unwrap_or_else(|| detail.unwrap_or(&error.code).to_owned())
}

/// The rule that a field broke, where the words know it.
fn bound_words(
    texts: &Texts,
    mass: MassUnit,
    length: LengthUnit,
    field: &str,
    detail: &str,
) -> Option<String> {
    match (field, &numbers_in(detail)[..]) {
        ("weight", [low, high]) => {
            let bounds = [Grams::from_kg(*low).ok()?, Grams::from_kg(*high).ok()?];
            Some(mass_bounds_words(texts, mass, bounds))
        }
        ("height", [low, high]) => {
            let bounds = [Millimetres::from_cm(*low), Millimetres::from_cm(*high)];
            let [Ok(low), Ok(high)] = bounds else {
                return None;
            };
            Some(height_bounds_words(texts, length, [low, high]))
        }
        ("note", [max]) => Some((texts.error_note_long)(whole(*max)?)),
        ("note", []) => Some(texts.error_note_character.to_owned()),
        ("name", [max]) => Some((texts.error_name_long)(whole(*max)?)),
        ("created_at", _) => Some(texts.error_time.to_owned()),
        ("birth_date", _) => Some(texts.error_birth_date.to_owned()),
        _ => None,
    }
}

/// The numbers among the words of a sentence.
fn numbers_in(sentence: &str) -> Vec<f64> {
    let words = sentence.split_whitespace();
    words.filter_map(|word| word.parse().ok()).collect()
}

fn whole(number: f64) -> Option<usize> {
    format!("{number}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::texts_for;

    fn refused(code: &str, field: &str, detail: &str) -> LastError {
        LastError {
            code: code.to_owned(),
            field: (!field.is_empty()).then(|| field.to_owned()),
            detail: (!detail.is_empty()).then(|| detail.to_owned()),
        }
    }

    fn check(language: &str, error: &LastError) -> String {
        let texts = texts_for(language);
        refusal_words(texts, MassUnit::Kilogram, LengthUnit::Centimetre, error)
    }

    /// The server's English sentence was what a person read in every language.
    #[test]
    fn a_refusal_is_said_in_the_persons_language_with_the_servers_bound() {
        let height = "height must be between 50 and 200 cm";
        let weight = "weight must be between 2 and 300.5 kg";
        let cases = [
            ("invalid_field", "height", height),
            ("invalid_field", "weight", weight),
            ("invalid_field", "note", "must have at most 400 characters"),
            (
                "invalid_field",
                "note",
                "note must not contain the character U+0000",
            ),
            ("invalid_field", "name", "must have at most 100 characters"),
            (
                "invalid_field",
                "created_at",
                "created_at must be between 1900-01-01 and the year 9999",
            ),
            (
                "invalid_field",
                "birth_date",
                "must be a date as YYYY-MM-DD",
            ),
            ("invalid_field", "height", "must be a finite number"),
            ("missing_field", "weight", "weight is needed"),
            ("invalid_field", "payload", "payload must be an object"),
            (
                "op_reuse",
                "",
                "the operation came before with another payload",
            ),
            ("unheard_of", "", "a sentence of a newer server"),
            ("unheard_of", "", ""),
        ];
        let words = |language| {
            cases.map(|(code, field, detail)| check(language, &refused(code, field, detail)))
        };
        assert_eq!(
            words("en"),
            [
                "Height must be between 50\u{a0}cm and 200\u{a0}cm.",
                "Weight must be between 2.0\u{a0}kg and 300.5\u{a0}kg.",
                "At most 400 characters.",
                "The note holds a character that can't be stored.",
                "At most 100 characters.",
                "Choose a day and a time that have been.",
                "Choose a day that has been.",
                "Height not accepted",
                "Weight not accepted",
                "a value was not accepted",
                "the server holds another edit of this name",
                "a sentence of a newer server",
                "unheard_of",
            ]
        );
        for language in ["de", "tr"] {
            let (own, english) = (words(language), words("en"));
            for (own, english) in own.iter().zip(&english).take(11) {
                assert_ne!(own, english, "{language}");
            }
            assert!(own[0].contains("200"), "{}", own[0]);
            assert!(own[1].contains("300,5"), "{}", own[1]);
            assert!(own[2].contains("400"), "{}", own[2]);
        }
    }

    #[test]
    fn the_bound_is_told_in_the_unit_of_the_person() {
        let texts = texts_for("en");
        let weight = refused(
            "invalid_field",
            "weight",
            "weight must be between 2 and 650 kg",
        );
        let height = refused(
            "invalid_field",
            "height",
            "height must be between 50 and 200 cm",
        );
        let words = |error| refusal_words(texts, MassUnit::Pound, LengthUnit::FootInch, error);
        assert_eq!(
            words(&weight),
            "Weight must be between 4.4\u{a0}lb and 1433.0\u{a0}lb."
        );
        assert!(words(&height).contains("ft"), "{}", words(&height));
    }
}
