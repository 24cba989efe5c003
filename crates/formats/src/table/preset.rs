//! The tables of known apps: how to tell them, and how to read them.
//!
//! Must not read rows.

mod lines;

use super::guess::{date_order, guess};
use super::style::Quirks;
use super::words::{Header, mass_unit_in};
use super::{HeightUnit, Mapping, Role, Sample};
use crate::Format;
use crate::detect::UnitSource;
use tidemark_domain::mass::MassUnit;

/// How to read a table.
#[derive(Debug, Clone)]
pub(crate) struct Preset {
    pub format: Format,
    pub mapping: Mapping,
    pub quirks: Quirks,
    pub unit: UnitSource,
}

/// One header line of a sample, and where it stands.
struct Head<'a> {
    sample: &'a Sample,
    index: usize,
    names: Vec<Header>,
}

/// The known app that wrote a table. A table of nobody we know is [`guess`]ed instead.
pub(crate) fn recognise(sample: &Sample) -> Option<Preset> {
    let head = Head::new(sample, 0);
    own(&head)
        .or_else(|| samsung(sample))
        .or_else(|| lines::libra(sample))
        .or_else(|| lines::trale(sample))
        .or_else(|| lines::hackers_diet(sample))
        .or_else(|| lines::fitbit(sample))
        .or_else(|| trend_weight(&head))
        .or_else(|| google_fit(&head))
        .or_else(|| withings(&head))
        .or_else(|| lines::garmin(&head))
        .or_else(|| open_scale(&head))
        .or_else(|| wger(&head))
}

impl<'a> Head<'a> {
    fn new(sample: &'a Sample, index: usize) -> Self {
        let record = sample.records.get(index).map_or(&[][..], Vec::as_slice);
        let names = record.iter().map(|name| Header::new(name)).collect();
        Self {
            sample,
            index,
            names,
        }
    }

    fn has(&self, name: &str) -> bool {
        self.names.iter().any(|header| header.as_str() == name)
    }

    fn starts_with(&self, names: &[&str]) -> bool {
        let begins = self
            .names
            .iter()
            .zip(names)
            .all(|(header, name)| header.as_str() == *name);
        begins && self.names.len() >= names.len()
    }

    /// A preset with these roles, in kilograms as stated, year first.
    fn preset(&self, format: Format, roles: &[(&str, Role)]) -> Preset {
        let role = |header: &Header| {
            let known = roles.iter().find(|(name, _)| *name == header.as_str());
            known.map_or(Role::Ignore, |(_, role)| *role)
        };
        let roles = self.names.iter().map(role).collect();
        let mapping = Mapping {
            delimiter: self.sample.delimiter,
            skip_records: self.index + 1,
            roles,
            date_order: None,
        };
        let date_order = date_order(self.sample, &mapping);
        let unit = UnitSource::Stated;
        let quirks = Quirks::default();
        Preset {
            format,
            mapping: Mapping {
                date_order,
                ..mapping
            },
            quirks,
            unit,
        }
    }
}

const KILOGRAMS: Role = Role::Weight(Some(MassUnit::Kilogram));
const CENTIMETRES: Role = Role::Height(Some(HeightUnit::Centimetre));

fn own(head: &Head) -> Option<Preset> {
    if !(head.has("measured at") && head.has("weight kg") && head.has("updated at")) {
        return None;
    }
    let roles = [
        ("measured at", Role::DateTime),
        ("utc offset", Role::OffsetMinutes),
        ("weight kg", KILOGRAMS),
        ("height cm", CENTIMETRES),
        ("bmi", Role::Bmi),
        ("note", Role::Note),
        ("id", Role::OwnId),
        ("updated at", Role::UpdatedAt),
    ];
    Some(head.preset(Format::TidemarkCsv, &roles))
}

