//! A sign-in that lasts: an access token that is over is renewed, once, without a word to anybody.
//!
//! The tokens themselves travel in cookies that no script can read; this only knows when to ask for new ones.

use crate::ports::{Answer, Lock, Request, Transport, Unreachable};
use crate::remote::read;
use crate::retry::CallError;
use tidemark_protocol::{ProblemCode, RefreshResponse};

const REFRESH_PATH: &str = "/v1/auth/refresh";

/// A transport that renews the access token when the server says that it is over, and asks again.
///
/// The lock is an economy: two renewals at once only turn the token twice, and one whose answer was lost is answered
/// the same again.
#[derive(Debug)]
pub struct Renewing<T, L> {
    inner: T,
    lock: L,
}

impl<T, L> Renewing<T, L> {
    /// Renews by `inner`, one at a time over all that share `lock`.
    pub fn new(inner: T, lock: L) -> Self {
        Self { inner, lock }
    }

    /// The way itself.
    pub fn inner(&self) -> &T {
        &self.inner
    }
}

impl<T: Transport, L: Lock> Transport for Renewing<T, L> {
    async fn call(&self, request: &Request) -> Result<Answer, Unreachable> {
        let answer = self.inner.call(request).await?;
        if !is_over(&answer) {
            return Ok(answer);
        }
        match self.renew(request).await? {
            Ok(()) => self.inner.call(request).await,
            Err(refusal) => Ok(refusal),
        }
    }
}

impl<T: Transport, L: Lock> Renewing<T, L> {
    /// Renews the token. A refusal that is about who asks stands for the call's answer: it means the same for it. Any
    /// other would be taken for one of what the call has sent, so it counts as no answer.
    async fn renew(&self, request: &Request) -> Result<Result<(), Answer>, Unreachable> {
        let _guard = self.lock.acquire().await;
        let renewal = Request {
            method: "POST",
            path: REFRESH_PATH.to_owned(),
            body: None,
            account: None,
            device: request.device.clone(),
        };
        let answer = self.inner.call(&renewal).await?;
        match read::<RefreshResponse>(&answer) {
            Ok(_) => Ok(Ok(())),
            Err(CallError::Refused { problem, .. }) if is_about_who_asks(problem.code) => {
                Ok(Err(answer))
            }
            Err(_) => Err(Unreachable("the sign-in could not be renewed".to_owned())),
        }
    }
}

fn is_over(answer: &Answer) -> bool {
    answer.status == 401
        && matches!(
            read::<()>(answer),
            Err(CallError::Refused { problem, .. }) if problem.code == ProblemCode::TokenExpired
        )
}

fn is_about_who_asks(code: ProblemCode) -> bool {
    use ProblemCode::{
        AccountErased, CrossSite, Overloaded, RateLimited, TokenExpired, Unauthenticated,
    };
    matches!(
        code,
        AccountErased | CrossSite | Overloaded | RateLimited | TokenExpired | Unauthenticated
    )
}
