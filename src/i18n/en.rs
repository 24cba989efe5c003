//! English; what has a number or a choice in it stands in [`sentences`].

mod account;
mod exchange;
mod groups;
mod sentences;
mod sync;
pub mod us;

use super::{ChangeDirection, Texts};
use chrono::{Datelike, NaiveDate};
use sentences::{
    bmi_class, bmi_group, change_since, changes_are, entries, entries_were, field_name,
    log_outcome, log_trigger, state_error, state_offline, waiting_reason,
};

const MONTHS: &str =
    "January February March April May June July August September October November December";
const WEEKDAYS: &str = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday";
/// Short names of months and of days are the first letters of the long ones.
const SHORT_LETTERS: usize = 3;

/// The English texts.
pub static TEXTS: Texts = ENGLISH;

const ENGLISH: Texts = Texts {
    tag: "en",
    own_name: "English",
    decimal_separator: '.',

    today: "Today",
    yesterday: "Yesterday",
    weekday_short,
    day_month,
    day_month_year: |date| format!("{} {}", day_month(date), date.year()),
    weekday_day_month,
    month_year: |date| format!("{} {}", month(date), date.year()),
    month_short,
    month_short_year: |date| format!("{} ’{:02}", month_short(date), date.year().rem_euclid(100)),
    day_at: |day, clock| format!("{day}, {clock}"),
    just_now: "just now",
    minutes_ago: |minutes| format!("{minutes} min ago"),
    hours_ago: |hours| format!("{hours} h ago"),

    app_name: "Tidemark",
    skip_to_content: "Skip to content",
    main_navigation: "Main",
    nav_today: "Today",
    nav_history: "History",
    nav_sync: "Sync",
    nav_settings: "Settings",
    nav_account: "Account",
    log_weight: "Log weight",
    cancel: "Cancel",
    close: "Close",
    save: "Save",
    edit: "Edit",
    delete: "Delete",
    undo: "Undo",
    no_value: "—",
    person_without_name: "You",
    not_found: "There is no such screen.",
    to_start: "Go to today",

    chip_local: "Saved on this device",
    chip_pending: |count| format!("Syncing {}…", entries(count)),
    chip_syncing: "Syncing…",
    chip_offline: "Offline",
    chip_offline_pending: |count| format!("Offline · {count} to sync"),
    chip_synced: |ago| format!("Synced {ago}"),
    chip_not_accepted: |count| format!("{count} not accepted"),
    chip_retry_in: |seconds| format!("Trying again in {seconds}\u{a0}s"),
    chip_retry: "Trying again",
    chip_sign_in: "Sign in to sync",
    chip_outdated: "Update to sync",
    chip_storage: "Storage problem",
    chip_not_saved: |count| format!("{count} not saved"),

    trend_weight: "Trend weight",
    per_week: "per week",
    in_30_days: "in 30 days",
    direction: |direction| match direction {
        ChangeDirection::Down => "Down",
        ChangeDirection::Up => "Up",
        ChangeDirection::Level => "No change,",
    },
    last_entries: "Last entries",
    all: "All",
    first_run_title: "Weight goes up and down. The line shows its direction.",
    first_run_text: "Log when you like. Everything is saved on this device and works without a network. No account needed.",
    log_first_weight: "Log your first weight",
    set_up_first: "Set up first",

    chart_kind: "chart",
    range_label: "Time shown",
    ranges: ["Week", "Month", "3 mo", "Year", "All"],
    change_since,
    only_one_day: "One day of entries. The line begins with the next.",
    show_table: "Table",
    hide_table: "Hide table",
    table_date: "Date",
    table_reading: "Reading",
    table_trend: "Trend",
    chart_reading: |date, reading, trend| format!("{date} · {reading} · trend {trend}"),

    bmi: "BMI",
    bmi_class,
    bmi_group,
    bmi_what: "What is this?",
    bmi_explained: &[
        "BMI is weight in kilograms divided by the square of height in metres. It is a rough measure made for groups of adults, not a judgement of one person.",
        "The ranges are those of the World Health Organization for adults from 20 years on.",
        "It says little in pregnancy, with much muscle, in older age or after an amputation.",
    ],
    bmi_under_age: "Under 20 years BMI is read by age and sex, so no adult range is shown.",
    bmi_needs_height: "With your height, Tidemark shows your BMI here.",
    add_height: "Add height",

    sheet_new: "Log weight",
    sheet_edit: "Edit entry",
    weight: "Weight",
    stones: "Stones",
    pounds: "Pounds",
    less: |step| format!("{step} less"),
    more: |step| format!("{step} more"),
    change_unit: |unit| format!("Unit: {unit}. Change"),
    last_and_trend: |last, day, trend| format!("Last {last}, {day} · trend {trend}"),
    first_hint: "Your first entry. The trend begins here.",
    time: "Time",
    note: "Note",
    add_note: "Add note",
    height: "Height",
    inches: "Inches",
    height_why: "Optional, for BMI. Asked once.",
    saved_toast: "Saved on this device.",
    deleted_toast: |weight| format!("Deleted {weight}"),
    restored_toast: |weight| format!("Restored {weight}"),
    soft_question: |new, last| format!("{new}? Last time it was {last}."),
    soft_question_alone: |new| format!("{new}? That is unusual."),
    keep: |weight| format!("Keep {weight}"),
    use_instead: |weight| format!("Use {weight}"),

    error_empty_weight: "Type your weight.",
    error_not_a_number: "This is not a number. Type it like 78.2.",
    error_negative: "A weight can't be below zero.",
    error_ambiguous: "Use one decimal point and nothing else, like 78.2.",
    error_decimals: |max| format!("At most {max} digits after the point."),
    error_pounds_fill_a_stone: "Pounds beside stones must be under 14.",
    error_inches_fill_a_foot: "Inches beside feet must be under 12.",
    error_weight_range: |low, high| format!("Weight must be between {low} and {high}."),
    error_height_range: |low, high| format!("Height must be between {low} and {high}."),
    error_time: "Choose a day and a time that have been.",
    error_note_long: |max| format!("At most {max} characters."),
    error_note_character: "The note holds a character that can't be stored.",
    error_name_long: |max| format!("At most {max} characters."),
    error_birth_date: "Choose a day that has been.",

    fault_not_saved: "The browser's storage doesn't answer. Tidemark keeps trying.",
    fault_no_room: "There is no room left on this device. Free some, and Tidemark saves by itself.",
    fault_newer_data: "A newer version of Tidemark has taken over the data. Reload to get it. Nothing is lost.",
    fault_other_tab: "Another tab holds an older version open. Close it, and Tidemark goes on by itself.",
    fault_unreadable: "Some stored data can't be read. It is left as it is.",
    try_again: "Try again",
    missing_part: "Part of Tidemark could not be loaded, so nothing can be typed yet. Nothing that you logged is lost.",
    not_saved_copied: |count| {
        let title = format!("{} not saved yet.", changes_are(count));
        (title, "An emergency copy is in this browser. Tidemark saves it as soon as it can, also after a restart.".to_owned())
    },
    not_saved_at_risk: |count| {
        let title = format!(
            "{} not saved yet, and no copy could be made.",
            changes_are(count)
        );
        (
            title,
            "Keep this page open: what you typed is here and nowhere else.".to_owned(),
        )
    },
    emergency_copy: "Emergency copy",
    not_saved_yet: "Not saved yet",
    newer_version: (
        "Tidemark has a newer version",
        "It has taken over your data, so this page can’t read or change them any more. Nothing is lost or deleted. Reload to go on with the newer version. If you see this again, close all tabs of Tidemark and open it anew.",
    ),

    history_title: "History",
    month_average: |average, count| {
        format!(
            "average {average} · {}",
            entries(u32::try_from(count).unwrap_or(u32::MAX))
        )
    },
    on_this_device: "On this device",
    not_accepted: "Not accepted",
    edit_entry: |entry| format!("Edit {entry}"),
    delete_entry: |entry| format!("Delete {entry}"),
    show_older: |count| {
        format!(
            "Show {} more",
            entries(u32::try_from(count).unwrap_or(u32::MAX))
        )
    },
    history_empty: "Nothing logged yet. What you log stands here, month by month.",

    sync_title: "Sync",
    sync_now: "Sync now",
    waiting: "Waiting",
    nothing_waiting: "Nothing is waiting on this device.",
    waiting_reason,
    field_name,
    field_refused: |field| format!("{field} not accepted"),
    mend: "Mend",
    entry_profile: "Profile",
    entry_settings: "Settings",
    entry_bulk: "Imported entries",
    entry_deletion: "Deletion",
    sync_log: "Log",
    sync_log_note: "Times and counts, never weights.",
    sync_log_empty: "No sync yet.",
    log_trigger,
    log_outcome,
    seconds: |seconds| format!("{seconds}\u{a0}s"),
    last_synced: |when| format!("Last synced {when}."),
    never_synced: "Not synced yet.",
    state_local: (
        "Your entries are saved on this device.",
        "They stay here. Nothing leaves this device before you ask for it.",
    ),
    state_pending: |count| {
        (
            format!("{} on the way.", entries(count)),
            "Saved here already.".to_owned(),
        )
    },
    state_syncing: "Syncing…",
    state_offline,
    no_network: "Your device reports no network.",
    no_answer: "The server does not answer.",
    intercepted: "Something else answers in the server’s place: this network may want you to sign in to it first.",
    state_synced: (
        "Everything is on the server.",
        "New entries are sent as you save them.",
    ),
    state_error,
    state_not_accepted: |count| {
        (
            format!("{} not accepted.", entries_were(count)),
            "Nothing is lost. Mend them below; all others are synced.".to_owned(),
        )
    },
    state_signed_out: (
        "Sign in again to sync.",
        "Nothing is lost. Your entries are safe here.",
    ),
    state_outdated: (
        "This version of Tidemark is too old to sync.",
        "Reload to get the new one. Your entries are safe here.",
    ),
    state_storage: (
        "The browser's storage doesn't answer.",
        "Free some room or restart the browser. Entries that were shown as saved are safe.",
    ),

    settings_title: "Settings",
    profile: "Profile",
    name: "Name",
    gender: "Gender",
    gender_unset: "Not said",
    gender_male: "Male",
    gender_female: "Female",
    gender_other: "Other",
    birth_date: "Birth date",
    saved: "Saved",
    this_app: "This app",
    units: "Units",
    units_metric: "kg, cm",
    units_imperial: "lb, ft in",
    units_stone: "st lb, ft in",
    theme: "Theme",
    theme_system: "System",
    theme_light: "Light",
    theme_dark: "Dark",
    language: "Language",
    your_data: "Your data",
    sync_and_log: "Sync and its log",

    account: &account::ACCOUNT,

    exchange: &exchange::EXCHANGE,

    who_is: |name| {
        format!("Your account already has entries of somebody. Who is {name} on this device?")
    },
    same_as: |name| format!("The same as {name}"),
    someone_new: "Someone new",

    goal: groups::GOAL,
    people: groups::PEOPLE,
    past: groups::PAST,
    device: groups::DEVICE,
    about: groups::ABOUT,
    sync: sync::SYNC,

    update_ready: "A new version is ready.",
    update_apply: "Reload",
    update_later: "Later",
};

fn month(date: NaiveDate) -> &'static str {
    super::nth_word(MONTHS, date.month0())
}

fn weekday(date: NaiveDate) -> &'static str {
    super::nth_word(WEEKDAYS, date.weekday().num_days_from_monday())
}

fn weekday_short(date: NaiveDate) -> &'static str {
    &weekday(date)[..SHORT_LETTERS]
}

fn month_short(date: NaiveDate) -> &'static str {
    &month(date)[..SHORT_LETTERS]
}

fn day_month(date: NaiveDate) -> String {
    format!("{} {}", date.day(), month_short(date))
}

fn weekday_day_month(date: NaiveDate) -> String {
    format!("{} {}", weekday(date), day_month(date))
}
