//! The bridge between engine and screens: the only place that owns signals for stored data and that
//! talks to the engine. Screens read the signals of [`App`] and send [`Intent`]s.

mod account;
mod app;
mod chip;
mod exchange;
mod goal_view;
mod history;
mod host;
mod intent;
mod memory;
mod months;
mod quantity;
mod sync_service;
mod sync_view;
#[cfg(test)]
pub(crate) mod tests_support;
mod trend;
mod unstored;

pub use account::{
    AccountField, AccountIntent, AccountPlace, AccountStep, AccountView, Refusal, device_name,
};
pub use app::{App, Zone, use_app};
pub use chip::{ChipWords, chip_words, not_saved_sentence, state_words};
pub use exchange::{Exchange, Job, Office, Outcome, use_exchange};
pub use goal_view::{goal_ground, goal_sentences, kind_of};
pub use history::{History, newest_first};
pub use host::Host;
pub use intent::{
    Choice, Earlier, Fault, Install, Intent, LogForm, Mend, Reply, Snack, StorageState,
};
pub use memory::{DELETED_DAYS_MAX, Deleted, Memory};
pub use months::{Month, changes_by_entry, months};
pub use quantity::{Measure, Quantity};
pub use sync_service::{Duties, Duty, Hands, SyncService};
pub use sync_view::{Alike, LogFilter, alike};
pub use trend::{Reading, TrendView};
pub use unstored::{NotSaved, NotSavedEdit};
