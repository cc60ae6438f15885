//! Changed files of every commit of a line, on several threads. The line is cut into ranges, newest first: within a
//! range each tree is needed twice in a row, and packs store newer objects first, so the cache stays warm.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use gix::ObjectId;

use super::line::{Line, LineCommit};
use super::moves::Moves;
use super::open::OpenRepository;
use super::paths::PathNumbers;
use super::step::step;
use super::trees::{File, TreeReader};
use crate::history::request::HistoryError;
use crate::jobs::{Progress, Watch};

/// Small enough to share the work evenly.
const LARGEST_RANGE: usize = 256;

/// Large enough for the cache.
const SMALLEST_RANGE: usize = 32;

/// So that no thread waits long for the others at the end.
const RANGES_PER_THREAD: usize = 4;

/// Interval of progress reports: some milliseconds.
const COMMITS_PER_STEP: usize = 32;

/// More bring little: they wait for the same pack.
const MOST_THREADS: usize = 4;

/// More changed paths over all commits is no repository that people work in.
pub(super) const MOST_CHANGES: usize = 50_000_000;

/// In bytes per thread, against repositories made to fill the memory.
const MOST_PATH_BYTES: usize = 512 << 20;

pub(super) struct Changes {
    /// The numbered paths; one path can occur several times.
    pub(super) paths: Vec<Arc<str>>,
    /// For each commit of the line.
    pub(super) per_commit: Vec<Vec<u32>>,
    /// For each commit of the line, from and to.
    pub(super) moves: Vec<Vec<(u32, u32)>>,
    /// For each commit of the line.
    pub(super) watched: Vec<Vec<WatchedChange>>,
}

pub(super) struct WatchedChange {
    /// Its place among the watched paths.
    pub(super) watched: usize,
    pub(super) old: Option<File>,
    pub(super) new: Option<File>,
}

struct Shared<'a> {
    repository: &'a OpenRepository,
    line: &'a Line,
    watched: &'a [&'a str],
    commits_per_range: usize,
    next_range: AtomicUsize,
    done: AtomicUsize,
    changes: AtomicUsize,
    stop: AtomicBool,
}

/// Commits of one thread, each with its place in the line.
struct Part {
    paths: Vec<Arc<str>>,
    commits: Vec<(usize, CommitChanges)>,
}

struct CommitChanges {
    files: Vec<u32>,
    moves: Vec<(u32, u32)>,
    watched: Vec<WatchedChange>,
}

/// Below the workspace's folder.
pub(super) fn changed_files(
    repository: &OpenRepository,
    line: &Line,
    watched: &[&str],
    watch: &dyn Watch,
) -> Result<Changes, HistoryError> {
    let total = line.commits.len();
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    let shared = Shared {
        commits_per_range: (total / (threads * RANGES_PER_THREAD)).clamp(SMALLEST_RANGE, LARGEST_RANGE),
        repository,
        line,
        watched,
        next_range: AtomicUsize::new(0),
        done: AtomicUsize::new(0),
        changes: AtomicUsize::new(0),
        stop: AtomicBool::new(false),
    };
    let threads = threads.min(total.div_ceil(shared.commits_per_range));
    let parts = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(|| take_ranges(&shared, &mut || Ok(())))).collect();
        let mut parts = vec![take_ranges(&shared, &mut || {
            step(watch, Progress::counted("Comparing commits", shared.done.load(Ordering::Relaxed), total))
        })];
        parts.extend(others.into_iter().map(|other| {
            other.join().unwrap_or_else(|_| {
                let reason = "a thread that compared trees ended early".to_owned();
                Err(HistoryError::Unusable { root: repository.root.clone(), reason })
            })
        }));
        parts
    });
    let changes = merge(first_error(parts)?, total);
    step(watch, Progress::counted("Comparing commits", total, total))?;
    Ok(changes)
}

/// Returns all parts, or the error that stopped the threads.
fn first_error(parts: Vec<Result<Part, HistoryError>>) -> Result<Vec<Part>, HistoryError> {
    let mut good = Vec::with_capacity(parts.len());
    let mut failure = None;
    for part in parts {
        match part {
            Ok(part) => good.push(part),
            Err(error) if failure.is_none() || failure == Some(HistoryError::Cancelled) => failure = Some(error),
            Err(_) => {}
        }
    }
    failure.map_or(Ok(good), Err)
}

