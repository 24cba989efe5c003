//! The page: everything that knows Leptos. It draws what signals say and sends intents; it opens no
//! database, calls no network and reads no clock by itself.
//!
//! | Room | What it does | What it must not know |
//! |---|---|---|
//! | [`boot`] | builds the engine and starts the service: the composition root | screens |
//! | [`app`] | contexts, routes, what stands around every screen | stored data |
//! | [`router`] | addresses of the screens | what a screen shows |
//! | [`routes`] | one file for each screen | the engine |
//! | [`components`] | one widget to a file | the engine, other widgets' insides |
//! | [`forms`] | typed text to domain values, with errors by field | signals |
//! | [`state`] | the only owner of signals for stored data, the only caller of the engine | what is drawn |
//! | [`later`] | what the first screen does not need and a second wasm brings | how it is brought |
//! | [`i18n`] | every word, every date and number as text | everything else |

pub mod app;
pub mod boot;
pub mod components;
pub mod forms;
pub mod i18n;
pub mod later;
pub mod router;
pub mod routes;
pub mod state;
