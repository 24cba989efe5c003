//! The way to a server of another origin: the app's own requests, with the origin before their paths.

use std::cell::RefCell;
use tidemark_browser::FetchTransport;
use tidemark_engine::ports::{Answer, Request, Transport, Unreachable};

/// Requests to the server that the harness has started; none before it is known.
#[derive(Debug, Default)]
pub struct Way {
    server: RefCell<Option<String>>,
    fetch: FetchTransport,
}

impl Way {
    /// From now on requests go to `server`.
    pub fn lead_to(&self, server: String) {
        self.server.replace(Some(server));
    }
}

impl Transport for Way {
    async fn call(&self, request: &Request) -> Result<Answer, Unreachable> {
        let server = self.server.borrow().clone();
        let server = server.ok_or_else(|| Unreachable("no server is known".to_owned()))?;
        let request = Request {
            path: format!("{server}{}", request.path),
            ..request.clone()
        };
        self.fetch.call(&request).await
    }
}
