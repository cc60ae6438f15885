//! The proof that the user trusts a workspace. Whoever starts Bazel must show it.

use std::path::{Path, PathBuf};

/// The root of a workspace of which the user said that its code may be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedWorkspace {
    root: PathBuf,
}

impl TrustedWorkspace {
    /// Takes the user's word for `root`. Only for places where the user gave it: a yes in the window, an option on the
    /// command line, or a yes that was remembered.
    #[must_use]
    pub fn by_the_users_word(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}
