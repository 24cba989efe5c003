//! A connection to the database: opened within a deadline, closed at once when another tab needs it gone.

use super::failure::Failure;
use super::schema::{DATA, Schema, UpgradeFailure};
use crate::timer::within;
use idb::{Factory, request::OpenDatabaseRequest};
use js_sys::Promise;
use std::cell::Cell;
use std::rc::Rc;
use tidemark_engine::StoreError;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{IdbDatabase, IdbOpenDbRequest, IdbVersionChangeEvent};

/// An open connection; closed when dropped, after the transactions that run.
#[derive(Debug)]
pub struct Connection {
    raw: IdbDatabase,
    /// Holds the callbacks.
    callbacks: idb::Database,
    is_open: Rc<Cell<bool>>,
}

/// Called when a newer version of the app asks for the database.
pub(super) type OnSuperseded = Rc<dyn Fn()>;

impl Connection {
    /// Opens the database `name`, bringing an older one up to date, within `deadline_ms`.
    ///
    /// # Errors
    /// [`StoreError::Blocked`] if an older version is kept open elsewhere, [`StoreError::NewerSchema`] if
    /// a newer one is stored, else the browser's error.
    pub async fn open(
        name: &str,
        deadline_ms: u32,
        superseded: Rc<dyn Fn()>,
    ) -> Result<Self, Failure> {
        Self::open_as(&DATA, name, deadline_ms, superseded).await
    }

    /// The same for a database of another kind.
    pub(super) async fn open_as(
        schema: &'static Schema,
        name: &str,
        deadline_ms: u32,
        superseded: Rc<dyn Fn()>,
    ) -> Result<Self, Failure> {
        let mut opening = Opening::start(name, schema, Some(schema.version))?;
        match opening.finish(deadline_ms).await {
            Ok(raw) => Ok(Self::over(raw, superseded)),
            Err(Failure::Js(error)) if error.name == "VersionError" => {
                Err(newer_schema(schema, name, deadline_ms).await)
            }
            Err(failure) => Err(failure),
        }
    }

    fn over(raw: IdbDatabase, superseded: OnSuperseded) -> Self {
        let is_open = Rc::new(Cell::new(true));
        let mut callbacks = idb::Database::from(raw.clone());
        let (closing, open) = (raw.clone(), Rc::clone(&is_open));
        callbacks.on_version_change(move |event| {
            // Whoever waits for us must not wait longer than this.
            closing.close();
            open.set(false);
            let event: IdbVersionChangeEvent = event.unchecked_into();
            if event.new_version().is_some() {
                superseded();
            }
        });
        let open = Rc::clone(&is_open);
        callbacks.on_close(move |_| open.set(false));
        Self {
            raw,
            callbacks,
            is_open,
        }
    }

    /// Whether it still serves, as far as the browser has told.
    pub fn is_open(&self) -> bool {
        self.is_open.get()
    }

    /// The connection itself.
    pub fn raw(&self) -> &IdbDatabase {
        &self.raw
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.raw.set_onversionchange(None);
        self.raw.set_onclose(None);
        self.callbacks.close();
    }
}

/// An open request. Dropped before its end it goes on, so that an upgrade is finished, and closes what it
/// opened: a connection that nobody knows would hold up every other tab.
struct Opening {
    request: OpenDatabaseRequest,
    raw: IdbOpenDbRequest,
    end: Option<JsFuture>,
    blocked: Rc<Cell<bool>>,
    upgrade_failure: UpgradeFailure,
}

impl Opening {
    fn start(name: &str, schema: &'static Schema, version: Option<u32>) -> Result<Self, Failure> {
        let raw = IdbOpenDbRequest::from(Factory::new()?.open(name, version)?);
        let mut request = OpenDatabaseRequest::from(raw.clone());
        let blocked = Rc::new(Cell::new(false));
        let is_blocked = Rc::clone(&blocked);
        request.on_blocked(move |_| is_blocked.set(true));
        let upgrade_failure = UpgradeFailure::default();
        let failed = Rc::clone(&upgrade_failure);
        request.on_upgrade_needed(move |event| schema.upgrade(&event, &failed));
        let end = JsFuture::from(Promise::new(&mut |resolve, _| {
            raw.set_onsuccess(Some(&resolve));
            raw.set_onerror(Some(&resolve));
        }));
        Ok(Self {
            request,
            raw,
            end: Some(end),
            blocked,
            upgrade_failure,
        })
    }

    async fn finish(&mut self, deadline_ms: u32) -> Result<IdbDatabase, Failure> {
        let end = self.end.as_mut().expect("finished once only");
        let Some(ended) = within(deadline_ms, end).await else {
            return Err(if self.blocked.get() {
                Failure::Final(StoreError::Blocked)
            } else {
                Failure::Deadline("opening the database")
            });
        };
        self.end = None;
        ended?;
        match self.raw.error()? {
            Some(error) => Err(self.upgrade_failure.take().unwrap_or_else(|| error.into())),
            None => Ok(self.raw.result()?.unchecked_into()),
        }
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        if let Some(end) = self.end.take() {
            let raw = self.raw.clone();
            let placeholder = OpenDatabaseRequest::from(raw.clone());
            let request = std::mem::replace(&mut self.request, placeholder);
            spawn_local(async move {
                let _ = end.await;
                if let Ok(database) = raw.result() {
                    database.unchecked_into::<IdbDatabase>().close();
                }
                drop(request); // with its callbacks
            });
        }
    }
}

/// Reads which newer version is stored, without touching it.
async fn newer_schema(schema: &'static Schema, name: &str, deadline_ms: u32) -> Failure {
    let opened = async {
        let database = Opening::start(name, schema, None)?
            .finish(deadline_ms)
            .await?;
        let found = idb::Database::from(database.clone()).version();
        database.close();
        Ok::<u32, Failure>(found?)
    };
    match opened.await {
        Ok(found) => Failure::Final(StoreError::NewerSchema {
            found,
            known: schema.version,
        }),
        Err(failure) => failure,
    }
}
