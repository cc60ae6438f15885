//! The BUILD file of a package: found as by Bazel, parsed, and refused where Bazel would refuse it.

use crate::build_file::fold::{self, Constants, FoldedCall, FoldedValue};
use crate::build_file::problem::{Problem, ProblemKind};
use crate::build_file::{BuildFile, Dialect, parse};

use crate::rewrite::macros;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::source_tree::{Entry, SIZE_LIMIT, SourceTree};

pub(crate) struct PackageFile<'a> {
    pub(crate) tree: &'a dyn SourceTree,
    pub(crate) package: String,
    /// The path that Bazel opens.
    pub(crate) path: String,
    /// The real file behind it.
    pub(crate) real_path: String,
    pub(crate) file: BuildFile,
    /// Of the file, and those it loads from the workspace.
    pub(crate) constants: Constants,
    pub(crate) calls: Vec<FoldedCall>,
}

impl<'a> PackageFile<'a> {
    pub(crate) fn open(tree: &'a dyn SourceTree, package: &str) -> Result<Self, Refusal> {
        let folder = if package.is_empty() { String::new() } else { format!("{package}/") };
        for name in ["BUILD.bazel", "BUILD"] {
            let path = format!("{folder}{name}");
            match tree.entry(&path) {
                Entry::Missing | Entry::Folder => {}
                Entry::File { bytes, real_path } => return Self::read(tree, package, path, real_path, &bytes),
                Entry::Outside { leads_to } => {
                    let message = format!(
                        "{path} is a symlink that leads outside of the workspace (to {leads_to}). Edit that file where it lives, \
                         or put a copy in place of the link."
                    );
                    return Err(Refusal::new(RefusalCode::OutsideWorkspace, &path, None, message));
                }
            }
        }
        let path = format!("{folder}BUILD.bazel");
        let message = format!("There is no BUILD.bazel and no BUILD in //{package}. Create {path} first.");
        Err(Refusal::new(RefusalCode::NotLoadable, &path, None, message))
    }

    fn read(
        tree: &'a dyn SourceTree,
        package: &str,
        path: String,
        real_path: String,
        bytes: &[u8],
    ) -> Result<Self, Refusal> {
        if bytes.len() > SIZE_LIMIT {
            let message = format!(
                "{path} has {} bytes, and files above {SIZE_LIMIT} bytes are not edited. Split the package, or edit it by hand.",
                bytes.len()
            );
            return Err(Refusal::new(RefusalCode::TooLarge, &path, None, message));
        }
        let file = parse(bytes, Dialect::Build);
        if let Some(problem) = worst_problem(&file) {
            return Err(refusal_of(&file, &path, problem));
        }
        let outside = macros::loaded_constants(tree, package, &file);
        let mut constants = fold::constants(&file, &outside);
        let mut calls = fold::calls_with(&file, &outside);
        for call in &mut calls {
            call.line = tree.disk_line(&real_path, call.line);
            call.comprehension_line = call.comprehension_line.map(|line| tree.disk_line(&real_path, line));
        }
        for (name, value) in outside {
            constants.entry(name).or_insert(value);
        }
        Ok(Self { tree, package: package.to_owned(), path, real_path, file, constants, calls })
    }

    /// The line on disk.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.tree.disk_line(&self.real_path, self.file.line(offset))
    }

    pub(crate) fn refuse(&self, code: RefusalCode, offset: usize, message: impl Into<String>) -> Refusal {
        Refusal::new(code, &self.path, Some(self.line(offset)), message)
    }

    pub(crate) fn value(&self, id: crate::build_file::tree::ExpressionId) -> FoldedValue {
        fold::value(&self.file, id, &self.constants)
    }
}

/// The problem that hides the others.
fn worst_problem(file: &BuildFile) -> Option<&Problem> {
    let order = [
        ProblemKind::ByteOrderMark,
        ProblemKind::TooDeep,
        ProblemKind::Syntax,
        ProblemKind::StarArgument,
        ProblemKind::NotInBuildFile,
    ];
    order.iter().find_map(|kind| file.problems.iter().find(|problem| problem.kind == *kind))
}

fn refusal_of(file: &BuildFile, path: &str, problem: &Problem) -> Refusal {
    let position = file.position(problem.span.start);
    let (line, place) = (position.line, format!("{path}:{}:{}", position.line, position.column));
    let said = &problem.message;
    let (code, message) = match problem.kind {
        ProblemKind::ByteOrderMark => (
            RefusalCode::Bom,
            format!(
                "{path} starts with a byte order mark (BOM, bytes EF BB BF), which Bazel refuses. Save the file as UTF-8 without BOM."
            ),
        ),
        ProblemKind::TooDeep => (
            RefusalCode::TooDeep,
            format!("{place} (line {line}): {said}, too deep to be read safely. Flatten the expression."),
        ),
        ProblemKind::Syntax => (
            RefusalCode::SyntaxError,
            format!("{place} (line {line}): {said}. Bazel can't parse this file; correct it first, then apply again."),
        ),
        ProblemKind::StarArgument => (
            RefusalCode::Kwargs,
            format!(
                "{place} (line {line}): {said}, and what it passes could include the argument to edit. Write the arguments out."
            ),
        ),
        ProblemKind::NotInBuildFile => (
            RefusalCode::NotLoadable,
            format!(
                "{place} (line {line}): {said}, so Bazel can't load the package. Correct it first, or move it to a .bzl file."
            ),
        ),
    };
    Refusal::new(code, path, Some(line), message)
}
