//! Names of months in the languages whose exports spell them out.

/// How the names of each month begin, in lower case: English, German, Dutch, Turkish, French, Spanish, Italian,
/// Portuguese. French needs four letters to tell June from July.
const BEGINNINGS: [&str; 12] = [
    "jan|jän|oca|ene|gen",
    "feb|şub|sub|fév|fev",
    "mar|mär|mrt|maa",
    "apr|nis|avr|abr",
    "may|mai|mei|mag",
    "jun|haz|juin|giu",
    "jul|tem|juil|lug",
    "aug|ağu|agu|aoû|aou|ago",
    "sep|eyl|set",
    "oct|okt|eki|ott|out",
    "nov|kas",
    "dec|dez|ara|déc|dic",
];

/// The month, 1 to 12, that a word in lower case means.
pub(crate) fn month(word: &str) -> Option<u32> {
    let is_meant = |names: &str| names.split('|').any(|name| word.starts_with(name));
    let index = BEGINNINGS.iter().position(|names| is_meant(names))?;
    u32::try_from(index + 1).ok()
}
