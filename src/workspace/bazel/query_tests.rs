//! Asking, with a script in Bazel's place that prints a recorded answer.

use std::cell::RefCell;
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::jobs::Progress;
use crate::workspace::bazel::answer;
use crate::workspace::bazel::command::NamedBy;

const RECORDED: &[u8] = include_bytes!("../../../tests/bazel_answer/answer.pb");

struct Asked {
    answer: Result<BazelAnswer, BazelError>,
    words: Vec<String>,
}

fn ask(query: &str, mapping: &str, has_modules: bool) -> Asked {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    file("answer.pb", RECORDED);
    if has_modules {
        file("MODULE.bazel", b"");
    }
    let script = format!(
        "#!/bin/sh\ncase \"$1\" in\nmod) {mapping};;\nquery) echo 'Loading: 2 packages loaded' >&2; {query};;\n*) exit 9;;\nesac\n"
    );
    file("bazel", script.as_bytes());
    let program = folder.path().join("bazel");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let source = BazelSource {
        workspace: TrustedWorkspace::by_the_users_word(folder.path()),
        bazel: BazelCommand { program, arguments: Vec::new(), named_by: NamedBy::Path },
        keys: TerminalKeys::Shared,
    };
    let words = RefCell::new(Vec::new());
    let answer = ask_bazel(&source, ["pypi".to_owned()], &|said: Progress| words.borrow_mut().push(said.message));
    Asked { answer, words: words.into_inner() }
}

#[test]
fn a_whole_answer_is_taken_in_with_bazels_own_words_as_progress() {
    let asked = ask("cat answer.pb", "exit 9", false);
    let answer = asked.answer.unwrap();
    assert_eq!((answer.packages.len(), answer.problems.len()), (2, 0));
    assert_eq!(answer.packages, answer::tests::recorded().packages);
    assert_eq!(asked.words, ["Bazel: Loading: 2 packages loaded"]);
}

#[test]
fn a_partial_answer_counts_and_names_what_is_missing() {
    let said = "echo \"ERROR: /ws/b/BUILD:1:2: syntax error\" >&2; echo 'ERROR: package contains errors: b' >&2";
    let answer = ask(&format!("cat answer.pb; {said}; exit 3"), "exit 9", false).answer.unwrap();
    assert_eq!(answer.packages.len(), 2);
    assert_eq!(answer.problems[0].message, "syntax error");
    assert!(answer.broken.contains("b"));
}

#[test]
fn names_of_repositories_come_from_bazel_where_it_can_say_them() {
    let mapping = r#"echo '{"": "", "deps": "pypi"}'"#;
    let answer = ask("cat answer.pb", mapping, true).answer.unwrap();
    let target = &answer.packages["app"].targets["caf\u{e9}"];
    assert!(target.dependencies.iter().any(|edge| edge.label.to_string() == "@deps//:fastapi"));
    // An older Bazel does not know the command: the names stay as they are.
    let answer = ask("cat answer.pb", "echo 'ERROR: no mod' >&2; exit 2", true).answer.unwrap();
    assert_eq!(answer.packages, answer::tests::recorded().packages);
}

#[test]
fn a_failure_says_what_was_run_and_why_it_failed() {
    let message = ask("echo 'ERROR: the lock is taken' >&2; exit 9", "exit 9", false).answer.unwrap_err().to_string();
    assert!(message.contains("query --output=streamed_proto") && message.contains("the lock is taken"), "{message}");
    let message = ask("echo hello there, this is no proto", "exit 9", false).answer.unwrap_err().to_string();
    assert!(message.contains("can't be read"), "{message}");
    let message = ask("head -c 100 answer.pb", "exit 9", false).answer.unwrap_err().to_string();
    assert!(message.contains("ends within a message"), "{message}");
}
