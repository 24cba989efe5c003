//! What the operator says: flags, each also as an environment variable.

use crate::accounts::access::ACCESS_SECONDS;
use crate::operate::Operation;
use crate::storage::path_of;
use clap::{Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The Tidemark sync server: the API and the app on one address.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "tidemark-server",
    version,
    about,
    after_help = "TIDEMARK_LOG sets what is logged, as in TIDEMARK_LOG=warn. No health value is ever logged."
)]
pub struct Config {
    /// Address and port to listen on.
    #[arg(long, env = "TIDEMARK_LISTEN", default_value = "127.0.0.1:8787")]
    pub listen: SocketAddr,

    /// Database: `sqlite://path`, whose file and folder are made where they are missing, or `postgres://user:password@host/name`.
    /// Behind a pooler that shares connections by transaction: `postgres://…?statement-cache-capacity=0`.
    #[arg(
        long,
        env = "TIDEMARK_DATABASE",
        global = true,
        default_value = "sqlite://data/tidemark.db"
    )]
    pub database: String,

    /// Whether people sign in. Off: one built-in account, and every request that reaches the address is its owner's.
    #[arg(long, env = "TIDEMARK_AUTH", value_enum, default_value_t = Auth::Required)]
    pub auth: Auth,

    /// Folder of the built app to serve. Without it only the API is served.
    #[arg(long, env = "TIDEMARK_WEB")]
    pub web: Option<PathBuf>,

    /// The address under which browsers reach this server, as `https://weight.example.org`, if it is not the one it
    /// listens on.
    #[arg(long, env = "TIDEMARK_PUBLIC_URL", value_parser = PublicUrl::parse)]
    pub public_url: Option<PublicUrl>,

    /// With --auth off: listen on an address that others on the network can reach, so that they can read and change
    /// everything.
    #[arg(long, env = "TIDEMARK_ALLOW_OPEN_NETWORK")]
    pub allow_open_network: bool,

    /// File of the keys that seal access tokens; made where it is missing. Several servers on one database share it.
    /// [default: beside the database]
    #[arg(long, env = "TIDEMARK_KEYS")]
    pub keys: Option<PathBuf>,

    /// New accounts from one client address in an hour; 0 for as many as come.
    #[arg(long, env = "TIDEMARK_REGISTRATIONS_PER_HOUR", default_value_t = 60)]
    pub registrations_per_hour: usize,

    /// Seconds after which a device renews its sign-in by itself, up to 600. Tests that wait for it take fewer.
    #[arg(
        long,
        env = "TIDEMARK_ACCESS_SECONDS",
        hide = true,
        default_value_t = ACCESS_SECONDS,
        value_parser = clap::value_parser!(i64).range(1..=ACCESS_SECONDS)
    )]
    pub access_seconds: i64,

    /// Requests of one account in a minute; 0 for as many as come.
    #[arg(long, env = "TIDEMARK_REQUESTS_PER_MINUTE", default_value_t = 6000)]
    pub requests_per_minute: u32,

    /// Take a client's address from the last entry of X-Forwarded-For: only behind a proxy that writes it.
    #[arg(long, env = "TIDEMARK_TRUST_PROXY")]
    pub trust_proxy: bool,

    /// PEM file of the certificate and its chain: then the server speaks TLS and HTTP/2 itself. SIGHUP reads it again.
    #[arg(long, env = "TIDEMARK_TLS_CERT", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,

    /// PEM file of the certificate's key.
    #[arg(long, env = "TIDEMARK_TLS_KEY", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,

    /// Connections at a time; more wait.
    #[arg(long, env = "TIDEMARK_MAX_CONNECTIONS", default_value_t = 10_000)]
    pub max_connections: usize,

    /// Address of a second listener for Prometheus, as 127.0.0.1:9187. Without it there are no metrics.
    #[arg(long, env = "TIDEMARK_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,

    /// Something else to do than to serve.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do instead of serving.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Put a fresh key in front of the file of keys; restart the servers afterwards. Nobody is signed out.
    RotateKeys,
    /// Something with the database.
    #[command(flatten)]
    Database(Operation),
}

/// Whether people sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Auth {
    /// One built-in account, no sign-in.
    Off,
    /// Every account signs in.
    Required,
}

/// Where browsers reach the server: scheme and authority, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    authority_start: usize,
}

