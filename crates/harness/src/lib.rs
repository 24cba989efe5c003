//! What tests with real processes need: a server, browsers behind their drivers, and a network that can be cut.
//!
//! Nothing here knows how the app works inside or what a test looks for. Waiting always means asking until something is
//! so, with a deadline. Whatever is started goes with its value.
#![expect(
    clippy::missing_errors_doc,
    reason = "each error is a failed step of a test, and says which step it was"
)]

mod browser;
mod inspected;
mod process;
mod proxy;
mod refusing;
mod server;
mod wait;

pub use browser::{Browser, Engine};
pub use inspected::{Display, Inspected, InspectedPage};
pub use process::{Process, free_port};
pub use proxy::{Proxy, Weather};
pub use refusing::Refusing;
pub use server::Server;
pub use wait::{eventually, stopwatch};
