//! Where every reader puts its rows: checks that hold for all formats, ids, duplicates, counts.
//!
//! Must not know how a format is written.

use crate::report::{Reason, Rejected, Report};
use crate::row::{Identity, ImportedMetric, SourceKey};
use crate::value::Moment;
use crate::{Backup, Format, ImportedApp, ImportedPerson};
use std::collections::BTreeMap;
use std::sync::Arc;
use tidemark_domain::bmi::{self, CentiBmi};
use tidemark_domain::length::Millimetres;
use tidemark_domain::mass::Grams;
use tidemark_domain::ranges::{NOTE_CHARACTERS_MAX, UTC_OFFSET_MINUTES_MAX, check_created_at};
use tidemark_protocol::{EntityId, Timestamp};

const MINUTE_MS: i64 = 60_000;
/// How far a given BMI may lie from ours before the report says so, in hundredths.
const BMI_DIFFERENCE_MAX: u32 = 10;

/// Minutes east of UTC at a local time, which is given in milliseconds as if it were UTC.
pub(crate) type Zone = Box<dyn Fn(i64) -> i16>;

/// A row as a format gives it, before the checks that all share.
pub(crate) struct Draft {
    pub at: Moment,
    pub weight: Grams,
    pub height: Option<Millimetres>,
    pub bmi: Option<CentiBmi>,
    pub note: Option<String>,
    /// The source's own id of the row, unique within the format.
    pub source_id: Option<String>,
    /// Our own id.
    pub id: Option<EntityId>,
    pub updated_at: Option<Timestamp>,
    pub person: Option<i64>,
}

impl Draft {
    pub fn new(at: Moment, weight: Grams) -> Self {
        Self {
            at,
            weight,
            height: None,
            bmi: None,
            note: None,
            source_id: None,
            id: None,
            updated_at: None,
            person: None,
        }
    }
}

/// What has been read so far.
pub(crate) struct Sink {
    pub rows: Vec<ImportedMetric>,
    pub rejected: Vec<Rejected>,
    pub report: Report,
    pub people: Vec<ImportedPerson>,
    pub app: Option<ImportedApp>,
    pub backup: Option<Box<Backup>>,
    pub zone: Zone,
    /// The file inside a zip that is being read.
    pub file: Option<Arc<str>>,
    seen: BTreeMap<Identity, (i64, Grams)>,
}

impl Sink {
    pub fn new(zone: Zone) -> Self {
        Self {
            rows: Vec::new(),
            rejected: Vec::new(),
            report: Report::default(),
            people: Vec::new(),
            app: None,
            backup: None,
            zone,
            file: None,
            seen: BTreeMap::new(),
        }
    }

    /// Takes a row, unless it stood there before or its time is out of range.
    pub fn accept(&mut self, format: Format, draft: Draft) -> Result<(), Reason> {
        let (instant, utc_offset) = self.resolve(draft.at);
        check_created_at(instant)?;
        // Our own rows come back as they went, also without an offset.
        let is_open = format == Format::TidemarkCsv
            && matches!(draft.at, Moment::Instant { offset: None, .. });
        let Some(identity) = self.claim(format, &draft, instant) else {
            self.report.duplicates += 1;
            return Ok(());
        };
        let note = self.clean_note(draft.note);
        let bmi = self.checked_bmi(draft.weight, draft.height, draft.bmi);
        let at = Timestamp(instant);
        let (first, last) = self.report.span.unwrap_or((at, at));
        self.report.span = Some((first.min(at), last.max(at)));
        self.report.rows += 1;
        self.rows.push(ImportedMetric {
            identity,
            measured_at: at,
            utc_offset: (!is_open).then_some(utc_offset),
            weight: draft.weight,
            height: draft.height,
            bmi,
            note,
            updated_at: draft.updated_at,
            person: draft.person,
        });
        Ok(())
    }

    /// Keeps a refused line.
    pub fn reject(&mut self, line: u64, reason: Reason, raw: String) {
        *self.report.rejected.entry(reason).or_default() += 1;
        self.rejected.push(Rejected {
            file: self.file.clone(),
            line,
            reason,
            raw,
        });
    }

    /// The instant and the offset that a moment means in the caller's zone.
    pub fn resolve(&self, moment: Moment) -> (i64, i16) {
        let offset_at =
            |local_ms| (self.zone)(local_ms).clamp(-UTC_OFFSET_MINUTES_MAX, UTC_OFFSET_MINUTES_MAX);
        match moment {
            Moment::Local { ms } => {
                let offset = offset_at(ms);
                (ms.saturating_sub(i64::from(offset) * MINUTE_MS), offset)
            }
            Moment::Instant { ms, offset } => {
                let offset = offset.unwrap_or_else(|| {
                    let near = ms.saturating_add(i64::from(offset_at(ms)) * MINUTE_MS);
                    offset_at(near)
                });
                (ms, offset)
            }
        }
    }

    /// The row's identity, or `None` if the row was there before. A source's id that comes back with another
    /// measurement names nothing; time and weight do then, so that no measurement is lost.
    fn claim(&mut self, format: Format, draft: &Draft, instant: i64) -> Option<Identity> {
        let format = format.key();
        let person = draft.person.unwrap_or_default();
        let own = draft.source_id.as_ref().map(|source| {
            Identity::Derived(SourceKey::of(&format!("{format}\n{person}\nid {source}")))
        });
        let (kind, ms) = match draft.at {
            Moment::Local { ms } => ("local", ms),
            Moment::Instant { ms, .. } => ("instant", ms),
        };
        let grams = draft.weight.get();
        let name = format!("{format}\n{person}\n{kind} {ms} {grams}");
        let by_value = Identity::Derived(SourceKey::of(&name));
        let content = (instant, draft.weight);
        for identity in [draft.id.map(Identity::Given), own, Some(by_value)]
            .into_iter()
            .flatten()
        {
            match self.seen.get(&identity) {
                None => {
                    self.seen.insert(identity, content);
                    return Some(identity);
                }
                Some(known) if *known == content => return None,
                Some(_) => {}
            }
        }
        None
    }

    fn clean_note(&mut self, note: Option<String>) -> Option<String> {
        let mut note = note?.replace('\0', "");
        if let Some((end, _)) = note.char_indices().nth(NOTE_CHARACTERS_MAX) {
            note.truncate(end);
            self.report.notes_cut += 1;
        }
        Some(note).filter(|note| !note.is_empty())
    }

    /// The given BMI: compared with ours where there is a height, else held to the range of a given one.
    fn checked_bmi(
        &mut self,
        weight: Grams,
        height: Option<Millimetres>,
        given: Option<CentiBmi>,
    ) -> Option<CentiBmi> {
        let given = given?;
        if let Some(height) = height {
            let difference = bmi::bmi(weight, height).get().abs_diff(given.get());
            self.report.bmi_mismatches += u64::from(difference > BMI_DIFFERENCE_MAX);
        } else if CentiBmi::from_number(given.to_number()).is_err() {
            self.report.values_left_out += 1;
            return None;
        }
        Some(given)
    }
}
