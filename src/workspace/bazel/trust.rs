//! The proof that the user trusts a workspace, needed to start Bazel.

use std::path::{Path, PathBuf};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedWorkspace {
    root: PathBuf,
}

impl TrustedWorkspace {
    /// Only for places where the user agreed: a yes in the window, an option, or a saved choice.
    #[must_use]
    pub fn by_the_users_word(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}
