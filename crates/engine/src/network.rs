//! What is known of the way to the server, and how it is known: what the plan's `NetworkInfoService` tells. An attempt is
//! the test; the browser's opinion only fills the gaps between attempts.

use crate::state::FailureKind;
use crate::view::Overview;

/// The code of a failure where something else answered in the server's place.
pub(crate) const NOT_OURS: &str = "not_ours";

/// What is known of the way to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NetworkInfo {
    /// Nothing was tried yet.
    Untried,
    /// The server answered the last attempt.
    Reached,
    /// The browser says that there is no network, and no attempt has proved it wrong since.
    NoNetwork,
    /// Nobody answered the last attempt.
    NoAnswer,
    /// Something else answered in the server's place: the sign-in page of a guest network, a proxy.
    Intercepted,
    /// The server, or what stands right before it, answered that it can't now.
    Trouble,
}

impl Overview {
    /// What is known of the way to the server, at a browser that believes itself `online` or not.
    pub fn network(&self, online: bool) -> NetworkInfo {
        let failure = self.state.failure.as_ref();
        match failure.map(|failure| (failure.kind, failure.error.code.as_str())) {
            _ if !online => NetworkInfo::NoNetwork,
            Some((FailureKind::Offline, NOT_OURS)) => NetworkInfo::Intercepted,
            Some((FailureKind::Offline, _)) => NetworkInfo::NoAnswer,
            Some((FailureKind::Server, _)) => NetworkInfo::Trouble,
            Some((FailureKind::SignIn | FailureKind::Outdated, _)) => NetworkInfo::Reached,
            None | Some((FailureKind::Storage, _)) if self.state.last_success.is_some() => {
                NetworkInfo::Reached
            }
            None | Some((FailureKind::Storage, _)) => NetworkInfo::Untried,
        }
    }
}
