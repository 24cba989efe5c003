//! The entry sheet's draft: weight, time, note, and the height where it is asked for.

use super::{HeightDraft, WeightDraft};
use crate::i18n::LocalTime;
use crate::state::LogForm;
use tidemark_domain::length::{LengthError, LengthUnit};
use tidemark_domain::mass::{MassError, MassUnit};
use tidemark_domain::ranges::{NoteError, check_created_at, check_note};
use tidemark_engine::view::Entry;
use tidemark_protocol::{EntityId, MetricPatch, Patch, Timestamp};

/// Everything on the entry sheet, as text.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryDraft {
    /// The entry that is edited; none for a new one.
    pub editing: Option<EntityId>,
    /// The weight.
    pub weight: WeightDraft,
    /// The time as a `datetime-local` field holds it; none means "now", whenever Save is pressed.
    pub time: Option<String>,
    /// Free text.
    pub note: String,
    /// The height; of use only where the sheet asks for it.
    pub height: HeightDraft,
}

/// What can't be taken, by field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EntryErrors {
    /// The weight.
    pub weight: Option<MassError>,
    /// The height.
    pub height: Option<LengthError>,
    /// Whether the time is none.
    pub is_time_bad: bool,
    /// The note.
    pub note: Option<NoteError>,
}

impl EntryDraft {
    /// An empty sheet for a new entry.
    pub fn new(unit: MassUnit, length: LengthUnit) -> Self {
        Self {
            editing: None,
            weight: WeightDraft::empty(unit),
            time: None,
            note: String::new(),
            height: HeightDraft::of(None, length, '.'),
        }
    }

    /// The sheet of an entry that exists, measured at `at`.
    pub fn of(
        entry: &Entry,
        at: LocalTime,
        unit: MassUnit,
        length: LengthUnit,
        separator: char,
    ) -> Self {
        Self {
            editing: Some(entry.metric.id),
            weight: WeightDraft::of(entry.metric.weight, unit, separator),
            time: Some(at.field_text()),
            note: entry.metric.note.clone().unwrap_or_default(),
            height: HeightDraft::of(entry.metric.height, length, separator),
        }
    }

    /// The entry that was typed. `now` stands in where no time was chosen; `offset_at` is this device's zone.
    ///
    /// # Errors
    ///
    /// What can't be taken, by field.
    pub fn parse(
        &self,
        now: Timestamp,
        offset_at: impl Fn(Timestamp) -> i16,
    ) -> Result<LogForm, EntryErrors> {
        let (weight, height) = (self.weight.parse(), self.height.parse());
        let time = self.moment(now, &offset_at);
        let note = self.note.trim();
        let errors = EntryErrors {
            weight: weight.err(),
            height: height.err(),
            is_time_bad: time.is_none(),
            note: check_note(note).err(),
        };
        match (weight, height, time) {
            (Ok(weight), Ok(height), Some(created_at)) if errors.note.is_none() => Ok(LogForm {
                weight,
                created_at,
                utc_offset: offset_at(created_at),
                note: (!note.is_empty()).then(|| note.to_owned()),
                height,
            }),
            _ => Err(errors),
        }
    }

    fn moment(&self, now: Timestamp, offset_at: impl Fn(Timestamp) -> i16) -> Option<Timestamp> {
        let Some(text) = &self.time else {
            return Some(now);
        };
        let local = LocalTime::from_field_text(text)?;
        // The zone's offset depends on the moment, which depends on the offset: two rounds settle it.
        let about = local.moment(offset_at(local.moment(0)));
        let moment = local.moment(offset_at(about));
        check_created_at(moment.millis()).is_ok().then_some(moment)
    }
}

