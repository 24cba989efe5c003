//! The browser's opinion of the network.

use crate::js::scope;
use tidemark_engine::Network;

/// `navigator.onLine`: false is mostly right, true means little.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserNetwork;

impl Network for BrowserNetwork {
    fn online_hint(&self) -> bool {
        scope().navigator().on_line().unwrap_or(true)
    }
}
