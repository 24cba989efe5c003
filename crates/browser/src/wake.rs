//! Being woken by the browser: Background Sync when there is a network again, Periodic Background Sync now and then.
//!
//! Only some browsers have either, so nothing may depend on it. web-sys knows neither; the bindings are here.

use crate::js::{set, truth};
use js_sys::{Array, Object, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::ServiceWorkerRegistration;

/// Names of requests to be woken when there is a network. One that has failed waits for minutes and can't be hurried,
/// also not by asking again under its name; a fresh name is called at once.
const TAGS: [&str; 4] = [
    "tidemark-sync-0",
    "tidemark-sync-1",
    "tidemark-sync-2",
    "tidemark-sync-3",
];
/// The name of the request to be woken now and then.
const PERIODIC_TAG: &str = "tidemark-pull";
/// Chromium wakes no more often than this, in milliseconds.
const PERIODIC_MS_MIN: f64 = 12.0 * 3_600_000.0;

#[wasm_bindgen]
extern "C" {
    /// A registration, as far as it is about waking. Each part may be missing.
    #[derive(Clone, Debug)]
    type Registered;
    #[wasm_bindgen(method, getter)]
    fn sync(this: &Registered) -> Option<SyncManager>;
    #[wasm_bindgen(method, getter, js_name = periodicSync)]
    fn periodic_sync(this: &Registered) -> Option<PeriodicSyncManager>;

    type SyncManager;
    #[wasm_bindgen(method, catch)]
    fn register(this: &SyncManager, tag: &str) -> Result<Promise, JsValue>;
    #[wasm_bindgen(method, catch, js_name = getTags)]
    fn tags(this: &SyncManager) -> Result<Promise, JsValue>;

    type PeriodicSyncManager;
    #[wasm_bindgen(method, catch, js_name = register)]
    fn register(
        this: &PeriodicSyncManager,
        tag: &str,
        options: &Object,
    ) -> Result<Promise, JsValue>;

    /// The global object of a service worker.
    type WorkerScope;
    #[wasm_bindgen(method, getter)]
    fn registration(this: &WorkerScope) -> Registered;
}

/// Asks the browser to wake a service worker.
#[derive(Clone, Debug)]
pub struct Wakes(Registered);

impl Wakes {
    /// Of a registration that a page holds.
    pub(crate) fn of(registration: &ServiceWorkerRegistration) -> Self {
        Self(JsValue::from(registration).unchecked_into())
    }

    /// Of the service worker that this runs in.
    pub fn of_this_worker() -> Self {
        let scope: WorkerScope = js_sys::global().unchecked_into();
        Self(scope.registration())
    }

    /// Asks to be woken as soon as there is a network, also with no page open. Answers whether the browser will do so.
    ///
    /// The browser is asked before this waits for anything, for the page may be gone in a moment.
    pub async fn when_online(&self) -> bool {
        let Some(manager) = self.0.sync() else {
            return false;
        };
        // Both are on their way at once, in this order: so the list is of the names that waited before.
        let waiting = manager.tags();
        let first = manager.register(TAGS[0]);
        let waiting = match waiting {
            Ok(tags) => JsFuture::from(tags).await.ok(),
            Err(_) => None,
        };
        let waiting: Array = waiting.map(JsCast::unchecked_into).unwrap_or_default();
        let is_free = |tag: &&&str| !waiting.includes(&JsValue::from_str(tag), 0);
        match TAGS.iter().find(is_free) {
            Some(&tag) if tag != TAGS[0] => truth(manager.register(tag)).await,
            Some(_) => truth(first).await,
            None => true, // all of them wait: one will come
        }
    }

    /// Asks to be woken about twice a day. Answers whether the browser will: it does so only for installed apps that
    /// are in use.
    pub async fn now_and_then(&self) -> bool {
        let Some(manager) = self.0.periodic_sync() else {
            return false;
        };
        let options = Object::new();
        set(&options, "minInterval", &JsValue::from_f64(PERIODIC_MS_MIN));
        truth(manager.register(PERIODIC_TAG, &options)).await
    }
}
