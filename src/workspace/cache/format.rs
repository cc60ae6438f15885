//! The cache file: a header line, then a JSON document in which each path occurs once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::stamp::Stamp;
use crate::workspace::evaluate::reads::{Digest, FileState, Reads};
use crate::workspace::modules::Module;
use crate::workspace::repositories::Repositories;

/// Version of the document.
const FORM: u32 = 2;

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Kept {
    /// Must be the root that is read.
    pub root: String,
    pub files: Vec<KeptFile>,
    /// Packages whose files were listed, with digests.
    pub listings: Vec<(String, Digest)>,
    /// Results for MODULE.bazel and the like, by path.
    pub module_files: BTreeMap<String, KeptResult>,
    /// Results for packages, by BUILD file.
    pub packages: BTreeMap<String, KeptResult>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptFile {
    /// Below the root.
    pub path: String,
    /// `None` if there was no file.
    pub text: Option<Digest>,
    /// Shows that the file is unchanged.
    pub stamp: Option<Stamp>,
}

impl KeptFile {
    #[must_use]
    pub fn state(&self) -> FileState {
        self.text.map_or(FileState::Missing, FileState::Text)
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub struct KeptResult {
    /// Positions in the list of files.
    pub files: Vec<usize>,
    /// Positions in the list of listings.
    pub listings: Vec<usize>,
    pub hubs: BTreeMap<String, Digest>,
    pub modules: BTreeMap<String, Option<Module>>,
    pub repositories: Repositories,
    /// As JSON: most of it is written back unchanged.
    pub result: Box<RawValue>,
}

impl KeptResult {
    /// `None` if the document contradicts itself.
    #[must_use]
    pub fn reads(&self, files: &[KeptFile], listings: &[(String, Digest)]) -> Option<Reads> {
        let file = |at: &usize| files.get(*at).map(|file| (file.path.clone(), file.state()));
        Some(Reads {
            files: self.files.iter().map(file).collect::<Option<_>>()?,
            listings: self.listings.iter().map(|at| listings.get(*at).cloned()).collect::<Option<_>>()?,
            hubs: self.hubs.clone(),
            modules: self.modules.clone(),
            repositories: self.repositories.clone(),
        })
    }
}

/// `build` identifies the build of the program.
///
/// # Errors
/// When a value can't be written as JSON.
pub fn print(kept: &Kept, build: &str) -> serde_json::Result<Vec<u8>> {
    let body = serde_json::to_vec(kept)?;
    let mut bytes = first_line(&body, build).into_bytes();
    bytes.extend(body);
    Ok(bytes)
}

/// `None` unless complete and written by this build for `root`.
#[must_use]
pub fn parse(bytes: &[u8], build: &str, root: &str) -> Option<Kept> {
    let end = bytes.iter().position(|byte| *byte == b'\n')? + 1;
    let (line, body) = bytes.split_at_checked(end)?;
    if line != first_line(body, build).as_bytes() {
        return None;
    }
    serde_json::from_slice::<Kept>(body).ok().filter(|kept| kept.root == root)
}

fn first_line(body: &[u8], build: &str) -> String {
    let mut sum = flate2::Crc::new();
    sum.update(body);
    format!("layerwright evaluations {FORM} {build} {:08x} {}\n", sum.sum(), body.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_files_of_the_same_build_and_workspace_count() {
        let kept = Kept { root: "/w".to_owned(), ..Kept::default() };
        let bytes = print(&kept, "b1").unwrap();
        assert!(parse(&bytes, "b1", "/w").is_some());
        assert!(parse(&bytes, "b2", "/w").is_none());
        assert!(parse(&bytes, "b1", "/v").is_none());
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(parse(&damaged, "b1", "/w").is_none(), "byte {at}");
            assert!(parse(&bytes[..at], "b1", "/w").is_none(), "cut at {at}");
        }
    }

    #[test]
    fn a_place_that_is_none_gives_no_reads() {
        let result = RawValue::from_string("{}".to_owned()).unwrap();
        let result = KeptResult {
            files: vec![7],
            listings: vec![],
            hubs: BTreeMap::new(),
            modules: BTreeMap::new(),
            repositories: Repositories::default(),
            result,
        };
        assert!(result.reads(&[], &[]).is_none());
    }
}
