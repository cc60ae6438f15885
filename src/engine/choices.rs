//! How numbers are counted.

use crate::history::cost::PullProfile;
use crate::history::deploys::Cadence;
use crate::history::request::Window;
use crate::layers::compression::Compression;
use crate::workspace::platform::Platform;
use std::path::PathBuf;

/// How numbers are counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    /// The client that pulls.
    pub profile: PullProfile,
    /// The platform of the image.
    pub platform: Platform,
    /// What the registry stores; `None` is what the workspace's own rules do.
    pub compression: Option<Compression>,
    /// Folders with installed packages or wheels, beside those that are looked at anyway.
    pub sites: Vec<PathBuf>,
    /// The Python version where the workspace says none.
    pub default_python: (u32, u32),
    /// How much history is looked at.
    pub window: Window,
    /// When the image is deployed.
    pub cadence: Cadence,
}

/// The Python version that is taken where a workspace says none.
pub const DEFAULT_PYTHON: (u32, u32) = (3, 12);

/// How many commits are looked at unless something else is asked for.
pub const DEFAULT_COMMITS: usize = 500;

impl Default for Choices {
    fn default() -> Self {
        Self {
            profile: PullProfile::Keep,
            platform: Platform::default(),
            compression: None,
            sites: Vec::new(),
            default_python: DEFAULT_PYTHON,
            window: Window::Commits(DEFAULT_COMMITS),
            cadence: Cadence::default(),
        }
    }
}
