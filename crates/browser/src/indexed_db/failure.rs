//! Why a store operation failed, and whether trying again on a fresh connection may help.

use crate::js::JsFailure;
use tidemark_engine::StoreError;
use wasm_bindgen::JsValue;
use web_sys::DomException;

/// Names of errors that a second attempt can't mend: the request itself is wrong, or refused for good.
const FINAL: [&str; 8] = [
    "ConstraintError",
    "DataCloneError",
    "DataError",
    "NotFoundError",
    "ReadOnlyError",
    "SecurityError",
    "SyntaxError",
    "TypeError",
];

/// Why an attempt failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The browser said so.
    Js(JsFailure),
    /// The browser did not answer in time: it may have happened.
    Deadline(&'static str),
    /// Known for what it is; no further attempt is made.
    Final(StoreError),
}

impl Failure {
    /// Stored data that can't be read.
    pub fn unreadable(what: impl std::fmt::Display) -> Self {
        Self::Final(StoreError::Unreadable(what.to_string()))
    }

    /// Whether a further attempt is in vain.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Final(_) => true,
            Self::Deadline(_) => false,
            Self::Js(error) => {
                error.name == "QuotaExceededError" || FINAL.contains(&error.name.as_str())
            }
        }
    }

    /// The failure as the engine knows it.
    pub fn into_store_error(self) -> StoreError {
        match self {
            Self::Final(error) => error,
            Self::Deadline(what) => StoreError::Unavailable(format!("{what} took too long")),
            Self::Js(error) if error.name == "QuotaExceededError" => StoreError::QuotaExceeded,
            Self::Js(error) => StoreError::Unavailable(error.to_string()),
        }
    }
}

impl From<JsValue> for Failure {
    fn from(value: JsValue) -> Self {
        Self::Js(value.into())
    }
}

impl From<DomException> for Failure {
    fn from(error: DomException) -> Self {
        Self::Js(JsFailure {
            name: error.name(),
            message: error.message(),
        })
    }
}

impl From<idb::Error> for Failure {
    fn from(error: idb::Error) -> Self {
        use idb::Error as E;
        match error {
            E::DomException(error) => error.into(),
            E::AddFailed(value)
            | E::ClearFailed(value)
            | E::CountFailed(value)
            | E::CursorContinueFailed(value)
            | E::DeleteFailed(value)
            | E::GetAllFailed(value)
            | E::GetFailed(value)
            | E::IndexNotFound(value)
            | E::IndexedDbNotFound(value)
            | E::IndexedDbOpenFailed(value)
            | E::IndexCreateFailed(value)
            | E::ObjectStoreCreateFailed(value)
            | E::ObjectStoreDeleteFailed(value)
            | E::ObjectStoreNotFound(value)
            | E::OpenCursorFailed(value)
            | E::OpenKeyCursorFailed(value)
            | E::RequestResultNotFound(value)
            | E::UpdateFailed(value) => value.into(),
            other => Self::Js(JsFailure {
                name: "Error".to_owned(),
                message: other.to_string(),
            }),
        }
    }
}
