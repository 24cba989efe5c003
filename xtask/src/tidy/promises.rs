//! Documents name tests as proof: a name that no source has is a promise that nothing holds.

use super::Files;
use std::collections::{BTreeMap, BTreeSet};

/// Underscores that make a word in backticks the name of a test, and not that of a field.
const UNDERSCORES_MIN: usize = 3;

/// How the names of the server's meters begin.
const METER: &str = "tidemark_";

/// Looks up every test that a document of `docs/` names.
pub fn check(files: &Files) -> Vec<String> {
    let mut named: BTreeMap<String, String> = BTreeMap::new();
    for (document, text) in files.texts(&[".md"]) {
        let tests = tests_named(&text).map(str::to_owned);
        named.extend(tests.map(|name| (name, document.to_owned())));
    }
    let known: BTreeSet<String> = files
        .texts(&[".rs"])
        .flat_map(|(_, text)| words(&text).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let missing = named.iter().filter(|(name, _)| !known.contains(*name));
    missing
        .map(|(name, document)| format!("{document}: names the test {name}, which does not exist"))
        .collect()
}

/// What stands in backticks and looks like a test.
fn tests_named(text: &str) -> impl Iterator<Item = &str> {
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|name| {
        let is_word = name.chars().all(is_of_name) && !name.starts_with(METER);
        is_word && name.matches('_').count() >= UNDERSCORES_MIN
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter| !is_of_name(letter))
        .filter(|word| word.matches('_').count() >= UNDERSCORES_MIN)
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_told_from_fields_and_commands() {
        let text = "Held by `a_test_with_a_name`, `two_words` and `cargo xtask sim`; `…_in_a_browser_too`.";
        let named: Vec<&str> = tests_named(text).collect();
        assert_eq!(named, ["a_test_with_a_name"]);
        assert!(words("fn a_test_with_a_name() {").any(|word| word == named[0]));
    }
}
