//! The composition root: the only file that names the browser's adapters. It builds the engine on them,
//! hands the browser's events to the service, and mounts the page. Natively it does nothing, so that the
//! page's rules can be tested without a browser.

#[cfg(target_arch = "wasm32")]
mod browser_host;
#[cfg(target_arch = "wasm32")]
mod databases;
#[cfg(target_arch = "wasm32")]
mod exchange_worker;
#[cfg(target_arch = "wasm32")]
mod first_paint;
#[cfg(target_arch = "wasm32")]
mod here;
#[cfg(target_arch = "wasm32")]
mod live;
#[cfg(target_arch = "wasm32")]
mod rest;

/// Starts the page.
pub fn start() {
    #[cfg(target_arch = "wasm32")]
    browser_host::start();
}
