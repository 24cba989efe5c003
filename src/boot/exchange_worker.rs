//! The exchange worker, seen from the page: started at the first question, ended when nobody needs it.

use crate::state::{Exchange, Office};
use js_sys::Array;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use tidemark_exchange::message::{Ask, Problem, Tell};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Blob, Event, File, HtmlAnchorElement, MessageEvent, Url, Worker, WorkerOptions, WorkerType,
};

/// How long a made file's address holds, in milliseconds: browsers take it up right after the click.
const ADDRESS_MS: i32 = 60_000;

/// The page's handle on the worker.
pub struct ExchangeWorker {
    exchange: Exchange,
    running: RefCell<Option<Running>>,
}

/// A worker that runs; ended when dropped.
struct Running {
    worker: Worker,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _failed: Closure<dyn FnMut(Event)>,
}

impl ExchangeWorker {
    /// A handle; no worker runs yet.
    pub fn new(exchange: Exchange) -> Rc<Self> {
        Rc::new(Self {
            exchange,
            running: RefCell::default(),
        })
    }
}

impl Office for ExchangeWorker {
    fn ask(&self, ask: &Ask, file: Option<&File>) {
        if self.running.borrow().is_none() {
            self.running.replace(Running::start(self.exchange));
        }
        let running = self.running.borrow();
        let posted = running.as_ref().zip(serde_wasm_bindgen::to_value(ask).ok());
        let posted = posted.and_then(|(running, message)| {
            let parts = Array::of1(&message);
            if let Some(file) = file {
                parts.push(file);
            }
            running.worker.post_message(&parts).ok()
        });
        drop(running);
        if posted.is_none() {
            self.exchange.hear(Tell::Failed(Problem::Broken), None);
        }
    }

    fn stop(&self) {
        self.running.replace(None);
    }

    fn hand_out(&self, name: &str, blob: &Blob) {
        // A browser that refuses leaves nothing to do: the person sees that no file came.
        let _ = download(name, blob);
    }
}

impl Running {
    /// `None` where the browser can't: then the question is answered with that.
    fn start(exchange: Exchange) -> Option<Self> {
        // The build knows the script's name and says it on the document's root.
        let script = document()
            .document_element()?
            .get_attribute("data-exchange")?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&script, &options).ok()?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let parts: Array = event.data().unchecked_into();
            let blob: Option<Blob> = parts.get(1).dyn_into().ok();
            let tell = serde_wasm_bindgen::from_value(parts.get(0));
            let tell = tell.unwrap_or(Tell::Failed(Problem::Broken));
            exchange.hear(tell, blob.as_ref());
        });
        let failed = Closure::<dyn FnMut(Event)>::new(move |_| {
            exchange.hear(Tell::Failed(Problem::Broken), None);
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        Some(Self {
            worker,
            _heard: heard,
            _failed: failed,
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// Gives a file to the browser, as a click on a link to it would.
fn download(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    let release = Closure::once_into_js(move || Url::revoke_object_url(&address));
    window().set_timeout_with_callback_and_timeout_and_arguments_0(
        release.unchecked_ref(),
        ADDRESS_MS,
    )?;
    Ok(())
}
