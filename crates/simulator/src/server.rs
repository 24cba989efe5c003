//! The server of a run: up or down, restored from backups, and asked through requests as they would come over HTTP.

mod deep;
mod fast;
mod process;
mod sown;
mod storage;

use crate::bugs::Bug;
use crate::chance::Chance;
use crate::oracle::Life;
use crate::plan::Depth;
pub use deep::{DeepServer, of_response, to_http};
use fast::FastServer;
pub use fast::{ours, problem};
pub use process::{Place, Process};
use std::cell::{Cell, RefCell};
use tidemark_engine::{Answer, Request};
use tidemark_protocol::{Cursor, DeviceId, Epoch, MetricsPage, ProblemCode, Timestamp};
use tidemark_server::http::ApiError;
use uuid::Uuid;

/// The server.
#[derive(Debug)]
pub struct SimServer {
    body: Body,
    /// Down until this virtual moment.
    pub down_until_ms: Cell<i64>,
    /// Whether its disk is full.
    pub is_full: Cell<bool>,
    /// Its clock minus the true one, in milliseconds.
    pub offset_ms: Cell<i64>,
    /// Rows that it puts into a page at most.
    pub page_rows_max: usize,
    /// Events that it says it takes in a batch.
    pub events_max: usize,
    /// Backups, oldest first, with what the judge knew then.
    backups: RefCell<Vec<(Backup, Life)>>,
    epochs: Cell<u64>,
    /// Files of backups made so far.
    copies: Cell<usize>,
    /// What a bug remembers.
    refused: RefCell<sown::Refused>,
    bug: Option<Bug>,
}

#[derive(Clone, Debug)]
enum Backup {
    Fast(fast::Backup),
    /// By its name.
    Deep(String),
}

#[derive(Debug)]
enum Body {
    Fast(FastServer),
    Deep(DeepServer),
}

fn epoch(number: u64) -> Epoch {
    Epoch(Uuid::from_u128(0xe0_0000 + u128::from(number)).to_string())
}

impl SimServer {
    /// An empty server.
    pub fn new(depth: Depth, chance: &Chance, bug: Option<Bug>) -> Self {
        let body = match depth {
            Depth::Fast => Body::Fast(FastServer::new(epoch(0), bug)),
            Depth::Deep => Body::Deep(DeepServer::default()),
            Depth::Postgres => Body::Deep(DeepServer::over(Place::postgres())),
        };
        let small = |chance: &Chance, large: usize| {
            if chance.happens(300) {
                usize::try_from(chance.between(1, 6)).unwrap_or(1)
            } else {
                large
            }
        };
        Self {
            body,
            down_until_ms: Cell::new(0),
            is_full: Cell::new(false),
            offset_ms: Cell::new(0),
            page_rows_max: small(chance, tidemark_protocol::limits::PAGE_ROWS_MAX),
            events_max: small(chance, tidemark_protocol::limits::BATCH_EVENTS_MAX),
            backups: RefCell::default(),
            epochs: Cell::new(0),
            copies: Cell::new(0),
            refused: RefCell::default(),
            bug,
        }
    }

    /// Answers a request at a moment. `dies` says that this is the last thing it does before it is killed.
    pub fn answer(&self, asked: &Request, true_now: Timestamp, dies: bool) -> Answer {
        let now = true_now.plus_millis(self.offset_ms.get());
        let request = sown::request(self.bug, &self.with_small_pages(asked), now);
        let answer = match &self.body {
            Body::Fast(server) => server.answer(&request, now, self.is_full.get(), dies),
            Body::Deep(_) if self.is_full.get() => full(),
            Body::Deep(server) => server.answer(&request, now),
        };
        let answer = self.with_small_batches(&request, answer);
        sown::answer(self.bug, asked, answer, &mut self.refused.borrow_mut())
    }

    fn with_small_pages(&self, request: &Request) -> Request {
        let asked = format!("limit={}", tidemark_protocol::limits::PAGE_ROWS_MAX);
        let path = request
            .path
            .replace(&asked, &format!("limit={}", self.page_rows_max));
        Request {
            path,
            ..request.clone()
        }
    }

    fn with_small_batches(&self, request: &Request, answer: Answer) -> Answer {
        if request.path != "/v1/server"
            || self.events_max == tidemark_protocol::limits::BATCH_EVENTS_MAX
        {
            return answer;
        }
        let stated = format!(
            "\"max_events\":{}",
            tidemark_protocol::limits::BATCH_EVENTS_MAX
        );
        let body = answer
            .body
            .replace(&stated, &format!("\"max_events\":{}", self.events_max));
        Answer { body, ..answer }
    }

    /// Makes a backup.
    pub fn back_up(&self, known: Life) {
        let mut backups = self.backups.borrow_mut();
        let backup = match &self.body {
            Body::Fast(server) => Backup::Fast(server.backup()),
            Body::Deep(server) => {
                self.copies.set(self.copies.get() + 1);
                Backup::Deep(server.back_up(self.copies.get()))
            }
        };
        backups.push((backup, known));
    }

    /// Puts a backup in place. Answers what the judge knew when it was made, and the new life's name.
    pub fn restore(&self, chance: &Chance) -> Option<(Life, Epoch)> {
        let mut backups = self.backups.borrow_mut();
        let index = chance.index(backups.len());
        let (backup, known) = backups.get(index)?.clone();
        // Backups made after this one belong to a life that is gone.
        backups.truncate(index + 1);
        self.epochs.set(self.epochs.get() + 1);
        let life = epoch(self.epochs.get());
        match (&self.body, &backup) {
            (Body::Fast(server), Backup::Fast(backup)) => {
                server.restore(backup, life, self.epochs.get());
                Some((known, server.epoch()))
            }
            (Body::Deep(server), Backup::Deep(backup)) => {
                server.restore(backup, &life);
                Some((known, life))
            }
            (Body::Fast(_), Backup::Deep(_)) | (Body::Deep(_), Backup::Fast(_)) => None,
        }
    }

    /// Forgets old deletions. Answers up to which version.
    pub fn forget_deletions(&self, chance: &Chance) -> Option<u64> {
        match &self.body {
            Body::Fast(server) => server.forget_deletions(chance),
            Body::Deep(server) => server.forget_deletions(),
        }
    }

    /// The cursor at the head of the metrics' feed, as a bug gets it that does not pull.
    pub fn head_cursor(
        &self,
        true_now: Timestamp,
        device: &DeviceId,
    ) -> Option<(Cursor, u64, Epoch)> {
        let path = "/v1/metrics?since=9000-01-01T00:00:00Z&limit=1".to_owned();
        let request = Request {
            method: "GET",
            path,
            body: None,
            account: None,
            device: device.clone(),
        };
        let page: MetricsPage =
            serde_json::from_str(&self.answer(&request, true_now, false).body).ok()?;
        Some((page.cursor, page.head, page.epoch))
    }

    /// Stops and starts: what is committed stays.
    pub fn restart(&self) {
        if let Body::Deep(server) = &self.body {
            server.restart();
        }
    }
}

/// What our server says when its storage fails.
fn full() -> Answer {
    fast::problem(
        &ApiError::new(
            ProblemCode::Overloaded,
            "the server can't do this now; nothing was processed",
        )
        .problem,
    )
}
