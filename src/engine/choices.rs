//! How numbers are counted.

use crate::history::cost::PullProfile;
use crate::history::deploys::Cadence;
use crate::history::request::Window;
use crate::layers::compression::Compression;
use crate::workspace::platform::Platform;
use std::path::PathBuf;

#[derive(Clone, Debug, PartialEq)]
pub struct Choices {
    pub profile: PullProfile,
    pub platform: Platform,
    /// `None` counts with what the workspace's own rules do.
    pub compression: Option<Compression>,
    /// Further folders with installed packages or wheels.
    pub sites: Vec<PathBuf>,
    pub default_python: (u32, u32),
    pub window: Window,
    pub cadence: Cadence,
}

/// The Python version for workspaces that name none.
pub const DEFAULT_PYTHON: (u32, u32) = (3, 12);

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
