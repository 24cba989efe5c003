//! What a story needs: a real server process, real browsers, and a network that can be cut.
//!
//! Nothing here knows how the app works inside. `device` speaks in the words of a person; the files below it know the
//! drivers. Waiting always means asking until something is so, with a deadline.

mod browser;
mod device;
mod process;
mod proxy;
mod server;
mod wait;
mod world;

pub use browser::Engine;
pub use device::{Device, Row};
pub use wait::stopwatch;
pub use world::{World, story};
