//! Moments in time.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use tidemark_domain::calendar;

/// A moment: milliseconds since 1970-01-01T00:00:00Z. On the wire RFC 3339 in UTC with milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Milliseconds since 1970.
    pub fn millis(self) -> i64 {
        self.0
    }

    /// This moment moved by `millis`, staying at the ends of the range instead of wrapping.
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this moment, negative where that is later.
    pub fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads RFC 3339 with any offset; digits finer than a millisecond are cut.
    pub fn parse(text: &str) -> Option<Self> {
        calendar::parse_instant(text).ok().map(Self)
    }

    /// RFC 3339 in UTC with milliseconds, as in `2026-02-20T10:22:33.000Z`.
    pub fn to_rfc3339(self) -> String {
        calendar::format_instant(self.0)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not an RFC 3339 time"))
    }
}
