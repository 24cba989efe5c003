//! The server's live hints: one open connection that says "there is something", never what.
//!
//! Missing a hint is harmless: the next tick by time finds the same.

use js_sys::{JSON, Reflect};
use tidemark_protocol::AccountId;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// An open connection; closed when dropped.
pub struct Live {
    account: AccountId,
    source: EventSource,
    _on_head: Closure<dyn FnMut(MessageEvent)>,
}

impl Live {
    /// Listens for hints of the account's changes. `on_head` gets the account's change counter. None
    /// where the browser has no such connections.
    pub fn open(account: AccountId, on_head: impl Fn(u64) + 'static) -> Option<Self> {
        let source = EventSource::new(&format!("/v1/live?account={account}")).ok()?;
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(head) = head(&event.data()) {
                on_head(head);
            }
        });
        source
            .add_event_listener_with_callback("head", heard.as_ref().unchecked_ref())
            .ok()?;
        Some(Self {
            account,
            source,
            _on_head: heard,
        })
    }

    /// Whether it still listens, and for this account. The browser reconnects by itself after a cut, but
    /// gives up for good after an answer that is no stream.
    pub fn serves(&self, account: AccountId) -> bool {
        self.account == account && self.source.ready_state() != EventSource::CLOSED
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.source.close();
    }
}

/// The change counter in `{"head": 42, …}`.
fn head(data: &JsValue) -> Option<u64> {
    let parsed = JSON::parse(&data.as_string()?).ok()?;
    let head = Reflect::get(&parsed, &JsValue::from_str("head"))
        .ok()?
        .as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a counter below 2^53"
    )]
    (head >= 0.0).then_some(head as u64)
}
