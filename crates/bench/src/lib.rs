//! What the benchmark measures: the store and the engine of the app, without its screens.
//!
//! Nothing is written anew for it. A record is logged as the form logs it, an import goes the way of files, a merge takes
//! the server's own pages, and syncing is the engine's tick, called as the page calls it (`peer/client.js`).
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::missing_errors_doc,
    reason = "every call rejects with the store's own words, which the harness prints"
)]

mod records;
mod way;

pub use records::Columns;

use js_sys::Function;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use tidemark_browser::{BrowserClock, BrowserEntropy, BrowserNetwork, IdbStore, WebLock};
use tidemark_engine::gathering::Gathering;
use tidemark_engine::ids::new_op_id;
use tidemark_engine::outbox::{EntryDraft, EntryKind};
use tidemark_engine::ports::Store;
use tidemark_engine::view::Entry;
use tidemark_engine::{Clock, Engine, Platform, TickOutcome, Trigger};
use tidemark_protocol::{
    Cursor, EntityId, Epoch, Metric, MetricPatch, MetricsPage, OpId, PackedPage, Patch, Timestamp,
};
use wasm_bindgen::prelude::*;
use way::Way;

/// Rows in a page of the server's answer at most, as the server says.
const PAGE_ROWS: usize = 1000;

struct Stack;

impl Platform for Stack {
    type Store = IdbStore;
    type Transport = Way;
    type Network = BrowserNetwork;
    type Clock = BrowserClock;
    type Entropy = BrowserEntropy;
    type Lock = WebLock;
}

/// An open store with its engine.
#[wasm_bindgen]
pub struct Bench {
    engine: Engine<Stack>,
    user: Cell<Option<EntityId>>,
    /// As a screen holds what it shows while edits are made.
    shown: RefCell<HashMap<EntityId, Entry>>,
    /// The newest change that [`Bench::news`] has told.
    seen: Cell<u64>,
}

/// What a tick did.
#[wasm_bindgen]
#[derive(Clone, Copy, Debug)]
pub struct Ticked {
    /// Milliseconds until the next one.
    pub wake_ms: f64,
    /// Whether there is more to do at once.
    pub more: bool,
}

#[wasm_bindgen]
impl Bench {
    /// Opens the database `name`.
    pub async fn open(name: String) -> Result<Bench, JsValue> {
        let engine = Engine::new(
            IdbStore::open(&name).await.map_err(told)?,
            Way::default(),
            BrowserNetwork,
            BrowserClock,
            BrowserEntropy,
            WebLock::new(&name),
        );
        let bench = Self {
            engine,
            user: Cell::default(),
            shown: RefCell::default(),
            seen: Cell::default(),
        };
        bench.find_user().await?;
        Ok(bench)
    }

    /// Logs one record, as the form does.
    pub async fn log(&self, user: String, columns: Columns) -> Result<(), JsValue> {
        let user = self.user_is(&user).await?;
        for row in columns.rows(user)? {
            let draft = self.draft(row.id, &row.to_patch(), 0);
            self.engine.write(&draft).await.map_err(told)?;
        }
        Ok(())
    }

    /// Takes many records in, as an import does.
    pub async fn bulk(&self, user: String, columns: Columns) -> Result<(), JsValue> {
        let user = self.user_is(&user).await?;
        let rows = columns.rows(user)?;
        self.engine.import(&rows).await.map_err(told).map(drop)
    }

    /// The newest records first: `count` of them, or all.
    pub async fn newest(&self, count: Option<usize>) -> Result<Columns, JsValue> {
        let Some(user) = self.find_user().await? else {
            return Ok(Columns::default());
        };
        let entries = match count {
            Some(count) => self.engine.newest(user, count).await,
            None => self.engine.history(user).await,
        };
        let entries = entries.map_err(told)?;
        let shown = count.unwrap_or(entries.len()).min(entries.len());
        Ok(Columns::of(entries[..shown].iter()))
    }

    /// All records, oldest first.
    pub async fn all(&self) -> Result<Columns, JsValue> {
        Ok(Columns::of(self.history().await?.iter().rev()))
    }

    /// How many records there are.
    pub async fn count(&self) -> Result<usize, JsValue> {
        self.history().await.map(|entries| entries.len())
    }

    /// The server's pages that bring these records, in columns as the app asks for them: what [`Bench::merge`] takes.
    pub async fn wire(&self, user: String, columns: Columns) -> Result<Vec<String>, JsValue> {
        let user = self.user_is(&user).await?;
        let state = self.engine.state().await.map_err(told)?;
        let mut rows = columns.rows(user)?;
        for (row, version) in rows.iter_mut().zip(state.head + 1..) {
            row.version = version;
            row.user_number = 1;
        }
        let head = state.head + rows.len() as u64;
        let pages = rows.chunks(PAGE_ROWS).map(|rows| page(rows, head));
        pages
            .map(|page| serde_json::to_string(&PackedPage::of(page)).map_err(told))
            .collect()
    }

    /// Merges the server's pages, each as a pull does.
    pub async fn merge(&self, pages: Vec<String>) -> Result<(), JsValue> {
        let mut gathering = Gathering::default();
        let mut from = self.engine.state().await.map_err(told)?.cursor;
        for text in pages {
            let packed: PackedPage = serde_json::from_str(&text).map_err(told)?;
            let unfit = || JsValue::from_str("columns that do not fit each other");
            let page = packed.unpack().ok_or_else(unfit)?.page;
            let now = self.engine.clock.now();
            let next = page.cursor.clone();
            let before = gathering.add(page, from.replace(next), now);
            for delta in before.into_iter().chain(gathering.due(now)) {
                self.engine.store.apply(&delta).await.map_err(told)?;
            }
        }
        Ok(())
    }

