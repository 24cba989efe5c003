//! The English groups of words.

use crate::i18n::ChangeDirection;
use crate::i18n::groups::{AboutTexts, DeviceTexts, GoalTexts, PastTexts, PeopleTexts, sources};
use tidemark_domain::bmi::RiskBand;

pub const GOAL: GoalTexts = GoalTexts {
    title: "Goal",
    set: "Set a goal",
    change: "Change",
    remove: "Remove goal",
    invitation: "With a goal, Tidemark draws it on the chart and says when you may get there.",
    kind: "What for",
    lose: "Lose",
    gain: "Gain",
    keep: "Keep",
    weight: "Goal weight",
    line: |weight| format!("Goal {weight}"),
    floor: |lowest| {
        format!(
            "The lowest goal for this height is {lowest}. That is a BMI of 18.5, where the normal range of adults begins; below it Tidemark sets no goal. Logging is never limited."
        )
    },
    must_be_below: |trend| format!("To lose weight, choose less than the trend, {trend}."),
    must_be_above: |trend| format!("To gain weight, choose more than the trend, {trend}."),
    to_go: |amount| format!("{amount} to go."),
    reached: "The trend is there.",
    between: |from, to| {
        if from == to {
            format!("At the pace of the last four weeks: {from}.")
        } else {
            format!("At the pace of the last four weeks: between {from} and {to}.")
        }
    },
    too_few_days: |days| {
        if days == 1 {
            "Not enough entries for a forecast yet. One more day will do.".to_owned()
        } else {
            format!("Not enough entries for a forecast yet. {days} more days will do.")
        }
    },
    no_direction: "No forecast: in the last four weeks the weight swung more than it moved.",
    other_way: "No forecast: in the last four weeks the weight moved away from it.",
    too_far: "No forecast: at this pace it lies more than two years away.",
    off_by: |direction, amount| match direction {
        ChangeDirection::Down => format!("The trend is {amount} below it."),
        ChangeDirection::Up => format!("The trend is {amount} above it."),
        ChangeDirection::Level => "The trend is there.".to_owned(),
    },
    why_range: "A forecast is a range because weight swings from day to day. Four times out of five the pace lies within it, if nothing changes.",
};

pub const PEOPLE: PeopleTexts = PeopleTexts {
    title: "People on this device",
    add: "Add a person",
    no_entry: "No entry",
    remove: |name| format!("Remove {name} from the list"),
    removed: |name| format!("Removed {name}"),
    avatar: "Picture",
    avatars: [
        "First letter",
        "Wave",
        "Sun",
        "Moon",
        "Leaf",
        "Mountain",
        "Star",
        "Bird",
        "Boat",
    ],
    welcome: "Set up",
    welcome_why: "A minute, and all of it can be changed later in the settings. No account is needed.",
    steps: ["How you read it", "About you", "Your goal"],
    step_of: |step, of| format!("Step {step} of {of}"),
    about_why: "All of it is optional. Height gives the BMI; the birth date decides whether adult ranges apply.",
    skip: "Skip",
    back: "Back",
    next: "Next",
    done: "Done",
};

pub const PAST: PastTexts = PastTexts {
    view: "View",
    views: ["Entries", "Averages", "Deleted"],
    period: "Averaged over",
    periods: ["Week", "Month", "Year"],
    average: "Average",
    change: "Change",
    week_of: |date| format!("Week of {}", super::day_month(date)),
    days: |days| {
        if days == 1 {
            "1 day".to_owned()
        } else {
            format!("{days} days")
        }
    },
    averages_sentence: |direction, amount, count| match direction {
        ChangeDirection::Down => {
            format!("Down {amount} from the first to the last of {count} averages.")
        }
        ChangeDirection::Up => {
            format!("Up {amount} from the first to the last of {count} averages.")
        }
        ChangeDirection::Level => {
            format!("The first and the last of {count} averages are the same.")
        }
    },
    averages_none: "Averages begin with the first entry.",
    deleted_note: |days| {
        format!("What was deleted on this device in the last {days} days can be restored here.")
    },
    deleted_empty: "Nothing was deleted lately.",
    deleted_on: |when| format!("deleted {when}"),
    restore: "Restore",
    restore_entry: |entry| format!("Restore {entry}"),
};

