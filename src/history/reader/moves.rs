//! Files that a commit moved: content that is gone at one path and new at another, as the ids in the trees tell. Reads no blob.
//!
//! Only moves that leave no doubt: the same content, at one path before and at one path after. A file that was moved and
//! changed at once starts anew, as does one of several equal files. (What `git log -M` guesses from likeness needs blobs.)

use gix::ObjectId;
use gix::objs::tree::EntryKind;

use super::trees::File;

/// What one commit removed and added.
#[derive(Default)]
pub(super) struct Moves {
    gone: Vec<(ObjectId, u32)>,
    new: Vec<(ObjectId, u32)>,
}

impl Moves {
    /// Takes one changed path, by its number.
    pub(super) fn see(&mut self, old: Option<File>, new: Option<File>, path: u32) {
        match (old, new) {
            (Some(old), None) if is_file(old) => self.gone.push((old.id, path)),
            (None, Some(new)) if is_file(new) => self.new.push((new.id, path)),
            _ => {}
        }
    }

    /// From and to, by the numbers of the paths.
    pub(super) fn pairs(mut self) -> Vec<(u32, u32)> {
        if self.gone.is_empty() || self.new.is_empty() {
            return Vec::new();
        }
        self.gone.sort_unstable();
        let gone = only_ones(&self.gone);
        self.new.sort_unstable();
        let new = only_ones(&self.new);
        let from = |id: &ObjectId| {
            let place = gone.binary_search_by(|(gone, _)| gone.cmp(id)).ok()?;
            gone.get(place).map(|(_, path)| *path)
        };
        new.iter().filter_map(|(id, to)| Some((from(id)?, *to))).collect()
    }
}

/// Empty files are all alike: `__init__.py` of one package is not that of another.
fn is_file(file: File) -> bool {
    matches!(file.kind, EntryKind::Blob | EntryKind::BlobExecutable)
        && file.id != ObjectId::empty_blob(gix::hash::Kind::Sha1)
}

/// Those of sorted pairs whose content is there once.
fn only_ones(sorted: &[(ObjectId, u32)]) -> Vec<(ObjectId, u32)> {
    let one = |same: &[(ObjectId, u32)]| match same {
        [only] => Some(*only),
        _ => None,
    };
    sorted.chunk_by(|left, right| left.0 == right.0).filter_map(one).collect()
}
