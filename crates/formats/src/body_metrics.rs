//! `body_metrics.db` of the `BodyMetrics` app: the tables `user`, `user_metrics` and `app_cache`, of which any later
//! column may be missing.

use crate::limits::SQLITE_BYTES_MAX;
use crate::sink::{Draft, Sink};
use crate::sqlite::{Database, Row, Value};
use crate::table::HeightUnit;
use crate::value::{
    DateOrder, Moment, NOON_MS, local_ms, parse_bmi, parse_date, parse_height, parse_mass,
    parse_moment,
};
use crate::{Format, ImportError, ImportedApp, ImportedPerson, Reason};
use tidemark_domain::calendar::format_date;
use tidemark_domain::mass::MassUnit;
use tidemark_protocol::Gender;
use tidemark_protocol::limits::NAME_CHARS_MAX;

/// Collects a file, then reads its tables.
#[derive(Default)]
pub(crate) struct BodyMetricsReader {
    bytes: Vec<u8>,
}

impl BodyMetricsReader {
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        if self.bytes.len() + bytes.len() > SQLITE_BYTES_MAX {
            return Err(ImportError::TooLarge);
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    pub fn finish(self, sink: &mut Sink) -> Result<(), ImportError> {
        let database = Database::open(&self.bytes)?;
        sink.report.may_lack_newest = database.has_write_ahead_log();
        let metrics = database
            .table("user_metrics")?
            .ok_or(ImportError::NotBodyMetrics)?;
        if let Some(users) = database.table("user")? {
            database.rows(&users, &mut |row| {
                sink.people.extend(row.ok().map(|row| person(&row)));
            })?;
        }
        if let Some(cache) = database.table("app_cache")? {
            database.rows(&cache, &mut |row| {
                sink.app = row.ok().map(|row| app(&row)).or(sink.app);
            })?;
        }
        database.rows(&metrics, &mut |row| {
            sink.report.records += 1;
            match row {
                Ok(row) => metric(&row, sink),
                Err(number) => sink.reject(
                    number.unsigned_abs(),
                    Reason::Malformed,
                    format!("id={number}"),
                ),
            }
        })
    }
}

fn person(row: &Row) -> ImportedPerson {
    let name = |column| {
        let text = row.get(column).into_text()?;
        Some(text.trim().chars().take(NAME_CHARS_MAX).collect())
    };
    let birth = row.get("birth_of_date").into_text();
    let birth = birth.and_then(|text| match parse_moment(&text, DateOrder::DayMonth)? {
        Moment::Local { ms } | Moment::Instant { ms, .. } => Some(date_of(ms)),
    });
    ImportedPerson {
        number: row.get("id").to_integer().unwrap_or(row.number),
        name: name("name"),
        surname: name("surname"),
        gender: match row.get("gender").to_integer() {
            Some(0) => Some(Gender::Male),
            Some(1) => Some(Gender::Female),
            _ => None,
        },
        avatar: name("avatar"),
        height: parse_height(&row.get("height").to_text(), Some(HeightUnit::Centimetre)),
        birth_date: birth,
    }
}

fn date_of(local_ms: i64) -> String {
    format_date(tidemark_domain::calendar::date_of_day(
        tidemark_domain::calendar::local_day(local_ms, 0),
    ))
}

fn app(row: &Row) -> ImportedApp {
    ImportedApp {
        active_person: row.get("active_user").to_integer(),
        is_complete_onboard: match row.get("is_complete_onboard") {
            Value::Text(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::Text(text) if text.eq_ignore_ascii_case("false") => Some(false),
            value => value.to_integer().map(|number| number != 0),
        },
    }
}

fn metric(row: &Row, sink: &mut Sink) {
    let weight = row.get("weight");
    if weight == Value::Null {
        sink.report.without_weight += 1;
        return;
    }
    let accepted =
        draft(row, &weight, sink).and_then(|draft| sink.accept(Format::BodyMetrics, draft));
    if let Err(reason) = accepted {
        sink.reject(row.number.unsigned_abs(), reason, row.describe());
    }
}

fn draft(row: &Row, weight: &Value, sink: &mut Sink) -> Result<Draft, Reason> {
    let date = row.get("date").to_text();
    let created_at = row.get("created_at").to_text();
    let at = if created_at.trim().is_empty() {
        noon(&date)?
    } else {
        parse_moment(&created_at, DateOrder::DayMonth).ok_or(Reason::DateUnreadable)?
    };
    let mut draft = Draft::new(at, parse_mass(&weight.to_text(), MassUnit::Kilogram)?);
    draft.height = optional(row, "height", sink, |text| {
        parse_height(text, Some(HeightUnit::Centimetre))
    });
    draft.bmi = optional(row, "bmi", sink, parse_bmi);
    draft.person = row.get("user_id").to_integer();
    // Numbers start again with every installation, so the time belongs to the name of a row.
    draft.source_id = Some(format!("{} {date} {created_at}", row.number));
    Ok(draft)
}

/// The app dates a row only by its day where it has no time.
fn noon(date: &str) -> Result<Moment, Reason> {
    if date.trim().is_empty() {
        return Err(Reason::DateMissing);
    }
    let date = parse_date(date, DateOrder::DayMonth).ok_or(Reason::DateUnreadable)?;
    Ok(Moment::Local {
        ms: local_ms(date, NOON_MS),
    })
}

fn optional<T>(
    row: &Row,
    column: &str,
    sink: &mut Sink,
    read: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let text = row.get(column).to_text();
    if text.is_empty() || matches!(text.as_str(), "0" | "0.0") {
        return None;
    }
    let value = read(&text);
    sink.report.values_left_out += u64::from(value.is_none());
    value
}
