use serde::{Deserialize, Serialize};

/// Normalised by PEP 503 (`Flask_Login` -> `flask-login`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PackageName(String);

impl PackageName {
    /// Lower case; runs of `-`, `_` and `.` become one `-`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut name = String::with_capacity(text.len());
        let mut pending_dash = false;
        for character in text.chars() {
            if matches!(character, '-' | '_' | '.') {
                pending_dash = true;
                continue;
            }
            if std::mem::take(&mut pending_dash) {
                name.push('-');
            }
            name.extend(character.to_lowercase());
        }
        if pending_dash {
            name.push('-');
        }
        Self(name)
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
