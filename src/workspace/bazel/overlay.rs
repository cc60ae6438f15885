//! Replaces targets by Bazel's. Reads lengths of files that only Bazel names. Apps, locks and the Python version stay:
//! Bazel's query does not tell them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::answer::{BazelAnswer, BazelProblem};
use crate::label::Label;
use crate::path_text::join;
use crate::path_text::slashes;
use crate::workspace::apps::binary_through_aliases;
use crate::workspace::model::{Package, PackageSource, ReadFinding, SourceFile, Workspace};
use crate::workspace::reader::length;

/// Finding: Bazel could not load something.
pub const BAZEL_ERROR: &str = "bazel_error";
/// Finding: Bazel does not know a package.
pub const NOT_ANSWERED: &str = "not_answered";

/// Replaces targets of completely answered packages. Others stay, with a finding.
pub fn overlay(workspace: &mut Workspace, answer: BazelAnswer) {
    let BazelAnswer { packages, problems, broken, .. } = answer;
    let mut answered = BTreeSet::new();
    for (path, package) in packages {
        if broken.contains(&path) {
            continue;
        }
        let build_file = join(&path, package.build_file.as_deref().unwrap_or("BUILD.bazel"));
        let known = workspace.packages.entry(path.clone()).or_insert_with(|| Package {
            path: path.clone(),
            build_file: PathBuf::from(build_file),
            ..Package::default()
        });
        known.targets = package.targets;
        known.source = PackageSource::Bazel;
        answered.insert(path);
    }
    let is_settled = |finding: &ReadFinding| {
        let folder = finding.path.parent().map(slashes);
        let is_build_file = finding.path.file_name().is_some_and(|name| name == "BUILD" || name == "BUILD.bazel");
        is_build_file && folder.is_some_and(|folder| answered.contains(&folder))
    };
    workspace.findings.retain(|finding| !is_settled(finding));
    let findings: Vec<ReadFinding> = problems.into_iter().map(|problem| finding(workspace, problem)).collect();
    workspace.findings.extend(findings);
    add_not_answered(workspace, &answered, &broken);
    add_source_files(workspace);
    settle_apps(workspace);
    workspace.findings.sort();
    workspace.findings.dedup();
}

fn finding(workspace: &Workspace, problem: BazelProblem) -> ReadFinding {
    let BazelProblem { path, line, package, message } = problem;
    let relative = path.as_deref().and_then(|path| Path::new(path).strip_prefix(&workspace.root).ok());
    let of_package =
        || package.and_then(|package| workspace.packages.get(&package)).map(|found| found.build_file.clone());
    let place = relative.map(Path::to_owned).or_else(of_package);
    // A place outside of the workspace goes into the message.
    let message = match (&path, relative) {
        (Some(path), None) => format!("{path}:{}: {message}", line.unwrap_or_default()),
        _ => message,
    };
    ReadFinding {
        line: line.filter(|_| relative.is_some()),
        path: place.unwrap_or_else(|| PathBuf::from(".")),
        code: BAZEL_ERROR.to_owned(),
        message: format!("Bazel: {message}"),
    }
}

fn add_not_answered(workspace: &mut Workspace, answered: &BTreeSet<String>, broken: &BTreeSet<String>) {
    for (path, package) in &workspace.packages {
        if answered.contains(path) {
            continue;
        }
        let why = if broken.contains(path) { "can't load this package" } else { "does not know this package" };
        workspace.findings.push(ReadFinding {
            path: package.build_file.clone(),
            line: None,
            code: NOT_ANSWERED.to_owned(),
            message: format!("Bazel {why}: its targets are those that were read from the file"),
        });
    }
}

/// Adds files that a target names and no rule makes.
fn add_source_files(workspace: &mut Workspace) {
    let targets = || {
        workspace.packages.iter().flat_map(|(path, package)| package.targets.values().map(move |target| (path, target)))
    };
    let made: BTreeSet<Label> = targets()
        .flat_map(|(path, target)| target.outputs.iter().map(move |output| Label::main(path, output)))
        .collect();
    let wanted: BTreeSet<Label> = targets()
        .flat_map(|(_, target)| target.dependencies.iter().map(|dependency| &dependency.label))
        .filter(|label| label.is_main() && !made.contains(*label))
        .cloned()
        .collect();
    for label in wanted {
        let Some(package) = workspace.packages.get_mut(label.package()) else { continue };
        if package.targets.contains_key(label.name()) || package.source_files.contains_key(label.name()) {
            continue;
        }
        let path = join(label.package(), label.name());
        if let Some(bytes) = length(&workspace.root.join(&path)) {
            package.source_files.insert(label.name().to_owned(), SourceFile { path, bytes });
        }
    }
}

/// Finds binaries through aliases that Bazel knows, and targets of macros if the file could not be evaluated.
fn settle_apps(workspace: &mut Workspace) {
    let packages = &workspace.packages;
    for app in &mut workspace.apps {
        if let Some(found) = app.binary.as_ref().and_then(|label| binary_through_aliases(packages, label.clone())) {
            app.binary = Some(found);
        }
        if app.made_targets.is_empty()
            && let Some(package) = packages.get(app.label.package())
        {
            let of_the_call = package.targets.iter().filter(|(_, target)| target.line == app.line);
            app.made_targets = of_the_call.map(|(name, _)| Label::main(&package.path, name)).collect();
        }
    }
}

#[cfg(test)]
#[path = "overlay_tests.rs"]
mod tests;
