//! A guess at what the columns of an unknown table hold, from its headers and its first rows.

use super::words::{Header, role_of};
use super::{Mapping, Role, Sample};
use crate::detect::UnitSource;
use crate::text::is_letter;
use crate::value::{DateOrder, parse_mass, parse_moment};
use tidemark_domain::mass::MassUnit;

/// A guessed mapping, and where the unit is known from.
pub(crate) struct Guess {
    pub mapping: Mapping,
    pub unit: UnitSource,
}

/// What the columns seem to hold. Whether that suffices, [`Mapping::is_complete`] tells.
pub(crate) fn guess(sample: &Sample) -> Guess {
    let first = &sample.records[0];
    let has_header = !first.iter().any(|cell| is_moment(cell));
    let roles = if has_header {
        settle(
            first
                .iter()
                .map(|name| role_of(&Header::new(name)))
                .collect(),
        )
    } else {
        by_content(first)
    };
    let mut mapping = Mapping {
        delimiter: sample.delimiter,
        skip_records: usize::from(has_header),
        roles,
        date_order: None,
    };
    mapping.date_order = date_order(sample, &mapping);
    let unit = unit(sample, &mapping);
    Guess { mapping, unit }
}

/// The order of day and month that the dates in the sample show; `None` if none of them can tell.
pub(super) fn date_order(sample: &Sample, mapping: &Mapping) -> Option<DateOrder> {
    let column = mapping
        .roles
        .iter()
        .position(|role| matches!(role, Role::DateTime | Role::Date));
    let rows = sample.records.iter().skip(mapping.skip_records);
    // Garmin's dates stand alone, in the first column.
    let cells: Vec<&String> = rows
        .filter_map(|row| row.get(column.unwrap_or(0)))
        .collect();
    let shows = |order, other| {
        cells
            .iter()
            .any(|cell| parse_moment(cell, order).is_some() && parse_moment(cell, other).is_none())
    };
    let is_dotted = |cell: &&&String| {
        cell.split_once('.')
            .is_some_and(|(day, _)| day.trim().len() <= 2)
    };
    match () {
        () if shows(DateOrder::DayMonth, DateOrder::MonthDay) => Some(DateOrder::DayMonth),
        () if shows(DateOrder::MonthDay, DateOrder::DayMonth) => Some(DateOrder::MonthDay),
        () if cells.iter().any(|cell| is_dotted(&cell)) => Some(DateOrder::DayMonth),
        // Year first or with the month's name: either order reads the same.
        () if cells.iter().any(|cell| same_either_way(cell)) => Some(DateOrder::DayMonth),
        () => None,
    }
}

fn same_either_way(cell: &str) -> bool {
    let read = parse_moment(cell, DateOrder::DayMonth);
    let is_day_twice = !cell.contains(is_letter)
        && !cell
            .trim_start()
            .bytes()
            .take(4)
            .all(|byte| byte.is_ascii_digit());
    read.is_some() && read == parse_moment(cell, DateOrder::MonthDay) && !is_day_twice
}

/// Keeps one column of each kind that a row has once.
pub(crate) fn settle(mut roles: Vec<Role>) -> Vec<Role> {
    let has = |roles: &[Role], wanted: fn(&Role) -> bool| roles.iter().any(wanted);
    if has(&roles, |role| *role == Role::DateTime) {
        retain(
            &mut roles,
            |role| matches!(role, Role::Date | Role::Time),
            0,
        );
    } else if !has(&roles, |role| *role == Role::Date) {
        replace(&mut roles, Role::Time, Role::DateTime);
    } else if !has(&roles, |role| *role == Role::Time) {
        replace(&mut roles, Role::Date, Role::DateTime);
    }
    let once: [fn(&Role) -> bool; 6] = [
        |role| *role == Role::DateTime,
        |role| *role == Role::Date,
        |role| *role == Role::Time,
        |role| *role == Role::Bmi,
        |role| matches!(role, Role::Weight(_)),
        |role| matches!(role, Role::Height(_)),
    ];
    for kind in once {
        retain(&mut roles, kind, 1);
    }
    roles
}

/// Ignores the columns of a kind beyond the first `count`.
fn retain(roles: &mut [Role], kind: fn(&Role) -> bool, count: usize) {
    for role in roles.iter_mut().filter(|role| kind(role)).skip(count) {
        *role = Role::Ignore;
    }
}

fn replace(roles: &mut [Role], old: Role, new: Role) {
    for role in roles.iter_mut().filter(|role| **role == old) {
        *role = new;
    }
}

/// A table without header: the first moment, and the first number behind it that can be a weight.
fn by_content(row: &[String]) -> Vec<Role> {
    let mut roles = vec![Role::Ignore; row.len()];
    if let Some(date) = row.iter().position(|cell| is_moment(cell)) {
        roles[date] = Role::DateTime;
        let is_weight = |cell: &String| parse_mass(cell, MassUnit::Kilogram).is_ok();
        if let Some(weight) = row.iter().skip(date + 1).position(is_weight) {
            roles[date + 1 + weight] = Role::Weight(None);
        }
    }
    roles
}

fn unit(sample: &Sample, mapping: &Mapping) -> UnitSource {
    if mapping.weight_unit().is_some() {
        return UnitSource::Stated;
    }
    let column = mapping
        .roles
        .iter()
        .position(|role| matches!(role, Role::Weight(_)));
    let cell = column.and_then(|column| sample.records.get(mapping.skip_records)?.get(column));
    let is_in_cell = cell.is_some_and(|cell| cell.chars().any(is_letter));
    if is_in_cell {
        UnitSource::Stated
    } else {
        UnitSource::Unknown
    }
}

fn is_moment(cell: &str) -> bool {
    parse_moment(cell, DateOrder::DayMonth)
        .or_else(|| parse_moment(cell, DateOrder::MonthDay))
        .is_some()
}
