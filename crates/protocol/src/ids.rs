//! Identifiers: newtypes, so that one kind is never taken for another.

use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Characters of a hyphenated UUID: the parser also knows spellings that the protocol does not.
const UUID_CHARS: usize = 36;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Reads a hyphenated UUID in any case; `None` for anything else.
            pub fn parse(text: &str) -> Option<Self> {
                (text.len() == UUID_CHARS).then(|| Uuid::try_parse(text).ok().map(Self))?
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_id! {
    /// Names a synced record: a metric or a user.
    EntityId
}
uuid_id! {
    /// Names one edit for good; a retry carries the same.
    OpId
}
uuid_id! {
    /// Names an account on a server.
    AccountId
}

impl OpId {
    /// The operation that creates a record which came in bulk.
    ///
    /// Derived, so that a device which forgets that it has sent it sends the same again.
    pub fn for_bulk_create(record: EntityId) -> Self {
        Self(Uuid::new_v5(&record.0, b"create"))
    }

    /// The operation that offers a row again to a server that lost it: one for each (record, version).
    pub fn for_offer(record: EntityId, version: u64) -> Self {
        Self(Uuid::new_v5(&record.0, version.to_string().as_bytes()))
    }
}

impl EntityId {
    /// The record that an event without an id means: the same local record is the same metric each time.
    pub fn for_local_record(account: AccountId, device: &DeviceId, local_id: i64) -> Self {
        Self(Uuid::new_v5(
            &account.0,
            format!("{}\n{local_id}", device.as_str()).as_bytes(),
        ))
    }
}

/// Names a device within an account: 1 to 100 characters, no control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceId(String);

impl DeviceId {
    /// Checks length and characters; `None` where they are not as the protocol says.
    pub fn parse(text: &str) -> Option<Self> {
        let length = text.chars().count();
        let fits = (1..=crate::limits::DEVICE_ID_CHARS_MAX).contains(&length);
        (fits && !text.chars().any(char::is_control)).then(|| Self(text.to_owned()))
    }

    /// The id as it travels.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names one life of a server's database; a restore from a backup begins another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub String);
