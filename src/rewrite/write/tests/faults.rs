//! Every step fails once, and is the last one of the process once: the files are all old or all new afterwards.

use std::cell::Cell;
use std::io::ErrorKind;

use proptest::prelude::*;

use super::*;
use crate::rewrite::write::tests::scripted::{Scripted, Verdict};

/// Three files that change, one of them behind a link and one executable, and two in new folders.
fn example() -> (Fixture, Vec<WrittenFile>) {
    let fixture = Fixture::new(&[("a/BUILD", "old a\n"), ("real/BUILD.bazel", "old b\n"), ("c.bzl", "old c\n")]);
    fixture.set_mode("c.bzl", 0o755);
    symlink("../real/BUILD.bazel", fixture.root().join("a/link.bazel")).unwrap();
    let changes = [
        change("a/BUILD", "old a\n", "new a, which is longer\n"),
        creation("a/defs.bzl", "created\n"),
        change("a/link.bazel", "old b\n", ""),
        creation("new/sub/BUILD", "created too\n"),
        change("c.bzl", "old c\n", "new c\n"),
    ];
    (fixture, changes_of(&ChangeSet { files: changes.to_vec() }))
}

/// A small one of each kind, for tests that let two steps fail in all combinations.
fn small_example() -> (Fixture, Vec<WrittenFile>) {
    let fixture = Fixture::new(&[("a", "old a\n"), ("b", "old b\n")]);
    let changes = [change("a", "old a\n", "new a\n"), creation("new/BUILD", "created\n"), change("b", "old b\n", "")];
    (fixture, changes_of(&ChangeSet { files: changes.to_vec() }))
}

type Example = fn() -> (Fixture, Vec<WrittenFile>);

/// Returns how many steps the example takes when nothing fails.
fn steps_of(example: Example) -> usize {
    let (fixture, changes) = example();
    let steps = Scripted::new(|_, _, _| Verdict::Go);
    write_with(&steps, &fixture.root(), &changes, &fixture.options()).unwrap();
    steps.taken()
}

fn snapshot_of_success(example: Example) -> impl Fn(&Fixture) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let (reference, changes) = example();
    write_with(&Disk, &reference.root(), &changes, &reference.options()).unwrap();
    let (snapshot, from) = (reference.snapshot(), reference.root());
    move |fixture| {
        let entries = snapshot.clone().into_iter();
        entries.map(|(path, entry)| (fixture.root().join(path.strip_prefix(&from).unwrap()), entry)).collect()
    }
}

/// All files old or all new, no litter, no journal, and the workspace can be written again.
fn check_settled(fixture: &Fixture, old: &BTreeMap<PathBuf, (u32, Vec<u8>)>, new: &BTreeMap<PathBuf, (u32, Vec<u8>)>) {
    let now = fixture.snapshot();
    assert!(now == *old || now == *new, "mixed or littered: {:?}", now.keys());
    assert_eq!(fixture.journals(), Vec::<PathBuf>::new());
    assert_eq!(fixture.recover().unwrap(), None);
}

#[test]
fn a_process_that_dies_at_any_step_leaves_all_old_or_all_new_after_recovery() {
    let expected = snapshot_of_success(example);
    let count = steps_of(example);
    assert!(count > 20);
    let (mut rolled_back, mut finished) = (0, 0);
    for last in 0..count {
        for halfway in [false, true] {
            let (fixture, changes) = example();
            let (old, new) = (fixture.snapshot(), expected(&fixture));
            let steps = Scripted::new(|number, _, _| match (number == last, halfway) {
                (false, _) => Verdict::Go,
                (true, false) => Verdict::Die,
                (true, true) => Verdict::DieHalfway,
            });
            let result = write_with(&steps, &fixture.root(), &changes, &fixture.options());
            match fixture.recover().unwrap() {
                Some(recovery) if recovery.direction == Direction::Finished => {
                    finished += 1;
                    assert_eq!(fixture.snapshot(), new);
                    assert!(recovery.files.iter().all(|(_, state)| *state == FileState::New));
                }
                Some(recovery) => {
                    rolled_back += 1;
                    assert_eq!(fixture.snapshot(), old);
                    assert!(recovery.files.iter().all(|(_, state)| *state == FileState::Old));
                }
                None => assert_eq!(fixture.snapshot(), if result.is_ok() { new.clone() } else { old.clone() }),
            }
            check_settled(&fixture, &old, &new);
        }
    }
    assert!(rolled_back > 20 && finished > 2, "{rolled_back} rolled back, {finished} finished");
}

