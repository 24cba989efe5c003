//! The rows of a table, whatever app it comes from.
//!
//! Must not know how a table is told from another.

use super::libra::Held;
use super::preset::Preset;
use super::style::Style;
use super::{Record, Records, Role, date_order_or_default, fields};
use crate::Format;
use crate::export::unguarded_note;
use crate::report::Reason;
use crate::sink::{Draft, Sink};
use crate::text::decode;
use crate::value::{
    DateOrder, Moment, NOON_MS, local_ms, parse_bmi, parse_date, parse_height, parse_mass,
    parse_moment, parse_offset, parse_time,
};
use tidemark_domain::calendar::{NaiveDate, format_date};
use tidemark_domain::mass::MassUnit;
use tidemark_domain::ranges::check_utc_offset;
use tidemark_protocol::{EntityId, Timestamp};

/// Reads a table from its first byte on.
pub(crate) struct TableReader {
    preset: Preset,
    order: DateOrder,
    /// The unit of weights that carry none.
    unit: MassUnit,
    records: Records,
    skipped: usize,
    /// Garmin's date line above the rows.
    day: Option<NaiveDate>,
    /// Whether the part of Fitbit's file that is being read is the one with weights.
    is_in_body: bool,
    held: Held,
}

/// The cells of a row by what they hold; blank where there is none.
#[derive(Default)]
struct Cells<'a> {
    date_time: &'a str,
    date: &'a str,
    time: &'a str,
    offset_minutes: &'a str,
    offset_text: &'a str,
    weight: &'a str,
    weight_unit: Option<MassUnit>,
    height: &'a str,
    height_unit: Option<super::HeightUnit>,
    bmi: &'a str,
    note: String,
    source_id: &'a str,
    own_id: &'a str,
    updated_at: &'a str,
    interpolated: &'a str,
}

impl TableReader {
    pub fn new(preset: Preset, unit: MassUnit) -> Self {
        Self {
            order: date_order_or_default(preset.mapping.date_order),
            unit,
            records: Records::new(preset.mapping.delimiter),
            skipped: 0,
            day: None,
            is_in_body: false,
            held: Held::default(),
            preset,
        }
    }

    pub fn push(&mut self, bytes: &[u8], sink: &mut Sink) {
        self.records.push(bytes);
        self.drain(false, sink);
    }

    pub fn finish(&mut self, sink: &mut Sink) {
        self.drain(true, sink);
        self.held.release(sink);
    }

    fn drain(&mut self, at_end: bool, sink: &mut Sink) {
        loop {
            let (line, raw) = match self.records.next(at_end) {
                None => return,
                Some(Record::Broken {
                    line,
                    reason,
                    bytes,
                }) => {
                    sink.report.records += 1;
                    sink.reject(line, reason, decode(bytes).into_owned());
                    continue;
                }
                Some(Record::Line { line, bytes }) => (line, decode(bytes).into_owned()),
            };
            if let Err(reason) = self.record(line, &raw, sink) {
                sink.reject(line, reason, raw);
            }
        }
    }

    fn record(&mut self, line: u64, raw: &str, sink: &mut Sink) -> Result<(), Reason> {
        let row = fields::split(raw, self.preset.mapping.delimiter);
        if row.iter().all(|field| field.trim().is_empty()) || !self.is_row(raw, &row) {
            return Ok(());
        }
        let roles = self.preset.mapping.roles.clone();
        self.row(line, raw, &row, &roles, sink)
    }

    /// One row, split into its fields; `raw` is how it stands in the file.
    pub fn row(
        &mut self,
        line: u64,
        raw: &str,
        row: &[String],
        roles: &[Role],
        sink: &mut Sink,
    ) -> Result<(), Reason> {
        sink.report.records += 1;
        if row
            .iter()
            .skip(roles.len())
            .any(|field| !field.trim().is_empty())
        {
            return Err(Reason::TooManyColumns);
        }
        let cells = cells(row, roles);
        if self.has_no_weight(&cells) {
            sink.report.without_weight += 1;
            return Ok(());
        }
        let draft = self.draft(&cells, sink)?;
        if self.preset.quirks.style == Style::Libra {
            self.held.keep(line, raw.to_owned(), draft);
            return Ok(());
        }
        sink.accept(self.preset.format, draft)
    }

    /// Whether a line that is not blank is one of the table's rows; takes note of dates and titles that are not.
    fn is_row(&mut self, raw: &str, row: &[String]) -> bool {
        if self.skipped < self.preset.mapping.skip_records {
            self.skipped += 1;
            return false;
        }
        let first = row[0].trim();
        let begins_with_digit = first.starts_with(|first: char| first.is_ascii_digit());
        match self.preset.quirks.style {
            Style::Plain => true,
            Style::Remarks | Style::Libra => !raw.starts_with('#'),
            Style::HackersDiet => begins_with_digit,
            Style::Garmin => {
                if row.iter().skip(1).any(|field| !field.trim().is_empty()) {
                    return true;
                }
                self.day = parse_date(first, self.order);
                self.day.is_none()
            }
            Style::Fitbit => {
                if row.len() == 1 {
                    self.is_in_body = first == "Body";
                }
                self.is_in_body && begins_with_digit
            }
        }
    }

    fn has_no_weight(&self, cells: &Cells) -> bool {
        let is_zero = || self.preset.quirks.zero_is_missing && is_zero(cells.weight);
        let is_yes = |text: &str| {
            ["true", "yes", "1"]
                .iter()
                .any(|yes| text.eq_ignore_ascii_case(yes))
        };
        is_missing(cells.weight) || is_zero() || is_yes(cells.interpolated)
    }

