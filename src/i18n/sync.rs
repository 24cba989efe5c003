//! Words for where an entry is, why it waits, what was decided between devices, and what to do about each.

use tidemark_engine::waiting::Why;

/// Receipts, reasons, refusals, conflicts, proof, risk, log and report.
#[expect(missing_docs, reason = "a field is named after the words it holds")]
pub struct SyncTexts {
    /// What the screen is for, where nothing is logged yet.
    pub lead: &'static str,

    // How far an entry has come.
    pub whereabouts: &'static str,
    pub steps: [&'static str; 3],
    pub not_yet: &'static str,
    pub on_server: &'static str,
    pub device_has_it: fn(name: &str, seen: &str) -> String,
    pub device_lacks_it: fn(name: &str, seen: &str) -> String,

    // Why it waits.
    pub why: fn(&Why) -> &'static str,
    pub tried_in: fn(seconds: i64) -> String,

    // What was refused.
    pub retry: &'static str,
    pub discard: &'static str,
    pub discard_note: &'static str,
    pub refused_alike: fn(count: usize) -> String,
    pub mend_all: fn(count: usize) -> String,
    pub retry_all: fn(count: usize) -> String,
    pub goes_to_all: fn(count: usize) -> String,
    pub of_person: fn(name: &str) -> String,

    // Conflicts.
    pub conflicts: &'static str,
    pub conflicts_note: &'static str,
    pub conflict_asks: fn(count: usize) -> String,
    pub kept: &'static str,
    pub not_kept: &'static str,
    pub take: fn(value: &str) -> String,
    pub keep_both: &'static str,
    pub let_stand: &'static str,
    pub deleted: &'static str,
    pub unknown: &'static str,
    pub policy: &'static str,
    pub policy_note: &'static str,
    pub policy_latest: &'static str,
    pub policy_prefer: fn(device: &str) -> String,
    pub policy_ask: &'static str,

    // What an entry said before.
    pub earlier: &'static str,
    pub earlier_none: &'static str,
    pub earlier_offline: &'static str,
    pub replaced: fn(when: &str, by: &str) -> String,
    pub use_again: &'static str,

    // Proof.
    pub identical: fn(clock: &str) -> String,
    pub healed: fn(months: u32) -> String,
    pub differs: fn(months: u32) -> String,
    pub set_aside: fn(months: u32) -> String,

    // Devices and what is around.
    pub devices: &'static str,
    pub this_device: &'static str,
    pub other_device: fn(mark: &str) -> String,
    pub seen: fn(when: &str) -> String,
    pub up_to_date: &'static str,
    pub lags: &'static str,
    pub storage: &'static str,
    pub clock_ahead: fn(minutes: i64) -> String,
    pub clock_behind: fn(minutes: i64) -> String,

    // Risk and rescue.
    pub risk_low: fn(entries: usize) -> String,
    pub risk_long: fn(entries: usize, since: &str) -> String,
    pub risk_high: fn(entries: usize, since: &str) -> String,
    pub rescue: &'static str,

    // Log and report.
    pub log_filter: &'static str,
    pub log_filters: [&'static str; 3],
    pub log_healed: &'static str,
    pub show_more: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub not_copied: &'static str,
    pub report: &'static str,
    pub report_note: &'static str,
}
