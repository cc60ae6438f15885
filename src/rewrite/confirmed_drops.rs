use serde::Deserialize;

/// Comments that may be deleted with what they belong to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum ConfirmedDrops {
    /// All or none.
    All(bool),
    /// These, each with its `#`.
    These(Vec<String>),
}

impl Default for ConfirmedDrops {
    fn default() -> Self {
        Self::NONE
    }
}

impl ConfirmedDrops {
    pub const NONE: Self = Self::All(false);

    #[must_use]
    pub fn allows(&self, comment: &str) -> bool {
        match self {
            Self::All(all) => *all,
            Self::These(comments) => comments.iter().any(|allowed| allowed.trim() == comment.trim()),
        }
    }
}
