//! Instants as RFC 3339 text: any offset is read, UTC with milliseconds is written.
//!
//! Must not know what an instant is the time of.

use chrono::{DateTime, SecondsFormat};
use thiserror::Error;

/// The first instant with a four-digit year: 0000-01-01T00:00:00.000Z.
pub const INSTANT_MS_MIN: i64 = -62_167_219_200_000;
/// The last instant with a four-digit year: 9999-12-31T23:59:59.999Z.
pub const INSTANT_MS_MAX: i64 = 253_402_300_799_999;

/// The text is not an instant that we can keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InstantError {
    /// It is not an RFC 3339 time with an offset.
    #[error("a time must be written as in RFC 3339, with an offset")]
    NotRfc3339,
    /// In UTC it lies outside the years 0000 to 9999.
    #[error("a time must lie in the years 0000 to 9999")]
    OutOfYears,
}

/// Reads an RFC 3339 time with any offset as milliseconds since 1970; further digits are cut, not rounded.
///
/// # Errors
///
/// [`InstantError`] for any other text, and for times outside the years 0000 to 9999.
pub fn parse_instant(text: &str) -> Result<i64, InstantError> {
    let instant = DateTime::parse_from_rfc3339(text).map_err(|_| InstantError::NotRfc3339)?;
    let instant_ms = instant.timestamp_millis();
    if (INSTANT_MS_MIN..=INSTANT_MS_MAX).contains(&instant_ms) {
        Ok(instant_ms)
    } else {
        Err(InstantError::OutOfYears)
    }
}

/// Writes milliseconds since 1970 as `2026-02-20T10:22:33.000Z`. Instants outside the years 0000 to 9999 are written as
/// the nearest one inside.
pub fn format_instant(instant_ms: i64) -> String {
    let instant = DateTime::from_timestamp_millis(instant_ms.clamp(INSTANT_MS_MIN, INSTANT_MS_MAX));
    instant
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}
