//! What a story needs: a world with a server and devices.
//!
//! Nothing here knows how the app works inside: `device` speaks in the words of a person. What knows drivers and
//! processes is `tidemark-harness`.

mod builds;
mod device;
mod files;
mod world;

pub use builds::{NEXT, build_without, next_build, way_out};
pub use device::{Device, Row};
pub use files::{fixture, told_apart_by_content_only, written};
pub use tidemark_harness::{Engine, Weather, stopwatch};
pub use world::{World, story, story_at};
