//! What the browser promises about stored data, and how full it is.

use crate::IdbDirectory;
use crate::js::{property, scope};
use crate::timer::within;
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// A browser may wait for a person's answer for ever; the app doesn't, in milliseconds.
const ANSWER_MS: u32 = 3_000;

/// How much is stored, and how much may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Bytes.
    pub usage_bytes: u64,
    /// Bytes.
    pub quota_bytes: u64,
}

/// Deletes every database of this device and what the page keeps beside them. Open connections close by themselves when
/// asked; one that does not is waited for a while, and its data are gone when it closes.
pub async fn erase() {
    crate::memory::forget_all();
    // A directory that can't be read has no other databases that anybody could open.
    let directory = IdbDirectory::default().read().await.unwrap_or_default();
    for entry in &directory.databases {
        delete_database(&entry.name).await;
    }
    delete_database(crate::indexed_db::DIRECTORY_NAME).await;
}

/// Deletes one database and what the page keeps beside it.
pub async fn delete(name: &str) {
    crate::memory::forget(name);
    delete_database(name).await;
}

async fn delete_database(name: &str) {
    let factory = web_sys::window().and_then(|window| window.indexed_db().ok().flatten());
    let request = factory.and_then(|factory| factory.delete_database(name).ok());
    let Some(request) = request else { return };
    let done = Promise::new(&mut |done, _| {
        request.set_onsuccess(Some(&done));
        request.set_onerror(Some(&done));
    });
    answer(done).await;
}

/// Asks the browser to keep the data even when it runs short. `None` where it does not say.
pub async fn persist() -> Option<bool> {
    answer(scope().navigator().storage()?.persist().ok()?)
        .await?
        .as_bool()
}

/// Whether the browser has promised to keep the data. `None` where it does not say.
pub async fn is_persisted() -> Option<bool> {
    answer(scope().navigator().storage()?.persisted().ok()?)
        .await?
        .as_bool()
}

/// How full the storage is. `None` where the browser does not say.
pub async fn estimate() -> Option<Estimate> {
    let estimate = answer(scope().navigator().storage()?.estimate().ok()?).await?;
    Some(Estimate {
        usage_bytes: bytes(&estimate, "usage")?,
        quota_bytes: bytes(&estimate, "quota")?,
    })
}

async fn answer(promise: Promise) -> Option<JsValue> {
    within(ANSWER_MS, JsFuture::from(promise)).await?.ok()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float turns into the nearest whole number of the range"
)]
fn bytes(estimate: &JsValue, name: &str) -> Option<u64> {
    property(estimate, name)
        .as_f64()
        .map(|number| number as u64)
}
