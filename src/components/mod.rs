//! Widgets, one to a file, each with a style sheet of the same name in `style/components`. They draw
//! what signals say and send intents; no storage and no business rule.
//!
//! An element whose attributes and text are all string literals would be made from HTML text, which
//! Trusted Types refuse. So every element has something that is not: a number, a constant, a block.

pub mod account;
mod app_rows;
mod avatar;
mod banner;
mod bmi_panel;
mod brand_mark;
mod card_row;
pub mod chart;
mod copy_button;
mod dock;
mod entry_row;
mod exchange;
mod field;
mod first_run;
mod goal_panel;
mod header;
mod height_field;
mod hero;
mod history_row;
mod icon;
mod install_hint;
mod log_sheet;
mod nothing;
mod person_fields;
mod range_chips;
mod reading_table;
mod receipt;
mod save;
mod snackbar;
mod storage_banner;
mod switch;
mod sync_chip;
mod weight_field;

pub use app_rows::{LanguageRow, ThemeRow, UnitsRow};
pub use avatar::{AVATARS, avatar};
pub use banner::{ConflictBanner, MissingBanner, PersonBanner, UpdateBanner};
pub use bmi_panel::BmiPanel;
pub use brand_mark::BrandMark;
pub use card_row::{CardRow, LinkRow};
pub use chart::TrendChart;
pub use copy_button::CopyButton;
pub use dock::Dock;
pub use entry_row::EntryRow;
pub use exchange::{FileQuestion, ImportPreview, JobCard, OutcomeWords, PastImports, TakeOut};
pub use field::{Choice, Field};
pub use first_run::FirstRun;
pub use goal_panel::GoalPanel;
pub use header::Header;
pub use height_field::HeightField;
pub use hero::{Facts, Hero};
pub use history_row::{HistoryRow, refusal_words};
pub use icon::{Icon, Mark};
pub use install_hint::InstallHint;
pub use log_sheet::{LogSheet, Mending, SheetHandle, use_sheet};
pub use nothing::Nothing;
pub use person_fields::PersonFields;
pub use range_chips::{RangeChips, Segments};
pub use reading_table::ReadingTable;
pub use receipt::Receipt;
pub use save::{save_person, save_settings};
pub use snackbar::{Snackbar, fault_words};
pub use storage_banner::{NewerVersion, StorageBanner};
pub use switch::SwitchRow;
pub use sync_chip::{SyncChip, SyncNews};
