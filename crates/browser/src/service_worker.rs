//! The page's handle on the service worker: registering it, and asking before a new version takes over.
//!
//! Must not know what the worker does.

use crate::Wakes;
use crate::events::Listener;
use crate::js::{JsFailure, property};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    RegistrationOptions, ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration,
    ServiceWorkerState, ServiceWorkerUpdateViaCache, Window,
};

/// A registered service worker.
#[derive(Clone, Debug)]
pub struct Registration {
    inner: ServiceWorkerRegistration,
}

/// Registers the worker at `url`; its script is always asked for anew. `None` where the browser has none.
///
/// # Errors
/// In the browser's words, if it refuses the script or can't fetch it.
pub async fn register(url: &str) -> Result<Option<Registration>, JsFailure> {
    let Some(container) = container() else {
        return Ok(None);
    };
    let options = RegistrationOptions::new();
    options.set_update_via_cache(ServiceWorkerUpdateViaCache::None);
    let registered = container.register_with_options(url, &options);
    let inner = JsFuture::from(registered).await?;
    Ok(Some(Registration {
        inner: inner.unchecked_into(),
    }))
}

/// Whether this page was loaded through a service worker.
pub fn is_controlled() -> bool {
    container().is_some_and(|container| container.controller().is_some())
}

/// Calls `work` when another worker takes over this page: then it is time to load it anew.
pub fn on_controller_change(work: impl Fn() + 'static) -> Option<Listener> {
    let container = container()?;
    let changed = Listener::on(&container, "controllerchange", move |_| work());
    Some(changed)
}

/// Says a word to the worker that serves this page. Answers whether there is one.
pub fn tell_worker(word: &str) -> bool {
    let worker = container().and_then(|container| container.controller());
    worker.is_some_and(|worker| worker.post_message(&JsValue::from_str(word)).is_ok())
}

impl Registration {
    /// Whether a new version has been fetched and waits for the person's consent.
    pub fn has_waiting(&self) -> bool {
        self.inner.waiting().is_some()
    }

    /// Tells the waiting version to take over. Answers whether one waits.
    pub fn take_over(&self) -> bool {
        let waiting = self.inner.waiting();
        waiting.is_some_and(|worker| {
            worker
                .post_message(&JsValue::from_str("SKIP_WAITING"))
                .is_ok()
        })
    }

    /// Looks for a new version now. Fails quietly: with no network there is none to find.
    pub async fn look_for_update(&self) {
        if let Ok(looked) = self.inner.update() {
            let _ = JsFuture::from(looked).await;
        }
    }

    /// Calls `work` whenever a new version is ready and waits, also if one waits already.
    pub fn on_waiting(&self, work: impl Fn() + 'static) -> Listener {
        let work: Rc<dyn Fn()> = Rc::new(work);
        if self.has_waiting() {
            work();
        }
        let inner = self.inner.clone();
        let states: std::cell::RefCell<Option<Listener>> = std::cell::RefCell::default();
        Listener::on(&self.inner, "updatefound", move |_| {
            let listener = inner
                .installing()
                .map(|worker| when_waiting(&inner, &worker, &work));
            states.replace(listener);
        })
    }

    /// Ways to have the worker woken with no page open.
    pub fn wakes(&self) -> Wakes {
        Wakes::of(&self.inner)
    }
}

/// Calls `work` when `worker` is installed behind one that is active; the first worker waits for nobody.
fn when_waiting(
    registration: &ServiceWorkerRegistration,
    worker: &ServiceWorker,
    work: &Rc<dyn Fn()>,
) -> Listener {
    let (registration, work) = (registration.clone(), Rc::clone(work));
    let state = worker.clone();
    Listener::on(worker, "statechange", move |_| {
        if state.state() == ServiceWorkerState::Installed && registration.active().is_some() {
            work();
        }
    })
}

fn container() -> Option<ServiceWorkerContainer> {
    let window = js_sys::global().dyn_into::<Window>().ok()?;
    property(&window.navigator(), "serviceWorker")
        .dyn_into()
        .ok()
}
