//! The text of a BUILD file after Apply, with changed lines and places of targets. Reads the file.

use crate::engine::app_model::AppModel;
use crate::layers::plan::Plan;
use crate::path_text::slashes;
use crate::rewrite::diff::SideBySide;
use crate::workspace::model::Workspace;
use std::collections::BTreeSet;
use std::sync::Arc;

use std::collections::BTreeMap;
use std::path::Path;

use crate::engine::change::disk_source::DiskSource;
use crate::engine::change::prepare::{change_set, input, prepared};
use crate::label::Label;

use crate::rewrite::diff::DiffLineKind;
use crate::rewrite::refusal::Refusal;
use crate::rewrite::source_tree::{Entry, SourceTree};
use crate::workspace::model::App;

/// The BUILD file at `path` (`None` for the app's) after the plan, or as it is, with the reason if the plan can't be
/// written.
#[must_use]
pub(crate) fn preview_text(
    workspace: &Workspace,
    model: &AppModel,
    plan: &Plan,
    path: Option<&Path>,
) -> (Option<SourceText>, Option<Refusal>) {
    let path = path.unwrap_or(&model.app.path);
    let name = slashes(path);
    let source = DiskSource::new(workspace);
    let as_it_is = || match source.entry(&name) {
        Entry::File { bytes, .. } => Some(SourceText {
            path: name.clone(),
            text: String::from_utf8_lossy(&bytes).into_owned().into(),
            line: if path == model.app.path { model.app.line } else { 1 },
            is_planned: false,
            changed_lines: BTreeSet::new(),
            targets: places(workspace, path, Some),
        }),
        Entry::Missing | Entry::Folder | Entry::Outside { .. } => None,
    };
    if plan.same_design(&model.on_disk) && model.changes.is_empty() {
        return (as_it_is(), None);
    }
    let applied = model.changes.applied(workspace);
    let prepared = match change_set(&source, model, &input(&applied, model, plan, &BTreeSet::new(), false)) {
        Ok(made) => prepared(made),
        Err(refusal) => return (as_it_is(), Some(refusal)),
    };
    let files = prepared.change.files.iter().zip(&prepared.diffs);
    let Some((file, diff)) = files.into_iter().find(|(file, _)| file.path == path) else {
        return (as_it_is(), None);
    };
    let changed = diff.lines.iter().filter(|line| line.kind != DiffLineKind::Same);
    let after = lines_after(diff);
    let planned = SourceText {
        path: name,
        text: String::from_utf8_lossy(&file.after).into_owned().into(),
        line: if path == model.app.path { after.get(&model.app.line).copied().unwrap_or(model.app.line) } else { 1 },
        is_planned: true,
        changed_lines: changed.filter_map(|line| Some(line.right.as_ref()?.number)).collect(),
        targets: places(workspace, path, |line| after.get(&line).copied()),
    };
    (Some(planned), None)
}

/// For each remaining line on disk its new number.
fn lines_after(diff: &SideBySide) -> BTreeMap<usize, usize> {
    let both = |line: &crate::rewrite::diff::DiffLine| Some((line.left.as_ref()?.number, line.right.as_ref()?.number));
    diff.lines.iter().filter_map(both).collect()
}

/// Lines of targets and apps. Of the targets of one statement only the app is named.
fn places(workspace: &Workspace, path: &Path, line: impl Fn(usize) -> Option<usize>) -> Vec<(usize, Label)> {
    let of_file = |app: &&App| app.path == path;
    let apps = workspace.apps.iter().filter(of_file).map(|app| (app.line, app.binary.as_ref().unwrap_or(&app.label)));
    let packages = workspace.packages.values().filter(|package| package.build_file == path);
    let targets = packages.flat_map(|package| {
        package.targets.iter().map(|(name, target)| (target.line, Label::main(&package.path, name)))
    });
    let mut places: BTreeMap<usize, Label> = targets.collect();
    places.extend(apps.map(|(line, label)| (line, label.clone())));
    let mut places: Vec<(usize, Label)> =
        places.into_iter().filter_map(|(number, label)| Some((line(number)?, label))).collect();
    places.sort();
    places
}

impl SourceText {
    /// The target of a line: the last one that begins at or above it.
    #[must_use]
    pub(crate) fn target_at(&self, line: usize) -> Option<&Label> {
        let after = self.targets.partition_point(|(start, _)| *start <= line);
        after.checked_sub(1).and_then(|at| self.targets.get(at)).map(|(_, label)| label)
    }

    #[must_use]
    pub(crate) fn line_of(&self, label: &Label) -> Option<usize> {
        self.targets.iter().find(|(_, of)| of == label).map(|(line, _)| *line)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// Relative to the workspace's root, with `/`.
    pub(crate) path: String,
    pub(crate) text: Arc<str>,
    /// Counted from 1; 1 in other files.
    pub(crate) line: usize,
    /// The text after Apply, not the one on disk.
    pub(crate) is_planned: bool,
    /// Added or changed lines, counted from 1.
    pub(crate) changed_lines: BTreeSet<usize>,
    /// Lines counted from 1, ascending.
    pub(crate) targets: Vec<(usize, Label)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture::{label, workspace};

    #[test]
    fn a_line_belongs_to_the_target_that_begins_above_it() {
        let text = SourceText {
            path: "app/BUILD.bazel".to_owned(),
            text: "".into(),
            line: 1,
            is_planned: false,
            changed_lines: BTreeSet::new(),
            targets: vec![(3, label("//app:a")), (9, label("//app:b"))],
        };
        let at = |line| text.target_at(line).map(ToString::to_string);
        assert_eq!([at(1), at(3), at(8)], [None, Some("//app:a".to_owned()), Some("//app:a".to_owned())]);
        assert_eq!(at(40).as_deref(), Some("//app:b"));
        assert_eq!(text.line_of(&label("//app:b")), Some(9));
    }

    #[test]
    fn places_are_those_of_the_file_and_move_with_their_lines() {
        let workspace = workspace("py_layers");
        let places = |path: &str| places(&workspace, Path::new(path), |line| Some(line + 2));
        assert_eq!(places("libs/core/BUILD.bazel"), [(3, label("//libs/core:core"))]);
        assert!(places("app/BUILD.bazel").contains(&(9, label("//app:app_bin"))));
        assert!(places("none/BUILD.bazel").is_empty());
    }
}
