//! The kept file: one line that says what it is, then one JSON document. Paths that many results have read stand there once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::stamp::Stamp;
use crate::workspace::evaluate::reads::{Digest, FileState, Reads};
use crate::workspace::modules::Module;
use crate::workspace::repositories::Repositories;

/// Changes with the form of the document.
const FORM: u32 = 2;

/// All that is kept of one workspace.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Kept {
    /// The workspace's root, which must be the one that is read.
    pub root: String,
    /// Files that were read.
    pub files: Vec<KeptFile>,
    /// Packages whose files were asked for, with the digest of the answer.
    pub listings: Vec<(String, Digest)>,
    /// Results for MODULE.bazel and its like, by path.
    pub module_files: BTreeMap<String, KeptResult>,
    /// Results for packages, by the path of the BUILD file.
    pub packages: BTreeMap<String, KeptResult>,
}

/// One file that was read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct KeptFile {
    /// Path below the root.
    pub path: String,
    /// Its text; `None` where there was no file.
    pub text: Option<Digest>,
    /// By what it may be known to be unchanged.
    pub stamp: Option<Stamp>,
}

impl KeptFile {
    /// What stood there.
    #[must_use]
    pub fn state(&self) -> FileState {
        self.text.map_or(FileState::Missing, FileState::Text)
    }
}

/// One result with what it depends on.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeptResult {
    /// Places in the list of files.
    pub files: Vec<usize>,
    /// Places in the list of listings.
    pub listings: Vec<usize>,
    /// Hubs that were asked for.
    pub hubs: BTreeMap<String, Digest>,
    /// Other repositories from which files were loaded, with their modules.
    pub modules: BTreeMap<String, Option<Module>>,
    /// The repositories of the workspace, as they were told.
    pub repositories: Repositories,
    /// What came of it, as it is written: most of it is written again as it is.
    pub result: Box<RawValue>,
}

impl KeptResult {
    /// What the evaluation had read; `None` where the document contradicts itself.
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

/// The bytes of the kept file. `build` names the build of the program: another one may evaluate otherwise.
///
/// # Errors
/// When a value can't be written as JSON.
pub fn print(kept: &Kept, build: &str) -> serde_json::Result<Vec<u8>> {
    let body = serde_json::to_vec(kept)?;
    let mut bytes = first_line(&body, build).into_bytes();
    bytes.extend(body);
    Ok(bytes)
}

/// What is kept, if the bytes are whole and were written by this build for the workspace at `root`.
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
