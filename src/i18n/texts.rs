//! What a language has to say: plain words as text, sentences with numbers as functions, so that each
//! language forms its own plurals and its own word order.

use super::account::AccountTexts;
use super::exchange::ExchangeTexts;
use super::groups::{AboutTexts, DeviceTexts, GoalTexts, PastTexts, PeopleTexts};
use super::sync::SyncTexts;
use chrono::NaiveDate;
use tidemark_domain::bmi::{BmiClass, BmiGroup};
use tidemark_domain::mass::MassChange;

/// Which way a weight went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeDirection {
    /// Less than before.
    Down,
    /// More than before.
    Up,
    /// The same as before, as far as it is shown.
    Level,
}

impl ChangeDirection {
    /// The direction of a change as it is shown: less than half a tenth is none.
    pub fn of(change: MassChange) -> Self {
        match change.get() {
            ..=-50 => Self::Down,
            -49..=49 => Self::Level,
            _ => Self::Up,
        }
    }
}

/// The words of one language. Fields are grouped by the screen that shows them.
#[expect(missing_docs, reason = "a field is named after the words it holds")]
pub struct Texts {
    // The language itself.
    pub tag: &'static str,
    pub own_name: &'static str,
    pub decimal_separator: char,

    // Dates and times.
    pub today: &'static str,
    pub yesterday: &'static str,
    /// The day of the week, short: `Tue`.
    pub weekday_short: fn(NaiveDate) -> &'static str,
    /// `16 Dec`.
    pub day_month: fn(NaiveDate) -> String,
    /// `16 Dec 2025`.
    pub day_month_year: fn(NaiveDate) -> String,
    /// `Sunday 15 Mar`.
    pub weekday_day_month: fn(NaiveDate) -> String,
    /// `March 2026`.
    pub month_year: fn(NaiveDate) -> String,
    /// `Mar`.
    pub month_short: fn(NaiveDate) -> &'static str,
    /// `Jan ’26`.
    pub month_short_year: fn(NaiveDate) -> String,
    /// A day and a time of day: `today, 07:12`.
    pub day_at: fn(day: &str, clock: &str) -> String,
    pub just_now: &'static str,
    pub minutes_ago: fn(i64) -> String,
    pub hours_ago: fn(i64) -> String,

    // Everywhere.
    pub app_name: &'static str,
    pub skip_to_content: &'static str,
    pub main_navigation: &'static str,
    pub nav_today: &'static str,
    pub nav_history: &'static str,
    pub nav_sync: &'static str,
    pub nav_settings: &'static str,
    pub nav_account: &'static str,
    pub log_weight: &'static str,
    pub cancel: &'static str,
    pub close: &'static str,
    pub save: &'static str,
    pub edit: &'static str,
    pub delete: &'static str,
    pub undo: &'static str,
    pub no_value: &'static str,
    pub person_without_name: &'static str,
    pub not_found: &'static str,
    pub to_start: &'static str,

    // The sync chip.
    pub chip_local: &'static str,
    pub chip_pending: fn(u32) -> String,
    pub chip_syncing: &'static str,
    pub chip_offline: &'static str,
    pub chip_offline_pending: fn(u32) -> String,
    pub chip_synced: fn(&str) -> String,
    pub chip_not_accepted: fn(u32) -> String,
    pub chip_retry_in: fn(i64) -> String,
    pub chip_retry: &'static str,
    pub chip_sign_in: &'static str,
    pub chip_outdated: &'static str,
    pub chip_storage: &'static str,
    pub chip_not_saved: fn(u32) -> String,

    // Home.
    pub trend_weight: &'static str,
    pub per_week: &'static str,
    pub in_30_days: &'static str,
    pub direction: fn(ChangeDirection) -> &'static str,
    pub last_entries: &'static str,
    pub all: &'static str,
    pub first_run_title: &'static str,
    pub first_run_text: &'static str,
    pub log_first_weight: &'static str,
    pub set_up_first: &'static str,

    // The chart.
    pub chart_kind: &'static str,
    pub range_label: &'static str,
    pub ranges: [&'static str; 5],
    pub change_since: fn(ChangeDirection, amount: &str, date: &str) -> String,
    pub only_one_day: &'static str,
    pub show_table: &'static str,
    pub hide_table: &'static str,
    pub table_date: &'static str,
    pub table_reading: &'static str,
    pub table_trend: &'static str,
    pub chart_reading: fn(date: &str, reading: &str, trend: &str) -> String,

    // BMI.
    pub bmi: &'static str,
    pub bmi_class: fn(BmiClass) -> &'static str,
    pub bmi_group: fn(BmiGroup) -> &'static str,
    pub bmi_what: &'static str,
    pub bmi_explained: &'static [&'static str],
    pub bmi_under_age: &'static str,
    pub bmi_needs_height: &'static str,
    pub add_height: &'static str,

