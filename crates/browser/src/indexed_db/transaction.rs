//! One transaction, the only way to reach stored data.
//!
//! IndexedDB commits a transaction by itself as soon as nothing is asked of it, and keeps half of its work
//! when code leaves early. So: completion is listened for from the start; every error aborts, and so does
//! a dropped future; and a body that waits for anything but its own requests is aborted at once, before
//! the browser can commit the half that it has done.

use super::answer::{Answer, LastKey};
use super::failure::Failure;
use crate::js::{JsFailure, set};
use idb::{CursorDirection, Index, KeyRange, ObjectStore, Query};
use js_sys::{Array, Object, Promise};
use serde::{Serialize, de::DeserializeOwned};
use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tidemark_engine::StoreError;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, IdbDatabase, IdbRequest, IdbTransaction};

use super::rows::{from_js, to_js};

#[wasm_bindgen]
extern "C" {
    /// `IDBDatabase` with the options that web-sys has behind a flag only.
    type DatabaseWithOptions;
    #[wasm_bindgen(method, catch)]
    fn transaction(
        this: &DatabaseWithOptions,
        stores: &Array,
        mode: &str,
        options: &Object,
    ) -> Result<IdbTransaction, JsValue>;

    type TransactionWithOptions;
    #[wasm_bindgen(method, getter)]
    fn durability(this: &TransactionWithOptions) -> Option<String>;
}

/// What a transaction may do, and when it counts as complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Reads.
    Read,
    /// Writes; complete when the operating system has it.
    Relaxed,
    /// Writes; complete when the disk has it.
    Strict,
}

/// A running transaction.
#[derive(Debug)]
pub struct Tx {
    raw: IdbTransaction,
    /// Whether the body, as last polled, waits for a request of this transaction.
    pub(super) waits_for_request: Cell<bool>,
    /// How many requests were made whose answers are waited for.
    pub(super) asked: Cell<u32>,
    /// Up to which of them the browser has told of the answers.
    pub(super) answered: Cell<u32>,
    ended: Cell<bool>,
}

/// Runs `body` in a transaction over `stores`. Done when the transaction has completed; on any error
/// nothing of it is kept.
///
/// # Errors
/// The body's own failure, or the browser's when it aborts the transaction.
pub async fn with_transaction<T>(
    database: &IdbDatabase,
    stores: &[&str],
    mode: Mode,
    body: impl AsyncFnOnce(&Tx) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
    let (direction, durability) = match mode {
        Mode::Read => ("readonly", "default"),
        Mode::Relaxed => ("readwrite", "relaxed"),
        Mode::Strict => ("readwrite", "strict"),
    };
    let options = Object::new();
    set(&options, "durability", &JsValue::from_str(durability));
    let raw = database
        .unchecked_ref::<DatabaseWithOptions>()
        .transaction(&names, direction, &options)?;
    run_in(raw, body).await
}

/// Runs `body` in a transaction that has just been opened, and sees it to its end.
pub(super) async fn run_in<T>(
    raw: IdbTransaction,
    body: impl AsyncFnOnce(&Tx) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let end = end_of(&raw);
    let tx = Tx {
        raw,
        waits_for_request: Cell::new(false),
        asked: Cell::new(0),
        answered: Cell::new(0),
        ended: Cell::new(false),
    };
    let answer = watched(&tx, body(&tx)).await;
    // A commit that is called for would be sooner, but after it Firefox no longer says which request failed, and why.
    if answer.is_err() {
        tx.abort();
    }
    let end: Event = end.await?.unchecked_into();
    tx.ended.set(true);
    let answer = answer?;
    if end.type_() == "complete" {
        return Ok(answer);
    }
    Err(match tx.raw.error() {
        Some(error) => error.into(),
        None => Failure::Js(JsFailure {
            name: "AbortError".to_owned(),
            message: "the transaction was aborted".to_owned(),
        }),
    })
}

/// The event that ends a transaction. The browser's own promise holds the listeners, so that nothing of
/// ours is called after it was dropped.
fn end_of(raw: &IdbTransaction) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, _| {
        raw.set_oncomplete(Some(&resolve));
        raw.set_onabort(Some(&resolve));
    }))
}

/// The body, stopped as soon as it waits for something that does not belong to the transaction.
async fn watched<T>(tx: &Tx, body: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut body = pin!(body);
    poll_fn(|context| {
        tx.waits_for_request.set(false);
        match body.as_mut().poll(context) {
            Poll::Pending if !tx.waits_for_request.get() => Poll::Ready(Err(Failure::Final(
                StoreError::Unavailable("a transaction waited for something else".to_owned()),
            ))),
            polled => polled,
        }
    })
    .await
}

impl Drop for Tx {
    fn drop(&mut self) {
        if !self.ended.get() {
            self.abort();
        }
    }
}

impl Tx {
    fn abort(&self) {
        // Fails only where the transaction has ended already.
        let _ = self.raw.abort();
    }

    /// The durability that the browser has granted; `None` where it does not say.
    pub fn durability(&self) -> Option<String> {
        self.raw
            .unchecked_ref::<TransactionWithOptions>()
            .durability()
    }

    fn store(&self, name: &str) -> Result<ObjectStore, Failure> {
        Ok(ObjectStore::from(self.raw.object_store(name)?))
    }

