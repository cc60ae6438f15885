use gix::ObjectId;
use gix::objs::{CommitRef, Find, Kind};

use super::open::OpenRepository;
use super::step::step;
use crate::history::model::HistoryStart;
use crate::history::request::{HistoryError, Window};
use crate::jobs::{Progress, Watch};

/// Interval of progress reports.
const COMMITS_PER_STEP: usize = 512;

/// Newest first.
pub(super) struct Line {
    pub(super) commits: Vec<LineCommit>,
    /// The tree before the oldest commit; `None` is the empty tree.
    pub(super) base: Option<ObjectId>,
    pub(super) stop: Stop,
}

pub(super) struct LineCommit {
    pub(super) id: ObjectId,
    pub(super) tree: ObjectId,
    pub(super) time: i64,
    pub(super) author: String,
    pub(super) subject: String,
    parent: Option<ObjectId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The oldest commit has no parent.
    Root,
    Window,
    /// The parent is known to the caller.
    Known,
    /// The clone is shallow below this commit.
    Shallow(ObjectId),
}

impl Stop {
    pub(super) fn start(self) -> HistoryStart {
        match self {
            Self::Root => HistoryStart::Root,
            Self::Window | Self::Known => HistoryStart::Window,
            Self::Shallow(boundary) => HistoryStart::Shallow { boundary: boundary.to_hex().to_string() },
        }
    }
}

pub(super) fn parse_id(text: &str) -> Option<ObjectId> {
    ObjectId::from_hex(text.as_bytes()).ok()
}

/// Reads back from HEAD until the window is full or `known` is reached.
pub(super) fn read(
    repository: &OpenRepository,
    window: Window,
    known: Option<ObjectId>,
    watch: &dyn Watch,
) -> Result<Line, HistoryError> {
    let local = repository.repository.to_thread_local();
    let unusable =
        |error: gix::Error| HistoryError::Unusable { root: repository.root.clone(), reason: error.to_string() };
    let head = local.head().and_then(gix::Head::try_into_peeled_id).map_err(unusable)?;
    let head = head.ok_or_else(|| HistoryError::NoCommits { root: repository.root.clone() })?.detach();
    let shallow = local.shallow_commits().map_err(unusable)?;
    let is_boundary = |id: &ObjectId| shallow.as_ref().is_some_and(|boundary| boundary.iter().any(|held| held == id));

    let mut buffer = Vec::new();
    let mut commits: Vec<LineCommit> = Vec::new();
    let mut next = Some(head);
    while let Some(id) = next {
        if commits.len().is_multiple_of(COMMITS_PER_STEP) {
            step(watch, Progress::counted("Following the history", commits.len(), 0))?;
        }
        let child = commits.last().map_or(id, |commit| commit.id);
        let commit = read_commit(&local.objects, id, child, &mut buffer)?;
        let stop = if known == Some(id) {
            Some(Stop::Known)
        } else if is_beyond(&commit, commits.len(), window) {
            Some(Stop::Window)
        } else if is_boundary(&id) {
            Some(Stop::Shallow(id))
        } else {
            None
        };
        if let Some(stop) = stop {
            return Ok(Line { commits, base: Some(commit.tree), stop });
        }
        next = commit.parent;
        commits.push(commit);
    }
    Ok(Line { commits, base: None, stop: Stop::Root })
}

/// Returns `true` if `commit`, with `newer` commits above it, is the first outside the window.
fn is_beyond(commit: &LineCommit, newer: usize, window: Window) -> bool {
    match window {
        Window::Commits(limit) => newer >= limit,
        Window::Since(moment) => commit.time < moment,
        Window::All => false,
    }
}

/// `child` is for messages.
fn read_commit(
    objects: &gix::OdbHandle,
    id: ObjectId,
    child: ObjectId,
    buffer: &mut Vec<u8>,
) -> Result<LineCommit, HistoryError> {
    let damaged = |reason: String| HistoryError::DamagedObject {
        id: id.to_hex().to_string(),
        commit: child.to_hex().to_string(),
        reason,
    };
    let data = objects.try_find(&id, buffer).map_err(|error| damaged(error.to_string()))?;
    let data = data.ok_or_else(|| HistoryError::MissingObject {
        what: "commit",
        id: id.to_hex().to_string(),
        commit: child.to_hex().to_string(),
    })?;
    if data.kind != Kind::Commit {
        return Err(damaged(format!("a {} where a commit belongs", data.kind)));
    }
    let commit = CommitRef::from_bytes(data.data, data.object_hash).map_err(|error| damaged(error.to_string()))?;
    Ok(LineCommit {
        id,
        tree: commit.tree(),
        parent: commit.parents().next(),
        // An invalid date reads as 1970, as in git.
        time: commit.time().map_or(0, |time| time.seconds),
        author: commit.author().map_or_else(|_| name_part(commit.author), |author| author.name.to_string()),
        subject: String::from_utf8_lossy(&commit.message().summary()).into_owned(),
    })
}

/// The name of a malformed signature.
fn name_part(signature: &[u8]) -> String {
    let text = String::from_utf8_lossy(signature);
    text.split('<').next().unwrap_or_default().trim().to_owned()
}
