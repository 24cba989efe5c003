//! Retry or not: the one place that decides what a failed call means.
//!
//! Only a well-formed answer of our own server can end a session, park an entry or call for a resync.
//! Everything else passes: HTML, a cut body, any 5xx, a captive portal, no answer.

use crate::network::NOT_OURS;
use crate::outbox::LastError;
use crate::ports::Unreachable;
use crate::state::{FailureKind, SyncFailure};
use tidemark_protocol::{Problem, ProblemCode};

/// Why a call did not give what it asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// No answer came.
    Unreachable(Unreachable),
    /// Something answered that is not our server, or our server's answer was cut.
    NotOurs {
        /// Its HTTP status.
        status: u16,
        /// Its wish, if it has one.
        retry_after_s: Option<u32>,
    },
    /// Our server refused, in well-formed words.
    Refused {
        /// The problem document.
        problem: Box<Problem>,
        /// Its wish, if it has one.
        retry_after_s: Option<u32>,
    },
}

/// What to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disposition {
    /// Keep everything and try again later.
    Later(SyncFailure),
    /// Keep everything; a person must act first.
    NeedsPerson(SyncFailure),
    /// Pull from the start.
    Resync(Box<Problem>),
    /// Our server refused what was sent: sent alone, it is parked.
    Refused(LastError),
    /// Our server has nothing by this name.
    NotFound(LastError),
}

impl CallError {
    /// The server's wish, in seconds.
    pub fn retry_after_s(&self) -> Option<u32> {
        match self {
            Self::Unreachable(_) => None,
            Self::NotOurs { retry_after_s, .. } | Self::Refused { retry_after_s, .. } => {
                *retry_after_s
            }
        }
    }

    /// Whether our server refused a batch for what is in it. Any other answer means that it was not looked at.
    pub fn refuses_batch(&self) -> bool {
        use ProblemCode::{BadJson, BadRequest, TooLarge};
        let Self::Refused { problem, .. } = self else {
            return false;
        };
        matches!(problem.code, BadJson | BadRequest | TooLarge)
    }

    /// Whether something on the way, or a fault of the server, may have stumbled over what was sent: then
    /// something else may still get through.
    pub fn may_be_the_content(&self) -> bool {
        let status = match self {
            Self::NotOurs { status, .. } => *status,
            Self::Refused { problem, .. } if problem.status >= 500 => problem.status,
            Self::Unreachable(_) | Self::Refused { .. } => return false,
        };
        status >= 400 && !matches!(status, 429 | 503)
    }

    /// The failure that it is, for the sync state.
    pub fn failure(&self) -> SyncFailure {
        let (kind, error) = match self.disposition() {
            Disposition::Later(failure) | Disposition::NeedsPerson(failure) => return failure,
            Disposition::Refused(error) | Disposition::NotFound(error) => {
                (FailureKind::Server, error)
            }
            Disposition::Resync(problem) => (FailureKind::Server, error_of(&problem)),
        };
        SyncFailure { kind, error }
    }

    /// What to do about it.
    pub fn disposition(&self) -> Disposition {
        match self {
            Self::Unreachable(reason) => {
                later(FailureKind::Offline, "unreachable", Some(reason.0.clone()))
            }
            Self::NotOurs { status, .. } => {
                // A 5xx of a proxy in front of our server is the server's trouble, not the network's.
                let kind = if *status >= 500 {
                    FailureKind::Server
                } else {
                    FailureKind::Offline
                };
                later(kind, NOT_OURS, Some(format!("status {status}")))
            }
            Self::Refused { problem, .. } => refused(problem),
        }
    }
}

fn later(kind: FailureKind, code: &str, detail: Option<String>) -> Disposition {
    let error = LastError {
        code: code.to_owned(),
        field: None,
        detail,
    };
    Disposition::Later(SyncFailure { kind, error })
}

fn error_of(problem: &Problem) -> LastError {
    LastError {
        code: problem.code.as_str().to_owned(),
        field: problem.field.clone(),
        detail: problem.detail.clone(),
    }
}

fn refused(problem: &Problem) -> Disposition {
    let error = error_of(problem);
    let needs = |kind| {
        Disposition::NeedsPerson(SyncFailure {
            kind,
            error: error.clone(),
        })
    };
    match problem.code {
        ProblemCode::Unauthenticated
        | ProblemCode::TokenExpired
        | ProblemCode::BadCredentials
        | ProblemCode::WrongAccount
        | ProblemCode::Forbidden
        | ProblemCode::CrossSite
        | ProblemCode::AccountErased => needs(FailureKind::SignIn),
        ProblemCode::ClientTooOld => needs(FailureKind::Outdated),
        ProblemCode::ResyncRequired | ProblemCode::BadCursor => {
            Disposition::Resync(Box::new(problem.clone()))
        }
        ProblemCode::BadJson
        | ProblemCode::BadRequest
        | ProblemCode::TooLarge
        | ProblemCode::InvalidField
        | ProblemCode::OpReuse => Disposition::Refused(error),
        ProblemCode::NotFound => Disposition::NotFound(error),
        ProblemCode::RateLimited
        | ProblemCode::Overloaded
        | ProblemCode::MethodNotAllowed
        | ProblemCode::UnsupportedMediaType
        | ProblemCode::EmailTaken
        | ProblemCode::WeakPassword
        | ProblemCode::Unknown => Disposition::Later(SyncFailure {
            kind: FailureKind::Server,
            error,
        }),
    }
}
