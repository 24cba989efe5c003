//! `GET /v1/metrics` and `GET /v1/users`: a page of changes.

use crate::{Epoch, Metric, Timestamp, User};
use serde::{Deserialize, Serialize};

/// Where a client stands in a feed: opaque to it, bound to account, feed and epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// A page of metrics in version order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MetricsPage {
    /// Rows, deletions among them.
    pub metrics: Vec<Metric>,
    /// Where the next pull goes on.
    pub cursor: Cursor,
    /// Whether more waits.
    pub has_more: bool,
    /// The account's change counter in this page's snapshot.
    pub head: u64,
    /// The life of the server's database.
    pub epoch: Epoch,
    /// The server's clock.
    pub server_time: Timestamp,
}

/// A page of users in version order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsersPage {
    /// Rows, deletions among them.
    pub users: Vec<User>,
    /// Where the next pull goes on.
    pub cursor: Cursor,
    /// Whether more waits.
    pub has_more: bool,
    /// The account's change counter in this page's snapshot.
    pub head: u64,
    /// The life of the server's database.
    pub epoch: Epoch,
    /// The server's clock.
    pub server_time: Timestamp,
}