    // The entry sheet.
    pub sheet_new: &'static str,
    pub sheet_edit: &'static str,
    pub weight: &'static str,
    pub stones: &'static str,
    pub pounds: &'static str,
    pub less: fn(&str) -> String,
    pub more: fn(&str) -> String,
    pub change_unit: fn(&str) -> String,
    pub last_and_trend: fn(last: &str, day: &str, trend: &str) -> String,
    pub first_hint: &'static str,
    pub time: &'static str,
    pub note: &'static str,
    pub add_note: &'static str,
    pub height: &'static str,
    pub inches: &'static str,
    pub height_why: &'static str,
    pub saved_toast: &'static str,
    pub deleted_toast: fn(&str) -> String,
    pub restored_toast: fn(&str) -> String,
    pub soft_question: fn(new: &str, last: &str) -> String,
    pub soft_question_alone: fn(new: &str) -> String,
    pub keep: fn(&str) -> String,
    pub use_instead: fn(&str) -> String,

    // What was typed and can't be taken.
    pub error_empty_weight: &'static str,
    pub error_not_a_number: &'static str,
    pub error_negative: &'static str,
    pub error_ambiguous: &'static str,
    pub error_decimals: fn(u32) -> String,
    pub error_pounds_fill_a_stone: &'static str,
    pub error_inches_fill_a_foot: &'static str,
    pub error_weight_range: fn(low: &str, high: &str) -> String,
    pub error_height_range: fn(low: &str, high: &str) -> String,
    pub error_time: &'static str,
    pub error_note_long: fn(usize) -> String,
    pub error_note_character: &'static str,
    pub error_name_long: fn(usize) -> String,
    pub error_birth_date: &'static str,

    // What the device can't do.
    pub fault_not_saved: &'static str,
    pub fault_no_room: &'static str,
    pub fault_newer_data: &'static str,
    pub fault_other_tab: &'static str,
    pub fault_unreadable: &'static str,
    pub try_again: &'static str,
    /// A part of the app could not be loaded.
    pub missing_part: &'static str,
    pub not_saved_copied: fn(u32) -> (String, String),
    pub not_saved_at_risk: fn(u32) -> (String, String),
    pub emergency_copy: &'static str,
    pub not_saved_yet: &'static str,
    pub newer_version: (&'static str, &'static str),

    // History.
    pub history_title: &'static str,
    pub month_average: fn(average: &str, entries: usize) -> String,
    pub on_this_device: &'static str,
    pub not_accepted: &'static str,
    pub edit_entry: fn(&str) -> String,
    pub delete_entry: fn(&str) -> String,
    pub show_older: fn(usize) -> String,
    pub history_empty: &'static str,

    // Sync.
    pub sync_title: &'static str,
    pub sync_now: &'static str,
    pub waiting: &'static str,
    pub nothing_waiting: &'static str,
    pub waiting_reason: fn(code: &str) -> Option<&'static str>,
    pub field_name: fn(field: &str) -> Option<&'static str>,
    pub field_refused: fn(field: &str) -> String,
    pub mend: &'static str,
    pub entry_profile: &'static str,
    pub entry_settings: &'static str,
    pub entry_bulk: &'static str,
    pub entry_deletion: &'static str,
    pub sync_log: &'static str,
    pub sync_log_note: &'static str,
    pub sync_log_empty: &'static str,
    pub log_trigger: fn(trigger: &str) -> Option<&'static str>,
    pub log_outcome: fn(sent: u32, received: u32) -> String,
    pub seconds: fn(&str) -> String,
    pub last_synced: fn(&str) -> String,
    pub never_synced: &'static str,
    pub state_local: (&'static str, &'static str),
    pub state_pending: fn(u32) -> (String, String),
    pub state_syncing: &'static str,
    pub state_offline: fn(u32) -> (String, String),
    pub no_network: &'static str,
    pub no_answer: &'static str,
    pub intercepted: &'static str,
    pub state_synced: (&'static str, &'static str),
    pub state_error: fn(u32, wait: Option<i64>) -> (String, String),
    pub state_not_accepted: fn(u32) -> (String, String),
    pub state_signed_out: (&'static str, &'static str),
    pub state_outdated: (&'static str, &'static str),
    pub state_storage: (&'static str, &'static str),

    // Settings.
    pub settings_title: &'static str,
    pub profile: &'static str,
    pub name: &'static str,
    pub gender: &'static str,
    pub gender_unset: &'static str,
    pub gender_male: &'static str,
    pub gender_female: &'static str,
    pub gender_other: &'static str,
    pub birth_date: &'static str,
    pub saved: &'static str,
    pub this_app: &'static str,
    pub units: &'static str,
    pub units_metric: &'static str,
    pub units_imperial: &'static str,
    pub units_stone: &'static str,
    pub theme: &'static str,
    pub theme_system: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,
    pub language: &'static str,
    pub your_data: &'static str,
    pub sync_and_log: &'static str,

    // Account.
    pub account: &'static AccountTexts,

    // Import and export.
    pub exchange: &'static ExchangeTexts,

    // Two people or one.
    pub who_is: fn(&str) -> String,
    pub same_as: fn(&str) -> String,
    pub someone_new: &'static str,

    // Groups.
    pub goal: GoalTexts,
    pub people: PeopleTexts,
    pub past: PastTexts,
    pub device: DeviceTexts,
    pub about: AboutTexts,
    pub sync: SyncTexts,

    // A new version.
    pub update_ready: &'static str,
    pub update_apply: &'static str,
    pub update_later: &'static str,
}
