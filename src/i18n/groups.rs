//! Words that belong together, group by group: a language gives one value of each. Plain words are text,
//! sentences with a number or a choice are functions.

use super::ChangeDirection;
use chrono::NaiveDate;
use tidemark_domain::bmi::RiskBand;

/// The goal and its forecast.
#[expect(missing_docs, reason = "a field is named after the words it holds")]
pub struct GoalTexts {
    pub title: &'static str,
    pub set: &'static str,
    pub change: &'static str,
    pub remove: &'static str,
    pub invitation: &'static str,
    pub kind: &'static str,
    pub lose: &'static str,
    pub gain: &'static str,
    pub keep: &'static str,
    pub weight: &'static str,
    /// On the chart: `Goal 75.0`.
    pub line: fn(&str) -> String,
    /// Why no goal lies below a BMI of 18.5.
    pub floor: fn(lowest: &str) -> String,
    pub must_be_below: fn(trend: &str) -> String,
    pub must_be_above: fn(trend: &str) -> String,
    pub to_go: fn(amount: &str) -> String,
    pub reached: &'static str,
    pub between: fn(from: &str, to: &str) -> String,
    pub too_few_days: fn(i32) -> String,
    pub no_direction: &'static str,
    pub other_way: &'static str,
    pub too_far: &'static str,
    pub off_by: fn(ChangeDirection, amount: &str) -> String,
    pub why_range: &'static str,
}

/// People on the device, and the first minute.
#[expect(missing_docs, reason = "a field is named after the words it holds")]
pub struct PeopleTexts {
    pub title: &'static str,
    pub add: &'static str,
    pub no_entry: &'static str,
    pub remove: fn(&str) -> String,
    pub removed: fn(&str) -> String,
    pub avatar: &'static str,
    /// The first letter of the name, then the pictures in the order of their marks.
    pub avatars: [&'static str; 9],
    pub welcome: &'static str,
    pub welcome_why: &'static str,
    pub steps: [&'static str; 3],
    pub step_of: fn(u32, u32) -> String,
    pub about_why: &'static str,
    pub skip: &'static str,
    pub back: &'static str,
    pub next: &'static str,
    pub done: &'static str,
}

/// History beside its entries: averages, and what was deleted.
#[expect(missing_docs, reason = "a field is named after the words it holds")]
pub struct PastTexts {
    pub view: &'static str,
    pub views: [&'static str; 3],
    pub period: &'static str,
    pub periods: [&'static str; 3],
    pub average: &'static str,
    pub change: &'static str,
    pub week_of: fn(NaiveDate) -> String,
    pub days: fn(u32) -> String,
    pub averages_sentence: fn(ChangeDirection, amount: &str, count: usize) -> String,
    pub averages_none: &'static str,
    pub deleted_note: fn(i64) -> String,
    pub deleted_empty: &'static str,
    pub deleted_on: fn(&str) -> String,
    pub restore: &'static str,
    pub restore_entry: fn(&str) -> String,
}

/// How BMI is read, and how the app behaves on this device.
#[expect(missing_docs, reason = "a field is named after the words it holds")]
pub struct DeviceTexts {
    pub thresholds: &'static str,
    pub thresholds_usual: &'static str,
    pub thresholds_lower: &'static str,
    pub thresholds_why: &'static str,
    pub risk_band: fn(RiskBand) -> &'static str,
    pub risk_band_short: fn(RiskBand) -> &'static str,
    pub measure: &'static str,
    pub hide_numbers: &'static str,
    pub hide_numbers_why: &'static str,
    pub kept: (&'static str, &'static str),
    pub not_kept: (&'static str, &'static str),
    pub kept_unknown: (&'static str, &'static str),
    pub erase: &'static str,
    pub erase_why: fn(unsent: u32) -> String,
    pub erase_confirm: &'static str,
    pub install: &'static str,
    pub install_why: &'static str,
    pub install_by_hand: &'static str,
    pub install_do: &'static str,
    pub install_never: &'static str,
}

/// The page about the app.
#[expect(missing_docs, reason = "a field is named after the words it holds")]
pub struct AboutTexts {
    pub title: &'static str,
    pub version: fn(&str) -> String,
    pub what: &'static [&'static str],
    pub formulas: &'static str,
    /// Name, rule in words, source.
    pub rules: &'static [(&'static str, &'static str, &'static str)],
    pub privacy: &'static str,
    pub privacy_text: &'static [&'static str],
    pub licence: &'static str,
    pub licence_text: &'static str,
}

/// Sources of formulas: the same in every language.
pub mod sources {
    /// The trend.
    pub const TREND: &str = "John Walker, The Hacker’s Diet, 1991";
    /// BMI and its classes.
    pub const BMI: &str = "WHO, Technical Report Series 854 (1995) and 894 (2000)";
    /// The lower thresholds.
    pub const LOWER: &str = "WHO expert consultation, Lancet 2004; 363: 157–163";
    /// Children and young people.
    pub const YOUNG: &str = "CDC, BMI for children and teens; WHO growth reference 5–19 years";
    /// Pounds and stones.
    pub const UNITS: &str = "1 lb = 0.45359237 kg, 1 in = 2.54 cm (1959)";
}
