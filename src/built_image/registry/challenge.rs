//! A registry's request for authentication, and token servers (RFC 9110, section 11.6.1; distribution's "Token
//! Authentication Specification").

use serde::Deserialize;

use crate::size::network::address::{Address, NotAnAddress, query_value};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    Basic,
    Bearer(TokenServer),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenServer {
    pub realm: String,
    pub service: Option<String>,
    pub scope: Option<String>,
}

/// Reads `WWW-Authenticate`; `None` for unknown schemes.
pub(crate) fn challenge(header: &str) -> Option<Challenge> {
    let (scheme, parameters) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
    if scheme.eq_ignore_ascii_case("basic") {
        return Some(Challenge::Basic);
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let mut server = TokenServer::default();
    for (name, value) in Parameters(parameters) {
        match name.to_ascii_lowercase().as_str() {
            "realm" => server.realm = value,
            "service" => server.service = Some(value),
            "scope" => server.scope = Some(value),
            _ => {}
        }
    }
    (!server.realm.is_empty()).then_some(Challenge::Bearer(server))
}

struct Parameters<'a>(&'a str);

impl<'a> Iterator for Parameters<'a> {
    type Item = (&'a str, String);

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.0.trim_start_matches([',', ' ', '\t']);
        let (name, rest) = text.split_once('=')?;
        let (value, rest) = match rest.strip_prefix('"') {
            Some(quoted) => quoted_value(quoted),
            None => {
                let end = rest.find(',').unwrap_or(rest.len());
                let (value, rest) = rest.split_at_checked(end)?;
                (value.trim().to_owned(), rest)
            }
        };
        self.0 = rest;
        Some((name.trim(), value))
    }
}

/// The value up to the closing quote, and the rest.
fn quoted_value(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, text.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            character => value.push(character),
        }
    }
    (value, "")
}

/// Address of a token for `scope`, unless the registry named another.
///
/// # Errors
/// When the realm is no address.
pub(crate) fn token_address(server: &TokenServer, scope: &str) -> Result<Address, NotAnAddress> {
    let joint = if server.realm.contains('?') { '&' } else { '?' };
    let scope = query_value(server.scope.as_deref().unwrap_or(scope));
    let service = server.service.as_deref().map(|service| format!("service={}&", query_value(service)));
    Address::parse(&format!("{}{joint}{}scope={scope}", server.realm, service.unwrap_or_default()))
}

pub(crate) fn token_of(answer: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Answer {
        token: Option<String>,
        access_token: Option<String>,
    }
    let answer: Answer = serde_json::from_slice(answer).ok()?;
    // It must fit into a header.
    let is_header = |token: &String| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
    answer.token.or(answer.access_token).filter(is_header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_read_in_every_spelling() {
        let header =
            r#"Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull""#;
        let Some(Challenge::Bearer(server)) = challenge(header) else { panic!("{header}") };
        assert_eq!(
            token_address(&server, "other").unwrap().to_string(),
            "https://auth.example/token?service=registry.example&scope=repository:a/b:pull"
        );
        let Some(Challenge::Bearer(server)) = challenge(r#"bearer  Realm=https://a/t?x=1 , error="a\"b,c""#) else {
            panic!("no realm")
        };
        assert_eq!(
            token_address(&server, "repository:q:pull").unwrap().to_string(),
            "https://a/t?x=1&scope=repository:q:pull"
        );
        assert_eq!(challenge(r#"Basic realm="x""#), Some(Challenge::Basic));
        for text in ["", "Bearer", "Bearer realm=", "Negotiate", "Bearer realm", r#"Bearer realm=""#] {
            assert_eq!(challenge(text), None, "{text}");
        }
    }

    #[test]
    fn a_token_is_taken_where_it_can_be_a_header() {
        assert_eq!(token_of(br#"{"token": "a.b"}"#).as_deref(), Some("a.b"));
        assert_eq!(token_of(br#"{"access_token": "c", "expires_in": 3}"#).as_deref(), Some("c"));
        for text in [r#"{"token": "a\r\nX: y"}"#, r#"{"token": ""}"#, "{}", "", "[]"] {
            assert_eq!(token_of(text.as_bytes()), None, "{text}");
        }
    }
}
