//! The English words for syncing.

use super::sentences::entries;
use crate::i18n::sync::SyncTexts;
use tidemark_engine::waiting::Why;

pub const SYNC: SyncTexts = SyncTexts {
    lead: "Here you see where your entries are: on this device, on the server, on your other devices. What still waits stands below with its reason. You need not do anything for it.",

    whereabouts: "Where it is",
    steps: [
        "Saved on this device",
        "On the server",
        "On your other devices",
    ],
    not_yet: "not yet",
    on_server: "On the server",
    device_has_it: |name, seen| format!("{name} has it. Last seen {seen}."),
    device_lacks_it: |name, seen| format!("{name} does not have it yet. Last seen {seen}."),

    why,
    tried_in: |seconds| format!("Trying again in {seconds}\u{a0}s."),

    retry: "Try again",
    discard: "Let it go",
    discard_note: "Saves a rescue file with it first.",
    refused_alike: |count| format!("{count} for the same reason"),
    mend_all: |count| format!("Mend all {count}"),
    retry_all: |count| format!("Try all {count} again"),
    goes_to_all: |count| format!("What you set here goes to all {count} entries."),
    of_person: |name| format!("Show {name}"),

    conflicts: "Decided between devices",
    conflicts_note: "Two devices changed the same entry. This is what was kept; change it with a tap.",
    conflict_asks: |count| {
        if count == 1 {
            "Two devices changed the same entry. Which value is right?".to_owned()
        } else {
            format!("Two devices changed the same {count} entries. Which values are right?")
        }
    },
    kept: "Kept",
    not_kept: "Not kept",
    take: |value| format!("Use {value}"),
    keep_both: "Keep both",
    let_stand: "Fine as it is",
    deleted: "Deleted",
    unknown: "Not known any more",
    policy: "When two devices change the same entry",
    policy_note: "Holds for what this device sends. Choose the same on your other devices.",
    policy_latest: "The later edit stays",
    policy_prefer: |device| format!("{device} is right"),
    policy_ask: "Ask me",

    earlier: "Earlier values",
    earlier_none: "It has never said anything else.",
    earlier_offline: "Earlier values are kept on the server, which can't be asked now.",
    replaced: |when, by| format!("until {when}, then changed by: {by}"),
    use_again: "Use again",

    identical: |clock| format!("This device and the server are identical ({clock})."),
    healed: |months| {
        if months == 1 {
            "1 month differed and was fetched again.".to_owned()
        } else {
            format!("{months} months differed and were fetched again.")
        }
    },
    differs: |months| {
        if months == 1 {
            "1 month differs from the server. It is compared again soon.".to_owned()
        } else {
            format!("{months} months differ from the server. They are compared again soon.")
        }
    },
    set_aside: |months| {
        if months == 1 {
            "1 month could not be read on this device. It was set aside; what the server holds of it is fetched again.".to_owned()
        } else {
            format!(
                "{months} months could not be read on this device. They were set aside; what the server holds of them is fetched again."
            )
        }
    },

    devices: "Devices",
    this_device: "This device",
    other_device: |mark| format!("Device {mark}"),
    seen: |when| format!("last seen {when}"),
    up_to_date: "has everything",
    lags: "not up to date yet",
    storage: "Storage",
    clock_ahead: |minutes| {
        format!(
            "This device’s clock is {minutes}\u{a0}min ahead. Sync allows for it; nothing is lost."
        )
    },
    clock_behind: |minutes| {
        format!(
            "This device’s clock is {minutes}\u{a0}min behind. Sync allows for it; nothing is lost."
        )
    },

    risk_low: |count| format!("{} only on this device so far.", entries_are(count)),
    risk_long: |count, since| format!("{} only on this device since {since}.", entries_are(count)),
    risk_high: |count, since| {
        format!(
            "{} only on this device since {since}, and your browser may clear this data.",
            entries_are(count)
        )
    },
    rescue: "Save a rescue file",

    log_filter: "What the log shows",
    log_filters: ["All", "With changes", "Trouble"],
    log_healed: "compared and mended",
    show_more: "Show more",
    copy: "Copy",
    copied: "Copied",
    not_copied: "Could not be copied",
    report: "Support report",
    report_note: "Versions, states and counts. No weights, notes or names.",
};

fn entries_are(count: usize) -> String {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", entries(count))
}

fn why(why: &Why) -> &'static str {
    match why {
        Why::Refused(_) => "The server did not accept it as it is.",
        Why::OtherAccount => "Written under another account. Sign in to that one to send it.",
        Why::SignIn => "Sign in to send it.",
        Why::Outdated => "This version of Tidemark is too old. Reload to update.",
        Why::WhoIsWho => "Say first whose entries these are.",
        Why::Behind => "An earlier change it builds on was not accepted. Mend that one first.",
        Why::Storage => "This device’s storage does not answer.",
        Why::NoNetwork => "No network. It goes by itself when you reconnect.",
        Why::NoAnswer => "The server does not answer.",
        Why::Intercepted => {
            "Something else answers in the server’s place. This network may want you to sign in."
        }
        Why::Pause => "The server asked for a pause.",
        Why::PutOff => "The server asked to send it later.",
        Why::Trouble => "The server has trouble.",
        Why::Person => "The profile it belongs to goes first.",
        Why::Going => "It goes with the next sync.",
    }
}
