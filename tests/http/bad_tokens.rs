//! Tokens that let nobody in: more than two hundred, most of them sealed with the right key.

use crate::app::{START, Setup, TestApp};
use crate::person::Person;
use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// The first key of a server under test.
const KEY: [u8; 32] = [1; 32];

fn seal(text: &str, key: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(key)
        .unwrap()
        .chain_update(text);
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// A token of these texts, rightly sealed.
fn sealed(header: &str, claims: &str) -> String {
    let text = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    );
    let seal = seal(&text, &KEY);
    format!("{text}.{seal}")
}

struct Good {
    header: Value,
    claims: Value,
    token: String,
}

impl Good {
    fn of(person: &Person) -> Self {
        let part = |number: usize| {
            let part = person.access.split('.').nth(number).unwrap();
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        Self {
            header: part(0),
            claims: part(1),
            token: person.access.clone(),
        }
    }

    fn with_header(&self, name: &str, value: &Value) -> String {
        let mut header = self.header.clone();
        header[name] = value.clone();
        sealed(&header.to_string(), &self.claims.to_string())
    }

    fn with_claim(&self, name: &str, value: &Value) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value.clone();
        sealed(&self.header.to_string(), &claims.to_string())
    }

    fn without(&self, name: &str) -> String {
        let (mut header, mut claims) = (self.header.clone(), self.claims.clone());
        header.as_object_mut().unwrap().remove(name);
        claims.as_object_mut().unwrap().remove(name);
        sealed(&header.to_string(), &claims.to_string())
    }
}

fn bad_headers(good: &Good) -> Vec<String> {
    let values = json!({
        "alg": ["none", "None", "NONE", "nOnE", "NoNe", "", "hs256", "HS384", "HS512", "RS256", "PS256", "ES256", "EdDSA",
                null, 1, ["HS256"], {"a": 1}, " HS256"],
        "typ": ["JWT", "jwt", "at+JWT", "", null, 1, "application/at+jwt", "dpop+jwt"],
        "kid": ["", "key-2", "KEY-1", "key-1 ", "../key-1", "../../../../dev/null", "/dev/null", "key-1\u{0}",
                "' OR '1'='1", "key-1'; DROP TABLE account;--", "http://evil.example/key", "%6bey-1", null, 1, ["key-1"]],
        "jku": ["https://evil.example/keys"], "x5u": ["https://evil.example/cert"], "jwk": [{"kty": "oct", "k": "AA"}],
        "x5c": [["AA"]], "crit": [["exp"]], "b64": [false], "zip": ["DEF"], "cty": ["JWT"], "enc": ["A256GCM"],
    });
    let mut tokens = Vec::new();
    for (name, values) in values.as_object().unwrap() {
        let values = values.as_array().unwrap().iter();
        tokens.extend(values.map(|value| good.with_header(name, value)));
    }
    tokens
}

fn bad_claims(good: &Good) -> Vec<String> {
    let now = START / 1000;
    let values = json!({
        "iss": ["", "evil", "Tidemark", null, 1, ["tidemark"]],
        "aud": ["", "evil", "TIDEMARK", null, 1, ["tidemark"], ["tidemark", "evil"]],
        "sub": ["", "admin", "1", null, 1, "00000000-0000-0000-0000-000000000000", "' OR 1=1", "*"],
        "sid": ["", null, 1, "00000000-0000-0000-0000-000000000000", "x"],
        "jti": ["", null, 1, "x"],
        "iat": [now + 61, now + 3600, null, "1", 1.5, -1, "x", [1]],
        "exp": [now + 601, now + 1_000_000, null, "9999999999", 1.5, true, [1], i64::MAX, i64::MIN],
        "nbf": [now + 3600, 0, "x"],
        "admin": [true], "scope": ["*"], "roles": [["admin"]],
    });
    let mut tokens = Vec::new();
    for (name, values) in values.as_object().unwrap() {
        let values = values.as_array().unwrap().iter();
        tokens.extend(values.map(|value| good.with_claim(name, value)));
    }
    let missing = [
        "alg", "kid", "typ", "iss", "aud", "sub", "sid", "jti", "iat", "exp",
    ];
    tokens.extend(missing.map(|name| good.without(name)));
    tokens
}

