//! Files of a workspace on disk, for edits. Reads only; starts the limited child for the names of a package.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::jobs::Unwatched;
use crate::path_text::slashes;
use crate::rewrite::source_tree::{Entry, SourceTree};
use crate::workspace::model::{Package, Workspace};
use crate::workspace::reader::read_package;
use crate::workspace::walk::walk;
use crate::workspace::worker::{Patience, WorkerEvaluator};

/// A larger file is refused when parsed.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

pub(crate) struct DiskSource<'a> {
    root: PathBuf,
    known: Known<'a>,
}

enum Known<'a> {
    Read(&'a Workspace),
    WhenAsked(RefCell<BTreeMap<String, Option<Package>>>),
}

impl<'a> DiskSource<'a> {
    #[must_use]
    pub(crate) fn new(workspace: &'a Workspace) -> Self {
        Self { root: canonical(&workspace.root), known: Known::Read(workspace) }
    }

    /// For a workspace that was not read: packages are evaluated on demand.
    #[must_use]
    pub(crate) fn unread(root: &Path) -> Self {
        Self { root: canonical(root), known: Known::WhenAsked(RefCell::default()) }
    }

    /// Evaluates a package in the limited child process; without one its text is folded.
    fn read(&self, package: &str) -> Option<Package> {
        let program = std::env::current_exe().ok()?;
        let mut evaluator = WorkerEvaluator::new(&program, &self.root, Patience::default());
        read_package(&self.root, package, &mut evaluator)
    }
}

fn canonical(root: &Path) -> PathBuf {
    root.canonicalize().unwrap_or_else(|_| root.to_owned())
}

fn names(package: &Package) -> BTreeMap<String, String> {
    let targets = package.targets.iter().map(|(name, target)| {
        let maker = target.macro_name.as_ref().map(|name| format!(" made by {name}")).unwrap_or_default();
        (name.clone(), format!("a {}{maker} in line {}", target.kind, target.line))
    });
    let outputs = package.targets.iter().flat_map(|(name, target)| {
        target.outputs.iter().map(move |output| (output.clone(), format!("an output of {name}")))
    });
    outputs.chain(targets).collect()
}

impl SourceTree for DiskSource<'_> {
    fn entry(&self, path: &str) -> Entry {
        let asked = self.root.join(path);
        let Ok(real) = asked.canonicalize() else { return Entry::Missing };
        let Ok(relative) = real.strip_prefix(&self.root) else {
            let leads_to = std::fs::read_link(&asked).unwrap_or(real);
            return Entry::Outside { leads_to: leads_to.display().to_string() };
        };
        let Ok(metadata) = real.metadata() else { return Entry::Missing };
        if metadata.is_dir() {
            return Entry::Folder;
        }
        if !metadata.is_file() || metadata.len() > LARGEST_FILE {
            return Entry::Missing;
        }
        match std::fs::read(&real) {
            Ok(bytes) => Entry::File { bytes, real_path: slashes(relative) },
            Err(_) => Entry::Missing,
        }
    }

    fn bzl_files(&self) -> Vec<String> {
        let packages: Vec<String> = match &self.known {
            Known::Read(workspace) => workspace.packages.keys().cloned().collect(),
            Known::WhenAsked(_) => {
                walk(&self.root, &BTreeMap::new(), &Unwatched).packages.into_iter().map(|place| place.path).collect()
            }
        };
        let mut files = Vec::new();
        for package in packages {
            let Ok(entries) = std::fs::read_dir(self.root.join(package)) else { continue };
            let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
            let modules = paths.filter(|path| path.extension().is_some_and(|extension| extension == "bzl"));
            files.extend(modules.filter_map(|path| path.strip_prefix(&self.root).ok().map(slashes)));
        }
        files.sort();
        files
    }

    fn known_names(&self, package: &str) -> BTreeMap<String, String> {
        match &self.known {
            Known::Read(workspace) => workspace.packages.get(package).map(names).unwrap_or_default(),
            Known::WhenAsked(read) => {
                let mut read = read.borrow_mut();
                let package = read.entry(package.to_owned()).or_insert_with(|| self.read(package));
                package.as_ref().map(names).unwrap_or_default()
            }
        }
    }
}
