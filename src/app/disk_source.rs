//! The files of a workspace on disk, as edits read them. Does IO, reads only.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::rewrite::source_tree::{Entry, SourceTree};
use crate::workspace::model::Workspace;

/// Largest file that is read for an edit: a larger one is refused by whoever parses it.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// A workspace on disk, with what is known of its packages.
pub struct DiskSource<'a> {
    root: PathBuf,
    workspace: &'a Workspace,
}

impl<'a> DiskSource<'a> {
    /// The workspace as it is on disk now; `workspace` is how it was read.
    #[must_use]
    pub fn new(workspace: &'a Workspace) -> Self {
        let root = workspace.root.canonicalize().unwrap_or_else(|_| workspace.root.clone());
        Self { root, workspace }
    }
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
        let mut files = Vec::new();
        for package in self.workspace.packages.keys() {
            let Ok(entries) = std::fs::read_dir(self.root.join(package)) else { continue };
            let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
            let modules = paths.filter(|path| path.extension().is_some_and(|extension| extension == "bzl"));
            files.extend(modules.filter_map(|path| path.strip_prefix(&self.root).ok().map(slashes)));
        }
        files.sort();
        files
    }

    fn known_names(&self, package: &str) -> BTreeMap<String, String> {
        let Some(package) = self.workspace.packages.get(package) else { return BTreeMap::new() };
        let targets = package.targets.iter().map(|(name, target)| {
            let maker = target.macro_name.as_ref().map(|name| format!(" made by {name}")).unwrap_or_default();
            (name.clone(), format!("a {}{maker} in line {}", target.kind, target.line))
        });
        let outputs = package.targets.iter().flat_map(|(name, target)| {
            target.outputs.iter().map(move |output| (output.clone(), format!("an output of {name}")))
        });
        outputs.chain(targets).collect()
    }
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
