//! The German groups of words.

use crate::i18n::ChangeDirection;
use crate::i18n::groups::{AboutTexts, DeviceTexts, GoalTexts, PastTexts, PeopleTexts, sources};
use tidemark_domain::bmi::RiskBand;

pub const GOAL: GoalTexts = GoalTexts {
    title: "Ziel",
    set: "Ziel setzen",
    change: "Ändern",
    remove: "Ziel entfernen",
    invitation: "Ein Ziel zeichnet Tidemark ins Diagramm und sagt, wann du da sein könntest.",
    kind: "Wozu",
    lose: "Abnehmen",
    gain: "Zunehmen",
    keep: "Halten",
    weight: "Zielgewicht",
    line: |weight| format!("Ziel {weight}"),
    floor: |lowest| {
        format!(
            "Das niedrigste Ziel für diese Größe ist {lowest}. Das ist ein BMI von 18,5, wo der Normalbereich Erwachsener beginnt; darunter setzt Tidemark kein Ziel. Eintragen kannst du immer alles."
        )
    },
    must_be_below: |trend| format!("Wähle zum Abnehmen weniger als den Trend, {trend}."),
    must_be_above: |trend| format!("Wähle zum Zunehmen mehr als den Trend, {trend}."),
    to_go: |amount| format!("Noch {amount}."),
    reached: "Der Trend ist da.",
    between: |from, to| {
        if from == to {
            format!("Beim Tempo der letzten vier Wochen: {from}.")
        } else {
            format!("Beim Tempo der letzten vier Wochen: zwischen {from} und {to}.")
        }
    },
    too_few_days: |days| {
        if days == 1 {
            "Noch zu wenige Einträge für eine Prognose. Ein Tag mehr genügt.".to_owned()
        } else {
            format!("Noch zu wenige Einträge für eine Prognose. {days} Tage mehr genügen.")
        }
    },
    no_direction: "Keine Prognose: In den letzten vier Wochen hat das Gewicht mehr geschwankt, als es sich bewegt hat.",
    other_way: "Keine Prognose: In den letzten vier Wochen hat sich das Gewicht davon entfernt.",
    too_far: "Keine Prognose: In diesem Tempo wären es mehr als zwei Jahre.",
    off_by: |direction, amount| match direction {
        ChangeDirection::Down => format!("Der Trend liegt {amount} darunter."),
        ChangeDirection::Up => format!("Der Trend liegt {amount} darüber."),
        ChangeDirection::Level => "Der Trend ist da.".to_owned(),
    },
    why_range: "Eine Prognose ist eine Spanne, weil Gewicht von Tag zu Tag schwankt. In vier von fünf Fällen liegt das Tempo darin, wenn sich nichts ändert.",
};

pub const PEOPLE: PeopleTexts = PeopleTexts {
    title: "Personen auf diesem Gerät",
    add: "Person hinzufügen",
    no_entry: "Kein Eintrag",
    remove: |name| format!("{name} aus der Liste nehmen"),
    removed: |name| format!("{name} entfernt"),
    avatar: "Bild",
    avatars: [
        "Initiale", "Welle", "Sonne", "Mond", "Blatt", "Berg", "Stern", "Vogel", "Boot",
    ],
    welcome: "Einrichten",
    welcome_why: "Eine Minute, und alles lässt sich später in den Einstellungen ändern. Ein Konto brauchst du nicht.",
    steps: ["Anzeige", "Über dich", "Dein Ziel"],
    step_of: |step, of| format!("Schritt {step} von {of}"),
    about_why: "Alles ist freiwillig. Aus der Größe ergibt sich der BMI; das Geburtsdatum entscheidet, ob Bereiche für Erwachsene gelten.",
    skip: "Überspringen",
    back: "Zurück",
    next: "Weiter",
    done: "Fertig",
};

pub const PAST: PastTexts = PastTexts {
    view: "Ansicht",
    views: ["Einträge", "Mittelwerte", "Gelöscht"],
    period: "Gemittelt über",
    periods: ["Woche", "Monat", "Jahr"],
    average: "Mittel",
    change: "Änderung",
    week_of: |date| format!("Woche ab {}", super::day_month(date)),
    days: |days| {
        if days == 1 {
            "1 Tag".to_owned()
        } else {
            format!("{days} Tage")
        }
    },
    averages_sentence: |direction, amount, count| match direction {
        ChangeDirection::Down => {
            format!("{amount} weniger vom ersten zum letzten von {count} Mittelwerten.")
        }
        ChangeDirection::Up => {
            format!("{amount} mehr vom ersten zum letzten von {count} Mittelwerten.")
        }
        ChangeDirection::Level => {
            format!("Der erste und der letzte von {count} Mittelwerten sind gleich.")
        }
    },
    averages_none: "Mittelwerte beginnen mit dem ersten Eintrag.",
    deleted_note: |days| {
        format!(
            "Was in den letzten {days} Tagen auf diesem Gerät gelöscht wurde, kannst du hier wiederherstellen."
        )
    },
    deleted_empty: "In letzter Zeit wurde nichts gelöscht.",
    deleted_on: |when| format!("gelöscht: {when}"),
    restore: "Wiederherstellen",
    restore_entry: |entry| format!("{entry} wiederherstellen"),
};

