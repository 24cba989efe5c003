//! Each dependency says what it is for, on its line.

use super::Files;

/// Findings in all manifests.
pub fn check(files: &Files) -> Vec<String> {
    let mut findings = Vec::new();
    for (name, text) in files.texts(&["Cargo.toml"]) {
        findings.extend(
            silent(&text)
                .into_iter()
                .map(|line| format!("{name}: what is it for? {line}")),
        );
    }
    findings
}

/// Dependency lines without a comment. Our own crates need none, and where a line only says that the workspace's entry
/// is used, the comment may stand there.
fn silent(manifest: &str) -> Vec<&str> {
    let mut in_dependencies = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.trim_end_matches(']').ends_with("dependencies");
        } else if in_dependencies && is_entry(line) && !line.contains('#') {
            let known = line.contains("workspace = true") || line.contains("path = ");
            if !known {
                found.push(line);
            }
        }
    }
    found
}

/// A continuation of a list is not an entry.
fn is_entry(line: &str) -> bool {
    line.starts_with(|first: char| first.is_ascii_alphanumeric()) && line.contains('=')
}

#[cfg(test)]
mod tests {
    use super::silent;

    #[test]
    fn only_foreign_crates_without_a_word_are_found() {
        let manifest = "[dependencies]\nserde = \"1\"\nuuid = \"1\" # ids\nours = { path = \"../ours\" }\n\
                        chrono.workspace = true\n[profile.dev]\ndebug = 1\n[target.'cfg(x)'.dev-dependencies]\nidb = \"0.6\"";
        assert_eq!(silent(manifest), ["serde = \"1\"", "idb = \"0.6\""]);
    }
}