#[test]
fn recovery_that_dies_at_any_step_can_be_repeated() {
    let expected = snapshot_of_success(small_example);
    for last in 0..steps_of(small_example) {
        for last_of_recovery in 0.. {
            let (fixture, changes) = small_example();
            let (old, new) = (fixture.snapshot(), expected(&fixture));
            let dies_at = |at: usize| {
                Scripted::new(move |number, _, _| if number == at { Verdict::DieHalfway } else { Verdict::Go })
            };
            write_with(&dies_at(last), &fixture.root(), &changes, &fixture.options()).ok();
            let recovering = dies_at(last_of_recovery);
            recover::recover_with(&recovering, &fixture.root(), &fixture.options().state_dir).ok();
            fixture.recover().unwrap();
            check_settled(&fixture, &old, &new);
            if recovering.taken() <= last_of_recovery {
                break;
            }
        }
    }
}

#[test]
fn a_step_that_fails_leaves_everything_old_at_once() {
    let expected = snapshot_of_success(example);
    for failing in 0..steps_of(example) {
        for kind in [ErrorKind::StorageFull, ErrorKind::PermissionDenied] {
            let (fixture, changes) = example();
            let (old, new) = (fixture.snapshot(), expected(&fixture));
            let steps = Scripted::new(|number, _, _| if number == failing { Verdict::Fail(kind) } else { Verdict::Go });
            let result = write_with(&steps, &fixture.root(), &changes, &fixture.options());
            assert_eq!(fixture.snapshot(), if result.is_ok() { new.clone() } else { old.clone() });
            assert!(matches!(result, Ok(_) | Err(WriteError::Failed(_))), "{result:?}");
            check_settled(&fixture, &old, &new);
        }
    }
}

#[test]
fn a_disk_that_stays_full_leaves_everything_old() {
    for room in 0..12 {
        let (fixture, changes) = example();
        let old = fixture.snapshot();
        let created = Cell::new(0);
        let steps = Scripted::new(|_, step, _| match step {
            "create_file" | "create_folder" if created.replace(created.get() + 1) >= room => {
                Verdict::Fail(ErrorKind::StorageFull)
            }
            _ => Verdict::Go,
        });
        match write_with(&steps, &fixture.root(), &changes, &fixture.options()) {
            Ok(_) => assert!(room >= 8),
            Err(error) => {
                assert_eq!(fixture.snapshot(), old);
                assert!(error.to_string().contains("no storage space"), "{error}");
            }
        }
        assert_eq!(fixture.journals(), Vec::<PathBuf>::new());
    }
}

#[test]
fn a_failure_and_a_death_while_files_are_put_back() {
    let expected = snapshot_of_success(small_example);
    let count = steps_of(small_example);
    for failing in 0..count {
        for last in failing + 1.. {
            let (fixture, changes) = small_example();
            let (old, new) = (fixture.snapshot(), expected(&fixture));
            let steps = Scripted::new(|number, _, _| {
                if number == failing {
                    Verdict::Fail(ErrorKind::StorageFull)
                } else if number == last {
                    Verdict::DieHalfway
                } else {
                    Verdict::Go
                }
            });
            let result = write_with(&steps, &fixture.root(), &changes, &fixture.options());
            if let Err(WriteError::HalfDone { journal, .. }) = &result {
                assert!(journal.exists());
                let again = write_with(&Disk, &fixture.root(), &changes, &fixture.options());
                assert!(matches!(again, Err(WriteError::Unfinished { .. })), "{again:?}");
            }
            fixture.recover().unwrap();
            check_settled(&fixture, &old, &new);
            if steps.taken() <= last {
                break;
            }
        }
    }
}

#[test]
fn an_undo_that_dies_at_any_step_is_settled_too() {
    for last in 0.. {
        let (fixture, changes) = example();
        let old = fixture.snapshot();
        let written = write_with(&Disk, &fixture.root(), &changes, &fixture.options()).unwrap();
        let new = fixture.snapshot();
        let steps = Scripted::new(|number, _, _| if number == last { Verdict::DieHalfway } else { Verdict::Go });
        undo_with(&steps, &fixture.root(), &written, &fixture.options()).ok();
        fixture.recover().unwrap();
        // A death after the last file leaves the folders that had been made, empty.
        fs::remove_dir(fixture.root().join("new/sub")).ok();
        fs::remove_dir(fixture.root().join("new")).ok();
        check_settled(&fixture, &old, &new);
        if steps.taken() <= last {
            break;
        }
    }
}

/// Runs `meddle` right before the first replacement of a file named `at`, then goes on.
fn meddled(fixture: &Fixture, changes: &[FileChange], at: &str, meddle: impl Fn()) -> Result<Written, WriteError> {
    let at = fixture.root().canonicalize().unwrap().join(at);
    let is_done = Cell::new(false);
    let steps = Scripted::new(|_, step, path| {
        if matches!(step, "replace" | "rename_new") && path == at && !is_done.replace(true) {
            meddle();
        }
        Verdict::Go
    });
    write_with(&steps, &fixture.root(), &changes_of(&ChangeSet { files: changes.to_vec() }), &fixture.options())
}

