//! What a person typed, and the domain values it means. Drafts hold text; parsing gives a value or an
//! error at its field. Knows no signal and no engine.

mod entry;
mod goal;
mod height;
mod person;
mod refusal;
mod weight;
mod words;

pub use entry::{EntryDraft, EntryErrors, changes};
pub use goal::{GOAL_KINDS, GoalError, GoalGround, aim, parse_goal};
pub use height::HeightDraft;
pub use person::{PersonError, check_birth_date, check_name};
pub use refusal::refusal_words;
pub use weight::WeightDraft;
pub use words::{height_error_words, mass_error_words};
