//! Which format a lock file is in, by its name, or where that says nothing, by its content.

use super::{Lock, LockError, uv, versions};

/// The formats of lock files that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockFormat {
    /// `uv.lock`.
    Uv,
}

/// Reads the lock file `text`, found at `path` (relative to the workspace; only its last part decides anything).
///
/// # Errors
/// [`LockError`] names the file, the line where it is known, and what is wrong.
pub fn parse(path: &str, text: &str) -> Result<Lock, LockError> {
    let format = LockFormat::of(path, text).ok_or_else(|| LockError::UnknownFormat { path: path.to_owned() })?;
    // Editors on Windows put a byte order mark in front, which no format allows.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lock = match format {
        LockFormat::Uv => uv::parse(path, text)?,
    };
    lock.packages.sort_by(|left, right| {
        left.name.cmp(&right.name).then_with(|| versions::compare(&left.version, &right.version))
    });
    Ok(lock)
}

impl LockFormat {
    /// The format of the file at `path` with the content `text`; `None` when it is none of them.
    #[must_use]
    pub fn of(path: &str, _text: &str) -> Option<Self> {
        let file_name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        match file_name {
            "uv.lock" => Some(Self::Uv),
            _ => None,
        }
    }
}
