//! One at a time over all tabs and the worker, by Web Locks.
//!
//! An economy, not a guarantee: where locks are missing everybody gets one, and a frozen holder loses it.

use crate::BrowserClock;
use crate::js::{LockManager, scope, set};
use crate::timer::within;
use js_sys::{Function, Object, Promise};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use tidemark_engine::{Clock, Lock};
use tidemark_protocol::Timestamp;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::AbortController;

/// How long to wait for another holder, in milliseconds.
const WAIT_MS: u32 = 2_000;
/// Whoever keeps the lock for so long, in milliseconds, is taken for frozen, and it is taken away.
const PATIENCE_MS: i64 = 10_000;

/// A named lock of this origin.
#[derive(Clone, Debug)]
pub struct WebLock {
    name: String,
    wait_ms: u32,
    patience_ms: i64,
    /// Since when others have kept it whenever it was asked for.
    refused_since: Cell<Option<Timestamp>>,
}

/// Holds a lock until dropped; a closed tab or a stopped worker lets go too.
#[derive(Debug)]
pub struct WebLockGuard {
    release: Option<Function>,
}

impl WebLock {
    /// The lock of this name, the same in every tab and worker.
    pub fn new(name: &str) -> Self {
        Self::with_limits(name, WAIT_MS, PATIENCE_MS)
    }

    /// A lock that waits `wait_ms` for its holder, and after `patience_ms` of waiting in vain takes it away.
    pub fn with_limits(name: &str, wait_ms: u32, patience_ms: i64) -> Self {
        Self {
            name: format!("tidemark:{name}"),
            wait_ms,
            patience_ms,
            refused_since: Cell::new(None),
        }
    }

    /// How to ask: with patience, or, where that is at an end, by force. Whoever loses the lock goes on without it,
    /// which is harmless; and somebody frozen does nothing.
    fn options(&self, controller: &AbortController) -> Object {
        let now = BrowserClock.now();
        let waited_ms = self
            .refused_since
            .get()
            .map(|since| now.millis_since(since));
        let options = Object::new();
        if waited_ms.is_some_and(|waited_ms| waited_ms >= self.patience_ms) {
            set(&options, "steal", &JsValue::TRUE);
        } else {
            set(&options, "signal", &controller.signal());
        }
        options
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
        request(
            &manager,
            &self.name,
            &self.options(&controller),
            held,
            grant,
        );
        if within(self.wait_ms, JsFuture::from(granted))
            .await
            .is_none()
        {
            controller.abort();
            let since = self
                .refused_since
                .get()
                .unwrap_or_else(|| BrowserClock.now());
            self.refused_since.set(Some(since));
            return None;
        }
        self.refused_since.set(None);
        Some(guard)
    }
}

/// Keeps a name together with all others that share it. Granted at once, unless somebody has it alone.
pub async fn shared(name: &str) -> WebLockGuard {
    let options = Object::new();
    set(&options, "mode", &JsValue::from_str("shared"));
    waited_for(name, &options).await
}

/// Waits until nobody shares the name any more, however long that takes, and keeps it alone.
pub async fn alone(name: &str) -> WebLockGuard {
    waited_for(name, &Object::new()).await
}

async fn waited_for(name: &str, options: &Object) -> WebLockGuard {
    let Some(manager) = scope().navigator().locks() else {
        return WebLockGuard { release: None };
    };
    let (held, release) = promise();
    let (granted, grant) = promise();
    let name = format!("tidemark:{name}");
    request(&manager, &name, options, held, grant);
    // It can't be refused: then it counts as granted.
    let _ = JsFuture::from(granted).await;
    WebLockGuard {
        release: Some(release),
    }
}

/// Asks for the lock; it is kept until `held` resolves. Where the browser refuses locks, at once or later, it counts as
/// granted: better two at once than nobody ever.
fn request(manager: &LockManager, name: &str, options: &Object, held: Promise, grant: Function) {
    let refused = grant.clone();
    let granted = Closure::once(move |_lock: JsValue| -> Promise {
        let _ = grant.call0(&JsValue::UNDEFINED);
        held
    });
    match manager.request(name, options, granted.as_ref().unchecked_ref()) {
        Ok(done) => spawn_local(async move {
            // Rejects also when the wait is given up or the lock is taken away: then nobody listens any more. The
            // callback must live until here.
            if JsFuture::from(done).await.is_err() {
                drop(refused.call0(&JsValue::UNDEFINED));
            }
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
