//! What running a program promises, with small scripts in Bazel's place.

use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::trust::TrustedWorkspace;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::*;
use crate::jobs::{Until, Unwatched, Watch};
use crate::workspace::bazel::command::NamedBy;

fn script(folder: &Path, text: &str) -> BazelCommand {
    let program = folder.join("bazel");
    std::fs::write(&program, format!("#!/bin/sh\n{text}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    BazelCommand { program, arguments: vec!["--own".into()], named_by: NamedBy::Path }
}

struct Heard {
    result: Result<Ended, BazelError>,
    bytes: Vec<u8>,
    lines: Vec<String>,
    beats: usize,
}

fn run(text: &str, keys: TerminalKeys, watch: &dyn Watch) -> Heard {
    let folder = tempfile::tempdir().unwrap();
    let bazel = script(folder.path(), text);
    let workspace = TrustedWorkspace::by_the_users_word(folder.path());
    let call =
        BazelCall { workspace: &workspace, bazel: &bazel, arguments: vec!["query".into(), "//...".into()], keys };
    let (mut bytes, mut lines, mut beats) = (Vec::new(), Vec::new(), 0);
    let result = run_bazel(
        &call,
        &mut |output| {
            match output {
                Output::Bytes(piece) => bytes.extend_from_slice(piece),
                Output::Line(line) => lines.push(line.to_owned()),
                Output::Beat(_) => beats += 1,
            }
            Ok(())
        },
        watch,
    );
    Heard { result, bytes, lines, beats }
}

#[test]
fn output_messages_and_status_come_through() {
    let heard =
        run(r#"echo "$@"; pwd -P; echo "Loading: 3 packages loaded" >&2; exit 3"#, TerminalKeys::Shared, &Unwatched);
    let ended = heard.result.unwrap();
    assert_eq!(ended.status.code(), Some(3));
    let text = String::from_utf8(heard.bytes).unwrap();
    assert!(text.starts_with("--own query //...\n/"), "{text}");
    assert_eq!(heard.lines, ["Loading: 3 packages loaded"]);
    assert_eq!(ended.lines, heard.lines);
}

#[test]
fn large_output_is_handed_on_whole() {
    let heard = run(
        "head -c 3000000 /dev/zero; head -c 300000 /dev/zero | tr '\\0' '\\n' >&2",
        TerminalKeys::Apart,
        &Unwatched,
    );
    assert!(heard.result.unwrap().status.success());
    assert_eq!(heard.bytes.len(), 3_000_000);
}

#[test]
fn a_request_to_stop_interrupts_it_and_what_it_started() {
    // The wrapper runs a child that tells when it is interrupted.
    let text = r#"sh -c 'trap "echo yes > interrupted; exit 0" INT TERM; echo up > up; while :; do sleep 0.05; done'"#;
    let kept = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let heard = run(
        &format!("cd {} && {text}", kept.path().display()),
        TerminalKeys::Apart,
        &Until(|| kept.path().join("up").exists()),
    );
    assert!(matches!(heard.result, Err(BazelError::Cancelled)));
    let was_interrupted = || kept.path().join("interrupted").exists();
    while !was_interrupted() && begun.elapsed() < Duration::from_secs(10) {
        std::thread::sleep(GLANCE);
    }
    assert!(was_interrupted());
}

#[test]
fn what_does_not_listen_is_killed() {
    let kept = tempfile::tempdir().unwrap();
    let up = kept.path().join("up");
    let text = format!("trap '' INT TERM; echo $$ > {}; while :; do sleep 0.05; done", up.display());
    let heard = run(&text, TerminalKeys::Apart, &Until(|| up.exists()));
    assert!(matches!(heard.result, Err(BazelError::Cancelled)));
    let number: i32 = std::fs::read_to_string(&up).unwrap().trim().parse().unwrap();
    let process = rustix::process::Pid::from_raw(number).unwrap();
    assert!(rustix::process::test_kill_process(process).is_err());
}

#[test]
fn silence_is_told() {
    let heard = run("sleep 2.3", TerminalKeys::Shared, &Unwatched);
    assert!(heard.result.unwrap().status.success());
    assert!(heard.beats >= 1, "{}", heard.beats);
}

#[test]
fn a_server_that_holds_the_pipes_is_not_waited_for() {
    let begun = Instant::now();
    let heard = run("sleep 30 & echo done", TerminalKeys::Shared, &Unwatched);
    assert!(heard.result.unwrap().status.success());
    assert_eq!(heard.bytes, b"done\n");
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn a_listener_that_can_not_go_on_stops_it() {
    let folder = tempfile::tempdir().unwrap();
    let bazel = script(folder.path(), "echo no; sleep 30");
    let workspace = TrustedWorkspace::by_the_users_word(folder.path());
    let call =
        BazelCall { workspace: &workspace, bazel: &bazel, arguments: vec!["query".into()], keys: TerminalKeys::Apart };
    let result = run_bazel(&call, &mut |_| Err("it is no proto".to_owned()), &Unwatched);
    let message = result.unwrap_err().to_string();
    assert!(message.contains("it is no proto") && message.contains("query"), "{message}");
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let bazel = BazelCommand { program: folder.path().join("none"), arguments: Vec::new(), named_by: NamedBy::Option };
    let workspace = TrustedWorkspace::by_the_users_word(folder.path());
    let call = BazelCall { workspace: &workspace, bazel: &bazel, arguments: Vec::new(), keys: TerminalKeys::Shared };
    let message = run_bazel(&call, &mut |_| Ok(()), &Unwatched).unwrap_err().to_string();
    assert!(message.contains("none") && message.contains("could not be started"), "{message}");
}
