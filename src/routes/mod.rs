//! One file for each screen. A screen arranges components; it keeps nothing.

mod about;
mod account;
mod data;
mod goal;
mod history;
mod home;
mod report;
mod settings;
mod sync;
mod welcome;

pub use about::AboutScreen;
pub use account::AccountScreen;
pub use data::DataScreen;
pub use goal::GoalScreen;
pub use history::HistoryScreen;
pub use home::HomeScreen;
pub use report::ReportScreen;
pub use settings::SettingsScreen;
pub use sync::SyncScreen;
pub use welcome::WelcomeScreen;
