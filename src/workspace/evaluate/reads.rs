//! What an evaluation read: texts, listings and setup. Nothing else influences it, so unchanged reads mean the same
//! result. Comparison is elsewhere.

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

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Of texts in order; their boundaries count.
    pub fn of_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for text in texts {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        Self(hash.finalize().into())
    }

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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    Text(Digest),
    Missing,
    /// Something else, or changed while being read: never equal.
    Unsteady,
}

impl FileState {
    #[must_use]
    pub fn of(read: &Result<String, SourceError>) -> Self {
        match read {
            Ok(text) => Self::Text(Digest::of(text)),
            Err(SourceError::Missing(_)) => Self::Missing,
            Err(SourceError::TooLarge { .. } | SourceError::Unreadable { .. }) => Self::Unsteady,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reads {
    /// By path below the root.
    pub files: BTreeMap<String, FileState>,
    /// Packages whose files were listed.
    pub listings: BTreeMap<String, Digest>,
    /// Hubs whose packages were requested.
    pub hubs: BTreeMap<String, Digest>,
    /// Repositories from which files were loaded, with modules that have models.
    pub modules: BTreeMap<String, Option<Module>>,
    pub repositories: Repositories,
}

impl Reads {
    pub fn note_file(&mut self, path: &str, state: FileState) {
        match self.files.get_mut(path) {
            Some(known) if *known != state => *known = FileState::Unsteady,
            Some(_) => {}
            None => {
                self.files.insert(path.to_owned(), state);
            }
        }
    }

    pub fn add(&mut self, other: &Self) {
        for (path, state) in &other.files {
            self.note_file(path, *state);
        }
        self.listings.extend(other.listings.iter().map(|(package, digest)| (package.clone(), *digest)));
        self.hubs.extend(other.hubs.iter().map(|(hub, digest)| (hub.clone(), *digest)));
        self.modules.extend(other.modules.iter().map(|(repository, module)| (repository.clone(), module.clone())));
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation<T> {
    pub result: Result<T, EvaluationFailure>,
    /// If it failed: the result from the text alone, if requested.
    pub by_text: Option<T>,
    /// `None` if the result must not be reused, such as after a stop.
    pub reads: Option<Reads>,
}

impl<T> Evaluation<T> {
    /// A failure that must not be reused.
    #[must_use]
    pub fn broken_off(failure: EvaluationFailure) -> Self {
        Self { result: Err(failure), by_text: None, reads: None }
    }
}

/// Records reads of a source tree.
pub struct TracedTree {
    tree: Rc<dyn SourceTree>,
    reads: RefCell<Reads>,
}

impl TracedTree {
    #[must_use]
    pub fn new(tree: Rc<dyn SourceTree>) -> Self {
        Self { tree, reads: RefCell::default() }
    }

    /// Returns reads since the last call.
    #[must_use]
    pub fn take(&self) -> Reads {
        self.reads.take()
    }

    /// Adds reads of something reused.
    pub fn add(&self, reads: &Reads) {
        self.reads.borrow_mut().add(reads);
    }

    pub fn note_hub(&self, hub: &str, packages: &[String]) {
        let digest = Digest::of_all(packages.iter().map(String::as_str));
        self.reads.borrow_mut().hubs.insert(hub.to_owned(), digest);
    }

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
