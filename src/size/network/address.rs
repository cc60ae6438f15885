//! Addresses of servers.

use std::fmt;
use std::net::IpAddr;

use thiserror::Error;
use ureq::http::Uri;

#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0:?} is no address of a server; write https://host/path")]
pub struct NotAnAddress(pub String);

/// An `https://` or `http://` address without login and fragment, so that it can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Uri);

impl Address {
    /// A login is refused, since the address is shown in messages; see [`split_login`].
    ///
    /// # Errors
    /// When it is no address.
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let wrong = || NotAnAddress(text.to_owned());
        let text = text.split('#').next().unwrap_or_default();
        let address: Uri = text.parse().map_err(|_| wrong())?;
        let is_web = address.scheme_str().is_some_and(|scheme| matches!(scheme, "https" | "http"));
        let has_login = address.authority().is_some_and(|authority| authority.as_str().contains('@'));
        let has_host = address.host().is_some_and(|host| !host.is_empty());
        if is_web && has_host && !has_login { Ok(Self(address)) } else { Err(wrong()) }
    }

    /// Resolves a link of a document at this address (RFC 3986, section 5).
    ///
    /// # Errors
    /// When the result is no address.
    pub fn join(&self, link: &str) -> Result<Self, NotAnAddress> {
        let scheme = self.0.scheme_str().unwrap_or("https");
        let server = format!("{scheme}://{}", self.server());
        if link.contains("://") {
            return Self::parse(link);
        }
        if link.starts_with("//") {
            return Self::parse(&format!("{scheme}:{link}"));
        }
        if link.starts_with('/') {
            return Self::parse(&format!("{server}{link}"));
        }
        let (path, query) = link.split_once('?').map_or((link, None), |(path, query)| (path, Some(query)));
        let mut parts: Vec<&str> = self.0.path().split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                "." => {}
                // The first part is the empty one before the first slash.
                ".." if parts.len() > 1 => drop(parts.pop()),
                ".." => {}
                part => parts.push(part),
            }
        }
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        Self::parse(&format!("{server}{}{query}", parts.join("/")))
    }

    /// Host and port as written.
    #[must_use]
    pub fn server(&self) -> &str {
        self.0.authority().map_or("", |authority| authority.as_str())
    }

    #[must_use]
    pub fn is_same_server(&self, other: &Self) -> bool {
        self.0.scheme_str() == other.0.scheme_str() && self.server().eq_ignore_ascii_case(other.server())
    }

    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        is_this_machine(self.0.host().unwrap_or_default())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Returns `true` for this machine's own names and addresses.
#[must_use]
pub fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Splits `https://name:password@host/path` into the address without login, and `name:password`.
#[must_use]
pub fn split_login(text: &str) -> (String, Option<String>) {
    let Some((scheme, rest)) = text.split_once("://") else { return (text.to_owned(), None) };
    let (server, path) = rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, ""));
    match server.rsplit_once('@') {
        Some((login, server)) => (format!("{scheme}://{server}{path}"), Some(login.to_owned())),
        None => (text.to_owned(), None),
    }
}

/// Percent-encodes all but harmless characters (RFC 3986, section 2.1).
#[must_use]
pub fn query_value(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b',' => {
                encoded.push(char::from(byte));
            }
            byte => {
                encoded.push('%');
                encoded.extend(
                    [byte >> 4, byte & 15]
                        .map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase()),
                );
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_without_a_login_are_taken() {
        for text in ["", "pypi.org/simple", "ftp://a/b", "https://", "https:///x", "http://a b/", "https://me:pw@a/b"] {
            assert_eq!(Address::parse(text), Err(NotAnAddress(text.to_owned())));
        }
        assert_eq!(Address::parse("https://a.example/b?c#d").unwrap().to_string(), "https://a.example/b?c");
    }

    #[test]
    fn links_are_joined_as_browsers_do() {
        let check = |base: &str, link: &str, expected: &str| {
            assert_eq!(Address::parse(base).unwrap().join(link).unwrap().to_string(), expected);
        };
        let base = "https://a.example:8/simple/demo/";
        check(base, "../../files/demo.whl#sha256=1", "https://a.example:8/files/demo.whl");
        check(base, "demo.whl", "https://a.example:8/simple/demo/demo.whl");
        check(base, "/x?y=../z", "https://a.example:8/x?y=../z");
        check(base, "//b.example/x", "https://b.example/x");
        check(base, "http://c.example/x", "http://c.example/x");
        check(base, "../../../../x", "https://a.example:8/x");
    }

    #[test]
    fn this_machine_is_recognised() {
        for text in ["http://localhost:5000/", "http://127.0.0.1/", "http://127.9.9.9:1/", "http://[::1]:5000/"] {
            assert!(Address::parse(text).unwrap().is_this_machine(), "{text}");
        }
        for text in ["http://localhost.example/", "http://10.0.0.1/", "http://127.0.0.1.example/"] {
            assert!(!Address::parse(text).unwrap().is_this_machine(), "{text}");
        }
    }

    #[test]
    fn a_login_is_taken_out() {
        let check = |text: &str, address: &str, login: Option<&str>| {
            assert_eq!(split_login(text), (address.to_owned(), login.map(str::to_owned)));
        };
        check("https://me:p@ss@a/b@c", "https://a/b@c", Some("me:p@ss"));
        check("https://a/b@c", "https://a/b@c", None);
        check("nothing", "nothing", None);
        assert_eq!(query_value("repository:a/b:pull x&é"), "repository:a/b:pull%20x%26%C3%A9");
    }
}
