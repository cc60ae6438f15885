//! The reader on small repositories that hold one question each.

mod contents;
mod limits;
mod repository;

use std::cell::RefCell;
use std::path::Path;

use gix::ObjectId;
use gix::objs::tree::EntryKind;

use super::{extend_history, read_history};
use crate::history::model::{History, HistoryStart};
use crate::history::request::{ContentReaders, HistoryError, HistoryRequest, LockDifference, Window};
use crate::jobs::{Progress, Unwatched};
use crate::workspace::lock::PackageName;
use repository::{Files, Fixture, files};

/// Lock files of the tests are lines `name version`; `?` makes one unreadable.
fn lock_difference(_: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> LockDifference {
    let lines = |content: Option<&[u8]>| -> Vec<String> {
        String::from_utf8_lossy(content.unwrap_or_default()).lines().map(str::to_owned).collect()
    };
    let (old, new) = (lines(old), lines(new));
    if old.iter().chain(&new).any(|line| line == "?") {
        return LockDifference::Unreadable("a question mark".to_owned());
    }
    let only = |left: &[String], right: &[String]| -> Vec<String> {
        left.iter().filter(|line| !right.contains(line)).cloned().collect()
    };
    let differ: Vec<String> = [only(&old, &new), only(&new, &old)].concat();
    let names = differ.iter().filter_map(|line| line.split_whitespace().next());
    LockDifference::Packages(names.map(PackageName::new).collect())
}

fn interpreter_version(_: &str, content: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(content);
    text.lines().find_map(|line| line.strip_prefix("python ")).map(str::to_owned)
}

const READERS: ContentReaders<'static> =
    ContentReaders { lock_difference: &lock_difference, interpreter_version: &interpreter_version };

fn request(root: &Path, window: Window) -> HistoryRequest {
    HistoryRequest {
        root: root.to_owned(),
        window,
        lock_paths: vec!["uv.lock".to_owned()],
        interpreter_files: vec!["MODULE.bazel".to_owned()],
    }
}

fn read_from(root: &Path, window: Window) -> Result<History, HistoryError> {
    read_history(&request(root, window), &READERS, &Unwatched)
}

fn read(fixture: &Fixture, window: Window) -> History {
    read_from(&fixture.root(), window).unwrap()
}

/// One line per commit: subject, then the changed files.
fn changes(history: &History) -> Vec<String> {
    history
        .commits
        .iter()
        .map(|commit| {
            let files: Vec<&str> = history.changed_files(commit).collect();
            format!("{}: {}", commit.subject, files.join(" "))
        })
        .collect()
}

/// A line of commits, a second apart, each with the files given; HEAD is the last.
fn line(fixture: &Fixture, versions: &[(&str, Files)]) -> Vec<ObjectId> {
    let mut ids: Vec<ObjectId> = Vec::new();
    for (subject, files) in versions {
        let parents: Vec<ObjectId> = ids.last().copied().into_iter().collect();
        let time = i64::try_from(ids.len()).unwrap();
        ids.push(fixture.commit(&parents, time, subject, files));
    }
    fixture.set_head(*ids.last().unwrap());
    ids
}

#[test]
fn added_changed_and_removed_files_count_oldest_commit_first() {
    let fixture = Fixture::new();
    let ids = line(
        &fixture,
        &[
            ("root", files(&[("a", "1"), ("d/x", "1"), ("d/y", "1")])),
            ("change", files(&[("a", "2"), ("d/x", "1"), ("d/y", "1")])),
            ("add and remove", files(&[("a", "2"), ("d/x", "1"), ("d/z", "1")])),
            ("nothing", files(&[("a", "2"), ("d/x", "1"), ("d/z", "1")])),
            ("folder becomes file", files(&[("a", "2"), ("d", "1")])),
        ],
    );
    let history = read(&fixture, Window::All);
    assert_eq!(
        changes(&history),
        ["root: a d/x d/y", "change: a", "add and remove: d/y d/z", "nothing: ", "folder becomes file: d d/x d/z"]
    );
    assert_eq!(history.start, HistoryStart::Root);
    let first = history.commits.first().unwrap();
    assert_eq!((first.id.clone(), first.time, first.author.as_str()), (ids[0].to_hex().to_string(), 0, "Ada"));
    assert_eq!(history.head(), Some(ids[4].to_hex().to_string().as_str()));
}

#[test]
fn modes_links_and_submodules_are_changes() {
    let fixture = Fixture::new();
    let with = |kind, content: &str| -> Files { [(b"tool".to_vec(), (kind, content.as_bytes().to_vec()))].into() };
    let submodule = "1234567890123456789012345678901234567890";
    line(
        &fixture,
        &[
            ("file", with(EntryKind::Blob, "x")),
            ("executable", with(EntryKind::BlobExecutable, "x")),
            ("link", with(EntryKind::Link, "x")),
            ("submodule", with(EntryKind::Commit, submodule)),
        ],
    );
    assert_eq!(
        changes(&read(&fixture, Window::All)),
        ["file: tool", "executable: tool", "link: tool", "submodule: tool"]
    );
}

#[test]
fn a_move_is_seen_where_it_leaves_no_doubt() {
    let fixture = Fixture::new();
    line(
        &fixture,
        &[
            ("start", files(&[("a.py", "one"), ("b.py", "two"), ("c.py", "same"), ("d.py", "same"), ("e.py", "")])),
            // Moved; moved and changed; one of two equal ones; empty; and one that stays.
            (
                "move",
                files(&[("x/a.py", "one"), ("x/b.py", "two!"), ("c.py", "same"), ("x/d.py", "same"), ("x/e.py", "")]),
            ),
            ("more", files(&[("y/a.py", "one"), ("y/c.py", "same"), ("y/d.py", "same")])),
        ],
    );
    let history = read(&fixture, Window::All);
    let moves = |commit: usize| -> Vec<(&str, &str)> {
        let names = |id| history.paths.get(id).unwrap();
        history.commits[commit].moved_files.iter().map(|&(from, to)| (names(from), names(to))).collect()
    };
    assert_eq!(moves(0), []);
    assert_eq!(moves(1), [("a.py", "x/a.py"), ("d.py", "x/d.py")]);
    assert_eq!(moves(2), [("x/a.py", "y/a.py")], "two equal files went, so neither is known");
}

#[test]
fn a_merge_is_one_commit_with_all_that_it_brings() {
    let fixture = Fixture::new();
    let root = fixture.commit(&[], 1, "root", &files(&[("a", "1")]));
    let side = fixture.commit(&[root], 2, "side", &files(&[("a", "1"), ("b", "1")]));
    let side = fixture.commit(&[side], 3, "side 2", &files(&[("a", "1"), ("b", "1"), ("c", "1")]));
    let main = fixture.commit(&[root], 4, "main", &files(&[("a", "2")]));
    let merge = fixture.commit(&[main, side], 5, "merge", &files(&[("a", "2"), ("b", "1"), ("c", "1")]));
    fixture.set_head(merge);
    assert_eq!(changes(&read(&fixture, Window::All)), ["root: a", "main: a", "merge: b c"]);
}

#[test]
fn a_subfolder_workspace_sees_its_own_files_and_every_commit() {
    let fixture = Fixture::new();
    line(
        &fixture,
        &[
            ("elsewhere", files(&[("uv.lock", "a 1")])),
            ("appears", files(&[("uv.lock", "a 1"), ("py/ws/uv.lock", "b 1"), ("py/ws/d/x", "1")])),
            ("elsewhere", files(&[("uv.lock", "a 2"), ("py/ws/uv.lock", "b 1"), ("py/ws/d/x", "1")])),
            ("lock", files(&[("uv.lock", "a 2"), ("py/ws/uv.lock", "b 2"), ("py/ws/d/x", "1")])),
        ],
    );
    let workspace = fixture.root().join("py/ws");
    std::fs::create_dir_all(&workspace).unwrap();
    let history = read_from(&workspace, Window::All).unwrap();
    assert_eq!(changes(&history), ["elsewhere: ", "appears: d/x uv.lock", "elsewhere: ", "lock: uv.lock"]);
    let locks: Vec<usize> = history.commits.iter().map(|commit| commit.changed_packages.len()).collect();
    assert_eq!(locks, [0, 1, 0, 1]);
}

#[test]
fn windows_end_where_they_say() {
    let fixture = Fixture::new();
    let versions: Vec<(&str, Files)> = ["0", "1", "2", "3"].iter().map(|&at| (at, files(&[("a", at)]))).collect();
    line(&fixture, &versions);
    let check = |window, expected: &[&str], start| {
        let history = read(&fixture, window);
        assert_eq!((changes(&history), history.start), (expected.iter().map(|&line| line.to_owned()).collect(), start));
    };
    check(Window::Commits(2), &["2: a", "3: a"], HistoryStart::Window);
    check(Window::Commits(4), &["0: a", "1: a", "2: a", "3: a"], HistoryStart::Root);
    check(Window::Commits(0), &[], HistoryStart::Window);
    check(Window::Since(1), &["1: a", "2: a", "3: a"], HistoryStart::Window);
    check(Window::Since(0), &["0: a", "1: a", "2: a", "3: a"], HistoryStart::Root);
    check(Window::Since(9), &[], HistoryStart::Window);
}

#[test]
fn a_shallow_clone_ends_before_its_boundary_and_says_so() {
    let fixture = Fixture::new();
    let ids = line(&fixture, &[("0", files(&[("a", "0")])), ("1", files(&[("a", "1")])), ("2", files(&[("a", "2")]))]);
    std::fs::write(fixture.git_folder().join("shallow"), format!("{}\n", ids[1].to_hex())).unwrap();
    std::fs::remove_file(fixture.object_file(ids[0])).unwrap();
    let history = read(&fixture, Window::All);
    assert_eq!(changes(&history), ["2: a"]);
    assert_eq!(history.start, HistoryStart::Shallow { boundary: ids[1].to_hex().to_string() });
}

#[test]
fn tags_stand_on_their_commits() {
    let fixture = Fixture::new();
    let ids = line(&fixture, &[("0", files(&[("a", "0")])), ("1", files(&[("a", "1")]))]);
    fixture.set_reference("refs/tags/v1", ids[0]);
    fixture.set_reference("refs/tags/app/v1", ids[0]);
    fixture.annotate("v2", ids[1]);
    fixture.set_reference("refs/tags/broken", ObjectId::from_hex(&[b'7'; 40]).unwrap());
    let tags: Vec<String> = read(&fixture, Window::All).commits.iter().map(|commit| commit.tags.join(" ")).collect();
    assert_eq!(tags, ["app/v1 v1", "v2"]);
}

#[test]
fn a_git_file_leads_to_the_repository() {
    let fixture = Fixture::new();
    line(&fixture, &[("0", files(&[("a", "0"), ("ws/b", "0")]))]);
    let elsewhere = tempfile::tempdir().unwrap();
    let checkout = elsewhere.path().join("checkout");
    fixture.linked_checkout(&checkout);
    std::fs::create_dir_all(checkout.join("ws")).unwrap();
    assert_eq!(changes(&read_from(&checkout, Window::All).unwrap()), ["0: a ws/b"]);
    assert_eq!(changes(&read_from(&checkout.join("ws"), Window::All).unwrap()), ["0: b"]);
}

#[test]
fn odd_paths_are_kept_apart_where_text_can_and_never_break() {
    let fixture = Fixture::new();
    let odd: Vec<&[u8]> = vec![b"cr\r\nlf", b"tab\t", b"bad\xff", b"bad\xfe", "\u{e4}\u{1f40d}".as_bytes(), b"\"q\""];
    let version: Files = odd.iter().map(|path| (path.to_vec(), (EntryKind::Blob, b"1".to_vec()))).collect();
    line(&fixture, &[("odd", version)]);
    let history = read(&fixture, Window::All);
    let names: Vec<&str> = history.changed_files(&history.commits[0]).collect();
    assert_eq!(names, ["\"q\"", "bad\u{fffd}", "cr\r\nlf", "tab\t", "\u{e4}\u{1f40d}"]);
    assert_eq!(history, read(&fixture, Window::All));
}

#[test]
fn extending_gives_what_reading_anew_gives() {
    let fixture = Fixture::new();
    let mut ids = line(
        &fixture,
        &[("0", files(&[("a", "0")])), ("1", files(&[("a", "1"), ("old", "1")])), ("2", files(&[("a", "2")]))],
    );
    for window in [Window::All, Window::Commits(3), Window::Since(1)] {
        let old = read(&fixture, window);
        let last = *ids.last().unwrap();
        let next = fixture.commit(&[last], 10, "3", &files(&[("a", "2"), ("b", "3"), ("uv.lock", "numpy 1")]));
        let next = fixture.commit(&[next], 11, "4", &files(&[("a", "4"), ("c", "3"), ("uv.lock", "numpy 2")]));
        fixture.set_head(next);
        fixture.set_reference("refs/tags/late", ids[2]);
        ids.push(next);

        let seen = RefCell::new(Vec::new());
        let request = request(&fixture.root(), window);
        let extended = extend_history(old, &request, &READERS, &|step: Progress| seen.borrow_mut().push(step)).unwrap();
        assert_eq!(extended, read(&fixture, window), "{window:?}");
        assert!(seen.borrow().contains(&Progress::counted("Comparing commits", 2, 2)), "only two are read: {seen:?}");
    }
}

#[test]
fn extending_after_a_rewrite_reads_everything_anew() {
    let fixture = Fixture::new();
    let ids = line(&fixture, &[("0", files(&[("a", "0")])), ("1", files(&[("a", "1")]))]);
    let old = read(&fixture, Window::All);
    fixture.set_head(fixture.commit(&[ids[0]], 5, "other", &files(&[("b", "1")])));
    let request = request(&fixture.root(), Window::All);
    let extended = extend_history(old, &request, &READERS, &Unwatched).unwrap();
    assert_eq!(changes(&extended), ["0: a", "other: a b"]);
    assert_eq!(extended, read(&fixture, Window::All));

    let wider = HistoryRequest { lock_paths: vec!["a".to_owned()], ..request };
    let reread = extend_history(extended, &wider, &READERS, &Unwatched).unwrap();
    assert!(reread.commits[0].changed_packages.contains_key("a"), "other locks are looked at in old commits too");
}
