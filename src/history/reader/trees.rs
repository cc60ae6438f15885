//! Compares two trees. Descends only where ids differ; reads no blob; knows no renames.

use std::cmp::Ordering;

use gix::bstr::ByteSlice;
use gix::objs::tree::{EntryKind, EntryMode, name_order};
use gix::objs::{Find, Kind};
use gix::{ObjectId, OdbHandle};

use crate::history::request::HistoryError;

/// In bytes: no file system has longer paths, and an endlessly deep tree ends here.
const LONGEST_PATH: usize = 32_768;

/// Repositories with longer ids (SHA-256) are refused when opened.
const ID_BYTES: usize = 20;

/// `None` where there is no such file.
pub(super) struct ChangedPath<'a> {
    /// Not always UTF-8.
    pub(super) path: &'a [u8],
    pub(super) old: Option<File>,
    pub(super) new: Option<File>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) kind: EntryKind,
    pub(super) id: ObjectId,
}

/// Keeps its memory between comparisons.
pub(super) struct TreeReader<'a> {
    objects: &'a OdbHandle,
    old: Vec<u8>,
    new: Vec<u8>,
    path: Vec<u8>,
    pending: Vec<PendingTrees>,
}

struct PendingTrees {
    path: Vec<u8>,
    old: Option<ObjectId>,
    new: Option<ObjectId>,
}

impl<'a> TreeReader<'a> {
    pub(super) fn new(objects: &'a OdbHandle) -> Self {
        Self { objects, old: Vec::new(), new: Vec::new(), path: Vec::new(), pending: Vec::new() }
    }

    /// `None` if there is no such folder. `commit` is for messages.
    pub(super) fn subtree(
        &mut self,
        tree: ObjectId,
        folders: &[Vec<u8>],
        commit: ObjectId,
    ) -> Result<Option<ObjectId>, HistoryError> {
        let mut current = tree;
        for folder in folders {
            read_tree(self.objects, Some(current), commit, &mut self.new)?;
            let mut rest = self.new.as_slice();
            let mut below = None;
            while let Some(entry) = next_entry(&mut rest).map_err(|reason| damaged(current, commit, reason))? {
                if entry.name == folder.as_slice() && entry.kind == EntryKind::Tree {
                    below = Some(entry.id);
                    break;
                }
            }
            match below {
                Some(id) => current = id,
                None => return Ok(None),
            }
        }
        Ok(Some(current))
    }

    /// Calls `visit` for each path that differs, in no particular order. `None` is the empty tree.
    pub(super) fn compare(
        &mut self,
        old: Option<ObjectId>,
        new: Option<ObjectId>,
        commit: ObjectId,
        visit: &mut dyn FnMut(ChangedPath<'_>) -> Result<(), HistoryError>,
    ) -> Result<(), HistoryError> {
        self.pending.clear();
        if old != new {
            self.pending.push(PendingTrees { path: Vec::new(), old, new });
        }
        while let Some(trees) = self.pending.pop() {
            if trees.path.len() > LONGEST_PATH {
                let id = trees.new.or(trees.old).unwrap_or(commit);
                return Err(damaged(id, commit, format!("a path of more than {LONGEST_PATH} bytes")));
            }
            read_tree(self.objects, trees.old, commit, &mut self.old)?;
            read_tree(self.objects, trees.new, commit, &mut self.new)?;
            self.compare_level(&trees, visit, commit)?;
        }
        Ok(())
    }

    /// Walks both sorted lists of entries.
    fn compare_level(
        &mut self,
        trees: &PendingTrees,
        visit: &mut dyn FnMut(ChangedPath<'_>) -> Result<(), HistoryError>,
        commit: ObjectId,
    ) -> Result<(), HistoryError> {
        let Self { old, new, path, pending, .. } = self;
        let mut level = Level { folder: &trees.path, path, pending, visit };
        let (mut old_rest, mut new_rest) = (old.as_slice(), new.as_slice());
        let damaged_tree = |id: Option<ObjectId>| move |reason| damaged(id.unwrap_or(commit), commit, reason);
        loop {
            let same = length_of_same_entries(old_rest, new_rest);
            old_rest = old_rest.get(same..).unwrap_or_default();
            new_rest = new_rest.get(same..).unwrap_or_default();
            let (old_start, new_start) = (old_rest, new_rest);
            let left = next_entry(&mut old_rest).map_err(damaged_tree(trees.old))?;
            let right = next_entry(&mut new_rest).map_err(damaged_tree(trees.new))?;
            match (left, right) {
                (None, None) => return Ok(()),
                (Some(left), None) => level.removed(&left)?,
                (None, Some(right)) => level.added(&right)?,
                (Some(left), Some(right)) => {
                    let order =
                        name_order(left.name, left.kind == EntryKind::Tree, right.name, right.kind == EntryKind::Tree);
                    match order {
                        Ordering::Equal => level.both(&left, &right)?,
                        Ordering::Less => {
                            new_rest = new_start;
                            level.removed(&left)?;
                        }
                        Ordering::Greater => {
                            old_rest = old_start;
                            level.added(&right)?;
                        }
                    }
                }
            }
        }
    }
}

/// Length of equal whole entries at the start of both: most of a tree is equal.
fn length_of_same_entries(old: &[u8], new: &[u8]) -> usize {
    if old == new {
        return old.len();
    }
    let same_bytes = length_of_same_bytes(old, new);
    let mut whole = 0;
    // Neither mode nor name has a zero byte, so the first one ends the name; the id follows.
    while let Some(name_end) = old.get(whole..same_bytes).and_then(|rest| rest.find_byte(0)) {
        let end = whole + name_end + 1 + ID_BYTES;
        if end > same_bytes {
            break;
        }
        whole = end;
    }
    whole
}

fn length_of_same_bytes(old: &[u8], new: &[u8]) -> usize {
    // Whole arrays are compared in one instruction or two.
    const STEP: usize = 32;
    let pairs = old.as_chunks::<STEP>().0.iter().zip(new.as_chunks::<STEP>().0);
    let steps = pairs.take_while(|(old, new)| old == new).count() * STEP;
    let (old, new) = (old.get(steps..).unwrap_or_default(), new.get(steps..).unwrap_or_default());
    steps + old.iter().zip(new).take_while(|(old, new)| old == new).count()
}

struct Level<'a> {
    folder: &'a [u8],
    path: &'a mut Vec<u8>,
    pending: &'a mut Vec<PendingTrees>,
    visit: &'a mut dyn FnMut(ChangedPath<'_>) -> Result<(), HistoryError>,
}