/// The fields of `entry` that `form` changes; none where nothing did. `shown` is the wall clock that the
/// sheet began with: only another one changes the time, so that its seconds are not lost.
pub fn changes(
    entry: &Entry,
    form: &LogForm,
    shown: &str,
    typed: Option<&str>,
) -> Option<MetricPatch> {
    let metric = &entry.metric;
    let mut patch = MetricPatch::default();
    if form.weight != metric.weight {
        patch.weight = Some(form.weight);
    }
    if form.height != metric.height {
        patch.height = Patch::from_option(form.height);
    }
    if form.note != metric.note {
        patch.note = Patch::from_option(form.note.clone());
    }
    if typed.is_some_and(|typed| typed != shown) {
        patch.created_at = Some(form.created_at);
        patch.utc_offset = Patch::Set(form.utc_offset);
    }
    (patch != MetricPatch::default()).then_some(patch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests_support::entry;

    const NOW: Timestamp = Timestamp(1_773_720_853_123);

    fn draft(weight: &str) -> EntryDraft {
        let mut draft = EntryDraft::new(MassUnit::Kilogram, LengthUnit::Centimetre);
        draft.weight.first = weight.to_owned();
        draft
    }

    fn athens(at: Timestamp) -> i16 {
        // Summer time from 2026-03-29T01:00Z.
        if at.millis() >= 1_774_746_000_000 {
            180
        } else {
            120
        }
    }

    #[test]
    fn a_sheet_without_a_chosen_time_means_the_moment_of_saving() {
        let form = draft("78.2").parse(NOW, |_| 180).expect("a good draft");
        assert_eq!((form.created_at, form.utc_offset), (NOW, 180));
        assert_eq!(
            (form.weight.get(), form.note, form.height),
            (78_200, None, None)
        );
    }

    #[test]
    fn a_chosen_time_is_read_in_the_zone_of_that_time() {
        for (field, utc, offset) in [
            ("2026-03-28T07:00", "2026-03-28T05:00:00.000Z", 120),
            ("2026-03-30T07:00", "2026-03-30T04:00:00.000Z", 180),
        ] {
            let mut draft = draft("78.2");
            draft.time = Some(field.to_owned());
            let form = draft.parse(NOW, athens).expect("a good draft");
            assert_eq!(
                (form.created_at.to_rfc3339().as_str(), form.utc_offset),
                (utc, offset)
            );
        }
    }

    #[test]
    fn every_field_names_its_own_error() {
        let mut bad = draft("x");
        bad.height.first = "17.8".to_owned();
        bad.time = Some("1850-01-01T00:00".to_owned());
        bad.note = "n".repeat(501);
        let errors = bad.parse(NOW, |_| 0).expect_err("nothing of it is right");
        assert!(errors.weight.is_some() && errors.height.is_some());
        assert!(errors.is_time_bad && errors.note == Some(NoteError::TooLong));
    }

    #[test]
    fn an_unchanged_sheet_changes_nothing_and_keeps_the_seconds() {
        let entry = entry(1, "2026-03-17T07:12:33.123Z", 78_200);
        let at = LocalTime::at(entry.metric.created_at, 0);
        let draft = EntryDraft::of(&entry, at, MassUnit::Pound, LengthUnit::FootInch, ',');
        let form = draft.parse(NOW, |_| 0).expect("own text is read");
        assert_eq!(
            changes(&entry, &form, &at.field_text(), draft.time.as_deref()),
            None
        );
    }

    #[test]
    fn only_changed_fields_are_in_the_patch() {
        let entry = entry(1, "2026-03-17T07:12:33.123Z", 78_200);
        let at = LocalTime::at(entry.metric.created_at, 0);
        let mut draft = EntryDraft::of(&entry, at, MassUnit::Kilogram, LengthUnit::Centimetre, '.');
        draft.weight.first = "78.9".to_owned();
        draft.note = " after the run ".to_owned();
        let form = draft.parse(NOW, |_| 0).expect("a good draft");
        let patch = changes(&entry, &form, &at.field_text(), draft.time.as_deref());
        let patch = patch.expect("two fields changed");
        assert_eq!(
            patch.weight.map(tidemark_domain::mass::Grams::get),
            Some(78_900)
        );
        assert_eq!(patch.note, Patch::Set("after the run".to_owned()));
        assert!(patch.created_at.is_none() && patch.height.is_keep());
    }
}
