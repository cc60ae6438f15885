//! What an evaluation read: enough to tell later, without evaluating, whether it would come out the same again.
//!
//! An evaluation depends on texts of files, on lists of a package's files, and on what it was told beforehand; nothing
//! else reaches it. This module only writes down; who compares it with the disk is decided elsewhere.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use super::evaluated::EvaluationFailure;
use super::source_tree::{PackageContents, SourceError, SourceTree};
use crate::hex::hex;
use crate::workspace::modules::Module;
use crate::workspace::repositories::Repositories;

/// SHA-256 of what was read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of one text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Of texts in their order. Where one ends and the next begins counts.
    pub fn of_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for text in texts {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        Self(hash.finalize().into())
    }

    /// Of what belongs to a package.
    #[must_use]
    pub fn of_contents(contents: &PackageContents) -> Self {
        let lists = [&contents.files, &contents.folders, &contents.subpackages];
        // An empty text, which is no path, ends each list.
        Self::of_all(lists.into_iter().flat_map(|list| list.iter().map(String::as_str).chain([""])))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a digest has 64 hexadecimal digits"))
    }
}

/// What stood at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// A file with this text.
    Text(Digest),
    /// Nothing.
    Missing,
    /// Something else, or something that changed while it was read: never the same again.
    Unsteady,
}

impl FileState {
    /// What a reading says.
    #[must_use]
    pub fn of(read: &Result<String, SourceError>) -> Self {
        match read {
            Ok(text) => Self::Text(Digest::of(text)),
            Err(SourceError::Missing(_)) => Self::Missing,
            Err(SourceError::TooLarge { .. } | SourceError::Unreadable { .. }) => Self::Unsteady,
        }
    }
}

/// All that one evaluation read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    /// Files by their path below the root.
    pub files: BTreeMap<String, FileState>,
    /// Packages whose files were asked for, with the digest of what was answered.
    pub listings: BTreeMap<String, Digest>,
    /// Hubs whose packages were asked for, likewise.
    pub hubs: BTreeMap<String, Digest>,
    /// Other repositories from which files were loaded, with the module that they were, if there is a model of it.
    pub modules: BTreeMap<String, Option<Module>>,
    /// The repositories of the workspace, as they were told.
    pub repositories: Repositories,
}

impl Reads {
    /// Adds a file.
    pub fn note_file(&mut self, path: &str, state: FileState) {
        match self.files.get_mut(path) {
            Some(known) if *known != state => *known = FileState::Unsteady,
            Some(_) => {}
            None => {
                self.files.insert(path.to_owned(), state);
            }
        }
    }

    /// Adds all that `other` has.
    pub fn add(&mut self, other: &Self) {
        for (path, state) in &other.files {
            self.note_file(path, *state);
        }
        self.listings.extend(other.listings.iter().map(|(package, digest)| (package.clone(), *digest)));
        self.hubs.extend(other.hubs.iter().map(|(hub, digest)| (hub.clone(), *digest)));
        self.modules.extend(other.modules.iter().map(|(repository, module)| (repository.clone(), module.clone())));
    }
}

/// What came of an evaluation, and what it read for that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation<T> {
    /// The values, or why there are none.
    pub result: Result<T, EvaluationFailure>,
    /// Where there are none: what the text alone tells, as far as that was looked at.
    pub by_text: Option<T>,
    /// What was read; `None` where the result says nothing of the next time, such as after a stop.
    pub reads: Option<Reads>,
}

impl<T> Evaluation<T> {
    /// A failure that says nothing of the next time.
    #[must_use]
    pub fn broken_off(failure: EvaluationFailure) -> Self {
        Self { result: Err(failure), by_text: None, reads: None }
    }
}

/// A source tree that writes down what is asked of it.
pub struct TracedTree {
    tree: Rc<dyn SourceTree>,
    reads: RefCell<Reads>,
}

impl TracedTree {
    /// Reads through to `tree`.
    #[must_use]
    pub fn new(tree: Rc<dyn SourceTree>) -> Self {
        Self { tree, reads: RefCell::default() }
    }

    /// What was read since the last call.
    #[must_use]
    pub fn take(&self) -> Reads {
        self.reads.take()
    }

    /// Adds what something that is used again has read.
    pub fn add(&self, reads: &Reads) {
        self.reads.borrow_mut().add(reads);
    }

    /// Adds a hub whose packages were asked for.
    pub fn note_hub(&self, hub: &str, packages: &[String]) {
        let digest = Digest::of_all(packages.iter().map(String::as_str));
        self.reads.borrow_mut().hubs.insert(hub.to_owned(), digest);
    }

    /// Adds a repository from which a file was loaded.
    pub fn note_module(&self, repository: &str, module: Option<&Module>) {
        let mut reads = self.reads.borrow_mut();
        if !reads.modules.contains_key(repository) {
            reads.modules.insert(repository.to_owned(), module.cloned());
        }
    }
}

impl SourceTree for TracedTree {
    fn read(&self, path: &str) -> Result<String, SourceError> {
        let read = self.tree.read(path);
        self.reads.borrow_mut().note_file(path, FileState::of(&read));
        read
    }

    fn contents(&self, package: &str) -> Rc<PackageContents> {
        let contents = self.tree.contents(package);
        let mut reads = self.reads.borrow_mut();
        if !reads.listings.contains_key(package) {
            reads.listings.insert(package.to_owned(), Digest::of_contents(&contents));
        }
        contents
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::evaluate::memory_tree::MemoryTree;

    #[test]
    fn a_digest_can_be_written_and_read() {
        let digest = Digest::of("abc");
        assert_eq!(digest.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(serde_json::from_str::<Digest>(&serde_json::to_string(&digest).unwrap()).unwrap(), digest);
        assert!(serde_json::from_str::<Digest>("\"ba\"").is_err());
        assert_ne!(Digest::of_all(["ab", "c"]), Digest::of_all(["a", "bc"]));
    }

    #[test]
    fn lists_do_not_run_into_each_other() {
        let of = |files: &[&str], folders: &[&str]| {
            let texts = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
            Digest::of_contents(&PackageContents { files: texts(files), folders: texts(folders), subpackages: vec![] })
        };
        assert_ne!(of(&["a", "b"], &[]), of(&["a"], &["b"]));
    }

    #[test]
    fn writes_down_what_was_read_and_what_was_missed() {
        let tree = TracedTree::new(Rc::new(MemoryTree::new(&[("p/BUILD", "x"), ("p/a.py", "")])));
        tree.read("p/BUILD").unwrap();
        tree.read("p/none").unwrap_err();
        tree.contents("p");
        let reads = tree.take();
        let files: Vec<_> = reads.files.into_iter().collect();
        let text = FileState::Text(Digest::of("x"));
        assert_eq!(files, [("p/BUILD".to_owned(), text), ("p/none".to_owned(), FileState::Missing)]);
        assert_eq!(reads.listings.keys().collect::<Vec<_>>(), ["p"]);
        assert_eq!(tree.take(), Reads::default());
    }

    #[test]
    fn a_file_that_changed_in_between_is_unsteady() {
        let mut reads = Reads::default();
        reads.note_file("a", FileState::Missing);
        reads.note_file("a", FileState::Text(Digest::of("")));
        assert_eq!(reads.files["a"], FileState::Unsteady);
    }
}
