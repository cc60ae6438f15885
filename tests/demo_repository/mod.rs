//! A copy of the demo as a git repository with a small history, and the real binary run in it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

#[path = "../program/mod.rs"]
mod program;

use program::{copy_demo, isolate, layerwright};

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
        copy_demo(&repository.root());
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
        isolate(&mut command, self.folder.path());
        command.args(["-c", line]).env("PATH", path).current_dir(self.root()).output().unwrap()
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
        layerwright(self.folder.path()).args(arguments).current_dir(self.root()).output().unwrap()
    }

    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--format", "json"]].concat());
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {message}"))
    }
}