pub const DEVICE: DeviceTexts = DeviceTexts {
    thresholds: "BMI-Grenzen",
    thresholds_usual: "International",
    thresholds_lower: "Niedriger",
    thresholds_why: "Manche Menschen haben schon ab einem niedrigeren BMI ein höheres Risiko, darunter viele mit Wurzeln in Asien. Für sie nennt die WHO 23 und 27,5 statt 25 und 30. Du entscheidest; Tidemark rät nie.",
    risk_band: |band| match band {
        RiskBand::Under => "Untergewicht",
        RiskBand::Acceptable => "Annehmbares Risiko",
        RiskBand::Increased => "Erhöhtes Risiko",
        RiskBand::High => "Hohes Risiko",
    },
    risk_band_short: |band| match band {
        RiskBand::Under => "Unter",
        RiskBand::Acceptable => "Annehmbar",
        RiskBand::Increased => "Erhöht",
        RiskBand::High => "Hoch",
    },
    measure: "Diagramm von",
    hide_numbers: "Zahlen verbergen",
    hide_numbers_why: "Gewichte und BMI werden auf diesem Gerät zu Punkten.",
    kept: (
        "Auf diesem Gerät sicher",
        "Der Browser löscht es nicht von selbst.",
    ),
    not_kept: (
        "Der Browser kann es löschen",
        "Wenn der Platz knapp wird. Die App zu installieren oder zu synchronisieren bewahrt deine Einträge.",
    ),
    kept_unknown: (
        "Auf diesem Gerät gespeichert",
        "Wie sicher, sagt dieser Browser nicht.",
    ),
    erase: "Alles auf diesem Gerät löschen",
    erase_why: |unsent| {
        let lost = match unsent {
            0 => String::new(),
            1 => " 1 Eintrag ist noch nicht auf dem Server und ginge verloren.".to_owned(),
            unsent => {
                format!(" {unsent} Einträge sind noch nicht auf dem Server und gingen verloren.")
            }
        };
        format!(
            "Einträge, Personen und Einstellungen verschwinden aus diesem Browser, ohne Weg zurück. Was der Server hat, bleibt dort und kommt wieder, wenn dieses Gerät neu synchronisiert.{lost}"
        )
    },
    erase_confirm: "Alles löschen",
    install: "Tidemark auf den Startbildschirm",
    install_why: "Browser können Daten von Seiten löschen, die eine Weile nicht geöffnet wurden. Die einer installierten App behalten sie.",
    install_by_hand: "Tippe auf Teilen, dann auf „Zum Home-Bildschirm“.",
    install_do: "Installieren",
    install_never: "Nein danke",
};

pub const ABOUT: AboutTexts = AboutTexts {
    title: "Info",
    version: |version| format!("Version {version}"),
    what: &[
        "Tidemark hält Gewicht und BMI fest. Es geht ohne Netz und synchronisiert, wenn eins da ist.",
        "Es gibt keinen medizinischen Rat.",
    ],
    formulas: "Wie gerechnet wird",
    rules: &[
        (
            "Trend",
            "Jeden Tag geht der Trend ein Zehntel des Weges zum Mittel des Tages. Nach einer Lücke so weit, als wären die Tage dazwischen vergangen.",
            sources::TREND,
        ),
        (
            "Änderung",
            "Der Unterschied des Trends zu dem vor einer Woche oder 30 Tagen. Er wird gezeigt, wenn 4 der letzten 7 oder 19 der letzten 28 Tage Einträge haben.",
            "",
        ),
        (
            "BMI",
            "Kilogramm geteilt durch Quadratmeter. Die Klasse entscheidet der genaue Wert; die gezeigte Zahl gehört nie zu einer anderen Klasse.",
            sources::BMI,
        ),
        (
            "Niedrigere Grenzen",
            "18,5, 23 und 27,5, als eigene Entscheidung.",
            sources::LOWER,
        ),
        (
            "Unter 20 Jahren",
            "BMI ohne Klasse: Er müsste nach Alter und Geschlecht gelesen werden.",
            sources::YOUNG,
        ),
        (
            "Prognose",
            "Eine Gerade durch die letzten vier Wochen, mit 1,28 Standardfehlern zu beiden Seiten. Sie braucht 10 Tage mit Einträgen in mindestens 14 Tagen.",
            "",
        ),
        (
            "Mittelwerte",
            "Das Mittel der Tagesmittel, damit jeder Tag einmal zählt.",
            "",
        ),
        (
            "Einheiten",
            "Gewichte werden in ganzen Gramm gespeichert, Größen in ganzen Millimetern.",
            sources::UNITS,
        ),
    ],
    privacy: "Datenschutz",
    privacy_text: &[
        "Nichts verlässt dieses Gerät, bevor du es willst. Es gibt keine Tracker und keine Anfragen an Dritte.",
    ],
    licence: "Lizenz",
    licence_text: "Tidemark ist freie Software unter MIT oder Apache 2.0, wie du magst.",
};
