//! What must not stand in a file: inline scripts in the page, paths of somebody's machine.

use super::Files;

/// Findings in the page's HTML and in all text files.
pub fn check(files: &Files) -> Vec<String> {
    let mut findings = Vec::new();
    for (name, text) in files.texts(&["index.html"]) {
        findings.extend(
            inline_code(&text)
                .into_iter()
                .map(|what| format!("{name}: {what}")),
        );
    }
    for (name, text) in files.texts(&[
        ".rs", ".toml", ".md", ".js", ".css", ".html", ".json", ".yml", ".sh", ".sql",
    ]) {
        for (number, line) in text.lines().enumerate() {
            if names_a_machine(line) {
                findings.push(format!(
                    "{name}:{}: a path of somebody's machine",
                    number + 1
                ));
            }
        }
    }
    findings
}

/// A strict Content-Security-Policy refuses all of these, so the page must do without them.
fn inline_code(html: &str) -> Vec<String> {
    let lower = html.to_ascii_lowercase();
    let mut found = Vec::new();
    for tag in lower.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        if tag.starts_with("script") && !tag.contains(" src=") {
            found.push("an inline script".to_owned());
        }
        if tag.starts_with("style") || tag.contains(" style=") {
            found.push("an inline style".to_owned());
        }
        let handler = tag
            .split_whitespace()
            .skip(1)
            .find(|word| word.starts_with("on") && word.contains('='));
        if let Some(handler) = handler {
            found.push(format!("an inline handler: {handler}"));
        }
    }
    found
}

fn names_a_machine(line: &str) -> bool {
    ["root", "home", "work", "Users"].iter().any(|folder| {
        let path = format!("/{folder}/");
        line.match_indices(&path).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + path.len()..].chars().next();
            before.is_none_or(|before| " \"'`(=:".contains(before))
                && after.is_some_and(char::is_alphanumeric)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{inline_code, names_a_machine};

    #[test]
    fn inline_code_is_found_and_external_code_is_not() {
        let cases = [
            ("<script>run()</script>", 1),
            ("<script type=\"module\" src=\"/a.js\"></script>", 0),
            ("<style>p {}</style>", 1),
            ("<p style=\"color: red\">", 1),
            ("<button onclick=\"run()\">", 1),
            ("<p class=\"one\">on=off</p>", 0),
        ];
        for (html, count) in cases {
            assert_eq!(inline_code(html).len(), count, "{html}");
        }
    }

    #[test]
    fn a_home_folder_is_a_machine_and_a_route_is_not() {
        let home = format!("see /{}/someone/file", "home");
        assert!(names_a_machine(&home));
        assert!(!names_a_machine("the route /history, and src/home/mod.rs"));
    }
}