    /// Asks now, to be awaited later.
    fn ask(&self, request: impl Into<IdbRequest>) -> Answer<'_> {
        Answer::new(self, request.into())
    }

    /// Writes a row under its own key. An error of it ends the transaction.
    ///
    /// # Errors
    /// If the row is none that can be stored.
    pub fn put<T: Serialize>(&self, store: &str, row: &T) -> Result<(), Failure> {
        self.put_value(store, &to_js(row)?, None)
    }

    /// Writes a row under `key`. An error of it ends the transaction.
    ///
    /// # Errors
    /// If the row is none that can be stored.
    pub fn put_at<T: Serialize>(&self, store: &str, row: &T, key: &JsValue) -> Result<(), Failure> {
        self.put_value(store, &to_js(row)?, Some(key))
    }

    pub(super) fn put_value(
        &self,
        store: &str,
        value: &JsValue,
        key: Option<&JsValue>,
    ) -> Result<(), Failure> {
        self.store(store)?.put(value, key)?;
        Ok(())
    }

    /// Adds a row to a store that counts its keys, and answers the key.
    pub(super) async fn append<T: Serialize>(&self, store: &str, row: &T) -> Result<f64, Failure> {
        let key = self.ask_add(store, row)?.await?;
        key.as_f64().ok_or_else(|| Failure::unreadable("a key"))
    }

    /// Removes what lies under a key, or in a range of keys.
    pub(super) fn delete(&self, store: &str, query: impl Into<Query>) -> Result<(), Failure> {
        self.store(store)?.delete(query)?;
        Ok(())
    }

    /// Removes everything.
    pub(super) fn clear(&self, store: &str) -> Result<(), Failure> {
        self.store(store)?.clear()?;
        Ok(())
    }

    /// Asks for the value under a key, to be awaited later.
    pub(super) fn ask_value(&self, store: &str, key: JsValue) -> Result<Answer<'_>, Failure> {
        Ok(self.ask(self.store(store)?.get(key)?))
    }

    /// Asks how many rows there are, all or under a key, to be awaited later.
    pub(super) fn ask_count(
        &self,
        store: &str,
        key: Option<JsValue>,
    ) -> Result<Answer<'_>, Failure> {
        Ok(self.ask(self.store(store)?.count(key.map(Query::Key))?))
    }

    /// The same of an index.
    pub(super) fn ask_count_at(
        &self,
        store: &str,
        index: &str,
        query: Query,
    ) -> Result<Answer<'_>, Failure> {
        Ok(self.ask(self.index(store, index)?.count(Some(query))?))
    }

    /// Adds a row under its own key, to be awaited later. It is an error, which ends the transaction, if that is taken.
    pub(super) fn ask_add<T: Serialize>(
        &self,
        store: &str,
        row: &T,
    ) -> Result<Answer<'_>, Failure> {
        Ok(self.ask(self.store(store)?.add(&to_js(row)?, None)?))
    }

    /// Reads the row under a key.
    ///
    /// # Errors
    /// If it can't be read as such a row, or the browser fails.
    pub async fn get<T: DeserializeOwned>(
        &self,
        store: &str,
        key: JsValue,
    ) -> Result<Option<T>, Failure> {
        self.ask_value(store, key)?.row(store).await
    }

    /// The values of a range, or of all, in the order of their keys, so many at most.
    pub(super) async fn values(
        &self,
        store: &str,
        range: Option<KeyRange>,
        limit: Option<u32>,
    ) -> Result<Vec<JsValue>, Failure> {
        let request = self.store(store)?.get_all(range.map(Into::into), limit)?;
        let values: Array = self.ask(request).await?.unchecked_into();
        Ok(values.to_vec())
    }

    /// All rows in the order of their keys.
    pub(super) async fn rows<T: DeserializeOwned>(&self, store: &str) -> Result<Vec<T>, Failure> {
        let request = self.store(store)?.get_all(None, None)?;
        from_js(&self.ask(request).await?, store)
    }

    /// The first rows of a range in the order of an index, so many at most.
    pub(super) async fn rows_by<T: DeserializeOwned>(
        &self,
        store: &str,
        index: &str,
        range: KeyRange,
        limit: u32,
    ) -> Result<Vec<T>, Failure> {
        let index = self.index(store, index)?;
        let request = index.get_all(Some(range.into()), Some(limit))?;
        from_js(&self.ask(request).await?, store)
    }

    /// Asks for the highest key of an index, to be awaited later.
    pub(super) fn ask_last_key(&self, store: &str, index: &str) -> Result<LastKey<'_>, Failure> {
        let request = self
            .index(store, index)?
            .open_key_cursor(None, Some(CursorDirection::Prev))?;
        Ok(LastKey(self.ask(request)))
    }

    /// Values from the highest key down, until `enough` says so of the one just seen.
    pub(super) async fn newest(
        &self,
        store: &str,
        range: Option<KeyRange>,
        mut enough: impl FnMut(JsValue) -> Result<bool, Failure>,
    ) -> Result<(), Failure> {
        let request = self
            .store(store)?
            .open_cursor(range.map(Into::into), Some(CursorDirection::Prev))?;
        let mut found = self.ask(request).await?;
        while !found.is_null() {
            let cursor: web_sys::IdbCursorWithValue = found.unchecked_into();
            let cursor = idb::Cursor::from(cursor);
            if enough(cursor.value()?)? {
                break;
            }
            found = self.ask(cursor.next(None)?).await?;
        }
        Ok(())
    }

    fn index(&self, store: &str, name: &str) -> Result<Index, Failure> {
        Ok(self.store(store)?.index(name)?)
    }
}
