//! Installing the app: the browser's own offer where it makes one, and whether there is only the way by hand.
//!
//! Must not know when it is fit to ask.

use crate::events::Listener;
use crate::js::property;
use js_sys::Function;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Event;

/// The browser's offer, kept until somebody wants it.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    event: Rc<RefCell<Option<Event>>>,
}

impl Offer {
    /// Listens for the offer, which comes soon after the start or never; `is_there` is called with whether there is one.
    pub fn listen(&self, is_there: impl Fn(bool) + Clone + 'static) -> Option<[Listener; 2]> {
        let window = web_sys::window()?;
        let (kept, used) = (Rc::clone(&self.event), Rc::clone(&self.event));
        let gone = is_there.clone();
        let offered = Listener::on(&window, "beforeinstallprompt", move |event| {
            // The browser's own bar would come at a moment of its choice.
            event.prevent_default();
            kept.replace(Some(event));
            is_there(true);
        });
        let installed = Listener::on(&window, "appinstalled", move |_| {
            used.take();
            gone(false);
        });
        Some([offered, installed])
    }

    /// Shows the offer, once.
    pub fn show(&self) {
        if let Some(event) = self.event.take()
            && let Ok(prompt) = property(&event, "prompt").dyn_into::<Function>()
        {
            // What the person answers comes as an event.
            let _ = prompt.call0(&event);
        }
    }
}

/// Whether the app can only be installed by hand, from the share menu: browsers of iPhone and iPad say so by a flag
/// that no other has.
pub fn is_by_hand() -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    property(&window.navigator(), "standalone") == JsValue::FALSE
}
