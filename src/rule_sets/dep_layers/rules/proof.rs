//! Checks installed rules by comparing the evaluated workspaces before and after.

use std::collections::{BTreeMap, BTreeSet};

use crate::label::Label;
use crate::rule_sets::dep_layers::macro_class::{MacroClass, macro_verdict};
use crate::workspace::model::{App, Dependency, Package, Target, Workspace};

use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rule_sets::dep_layers::rules::MacroPlace;

const LAYER_RULES: [&str; 2] = ["py_layers", "py_layer_tar"];

/// Every app of the patched macros must have true layers, and nothing else may change.
///
/// # Errors
/// A refusal with what would differ or not load any more.
pub fn check(before: &Workspace, after: &Workspace, macros: &[MacroPlace]) -> Result<(), Refusal> {
    check_findings(before, after)?;
    let mut gone = BTreeSet::new();
    for (path, package) in &before.packages {
        let Some(now) = after.packages.get(path) else {
            let message = format!("//{path} would be no package any more.");
            return Err(Refusal::of_file(RefusalCode::SelfCheck, &package.build_file, message));
        };
        gone.extend(check_package(package, now)?);
    }
    check_nobody_needs(after, &gone)?;
    before.apps.iter().filter(|app| is_of(app, macros)).try_for_each(|app| check_app(after, app))
}

#[must_use]
pub fn is_of(app: &App, macros: &[MacroPlace]) -> bool {
    macros.iter().any(|place| app.macro_name == place.symbol && app.macro_file.as_ref() == Some(&place.file))
}

/// What could be read must still be readable.
fn check_findings(before: &Workspace, after: &Workspace) -> Result<(), Refusal> {
    let known: BTreeSet<_> = before.findings.iter().collect();
    let Some(new) = after.findings.iter().find(|finding| !known.contains(finding)) else { return Ok(()) };
    let message = format!("With the rules in place, {}. Correct the call first.", new.message.trim_end_matches('.'));
    Err(Refusal { line: new.line, ..Refusal::of_file(RefusalCode::NotLoadable, &new.path, message) })
}

/// Compares the targets of a package; returns removed labels.
fn check_package(before: &Package, after: &Package) -> Result<Vec<Label>, Refusal> {
    let mut gone = Vec::new();
    for (name, target) in &before.targets {
        let was_tar = target.kind.starts_with("pkg_tar");
        match after.targets.get(name) {
            None if was_tar => gone.push(Label::main(&before.path, name)),
            Some(now) if was_tar && LAYER_RULES.contains(&now.kind.as_str()) => {}
            Some(now) if same_but_for_tars(target, now) => {}
            _ => return Err(changed(before, target.line, name)),
        }
    }
    let new = after
        .targets
        .iter()
        .find(|(name, target)| !before.targets.contains_key(*name) && !LAYER_RULES.contains(&target.kind.as_str()));
    new.map_or(Ok(gone), |(name, target)| Err(changed(before, target.line, name)))
}

fn changed(package: &Package, line: usize, name: &str) -> Refusal {
    let message = format!(
        "With the rules in place //{}:{name} would be another target than now, and only layers should change. Wire the macro by hand.",
        package.path
    );
    Refusal::at_line(RefusalCode::SelfCheck, &package.build_file, line, message)
}

/// Returns `true` if a target is the same but for its layers.
fn same_but_for_tars(before: &Target, after: &Target) -> bool {
    let others = |target: &Target| -> Vec<Dependency> {
        target.dependencies.iter().filter(|dependency| dependency.attribute != "tars").cloned().collect()
    };
    let attributes = |target: &Target| -> BTreeMap<_, _> {
        target
            .attributes
            .iter()
            .filter(|(name, _)| *name != "tars")
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    };
    let same = before.kind == after.kind && before.outputs == after.outputs && before.visibility == after.visibility;
    same && others(before) == others(after) && attributes(before) == attributes(after)
}

/// Nothing may name a removed tar.
fn check_nobody_needs(after: &Workspace, gone: &BTreeSet<Label>) -> Result<(), Refusal> {
    for package in after.packages.values() {
        for (name, target) in &package.targets {
            let Some(needed) = target.dependencies.iter().find(|dependency| gone.contains(&dependency.label)) else {
                continue;
            };
            let message = format!(
                "//{}:{name} names {}, which the rules would make no more. Let it name the image instead, then install again.",
                package.path, needed.label
            );
            return Err(Refusal::at_line(RefusalCode::NameTaken, &package.build_file, target.line, message));
        }
    }
    Ok(())
}

/// An app must be made of layers, and its image must hold all of them, the app's own on top.
fn check_app(after: &Workspace, app: &App) -> Result<(), Refusal> {
    let refuse = |what: String| Refusal::at_line(RefusalCode::SelfCheck, &app.path, app.line, what);
    let Some(now) = after.apps.iter().find(|other| other.label == app.label) else {
        return Err(refuse(format!("{} would be no app any more. Wire the macro by hand.", app.label)));
    };
    let verdict = macro_verdict(after, now);
    if verdict.class != MacroClass::Partitions {
        return Err(refuse(format!("{} would still have no true layers: {}.", app.label, verdict.sentence)));
    }
    let target =
        |label: &Label| after.packages.get(label.package()).and_then(|package| package.targets.get(label.name()));
    let is_tar = |label: &&Label| target(label).is_some_and(|made| made.kind == "py_layer_tar");
    let layers: Vec<&Label> = now.made_targets.iter().filter(is_tar).collect();
    let holds_all = |made: &Label| {
        let Some(image) = target(made) else { return false };
        let tars = image.dependencies.iter().filter(|dependency| dependency.attribute == "tars");
        let tars: Vec<&Label> =
            tars.map(|dependency| &dependency.label).filter(|label| layers.contains(label)).collect();
        !layers.is_empty() && tars == layers
    };
    if now.made_targets.iter().any(holds_all) {
        return Ok(());
    }
    Err(refuse(format!("No image of {} would hold its layers in order. Wire the macro by hand.", app.label)))
}
