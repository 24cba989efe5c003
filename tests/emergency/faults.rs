//! Faults of IndexedDB made by hand, each until it is dropped.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};

/// A fault that is there until this is dropped.
pub struct Fault(Function);

impl Fault {
    fn new(script: &str) -> Self {
        let undo = Function::new_no_args(script).call0(&JsValue::UNDEFINED);
        Self(undo.unwrap().unchecked_into())
    }

    /// No room is left: every write is refused.
    pub fn full() -> Self {
        Self::new(
            "const put = IDBObjectStore.prototype.put;
             IDBObjectStore.prototype.put = () => { throw new DOMException('made up', 'QuotaExceededError'); };
             return () => { IDBObjectStore.prototype.put = put; };",
        )
    }

    /// The browser aborts `times` transactions that write, as after a suspension, though every request went well.
    pub fn aborts(times: u32) -> Self {
        Self::new(&format!(
            "const put = IDBObjectStore.prototype.put;
             let left = {times};
             IDBObjectStore.prototype.put = function (...given) {{
               const request = put.apply(this, given);
               if (left-- > 0) this.transaction.abort();
               return request;
             }};
             return () => {{ IDBObjectStore.prototype.put = put; }};"
        ))
    }

    /// The next `times` attempts to open a database are never answered.
    pub fn hangs(times: u32) -> Self {
        Self::new(&format!(
            "const open = IDBFactory.prototype.open;
             let left = {times};
             IDBFactory.prototype.open = function (...given) {{
               return left-- > 0 ? {{}} : open.apply(this, given);
             }};
             return () => {{ IDBFactory.prototype.open = open; }};"
        ))
    }

    /// Local storage is full.
    pub fn no_second_storage() -> Self {
        Self::new(
            "const set = Storage.prototype.setItem;
             Storage.prototype.setItem = () => { throw new DOMException('made up', 'QuotaExceededError'); };
             return () => { Storage.prototype.setItem = set; };",
        )
    }
}

impl Drop for Fault {
    fn drop(&mut self) {
        self.0.call0(&JsValue::UNDEFINED).unwrap();
    }
}
