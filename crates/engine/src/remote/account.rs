//! The calls of an account: into it, out of it, its devices, its end.

use super::{Remote, good_body};
use crate::engine::Entrance;
use crate::ports::{Request, Transport};
use crate::retry::CallError;
use serde::Serialize;
use tidemark_protocol::{DeviceId, DevicesResponse, ProblemCode, SignInResponse};

const LOGOUT_PATH: &str = "/v1/auth/logout";

impl<T: Transport> Remote<'_, T> {
    /// Signs in, in one of three ways.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn enter(&self, entrance: &Entrance) -> Result<SignInResponse, CallError> {
        let (path, body) = match entrance {
            Entrance::SignIn(request) => ("/v1/auth/login", json(request)),
            Entrance::SignUp(request) => ("/v1/auth/register", json(request)),
            Entrance::Recover(request) => ("/v1/auth/recover", json(request)),
        };
        super::read(&self.ask("POST", path.to_owned(), Some(body)).await?)
    }

    /// Signs this device out.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn sign_out(&self) -> Result<(), CallError> {
        self.order("POST", LOGOUT_PATH.to_owned()).await
    }

    /// The account's devices.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn devices(&self) -> Result<DevicesResponse, CallError> {
        self.get("/v1/devices".to_owned()).await
    }

    /// Signs a device out.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn sign_device_out(&self, device: &DeviceId) -> Result<(), CallError> {
        let path = format!("/v1/devices/{}", escaped(device.as_str()));
        self.order("DELETE", path).await
    }

    /// Erases the account.
    ///
    /// # Errors
    /// Says why there is no answer of ours: see [`CallError`].
    pub async fn erase_account(&self) -> Result<(), CallError> {
        self.order("DELETE", "/v1/account".to_owned()).await
    }

    /// A call that is answered without a body.
    async fn order(&self, method: &'static str, path: String) -> Result<(), CallError> {
        let answer = self.ask(method, path, None).await?;
        if answer.status == 204 && answer.protocol.is_some() {
            return Ok(());
        }
        good_body(&answer).map(drop)
    }
}

/// The request that signs a device out, for somebody who can't wait for the answer.
pub fn farewell(device: &DeviceId) -> Request {
    Request {
        method: "POST",
        path: LOGOUT_PATH.to_owned(),
        body: None,
        account: None,
        device: device.clone(),
    }
}

impl CallError {
    /// Whether our server says that this device is not signed in, or that there is no such account any more.
    pub fn is_signed_out(&self) -> bool {
        use ProblemCode::{AccountErased, TokenExpired, Unauthenticated};
        let Self::Refused { problem, .. } = self else {
            return false;
        };
        matches!(problem.code, AccountErased | TokenExpired | Unauthenticated)
    }
}

fn json(request: &impl Serialize) -> String {
    serde_json::to_string(request).expect("plain structs are JSON")
}

/// A part of a path: whatever is not plain is written as bytes.
fn escaped(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}
