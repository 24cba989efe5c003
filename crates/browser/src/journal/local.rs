//! Copies in local storage. Without it (a worker, a browser that refuses it) there are none and none are made.

use super::row::CopyRow;
use tidemark_engine::outbox::EntryDraft;
use tidemark_protocol::OpId;
use web_sys::Storage;

/// The emergency journal beside one database, the same in every tab.
#[derive(Clone, Debug)]
pub struct Journal {
    prefix: String,
}

impl Journal {
    /// The journal of what goes into this database, and into no other: it may be somebody else's.
    pub fn beside(database: &str) -> Self {
        Self::named(&format!("{database}:unsaved:"))
    }

    /// A journal whose keys begin with `prefix`.
    pub fn named(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
        }
    }

    /// All copies, in the order in which they were made. One that can't be read is left where it is.
    pub fn copies(&self) -> Vec<EntryDraft> {
        self.rows().into_iter().map(CopyRow::into_edit).collect()
    }

    /// Makes a copy, at once. Answers whether the storage took it.
    pub fn copy(&self, edit: &EntryDraft) -> bool {
        let place = self.rows().last().map_or(0, |row| row.place + 1);
        let Some(storage) = storage() else {
            return false;
        };
        let Ok(text) = serde_json::to_string(&CopyRow::new(place, edit)) else {
            return false;
        };
        storage.set_item(&self.key(edit.op_id), &text).is_ok()
    }

    /// The edit is stored: its copy goes. Nothing where there is none.
    pub fn forget(&self, op: OpId) {
        if let Some(storage) = storage() {
            // A copy that stays is stored again, to no effect.
            let _ = storage.remove_item(&self.key(op));
        }
    }

    fn key(&self, op: OpId) -> String {
        format!("{}{op}", self.prefix)
    }

    fn rows(&self) -> Vec<CopyRow> {
        let Some(storage) = storage() else {
            return Vec::new();
        };
        let keys = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok()?);
        let mut rows: Vec<CopyRow> = keys
            .filter(|key| key.starts_with(&self.prefix))
            .filter_map(|key| storage.get_item(&key).ok()?)
            .filter_map(|text| serde_json::from_str(&text).ok())
            .collect();
        rows.sort_by_key(|row| (row.place, row.op_id));
        rows
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
