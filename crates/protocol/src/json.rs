//! Reading a body as JSON without letting one value spoil the rest.
//!
//! JSON's grammar allows two things that a parser into Rust values must refuse: half of a surrogate pair in a string,
//! and a number beyond `f64`. Both are an event's own fault, not the whole batch's, so they are replaced here
//! by something that every field check refuses: U+0000 and an empty string. Must not know what the body means.

use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

/// The bytes are not JSON in UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the body is not JSON in UTF-8")]
pub struct NotJson;

/// Reads a whole body.
///
/// # Errors
/// [`NotJson`] where the grammar or the encoding is broken, or values nest deeper than 128.
pub fn parse(body: &[u8]) -> Result<Value, NotJson> {
    serde_json::from_slice(body)
        .or_else(|_| serde_json::from_slice(&mended(body)))
        .map_err(|_| NotJson)
}

fn mended(body: &[u8]) -> Vec<u8> {
    let mut out = body.to_vec();
    let mut at = 0;
    while at < out.len() {
        at = match out[at] {
            b'"' => mend_string(&mut out, at + 1),
            b'-' | b'0'..=b'9' => mend_number(&mut out, at),
            _ => at + 1,
        };
    }
    out
}

/// Replaces lone surrogates up to the closing quote; answers where to go on.
fn mend_string(out: &mut [u8], mut at: usize) -> usize {
    while at < out.len() && out[at] != b'"' {
        if out[at] != b'\\' {
            at += 1;
            continue;
        }
        at += match (escaped_unit(out, at), escaped_unit(out, at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                out[at + 2..at + 6].copy_from_slice(b"0000");
                6
            }
            _ => 2,
        };
    }
    at + 1
}

/// The UTF-16 unit that a `\uXXXX` at this place stands for.
fn escaped_unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let text = str::from_utf8(digits)
        .ok()
        .filter(|text| !text.contains('+'))?;
    u16::from_str_radix(text, 16).ok()
}

/// Replaces a number that no `f64` can hold; answers where to go on.
fn mend_number(out: &mut [u8], start: usize) -> usize {
    let length = out[start..]
        .iter()
        .take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
        .count();
    let token = &mut out[start..start + length];
    let is_number = serde_json::from_slice::<&RawValue>(token).is_ok();
    let overflows = str::from_utf8(token)
        .ok()
        .and_then(|text| text.parse::<f64>().ok())
        .is_some_and(f64::is_infinite);
    if is_number && overflows {
        token.fill(b' ');
        token[..2].copy_from_slice(b"\"\"");
    }
    start + length
}

#[cfg(test)]
mod tests {
    use super::{NotJson, parse};
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn only_the_value_that_no_rust_type_can_hold_is_replaced() {
        let cases = [
            (r#"{"a":"\ud800","b":1}"#, json!({"a": "\u{0}", "b": 1})),
            (r#"{"a":"\uDC00x"}"#, json!({"a": "\u{0}x"})),
            (r#"["\ud83d\ude00\ud83d"]"#, json!(["\u{1f600}\u{0}"])),
            (r#"["\ud800\ud83d\ude00"]"#, json!(["\u{0}\u{1f600}"])),
            (r#"["\\ud800", "\ud800"]"#, json!(["\\ud800", "\u{0}"])),
            (
                r#"{"w":1e999,"v":-1E+400,"n":2}"#,
                json!({"w": "", "v": "", "n": 2}),
            ),
            (
                r#"["1e999", "\"1e999", 1e999]"#,
                json!(["1e999", "\"1e999", ""]),
            ),
        ];
        for (body, expected) in cases {
            assert_eq!(parse(body.as_bytes()), Ok(expected), "{body}");
        }
    }

    #[test]
    fn what_is_not_json_stays_so() {
        let cases: [&[u8]; 10] = [
            b"",
            b"{",
            b"01e999",
            b"1.e999",
            b"{\"a\":\"\\ud8\"}",
            b"\"\\u+123\"",
            b"[1e999,]",
            b"\"\xff\"",
            b"\"a\x01\\ud800\"",
            b"NaN",
        ];
        for body in cases {
            assert_eq!(parse(body), Err(NotJson), "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(body in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = parse(&body);
        }

        #[test]
        fn what_a_strict_parser_takes_reads_the_same(text in any::<String>(), number in any::<i64>()) {
            let value = json!({"t": text, "n": number});
            prop_assert_eq!(parse(value.to_string().as_bytes()), Ok(value));
        }
    }
}
