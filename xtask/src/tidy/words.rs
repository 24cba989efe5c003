//! No text that a person reads stands outside of the page's `i18n` folder.
//!
//! What counts as such: a literal that stands as text in `view!`, one given to an attribute that is read aloud or shown,
//! and any literal that reads like a sentence. Tests, panics and the reasons of lints are not read by people.

use super::Files;
use anyhow::{Context, Result};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

const FOLDER: &str = "src/";
const WORDS: &str = "src/i18n/";
/// Attributes whose value is shown or read aloud.
const READ: [&str; 6] = [
    "label",
    "title",
    "placeholder",
    "alt",
    "roledescription",
    "valuetext",
];
/// Calls whose text only a developer sees.
const UNREAD: [&str; 6] = [
    "expect",
    "panic",
    "assert",
    "assert_eq",
    "unreachable",
    "log",
];

/// Findings in the page's sources.
pub fn check(files: &Files) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (name, text) in files.texts(&[".rs"]) {
        if !name.starts_with(FOLDER) || name.starts_with(WORDS) || name.contains("tests") {
            continue;
        }
        let found = in_source(&text).with_context(|| name.to_owned())?;
        findings.extend(
            found
                .iter()
                .map(|words| format!("{name}: {words} belongs into {WORDS}")),
        );
    }
    Ok(findings)
}

fn in_source(source: &str) -> Result<Vec<String>> {
    let tokens: TokenStream = source.parse().map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut found = Vec::new();
    walk(tokens, false, &mut found);
    Ok(found)
}

/// Goes through the tokens in order; `in_view` within `view!`, where a literal on its own is shown.
fn walk(tokens: TokenStream, in_view: bool, found: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        let before = |back: usize| at.checked_sub(back).and_then(|place| tokens.get(place));
        match &tokens[at] {
            TokenTree::Literal(literal) => {
                let words = literal.to_string();
                let is_read = is_value_of_read(&tokens[..at]);
                let is_value =
                    matches!(before(1), Some(TokenTree::Punct(punct)) if punct.as_char() == '=');
                let is_shown = in_view && !is_value && has_letters(&words);
                if words.contains('"')
                    && (is_shown
                        || (is_read && has_letters(&words))
                        || (!is_value && is_sentence(&words)))
                {
                    found.push(words);
                }
            }
            TokenTree::Group(group) => {
                if is_attribute(&tokens[..at]) {
                    at += 1;
                    if is_test_attribute(&group.stream()) {
                        at = after_item(&tokens, at);
                    }
                    continue;
                }
                let caller = caller(&tokens[..at]);
                let is_unread = caller.as_deref().is_some_and(|name| UNREAD.contains(&name));
                if !is_unread {
                    let opens_view = caller.as_deref() == Some("view");
                    let stays =
                        in_view && caller.is_none() && group.delimiter() == Delimiter::Brace;
                    walk(group.stream(), opens_view || stays, found);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Whether these tokens end with `#` or `#!`: what follows is an attribute.
fn is_attribute(before: &[TokenTree]) -> bool {
    let mut back = before.iter().rev().filter_map(punct);
    match before.last().and_then(punct) {
        Some('#') => true,
        Some('!') => back.nth(1) == Some('#'),
        _ => false,
    }
}

fn is_test_attribute(tokens: &TokenStream) -> bool {
    let words = tokens.to_string();
    words == "test" || words.replace(' ', "") == "cfg(test)"
}

/// The place behind the item that begins at `at`: behind its first braces or its semicolon.
fn after_item(tokens: &[TokenTree], at: usize) -> usize {
    let end = tokens[at.min(tokens.len())..]
        .iter()
        .position(|token| match token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            token => punct(token) == Some(';'),
        });
    end.map_or(tokens.len(), |end| at + end + 1)
}

/// The function or macro that the next group is given to.
fn caller(before: &[TokenTree]) -> Option<String> {
    let mut back = before.iter().rev();
    match back.next()? {
        TokenTree::Ident(name) => Some(name.to_string()),
        TokenTree::Punct(bang) if bang.as_char() == '!' => match back.next()? {
            TokenTree::Ident(name) => Some(name.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the next token is the value of an attribute that people read: `aria-label=`.
fn is_value_of_read(before: &[TokenTree]) -> bool {
    let mut back = before.iter().rev();
    let equals = back.next().and_then(punct) == Some('=');
    let name = back.next().map(ToString::to_string).unwrap_or_default();
    equals && READ.contains(&name.as_str())
}

fn punct(token: &TokenTree) -> Option<char> {
    match token {
        TokenTree::Punct(punct) => Some(punct.as_char()),
        _ => None,
    }
}

/// Escapes and placeholders are no letters.
fn has_letters(literal: &str) -> bool {
    let text = literal.trim_matches('"').replace("\\u{a0}", "");
    text.chars().any(char::is_alphabetic)
}

/// Two words of letters beside each other, the first with a capital or the whole of three words and more.
fn is_sentence(literal: &str) -> bool {
    let text = literal.trim_matches('"');
    let is_word = |word: &str| {
        let word = word.trim_end_matches(['.', ',', ':', '?', '…']);
        word.chars().count() >= 2
            && word
                .chars()
                .all(|c| c.is_alphabetic() || c == '’' || c == '\'')
    };
    let words: Vec<&str> = text.split(' ').collect();
    let run = words
        .chunk_by(|one, next| is_word(one) && is_word(next))
        .map(<[_]>::len)
        .max();
    let begins_large = words
        .first()
        .is_some_and(|word| word.starts_with(char::is_uppercase));
    run.is_some_and(|run| run >= 3 || (run == 2 && begins_large))
}

#[cfg(test)]
mod tests {
    use super::in_source;

    #[test]
    fn text_for_people_is_found_and_marks_for_machines_are_not() {
        let cases = [
            ("fn f() { view! { <p>\"Saved\"</p> } }", 1),
            ("fn f() { view! { <p>{\"kg\"}</p> } }", 1),
            (
                "fn f() { view! { <p class=\"button wide one\" data-kind=\"x\">{words}\" · \"</p> } }",
                0,
            ),
            ("fn f() { view! { <p aria-label=\"Close\"/> } }", 1),
            (
                "fn f() { view! { <path d=format!(\"M{:.1} 18V{:.1}\", x, y)/> } }",
                0,
            ),
            ("fn f() -> &str { \"Nothing was lost\" }", 1),
            ("fn f() { x.expect(\"a name of three words\") }", 0),
            (
                "#[expect(clippy::x, reason = \"at most nine days\")] fn f() {}",
                0,
            ),
            (
                "#[cfg(test)] mod tests { fn f() { g(\"Nothing was lost\") } }",
                0,
            ),
            (
                "fn f() { g(\"meta[name=theme-color]\", \"data-theme\") }",
                0,
            ),
        ];
        for (source, count) in cases {
            let found = in_source(source).expect("the source has tokens");
            assert_eq!(found.len(), count, "{source}: {found:?}");
        }
    }
}
