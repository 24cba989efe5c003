//! The ports of a browser, page or service worker.

use crate::{BrowserClock, BrowserEntropy, BrowserNetwork, FetchTransport, IdbStore, WebLock};
use tidemark_engine::Platform;
use tidemark_engine::session::Renewing;

/// The engine's platform in a browser.
#[derive(Clone, Copy, Debug)]
pub struct BrowserPlatform;

impl Platform for BrowserPlatform {
    type Store = IdbStore;
    type Transport = BrowserTransport;
    type Network = BrowserNetwork;
    type Clock = BrowserClock;
    type Entropy = BrowserEntropy;
    type Lock = WebLock;
}

/// The way to the server, with a sign-in that lasts.
pub type BrowserTransport = Renewing<FetchTransport, WebLock>;

/// The way to the server that the app was loaded from. Page, tabs and worker renew a sign-in one at a time.
pub fn transport() -> BrowserTransport {
    Renewing::new(FetchTransport::new(), WebLock::new("renewal"))
}
