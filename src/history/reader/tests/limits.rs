//! What the reader does where there is nothing to read, or something broken or hostile.

use std::cell::Cell;
use std::fs;

use gix::objs::Tree;
use gix::objs::tree::Entry;

use super::*;
use crate::jobs::Until;

#[test]
fn no_repository_and_no_commits_are_told_apart() {
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(
        read_from(empty.path(), Window::All),
        Err(HistoryError::NotARepository { root: empty.path().to_owned() })
    );
    let fixture = Fixture::new();
    let root = fixture.root();
    assert_eq!(read_from(&root, Window::All), Err(HistoryError::NoCommits { root: root.clone() }));
    let gone = root.join("gone");
    assert!(matches!(read_from(&gone, Window::All), Err(HistoryError::Unusable { root, .. }) if root == gone));
}

#[test]
fn missing_and_damaged_objects_are_named_with_their_commit() {
    let fixture = Fixture::new();
    let ids = line(&fixture, &[("0", files(&[("a", "0")])), ("1", files(&[("a", "1")]))]);
    let tree = fixture.tree_of(ids[0]);
    let tree_file = fixture.object_file(tree);

    let content = fs::read(&tree_file).unwrap();
    fs::remove_file(&tree_file).unwrap();
    let error = read_from(&fixture.root(), Window::All).unwrap_err();
    let hex = tree.to_hex().to_string();
    assert!(matches!(&error, HistoryError::MissingObject { what: "tree", id, .. } if *id == hex));
    assert!(error.to_string().contains("git fetch"), "{error}");

    fs::write(&tree_file, &content[..content.len() / 2]).unwrap();
    let error = read_from(&fixture.root(), Window::All).unwrap_err();
    assert!(matches!(error, HistoryError::DamagedObject { .. }), "{error}");

    fs::remove_file(fixture.object_file(ids[0])).unwrap();
    let error = read_from(&fixture.root(), Window::All).unwrap_err();
    let expected = HistoryError::MissingObject {
        what: "commit",
        id: ids[0].to_hex().to_string(),
        commit: ids[1].to_hex().to_string(),
    };
    assert_eq!(error, expected);
}

#[test]
fn a_tree_that_is_endlessly_deep_is_refused() {
    let fixture = Fixture::new();
    let repository = gix::open_opts(fixture.root(), gix::open::Options::isolated()).unwrap();
    let mut oid = repository.write_blob(b"x").unwrap().detach();
    let mut kind = EntryKind::Blob;
    for _ in 0..200 {
        let entry = Entry { mode: kind.into(), filename: "d".repeat(200).into(), oid };
        oid = repository.write_object(&Tree { entries: vec![entry] }).unwrap().detach();
        kind = EntryKind::Tree;
    }
    fixture.set_head(fixture.commit_tree(&[], 0, "deep", oid));
    assert!(matches!(read_from(&fixture.root(), Window::All), Err(HistoryError::DamagedObject { .. })));
}

#[test]
fn settings_of_the_repository_are_not_obeyed() {
    let fixture = Fixture::new();
    line(&fixture, &[("0", files(&[("a", "0")]))]);
    let marker = fixture.root().join("ran");
    let program = format!("touch {}", marker.display());
    let settings = format!(
        "[core]\n\trepositoryformatversion = 0\n\tworktree = /nowhere\n\tfsmonitor = {program}\n\tsshCommand = {program}\n\
         [include]\n\tpath = /nowhere\n[log]\n\tshowSignature = true\n[gpg]\n\tprogram = {program}\n"
    );
    fs::write(fixture.git_folder().join("config"), settings).unwrap();
    assert_eq!(changes(&read(&fixture, Window::All)), ["0: a"]);
    assert!(!marker.exists());
}

#[test]
fn stopping_is_prompt_in_every_phase() {
    let fixture = Fixture::new();
    let versions: Vec<(&str, Files)> = (0..40).map(|_| ("c", files(&[("uv.lock", "a 1")]))).collect();
    line(&fixture, &versions);
    let request = request(&fixture.root(), Window::All);
    let asked = Cell::new(0);
    let stop_at = |step: usize| {
        asked.set(0);
        let is_reached = || {
            asked.set(asked.get() + 1);
            asked.get() >= step
        };
        read_history(&request, &READERS, &Until(is_reached))
    };
    stop_at(usize::MAX).unwrap();
    for step in 1..=asked.get() {
        let result = stop_at(step);
        // How often it asks depends on how the threads run: a run that was never told to stop ends by itself.
        if asked.get() >= step {
            assert_eq!(result, Err(HistoryError::Cancelled), "{step}");
        }
    }
}

#[test]
fn many_ranges_on_several_threads_keep_the_order() {
    let fixture = Fixture::new();
    let versions: Vec<(String, Files)> = (0..700)
        .map(|at| (at.to_string(), files(&[(&format!("f{}", at % 10), &at.to_string()), ("same", "1")])))
        .collect();
    let borrowed: Vec<(&str, Files)> =
        versions.iter().map(|(subject, files)| (subject.as_str(), files.clone())).collect();
    line(&fixture, &borrowed);
    let found = changes(&read(&fixture, Window::All));
    let expected: Vec<String> = (0..700)
        .map(|at| match (at % 10, (at + 9) % 10) {
            _ if at == 0 => "0: f0 same".to_owned(),
            (this, before) if this < before => format!("{at}: f{this} f{before}"),
            (this, before) => format!("{at}: f{before} f{this}"),
        })
        .collect();
    assert_eq!(found, expected);
}
