//! English sentences with a number or a choice in them.

use crate::i18n::ChangeDirection;
use tidemark_domain::bmi::{BmiClass, BmiGroup};

pub fn entries(count: u32) -> String {
    if count == 1 {
        "1 entry".to_owned()
    } else {
        format!("{count} entries")
    }
}

pub fn entries_were(count: u32) -> String {
    if count == 1 {
        "1 entry was".to_owned()
    } else {
        format!("{count} entries were")
    }
}

pub fn changes_are(count: u32) -> String {
    if count == 1 {
        "1 change is".to_owned()
    } else {
        format!("{count} changes are")
    }
}

pub fn change_since(direction: ChangeDirection, amount: &str, date: &str) -> String {
    match direction {
        ChangeDirection::Down => format!("Down {amount} since {date}"),
        ChangeDirection::Up => format!("Up {amount} since {date}"),
        ChangeDirection::Level => format!("The same as on {date}"),
    }
}

pub fn bmi_class(class: BmiClass) -> &'static str {
    match class {
        BmiClass::SevereThinness => "Severely underweight",
        BmiClass::ModerateThinness => "Moderately underweight",
        BmiClass::MildThinness => "Mildly underweight",
        BmiClass::Normal => "Normal range",
        BmiClass::PreObese => "Overweight",
        BmiClass::ObeseI => "Obese, class I",
        BmiClass::ObeseII => "Obese, class II",
        BmiClass::ObeseIII => "Obese, class III",
    }
}

pub fn bmi_group(group: BmiGroup) -> &'static str {
    match group {
        BmiGroup::Under => "Under",
        BmiGroup::Normal => "Normal",
        BmiGroup::Over => "Over",
        BmiGroup::Obese => "Obese",
    }
}

pub fn waiting_reason(code: &str) -> Option<&'static str> {
    Some(match code {
        "unreachable" => "no network",
        "not_ours" => "another page answered in place of the server",
        "invalid_field" => "a value was not accepted",
        "missing_field" => "a value is missing",
        "unknown_user" => "waits for the profile",
        "unknown_metric" => "is sent again as a whole",
        "op_reuse" => "the server holds another edit of this name",
        _ => return None,
    })
}

pub fn field_name(field: &str) -> Option<&'static str> {
    Some(match field {
        "weight" => "Weight",
        "height" => "Height",
        "note" => "Note",
        "created_at" => "Time",
        "name" => "Name",
        "birth_date" => "Birth date",
        _ => return None,
    })
}

pub fn log_trigger(trigger: &str) -> Option<&'static str> {
    Some(match trigger {
        "start" => "App opened",
        "local_write" => "Entry saved",
        "online" => "Back online",
        "visible" => "App in front",
        "live_hint" => "News from the server",
        "interval" => "By itself",
        "manual" => "Sync now",
        "worker_sync" => "In the background",
        _ => return None,
    })
}

pub fn log_outcome(sent: u32, received: u32) -> String {
    match (sent, received) {
        (0, 0) => "nothing new".to_owned(),
        (sent, 0) => format!("sent {sent}"),
        (0, received) => format!("received {received}"),
        (sent, received) => format!("sent {sent}, received {received}"),
    }
}

pub fn state_offline(count: u32) -> (String, String) {
    if count == 0 {
        let text = "New entries are saved on this device and sync when you reconnect.";
        return ("You’re offline.".to_owned(), text.to_owned());
    }
    let verb = if count == 1 { "is" } else { "are" };
    let pronoun = if count == 1 {
        "It syncs by itself"
    } else {
        "They sync by themselves"
    };
    (
        format!(
            "You’re offline. {} {verb} saved on this device.",
            entries(count)
        ),
        format!("{pronoun} when you reconnect."),
    )
}

pub fn state_error(count: u32, wait: Option<i64>) -> (String, String) {
    let safe = if count == 0 {
        "Nothing is lost."
    } else {
        "Your entries are safe here."
    };
    let again = wait.map_or_else(
        || "Trying again soon.".to_owned(),
        |seconds| format!("Trying again in {seconds}\u{a0}s."),
    );
    (
        "Couldn’t reach the server.".to_owned(),
        format!("{safe} {again}"),
    )
}