    fn draft(&self, cells: &Cells, sink: &mut Sink) -> Result<Draft, Reason> {
        let at = self.moment(cells)?;
        let unit = cells.weight_unit.unwrap_or(self.unit);
        let mut draft = Draft::new(at, parse_mass(cells.weight, unit)?);
        let optional = |text: &str| {
            let is_there = !is_missing(text) && !is_zero(text);
            is_there.then(|| text.to_owned())
        };
        if let Some(height) = optional(cells.height) {
            draft.height = parse_height(&height, cells.height_unit);
            sink.report.values_left_out += u64::from(draft.height.is_none());
        }
        if let Some(bmi) = optional(cells.bmi) {
            draft.bmi = parse_bmi(&bmi);
            sink.report.values_left_out += u64::from(draft.bmi.is_none());
        }
        draft.note = Some(if self.preset.format == Format::TidemarkCsv {
            unguarded_note(&cells.note).to_owned()
        } else {
            cells.note.trim().to_owned()
        });
        draft.source_id = self.source_id(cells);
        draft.id = EntityId::parse(cells.own_id);
        draft.updated_at = Timestamp::parse(cells.updated_at);
        Ok(draft)
    }

    fn source_id(&self, cells: &Cells) -> Option<String> {
        if self.preset.quirks.one_per_day {
            return parse_date(cells.date, self.order).map(format_date);
        }
        (!cells.source_id.is_empty()).then(|| cells.source_id.to_owned())
    }

    fn moment(&self, cells: &Cells) -> Result<Moment, Reason> {
        let moment = if cells.date_time.is_empty() {
            self.date_and_time(cells)?
        } else {
            parse_moment(cells.date_time, self.order).ok_or(Reason::DateUnreadable)?
        };
        let offset = offset(cells)?;
        Ok(match moment {
            Moment::Local { ms } if self.preset.quirks.times_are_utc => {
                Moment::Instant { ms, offset }
            }
            Moment::Local { ms } => match offset {
                Some(minutes) => Moment::Instant {
                    ms: ms - i64::from(minutes) * 60_000,
                    offset,
                },
                None => moment,
            },
            Moment::Instant { ms, offset: own } => Moment::Instant {
                ms,
                offset: offset.or(own),
            },
        })
    }

    fn date_and_time(&self, cells: &Cells) -> Result<Moment, Reason> {
        let date = match self.preset.quirks.style {
            Style::Garmin => self.day.ok_or(Reason::DateMissing)?,
            _ if cells.date.is_empty() => return Err(Reason::DateMissing),
            _ => parse_date(cells.date, self.order).ok_or(Reason::DateUnreadable)?,
        };
        if is_missing(cells.time) {
            return Ok(Moment::Local {
                ms: local_ms(date, NOON_MS),
            });
        }
        let (time, rest) = parse_time(cells.time).ok_or(Reason::DateUnreadable)?;
        let ms = local_ms(date, time);
        match rest.trim() {
            "" => Ok(Moment::Local { ms }),
            rest => {
                let minutes = parse_offset(rest).ok_or(Reason::DateUnreadable)?;
                Ok(Moment::Instant {
                    ms: ms - i64::from(minutes) * 60_000,
                    offset: Some(minutes),
                })
            }
        }
    }
}

/// The offset that a column gives.
fn offset(cells: &Cells) -> Result<Option<i16>, Reason> {
    if !cells.offset_minutes.is_empty() {
        let minutes: i16 = cells
            .offset_minutes
            .parse()
            .map_err(|_| Reason::DateUnreadable)?;
        check_utc_offset(i64::from(minutes)).map_err(|_| Reason::DateUnreadable)?;
        return Ok(Some(minutes));
    }
    Ok(parse_offset(cells.offset_text))
}

/// Sorts the fields of a row.
fn cells<'a>(row: &'a [String], roles: &[Role]) -> Cells<'a> {
    let mut cells = Cells::default();
    for (field, role) in row.iter().zip(roles) {
        let text = field.trim();
        match role {
            Role::Ignore => {}
            Role::DateTime => cells.date_time = text,
            Role::Date => cells.date = text,
            Role::Time => cells.time = text,
            Role::OffsetMinutes => cells.offset_minutes = text,
            Role::OffsetText => cells.offset_text = text,
            Role::Weight(unit) => (cells.weight, cells.weight_unit) = (text, *unit),
            Role::Height(unit) => (cells.height, cells.height_unit) = (text, *unit),
            Role::Bmi => cells.bmi = text,
            Role::Note if cells.note.is_empty() => cells.note.clone_from(field),
            Role::Note => cells.note = format!("{} {field}", cells.note),
            Role::SourceId => cells.source_id = text,
            Role::OwnId => cells.own_id = text,
            Role::UpdatedAt => cells.updated_at = text,
            Role::Interpolated => cells.interpolated = text,
        }
    }
    cells
}

/// What apps write where nothing was measured.
fn is_missing(text: &str) -> bool {
    matches!(text, "" | "-" | "--" | "—" | "null" | "NaN" | "n/a" | "N/A")
}

fn is_zero(text: &str) -> bool {
    text.contains('0')
        && text
            .chars()
            .all(|character| matches!(character, '0' | '.' | ','))
}
