//! The chart's size on the screen, followed by a `ResizeObserver`.

use super::geometry::Frame;
use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};

/// The frame before the first measurement: a phone's, so that the first paint is near.
const PHONE: Frame = Frame {
    width: 390.0,
    height: 196.0,
    inset: 20.0,
};

/// The frame of the element, from its first layout on and whenever it changes.
pub fn observed_frame(stage: NodeRef<html::Div>) -> RwSignal<Frame> {
    let frame = RwSignal::new(PHONE);
    Effect::new(move |_| {
        let Some(element) = stage.get() else { return };
        let measured = element.clone();
        // Called before the first paint with the first layout, so nothing is drawn at a wrong size.
        let on_resize = Closure::<dyn FnMut()>::new(move || {
            let (width, height) = (measured.client_width(), measured.client_height());
            if width > 0 && height > 0 {
                frame.set(Frame {
                    width: width.into(),
                    height: height.into(),
                    inset: inset(),
                });
            }
        });
        let Ok(observer) = web_sys::ResizeObserver::new(on_resize.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&element);
        let released = StoredValue::new_local((observer, on_resize));
        on_cleanup(move || released.with_value(|(observer, _)| observer.disconnect()));
    });
    frame
}

/// The screen's side inset, as the style sheet has it at this window's width.
fn inset() -> f64 {
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    match width.unwrap_or(PHONE.width) {
        ..360.0 => 16.0,
        900.0.. => 36.0,
        _ => 20.0,
    }
}
