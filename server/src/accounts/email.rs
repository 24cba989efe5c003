//! Addresses: read once, compared without regard to case.

use crate::storage::EmailKey;
use sha2::{Digest, Sha256};

/// Characters of an address, as mail itself bounds it.
const EMAIL_CHARS_MAX: usize = 254;

/// An address as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Reads an address: something, `@`, something, no spaces or controls. Whether mail arrives there is not known.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let is_plain = |part: &str| {
            !part.is_empty()
                && !part.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@')
        };
        let fits = text.chars().count() <= EMAIL_CHARS_MAX;
        (fits && is_plain(local) && is_plain(domain)).then(|| Self(text.to_owned()))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`, in lower case.
    pub(super) fn local_part(&self) -> String {
        let local = self.0.rsplit_once('@').map_or("", |(local, _)| local);
        local.to_lowercase()
    }

    /// Under what it is looked up: the same for every spelling that differs in case only.
    pub fn key(&self) -> EmailKey {
        EmailKey(Sha256::digest(self.0.to_lowercase()).into())
    }
}

#[cfg(test)]
mod tests {
    use super::EmailAddress;

    #[test]
    fn an_address_has_two_parts_and_no_gaps() {
        for text in ["a@b", "Ada.L+x@Example.org", "  ada@example.org ", "ä@ö.de"] {
            assert!(EmailAddress::parse(text).is_some(), "{text}");
        }
        let long = format!("{}@example.org", "a".repeat(250));
        for text in [
            "", "a", "@", "a@", "@b", "a b@c", "a@b c", "a@b@c", "a\u{0}@b", &long,
        ] {
            assert!(EmailAddress::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn case_makes_no_other_address() {
        let key = |text| EmailAddress::parse(text).unwrap().key();
        assert_eq!(key("Ada@Example.ORG"), key("ada@example.org "));
        assert_ne!(key("ada@example.org"), key("ada@example.com"));
    }
}
