//! What the reader finds inside lock and interpreter files.

use super::*;

/// Per commit: the changed packages of `uv.lock`, `!` for an unread file, `py` for the interpreter.
fn found(fixture: &Fixture) -> Vec<String> {
    let history = read(fixture, Window::All);
    let describe = |commit: &crate::history::model::Commit| {
        let packages = commit.changed_packages.get("uv.lock").into_iter().flatten();
        let mut words: Vec<&str> = packages.map(PackageName::as_str).collect();
        words.extend(commit.unread.keys().map(|_| "!"));
        words.extend(commit.interpreter_changed.then_some("py"));
        words.join(" ")
    };
    history.commits.iter().map(describe).collect()
}

#[test]
fn only_the_packages_that_differ_are_named() {
    let fixture = Fixture::new();
    line(
        &fixture,
        &[
            ("no lock", files(&[("a", "1")])),
            ("new lock", files(&[("uv.lock", "numpy 1\ntorch 1")])),
            ("one package", files(&[("uv.lock", "numpy 2\ntorch 1")])),
            ("order alone", files(&[("uv.lock", "torch 1\nnumpy 2")])),
            ("no lock again", files(&[("a", "1")])),
        ],
    );
    assert_eq!(found(&fixture), ["", "numpy torch", "numpy", "", "numpy torch"]);
}

#[test]
fn the_interpreter_changes_with_its_version_only() {
    let fixture = Fixture::new();
    line(
        &fixture,
        &[
            ("says 3.12", files(&[("MODULE.bazel", "python 3.12")])),
            ("a comment", files(&[("MODULE.bazel", "# c\npython 3.12")])),
            ("says 3.13", files(&[("MODULE.bazel", "# c\npython 3.13")])),
            ("elsewhere", files(&[("MODULE.bazel", "# c\npython 3.13"), ("sub/MODULE.bazel", "python 3.14")])),
        ],
    );
    assert_eq!(found(&fixture), ["py", "", "py", ""]);
}

#[test]
fn what_cannot_be_read_is_said_and_counts_as_changed() {
    let fixture = Fixture::new();
    let ids = line(
        &fixture,
        &[
            ("good", files(&[("uv.lock", "numpy 1"), ("MODULE.bazel", "python 3.12")])),
            ("bad", files(&[("uv.lock", "?"), ("MODULE.bazel", "python 3.12")])),
            ("good", files(&[("uv.lock", "numpy 2"), ("MODULE.bazel", "python 3.12\n")])),
        ],
    );
    assert_eq!(found(&fixture), ["numpy py", "!", "!"]);

    // As in a partial clone: the newest blob of the interpreter file was never fetched.
    let module = gix::objs::compute_hash(gix::hash::Kind::Sha1, gix::objs::Kind::Blob, b"python 3.12\n").unwrap();
    std::fs::remove_file(fixture.object_file(module)).unwrap();
    assert_eq!(found(&fixture), ["numpy py", "!", "! ! py"]);
    let history = read(&fixture, Window::All);
    let reason = history.commits[2].unread.get("MODULE.bazel").unwrap();
    assert!(reason.contains("git fetch"), "{reason}");
    assert_eq!(history.commits[2].id, ids[2].to_hex().to_string());
}

#[test]
fn a_link_in_place_of_a_lock_is_not_followed() {
    let fixture = Fixture::new();
    let link: Files = [(b"uv.lock".to_vec(), (EntryKind::Link, b"/etc/passwd".to_vec()))].into();
    line(&fixture, &[("link", link)]);
    assert_eq!(found(&fixture), ["!"]);
}
