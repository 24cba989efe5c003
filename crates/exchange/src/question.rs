//! What a person must say before a file can be read, and how the answer changes the reading.

use crate::message::{Column, Problem, Question, ReadOptions, Table, Tell, Unit};
use tidemark_formats::{
    DateOrder, Detected, Format, ImportError, Mapping, Options, Role, TablePreview, UnitSource,
};

/// What is to be asked about a file that begins like this; none where enough is known. What is only likely is
/// asked where the person wants to be.
pub(crate) fn question(detected: &Detected, said: &ReadOptions) -> Option<Question> {
    let is_open = detected.format == Format::Table && said.columns.is_none();
    let table = detected.table.as_ref().filter(|_| is_open).map(shown);
    let must_ask = |table: &Table| {
        let is_complete = detected
            .table
            .as_ref()
            .is_some_and(|table| table.mapping.is_complete());
        !is_complete || (table.asks_date_order && said.month_first.is_none())
    };
    let table = table.filter(|table| said.asks || must_ask(table));
    let asks_unit = said.unit.is_none() && (said.asks || table.is_some());
    let question = Question {
        unit: assumed_unit(detected, said).filter(|_| asks_unit),
        table,
    };
    (question.table.is_some() || question.unit.is_some()).then_some(question)
}

/// The unit that weights are taken for, where the file does not say.
pub(crate) fn assumed_unit(detected: &Detected, said: &ReadOptions) -> Option<Unit> {
    match detected.unit {
        // A zip does not say what is in it.
        UnitSource::Stated if detected.format == Format::Zip => said.unit,
        UnitSource::Stated => None,
        UnitSource::Likely(unit) => Some(said.unit.unwrap_or(unit.into())),
        UnitSource::Unknown => Some(said.unit.unwrap_or(said.usual_unit)),
    }
}

/// What a failed reading means for the person: a question, or the end.
pub(crate) fn after(error: ImportError, detected: &Detected, usual_unit: Unit) -> Tell {
    match (error, &detected.table) {
        (ImportError::NeedsUnit, table) => Tell::Asks(Question {
            table: None,
            unit: Some(if table.is_none() {
                Unit::Pound // Fitbit's archive, as far as anybody has seen
            } else {
                usual_unit
            }),
        }),
        (ImportError::NeedsMapping, Some(table)) => Tell::Asks(Question {
            table: Some(shown(table)),
            unit: None,
        }),
        _ => Tell::Failed(Problem::from(error)),
    }
}

/// The reader's options.
pub(crate) fn options(detected: &Detected, said: &ReadOptions) -> Options {
    let columns = detected.table.as_ref().zip(said.columns.as_ref());
    let mapping = columns.map(|(table, columns)| chosen(&table.mapping, columns));
    let ordered = said.month_first.zip(detected.table.as_ref());
    let mapping = match ordered {
        None => mapping,
        Some((month_first, table)) => Some(Mapping {
            date_order: Some(if month_first {
                DateOrder::MonthDay
            } else {
                DateOrder::DayMonth
            }),
            ..mapping.unwrap_or_else(|| table.mapping.clone())
        }),
    };
    Options {
        mapping,
        unit: assumed_unit(detected, said).map(Into::into),
    }
}

fn chosen(guess: &Mapping, columns: &[Column]) -> Mapping {
    let roles = guess.roles.iter().enumerate();
    let roles = roles.map(|(index, role)| columns.get(index).map_or(*role, |c| role_of(*c, *role)));
    Mapping {
        roles: roles.collect(),
        ..guess.clone()
    }
}

/// A choice that is the guess keeps what the guess knows besides: the unit.
fn role_of(column: Column, guess: Role) -> Role {
    if column == column_of(guess) {
        return guess;
    }
    match column {
        Column::Ignored | Column::Recognised => Role::Ignore,
        Column::DateTime => Role::DateTime,
        Column::Date => Role::Date,
        Column::Time => Role::Time,
        Column::Weight => Role::Weight(None),
        Column::Height => Role::Height(None),
        Column::Bmi => Role::Bmi,
        Column::Note => Role::Note,
    }
}

fn column_of(role: Role) -> Column {
    match role {
        Role::Ignore => Column::Ignored,
        Role::DateTime => Column::DateTime,
        Role::Date => Column::Date,
        Role::Time => Column::Time,
        Role::Weight(_) => Column::Weight,
        Role::Height(_) => Column::Height,
        Role::Bmi => Column::Bmi,
        Role::Note => Column::Note,
        _ => Column::Recognised,
    }
}

fn shown(table: &TablePreview) -> Table {
    let mapping = &table.mapping;
    let header = mapping.skip_records.min(table.records.len());
    let dates = mapping
        .roles
        .iter()
        .position(|role| matches!(role, Role::Date | Role::DateTime));
    // Slashes stand in both orders; points and dashes in one. Where no column is known for the date, any may be it.
    let has_slash = |record: &Vec<String>| match dates {
        Some(index) => record.get(index).is_some_and(|date| date.contains('/')),
        None => record.iter().any(|cell| cell.contains('/')),
    };
    Table {
        records: table.records.clone(),
        header,
        columns: mapping.roles.iter().map(|role| column_of(*role)).collect(),
        asks_date_order: mapping.date_order.is_none()
            && table.records[header..].iter().any(has_slash),
    }
}
