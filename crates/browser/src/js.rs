//! What comes from JavaScript: errors as name and message, and the globals that page and worker share.
//!
//! Must not know what anything is for.

use js_sys::{Function, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// An error of the browser: what it calls it, and its words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {message}")]
pub struct JsFailure {
    /// As in `QuotaExceededError`.
    pub name: String,
    /// In the browser's words, in the browser's language.
    pub message: String,
}

#[wasm_bindgen]
extern "C" {
    /// Anything that may carry a name and a message.
    type ErrorLike;
    #[wasm_bindgen(method, getter, structural)]
    fn name(this: &ErrorLike) -> JsValue;
    #[wasm_bindgen(method, getter, structural)]
    fn message(this: &ErrorLike) -> JsValue;

    /// The global object of a page or a worker.
    pub(crate) type Scope;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn navigator(this: &Scope) -> ScopeNavigator;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn crypto(this: &Scope) -> web_sys::Crypto;
    #[wasm_bindgen(method)]
    pub(crate) fn fetch(this: &Scope, request: &web_sys::Request) -> Promise;

    /// The navigator, as far as page and worker share it. Each part may be missing.
    pub(crate) type ScopeNavigator;
    #[wasm_bindgen(method, getter, js_name = onLine)]
    pub(crate) fn on_line(this: &ScopeNavigator) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn locks(this: &ScopeNavigator) -> Option<LockManager>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn storage(this: &ScopeNavigator) -> Option<StorageManager>;
    #[wasm_bindgen(method, getter)]
    pub(crate) fn clipboard(this: &ScopeNavigator) -> Option<Clipboard>;

    /// Web Locks, which web-sys has behind a flag only.
    pub(crate) type LockManager;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn request(
        this: &LockManager,
        name: &str,
        options: &Object,
        callback: &Function,
    ) -> Result<Promise, JsValue>;

    /// What can be pasted elsewhere; missing where the address is not safe.
    pub(crate) type Clipboard;
    #[wasm_bindgen(method, catch, js_name = writeText)]
    pub(crate) fn write_text(this: &Clipboard, text: &str) -> Result<Promise, JsValue>;

    /// What the browser says of its storage.
    pub(crate) type StorageManager;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn persist(this: &StorageManager) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn persisted(this: &StorageManager) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn estimate(this: &StorageManager) -> Result<Promise, JsValue>;
}

/// The global object.
pub(crate) fn scope() -> Scope {
    js_sys::global().unchecked_into()
}

impl From<JsValue> for JsFailure {
    fn from(value: JsValue) -> Self {
        if !value.is_object() {
            return Self {
                name: "Error".to_owned(),
                message: value.as_string().unwrap_or_else(|| format!("{value:?}")),
            };
        }
        let error: ErrorLike = value.unchecked_into();
        Self {
            name: error
                .name()
                .as_string()
                .unwrap_or_else(|| "Error".to_owned()),
            message: error.message().as_string().unwrap_or_default(),
        }
    }
}

/// A property of a JavaScript object; undefined where it can't be read.
pub(crate) fn property(object: &JsValue, name: &str) -> JsValue {
    js_sys::Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// Sets a property of an object of our own.
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    js_sys::Reflect::set(object, &JsValue::from_str(name), value)
        .expect("an object of our own takes every property");
}

/// Whether a promise could be made and came true.
pub(crate) async fn truth(promise: Result<Promise, JsValue>) -> bool {
    match promise {
        Ok(promise) => JsFuture::from(promise).await.is_ok(),
        Err(_) => false,
    }
}
