//! Names of months in the languages whose exports spell them out.

/// Beginnings of names, in lower case, with their month. French needs four letters to tell June from July.
const BEGINNINGS: [(&str, u32); 51] = [
    // English, and what German, Dutch, French, Italian, Portuguese and Spanish share with it
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    // German, Dutch
    ("jän", 1),
    ("mär", 3),
    ("mrt", 3),
    ("maa", 3),
    ("mai", 5),
    ("mei", 5),
    ("okt", 10),
    ("dez", 12),
    // Turkish
    ("oca", 1),
    ("şub", 2),
    ("sub", 2),
    ("nis", 4),
    ("haz", 6),
    ("tem", 7),
    ("ağu", 8),
    ("agu", 8),
    ("eyl", 9),
    ("eki", 10),
    ("kas", 11),
    ("ara", 12),
    // French
    ("fév", 2),
    ("fev", 2),
    ("avr", 4),
    ("juin", 6),
    ("juil", 7),
    ("aoû", 8),
    ("aou", 8),
    ("déc", 12),
    // Spanish, Italian, Portuguese
    ("ene", 1),
    ("gen", 1),
    ("abr", 4),
    ("mag", 5),
    ("giu", 6),
    ("lug", 7),
    ("ago", 8),
    ("set", 9),
    ("ott", 10),
    ("out", 10),
    ("dic", 12),
];

/// The month, 1 to 12, that a word in lower case means.
pub(crate) fn month(word: &str) -> Option<u32> {
    BEGINNINGS
        .iter()
        .find(|(beginning, _)| word.starts_with(beginning))
        .map(|(_, month)| *month)
}
