//! German sentences with a number or a choice in them.

use crate::i18n::ChangeDirection;
use tidemark_domain::bmi::{BmiClass, BmiGroup};

pub fn entries(count: u32) -> String {
    if count == 1 {
        "1 Eintrag".to_owned()
    } else {
        format!("{count} Einträge")
    }
}

pub fn entries_were(count: u32) -> String {
    if count == 1 {
        "1 Eintrag wurde".to_owned()
    } else {
        format!("{count} Einträge wurden")
    }
}

pub fn changes_are(count: u32) -> String {
    if count == 1 {
        "1 Änderung ist".to_owned()
    } else {
        format!("{count} Änderungen sind")
    }
}

pub fn change_since(direction: ChangeDirection, amount: &str, date: &str) -> String {
    match direction {
        ChangeDirection::Down => format!("{amount} weniger seit {date}"),
        ChangeDirection::Up => format!("{amount} mehr seit {date}"),
        ChangeDirection::Level => format!("Unverändert seit {date}"),
    }
}

pub fn bmi_class(class: BmiClass) -> &'static str {
    match class {
        BmiClass::SevereThinness => "Starkes Untergewicht",
        BmiClass::ModerateThinness => "Mäßiges Untergewicht",
        BmiClass::MildThinness => "Leichtes Untergewicht",
        BmiClass::Normal => "Normalbereich",
        BmiClass::PreObese => "Übergewicht",
        BmiClass::ObeseI => "Adipositas Grad I",
        BmiClass::ObeseII => "Adipositas Grad II",
        BmiClass::ObeseIII => "Adipositas Grad III",
    }
}

pub fn bmi_group(group: BmiGroup) -> &'static str {
    match group {
        BmiGroup::Under => "Unter",
        BmiGroup::Normal => "Normal",
        BmiGroup::Over => "Über",
        BmiGroup::Obese => "Adipös",
    }
}

pub fn waiting_reason(code: &str) -> Option<&'static str> {
    Some(match code {
        "unreachable" => "kein Netz",
        "not_ours" => "eine andere Seite hat statt des Servers geantwortet",
        "invalid_field" => "ein Wert wurde nicht angenommen",
        "missing_field" => "ein Wert fehlt",
        "unknown_user" => "wartet auf das Profil",
        "unknown_metric" => "wird noch einmal ganz gesendet",
        "op_reuse" => "der Server hat unter diesem Namen eine andere Änderung",
        _ => return None,
    })
}

pub fn field_name(field: &str) -> Option<&'static str> {
    Some(match field {
        "weight" => "Gewicht",
        "height" => "Größe",
        "note" => "Notiz",
        "created_at" => "Zeit",
        "name" => "Name",
        "birth_date" => "Geburtsdatum",
        _ => return None,
    })
}

pub fn log_trigger(trigger: &str) -> Option<&'static str> {
    Some(match trigger {
        "start" => "App geöffnet",
        "local_write" => "Eintrag gespeichert",
        "online" => "Wieder online",
        "visible" => "App im Vordergrund",
        "live_hint" => "Nachricht vom Server",
        "interval" => "Von selbst",
        "manual" => "Jetzt synchronisieren",
        "worker_sync" => "Im Hintergrund",
        _ => return None,
    })
}

pub fn log_outcome(sent: u32, received: u32) -> String {
    match (sent, received) {
        (0, 0) => "nichts Neues".to_owned(),
        (sent, 0) => format!("{sent} gesendet"),
        (0, received) => format!("{received} empfangen"),
        (sent, received) => format!("{sent} gesendet, {received} empfangen"),
    }
}

pub fn state_offline(count: u32) -> (String, String) {
    if count == 0 {
        let text = "Neue Einträge werden auf diesem Gerät gespeichert und synchronisiert, sobald du wieder verbunden bist.";
        return ("Du bist offline.".to_owned(), text.to_owned());
    }
    let (verb, pronoun) = if count == 1 {
        ("ist", "Er wird")
    } else {
        ("sind", "Sie werden")
    };
    (
        format!(
            "Du bist offline. {} {verb} auf diesem Gerät gespeichert.",
            entries(count)
        ),
        format!("{pronoun} von selbst synchronisiert, sobald du wieder verbunden bist."),
    )
}

pub fn state_error(count: u32, wait: Option<i64>) -> (String, String) {
    let safe = if count == 0 {
        "Nichts ist verloren."
    } else {
        "Deine Einträge sind hier sicher."
    };
    let again = wait.map_or_else(
        || "Bald ein neuer Versuch.".to_owned(),
        |seconds| format!("Neuer Versuch in {seconds}\u{a0}s."),
    );
    (
        "Der Server ist nicht erreichbar.".to_owned(),
        format!("{safe} {again}"),
    )
}
