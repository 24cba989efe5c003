//! The ports of a browser, page or service worker.

use crate::{BrowserClock, BrowserEntropy, BrowserNetwork, FetchTransport, IdbStore, WebLock};
use tidemark_engine::Platform;

/// The engine's platform in a browser.
#[derive(Clone, Copy, Debug)]
pub struct BrowserPlatform;

impl Platform for BrowserPlatform {
    type Store = IdbStore;
    type Transport = FetchTransport;
    type Network = BrowserNetwork;
    type Clock = BrowserClock;
    type Entropy = BrowserEntropy;
    type Lock = WebLock;
}
