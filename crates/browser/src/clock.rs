//! The device's clock.

use tidemark_engine::Clock;
use tidemark_protocol::Timestamp;

/// The device's clock as the browser reads it.
#[derive(Clone, Copy, Debug, Default)]
pub struct BrowserClock;

impl Clock for BrowserClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this adapter is where the device is asked for the time"
    )]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a browser's date is a whole number below 2^53"
    )]
    fn now(&self) -> Timestamp {
        Timestamp(js_sys::Date::now() as i64)
    }
}