#[test]
fn a_file_edited_or_deleted_in_the_midst_stops_the_write() {
    let changes = [change("a", "old a", "new a"), change("b", "old b", "new b")];
    let fixture = Fixture::new(&[("a", "old a"), ("b", "old b")]);
    let result = meddled(&fixture, &changes, "a", || fixture.put("b", "edited"));
    assert_eq!(refusal_code(result), RefusalCode::ChangedOnDisk);
    assert_eq!((fixture.read("a"), fixture.read("b")), ("old a".into(), "edited".into()));

    let fixture = Fixture::new(&[("a", "old a"), ("b", "old b")]);
    let result = meddled(&fixture, &changes, "a", || fs::remove_file(fixture.root().join("b")).unwrap());
    assert_eq!(refusal_code(result), RefusalCode::ChangedOnDisk);
    assert_eq!(fixture.read("a"), "old a");
    assert_eq!(fixture.snapshot().len(), 1);
    assert_eq!(fixture.journals(), Vec::<PathBuf>::new());
}

#[test]
fn a_file_that_turns_into_a_link_out_in_the_midst_is_not_followed() {
    let fixture = Fixture::new(&[("a", "old a"), ("b", "old b")]);
    let outside = fixture.folder.path().join("outside");
    fs::write(&outside, "old b").unwrap();
    let changes = [change("a", "old a", "new a"), change("b", "old b", "new b")];
    let result = meddled(&fixture, &changes, "a", || {
        fs::remove_file(fixture.root().join("b")).unwrap();
        symlink(&outside, fixture.root().join("b")).unwrap();
    });
    assert_eq!(refusal_code(result), RefusalCode::OutsideWorkspace);
    assert_eq!((fixture.read("a"), fs::read_to_string(outside).unwrap()), ("old a".into(), "old b".into()));
}

#[test]
fn a_file_that_comes_into_being_in_the_midst_is_not_overwritten() {
    for text in ["somebody's", "new b"] {
        let fixture = Fixture::new(&[("a", "old a")]);
        let changes = [change("a", "old a", "new a"), creation("b", "new b")];
        let result = meddled(&fixture, &changes, "b", || fixture.put("b", text));
        assert_eq!(refusal_code(result), RefusalCode::ChangedOnDisk);
        assert_eq!((fixture.read("a"), fixture.read("b")), ("old a".into(), text.into()));
        assert_eq!(fixture.snapshot().len(), 2);
    }
}

#[test]
fn an_edit_of_a_written_file_is_not_lost_when_a_later_file_fails() {
    let fixture = Fixture::new(&[("a", "old a"), ("b", "old b"), ("c", "old c")]);
    let changes = [change("a", "old a", "new a"), change("b", "old b", "new b"), change("c", "old c", "new c")];
    let result = meddled(&fixture, &changes, "b", || {
        fixture.put("a", "new a, edited");
        fixture.put("c", "edited");
    });
    let Err(WriteError::LeftAlone { cause, paths }) = result else { panic!("{result:?}") };
    assert!(matches!(*cause, WriteError::Refused(_)));
    assert_eq!(paths, [PathBuf::from("a")]);
    assert_eq!(["a", "b", "c"].map(|path| fixture.read(path)), ["new a, edited", "old b", "edited"]);
}

/// Dies before the last file takes its place.
fn die_midway(fixture: &Fixture, changes: &[FileChange], at: &str) {
    let at = fixture.root().canonicalize().unwrap().join(at);
    let steps = Scripted::new(|_, _, path| if path == at { Verdict::Die } else { Verdict::Go });
    let changes = changes_of(&ChangeSet { files: changes.to_vec() });
    write_with(&steps, &fixture.root(), &changes, &fixture.options()).unwrap_err();
}

#[test]
fn recovery_leaves_files_alone_that_were_edited_since() {
    let fixture = Fixture::new(&[("a", "old a"), ("b", "old b"), ("c", "old c")]);
    let changes = [change("a", "old a", "new a"), change("b", "old b", "new b"), change("c", "old c", "new c")];
    die_midway(&fixture, &changes, "c");
    assert_eq!(fixture.read("b"), "new b");
    fixture.put("b", "new b, edited");
    let recovery = fixture.recover().unwrap().unwrap();
    assert_eq!(recovery.direction, Direction::RolledBack);
    let states: Vec<_> = recovery.files.iter().map(|(_, state)| *state).collect();
    assert_eq!(states, [FileState::Old, FileState::EditedSince, FileState::Old]);
    assert!(recovery.to_string().contains("b was changed by another program"), "{recovery}");
    assert_eq!(["a", "b", "c"].map(|path| fixture.read(path)), ["old a", "new b, edited", "old c"]);
    assert_eq!(fixture.snapshot().len(), 3);
    assert_eq!(fixture.recover().unwrap(), None);
}

