//! The moment and the zone of this device.

use js_sys::Date;
use tidemark_browser::BrowserClock;
use tidemark_engine::Clock;
use tidemark_protocol::Timestamp;
use wasm_bindgen::JsValue;

/// The device's idea of now.
pub fn now() -> Timestamp {
    BrowserClock.now()
}

/// Minutes east of UTC here at a moment: the zone's rules are the browser's.
pub fn utc_offset(at: Timestamp) -> i16 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a date of the browser is a float too"
    )]
    let date = Date::new(&JsValue::from_f64(at.millis() as f64));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole minutes within a day"
    )]
    let west = date.get_timezone_offset() as i16;
    -west
}
