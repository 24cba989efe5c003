//! The two cookies that carry a browser's tokens where no script can read them.

use crate::accounts::{LIFETIME_MS, RefreshToken};
use axum::http::{HeaderMap, HeaderValue, header};

/// Where the refresh cookie travels.
const REFRESH_PATH: &str = "/v1/auth";

/// Whether this answer goes over TLS, as far as the browser is concerned; over plain HTTP to a loopback name a `Secure`
/// cookie would be lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channel {
    Tls,
    PlainLoopback,
}

impl Channel {
    fn access_name(self) -> &'static str {
        match self {
            Self::Tls => "__Host-tidemark",
            Self::PlainLoopback => "tidemark",
        }
    }

    /// The prefix `__Host-` would demand `Path=/`.
    fn refresh_name(self) -> &'static str {
        match self {
            Self::Tls => "__Secure-tidemark-refresh",
            Self::PlainLoopback => "tidemark-refresh",
        }
    }

    /// The access token that a browser sent along.
    pub(super) fn access(self, headers: &HeaderMap) -> Option<&str> {
        cookie(headers, self.access_name())
    }

    /// The refresh token that a browser sent along.
    pub(super) fn refresh(self, headers: &HeaderMap) -> Option<&str> {
        cookie(headers, self.refresh_name())
    }

    /// Both cookies anew. The access token is over long before its cookie, and is then answered as such.
    pub(super) fn set(self, headers: &mut HeaderMap, access: &str, refresh: &RefreshToken) {
        let seconds = LIFETIME_MS / 1000;
        self.put(headers, self.access_name(), access, "/", seconds);
        self.put(
            headers,
            self.refresh_name(),
            &refresh.to_text(),
            REFRESH_PATH,
            seconds,
        );
    }

    /// Neither cookie any more.
    pub(super) fn clear(self, headers: &mut HeaderMap) {
        self.put(headers, self.access_name(), "", "/", 0);
        self.put(headers, self.refresh_name(), "", REFRESH_PATH, 0);
    }

    fn put(self, headers: &mut HeaderMap, name: &str, value: &str, path: &str, seconds: i64) {
        let secure = match self {
            Self::Tls => "; Secure",
            Self::PlainLoopback => "",
        };
        let cookie = format!(
            "{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
        );
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
}

/// The first cookie of this name.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let sent = headers.get_all(header::COOKIE).iter();
    let pairs = sent
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value);
    values.next().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::cookie;
    use axum::http::{HeaderMap, HeaderValue, header};

    #[test]
    fn a_cookie_is_found_among_others_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        for sent in ["a=1; tidemark-refresh=2;tidemark=3", "b=4;  c=5", "empty="] {
            headers.append(header::COOKIE, HeaderValue::from_static(sent));
        }
        let cases = [
            ("a", Some("1")),
            ("tidemark", Some("3")),
            ("tidemark-refresh", Some("2")),
            ("c", Some("5")),
            ("refresh", None),
            ("empty", None),
        ];
        for (name, value) in cases {
            assert_eq!(cookie(&headers, name), value, "{name}");
        }
    }
}
