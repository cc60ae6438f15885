//! Small repositories for tests, written object by object: no git program, no identity, no settings of the machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::bstr::BString;
use gix::objs::tree::{Entry, EntryKind};
use gix::objs::{Commit, Tree};

/// A file of a tree that is being built: what is left of its path, its kind and its content.
type Pending<'a> = (&'a [u8], EntryKind, &'a Vec<u8>);

/// Files by path, as bytes: not every path in a tree is UTF-8.
pub(super) type Files = BTreeMap<Vec<u8>, (EntryKind, Vec<u8>)>;

pub(super) struct Fixture {
    folder: tempfile::TempDir,
    repository: gix::Repository,
}

impl Fixture {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let repository = gix::ThreadSafeRepository::init_opts(
            folder.path(),
            gix::create::Kind::WithWorktree,
            gix::create::Options::default(),
            gix::open::Options::isolated(),
        )
        .unwrap()
        .to_thread_local();
        fs::write(folder.path().join(".git/HEAD"), "ref: refs/heads/main\n").unwrap();
        Self { folder, repository }
    }

    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    pub(super) fn git_folder(&self) -> PathBuf {
        self.folder.path().join(".git")
    }

    /// A commit of `files` at `time` seconds, on no branch.
    pub(super) fn commit(&self, parents: &[ObjectId], time: i64, subject: &str, files: &Files) -> ObjectId {
        let entries: Vec<_> = files.iter().map(|(path, (kind, content))| (path.as_slice(), *kind, content)).collect();
        let tree = self.tree(&entries);
        self.commit_tree(parents, time, subject, tree)
    }

    pub(super) fn commit_tree(&self, parents: &[ObjectId], time: i64, subject: &str, tree: ObjectId) -> ObjectId {
        let signature = gix::actor::Signature {
            name: "Ada".into(),
            email: "ada@example.com".into(),
            time: gix::date::Time::new(time, 0),
        };
        let commit = Commit {
            tree,
            parents: parents.iter().copied().collect(),
            author: signature.clone(),
            committer: signature,
            encoding: None,
            message: BString::from(subject),
            extra_headers: Vec::new(),
        };
        self.repository.write_object(&commit).unwrap().detach()
    }

    /// The tree of files whose paths have no common part left.
    fn tree(&self, files: &[Pending<'_>]) -> ObjectId {
        let mut folders: BTreeMap<&[u8], Vec<Pending<'_>>> = BTreeMap::new();
        let mut entries = Vec::new();
        for &(path, kind, content) in files {
            match path.iter().position(|&byte| byte == b'/') {
                Some(slash) => {
                    folders.entry(&path[..slash]).or_default().push((&path[slash + 1..], kind, content));
                }
                None => {
                    let oid = match kind {
                        EntryKind::Commit => ObjectId::from_hex(content).unwrap(),
                        _ => self.repository.write_blob(content).unwrap().detach(),
                    };
                    entries.push(Entry { mode: kind.into(), filename: path.into(), oid });
                }
            }
        }
        for (name, below) in folders {
            entries.push(Entry { mode: EntryKind::Tree.into(), filename: name.into(), oid: self.tree(&below) });
        }
        entries.sort();
        self.repository.write_object(&Tree { entries }).unwrap().detach()
    }

    /// Where the loose object `id` is stored.
    pub(super) fn object_file(&self, id: ObjectId) -> PathBuf {
        let hex = id.to_hex().to_string();
        let (folder, file) = hex.split_at(2);
        self.git_folder().join("objects").join(folder).join(file)
    }

    pub(super) fn tree_of(&self, commit: ObjectId) -> ObjectId {
        self.repository.find_commit(commit).unwrap().tree_id().unwrap().detach()
    }

    pub(super) fn set_head(&self, id: ObjectId) {
        self.set_reference("refs/heads/main", id);
    }

    pub(super) fn set_reference(&self, name: &str, id: ObjectId) {
        let file = self.git_folder().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, format!("{}\n", id.to_hex())).unwrap();
    }

    /// An annotated tag.
    pub(super) fn annotate(&self, name: &str, target: ObjectId) {
        let tag = gix::objs::Tag {
            target,
            target_kind: gix::objs::Kind::Commit,
            name: name.into(),
            tagger: None,
            message: "notes".into(),
            signature: None,
        };
        let id = self.repository.write_object(&tag).unwrap().detach();
        self.set_reference(&format!("refs/tags/{name}"), id);
    }

    /// A checkout whose `.git` is a file, as linked worktrees and submodules have it.
    pub(super) fn linked_checkout(&self, at: &Path) {
        fs::create_dir_all(at).unwrap();
        fs::write(at.join(".git"), format!("gitdir: {}\n", self.git_folder().display())).unwrap();
    }
}

/// `path=content` pairs as plain files.
pub(super) fn files(pairs: &[(&str, &str)]) -> Files {
    pairs
        .iter()
        .map(|(path, content)| (path.as_bytes().to_vec(), (EntryKind::Blob, content.as_bytes().to_vec())))
        .collect()
}
