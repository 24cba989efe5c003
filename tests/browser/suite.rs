//! The suite of the `Store` port over IndexedDB: a database of its own for every case.

use super::world::fresh_name;
use tidemark_browser::IdbStore;
use tidemark_testkit::store_suite::StoreFactory;
use wasm_bindgen_test::wasm_bindgen_test;

struct IndexedDb(String);

impl StoreFactory for IndexedDb {
    type Store = IdbStore;

    async fn open(&self) -> IdbStore {
        IdbStore::open(&self.0).await.expect("the database opens")
    }
}

macro_rules! as_tests {
    ($($file:ident { $($case:ident)* })*) => {
        $(mod $file {
            use super::{IndexedDb, fresh_name, wasm_bindgen_test};
            use tidemark_testkit::store_suite::$file;

            $(#[wasm_bindgen_test]
            async fn $case() {
                $file::$case(&IndexedDb(fresh_name())).await;
            })*
        })*
    };
}

tidemark_testkit::store_cases!(as_tests);
