//! Apple Health's `export.xml`: one `Record` per value, hundreds of megabytes of them, of which a few are weights.

use crate::sink::{Draft, Sink};
use crate::text::decode;
use crate::value::{DateOrder, parse_mass, parse_moment};
use crate::xml::{Tags, attribute};
use crate::{Format, ImportError, Reason};
use tidemark_domain::mass::MassUnit;

const BODY_MASS: &str = "HKQuantityTypeIdentifierBodyMass";

/// Reads the weights of an export.
pub(crate) struct AppleHealthReader {
    tags: Tags,
    is_closed: bool,
}

impl AppleHealthReader {
    pub fn new() -> Self {
        Self {
            tags: Tags::new(),
            is_closed: false,
        }
    }

    pub fn push(&mut self, bytes: &[u8], sink: &mut Sink) -> Result<(), ImportError> {
        self.tags.push(bytes);
        while let Some(tag) = self.tags.next()? {
            if tag.bytes.starts_with(b"<Record") {
                if attribute(tag.bytes, b"type") != Some(BODY_MASS) {
                    continue;
                }
                sink.report.records += 1;
                if let Err(reason) = weight(tag.bytes, sink) {
                    sink.reject(tag.line, reason, decode(tag.bytes).into_owned());
                }
            } else if tag.bytes.starts_with(b"</HealthData") {
                self.is_closed = true;
            }
        }
        Ok(())
    }

    pub fn finish(self) -> Result<(), ImportError> {
        if self.is_closed && !self.tags.is_inside_markup() {
            Ok(())
        } else {
            Err(ImportError::CutShort)
        }
    }
}

/// Two apps that pass on the same weigh-in give the same row: who told it is not part of a row.
fn weight(tag: &[u8], sink: &mut Sink) -> Result<(), Reason> {
    let date = attribute(tag, b"startDate").ok_or(Reason::DateMissing)?;
    let at = parse_moment(date, DateOrder::DayMonth).ok_or(Reason::DateUnreadable)?;
    let value = attribute(tag, b"value").ok_or(Reason::Malformed)?;
    let unit = attribute(tag, b"unit").unwrap_or("kg");
    let weight = parse_mass(&format!("{value} {unit}"), MassUnit::Kilogram)?;
    sink.accept(Format::AppleHealth, Draft::new(at, weight))
}
