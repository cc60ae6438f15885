//! A copy of the demo as a git repository with a small history, and the real binary run in it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A copy of the demo as a git repository.
pub struct Repository {
    folder: TempDir,
    /// Commits so far; each is half a day after the one before.
    commits: Cell<i64>,
}

impl Repository {
    /// Twelve commits: the app's own file changes at each, a library at every third, the lock's versions once per half.
    pub fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let repository = Self { folder, commits: Cell::new(0) };
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo"), &repository.root());
        repository.git(&["init", "-q", "-b", "main"]);
        repository.commit("Start");
        for number in 0..12 {
            repository.append("demo/price_api/main.py", number);
            if number % 3 == 0 {
                repository.append("libs/python/logs.py", number);
            }
            if number == 3 || number == 9 {
                let lock = std::fs::read_to_string(repository.root().join("uv.lock")).unwrap();
                let place =
                    lock.find("name = \"fastapi\"\nversion = \"").unwrap() + "name = \"fastapi\"\nversion = \"".len();
                let next = format!("{}9{}", &lock[..place], &lock[place..]);
                std::fs::write(repository.root().join("uv.lock"), next).unwrap();
            }
            repository.commit(&format!("Change {number}"));
        }
        repository
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("workspace")
    }

    /// A path beside the workspace.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a line of shell in the workspace, with the program on the path.
    pub fn shell(&self, line: &str) -> Output {
        let folder = Path::new(env!("CARGO_BIN_EXE_layerwright")).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
        let path = std::env::join_paths(paths).unwrap();
        let mut command = Command::new("sh");
        self.isolated(command.args(["-c", line]).env("PATH", path)).output().unwrap()
    }

    pub fn git(&self, arguments: &[&str]) {
        let status = Command::new("git")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(self.root())
            .env("HOME", self.folder.path())
            .env("GIT_AUTHOR_DATE", self.moment())
            .env("GIT_COMMITTER_DATE", self.moment())
            .status();
        assert!(status.unwrap().success(), "git {arguments:?}");
    }

    pub fn append(&self, path: &str, number: usize) {
        let file = self.root().join(path);
        let old = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, format!("{old}# {number}\n")).unwrap();
    }

    pub fn commit(&self, subject: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", subject]);
        self.commits.set(self.commits.get() + 1);
    }

    /// The time of the next commit: from 2026-01-05 00:00 UTC on.
    fn moment(&self) -> String {
        format!("{} +0000", 1_767_571_200 + self.commits.get() * 43_200)
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_layerwright"));
        self.isolated(command.args(arguments)).output().unwrap()
    }

    /// In the workspace, with folders of its own for settings, caches and journals.
    fn isolated<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        let command = command.current_dir(self.root()).env("HOME", self.folder.path());
        for name in ["XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"] {
            command.env_remove(name);
        }
        command
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--format", "json"]].concat());
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {message}"))
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