/// Settings that must not be combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ConfigError {
    /// No sign-in, but an address that others can reach.
    #[error(
        "--auth off lets everyone who reaches {0} read and change everything; \
         listen on 127.0.0.1, or say --allow-open-network if that is what you want"
    )]
    OpenNetwork(SocketAddr),
}

impl Config {
    /// Refuses settings that would expose data by accident.
    ///
    /// # Errors
    /// [`ConfigError`] that says what to do instead.
    pub fn check(&self) -> Result<(), ConfigError> {
        let is_open = self.auth == Auth::Off && !self.listen.ip().is_loopback();
        if is_open && !self.allow_open_network {
            return Err(ConfigError::OpenNetwork(self.listen));
        }
        Ok(())
    }
}

impl Config {
    /// Where the keys lie.
    pub fn keys_path(&self) -> PathBuf {
        let beside = || path_of(&self.database).map(|path| path.with_extension("keys"));
        let chosen = self.keys.clone().map_or_else(beside, Ok);
        chosen.unwrap_or_else(|_| Path::new("data/tidemark.keys").to_owned())
    }
}

impl PublicUrl {
    /// Reads `http(s)://host[:port]`.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn parse(text: &str) -> Result<Self, String> {
        let origin = text.trim_end_matches('/').to_ascii_lowercase();
        let authority = origin
            .strip_prefix("https://")
            .or_else(|| origin.strip_prefix("http://"));
        let is_plain = |authority: &&str| {
            !authority.is_empty() && !authority.contains(['/', '?', '#', '@', ' '])
        };
        let authority = authority
            .filter(is_plain)
            .ok_or("write it as https://host or http://host:port")?;
        let authority_start = origin.len() - authority.len();
        Ok(Self {
            origin,
            authority_start,
        })
    }

    /// As the `Origin` header has it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// As the `Host` header has it.
    pub fn authority(&self) -> &str {
        &self.origin[self.authority_start..]
    }

    /// Whether browsers come over TLS.
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https://")
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, ConfigError, PublicUrl};
    use clap::Parser;
    use std::path::Path;

    fn config(arguments: &[&str]) -> Config {
        Config::try_parse_from([&["tidemark-server"], arguments].concat()).unwrap()
    }

    #[test]
    fn without_sign_in_only_loopback_is_listened_on_unless_the_operator_insists() {
        let refused = ["0.0.0.0:8787", "[::]:8787", "192.168.1.5:80"];
        for listen in refused {
            let error = config(&["--auth", "off", "--listen", listen]).check();
            assert!(
                matches!(error, Err(ConfigError::OpenNetwork(_))),
                "{listen}"
            );
            assert_eq!(
                config(&["--auth", "off", "--listen", listen, "--allow-open-network"]).check(),
                Ok(())
            );
            assert_eq!(
                config(&["--auth", "required", "--listen", listen]).check(),
                Ok(())
            );
        }
        for listen in ["127.0.0.1:8787", "[::1]:0", "127.8.8.8:1"] {
            assert_eq!(
                config(&["--auth", "off", "--listen", listen]).check(),
                Ok(()),
                "{listen}"
            );
        }
    }

    #[test]
    fn keys_lie_beside_the_database_unless_told_otherwise() {
        let cases = [
            (&[][..], "data/tidemark.keys"),
            (
                &["--database", "sqlite:///var/lib/t/a.db"],
                "/var/lib/t/a.keys",
            ),
            (
                &["--database", "postgres://localhost/a"],
                "data/tidemark.keys",
            ),
            (&["--keys", "/etc/t.keys"], "/etc/t.keys"),
        ];
        for (arguments, path) in cases {
            assert_eq!(
                config(arguments).keys_path(),
                Path::new(path),
                "{arguments:?}"
            );
        }
    }

    #[test]
    fn a_public_url_is_scheme_host_and_port() {
        let url = PublicUrl::parse("https://Weight.Example.org/").unwrap();
        assert_eq!(
            (url.origin(), url.authority()),
            ("https://weight.example.org", "weight.example.org")
        );
        assert!(url.is_https());
        let url = PublicUrl::parse("http://10.0.0.2:8787").unwrap();
        assert_eq!(
            (url.origin(), url.authority()),
            ("http://10.0.0.2:8787", "10.0.0.2:8787")
        );
        assert!(!url.is_https());
        for wrong in [
            "",
            "weight.example.org",
            "https://",
            "https://a/b",
            "ftp://a",
            "https://me@a",
        ] {
            assert!(PublicUrl::parse(wrong).is_err(), "{wrong}");
        }
    }
}
