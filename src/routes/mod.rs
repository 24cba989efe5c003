//! One file for each screen. A screen arranges components; it keeps nothing.

mod account;
mod data;
mod history;
mod home;
mod report;
mod settings;
mod sync;

pub use account::AccountScreen;
pub use data::DataScreen;
pub use history::HistoryScreen;
pub use home::HomeScreen;
pub use report::ReportScreen;
pub use settings::SettingsScreen;
pub use sync::SyncScreen;
