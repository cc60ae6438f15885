//! Files that a commit moved, by the ids in the trees; reads no blob. Only unambiguous moves: the same content at one
//! path before and one after. A file that was also changed starts anew, as does one of several equal files (`git log
//! -M` compares blobs).

use gix::ObjectId;
use gix::objs::tree::EntryKind;

use super::trees::File;

#[derive(Default)]
pub(super) struct Moves {
    gone: Vec<(ObjectId, u32)>,
    new: Vec<(ObjectId, u32)>,
}

impl Moves {
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

/// Pairs whose content occurs once.
fn only_ones(sorted: &[(ObjectId, u32)]) -> Vec<(ObjectId, u32)> {
    let one = |same: &[(ObjectId, u32)]| match same {
        [only] => Some(*only),
        _ => None,
    };
    sorted.chunk_by(|left, right| left.0 == right.0).filter_map(one).collect()
}
