//! What is refused, with which code, and that nothing was touched then.

use super::*;

/// Writes one more, harmless change together with the refused one: neither may be made.
fn check(fixture: &Fixture, refused: FileChange, code: RefusalCode) -> String {
    fixture.put("first/BUILD", "first");
    let before = fixture.snapshot();
    let result = fixture.write(&[change("first/BUILD", "first", "edited"), refused]);
    let message = result.as_ref().unwrap_err().to_string();
    assert_eq!(refusal_code(result), code, "{message}");
    assert_eq!(fixture.snapshot(), before);
    assert_eq!(fixture.journals(), Vec::<PathBuf>::new());
    message
}

#[test]
fn a_path_out_of_the_workspace() {
    let fixture = Fixture::new(&[("BUILD", "old")]);
    fs::write(fixture.folder.path().join("secret"), "old").unwrap();
    let absolute = fixture.folder.path().join("secret");
    for path in ["../secret", "a/../../secret", "a/../BUILD", "", ".", absolute.to_str().unwrap()] {
        check(&fixture, change(path, "old", "new"), RefusalCode::OutsideWorkspace);
    }
}

#[test]
fn a_link_out_of_the_workspace() {
    let fixture = Fixture::new(&[]);
    fs::write(fixture.folder.path().join("secret"), "old").unwrap();
    symlink(fixture.folder.path().join("secret"), fixture.root().join("BUILD")).unwrap();
    symlink(fixture.folder.path(), fixture.root().join("folder")).unwrap();
    symlink("nowhere", fixture.root().join("dangling")).unwrap();
    check(&fixture, change("BUILD", "old", "new"), RefusalCode::OutsideWorkspace);
    check(&fixture, change("folder/secret", "old", "new"), RefusalCode::OutsideWorkspace);
    check(&fixture, creation("folder/new/BUILD", "new"), RefusalCode::OutsideWorkspace);
    check(&fixture, creation("dangling", "new"), RefusalCode::OutsideWorkspace);
    check(&fixture, creation("dangling/BUILD", "new"), RefusalCode::OutsideWorkspace);
    assert_eq!(fs::read_to_string(fixture.folder.path().join("secret")).unwrap(), "old");
}

#[test]
fn a_sibling_whose_name_starts_like_the_root_is_outside() {
    let fixture = Fixture::new(&[]);
    let sibling = fixture.folder.path().join("workspace-2");
    fs::create_dir(&sibling).unwrap();
    fs::write(sibling.join("BUILD"), "old").unwrap();
    symlink(&sibling, fixture.root().join("link")).unwrap();
    check(&fixture, change("link/BUILD", "old", "new"), RefusalCode::OutsideWorkspace);
}

#[test]
fn a_file_that_is_not_as_it_was_read() {
    let fixture = Fixture::new(&[("BUILD", "edited"), ("same_length", "abc"), ("folder/x", "")]);
    check(&fixture, change("BUILD", "old", "new"), RefusalCode::ChangedOnDisk);
    check(&fixture, change("same_length", "abd", "new"), RefusalCode::ChangedOnDisk);
    check(&fixture, change("missing", "old", "new"), RefusalCode::ChangedOnDisk);
    check(&fixture, change("missing/BUILD", "old", "new"), RefusalCode::ChangedOnDisk);
    check(&fixture, change("folder", "", "new"), RefusalCode::ChangedOnDisk);
    check(&fixture, change("BUILD/x", "old", "new"), RefusalCode::ChangedOnDisk);
    check(&fixture, creation("BUILD", "new"), RefusalCode::ChangedOnDisk);
}

#[test]
fn a_pipe_is_refused_and_not_waited_for() {
    let fixture = Fixture::new(&[]);
    let pipe = fixture.root().join("BUILD");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    if made.is_ok_and(|status| status.success()) {
        let result = fixture.write(&[change("BUILD", "", "new")]);
        assert_eq!(refusal_code(result), RefusalCode::ChangedOnDisk);
    }
}

#[test]
fn a_read_only_file_or_folder_names_the_way_out() {
    let fixture = Fixture::new(&[("BUILD", "old"), ("locked/BUILD", "old")]);
    fixture.set_mode("BUILD", 0o444);
    let message = check(&fixture, change("BUILD", "old", "new"), RefusalCode::ReadOnly);
    assert!(message.contains("chmod u+w BUILD"), "{message}");
    fixture.set_mode("locked", 0o555);
    check(&fixture, change("locked/BUILD", "old", "new"), RefusalCode::ReadOnly);
    check(&fixture, creation("locked/defs.bzl", "new"), RefusalCode::ReadOnly);
    check(&fixture, creation("locked/new/BUILD", "new"), RefusalCode::ReadOnly);
    fixture.set_mode("locked", 0o755);
}

#[test]
fn a_new_name_that_differs_in_case_alone() {
    let fixture = Fixture::new(&[("demo/BUILD", "old"), ("build/x", "x"), ("Straße/x", "x")]);
    check(&fixture, creation("demo/build", "new"), RefusalCode::NameTaken);
    check(&fixture, creation("Demo/BUILD.bazel", "new"), RefusalCode::NameTaken);
    check(&fixture, creation("STRAßE/x", "new"), RefusalCode::NameTaken);
    check(&fixture, creation("BUILD", "new"), RefusalCode::NameTaken);
    fixture.write(&[change("demo/BUILD", "old", "new"), creation("demo/BUILD.bazel", "new")]).unwrap();
}

#[test]
fn two_new_names_that_differ_in_case_alone() {
    let fixture = Fixture::new(&[]);
    let result = fixture.write(&[creation("new/BUILD", "x"), creation("new/build", "y")]);
    assert_eq!(refusal_code(result), RefusalCode::NameTaken);
    assert!(fixture.snapshot().is_empty());
}

#[test]
fn two_paths_to_one_file() {
    let fixture = Fixture::new(&[("BUILD", "old")]);
    symlink("BUILD", fixture.root().join("link")).unwrap();
    let result = fixture.write(&[change("BUILD", "old", "a"), change("link", "old", "b")]);
    assert_eq!(refusal_code(result), RefusalCode::AmbiguousTarget);
    assert_eq!(fixture.read("BUILD"), "old");
}

#[test]
fn too_much_to_write() {
    let fixture = Fixture::new(&[]);
    let large = "x".repeat(usize::try_from(MAX_FILE_BYTES).unwrap() + 1);
    check(&fixture, creation("large", &large), RefusalCode::TooLarge);
    let many: Vec<_> = (0..=MAX_FILES).map(|number| creation(&format!("file_{number}"), "")).collect();
    assert_eq!(refusal_code(fixture.write(&many)), RefusalCode::TooLarge);
    let full = "x".repeat(usize::try_from(MAX_FILE_BYTES).unwrap());
    let heavy: Vec<_> = (0..17).map(|number| creation(&format!("file_{number}"), &full)).collect();
    assert_eq!(refusal_code(fixture.write(&heavy)), RefusalCode::TooLarge);
}
