//! Reading a body as JSON without letting one value spoil the rest.
//!
//! JSON's grammar allows two things that a parser into Rust values must refuse: half of a surrogate pair in a string,
//! and a number beyond `f64`. Both are an event's own fault, not the whole batch's, so they are replaced here
//! by U+0000, which every field check refuses. Must not know what the body means.

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

/// What stands for a value that no Rust type can hold: a string that no field takes.
const UNUSABLE: &[u8] = b"\"\\u0000\"";

fn mended(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(first) = rest.first() {
        let length = match first {
            b'"' => mend_string(rest, &mut out),
            b'-' | b'0'..=b'9' => mend_number(rest, &mut out),
            other => {
                out.push(*other);
                1
            }
        };
        rest = &rest[length..];
    }
    out
}

/// Copies a string, lone surrogates replaced; answers its length.
fn mend_string(text: &[u8], out: &mut Vec<u8>) -> usize {
    out.push(b'"');
    let mut at = 1;
    while at < text.len() && text[at] != b'"' {
        let units = (escaped_unit(text, at), escaped_unit(text, at + 6));
        let length = match units {
            _ if text[at] != b'\\' => 1,
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => 6,
            _ => 2,
        };
        if length == 6 {
            out.extend_from_slice(b"\\u0000");
        } else {
            out.extend(&text[at..text.len().min(at + length)]);
        }
        at += length;
    }
    out.extend(text.get(at));
    text.len().min(at + 1)
}

/// The UTF-16 unit that a `\uXXXX` at this place stands for.
fn escaped_unit(bytes: &[u8], at: usize) -> Option<u16> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let text = str::from_utf8(digits).ok();
    u16::from_str_radix(text.filter(|text| !text.contains('+'))?, 16).ok()
}

/// Copies a number, one that no `f64` can hold replaced; answers its length.
fn mend_number(text: &[u8], out: &mut Vec<u8>) -> usize {
    let belongs = |byte: &&u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
    let length = text.iter().take_while(belongs).count();
    let token = &text[..length];
    let is_number = serde_json::from_slice::<&RawValue>(token).is_ok();
    let number = str::from_utf8(token)
        .ok()
        .and_then(|text| text.parse::<f64>().ok());
    let overflows = number.is_some_and(f64::is_infinite);
    out.extend(if is_number && overflows {
        UNUSABLE
    } else {
        token
    });
    length
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
                json!({"w": "\u{0}", "v": "\u{0}", "n": 2}),
            ),
            (
                r#"["1e999", "\"1e999", 1e999]"#,
                json!(["1e999", "\"1e999", "\u{0}"]),
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
