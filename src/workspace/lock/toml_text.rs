//! Parses TOML, with the line in every error.

use serde::de::DeserializeOwned;

use super::error::LockError;

pub(super) fn read<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, LockError> {
    toml::from_str(text).map_err(|error| LockError::Malformed {
        path: path.to_owned(),
        line: error.span().map(|span| line_of(text, span.start)),
        message: error.message().to_owned(),
    })
}

/// Counted from 1.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
