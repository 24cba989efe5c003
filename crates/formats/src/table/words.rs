//! What the headers of columns mean, in the languages that apps speak to people.

use super::{HeightUnit, Role};
use crate::text::{fold, is_letter};
use tidemark_domain::mass::MassUnit;

/// A header, folded to lower case with blanks for all signs: `Weight (kg)` is `weight kg`.
pub(crate) struct Header(String);

const DATE_TIME: &str = "\
    datetime|date time|timestamp|measured at|created at|date and time|zeitpunkt|\
    zeitstempel|datum uhrzeit|datum zeit|tarih saat|start time|logged at";
const DATE: &str = "date|day|datum|tag|tarih|gün|fecha|data|día|jour|dato|дата";
const TIME: &str = "time|uhrzeit|zeit|saat|heure|hora|ora|tijd|время";
const WEIGHT: &str = "\
    weight|body weight|bodyweight|body mass|mass|gewicht|körpergewicht|kilo|\
    ağırlık|ağirlik|agirlik|vücut ağırlığı|poids|peso|massa|waga|вес|pound s|\
    pounds|lbs|lb|kg|kilograms|scale|actual weight|average weight";
const HEIGHT: &str = "\
    height|größe|grösse|körpergröße|boy|taille|altura|altezza|lengte";
/// `vti` is what the plan's source app calls the BMI in Turkish.
const BMI: &str = "bmi|body mass index|vti|vki|vke|bki|imc";
const NOTE: &str = "\
    note|notes|comment|comments|log|remark|kommentar|kommentare|notiz|notizen|\
    bemerkung|not|notlar|yorum|açıklama|commentaire|commentaires|comentario|\
    comentarios|commenti|nota";

impl Header {
    pub fn new(name: &str) -> Self {
        let lower = fold(name);
        let words: Vec<&str> = lower
            .split(|c| !is_letter(c) && !c.is_ascii_digit())
            .filter(|word| !word.is_empty())
            .collect();
        Self(words.join(" "))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ')
    }

    /// The header without the words that name a unit.
    fn without_units(&self) -> String {
        let is_unit = |word: &&str| {
            matches!(
                *word,
                "kg" | "lb" | "lbs" | "st" | "stone" | "cm" | "m" | "in" | "pounds"
            )
        };
        let rest: Vec<&str> = self.words().filter(|word| !is_unit(word)).collect();
        if rest.is_empty() {
            self.0.clone()
        } else {
            rest.join(" ")
        }
    }
}

/// What a column with this header holds, as far as the name tells.
pub(crate) fn role_of(header: &Header) -> Role {
    let name = header.without_units();
    let is = |names: &str| names.split('|').any(|known| known == name);
    match () {
        () if is(DATE_TIME) => Role::DateTime,
        () if is(DATE) => Role::Date,
        () if is(TIME) => Role::Time,
        () if is(WEIGHT) => Role::Weight(mass_unit_in(header)),
        () if is(HEIGHT) => Role::Height(height_unit_in(header)),
        () if is(BMI) => Role::Bmi,
        () if is(NOTE) => Role::Note,
        () => Role::Ignore,
    }
}

/// The unit of mass that a header names.
pub(crate) fn mass_unit_in(header: &Header) -> Option<MassUnit> {
    header.words().find_map(|word| match word {
        "kg" | "kgs" | "kilogram" | "kilograms" | "kilo" => Some(MassUnit::Kilogram),
        "lb" | "lbs" | "pound" | "pounds" => Some(MassUnit::Pound),
        "st" | "stone" | "stones" => Some(MassUnit::Stone),
        _ => None,
    })
}

/// The unit of length that a header names.
pub(crate) fn height_unit_in(header: &Header) -> Option<HeightUnit> {
    header.words().find_map(|word| match word {
        "cm" => Some(HeightUnit::Centimetre),
        "m" => Some(HeightUnit::Metre),
        "in" | "inch" | "inches" => Some(HeightUnit::Inch),
        _ => None,
    })
}
