//! Recovery codes: what is written on paper when an account is made, and opens it when the password is forgotten.

use crate::storage::SecretHash;
use sha2::{Digest, Sha256};

/// Without letters that are taken for digits (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a code, five bits each: 120 bits.
const CODE_CHARS: usize = 24;
const GROUP_CHARS: usize = 4;

/// A code. Never shown but once.
pub struct RecoveryCode([u8; CODE_CHARS]);

impl RecoveryCode {
    /// A code from chance: of the 32 bytes the first 24 give five bits each.
    pub fn from_chance(chance: [u8; 32]) -> Self {
        let mut code = [0; CODE_CHARS];
        for (character, byte) in code.iter_mut().zip(chance) {
            *character = ALPHABET[usize::from(byte % 32)];
        }
        Self(code)
    }

    /// Reads what somebody typed from paper: in any case, with any gaps, with letters for the digits they look like.
    pub fn parse(text: &str) -> Option<Self> {
        let read = |c: char| match c.to_ascii_uppercase() {
            'O' => b'0',
            'I' | 'L' => b'1',
            c => u8::try_from(c).unwrap_or(0),
        };
        let typed = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
        let code: Vec<u8> = typed.take(CODE_CHARS + 1).map(read).collect();
        let code: [u8; CODE_CHARS] = code.try_into().ok()?;
        code.iter()
            .all(|character| ALPHABET.contains(character))
            .then_some(Self(code))
    }

    /// In groups, as it is shown.
    pub fn to_text(&self) -> String {
        let groups = self.0.chunks(GROUP_CHARS).map(String::from_utf8_lossy);
        groups.collect::<Vec<_>>().join("-")
    }

    /// What is stored: the code is random enough for a plain hash.
    pub fn hash(&self) -> SecretHash {
        SecretHash(Sha256::digest(self.0).into())
    }
}

#[cfg(test)]
mod tests {
    use super::RecoveryCode;

    #[test]
    fn a_code_is_read_back_however_it_is_typed() {
        let code =
            RecoveryCode::from_chance(std::array::from_fn(|at| u8::try_from(at * 7).unwrap()));
        let text = code.to_text();
        assert_eq!(text.len(), 29);
        let spellings = [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', ""),
            text.replace('-', " "),
            text.replace('0', "o").replace('1', "l"),
        ];
        for spelling in spellings {
            let read = RecoveryCode::parse(&spelling).unwrap();
            assert_eq!(read.hash(), code.hash(), "{spelling}");
        }
        let other = RecoveryCode::from_chance([9; 32]);
        assert_ne!(other.hash(), code.hash());
        for wrong in [
            "",
            "ABCD",
            &text[1..],
            &format!("{text}0"),
            &text.replace('7', "U"),
        ] {
            assert!(RecoveryCode::parse(wrong).is_none(), "{wrong}");
        }
    }
}
