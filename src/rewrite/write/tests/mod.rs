//! Writing, on real folders: what is refused, what is kept, what each failure leaves behind.

mod faults;
mod killed;
mod refused;
mod scripted;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::*;
use crate::rewrite::change_set::FileChange;
use crate::rewrite::refusal::RefusalCode;

/// A workspace on the disk, and a folder for journals beside it.
struct Fixture {
    folder: TempDir,
}

impl Fixture {
    fn new(files: &[(&str, &str)]) -> Self {
        let fixture = Self { folder: TempDir::new().unwrap() };
        fs::create_dir(fixture.root()).unwrap();
        files.iter().for_each(|(path, text)| fixture.put(path, text));
        fixture
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    fn options(&self) -> WriteOptions {
        WriteOptions { state_dir: self.folder.path().join("state/layerwright") }
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root().join(path)).unwrap()
    }

    fn set_mode(&self, path: &str, mode: u32) {
        fs::set_permissions(self.root().join(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    fn write(&self, changes: &[FileChange]) -> Result<Written, WriteError> {
        write_change_set(&self.root(), &ChangeSet { files: changes.to_vec() }, &self.options())
    }

    fn recover(&self) -> Result<Option<Recovery>, WriteError> {
        recover(&self.root(), &self.options().state_dir)
    }

    /// Everything below the root, hidden files, modes and links included: nothing can be littered unseen.
    fn snapshot(&self) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
        let mut entries = BTreeMap::new();
        let mut folders = vec![self.root()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                let metadata = fs::symlink_metadata(&path).unwrap();
                let content = if metadata.is_symlink() {
                    fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes()
                } else if metadata.is_dir() {
                    folders.push(path.clone());
                    Vec::new()
                } else {
                    fs::read(&path).unwrap()
                };
                entries.insert(path, (metadata.mode(), content));
            }
        }
        entries
    }

    /// The journals and what else is left of them; the lock file may stay.
    fn journals(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.options().state_dir) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_none_or(|e| e != "lock")).collect()
    }
}

fn change(path: &str, before: &str, after: &str) -> FileChange {
    FileChange { path: path.into(), before: Some(before.into()), after: after.into() }
}

fn creation(path: &str, after: &str) -> FileChange {
    FileChange { path: path.into(), before: None, after: after.into() }
}

