//! Steps that a test can let fail, or be the last ones of the process.

use std::cell::Cell;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::rewrite::write::steps::{Access, Disk, Steps};

/// What becomes of one step.
pub(super) enum Verdict {
    Go,
    /// The system refuses.
    Fail(ErrorKind),
    /// The process dies before the step.
    Die,
    /// The process dies in the midst of the step: a file is made, with half of its content.
    DieHalfway,
}

/// The real disk, with a script that is asked before each step: its number from 0, its name, its path (the target's
/// for renames). Once dead, nothing happens any more.
pub(super) struct Scripted<Script> {
    script: Script,
    taken: Cell<usize>,
    is_dead: Cell<bool>,
}

impl<Script: Fn(usize, &str, &Path) -> Verdict> Scripted<Script> {
    pub(super) fn new(script: Script) -> Self {
        Self { script, taken: Cell::new(0), is_dead: Cell::new(false) }
    }

    /// Returns how many steps were asked for.
    pub(super) fn taken(&self) -> usize {
        self.taken.get()
    }

    fn step(&self, name: &str, path: &Path, halfway: impl Fn(), go: impl Fn() -> io::Result<()>) -> io::Result<()> {
        if self.is_dead.get() {
            return Err(io::Error::other("dead"));
        }
        let number = self.taken.replace(self.taken.get() + 1);
        match (self.script)(number, name, path) {
            Verdict::Go => return go(),
            Verdict::Fail(kind) => return Err(kind.into()),
            Verdict::Die => {}
            Verdict::DieHalfway => halfway(),
        }
        self.is_dead.set(true);
        Err(io::Error::other("dies"))
    }
}

impl<Script: Fn(usize, &str, &Path) -> Verdict> Steps for Scripted<Script> {
    fn create_folder(&self, folder: &Path) -> io::Result<()> {
        self.step("create_folder", folder, || {}, || Disk.create_folder(folder))
    }

    fn remove_folder(&self, folder: &Path) -> io::Result<()> {
        self.step("remove_folder", folder, || {}, || Disk.remove_folder(folder))
    }

    fn create_file(&self, path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
        let halfway = || Disk.create_file(path, &bytes[..bytes.len() / 2], Access::Private).unwrap();
        self.step("create_file", path, halfway, || Disk.create_file(path, bytes, access))
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("replace", to, || {}, || Disk.replace(from, to))
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("rename_new", to, || {}, || Disk.rename_new(from, to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step("remove_file", path, || {}, || Disk.remove_file(path))
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        self.step("sync_folder", folder, || {}, || Disk.sync_folder(folder))
    }
}