/// Rightly sealed, but what is sealed says a thing twice, or is no token's text.
fn bad_texts(good: &Good) -> Vec<String> {
    let mut tokens = Vec::new();
    let (header, claims) = (good.header.to_string(), good.claims.to_string());
    let twice =
        |name: &str, value: &str| claims.replacen('{', &format!("{{\"{name}\":{value},"), 1);
    for (name, value) in [
        ("sub", "\"0190c0de-0000-7000-8000-0000000000ee\""),
        ("exp", "9999999999"),
        ("aud", "\"evil\""),
    ] {
        tokens.push(sealed(&header, &twice(name, value)));
    }
    tokens.push(sealed(
        &header,
        &claims.replace("\"exp\":", "\"exp\":1e400,\"x\":"),
    ));
    tokens.push(sealed(
        &header.replacen('{', "{\"alg\":\"none\",", 1),
        &claims,
    ));
    for (header, claims) in [
        ("", ""),
        ("{}", "{}"),
        ("null", "null"),
        ("[]", "[]"),
        ("{", "}"),
        ("\u{0}", "\u{0}"),
    ] {
        tokens.push(sealed(header, claims));
    }
    tokens.push(sealed(&header, &format!("{claims} {{}}")));
    tokens
}

fn bad_seals(good: &Good) -> Vec<String> {
    let token = &good.token;
    let (text, seal_text) = token.rsplit_once('.').unwrap();
    let (header, claims) = text.split_once('.').unwrap();
    let padded = URL_SAFE.encode(URL_SAFE_NO_PAD.decode(seal_text).unwrap());
    let mut tokens = vec![
        text.to_owned(),
        format!("{text}."),
        format!("{text}.{}", seal(text, &[2; 32])),
        format!("{text}.{}", seal(text, b"")),
        format!("{text}.{}", seal(text, b"key-1")),
        format!("{text}.{}", seal(header, &KEY)),
        format!("{text}.{}", seal(claims, &KEY)),
        format!("{text}.{padded}"),
        format!("{text}.{}", &seal_text[..seal_text.len() - 4]),
        format!("{text}.{seal_text}AAAA"),
        format!("{text}.{seal_text}.{seal_text}"),
        format!("{header}..{seal_text}"),
        format!(".{claims}.{seal_text}"),
        format!("{claims}.{header}.{seal_text}"),
        format!("..{seal_text}"),
        "..".to_owned(),
        ".".to_owned(),
        format!("{token}{token}"),
        format!("{token}\u{a0}"),
        format!("{token}%00"),
        format!("{token},x"),
        format!("x {token}"),
        token.replace('.', "\u{3002}"),
        token.replace('.', "%2e"),
        token.replacen('.', "..", 1),
        token.to_uppercase(),
        "x".repeat(100_000),
        format!("{}.{}", "A".repeat(50_000), token),
        format!("{header}.{claims}.{}", "A".repeat(100_000)),
        URL_SAFE_NO_PAD.encode(token),
    ];
    // A letter changed, here and there. The last one holds bits that say nothing; they must be as they were, too.
    for place in (0..token.len()).step_by(5).chain([token.len() - 1]) {
        let mut bytes = token.clone().into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        tokens.push(String::from_utf8(bytes).unwrap());
    }
    tokens
}

#[tokio::test]
async fn two_hundred_bad_tokens_let_nobody_in() {
    let app = TestApp::with(Setup::guarded()).await;
    let ada = app.register("ada@example.org").await;
    let good = Good::of(&ada);
    assert_eq!(
        good.with_header("alg", &json!("HS256")).len(),
        good.token.len()
    );
    let unchanged = good.with_claim("iss", &json!("tidemark"));
    let tokens = [
        bad_headers(&good),
        bad_claims(&good),
        bad_texts(&good),
        bad_seals(&good),
    ]
    .concat();
    assert!(tokens.len() >= 200, "{}", tokens.len());
    let before = app.database().await;
    for token in &tokens {
        let bearer = format!("Bearer {token}");
        let cookie = format!("tidemark={token}");
        for header in [
            ("authorization", bearer.as_str()),
            ("cookie", cookie.as_str()),
        ] {
            let answer = app.call(Method::GET, "/v1/account", &[header]).await;
            assert_eq!(
                answer.code(),
                (401, "unauthenticated"),
                "{}",
                &token[..token.len().min(500)]
            );
        }
    }
    assert_eq!(app.database().await, before);
    for token in [&good.token, &unchanged] {
        let bearer = format!("Bearer {token}");
        let answer = app
            .call(Method::GET, "/v1/account", &[("authorization", &bearer)])
            .await;
        assert_eq!(answer.status, 200, "{token}");
    }
    let over = [json!(START / 1000), json!(0), json!(-1)].map(|exp| good.with_claim("exp", &exp));
    for token in over {
        let bearer = format!("Bearer {token}");
        let answer = app
            .call(Method::GET, "/v1/account", &[("authorization", &bearer)])
            .await;
        assert_eq!(answer.code(), (401, "token_expired"));
    }
}
