//! What is noticed and what is not, on real folders.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, channel};

use super::*;

struct Watched {
    folder: tempfile::TempDir,
    news: Receiver<WatchNews>,
    _watch: Watch,
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

impl Watched {
    fn new(files: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        files.iter().for_each(|file| write(&root, file, ""));
        let (sender, news) = channel();
        let tell = move |news| sender.send(news).unwrap_or_default();
        // What is there already is old.
        let since = SystemTime::now() + Duration::from_secs(1);
        let watched = Self { news, _watch: Watch::start(&root, since, tell).unwrap(), folder };
        // The watch stands once it notices something.
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            write(&root, "probe.txt", "");
            if watched.news.recv_timeout(Duration::from_millis(300)).is_ok() {
                break;
            }
        }
        watched.is_quiet();
        watched
    }

    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        write(&self.root(), path, text);
    }

    fn hears(&self) -> bool {
        let heard = matches!(self.news.recv_timeout(Duration::from_secs(10)), Ok(WatchNews::Changed(_)));
        self.is_quiet();
        heard
    }

    fn is_quiet(&self) -> bool {
        let mut quiet = true;
        while self.news.recv_timeout(Duration::from_millis(400)).is_ok() {
            quiet = false;
        }
        quiet
    }
}

#[test]
fn edits_new_folders_and_renames_are_heard() {
    let watched = Watched::new(&["MODULE.bazel", "a/BUILD"]);
    watched.write("a/BUILD", "x");
    assert!(watched.hears());
    watched.write("new/deep/BUILD", "x");
    assert!(watched.hears());
    watched.write("new/deep/BUILD", "y");
    assert!(watched.hears(), "a folder that came later is watched too");
    std::fs::rename(watched.root().join("new"), watched.root().join("old")).unwrap();
    assert!(watched.hears());
    watched.write("old/deep/BUILD", "z");
    assert!(watched.hears());
    std::fs::remove_file(watched.root().join("a/BUILD")).unwrap();
    assert!(watched.hears());
}

#[test]
fn reading_and_what_is_left_out_are_not_heard() {
    let watched = Watched::new(&["MODULE.bazel", "a/BUILD", ".git/index", "out/x", ".bazelignore"]);
    watched.write(".bazelignore", "out\n");
    assert!(watched.hears());
    assert!(watched.is_quiet());
    std::fs::read(watched.root().join("a/BUILD")).unwrap();
    watched.write(".git/index", "changed");
    watched.write("out/x", "changed");
    assert!(watched.is_quiet());
}

#[cfg(unix)]
#[test]
fn links_of_bazel_are_not_heard() {
    let watched = Watched::new(&["MODULE.bazel", "a/BUILD"]);
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), watched.root().join("bazel-out")).unwrap();
    write(elsewhere.path(), "k8/bin/x", "");
    assert!(watched.is_quiet());
    std::fs::remove_file(watched.root().join("bazel-out")).unwrap();
    assert!(watched.is_quiet());
}

#[test]
fn what_changed_before_the_watch_stood_is_heard() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    write(&root, "MODULE.bazel", "");
    let (sender, news) = channel();
    let since = SystemTime::now() - Duration::from_secs(60);
    let _watch = Watch::start(&root, since, move |news| sender.send(news).unwrap_or_default()).unwrap();
    assert!(matches!(news.recv_timeout(Duration::from_secs(10)), Ok(WatchNews::Changed(_))));
}

#[test]
fn a_look_sees_edits_and_moves() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    write(&root, "MODULE.bazel", "");
    write(&root, "a/BUILD", "x");
    let first = poll::look(&root);
    assert_eq!(poll::look(&root).files, first.files);
    write(&root, "a/BUILD", "longer");
    let second = poll::look(&root);
    assert_ne!(second.files, first.files);
    std::fs::rename(root.join("a"), root.join("b")).unwrap();
    assert_ne!(poll::look(&root).files, second.files);
    assert!(first.pause() >= Duration::from_millis(700));
}

#[test]
fn without_watches_it_looks_from_time_to_time() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    write(&root, "a/BUILD", "x");
    let (sender, news) = channel();
    let (inbox, messages) = channel();
    let polled = root.clone();
    let thread = std::thread::spawn(move || {
        let since = SystemTime::now() + Duration::from_secs(1);
        poll_until_stopped(&polled, since, None, &messages, &|news| sender.send(news).unwrap_or_default());
    });
    std::thread::sleep(Duration::from_millis(200));
    write(&root, "a/BUILD", "longer");
    assert!(matches!(news.recv_timeout(Duration::from_secs(10)), Ok(WatchNews::Changed(_))));
    inbox.send(Message::Stop).unwrap();
    thread.join().unwrap();
}
