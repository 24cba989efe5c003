//! One at a time over all tabs and the worker, by Web Locks.
//!
//! An economy, not a guarantee: where locks are missing everybody gets one.

use crate::js::{LockManager, scope, set};
use crate::timer::within;
use js_sys::{Function, Object, Promise};
use std::cell::RefCell;
use std::rc::Rc;
use tidemark_engine::Lock;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

/// How long to wait for another holder, in milliseconds.
const WAIT_MS: u32 = 2_000;

/// A named lock of this origin.
#[derive(Clone, Debug)]
pub struct WebLock {
    name: String,
}

/// Holds a lock until dropped; a closed tab or a stopped worker lets go too.
#[derive(Debug)]
pub struct WebLockGuard {
    release: Option<Function>,
}

impl WebLock {
    /// The lock of this name, the same in every tab and worker.
    pub fn new(name: &str) -> Self {
        Self {
            name: format!("tidemark:{name}"),
        }
    }
}

impl Drop for WebLockGuard {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            // Resolving a promise can't fail.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

impl Lock for WebLock {
    type Guard = WebLockGuard;

    async fn acquire(&self) -> Option<Self::Guard> {
        let Some(manager) = scope().navigator().locks() else {
            return Some(WebLockGuard { release: None });
        };
        let Ok(controller) = AbortController::new() else {
            return Some(WebLockGuard { release: None });
        };
        let (held, release) = promise();
        let (granted, grant) = promise();
        let guard = WebLockGuard {
            release: Some(release),
        };
        request(&manager, &self.name, &controller, held, grant);
        if within(WAIT_MS, JsFuture::from(granted)).await.is_none() {
            controller.abort();
            return None;
        }
        Some(guard)
    }
}

/// Asks for the lock; it is kept until `held` resolves. Where the browser refuses locks, it is granted at once.
fn request(
    manager: &LockManager,
    name: &str,
    controller: &AbortController,
    held: Promise,
    grant: Function,
) {
    let options = Object::new();
    set(&options, "signal", &controller.signal());
    let refused = grant.clone();
    let granted = Closure::once(move |_lock: JsValue| -> Promise {
        let _ = grant.call0(&JsValue::UNDEFINED);
        held
    });
    match manager.request(name, &options, granted.as_ref().unchecked_ref()) {
        Ok(done) => spawn_local(async move {
            // Rejects when the wait is given up. The callback must live until then.
            let _ = JsFuture::from(done).await;
            drop(granted);
        }),
        Err(_) => drop(refused.call0(&JsValue::UNDEFINED)),
    }
}

/// A promise and the function that resolves it.
fn promise() -> (Promise, Function) {
    let resolver: Rc<RefCell<Option<Function>>> = Rc::default();
    let taken = Rc::clone(&resolver);
    let promise = Promise::new(&mut move |resolve, _| {
        taken.replace(Some(resolve));
    });
    let resolve = resolver
        .take()
        .expect("a promise calls its executor at once");
    (promise, resolve)
}
