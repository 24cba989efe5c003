//! What the service needs of the page around it, named by job. The composition root gives it a browser,
//! tests give it timers that fire when they say so.

use std::rc::Rc;
use tidemark_protocol::AccountId;

/// What the service needs of the place it runs in, besides the engine's ports.
pub trait Host {
    /// A call to come, taken back when dropped.
    type Timer;
    /// Calls `work` once, later.
    fn after(&self, ms: u32, work: Box<dyn FnOnce()>) -> Self::Timer;
    /// Whether somebody can see the page.
    fn is_visible(&self) -> bool;
    /// Tells the other tabs and the worker that something has changed.
    fn tell_others(&self);
    /// Something was saved: ask to keep it safe, and to be woken with it when there is a network.
    fn saved(&self);
    /// The page goes out of sight with something unsent: the worker may go on without it.
    fn hand_over(&self);
    /// Listens for the server's hints about this account's changes, or (none) no longer. `on_head` gets the
    /// account's change counter.
    fn listen_for(&self, account: Option<AccountId>, on_head: Rc<dyn Fn(u64)>);
    /// Starts the new version of the app.
    fn apply_update(&self);
}
