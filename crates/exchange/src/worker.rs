//! The worker's scope: messages in, messages out, one after the other.

use js_sys::{Array, Date, Uint8Array};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use tidemark_browser::{
    BrowserClock, BrowserEntropy, BrowserNetwork, BrowserPlatform, Changes, IdbStore, WebLock,
};
use tidemark_engine::Engine;
use tidemark_exchange::message::{Ask, Export, Problem, ReadOptions, Tell};
use tidemark_exchange::{HEAD_BYTES, Reading, Session, Zone};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, DedicatedWorkerGlobalScope, File, MessageEvent};

/// Bytes that are read at once.
const SLICE_BYTES: u32 = 1 << 20;
/// The word to open pages, the same that pages say to each other.
const CHANGED: &str = "changed";

/// What a message brings.
struct Letter {
    ask: Ask,
    file: Option<File>,
}

struct Worker {
    scope: DedicatedWorkerGlobalScope,
    session: RefCell<Session<BrowserPlatform>>,
    file: RefCell<Option<File>>,
    letters: RefCell<VecDeque<Letter>>,
    is_busy: Cell<bool>,
    changes: Changes,
}

/// Listens from now on, and says that it does.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = Rc::new(Worker {
        scope: scope.clone(),
        session: RefCell::new(Session::new(engine())),
        file: RefCell::default(),
        letters: RefCell::default(),
        is_busy: Cell::new(false),
        changes: Changes::new(),
    });
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(letter) = letter(&event.data()) {
            worker.letters.borrow_mut().push_back(letter);
            work(&worker);
        }
    });
    scope.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget(); // as long as the worker lives
    // What was posted before this moment waits in the port; the page need not wait for a word.
}

fn engine() -> Engine<BrowserPlatform> {
    Engine::new(
        IdbStore::new(),
        tidemark_browser::transport(),
        BrowserNetwork,
        BrowserClock,
        BrowserEntropy,
        WebLock::new("sync"),
    )
}

fn letter(data: &JsValue) -> Option<Letter> {
    let parts = data.dyn_ref::<Array>()?;
    Some(Letter {
        ask: serde_wasm_bindgen::from_value(parts.get(0)).ok()?,
        file: parts.get(1).dyn_into().ok(),
    })
}

/// Answers what waits, in order, unless that is being done.
fn work(worker: &Rc<Worker>) {
    if worker.is_busy.replace(true) {
        return;
    }
    let worker = Rc::clone(worker);
    spawn_local(async move {
        loop {
            let next = worker.letters.borrow_mut().pop_front();
            let Some(letter) = next else { break };
            worker.answer(letter).await;
        }
        worker.is_busy.set(false);
    });
}

impl Worker {
    #[expect(
        clippy::await_holding_refcell_ref,
        reason = "letters are answered one after the other, and nothing else borrows the session"
    )]
    async fn answer(&self, letter: Letter) {
        if let Some(file) = letter.file {
            self.file.replace(Some(file));
        }
        let session = &self.session;
        let tell = match letter.ask {
            Ask::Read(options) => match self.read(&options).await {
                Ok(reading) => session.borrow_mut().load(reading).await,
                Err(tell) => *tell,
            },
            Ask::Compare(targets) => session.borrow().compare(&targets).await,
            Ask::Confirm {
                targets,
                brings_back,
            } => session.borrow().confirm(&targets, brings_back).await,
            Ask::Imports => session.borrow().imports().await,
            Ask::Undo(id) => session.borrow().undo(id).await,
            Ask::Export(export) => return self.export(&export).await,
        };
        if matches!(tell, Tell::Taken(_) | Tell::Undone(_)) {
            self.changes.post(CHANGED);
        }
        self.tell(&tell, None);
    }

    /// Reads the file in slices, saying how far it is.
    async fn read(&self, options: &ReadOptions) -> Result<Reading, Box<Tell>> {
        let gone = || Box::new(Tell::Failed(Problem::FileGone));
        let file = self.file.borrow().clone().ok_or_else(gone)?;
        let total = file.size();
        let head = slice(
            &file,
            0.0,
            f64::from(u32::try_from(HEAD_BYTES).unwrap_or(u32::MAX)),
        );
        let head = head.await.map_err(|_| gone())?;
        let mut reading = Reading::begin(file.name(), &head, options, zone())?;
        let mut done = 0.0;
        while done < total {
            let end = (done + f64::from(SLICE_BYTES)).min(total);
            let bytes = slice(&file, done, end).await.map_err(|_| gone())?;
            reading.push(&bytes)?;
            done = end;
            self.tell(&progress(done, total), None);
        }
        Ok(reading)
    }

    #[expect(
        clippy::await_holding_refcell_ref,
        reason = "letters are answered one after the other, and nothing else borrows the session"
    )]
    async fn export(&self, export: &Export) {
        let made = self.session.borrow().export(export).await;
        match made {
            Ok((name, text)) => match blob(&text, export) {
                Ok(blob) => self.tell(&Tell::Exported(name), Some(&blob)),
                Err(_) => self.tell(&Tell::Failed(Problem::NoRoom), None),
            },
            Err(problem) => self.tell(&Tell::Failed(problem), None),
        }
    }

    fn tell(&self, tell: &Tell, blob: Option<&Blob>) {
        let Ok(message) = serde_wasm_bindgen::to_value(tell) else {
            return; // messages hold plain numbers and text, which always can
        };
        let parts = Array::of1(&message);
        if let Some(blob) = blob {
            parts.push(blob);
        }
        // Fails only for what can't be copied, and plain objects and blobs can.
        let _ = self.scope.post_message(&parts);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes of files are whole numbers below 2^53"
)]
fn progress(done: f64, total: f64) -> Tell {
    Tell::Progress {
        done: done as u64,
        total: total as u64,
    }
}

async fn slice(file: &File, start: f64, end: f64) -> Result<Vec<u8>, JsValue> {
    let part = file.slice_with_f64_and_f64(start, end)?;
    let buffer = JsFuture::from(part.array_buffer()).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn blob(text: &str, export: &Export) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(match export {
        Export::Csv(_) => "text/csv",
        Export::Backup => "application/json",
        Export::Refused(_) => "text/plain",
    });
    let parts = Array::of1(&JsValue::from_str(text));
    Blob::new_with_str_sequence_and_options(&parts, &options)
}

/// The browser's time zone, with its rules for every moment.
fn zone() -> Zone {
    Rc::new(|local_ms| {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a date of the browser is a float too"
        )]
        let utc = Date::new(&JsValue::from_f64(local_ms as f64));
        // The same clock face, read in the zone here.
        let local = Date::new_with_year_month_day(2000, 0, 1);
        local.set_full_year_with_month_date(
            utc.get_utc_full_year(),
            i32::try_from(utc.get_utc_month()).unwrap_or(0),
            i32::try_from(utc.get_utc_date()).unwrap_or(1),
        );
        local.set_hours(utc.get_utc_hours());
        local.set_minutes(utc.get_utc_minutes());
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole minutes within a day"
        )]
        let west = local.get_timezone_offset() as i16;
        -west
    })
}