impl Level<'_> {
    fn removed(&mut self, entry: &Entry<'_>) -> Result<(), HistoryError> {
        match entry.kind {
            EntryKind::Tree => self.descend(entry.name, Some(entry.id), None),
            kind => return self.changed(entry.name, Some(File { kind, id: entry.id }), None),
        }
        Ok(())
    }

    fn added(&mut self, entry: &Entry<'_>) -> Result<(), HistoryError> {
        match entry.kind {
            EntryKind::Tree => self.descend(entry.name, None, Some(entry.id)),
            kind => return self.changed(entry.name, None, Some(File { kind, id: entry.id })),
        }
        Ok(())
    }

    /// The same name on both sides; folders and files sort differently, so they never meet here.
    fn both(&mut self, left: &Entry<'_>, right: &Entry<'_>) -> Result<(), HistoryError> {
        let (old, new) = (File { kind: left.kind, id: left.id }, File { kind: right.kind, id: right.id });
        if old == new {
            return Ok(());
        }
        if left.kind == EntryKind::Tree {
            self.descend(left.name, Some(left.id), Some(right.id));
            return Ok(());
        }
        self.changed(left.name, Some(old), Some(new))
    }

    fn descend(&mut self, name: &[u8], old: Option<ObjectId>, new: Option<ObjectId>) {
        let mut path = Vec::with_capacity(self.folder.len() + name.len() + 1);
        path.extend_from_slice(self.folder);
        path.extend_from_slice(name);
        path.push(b'/');
        self.pending.push(PendingTrees { path, old, new });
    }

    fn changed(&mut self, name: &[u8], old: Option<File>, new: Option<File>) -> Result<(), HistoryError> {
        self.path.clear();
        self.path.extend_from_slice(self.folder);
        self.path.extend_from_slice(name);
        (self.visit)(ChangedPath { path: self.path, old, new })
    }
}

struct Entry<'a> {
    name: &'a [u8],
    kind: EntryKind,
    id: ObjectId,
}

/// Mode in octal, a space, the name, a zero byte, the id.
fn next_entry<'a>(rest: &mut &'a [u8]) -> Result<Option<Entry<'a>>, String> {
    const CUT_SHORT: &str = "a tree entry is cut short";
    if rest.is_empty() {
        return Ok(None);
    }
    let (mode, after_mode) = split_at_byte(rest, b' ').ok_or(CUT_SHORT)?;
    let (name, after_name) = split_at_byte(after_mode, 0).ok_or(CUT_SHORT)?;
    let (id, after_id) = after_name.split_at_checked(ID_BYTES).ok_or(CUT_SHORT)?;
    let mode = EntryMode::from_bytes(mode).ok_or("a tree entry has no mode")?;
    let id = ObjectId::try_from(id).map_err(|error| error.to_string())?;
    *rest = after_id;
    Ok(Some(Entry { name, kind: mode.kind(), id }))
}

fn split_at_byte(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let place = text.find_byte(byte)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// Leaves `buffer` empty for `None`.
fn read_tree(
    objects: &OdbHandle,
    id: Option<ObjectId>,
    commit: ObjectId,
    buffer: &mut Vec<u8>,
) -> Result<(), HistoryError> {
    buffer.clear();
    let Some(id) = id else { return Ok(()) };
    let kind =
        objects.try_find(&id, buffer).map_err(|error| damaged(id, commit, error.to_string()))?.map(|data| data.kind);
    match kind {
        Some(Kind::Tree) => Ok(()),
        Some(other) => Err(damaged(id, commit, format!("a {other} where a tree belongs"))),
        // Every repository knows the empty tree, stored or not.
        None if id == ObjectId::empty_tree(gix::hash::Kind::Sha1) => Ok(()),
        None => Err(HistoryError::MissingObject {
            what: "tree",
            id: id.to_hex().to_string(),
            commit: commit.to_hex().to_string(),
        }),
    }
}

fn damaged(id: ObjectId, commit: ObjectId, reason: impl Into<String>) -> HistoryError {
    HistoryError::DamagedObject {
        id: id.to_hex().to_string(),
        commit: commit.to_hex().to_string(),
        reason: reason.into(),
    }
}
