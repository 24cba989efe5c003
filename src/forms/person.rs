//! What may be typed about a person, besides the height.

use chrono::NaiveDate;
use tidemark_domain::calendar;
use tidemark_protocol::{Patch, limits};

/// Why a field of the profile can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PersonError {
    /// The name has too many characters.
    NameTooLong,
    /// The birth date is no date, or lies in the future or before 1900.
    BirthDate,
}

/// A name as it is stored: trimmed, none where it is empty.
///
/// # Errors
///
/// [`PersonError::NameTooLong`].
pub fn check_name(text: &str) -> Result<Patch<String>, PersonError> {
    let name = text.trim();
    if name.chars().count() > limits::NAME_CHARS_MAX {
        return Err(PersonError::NameTooLong);
    }
    Ok(Patch::from_option(
        (!name.is_empty()).then(|| name.to_owned()),
    ))
}

/// A birth date as a date field holds it, none where it is empty.
///
/// # Errors
///
/// [`PersonError::BirthDate`].
pub fn check_birth_date(text: &str, today: NaiveDate) -> Result<Patch<String>, PersonError> {
    if text.is_empty() {
        return Ok(Patch::Clear);
    }
    let date = calendar::parse_date(text).map_err(|_| PersonError::BirthDate)?;
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).ok_or(PersonError::BirthDate)?;
    if date < first || date > today {
        return Err(PersonError::BirthDate);
    }
    Ok(Patch::Set(calendar::format_date(date)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_an_empty_one_clears() {
        assert_eq!(check_name("  Elif "), Ok(Patch::Set("Elif".to_owned())));
        assert_eq!(check_name("  "), Ok(Patch::Clear));
        assert_eq!(check_name(&"x".repeat(101)), Err(PersonError::NameTooLong));
    }

    #[test]
    fn a_birth_date_is_a_day_that_has_been() {
        let today = calendar::parse_date("2026-03-17").expect("a date");
        for (text, taken) in [
            ("", Ok(Patch::Clear)),
            ("1990-05-04", Ok(Patch::Set("1990-05-04".to_owned()))),
            ("2026-03-17", Ok(Patch::Set("2026-03-17".to_owned()))),
            ("2026-03-18", Err(PersonError::BirthDate)),
            ("1899-12-31", Err(PersonError::BirthDate)),
            ("1990-5-4", Err(PersonError::BirthDate)),
        ] {
            assert_eq!(check_birth_date(text, today), taken, "{text}");
        }
    }
}
