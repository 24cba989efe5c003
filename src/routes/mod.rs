//! One file for each screen. A screen arranges components; it keeps nothing.

mod account;
mod history;
mod home;
mod settings;
mod sync;

pub use account::AccountScreen;
pub use history::HistoryScreen;
pub use home::HomeScreen;
pub use settings::SettingsScreen;
pub use sync::SyncScreen;
