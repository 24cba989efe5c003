//! One style sheet out of `style/main.css` and what it imports.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// Puts imported sheets in the place of their `@import` lines, and drops comments and indentation.
///
/// An import may name a layer; a media condition is refused rather than lost. So is an address of a file, which would
/// point elsewhere from the bundle.
pub fn bundle(main: &Path) -> Result<String> {
    let text = fs::read_to_string(main).with_context(|| main.display().to_string())?;
    let text = without_comments(&text);
    let mut result = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let Some(import) = line.strip_prefix("@import ") else {
            if line.contains("url(") && !line.contains("url(\"data:") {
                bail!(
                    "{}: only data: addresses can be bundled: {line}",
                    main.display()
                );
            }
            result.push_str(line);
            result.push('\n');
            continue;
        };
        let (file, layer) =
            parse(import).with_context(|| format!("{}: cannot bundle {line}", main.display()))?;
        let sheet = bundle(&main.with_file_name("").join(file))?;
        match layer {
            Some(name) => result.extend(["@layer ", name, " {\n", &sheet, "}\n"]),
            None => result.push_str(&sheet),
        }
    }
    Ok(result)
}

/// `url("file") layer(name);` → file and layer.
fn parse(import: &str) -> Option<(&str, Option<&str>)> {
    let rest = import.trim().strip_suffix(';')?;
    let rest = rest.strip_prefix("url(").unwrap_or(rest);
    let (file, rest) = rest.strip_prefix('"')?.split_once('"')?;
    let rest = rest.trim_start_matches(')').trim();
    if rest.is_empty() {
        return Some((file, None));
    }
    Some((file, Some(rest.strip_prefix("layer(")?.strip_suffix(')')?)))
}

/// The text without comments. What looks like a comment inside a string is none.
fn without_comments(css: &str) -> String {
    let mut result = String::with_capacity(css.len());
    let mut quote: Option<char> = None;
    let mut rest = css;
    while let Some(character) = rest.chars().next() {
        if quote.is_none() && rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
            continue;
        }
        match quote {
            Some(open) if open == character => quote = None,
            None if character == '"' || character == '\'' => quote = Some(character),
            _ => {}
        }
        result.push(character);
        rest = &rest[character.len_utf8()..];
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{parse, without_comments};

    #[test]
    fn comments_go_and_strings_stay() {
        assert_eq!(without_comments("a/* b */c /* open"), "ac ");
        assert_eq!(
            without_comments("content: \"/* kept */\";"),
            "content: \"/* kept */\";"
        );
    }

    #[test]
    fn an_import_is_a_file_and_perhaps_a_layer() {
        assert_eq!(parse("url(\"a.css\");"), Some(("a.css", None)));
        assert_eq!(
            parse("\"a.css\" layer(base);"),
            Some(("a.css", Some("base")))
        );
        assert_eq!(
            parse("url(\"a.css\") layer(base);"),
            Some(("a.css", Some("base")))
        );
        assert_eq!(parse("url(\"a.css\") print;"), None);
    }
}
