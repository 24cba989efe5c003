//! What the service needs of the page around it, named by job. The composition root gives it a browser,
//! tests give it timers that fire when they say so.
#![allow(
    async_fn_in_trait,
    reason = "the page is single-threaded, so no `Send` is wanted"
)]

use super::intent::StorageState;
use std::rc::Rc;
use tidemark_engine::Request;
use tidemark_engine::household::Databases;
use tidemark_engine::outbox::EntryDraft;
use tidemark_protocol::{AccountId, OpId};

/// What the service needs of the place it runs in, besides the engine's ports.
pub trait Host {
    /// The databases of this device.
    type Databases: Databases;
    /// A call to come, taken back when dropped.
    type Timer;
    /// Calls `work` once, later.
    fn after(&self, ms: u32, work: Box<dyn FnOnce()>) -> Self::Timer;
    /// Ends the task that runs: the browser draws and hears taps before it goes on.
    async fn breathe(&self);
    /// Whether somebody can see the page.
    fn is_visible(&self) -> bool;
    /// Tells the other tabs and the worker that something has changed.
    fn tell_others(&self);
    /// Something was saved: ask to keep it safe, and to be woken with it when there is a network.
    fn saved(&self);
    /// Something is unsent as the app starts: ask to be woken with it, for an older request may be used up.
    fn found_unsent(&self);
    /// The page goes out of sight, maybe for good, with something unsent. The worker may go on without it, and
    /// `parting` holds the oldest of it, ready to be sent by a page that ends.
    fn hand_over(&self, parting: Option<Request>);
    /// Whether the browser believes in a network.
    fn is_online(&self) -> bool;
    /// Listens for the server's hints about this account's changes, or (none) no longer. `on_head` gets the
    /// account's change counter.
    fn listen_for(&self, account: Option<AccountId>, on_head: Rc<dyn Fn(u64)>);
    /// Starts the new version of the app.
    fn apply_update(&self);
    /// Loads the page anew.
    fn reload(&self);
    /// The emergency copies of edits that no store has taken yet, in the order in which they were made; those of other
    /// pages of this device too.
    fn copies(&self) -> Vec<EntryDraft>;
    /// Makes an emergency copy, at once. Answers whether it was taken.
    fn copy(&self, edit: &EntryDraft) -> bool;
    /// The edit is stored: its copy, if there is one, goes.
    fn forget_copy(&self, op: OpId);
    /// Whether the browser asks before it lets somebody leave the page.
    fn guard_leaving(&self, is_guarded: bool);
    /// What this device remembers for itself, as last stored.
    fn recall(&self) -> Option<String>;
    /// Stores what this device remembers for itself.
    fn remember(&self, memory: &str);
    /// Finds out what the browser promises about the data; told once.
    fn look_at_storage(&self, told: Box<dyn FnOnce(StorageState)>);
    /// What the browser calls itself.
    fn browser_name(&self) -> String;
    /// Puts a text where it can be pasted from; told once whether that worked.
    fn copy_text(&self, text: &str, told: Box<dyn FnOnce(bool)>);
    /// Shows the browser's own offer to install the app.
    fn install(&self);
    /// Deletes everything that is stored on this device, then starts anew. `farewell` goes to the server; nobody hears
    /// the answer.
    fn erase_device(&self, farewell: Option<Request>);
    /// What this device is called in the list of devices.
    fn device_name(&self) -> Option<String>;
    /// The databases of this device, and which of them this page stands on.
    fn databases(&self) -> &Self::Databases;
    /// This page uses its database from now on, so that nobody takes it to pieces.
    async fn hold_database(&self);
    /// Ends this page and its like: they all begin anew, on this database.
    fn switch_database(&self, database: &str);
}