/// The edit is of the old text, so finishing the write would leave a new file beside an old one.
#[test]
fn a_file_edited_before_its_turn_takes_the_others_back() {
    for last_of_recovery in 0.. {
        let fixture = Fixture::new(&[("a", "old a"), ("b", "old b")]);
        die_midway(&fixture, &[change("a", "old a", "new a"), change("b", "old b", "new b")], "b");
        fixture.put("b", "old b, edited");
        let steps = Scripted::new(|number, _, _| if number == last_of_recovery { Verdict::Die } else { Verdict::Go });
        let first = recover::recover_with(&steps, &fixture.root(), &fixture.options().state_dir);
        let second = fixture.recover().unwrap();
        let recovery = second.or(first.ok().flatten());
        assert!(recovery.is_none_or(|recovery| recovery.direction == Direction::RolledBack));
        assert_eq!(["a", "b"].map(|path| fixture.read(path)), ["old a", "old b, edited"]);
        assert_eq!(fixture.snapshot().len(), 2);
        if steps.taken() <= last_of_recovery {
            break;
        }
    }
}

#[test]
fn recovery_writes_nothing_through_a_folder_that_became_a_link() {
    let fixture = Fixture::new(&[("pkg/a", "old a"), ("z", "old z")]);
    die_midway(&fixture, &[change("pkg/a", "old a", "new a"), change("z", "old z", "new z")], "z");
    let outside = fixture.folder.path().join("outside");
    fs::rename(fixture.root().join("pkg"), &outside).unwrap();
    symlink(&outside, fixture.root().join("pkg")).unwrap();
    let recovery = fixture.recover().unwrap().unwrap();
    assert_eq!(recovery.files[0].1, FileState::EditedSince);
    assert_eq!(fs::read_to_string(outside.join("a")).unwrap(), "new a");
}

#[test]
fn a_journal_that_makes_no_sense_changes_nothing_and_is_named() {
    let fixture = Fixture::new(&[("a", "old a"), ("b", "old b")]);
    die_midway(&fixture, &[change("a", "old a", "new a"), change("b", "old b", "new b")], "b");
    let journal = fixture.journals().remove(0);
    fs::write(&journal, "{}\n").unwrap();
    let before = fixture.snapshot();
    let error = fixture.recover().unwrap_err();
    assert!(matches!(error, WriteError::JournalUnreadable { .. }), "{error}");
    assert!(error.to_string().contains(journal.to_str().unwrap()), "{error}");
    assert_eq!(fixture.snapshot(), before);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_change_set_cut_short_anywhere_is_settled(
        kinds in proptest::collection::vec((0..4_u8, any::<u8>()), 1..6),
        last in 0..60_usize,
        fails in any::<bool>(),
    ) {
        let fixture = Fixture::new(&[]);
        let mut files = Vec::new();
        for (number, (kind, content)) in kinds.iter().enumerate() {
            let (old, new) = (format!("old {content}"), format!("new {content}"));
            let path = if *kind == 1 { format!("new_{}/f{number}", content % 2) } else { format!("f{number}") };
            if matches!(kind, 0 | 3) {
                fixture.put(&path, &old);
            }
            files.push(match kind {
                0 => change(&path, &old, &new),
                1 | 2 => creation(&path, &new),
                _ => change(&path, &old, &old),
            });
        }
        let old = fixture.snapshot();
        let changes = changes_of(&ChangeSet { files });
        let steps = Scripted::new(|number, _, _| match (number == last, fails) {
            (false, _) => Verdict::Go,
            (true, true) => Verdict::Fail(ErrorKind::StorageFull),
            (true, false) => Verdict::DieHalfway,
        });
        let result = write_with(&steps, &fixture.root(), &changes, &fixture.options());
        let recovery = fixture.recover().unwrap();
        let is_new = result.is_ok() || recovery.is_some_and(|recovery| recovery.direction == Direction::Finished);
        if is_new {
            for change in &changes {
                prop_assert_eq!(fs::read(fixture.root().join(&change.path)).ok(), change.after.clone());
            }
            let hidden = fixture.snapshot().into_keys().filter(|path| path.to_string_lossy().contains("/.layerwright"));
            prop_assert_eq!(hidden.count(), 0);
        } else {
            prop_assert_eq!(fixture.snapshot(), old);
        }
        prop_assert_eq!(fixture.journals(), Vec::<PathBuf>::new());
    }
}
