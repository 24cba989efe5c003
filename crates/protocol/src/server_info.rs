//! `GET /v1/server`.

use crate::{Epoch, Timestamp};
use serde::{Deserialize, Serialize};

/// Whether people sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    /// One built-in account, no sign-in: the operator's choice.
    Off,
    /// Every account signs in.
    Required,
}

/// What the server takes at most in one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerLimits {
    /// Events in a batch.
    pub max_events: usize,
    /// Bytes of a body, also after decompression.
    pub max_body_bytes: usize,
    /// Rows in a page.
    pub max_page: usize,
}

/// The server's answer to who it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerInfo {
    /// The protocol's version.
    pub protocol: u32,
    /// The server's version.
    pub version: String,
    /// Whether people sign in.
    pub auth: AuthMode,
    /// The life of the server's database.
    pub epoch: Epoch,
    /// What it takes at most.
    pub limits: ServerLimits,
    /// Its clock.
    pub server_time: Timestamp,
}
