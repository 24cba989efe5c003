//! A word to the other tabs and the worker of this origin: something has changed.

use crate::events::Listener;
use wasm_bindgen::prelude::*;
use web_sys::{BroadcastChannel, MessageEvent};

/// The channel's name.
const CHANNEL: &str = "tidemark";

/// The channel between the contexts of this device. What one posts, all others hear; not itself.
#[derive(Debug)]
pub struct Changes {
    channel: Option<BroadcastChannel>,
}

impl Default for Changes {
    fn default() -> Self {
        Self::new()
    }
}

impl Changes {
    /// Joins the channel. Where the browser has none, nothing is heard and nothing said.
    pub fn new() -> Self {
        Self {
            channel: BroadcastChannel::new(CHANNEL).ok(),
        }
    }

    /// Says a word. Lost if nobody listens: whoever comes later reads the store.
    pub fn post(&self, word: &str) {
        if let Some(channel) = &self.channel {
            // Fails only on a closed channel, and this one closes when dropped.
            let _ = channel.post_message(&JsValue::from_str(word));
        }
    }

    /// Calls `heard` with each word of the others until the listener is dropped.
    pub fn subscribe(&self, heard: impl Fn(String) + 'static) -> Option<Listener> {
        let channel = self.channel.as_ref()?;
        Some(Listener::on(channel, "message", move |event| {
            let word = event
                .dyn_ref::<MessageEvent>()
                .and_then(|event| event.data().as_string());
            if let Some(word) = word {
                heard(word);
            }
        }))
    }
}

impl Drop for Changes {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.close();
        }
    }
}