fn refusal_code(result: Result<Written, WriteError>) -> RefusalCode {
    match result {
        Err(WriteError::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn every_file_is_written_and_nothing_is_left_behind() {
    let fixture = Fixture::new(&[("a/BUILD", "old a\n"), ("b/BUILD.bazel", "old b\n")]);
    let written = fixture
        .write(&[
            change("a/BUILD", "old a\n", "new a\n"),
            change("b/BUILD.bazel", "old b\n", ""),
            creation("tools/layers/layers.bzl", "new c\n"),
        ])
        .unwrap();

    let expected =
        Fixture::new(&[("a/BUILD", "new a\n"), ("b/BUILD.bazel", ""), ("tools/layers/layers.bzl", "new c\n")]);
    let strip = |fixture: &Fixture| -> Vec<_> {
        let root = fixture.root();
        fixture
            .snapshot()
            .into_iter()
            .map(|(path, entry)| (path.strip_prefix(&root).unwrap().to_owned(), entry))
            .collect()
    };
    assert_eq!(strip(&fixture), strip(&expected));
    assert_eq!(fixture.journals(), Vec::<PathBuf>::new());
    assert_eq!(written.folders, [PathBuf::from("tools"), PathBuf::from("tools/layers")]);
    assert_eq!(fixture.recover().unwrap(), None);
}

#[test]
fn undo_restores_everything_and_can_be_undone() {
    let fixture = Fixture::new(&[("BUILD", "old\n")]);
    fixture.set_mode("BUILD", 0o640);
    let old = fixture.snapshot();
    let written = fixture.write(&[change("BUILD", "old\n", "new\n"), creation("new/sub/BUILD", "created\n")]).unwrap();
    let new = fixture.snapshot();

    let undone = undo(&fixture.root(), &written, &fixture.options()).unwrap();
    assert_eq!(fixture.snapshot(), old);
    undo(&fixture.root(), &undone, &fixture.options()).unwrap();
    assert_eq!(fixture.snapshot(), new);
}

#[test]
fn undo_refuses_when_any_file_was_touched_since() {
    let fixture = Fixture::new(&[("a", "old a"), ("b", "old b")]);
    let written =
        fixture.write(&[change("a", "old a", "new a"), change("b", "old b", "new b"), creation("c", "new c")]).unwrap();
    fixture.put("c", "edited");
    assert_eq!(refusal_code(undo(&fixture.root(), &written, &fixture.options())), RefusalCode::ChangedOnDisk);
    assert_eq!(
        (fixture.read("a"), fixture.read("b"), fixture.read("c")),
        ("new a".into(), "new b".into(), "edited".into())
    );
}

#[test]
fn undo_keeps_a_new_folder_that_somebody_uses_by_now() {
    let fixture = Fixture::new(&[]);
    let written = fixture.write(&[creation("new/BUILD", "x")]).unwrap();
    fixture.put("new/other.txt", "mine");
    undo(&fixture.root(), &written, &fixture.options()).unwrap();
    assert!(!fixture.root().join("new/BUILD").exists());
    assert_eq!(fixture.read("new/other.txt"), "mine");
}

#[test]
fn the_mode_is_kept_with_its_executable_bits() {
    let fixture = Fixture::new(&[("run.bzl", "old"), ("private", "old")]);
    fixture.set_mode("run.bzl", 0o755);
    fixture.set_mode("private", 0o600);
    fixture.write(&[change("run.bzl", "old", "new"), change("private", "old", "new")]).unwrap();
    let mode = |path: &str| fs::metadata(fixture.root().join(path)).unwrap().mode() & 0o7777;
    assert_eq!((mode("run.bzl"), mode("private")), (0o755, 0o600));
}

#[test]
fn the_owner_is_kept_where_the_system_allows_it() {
    let fixture = Fixture::new(&[("BUILD", "old")]);
    let path = fixture.root().join("BUILD");
    // Only the superuser can give files away; for others the file stays their own.
    let is_given = std::os::unix::fs::chown(&path, Some(12_345), Some(54_321)).is_ok();
    let before = fs::metadata(&path).unwrap();
    fixture.write(&[change("BUILD", "old", "new")]).unwrap();
    let after = fs::metadata(&path).unwrap();
    assert_ne!(before.ino(), after.ino());
    assert_eq!((after.uid(), after.gid()), (before.uid(), before.gid()));
    assert_eq!(after.uid() == 12_345, is_given);
}

#[test]
fn a_link_inside_the_workspace_is_written_through_and_kept() {
    let fixture = Fixture::new(&[("real/BUILD.bazel", "old")]);
    fs::create_dir(fixture.root().join("app")).unwrap();
    symlink("../real/BUILD.bazel", fixture.root().join("app/BUILD.bazel")).unwrap();
    symlink("real", fixture.root().join("folder")).unwrap();
    fixture.write(&[change("app/BUILD.bazel", "old", "new"), creation("folder/defs.bzl", "x")]).unwrap();
    assert!(fs::symlink_metadata(fixture.root().join("app/BUILD.bazel")).unwrap().is_symlink());
    assert_eq!((fixture.read("real/BUILD.bazel"), fixture.read("real/defs.bzl")), ("new".into(), "x".into()));
}

#[test]
fn a_change_that_changes_nothing_writes_nothing() {
    let fixture = Fixture::new(&[("BUILD", "same")]);
    let before = fs::metadata(fixture.root().join("BUILD")).unwrap().ino();
    let written = fixture.write(&[change("BUILD", "same", "same")]).unwrap();
    assert_eq!(written, Written::default());
    assert_eq!(fs::metadata(fixture.root().join("BUILD")).unwrap().ino(), before);
}

#[test]
fn a_journal_is_readable_by_its_user_alone() {
    let fixture = Fixture::new(&[("BUILD", "secret")]);
    let die_before_replacing = scripted::Scripted::new(|_, step, _| match step {
        "replace" | "rename_new" => scripted::Verdict::Die,
        _ => scripted::Verdict::Go,
    });
    // The journal's own rename is the first; it stays under its first name.
    let changes = changes_of(&ChangeSet { files: vec![change("BUILD", "secret", "new")] });
    write_with(&die_before_replacing, &fixture.root(), &changes, &fixture.options()).unwrap_err();
    let journals = fixture.journals();
    assert_eq!(journals.len(), 1);
    assert_eq!(fs::metadata(&journals[0]).unwrap().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(fixture.options().state_dir).unwrap().mode() & 0o777, 0o700);
}

#[test]
fn one_write_at_a_time() {
    let fixture = Fixture::new(&[("BUILD", "old")]);
    let store = Store::new(&fixture.options().state_dir, &fixture.root().canonicalize().unwrap());
    let lock = store.lock().unwrap();
    assert!(matches!(fixture.write(&[change("BUILD", "old", "new")]), Err(WriteError::Busy { .. })));
    drop(lock);
    fixture.write(&[change("BUILD", "old", "new")]).unwrap();
}

#[test]
fn two_workspaces_of_one_name_have_two_journals() {
    let state = Path::new("/state");
    let files = ["/a/repo", "/b/repo"].map(|root| Store::new(state, Path::new(root)).file(journal::Phase::Forward));
    assert_ne!(files[0], files[1]);
}

#[test]
fn a_long_file_is_written_in_no_time() {
    let old: String = (0..10_000).map(|line| format!("    \"//libs/python/package_{line}:lib\",\n")).collect();
    let new = old.replace(":lib", ":library");
    let fixture = Fixture::new(&[("BUILD", &old)]);
    let start = Instant::now();
    fixture.write(&[change("BUILD", &old, &new)]).unwrap();
    eprintln!("10,000 lines written in {:?}", start.elapsed());
    assert_eq!(fixture.read("BUILD"), new);
    assert!(start.elapsed() < Duration::from_secs(5));
}
