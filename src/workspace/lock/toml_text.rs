//! Reads a TOML lock file into its own shape, with the line in every error. Knows no format.

use serde::de::DeserializeOwned;

use super::error::LockError;

/// Reads `text` as `T`; what does not fit is an error with its line.
pub(super) fn read<T: DeserializeOwned>(path: &str, text: &str) -> Result<T, LockError> {
    toml::from_str(text).map_err(|error| LockError::Malformed {
        path: path.to_owned(),
        line: error.span().map(|span| line_of(text, span.start)),
        message: error.message().to_owned(),
    })
}

/// The line, counted from 1, in which the byte at `offset` stands.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
