//! Which column of a table is what.

use crate::value::DateOrder;
use tidemark_domain::mass::MassUnit;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Nothing that we keep.
    Ignore,
    /// Date and time in one.
    DateTime,
    /// The date. A table without a time means noon.
    Date,
    /// The time of day.
    Time,
    /// Whole minutes east of UTC.
    OffsetMinutes,
    /// The offset as text, as in `UTC+0200`.
    OffsetText,
    /// The weight, in this unit where the column names one; a unit inside the cell goes before it.
    Weight(Option<MassUnit>),
    /// The height; without a unit its size tells centimetres from metres.
    Height(Option<HeightUnit>),
    /// The BMI.
    Bmi,
    /// The person's words. Several such columns are joined by a space.
    Note,
    /// The source's own id of the row.
    SourceId,
    /// Our own id of the row.
    OwnId,
    /// When the row was last changed.
    UpdatedAt,
    /// A row with `true`, `yes` or `1` here was not measured.
    Interpolated,
}

/// In which unit a column holds heights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HeightUnit {
    /// Centimetres.
    Centimetre,
    /// Metres.
    Metre,
    /// Inches.
    Inch,
}

/// How to read a table. A screen shows the guessed one (see [`crate::detect()`]), lets the person mend it and hands it to
/// the [`crate::Importer`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The byte between columns.
    pub delimiter: u8,
    /// Records before the first measurement: none, or the header and what stands above it. Blank lines do not count.
    pub skip_records: usize,
    /// What each column holds, from the left.
    pub roles: Vec<Role>,
    /// The order of day and month; `None` where no date in sight could tell, which reads as day before month.
    pub date_order: Option<DateOrder>,
}

impl Mapping {
    /// Whether it names what every row needs.
    pub fn is_complete(&self) -> bool {
        let has = |wanted: fn(&Role) -> bool| self.roles.iter().filter(|role| wanted(role)).count();
        let dates = has(|role| matches!(role, Role::DateTime | Role::Date));
        dates == 1 && has(|role| matches!(role, Role::Weight(_))) >= 1
    }

    /// The unit that the weight's column names.
    pub fn weight_unit(&self) -> Option<MassUnit> {
        self.roles.iter().find_map(|role| match role {
            Role::Weight(unit) => *unit,
            _ => None,
        })
    }
}

/// Day before month is what most of the world writes.
pub(crate) fn date_order_or_default(order: Option<DateOrder>) -> DateOrder {
    order.unwrap_or(DateOrder::DayMonth)
}
