//! The page in two parts. The first shows what is stored; the rest (other screens, the sheet, writing, syncing) stands
//! behind one function, and a build with the feature `split` cuts off what only that function leads to. The composition
//! root's, because it names the browser's types.

use super::browser_host::Service;
use crate::later::{Later, Views};
use crate::state::{Duty, SyncService};
use leptos::task::spawn_local;
use std::rc::Rc;
use tidemark_browser::timer;

/// What the rest is asked by.
struct Rest {
    views: Views,
    work: fn(&Rc<Service>, Duty),
}

/// The one way there. It is not in the first wasm, and neither is what it names.
#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(rest, fallible))]
#[allow(
    clippy::unnecessary_wraps,
    reason = "the cut makes loading, which may fail, a part of the call"
)]
fn rest() -> Result<Rest, Missing> {
    Ok(Rest {
        views: Views::all(),
        work: SyncService::work,
    })
}

#[cfg(feature = "split")]
use wasm_split_helpers::SplitLoaderError as Missing;

/// In one wasm nothing can be missing.
#[cfg(not(feature = "split"))]
type Missing = std::convert::Infallible;

/// What comes later, loaded for this service.
pub fn later(service: &Rc<Service>) -> Later {
    let service = Rc::clone(service);
    Later::new(move |later| {
        let service = Rc::clone(&service);
        spawn_local(async move {
            #[cfg(feature = "split")]
            let rest = rest().await;
            #[cfg(not(feature = "split"))]
            let rest = rest();
            if let Ok(rest) = &rest {
                service.lend_hands(rest.work);
            }
            // Each in a task of its own, so that a tap need not wait for all of it.
            timer::sleep(0).await;
            later.arrive(rest.ok().map(|rest| rest.views));
            timer::sleep(0).await;
            later.let_sheet_in();
        });
    })
}
