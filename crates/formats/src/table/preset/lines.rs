//! The known tables whose lines are not all rows: remarks, titles, dates that stand alone.

use super::{Head, KILOGRAMS, Preset};
use crate::Format;
use crate::detect::UnitSource;
use crate::table::style::{Quirks, Style};
use crate::table::words::{Header, mass_unit_in};
use crate::table::{Mapping, Role, Sample};
use crate::text::is_letter;
use crate::value::{DateOrder, parse_date, parse_moment, parse_time};
use tidemark_domain::mass::MassUnit;

/// Libra: `#Units:` above, a header that is itself a remark.
pub(super) fn libra(sample: &Sample) -> Option<Preset> {
    let is_header = |record: &Vec<String>| {
        record.first().is_some_and(|first| first == "#date")
            && record.get(1).is_some_and(|second| second == "weight")
    };
    let index = sample.records.iter().position(is_header)?;
    let stated = sample.records[..index].iter().find_map(|record| {
        let (name, unit) = record[0].strip_prefix('#')?.split_once(':')?;
        let is_unit = name.trim().eq_ignore_ascii_case("units");
        is_unit.then(|| mass_unit_in(&Header::new(unit)))?
    });
    let head = Head::new(sample, index);
    let weight = Role::Weight(stated);
    let roles = [
        ("date", Role::DateTime),
        ("weight", weight),
        ("comment", Role::Note),
        ("comments", Role::Note),
        ("log", Role::Note),
    ];
    let mut preset = head.preset(Format::Libra, &roles);
    preset.quirks.style = Style::Libra;
    preset.unit = stated.map_or(UnitSource::Unknown, |_| UnitSource::Stated);
    Some(preset)
}

pub(super) fn trale(sample: &Sample) -> Option<Preset> {
    let is_remark = |record: &&Vec<String>| record[0].starts_with('#');
    let row = sample.records.iter().find(|record| !is_remark(record))?;
    let fits = sample.delimiter == b' ' && row.len() == 2 && row[0].contains('T');
    parse_moment(&row[0], DateOrder::DayMonth).filter(|_| fits)?;
    let mapping = Mapping {
        delimiter: b' ',
        skip_records: 0,
        roles: vec![Role::DateTime, KILOGRAMS],
        date_order: None,
    };
    let quirks = Quirks {
        style: Style::Remarks,
        ..Quirks::default()
    };
    Some(Preset {
        format: Format::Trale,
        mapping,
        quirks,
        unit: UnitSource::Stated,
    })
}

/// The Hacker's Diet Online; the third field of `Preferences` is the unit of the log: 0 kilograms, 1 pounds, 2 stones,
/// the last of which are logged in pounds.
pub(super) fn hackers_diet(sample: &Sample) -> Option<Preset> {
    let is_header = |record: &Vec<String>| {
        record
            .iter()
            .map(String::as_str)
            .take(5)
            .eq(["Date", "Weight", "Rung", "Flag", "Comment"])
    };
    let index = sample.records.iter().position(is_header)?;
    let logged_in = sample.records[..index]
        .iter()
        .find(|record| record[0] == "Preferences")
        .and_then(|record| match record.get(2)?.as_str() {
            "0" => Some(MassUnit::Kilogram),
            "1" | "2" => Some(MassUnit::Pound),
            word => mass_unit_in(&Header::new(word)).map(|unit| {
                if unit == MassUnit::Stone {
                    MassUnit::Pound
                } else {
                    unit
                }
            }),
        });
    let head = Head::new(sample, index);
    let roles = [
        ("date", Role::Date),
        ("weight", Role::Weight(logged_in)),
        ("comment", Role::Note),
    ];
    let mut preset = head.preset(Format::HackersDiet, &roles);
    preset.quirks = Quirks {
        style: Style::HackersDiet,
        one_per_day: true,
        ..Quirks::default()
    };
    preset.unit = logged_in.map_or(UnitSource::Unknown, |_| UnitSource::Stated);
    Some(preset)
}

pub(super) fn fitbit(sample: &Sample) -> Option<Preset> {
    let index = sample
        .records
        .iter()
        .position(|record| record.len() == 1 && record[0] == "Body")?;
    let head = Head::new(sample, index + 1);
    if !head.starts_with(&["date", "weight"]) {
        return None;
    }
    let roles = [
        ("date", Role::DateTime),
        ("weight", Role::Weight(None)),
        ("bmi", Role::Bmi),
    ];
    let mut preset = head.preset(Format::FitbitCsv, &roles);
    preset.quirks = Quirks {
        style: Style::Fitbit,
        zero_is_missing: true,
        ..Quirks::default()
    };
    preset.unit = UnitSource::Unknown;
    // `Body` itself is read, as the titles of the other parts are.
    preset.mapping.skip_records = index;
    Some(preset)
}

/// Garmin writes in the person's language; what tells it is a date alone on a line, then a time.
pub(super) fn garmin(head: &Head) -> Option<Preset> {
    let [_, day, row, ..] = head.sample.records.as_slice() else {
        return None;
    };
    let is_alone = day.iter().skip(1).all(|field| field.trim().is_empty());
    let is_date = parse_date(&day[0], DateOrder::DayMonth)
        .or_else(|| parse_date(&day[0], DateOrder::MonthDay))
        .is_some();
    let has_time = parse_time(&row[0]).is_some_and(|(_, rest)| rest.trim().is_empty());
    if !(is_alone && is_date && has_time && head.names.len() >= 4) {
        return None;
    }
    let mut preset = head.preset(Format::Garmin, &[("bmi", Role::Bmi), ("vki", Role::Bmi)]);
    preset.mapping.roles[0] = Role::Time;
    preset.mapping.roles[1] = Role::Weight(None);
    let has_unit = row.get(1).is_some_and(|cell| cell.chars().any(is_letter));
    preset.unit = if has_unit {
        UnitSource::Stated
    } else {
        UnitSource::Unknown
    };
    preset.quirks.style = Style::Garmin;
    Some(preset)
}