/// Samsung's headers carry, in newer files, the name of the table in front; its times are in UTC.
fn samsung(sample: &Sample) -> Option<Preset> {
    let title = sample.records[0].first()?;
    if !(title.starts_with("com.samsung.") && title.ends_with("health.weight")) {
        return None;
    }
    let mut head = Head::new(sample, 1);
    head.names = sample
        .records
        .get(1)?
        .iter()
        .map(|name| Header::new(name.rsplit('.').next().unwrap_or(name)))
        .collect();
    let roles = [
        ("start time", Role::DateTime),
        ("time offset", Role::OffsetText),
        ("weight", KILOGRAMS),
        ("height", CENTIMETRES),
        ("comment", Role::Note),
        ("datauuid", Role::SourceId),
    ];
    let mut preset = head.preset(Format::SamsungHealth, &roles);
    preset.quirks.times_are_utc = true;
    preset.quirks.zero_is_missing = true;
    Some(preset)
}

fn trend_weight(head: &Head) -> Option<Preset> {
    let mut preset = if head.has("actual weight") && head.has("weight is interpolated") {
        let roles = [
            ("date", Role::Date),
            ("actual weight", Role::Weight(None)),
            ("weight is interpolated", Role::Interpolated),
        ];
        let mut preset = head.preset(Format::TrendWeightComputed, &roles);
        preset.quirks.one_per_day = true;
        preset
    } else if head.starts_with(&["date", "time", "weight", "body fat"]) {
        let roles = [
            ("date", Role::Date),
            ("time", Role::Time),
            ("weight", Role::Weight(None)),
        ];
        head.preset(Format::TrendWeight, &roles)
    } else {
        return None;
    };
    preset.unit = UnitSource::Unknown;
    Some(preset)
}

fn google_fit(head: &Head) -> Option<Preset> {
    if !head.has("average weight kg") {
        return None;
    }
    let roles = [("date", Role::Date), ("average weight kg", KILOGRAMS)];
    let mut preset = head.preset(Format::GoogleFit, &roles);
    preset.quirks.one_per_day = true;
    Some(preset)
}

/// Withings writes in the person's language; units stand in the headers.
fn withings(head: &Head) -> Option<Preset> {
    let unit = mass_unit_in(head.names.get(1)?)?;
    let has_other_masses = head
        .names
        .iter()
        .filter(|name| mass_unit_in(name) == Some(unit))
        .count()
        >= 4;
    if !has_other_masses {
        return None;
    }
    let mut preset = head.preset(Format::Withings, &[]);
    let last = head.names.len() - 1;
    preset.mapping.roles[0] = Role::DateTime;
    preset.mapping.roles[1] = Role::Weight(Some(unit));
    if mass_unit_in(&head.names[last]).is_none() {
        preset.mapping.roles[last] = Role::Note;
    }
    preset.mapping.date_order = date_order(head.sample, &preset.mapping);
    Some(preset)
}

fn open_scale(head: &Head) -> Option<Preset> {
    let raw = &head.sample.records[0];
    let mut preset = if head.has("datetime") && head.has("weight") {
        let roles = [
            ("datetime", Role::DateTime),
            ("weight", KILOGRAMS),
            ("comment", Role::Note),
        ];
        head.preset(Format::OpenScaleOld, &roles)
    } else if head.starts_with(&["date", "time"])
        && head.has("weight")
        && (raw[0] == "DATE" || head.has("body fat"))
    {
        let roles = [
            ("date", Role::Date),
            ("time", Role::Time),
            ("weight", Role::Weight(None)),
            ("bmi", Role::Bmi),
            ("comment", Role::Note),
        ];
        let mut preset = head.preset(Format::OpenScale, &roles);
        preset.unit = UnitSource::Likely(MassUnit::Kilogram);
        preset
    } else {
        return None;
    };
    preset.quirks.zero_is_missing = true;
    Some(preset)
}

/// wger translates its two headers.
fn wger(head: &Head) -> Option<Preset> {
    if head.names.len() != 2 {
        return None;
    }
    let guess = guess(head.sample);
    let is_bare = guess.mapping.roles.as_slice() == [Role::DateTime, Role::Weight(None)];
    (is_bare && guess.mapping.skip_records == 1).then_some(Preset {
        format: Format::Wger,
        mapping: guess.mapping,
        quirks: Quirks::default(),
        unit: UnitSource::Likely(MassUnit::Kilogram),
    })
}
