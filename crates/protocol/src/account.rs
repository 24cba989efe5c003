//! Accounts: what is sent to sign in, and what comes back.

use crate::{AccountId, DeviceId, Timestamp};
use serde::{Deserialize, Serialize};

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountInfo {
    /// The account.
    pub id: AccountId,
    /// Its address; null for the built-in account.
    pub email: Option<String>,
}

/// `POST /v1/auth/register` and `POST /v1/auth/login`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInRequest {
    /// The address; case makes no difference.
    pub email: String,
    /// The password; to register, of 10 characters or more.
    pub password: String,
    /// What the device is called in the list of devices, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
}

/// `POST /v1/auth/recover`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoverRequest {
    /// The address.
    pub email: String,
    /// The code that was given when the account was made, in any case and with any gaps.
    pub recovery_code: String,
    /// From now on.
    pub new_password: String,
    /// What the device is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
}

/// Someone has signed in. The tokens travel as cookies too; a page need not read them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInResponse {
    /// The account.
    pub account: AccountInfo,
    /// What this device is called from now on, in batches and in `Tidemark-Device`.
    pub device_id: DeviceId,
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// Seconds that the access token is good for.
    pub expires_in: i64,
    /// For the next access token.
    pub refresh_token: String,
    /// After registering and recovering: to be written down, it is not shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery_code: Option<String>,
}

/// `POST /v1/auth/refresh`; without a token, or without a body, the cookie's is taken.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshRequest {
    /// The newest refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// The answer to `POST /v1/auth/refresh`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshResponse {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// Seconds that the access token is good for.
    pub expires_in: i64,
    /// For the next one.
    pub refresh_token: String,
}

/// A device in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceInfo {
    /// Which.
    pub device_id: DeviceId,
    /// Its name, if it was given one.
    pub name: Option<String>,
    /// When it was first seen.
    pub created_at: Timestamp,
    /// When it was last seen, within a minute.
    pub last_seen_at: Timestamp,
    /// The version up to which it has come back with a cursor: what it surely holds.
    pub acknowledged_version: u64,
}

/// The answer to `GET /v1/devices`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicesResponse {
    /// By id.
    pub devices: Vec<DeviceInfo>,
}
