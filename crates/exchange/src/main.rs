//! The exchange worker: a dedicated worker of the page that reads files and writes what they hold, so that the page
//! stays quick. Natively it does nothing.
//!
//! It brings what the library must not know: messages, blobs, the time zone, the browser's store. It knows no page.

#[cfg(target_arch = "wasm32")]
mod worker;

fn main() {
    #[cfg(target_arch = "wasm32")]
    worker::start();
}