pub const DEVICE: DeviceTexts = DeviceTexts {
    thresholds: "BMI thresholds",
    thresholds_usual: "International",
    thresholds_lower: "Lower",
    thresholds_why: "Some people have a higher risk from a lower BMI on, many with roots in Asia among them. For them the WHO names 23 and 27.5 in place of 25 and 30. It is your choice; Tidemark never guesses it.",
    risk_band: |band| match band {
        RiskBand::Under => "Underweight",
        RiskBand::Acceptable => "Acceptable risk",
        RiskBand::Increased => "Increased risk",
        RiskBand::High => "High risk",
    },
    risk_band_short: |band| match band {
        RiskBand::Under => "Under",
        RiskBand::Acceptable => "Acceptable",
        RiskBand::Increased => "Increased",
        RiskBand::High => "High",
    },
    measure: "Chart of",
    hide_numbers: "Hide numbers",
    hide_numbers_why: "Weights and BMI become dots on this device.",
    kept: (
        "Kept safe on this device",
        "The browser won’t clear it by itself.",
    ),
    not_kept: (
        "The browser may clear it",
        "When it runs short of room. Installing the app or syncing keeps your entries.",
    ),
    kept_unknown: (
        "Stored on this device",
        "This browser does not say how safely.",
    ),
    erase: "Delete everything on this device",
    erase_why: |unsent| {
        let lost = match unsent {
            0 => String::new(),
            1 => " 1 entry is not on the server yet and would be lost.".to_owned(),
            unsent => format!(" {unsent} entries are not on the server yet and would be lost."),
        };
        format!(
            "Entries, people and settings go from this browser, and there is no way back. What the server holds stays there and comes back when this device syncs with it again.{lost}"
        )
    },
    erase_confirm: "Delete everything",
    install: "Keep Tidemark on your home screen",
    install_why: "Browsers may clear the data of sites that are not opened for a while. Those of an installed app they keep.",
    install_by_hand: "Tap Share, then Add to Home Screen.",
    install_do: "Install",
    install_never: "No thanks",
};

pub const ABOUT: AboutTexts = AboutTexts {
    title: "About",
    version: |version| format!("Version {version}"),
    what: &[
        "Tidemark logs weight and BMI. It works without a network, and syncs when there is one.",
        "It gives no medical advice.",
    ],
    formulas: "How it is worked out",
    rules: &[
        (
            "Trend",
            "Each day the trend moves a tenth of the way towards that day’s mean. After a gap it moves as far as if the days between had passed.",
            sources::TREND,
        ),
        (
            "Change",
            "The difference of the trend to a week or 30 days ago. It is shown where 4 of the last 7 days, or 19 of the last 28, have entries.",
            "",
        ),
        (
            "BMI",
            "Kilograms divided by square metres. The class is decided on the exact value; the number shown never crosses into another class.",
            sources::BMI,
        ),
        (
            "Lower thresholds",
            "18.5, 23 and 27.5, as an own choice.",
            sources::LOWER,
        ),
        (
            "Under 20 years",
            "BMI without a class: it would have to be read by age and sex.",
            sources::YOUNG,
        ),
        (
            "Forecast",
            "A straight line through the last four weeks, with 1.28 standard errors to either side. It needs 10 days with entries within at least 14 days.",
            "",
        ),
        (
            "Averages",
            "The mean of the days’ means, so that a day counts once.",
            "",
        ),
        (
            "Units",
            "Weights are stored in whole grams, heights in whole millimetres.",
            sources::UNITS,
        ),
    ],
    privacy: "Privacy",
    privacy_text: &[
        "Nothing leaves this device before you ask for it. There are no trackers and no requests to anybody else.",
    ],
    licence: "Licence",
    licence_text: "Tidemark is free software under MIT or Apache 2.0, as you like.",
};
