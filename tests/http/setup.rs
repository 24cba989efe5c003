//! How a server under test is set up.

use std::path::PathBuf;
use tidemark_server::accounts::{KeyRing, PasswordCost, Passwords, SigningKey};
use tidemark_server::config::{Auth, PublicUrl};
use tidemark_server::http::{Door, Settings};

/// How a server is set up.
pub struct Setup {
    pub auth: Auth,
    pub public_url: Option<&'static str>,
    pub web: Option<PathBuf>,
    pub cost: PasswordCost,
    pub keys: Vec<u8>,
    pub registrations_per_hour: usize,
    pub requests_per_minute: u32,
    pub trusts_proxy: bool,
}

/// As cheap as a hash can be.
pub const CHEAP: PasswordCost = PasswordCost {
    memory_kib: 8,
    passes: 1,
};

impl Default for Setup {
    fn default() -> Self {
        Self {
            auth: Auth::Off,
            public_url: None,
            web: None,
            cost: CHEAP,
            keys: vec![1],
            registrations_per_hour: 0,
            requests_per_minute: 0,
            trusts_proxy: false,
        }
    }
}

impl Setup {
    /// A server with sign-in.
    pub fn guarded() -> Self {
        Self {
            auth: Auth::Required,
            ..Self::default()
        }
    }

    /// The same for the server.
    pub fn settings(self) -> Settings {
        let key = |byte: &u8| SigningKey {
            name: format!("key-{byte}"),
            secret: [*byte; 32],
        };
        let keys = KeyRing::new(self.keys.iter().map(key).collect()).unwrap();
        let passwords = Passwords::new(self.cost, 2).unwrap();
        let door = Door::new(passwords, keys, self.registrations_per_hour);
        Settings {
            door: (self.auth == Auth::Required).then_some(door),
            public_url: self.public_url.map(|url| PublicUrl::parse(url).unwrap()),
            web: self.web,
            is_tls: false,
            trusts_proxy: self.trusts_proxy,
            requests_per_minute: self.requests_per_minute,
        }
    }
}
