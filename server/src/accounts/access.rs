//! Access tokens: short-lived JWTs (RFC 7519, typed `at+jwt` as in RFC 9068) with one algorithm, HS256. The key is chosen
//! from our own by `kid`; nothing else in a token is believed before its seal has been checked. That is a page of code,
//! against a library whose pure-Rust form brings RSA and three curves along.

use crate::storage::SessionId;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use thiserror::Error;
use tidemark_protocol::{AccountId, Timestamp};
use uuid::Uuid;

/// Seconds that a token is good for, at most.
pub const ACCESS_SECONDS: i64 = 600;
/// A token of ours has about 400 bytes.
const TOKEN_BYTES_MAX: usize = 1024;
/// Seconds by which the clocks of two of our processes may differ.
const CLOCK_SECONDS: i64 = 60;
/// Issuer and audience: our tokens are for nobody else.
const NAME: &str = "tidemark";

/// A key, and the name it goes by in tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// `kid`.
    pub name: String,
    /// 256 random bits.
    pub secret: [u8; 32],
}

/// The keys of a server: the first one signs, all of them are believed.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyRing {
    keys: Vec<SigningKey>,
    access_seconds: i64,
}

/// Whom a token lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The account.
    pub account: AccountId,
    /// The sign-in that it came from.
    pub session: SessionId,
    /// From when on it is over.
    pub expires_at: Timestamp,
}

/// Why a token lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadToken {
    /// Ours, but over.
    #[error("the access token is over")]
    Expired(Grant),
    /// Not ours.
    #[error("this is no access token of this server")]
    Foreign,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Header<'a> {
    alg: &'a str,
    kid: &'a str,
    typ: &'a str,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: AccountId,
    sid: Uuid,
    jti: Uuid,
    iat: i64,
    exp: i64,
}

impl KeyRing {
    /// Keys, the signing one first; `None` without any.
    pub fn new(keys: Vec<SigningKey>) -> Option<Self> {
        (!keys.is_empty()).then_some(Self {
            keys,
            access_seconds: ACCESS_SECONDS,
        })
    }

    /// The same keys, for tokens that are good for so many seconds, from 1 to [`ACCESS_SECONDS`].
    #[must_use]
    pub fn lasting(self, seconds: i64) -> Self {
        Self {
            access_seconds: seconds.clamp(1, ACCESS_SECONDS),
            ..self
        }
    }

    /// Seconds that a token is good for.
    pub fn access_seconds(&self) -> i64 {
        self.access_seconds
    }

    /// The keys, the signing one first.
    pub fn keys(&self) -> &[SigningKey] {
        &self.keys
    }

    /// A token for a session.
    pub fn sign(&self, account: AccountId, session: SessionId, id: Uuid, now: Timestamp) -> String {
        let key = &self.keys[0];
        let header = Header {
            alg: "HS256",
            kid: &key.name,
            typ: "at+jwt",
        };
        let iat = now.millis().div_euclid(1000);
        let claims = Claims {
            iss: NAME,
            aud: NAME,
            sub: account,
            sid: session.0,
            jti: id,
            iat,
            exp: iat + self.access_seconds,
        };
        let text = format!("{}.{}", encoded(&header), encoded(&claims));
        let seal = BASE64.encode(sealed(key, &text).finalize().into_bytes());
        format!("{text}.{seal}")
    }

    /// Whom a token lets in.
    ///
    /// # Errors
    /// [`BadToken`]; of a foreign one nothing more is told.
    pub fn read(&self, token: &str, now: Timestamp) -> Result<Grant, BadToken> {
        let grant = self.grant(token, now).ok_or(BadToken::Foreign)?;
        if now >= grant.expires_at {
            return Err(BadToken::Expired(grant));
        }
        Ok(grant)
    }

    fn grant(&self, token: &str, now: Timestamp) -> Option<Grant> {
        if token.len() > TOKEN_BYTES_MAX {
            return None;
        }
        let (text, seal) = token.rsplit_once('.')?;
        let (header, claims) = text.split_once('.')?;
        let header = BASE64.decode(header).ok()?;
        let header: Header = serde_json::from_slice(&header).ok()?;
        if header.alg != "HS256" || header.typ != "at+jwt" {
            return None;
        }
        let key = self.keys.iter().find(|key| key.name == header.kid)?;
        let seal = BASE64.decode(seal).ok()?;
        sealed(key, text).verify_slice(&seal).ok()?;
        let claims = BASE64.decode(claims).ok()?;
        let claims: Claims = serde_json::from_slice(&claims).ok()?;
        let latest = now.millis().div_euclid(1000) + CLOCK_SECONDS;
        let is_ours = claims.iss == NAME && claims.aud == NAME && claims.iat <= latest;
        let lasts = claims.exp.checked_sub(claims.iat)? <= ACCESS_SECONDS;
        (is_ours && lasts).then_some(Grant {
            account: claims.sub,
            session: SessionId(claims.sid),
            expires_at: Timestamp(claims.exp.checked_mul(1000)?),
        })
    }
}

fn encoded(value: &impl Serialize) -> String {
    let json = serde_json::to_vec(value).expect("plain structs are JSON");
    BASE64.encode(json)
}

fn sealed(key: &SigningKey, text: &str) -> Hmac<Sha256> {
    let mac = Hmac::<Sha256>::new_from_slice(&key.secret).expect("HMAC takes keys of any length");
    mac.chain_update(text.as_bytes())
}