/// `step` is called every few commits.
fn take_ranges(shared: &Shared<'_>, step: &mut dyn FnMut() -> Result<(), HistoryError>) -> Result<Part, HistoryError> {
    let result = try_take_ranges(shared, step);
    if result.is_err() {
        shared.stop.store(true, Ordering::Relaxed);
    }
    result
}

fn try_take_ranges(
    shared: &Shared<'_>,
    step: &mut dyn FnMut() -> Result<(), HistoryError>,
) -> Result<Part, HistoryError> {
    let local = shared.repository.repository.to_thread_local();
    let mut trees = TreeReader::new(&local.objects);
    let mut numbers = PathNumbers::new(shared.watched);
    let mut commits = Vec::new();
    loop {
        let first = shared.next_range.fetch_add(1, Ordering::Relaxed).saturating_mul(shared.commits_per_range);
        let Some(newest) = shared.line.commits.get(first) else { break };
        let mut tree = trees.subtree(newest.tree, &shared.repository.prefix, newest.id)?;
        for place in first..(first + shared.commits_per_range).min(shared.line.commits.len()) {
            let Some(commit) = shared.line.commits.get(place) else { break };
            if shared.stop.load(Ordering::Relaxed) {
                return Err(HistoryError::Cancelled);
            }
            if place.is_multiple_of(COMMITS_PER_STEP) {
                step()?;
            }
            let parent_tree = match parent_tree(shared.line, place) {
                Some(parent) => trees.subtree(parent, &shared.repository.prefix, commit.id)?,
                None => None,
            };
            commits.push((place, compare(shared, &mut trees, &mut numbers, commit, parent_tree, tree)?));
            tree = parent_tree;
            shared.done.fetch_add(1, Ordering::Relaxed);
        }
    }
    Ok(Part { paths: numbers.into_paths(), commits })
}

/// The whole tree of the commit before the one at `place`.
fn parent_tree(line: &Line, place: usize) -> Option<ObjectId> {
    line.commits.get(place + 1).map_or(line.base, |parent| Some(parent.tree))
}

fn compare(
    shared: &Shared<'_>,
    trees: &mut TreeReader<'_>,
    numbers: &mut PathNumbers<'_>,
    commit: &LineCommit,
    old: Option<ObjectId>,
    new: Option<ObjectId>,
) -> Result<CommitChanges, HistoryError> {
    let too_large = || HistoryError::TooLarge { commit: commit.id.to_hex().to_string(), limit: MOST_CHANGES };
    let mut files = Vec::new();
    let mut watched = Vec::new();
    let mut moves = Moves::default();
    trees.compare(old, new, commit.id, &mut |changed| {
        if shared.changes.fetch_add(1, Ordering::Relaxed) >= MOST_CHANGES || numbers.bytes() > MOST_PATH_BYTES {
            return Err(too_large());
        }
        let known = numbers.number(changed.path).ok_or_else(too_large)?;
        files.push(known.number);
        moves.see(changed.old, changed.new, known.number);
        if let Some(place) = known.watched {
            watched.push(WatchedChange { watched: place, old: changed.old, new: changed.new });
        }
        Ok(())
    })?;
    files.shrink_to_fit();
    Ok(CommitChanges { files, moves: moves.pairs(), watched })
}

/// Joins the threads' parts in the line's order.
fn merge(parts: Vec<Part>, total: usize) -> Changes {
    let mut paths = Vec::new();
    let mut per_commit = vec![Vec::new(); total];
    let mut moves = vec![Vec::new(); total];
    let mut watched: Vec<Vec<WatchedChange>> = Vec::new();
    watched.resize_with(total, Vec::new);
    for part in parts {
        // Each thread numbered its own paths from 0.
        let offset = u32::try_from(paths.len()).unwrap_or(u32::MAX);
        paths.extend(part.paths);
        for (place, mut changes) in part.commits {
            let pairs = changes.moves.iter_mut().flat_map(|(from, to)| [from, to]);
            for number in changes.files.iter_mut().chain(pairs) {
                *number = number.saturating_add(offset);
            }
            let slots = (per_commit.get_mut(place), moves.get_mut(place), watched.get_mut(place));
            if let (Some(files), Some(moves), Some(watched)) = slots {
                *files = changes.files;
                *moves = changes.moves;
                *watched = changes.watched;
            }
        }
    }
    Changes { paths, per_commit, moves, watched }
}
