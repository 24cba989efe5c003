//! From a write that fails to an entry that is stored, over the engine and the browser's own storages.

use super::faults::Fault;
use crate::browser::world::{fresh_name, open_at};
use idb::Factory;
use tidemark_browser::{
    BrowserClock, BrowserEntropy, BrowserNetwork, BrowserPlatform, Deadlines, IdbStore, Journal,
    WebLock,
};
use tidemark_domain::mass::Grams;
use tidemark_engine::outbox::EntryDraft;
use tidemark_engine::{Engine, Reading, Store, StoreError};
use tidemark_testkit::samples::NOON;
use wasm_bindgen_test::wasm_bindgen_test;

/// A version that is still to come.
const LATER: u32 = 99;

const SHORT: Deadlines = Deadlines {
    open_ms: 100,
    transaction_ms: 2_000,
    long_ms: 2_000,
};

/// A page over a database and a journal of its own.
struct Page {
    name: String,
    engine: Engine<BrowserPlatform>,
    journal: Journal,
}

impl Page {
    async fn new() -> Self {
        Self::of(&fresh_name()).await
    }

    async fn of(name: &str) -> Self {
        let store = IdbStore::open_within(name, SHORT).await;
        let engine = Engine::new(
            store.unwrap(),
            tidemark_browser::transport(),
            BrowserNetwork,
            BrowserClock,
            BrowserEntropy,
            WebLock::new("unused"),
        );
        Self {
            name: name.to_owned(),
            engine,
            journal: Journal::named(name),
        }
    }

    fn entry(&self, grams: u32) -> EntryDraft {
        let reading = Reading {
            weight: Grams::new(grams).unwrap(),
            height: None,
            note: None,
            created_at: NOON,
            utc_offset: None,
        };
        self.engine.draft_log(None, reading)
    }

    /// Stores an edit as the page does: what fails is copied.
    async fn write(&self, edit: &EntryDraft) -> Result<(), StoreError> {
        let written = self.engine.write(edit).await;
        if written.is_err() {
            assert!(self.journal.copy(edit));
        }
        written.map(drop)
    }

    /// Stores all copies.
    async fn replay(&self) {
        for copy in self.journal.copies() {
            self.engine.write(&copy).await.unwrap();
            self.journal.forget(copy.op_id);
        }
    }

    async fn shown(&self) -> Vec<u32> {
        let profile = self.engine.profile().await.unwrap();
        let person = profile.active().unwrap().user.id;
        let entries = self.engine.history(person).await.unwrap();
        let grams = entries.iter().map(|entry| entry.metric.weight.get());
        grams.collect()
    }
}

#[wasm_bindgen_test]
async fn what_a_full_device_refused_is_stored_once_when_there_is_room() {
    let page = Page::new().await;
    let full = Fault::full();
    let refused = page.write(&page.entry(78_000)).await;
    assert_eq!(refused, Err(StoreError::QuotaExceeded));
    drop(full);
    assert_eq!(page.engine.store.outbox().await, Ok(Vec::new()));
    let restarted = Page::of(&page.name).await;
    restarted.replay().await;
    restarted.replay().await;
    assert_eq!(restarted.shown().await, [78_000]);
    assert_eq!(restarted.journal.copies(), []);
}

#[wasm_bindgen_test]
async fn a_transaction_that_the_browser_aborts_is_tried_again_and_happens_once() {
    let page = Page::new().await;
    page.engine.state().await.unwrap();
    let suspended = Fault::aborts(2);
    page.write(&page.entry(78_000)).await.unwrap();
    drop(suspended);
    assert_eq!(page.shown().await, [78_000]);
    let outbox = page.engine.store.outbox().await.unwrap();
    assert_eq!(outbox.len(), 2, "the person and the entry");
}

#[wasm_bindgen_test]
async fn a_database_that_opens_only_at_the_third_attempt_is_waited_for() {
    let hanging = Fault::hangs(2);
    let page = Page::new().await;
    page.write(&page.entry(78_000)).await.unwrap();
    drop(hanging);
    assert_eq!(page.shown().await, [78_000]);
}

#[wasm_bindgen_test]
async fn a_database_that_never_opens_costs_no_entry() {
    let page = Page::new().await;
    let edit = page.entry(78_000);
    page.engine.store.connection().unwrap().raw().close();
    let hanging = Fault::hangs(u32::MAX);
    let failed = page.write(&edit).await;
    assert!(
        matches!(failed, Err(StoreError::Unavailable(_))),
        "{failed:?}"
    );
    drop(hanging);
    assert_eq!(page.journal.copies(), [edit]);
    page.replay().await;
    assert_eq!(page.shown().await, [78_000]);
}

#[wasm_bindgen_test]
async fn two_tabs_that_store_the_same_copies_at_once_store_them_once() {
    let page = Page::new().await;
    let full = Fault::full();
    for grams in [78_000, 79_000] {
        assert!(page.write(&page.entry(grams)).await.is_err());
    }
    drop(full);
    let other = Page::of(&page.name).await;
    let copies = page.journal.copies();
    let store_all = async |page: &Page| {
        for copy in &copies {
            page.engine.write(copy).await.unwrap();
        }
    };
    let (mut one, mut two) = (Box::pin(store_all(&page)), Box::pin(store_all(&other)));
    let mut ends = (false, false);
    std::future::poll_fn(|context| {
        ends.0 = ends.0 || one.as_mut().poll(context).is_ready();
        ends.1 = ends.1 || two.as_mut().poll(context).is_ready();
        if ends == (true, true) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    let mut shown = page.shown().await;
    shown.sort_unstable();
    assert_eq!(shown, [78_000, 79_000]);
    let outbox = page.engine.store.outbox().await.unwrap();
    assert_eq!(outbox.len(), 3, "one person and two entries");
}

#[wasm_bindgen_test]
async fn an_entry_after_the_storage_was_cleared_is_stored_and_can_be_seen() {
    let page = Page::new().await;
    page.write(&page.entry(78_000)).await.unwrap();
    let person = page.engine.profile().await.unwrap().people[0].user.id;
    let removed = Factory::new().unwrap().delete(&page.name).unwrap();
    removed.await.unwrap();
    let reading = Reading {
        weight: Grams::new(79_000).unwrap(),
        height: None,
        note: None,
        created_at: NOON,
        utc_offset: None,
    };
    let edit = page.engine.draft_log(Some(person), reading);
    page.write(&edit).await.unwrap();
    assert_eq!(page.shown().await, [79_000]);
}

#[wasm_bindgen_test]
async fn what_an_outdated_page_logs_waits_for_the_newer_version_and_wipes_nothing() {
    let page = Page::new().await;
    page.write(&page.entry(78_000)).await.unwrap();
    let newer = open_at(&page.name, LATER).await;
    assert!(page.engine.store.is_superseded());
    let edit = page.entry(79_000);
    let refused = page.write(&edit).await;
    assert!(
        matches!(refused, Err(StoreError::NewerSchema { found: LATER, .. })),
        "{refused:?}"
    );
    assert_eq!(page.journal.copies(), [edit]);
    let left = crate::browser::world::all(&newer, tidemark_browser::internals::OUTBOX).await;
    assert_eq!(left.len(), 2, "the person and the first entry");
}
