//! Real processes that die while they write: this test binary starts itself again and is aborted at a step, or killed
//! at some moment; then its parent recovers.

use std::env;
use std::process::{Command, Stdio, abort, id};
use std::thread::sleep;

use super::*;
use crate::rewrite::write::tests::scripted::{Scripted, Verdict};

const FOLDER: &str = "LAYERWRIGHT_TEST_FOLDER";
const LAST_STEP: &str = "LAYERWRIGHT_TEST_LAST_STEP";

fn files() -> Fixture {
    Fixture::new(&[("a/BUILD", "old a\n"), ("b/BUILD", "old b\n")])
}

fn changes() -> ChangeSet {
    let files = [
        change("a/BUILD", "old a\n", "new a\n"),
        change("b/BUILD", "old b\n", "new b\n"),
        creation("c/BUILD", "new c\n"),
    ];
    ChangeSet { files: files.to_vec() }
}

fn child(test: &str, fixture: &Fixture) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", &format!("rewrite::write::tests::killed::{test}"), "--ignored"]);
    command.env(FOLDER, fixture.folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The child's workspace, and its options.
fn given() -> (PathBuf, WriteOptions) {
    let folder = PathBuf::from(env::var_os(FOLDER).unwrap());
    (folder.join("workspace"), WriteOptions { state_dir: folder.join("state/layerwright") })
}

#[test]
#[ignore = "the part of the child process, started by the test below"]
fn write_and_abort() {
    let (root, options) = given();
    let last: usize = env::var(LAST_STEP).unwrap().parse().unwrap();
    let steps = Scripted::new(|number, _, _| if number == last { abort() } else { Verdict::Go });
    write_with(&steps, &root, &changes_of(&changes()), &options).unwrap();
}

#[test]
fn a_process_aborted_at_any_step_is_recovered_from() {
    let (mut rolled_back, mut finished) = (0, 0);
    for last in 0.. {
        let fixture = files();
        let old = fixture.snapshot();
        let status = child("write_and_abort", &fixture).env(LAST_STEP, last.to_string()).status().unwrap();
        match fixture.recover().unwrap().map(|recovery| recovery.direction) {
            Some(Direction::RolledBack) => {
                rolled_back += 1;
                assert_eq!(fixture.snapshot(), old);
            }
            Some(Direction::Finished) => finished += 1,
            None => {}
        }
        assert_eq!(fixture.journals(), Vec::<PathBuf>::new());
        if fixture.snapshot() != old {
            assert_eq!(
                ["a", "b", "c"].map(|path| fixture.read(&format!("{path}/BUILD"))),
                ["new a\n", "new b\n", "new c\n"]
            );
            assert_eq!(fixture.snapshot().len(), 6);
        }
        if status.success() {
            break;
        }
    }
    assert!(rolled_back > 5 && finished > 0, "{rolled_back} rolled back, {finished} finished");
}

#[test]
#[ignore = "the part of the child process, started by the test below"]
fn write_and_undo_until_killed() {
    let (root, options) = given();
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(10) {
        let written = write_change_set(&root, &changes(), &options).unwrap();
        undo(&root, &written, &options).unwrap();
    }
}

#[test]
fn a_process_killed_at_any_moment_is_recovered_from() {
    for round in 0..12_u64 {
        let fixture = files();
        let old = fixture.snapshot();
        let mut process = child("write_and_undo_until_killed", &fixture).spawn().unwrap();
        // Wait until it is at work, then for a moment that differs from run to run.
        let start = Instant::now();
        while !fixture.options().state_dir.exists() && start.elapsed() < Duration::from_secs(10) {
            sleep(Duration::from_millis(1));
        }
        sleep(Duration::from_micros(300 + (round * 7_919 + u64::from(id()) * 31) % 9_000));
        process.kill().unwrap();
        process.wait().unwrap();

        fixture.recover().unwrap();
        assert_eq!(fixture.journals(), Vec::<PathBuf>::new());
        fs::remove_dir(fixture.root().join("c")).ok();
        if fixture.snapshot() != old {
            assert_eq!(
                ["a", "b", "c"].map(|path| fixture.read(&format!("{path}/BUILD"))),
                ["new a\n", "new b\n", "new c\n"]
            );
            assert_eq!(fixture.snapshot().len(), 6);
        }
    }
}

#[test]
#[ignore = "the part of the child process, started by the test below"]
fn write_large_and_say_why_not() {
    let (root, options) = given();
    let long = "# a line of a long file\n".repeat(20_000);
    let files = vec![change("a/BUILD", "old a\n", "new a\n"), change("b/BUILD", "old b\n", &long)];
    let result = write_change_set(&root, &ChangeSet { files }, &options);
    assert!(matches!(result, Err(WriteError::Failed(_))), "{result:?}");
}

/// The shell's limit on the length of files, with the signal for it ignored, makes real writes fail half way.
#[test]
fn a_disk_that_takes_no_more_bytes_leaves_everything_old() {
    let fixture = files();
    let old = fixture.snapshot();
    let started = child("write_large_and_say_why_not", &fixture);
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 64; exec \"$0\" \"$@\""]).arg(started.get_program());
    let output = shell.args(started.get_args()).env(FOLDER, fixture.folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "the write fails with an error and no panic: {said}");
    assert_eq!(fixture.snapshot(), old);
    fixture.recover().unwrap();
    assert_eq!(fixture.snapshot(), old);
    assert_eq!(fixture.journals(), Vec::<PathBuf>::new());
}