    /// Calls `told` as soon as pulled records are stored.
    pub fn on_news(&self, told: Function) {
        self.engine.on_news(move || {
            // What it returns is a promise of its own.
            let _ = told.call0(&JsValue::UNDEFINED);
        });
    }

    /// From now on the server is there: `http://host:port`.
    pub async fn connect(&self, server: String) -> Result<(), JsValue> {
        let state = self.engine.state().await.map_err(told)?;
        self.seen.set(state.head);
        self.engine.transport.lead_to(server);
        Ok(())
    }

    /// One tick, for the reason that the page would give.
    pub async fn tick(&self, trigger: &str) -> Ticked {
        let trigger = match trigger {
            "online" => Trigger::Online,
            "live" => Trigger::LiveHint,
            "write" => Trigger::LocalWrite,
            "start" => Trigger::Start,
            _ => Trigger::Interval,
        };
        let report = self.engine.tick(trigger).await;
        #[expect(clippy::cast_precision_loss, reason = "a wait is below 2^53")]
        let wake_ms = report
            .next_wake
            .millis_since(self.engine.clock.now())
            .max(0) as f64;
        Ticked {
            wake_ms,
            more: report.outcome == TickOutcome::More,
        }
    }

    /// The account that the store belongs to, once the server has said so.
    pub async fn account(&self) -> Result<Option<String>, JsValue> {
        let state = self.engine.state().await.map_err(told)?;
        Ok(state.owner.map(|owner| owner.to_string()))
    }

    /// The account's change counter up to which this device has pulled.
    pub async fn head(&self) -> Result<f64, JsValue> {
        #[expect(clippy::cast_precision_loss, reason = "a counter is below 2^53")]
        let head = self.engine.state().await.map_err(told)?.head as f64;
        Ok(head)
    }

    /// The records that came or changed since this was last asked, or since the server is there.
    pub async fn news(&self) -> Result<Columns, JsValue> {
        let entries = self.history().await?;
        let seen = self.seen.get();
        let is_news = |entry: &&Entry| entry.metric.version > seen;
        let news: Vec<&Entry> = entries.iter().filter(is_news).collect();
        let newest = news.iter().map(|entry| entry.metric.version).max();
        self.seen.set(newest.unwrap_or(seen));
        Ok(Columns::of(news.into_iter()))
    }

    /// Reads everything, as a screen has before somebody edits on it.
    pub async fn show(&self) -> Result<(), JsValue> {
        let entries = self.history().await?;
        let shown = entries.into_iter().map(|entry| (entry.metric.id, entry));
        self.shown.replace(shown.collect());
        Ok(())
    }

    /// Edits a record that is shown, as the form does.
    pub async fn edit(&self, columns: Columns) -> Result<(), JsValue> {
        let user = self.user.get().ok_or("nobody is known")?;
        for row in columns.rows(user)? {
            let version = self
                .shown
                .borrow()
                .get(&row.id)
                .map(|entry| entry.metric.version);
            let version = version.ok_or("the record is not shown")?;
            let patch = MetricPatch {
                weight: Some(row.weight),
                bmi: row.bmi.map_or(Patch::Keep, Patch::Set),
                note: row.note.map_or(Patch::Clear, Patch::Set),
                user_id: Some(user),
                id: Some(row.id),
                updated_at: Some(row.updated_at),
                ..MetricPatch::default()
            };
            let draft = self.draft(row.id, &patch, version);
            self.engine.write(&draft).await.map_err(told)?;
        }
        Ok(())
    }
}

impl Bench {
    async fn history(&self) -> Result<Vec<Entry>, JsValue> {
        match self.find_user().await? {
            Some(user) => self.engine.history(user).await.map_err(told),
            None => Ok(Vec::new()),
        }
    }

    /// Whose records these are: the device's only person.
    async fn find_user(&self) -> Result<Option<EntityId>, JsValue> {
        if self.user.get().is_none() {
            let profile = self.engine.profile().await.map_err(told)?;
            self.user
                .set(profile.people.first().map(|person| person.user.id));
        }
        Ok(self.user.get())
    }

    /// The person of the records, made where there is nobody yet.
    async fn user_is(&self, user: &str) -> Result<EntityId, JsValue> {
        if let Some(user) = self.find_user().await? {
            return Ok(user);
        }
        let user = EntityId::parse(user).ok_or("the user's id is no UUID")?;
        let person = EntryDraft {
            op_id: OpId::for_bulk_create(user),
            kind: EntryKind::CreateUser,
            payload: "{}".to_owned(),
            ..self.draft(user, &MetricPatch::default(), 0)
        };
        self.engine.write(&person).await.map_err(told)?;
        self.user.set(Some(user));
        Ok(user)
    }

    fn draft(&self, id: EntityId, patch: &MetricPatch, base_version: u64) -> EntryDraft {
        EntryDraft {
            op_id: new_op_id(&self.engine.clock, &self.engine.entropy),
            kind: EntryKind::UpsertMetric,
            entity_id: id,
            payload: serde_json::to_string(patch).unwrap_or_default(),
            base_version,
            created_at: self.engine.clock.now(),
            owner: None,
            parked: None,
        }
    }
}

fn page(rows: &[Metric], head: u64) -> MetricsPage {
    let last = rows.last().map_or(0, |row| row.version);
    MetricsPage {
        metrics: rows.to_vec(),
        cursor: Cursor(format!("1.m.{last}.benchmark")),
        has_more: last < head,
        head,
        epoch: Epoch("00000000-0000-0000-0000-000000000000".to_owned()),
        server_time: Timestamp(0),
    }
}

fn told(error: impl std::fmt::Display) -> JsValue {
    JsValue::from_str(&error.to_string())
}
