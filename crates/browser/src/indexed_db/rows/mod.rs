//! Rows as they lie in the store: plain JavaScript objects.

mod entry_row;
mod page_row;

pub(super) use entry_row::{EntryRow, REFUSED_OF};
pub(super) use page_row::{page_from_js, page_key, page_to_js, pages_after, pages_of};

use super::failure::Failure;
use crate::JsFailure;
use js_sys::JSON;
use serde::{Serialize, de::DeserializeOwned};
use tidemark_engine::StoreError;
use wasm_bindgen::JsValue;

/// A row as a JavaScript object: nothing as null, maps as objects. It goes by way of JSON, which the browser reads
/// faster than one property after the other, and which the engine's rows are read and written as anyway.
pub(super) fn to_js<T: Serialize>(row: &T) -> Result<JsValue, Failure> {
    let unfit = |error: String| Failure::Final(StoreError::Unavailable(error));
    let json = serde_json::to_string(row).map_err(|error| unfit(error.to_string()))?;
    JSON::parse(&json).map_err(|error| unfit(JsFailure::from(error).to_string()))
}

/// A row of `store` from its JavaScript object, or many from an array.
pub(super) fn from_js<T: DeserializeOwned>(value: &JsValue, store: &str) -> Result<T, Failure> {
    let unreadable = |error: &str| Failure::unreadable(format_args!("a row of {store} ({error})"));
    let json = JSON::stringify(value)
        .ok()
        .and_then(|json| json.as_string());
    let json = json.ok_or_else(|| unreadable("it is no JSON"))?;
    serde_json::from_str(&json).map_err(|error| unreadable(&error.to_string()))
}
