//! A moment as the wall clock showed it where it was lived. Knows no word and no time zone rule: the
//! offset comes with the moment.

use chrono::{Datelike, NaiveDate};
use tidemark_domain::calendar;
use tidemark_protocol::Timestamp;

const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 24 * 60;

/// Date and time of day at some offset from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// The date.
    pub date: NaiveDate,
    /// Days since 1970-01-01.
    pub day: i32,
    /// Minutes since midnight, 0 to 1439.
    pub minute_of_day: i64,
}

impl LocalTime {
    /// The wall clock at `moment`, `offset_minutes` east of UTC.
    pub fn at(moment: Timestamp, offset_minutes: i16) -> Self {
        let day = calendar::local_day(moment.millis(), offset_minutes);
        let minutes = moment
            .millis()
            .div_euclid(MINUTE_MS)
            .saturating_add(i64::from(offset_minutes));
        Self {
            date: calendar::date_of_day(day),
            day,
            minute_of_day: minutes.rem_euclid(DAY_MINUTES),
        }
    }

    /// The moment that has this wall clock, on the whole minute.
    pub fn moment(self, offset_minutes: i16) -> Timestamp {
        let minutes = i64::from(self.day) * DAY_MINUTES + self.minute_of_day;
        Timestamp((minutes - i64::from(offset_minutes)) * MINUTE_MS)
    }

    /// The day with its time as a fraction, for the chart.
    pub fn day_fraction(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "less than a day of minutes")]
        let part = self.minute_of_day as f64 / DAY_MINUTES as f64;
        f64::from(self.day) + part
    }

    /// Hours and minutes.
    pub fn clock(self) -> (u32, u32) {
        let minutes = u32::try_from(self.minute_of_day).unwrap_or_default();
        (minutes / 60, minutes % 60)
    }

    /// Year and month as one number that counts up, for grouping.
    pub fn month_index(self) -> i32 {
        self.date.year() * 12 + self.date.month0().cast_signed()
    }

    /// As a form's field of kind `datetime-local` holds it: `2026-03-17T07:14`.
    pub fn field_text(self) -> String {
        let (hours, minutes) = self.clock();
        format!(
            "{}T{hours:02}:{minutes:02}",
            calendar::format_date(self.date)
        )
    }

    /// Reads such a field; seconds, where a browser adds them, are cut.
    pub fn from_field_text(text: &str) -> Option<Self> {
        let (date, clock) = text.split_once('T')?;
        let date = calendar::parse_date(date).ok()?;
        let mut parts = clock.split(':');
        let hours: i64 = parts.next()?.parse().ok()?;
        let minutes: i64 = parts.next()?.parse().ok()?;
        let is_clock = (0..24).contains(&hours) && (0..60).contains(&minutes);
        is_clock.then_some(Self {
            date,
            day: calendar::day_of_date(date),
            minute_of_day: hours * 60 + minutes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a test's time is written right")
    }

    #[test]
    fn the_offset_decides_the_day_and_the_clock() {
        for (utc, offset, field) in [
            ("2026-03-17T04:12:33Z", 180, "2026-03-17T07:12"),
            ("2026-03-17T23:30:00Z", 60, "2026-03-18T00:30"),
            ("2026-01-01T02:00:00Z", -300, "2025-12-31T21:00"),
            ("1969-12-31T23:59:59Z", 0, "1969-12-31T23:59"),
        ] {
            assert_eq!(
                LocalTime::at(moment(utc), offset).field_text(),
                field,
                "{utc} {offset}"
            );
        }
    }

    #[test]
    fn a_field_reads_back_as_the_minute_it_was_written_from() {
        for offset in [-570, 0, 330] {
            let at = moment("2026-03-17T04:12:00Z");
            let field = LocalTime::at(at, offset).field_text();
            let read = LocalTime::from_field_text(&field).expect("own text is read");
            assert_eq!(read.moment(offset), at, "{offset}");
        }
    }

    #[test]
    fn a_field_with_seconds_is_read_and_nonsense_is_not() {
        let read = LocalTime::from_field_text("2026-03-17T07:14:59").expect("seconds are cut");
        assert_eq!(read.clock(), (7, 14));
        for text in [
            "",
            "2026-03-17",
            "2026-02-30T10:00",
            "2026-03-17T25:00",
            "2026-03-17T1x:00",
        ] {
            assert_eq!(LocalTime::from_field_text(text), None, "{text}");
        }
    }

    #[test]
    fn months_count_up_over_the_turn_of_the_year() {
        let index = |text| LocalTime::at(moment(text), 0).month_index();
        assert_eq!(
            index("2026-01-01T00:00:00Z") - index("2025-12-31T00:00:00Z"),
            1
        );
    }
}
