//! Installs the layer rules: new files, and the workspace's macro connected to them, as one change set. A macro of
//! unknown shape is refused with its line. [`proof`] checks the evaluated result.

mod body;
mod image_function;
mod mark;
mod outside_rule_sets;
mod pass_on;
pub mod proof;
mod shipped;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::build_file::bracket::Bracket;
use crate::build_file::fold::LoadedFunction;
use crate::build_file::sequence::{SequenceEdit, Wanted};
use crate::build_file::span::Span;
use crate::build_file::text_edit::{TextEdit, TextEdits};
use crate::build_file::tree::Load;
use crate::label::Label;
use crate::path_text::join;

use crate::rewrite::change_set::{ChangeSet, FileChange};
use crate::rewrite::load;
use crate::rewrite::macros::{Macro, resolve};
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::source_tree::{Entry, SourceTree};
use crate::rewrite::value_place::overlapping;
use image_function::{IMAGE_LAYERS, is_used_outside, local_names};
pub use mark::Installed;
use mark::{FileOrigin, origin};

pub const DEFAULT_FOLDER: &str = "tools/layerwright";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// Relative to the root.
    pub folder: String,
    /// Macros to connect.
    pub macros: Vec<MacroPlace>,
    /// Install the macros for whole images too.
    pub with_image_macros: bool,
    /// Comments on replaced lines may be removed.
    pub drop_comments: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MacroPlace {
    /// The `.bzl` file.
    pub file: Label,
    pub symbol: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesChange {
    pub change: ChangeSet,
    /// For each macro the functions down to the one that packs the image.
    pub ways: Vec<Vec<String>>,
}

/// Of any version; `None` if none are installed.
#[must_use]
pub fn installed(tree: &dyn SourceTree, folder: &str) -> Option<Installed> {
    mark::installed(tree, folder.trim().trim_end_matches('/').trim_start_matches("//").trim_start_matches("./"))
}

/// Makes the change set of an installation.
///
/// # Errors
/// A refusal with the obstacle.
pub fn install(tree: &dyn SourceTree, installation: &Installation) -> Result<RulesChange, Refusal> {
    let folder = checked_folder(tree, &installation.folder)?;
    let needed = outside_rule_sets::needed(tree, installation.with_image_macros)?;
    let mut files = Vec::new();
    for (path, after) in shipped::files(&folder, installation.with_image_macros, &needed.rule_sets) {
        files.extend(new_file(tree, path, after)?);
    }
    if let Some((path, before, after)) = needed.module_file {
        files.push(FileChange { path: path.into(), before: Some(before), after });
    }
    let mut patches = Patches::default();
    let mut ways = Vec::new();
    for place in &installation.macros {
        ways.push(patches.add(tree, place)?);
    }
    files.extend(patches.changes(tree, &folder, installation.drop_comments)?);
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(RulesChange { change: ChangeSet { files }, ways })
}

/// As labels write it.
fn checked_folder(tree: &dyn SourceTree, folder: &str) -> Result<String, Refusal> {
    let trimmed = folder.trim().trim_end_matches('/').trim_start_matches("//").trim_start_matches("./");
    let is_name = |part: &str| !part.is_empty() && part != "." && part != "..";
    let is_label = Label::parse(&format!("//{trimmed}:{IMAGE_LAYERS}.bzl"), "").is_ok_and(|label| label.is_main());
    if trimmed.starts_with('/') || !trimmed.split('/').all(is_name) || !is_label {
        let message = format!(
            "`{folder}` can't be a package of this workspace. Name a folder below its root, such as {DEFAULT_FOLDER}."
        );
        return Err(Refusal::of_file(RefusalCode::OutsideWorkspace, folder, message));
    }
    match tree.entry(&join(trimmed, "BUILD")) {
        Entry::File { .. } => {
            let message =
                format!("{trimmed} is a package already: it has a file BUILD. Name a folder that is not one yet.");
            Err(Refusal::of_file(RefusalCode::NameTaken, join(trimmed, "BUILD"), message))
        }
        _ => Ok(trimmed.to_owned()),
    }
}

/// Returns a new file; `None` if the same is already there.
fn new_file(tree: &dyn SourceTree, path: String, after: Vec<u8>) -> Result<Option<FileChange>, Refusal> {
    match tree.entry(&path) {
        Entry::Missing => Ok(Some(FileChange { path: PathBuf::from(path), before: None, after })),
        Entry::File { bytes, .. } if bytes == after => Ok(None),
        Entry::File { bytes, .. } if matches!(origin(&bytes), FileOrigin::AsInstalled(_)) => {
            Ok(Some(FileChange { path: PathBuf::from(path), before: Some(bytes.to_vec()), after }))
        }
        Entry::File { bytes, .. } if matches!(origin(&bytes), FileOrigin::Edited(_)) => {
            let message = format!(
                "{path} has layer rules of another version that were edited since they were put here, and an upgrade would lose \
                 that. Take the edits out, or keep a copy and take the file away first."
            );
            Err(Refusal::of_file(RefusalCode::NameTaken, path, message))
        }
        Entry::File { .. } | Entry::Folder => {
            let message =
                format!("{path} is there already and is another one. Name another folder, or take it away first.");
            Err(Refusal::of_file(RefusalCode::NameTaken, path, message))
        }
        Entry::Outside { leads_to } => {
            let message =
                format!("{path} is a link that leads outside of the workspace (to {leads_to}). Name another folder.");
            Err(Refusal::of_file(RefusalCode::OutsideWorkspace, path, message))
        }
    }
}

/// By file.
#[derive(Default)]
struct Patches {
    files: BTreeMap<String, Patched>,
}

struct Patched {
    /// Any function of the file, for its text.
    of: Macro,
    edits: Vec<TextEdit>,
    lost: Vec<Span>,
    /// It needs the layers' macro, because it packs an image.
    packs: bool,
}

impl Patches {
    /// Adds a macro's edits; returns the functions from it to the image.
    fn add(&mut self, tree: &dyn SourceTree, place: &MacroPlace) -> Result<Vec<String>, Refusal> {
        let loaded = LoadedFunction { module: place.file.to_string(), symbol: place.symbol.clone() };
        let Some(start) = resolve(tree, &loaded, "") else {
            let path = join(place.file.package(), place.file.name());
            let message = format!("`{}` is not defined in {path}, so it can't be patched.", place.symbol);
            return Err(Refusal::of_file(RefusalCode::UnknownShape, path, message));
        };
        let way = pass_on::way_to_image(tree, start)?;
        if let Some(last) = way.last() {
            let patch = image_function::patch(last)?;
            let file = self.file(last);
            file.packs = true;
            file.add(patch.edits);
            file.lost.extend(patch.lost);
            if patch.lacks_parameter {
                file.add(pass_on::parameter(last)?);
            }
        }
        for (caller, callee) in way.iter().zip(way.iter().skip(1)) {
            let edits = pass_on::hand_on(tree, caller, callee)?;
            self.file(caller).add(edits);
        }
        Ok(way.into_iter().map(|of| of.symbol).collect())
    }

    fn file(&mut self, of: &Macro) -> &mut Patched {
        self.files.entry(of.module.path.clone()).or_insert_with(|| Patched {
            of: of.clone(),
            edits: Vec::new(),
            lost: Vec::new(),
            packs: false,
        })
    }

    fn changes(self, tree: &dyn SourceTree, folder: &str, drop_comments: bool) -> Result<Vec<FileChange>, Refusal> {
        let mut changes = Vec::new();
        let mut lost: Option<Refusal> = None;
        for (path, mut patched) in self.files {
            if let Some(refusal) = patched.lost_comments(&path).filter(|_| !drop_comments) {
                match &mut lost {
                    Some(first) => first.message = format!("{} {}", first.message, refusal.message),
                    None => lost = Some(refusal),
                }
                continue;
            }
            if patched.packs {
                patched.add_loads(&path, folder)?;
            }
            let file = &patched.of.module.file;
            let edits = TextEdits::new(patched.edits).map_err(|overlap| overlapping(&path, file.line(overlap.at)))?;
            let Entry::File { bytes, real_path } = tree.entry(&path) else { continue };
            let after = edits.apply(&bytes);
            if after != bytes {
                changes.push(FileChange { path: real_path.into(), before: Some(bytes), after });
            }
        }
        lost.map_or(Ok(changes), Err)
    }
}

impl Patched {
    /// Two macros on one path ask for the same edits.
    fn add(&mut self, edits: Vec<TextEdit>) {
        for edit in edits {
            if !self.edits.contains(&edit) {
                self.edits.push(edit);
            }
        }
    }

    fn lost_comments(&self, path: &str) -> Option<Refusal> {
        let file = &self.of.module.file;
        let mut lost = self.lost.clone();
        lost.sort();
        lost.dedup();
        let first = file.line(lost.first()?.start);
        let words: Vec<String> =
            lost.iter().map(|span| format!("line {}: `{}`", file.line(span.start), file.text(*span))).collect();
        let message = format!(
            "The lines of {path} that pack the image would be replaced, and these comments with them: {}. Confirm that they may go, or \
             move them first.",
            words.join(", ")
        );
        Some(Refusal::at_line(RefusalCode::WouldDropComments, path, first, message))
    }

    /// Loads the layers' macro, and removes unused loads.
    fn add_loads(&mut self, path: &str, folder: &str) -> Result<(), Refusal> {
        let file = &self.of.module.file;
        let module = format!("//{folder}:{IMAGE_LAYERS}.bzl");
        let place = load::Place { path, line: &|at| file.line(at) };
        let mut edits = load::ensure(file, &place, &module, IMAGE_LAYERS)?.as_slice().to_vec();
        let gone: Vec<Span> = self.edits.iter().map(|edit| edit.range).collect();
        for name in local_names(&self.of, "rules_pkg", "pkg_tar") {
            if !is_used_outside(&self.of, &name, &gone) {
                edits.extend(without_symbol(file, &name).unwrap_or_default());
            }
        }
        self.add(edits);
        Ok(())
    }
}

/// Removes a name from its load statement.
fn without_symbol(file: &crate::build_file::BuildFile, name: &str) -> Option<Vec<TextEdit>> {
    let binds = |load: &Load| load.symbols.iter().position(|symbol| symbol.local == name);
    let (load, span, index) = file.loads().find_map(|(load, span)| Some((load, span, binds(load)?)))?;
    if load.symbols.len() == 1 {
        let range = Span::new(file.line_start(span.start), file.line_end(span.end.max(1) - 1));
        let alone = file.bytes(range).trim_ascii() == file.bytes(span);
        return alone.then(|| vec![TextEdit { range, insert: Vec::new() }]);
    }
    let module = file.tree.expression(load.module).span;
    let spans: Vec<Span> = std::iter::once(module).chain(load.symbols.iter().map(|symbol| symbol.span)).collect();
    let bracket = Bracket::of(file, load.brackets, &spans);
    let wanted = (0..spans.len()).filter(|other| *other != index + 1).map(Wanted::Kept).collect();
    let edit = SequenceEdit::on_its_line(file, &bracket, wanted);
    Some(edit.edits().ok()?.as_slice().to_vec())
}
