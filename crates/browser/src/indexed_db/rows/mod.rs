//! Rows as they lie in the store: plain JavaScript objects.

mod entry_row;
mod page_row;

pub(super) use entry_row::EntryRow;
pub(super) use page_row::{page_from_js, page_key, page_to_js, pages_of};

use super::failure::Failure;
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use tidemark_engine::StoreError;
use wasm_bindgen::JsValue;

/// A row as a JavaScript object: nothing as null, maps as objects.
pub(super) fn to_js<T: Serialize>(row: &T) -> Result<JsValue, Failure> {
    row.serialize(&Serializer::json_compatible())
        .map_err(|error| Failure::Final(StoreError::Unavailable(error.to_string())))
}

/// A row of `store` from its JavaScript object.
pub(super) fn from_js<T: DeserializeOwned>(value: JsValue, store: &str) -> Result<T, Failure> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|error| Failure::unreadable(format_args!("a row of {store} ({error})")))
}
