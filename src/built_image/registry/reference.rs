//! Names of images in registries: `host/repository:tag` or `host/repository@sha256:...` (distribution's `reference`
//! package). The host is required, so that nothing is asked by accident.

use std::fmt;

use thiserror::Error;

use crate::built_image::model::ContentHash;
use crate::size::network::address::is_this_machine;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageReference {
    /// With the port, if any.
    pub host: String,
    pub repository: String,
    pub tag: Option<String>,
    /// Takes precedence over the tag.
    pub digest: Option<ContentHash>,
    /// Without encryption.
    pub is_plain: bool,
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{text:?} names no image of a registry: {reason}; write host/repository:tag or host/repository@sha256:...")]
pub struct ReferenceError {
    text: String,
    reason: &'static str,
}

const TAG_LENGTH: usize = 128;
const NAME_LENGTH: usize = 255;

/// Returns `true` if a text that is no path names an image of a registry: it starts with `docker://`, or its first part
/// looks like a host and it ends in a tag or digest.
#[must_use]
pub fn is_meant(text: &str) -> bool {
    if text.starts_with("docker://") || text.starts_with("https://") || text.starts_with("http://") {
        return true;
    }
    let Some((host, rest)) = text.split_once('/') else { return false };
    let is_host = host == "localhost" || (host.contains(['.', ':']) && !host.starts_with('.'));
    is_host && rest.contains([':', '@'])
}

impl ImageReference {
    /// `plain` allows no encryption for hosts other than this machine.
    ///
    /// # Errors
    /// When it is no such name.
    pub fn parse(text: &str, plain: bool) -> Result<Self, ReferenceError> {
        let wrong = |reason| ReferenceError { text: text.to_owned(), reason };
        let rest = text.strip_prefix("docker://").unwrap_or(text);
        let (rest, scheme_is_plain) = match (rest.strip_prefix("https://"), rest.strip_prefix("http://")) {
            (Some(rest), _) => (rest, Some(false)),
            (None, Some(rest)) => (rest, Some(true)),
            (None, None) => (rest, None),
        };
        let (host, rest) = rest.split_once('/').ok_or_else(|| wrong("it has no host"))?;
        if !is_host(host) {
            return Err(wrong("it does not begin with a host, such as registry.example or localhost:5000"));
        }
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => {
                let hash = digest.strip_prefix("sha256:").and_then(ContentHash::from_hex);
                (rest, Some(hash.ok_or_else(|| wrong("its digest is no sha256"))?))
            }
            None => (rest, None),
        };
        let (repository, tag) = match rest.split_once(':') {
            Some((repository, tag)) if is_tag(tag) => (repository, Some(tag.to_owned())),
            Some(_) => return Err(wrong("its tag is no tag")),
            None => (rest, None),
        };
        if !is_repository(repository) || host.len() + repository.len() > NAME_LENGTH {
            return Err(wrong("its repository is no path of lower-case names"));
        }
        let is_plain = scheme_is_plain.unwrap_or_else(|| plain || is_this_machine(without_port(host)));
        Ok(Self { host: host.to_owned(), repository: official(host, repository), tag, digest, is_plain })
    }

    #[must_use]
    pub fn tag_or_digest(&self) -> String {
        match (&self.digest, &self.tag) {
            (Some(digest), _) => digest.to_string(),
            (None, Some(tag)) => tag.clone(),
            (None, None) => "latest".to_owned(),
        }
    }

    /// Docker's own registry has another host than its images' names.
    #[must_use]
    pub fn server(&self) -> String {
        let host = if self.host == "docker.io" { "registry-1.docker.io" } else { &self.host };
        format!("{}://{host}", if self.is_plain { "http" } else { "https" })
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.host, self.repository)?;
        match (&self.tag, &self.digest) {
            (Some(tag), None) => write!(formatter, ":{tag}"),
            (Some(tag), Some(digest)) => write!(formatter, ":{tag}@{digest}"),
            (None, Some(digest)) => write!(formatter, "@{digest}"),
            (None, None) => formatter.write_str(":latest"),
        }
    }
}

/// Images of Docker's own registry without an owner are in `library`.
fn official(host: &str, repository: &str) -> String {
    if host == "docker.io" && !repository.contains('/') {
        format!("library/{repository}")
    } else {
        repository.to_owned()
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !port.is_empty() => name,
        _ => host,
    }
}

fn is_host(host: &str) -> bool {
    let name = without_port(host);
    let is_named = name == "localhost" || name.contains('.') || name != host || name.starts_with('[');
    let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b".-[]:".contains(&byte);
    is_named && !name.is_empty() && name.bytes().all(is_character) && !name.starts_with(['.', '-'])
}

fn is_tag(tag: &str) -> bool {
    let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    (1..=TAG_LENGTH).contains(&tag.len()) && tag.bytes().all(is_character) && !tag.starts_with(['.', '-'])
}

fn is_repository(repository: &str) -> bool {
    let is_part = |part: &str| {
        let is_character = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
        !part.is_empty()
            && part.bytes().all(is_character)
            && !part.starts_with(['.', '_', '-'])
            && !part.ends_with(['.', '_', '-'])
    };
    repository.split('/').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_printed() {
        let hex = "ab".repeat(32);
        let check = |text: &str, server: &str, repository: &str, asked: &str| {
            let found = ImageReference::parse(text, false).unwrap();
            assert_eq!((found.server().as_str(), found.repository.as_str()), (server, repository), "{text}");
            assert_eq!(found.tag_or_digest(), asked, "{text}");
            assert!(text.ends_with(&found.to_string()) || found.host == "docker.io" || found.tag.is_none(), "{found}");
        };
        check("r.example/a/b:1.2_x", "https://r.example", "a/b", "1.2_x");
        check("docker://r.example:5000/a", "https://r.example:5000", "a", "latest");
        check("localhost:5000/a:b", "http://localhost:5000", "a", "b");
        check("https://localhost:5000/a:b", "https://localhost:5000", "a", "b");
        check("[::1]:5000/a:b", "http://[::1]:5000", "a", "b");
        check(&format!("r.example/a:t@sha256:{hex}"), "https://r.example", "a", &format!("sha256:{hex}"));
        check("docker.io/python:3.13", "https://registry-1.docker.io", "library/python", "3.13");
        assert_eq!(ImageReference::parse("r.example/a:b", true).unwrap().server(), "http://r.example");
    }

    #[test]
    fn other_texts_are_refused_with_a_reason() {
        let long = format!("r.example/{}:x", "a".repeat(300));
        for text in [
            "python:3.13",
            "library/python:3",
            "r.example/A:b",
            "r.example/a:",
            "r.example/a:b c",
            "r.example/../x:y",
            "r.example//x:y",
            "r.example/a@md5:00",
            "r.example/a@sha256:00",
            "-r.example/a:b",
            "r.exa\u{e9}mple/a:b",
            "",
            "r.example/a?x=y:z",
            &long,
        ] {
            let error = ImageReference::parse(text, false).unwrap_err().to_string();
            assert!(error.contains("host/repository:tag"), "{error}");
        }
    }

    #[test]
    fn a_path_is_not_taken_for_a_host() {
        for text in ["build/image", "./out.d/image:1", "../x.y/z:1", "out.d/image", "image.tar", "/abs.d/x:1", "a/b:c"]
        {
            assert!(!is_meant(text), "{text}");
        }
        for text in ["r.example/a:b", "localhost/a:b", "host:5000/a@sha256:00", "docker://r/a"] {
            assert!(is_meant(text), "{text}");
        }
    }
}
