//! The names of a table's columns, from the statement that made it.

/// What begins a rule of the whole table instead of a column.
const TABLE_RULES: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// The columns in order, and which of them is the row's number (`INTEGER PRIMARY KEY`).
pub(super) fn column_names(sql: &str) -> (Vec<String>, Option<usize>) {
    let mut names = Vec::new();
    let mut row_number_column = None;
    for definition in definitions(sql) {
        let definition = definition.trim();
        let (name, rest) = split_name(definition);
        let is_quoted = definition.starts_with(['"', '`', '[', '\'']);
        if name.is_empty()
            || (!is_quoted
                && TABLE_RULES
                    .iter()
                    .any(|rule| rule.eq_ignore_ascii_case(name)))
        {
            continue;
        }
        let words: Vec<String> = rest
            .split_whitespace()
            .map(str::to_ascii_uppercase)
            .collect();
        let is_key = words.windows(2).any(|pair| pair == ["PRIMARY", "KEY"]);
        if is_key && words.first().is_some_and(|kind| kind == "INTEGER") {
            row_number_column = Some(names.len());
        }
        names.push(name.to_owned());
    }
    (names, row_number_column)
}

/// What stands between the commas of the outermost parentheses.
fn definitions(sql: &str) -> Vec<&str> {
    let Some(open) = sql.find('(') else {
        return Vec::new();
    };
    let inside = &sql[open + 1..];
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_usize, None);
    for (at, character) in inside.char_indices() {
        match (quote, character) {
            (Some(closing), _) if character == closing => quote = None,
            (None, '"' | '`' | '\'') => quote = Some(character),
            (None, '[') => quote = Some(']'),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => {
                parts.push(&inside[start..at]);
                return parts;
            }
            (None, ')') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(&inside[start..at]);
                start = at + 1;
            }
            (Some(_) | None, _) => {}
        }
    }
    parts
}

/// The name at the beginning of a definition, and the rest.
fn split_name(definition: &str) -> (&str, &str) {
    let closing = match definition.chars().next() {
        Some('[') => ']',
        Some(quote @ ('"' | '`' | '\'')) => quote,
        _ => {
            let end = definition
                .find(char::is_whitespace)
                .unwrap_or(definition.len());
            return definition.split_at(end);
        }
    };
    let inside = &definition[1..];
    inside.split_once(closing).unwrap_or((inside, ""))
}
