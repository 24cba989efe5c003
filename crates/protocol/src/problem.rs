//! Errors as `application/problem+json` (RFC 9457).

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:literal;)*) => {
        /// The stable code of a problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
            /// A code that this version does not know.
            #[serde(other)]
            Unknown,
        }

        impl ProblemCode {
            /// The name on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* Self::Unknown => "unknown" }
            }

            /// The status that goes with it.
            pub fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* Self::Unknown => 500 }
            }
        }
    };
}

codes! {
    /// The body does not parse.
    BadJson = "bad_json", 400;
    /// The request can't be understood.
    BadRequest = "bad_request", 400;
    /// The cursor is not one of this account and feed.
    BadCursor = "bad_cursor", 400;
    /// Nobody is signed in.
    Unauthenticated = "unauthenticated", 401;
    /// The access token is over.
    TokenExpired = "token_expired", 401;
    /// Address or password is wrong.
    BadCredentials = "bad_credentials", 401;
    /// The request came from another site.
    CrossSite = "cross_site", 403;
    /// Another account is signed in than the one that wrote this.
    WrongAccount = "wrong_account", 403;
    /// Not allowed.
    Forbidden = "forbidden", 403;
    /// Not there, or another account's.
    NotFound = "not_found", 404;
    /// The path knows other methods.
    MethodNotAllowed = "method_not_allowed", 405;
    /// The address has an account already.
    EmailTaken = "email_taken", 409;
    /// The idempotency key came before with another body.
    OpReuse = "op_reuse", 409;
    /// The client must pull from the start.
    ResyncRequired = "resync_required", 410;
    /// The account is gone.
    AccountErased = "account_erased", 410;
    /// Over a limit.
    TooLarge = "too_large", 413;
    /// Not JSON, or an encoding we do not take.
    UnsupportedMediaType = "unsupported_media_type", 415;
    /// A field has a wrong type or lies out of range.
    InvalidField = "invalid_field", 422;
    /// The password is too short or too common.
    WeakPassword = "weak_password", 422;
    /// The client must be updated.
    ClientTooOld = "client_too_old", 426;
    /// Too many requests.
    RateLimited = "rate_limited", 429;
    /// Too much to do.
    Overloaded = "overloaded", 503;
}

/// Why a client must pull from the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResyncReason {
    /// The cursor is older than the deletions that the server still knows.
    Horizon,
    /// The server was restored from a backup, or replaced.
    Epoch,
}

/// The body of every error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI reference naming the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What it means and what to do; never a health value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// For programs.
    pub code: ProblemCode,
    /// Which field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// On `resync_required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ResyncReason>,
    /// On `resync_required` for an epoch: version ranges, both ends included, that the server no longer has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Vec<(u64, u64)>>,
    /// The request's id, as in `X-Request-Id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}
