//! Listeners that are taken away when dropped, and the moments at which the app wakes up.
//!
//! Must not know what is done then.

use wasm_bindgen::prelude::*;
use web_sys::{Document, Event, EventTarget, VisibilityState, Window};

/// Listens until it is dropped.
#[derive(Debug)]
#[must_use = "a dropped listener hears nothing"]
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Calls `heard` on each `event` of `target`.
    pub(crate) fn on(
        target: &EventTarget,
        event: &'static str,
        heard: impl FnMut(Event) + 'static,
    ) -> Self {
        let callback = Closure::new(heard);
        target
            .add_event_listener_with_callback(event, callback.as_ref().unchecked_ref())
            .expect("a function is a fit listener");
        Self {
            target: target.clone(),
            event,
            callback,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Taking away what is not there is no error in the browser either.
        let _ = self.target.remove_event_listener_with_callback(
            self.event,
            self.callback.as_ref().unchecked_ref(),
        );
    }
}

/// Calls `work` whenever the browser believes that the network is back. In page and worker.
pub fn on_online(work: impl Fn() + 'static) -> Listener {
    Listener::on(&global(), "online", move |_| work())
}

/// Calls `work` whenever the browser believes that the network is gone. In page and worker.
pub fn on_offline(work: impl Fn() + 'static) -> Listener {
    Listener::on(&global(), "offline", move |_| work())
}

/// Calls `work` with whether the page can be seen, whenever that changes. Nothing in a worker.
pub fn on_visibility(work: impl Fn(bool) + 'static) -> Option<Listener> {
    let document = document()?;
    let target = document.clone();
    Some(Listener::on(&target, "visibilitychange", move |_| {
        work(document.visibility_state() == VisibilityState::Visible);
    }))
}

/// Whether the page can be seen; never in a worker.
pub fn is_visible() -> bool {
    document().is_some_and(|document| document.visibility_state() == VisibilityState::Visible)
}

/// Calls `work` whenever the page is shown, also when it comes back from the browser's page cache.
pub fn on_page_show(work: impl Fn() + 'static) -> Listener {
    Listener::on(&global(), "pageshow", move |_| work())
}

/// As long as it lives, the browser asks before it lets somebody leave the page.
pub fn guard_leaving() -> Listener {
    Listener::on(&global(), "beforeunload", |event| event.prevent_default())
}

/// Calls `work` whenever the page gets the focus.
pub fn on_focus(work: impl Fn() + 'static) -> Listener {
    Listener::on(&global(), "focus", move |_| work())
}

fn global() -> EventTarget {
    js_sys::global().unchecked_into()
}

fn document() -> Option<Document> {
    js_sys::global().dyn_into::<Window>().ok()?.document()
}
