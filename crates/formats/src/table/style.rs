//! What sets one app's table apart from a plain one.

/// The quirks of an app's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Quirks {
    /// How its lines follow each other.
    pub style: Style,
    /// A zero means "not measured".
    pub zero_is_missing: bool,
    /// Times without an offset are in UTC.
    pub times_are_utc: bool,
    /// The date alone names a row.
    pub one_per_day: bool,
}

/// How the lines of a table follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Style {
    /// One row each.
    #[default]
    Plain,
    /// Lines that begin with `#` are remarks.
    Remarks,
    /// The same, and old rows stand there a second time, at midnight.
    Libra,
    /// A line with a date alone, then its rows, each with a time.
    Garmin,
    /// Months with headers of their own; lines that do not begin with a digit are no rows.
    HackersDiet,
    /// Parts with a title of their own; weights are in `Body`.
    Fitbit,
}
