//! Collects what exports for other rule sets need.

use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::reports::unit_sources::UnitKind;
use crate::engine::reports::units::units;
use crate::graph::contents::ItemKind;
use crate::graph::model::NodeKind;
use crate::label::Label;
use crate::layers::partition::{LayerContents, LayerKind};
use crate::path_text::join;
use crate::rule_sets::dep_layers::rules::DEFAULT_FOLDER;
use crate::rule_sets::export::{LayerWords, LockedName, PlanWords};
use crate::workspace::model::{Target, Value, Workspace};

/// The base image if the workspace's own image names none.
const UNKNOWN_BASE: &str = "@ubuntu_base";

/// `evaluation` is the plan's.
#[must_use]
pub(crate) fn plan_words(workspace: &Workspace, model: &AppModel, evaluation: &Evaluation) -> PlanWords {
    let binary =
        model.graph.node(model.graph.root()).map_or_else(|| model.app.label.clone(), |node| node.label.clone());
    let units = units(model, &evaluation.partition);
    let rules_package = rules_package(workspace);
    let mut words = PlanWords {
        app: model.app.label.clone(),
        image: free_name(workspace, &model.app.label),
        main: main_file(workspace, &binary),
        binary,
        base: base_image(workspace, model),
        rules_package: rules_package.clone().unwrap_or_else(|| DEFAULT_FOLDER.to_owned()),
        has_rules: rules_package.is_some(),
        python: workspace.python.as_ref().map(|choice| choice.version),
        groups: Vec::new(),
        rest: LayerWords::default(),
        imports: imports(workspace, model),
    };
    for layer in &evaluation.partition.layers {
        let rows = units.rows_of(layer.kind);
        let is_library = |kind: &UnitKind| matches!(kind, UnitKind::Target { class } if class.starts_with("py_"));
        let mut libraries: Vec<Label> =
            rows.iter().filter(|row| is_library(&row.kind)).map(|row| row.label.clone()).collect();
        libraries.sort();
        let layer_words = LayerWords { libraries, ..contents_of(model, layer) };
        match layer.kind {
            LayerKind::Dependency(_) | LayerKind::Packages | LayerKind::Written(_) => words.groups.push(layer_words),
            LayerKind::App => words.rest = layer_words,
            LayerKind::Base | LayerKind::Certificates | LayerKind::Interpreter | LayerKind::Other(_) => {}
        }
    }
    words
}

fn contents_of(model: &AppModel, layer: &LayerContents) -> LayerWords {
    let mut words = LayerWords { name: layer.name.clone(), targets: layer.targets.clone(), ..LayerWords::default() };
    for item in layer.items.iter().filter_map(|id| model.contents.item(id)) {
        match &item.kind {
            ItemKind::File { path, .. } => words.files.push(path.clone()),
            // The location of files of such a rule is not known.
            ItemKind::Generated { maker, .. } if *maker == item.label => {}
            ItemKind::Generated { path, .. } => words.generated.push(path.clone()),
            ItemKind::Package { name, version, .. } => {
                words.packages.push(LockedName { name: name.as_str().to_owned(), version: version.clone() });
            }
            ItemKind::EmptyInit { .. } | ItemKind::Launcher | ItemKind::Interpreter { .. } => {}
        }
    }
    words.packages.sort();
    words.packages.dedup();
    words.files.sort();
    words.generated.sort();
    words
}

fn target<'a>(workspace: &'a Workspace, label: &Label) -> Option<&'a Target> {
    let package = label.is_main().then(|| workspace.packages.get(label.package())).flatten()?;
    package.targets.get(label.name())
}

/// A name for a second image of the app that is no prefix of a target's name.
fn free_name(workspace: &Workspace, app: &Label) -> String {
    let plain = format!("{}_image", app.name());
    let numbered = (2_u32..).map(|number| format!("{plain}_{number}"));
    let is_taken = |name: &String| {
        let package = app.is_main().then(|| workspace.packages.get(app.package())).flatten();
        package.is_some_and(|package| package.targets.keys().any(|target| target.starts_with(name)))
    };
    let layered = format!("{}_layered_image", app.name());
    let names = [plain.clone(), layered].into_iter().chain(numbered);
    names.into_iter().find(|name| !is_taken(name)).unwrap_or(plain)
}

/// The binary's `main`, else the source with its own name.
fn main_file(workspace: &Workspace, binary: &Label) -> Option<String> {
    let found = target(workspace, binary)?;
    let of = |attribute: &'static str| {
        found
            .dependencies
            .iter()
            .filter(move |dependency| dependency.attribute == attribute)
            .map(|dependency| &dependency.label)
    };
    let named = of("main").next();
    let own = || of("srcs").find(|label| label.name() == format!("{}.py", binary.name()));
    let file = named.or_else(own)?;
    Some(join(file.package(), file.name()))
}

fn base_image(workspace: &Workspace, model: &AppModel) -> String {
    let made = model.app.made_targets.iter().filter_map(|label| target(workspace, label));
    let base = made.flat_map(|made| &made.dependencies).find(|dependency| dependency.attribute == "base");
    base.map_or_else(|| UNKNOWN_BASE.to_owned(), |dependency| dependency.label.spelled_in(model.app.label.package()))
}

fn rules_package(workspace: &Workspace) -> Option<String> {
    let has_rules = |(_, package): &(&String, &crate::workspace::model::Package)| {
        package.source_files.contains_key("image_layers.bzl") || package.targets.contains_key("layer_tar")
    };
    workspace.packages.iter().find(has_rules).map(|(path, _)| path.clone())
}

fn imports(workspace: &Workspace, model: &AppModel) -> Vec<String> {
    let mut folders = Vec::new();
    for (_, node) in model.graph.nodes_by_label().filter(|(_, node)| matches!(node.kind, NodeKind::Rule(_))) {
        let Some(Value::List(imports)) =
            target(workspace, &node.label).and_then(|found| found.attributes.get("imports"))
        else {
            continue;
        };
        for import in imports {
            if let Value::String(import) = import {
                folders.extend(below(node.label.package(), import));
            }
        }
    }
    folders.sort();
    folders.dedup();
    folders
}

/// Converts a folder relative to a package to one relative to the root; `None` for the root itself or outside.
fn below(package: &str, import: &str) -> Option<String> {
    let mut parts: Vec<&str> = package.split('/').filter(|part| !part.is_empty()).collect();
    for part in import.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match part {
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture;

    #[test]
    fn imports_are_folders_below_the_root() {
        for (import, folder) in [
            ("..", Some("libs")),
            (".", Some("libs/python")),
            ("src", Some("libs/python/src")),
            ("../..", None),
            ("../../..", None),
        ] {
            assert_eq!(below("libs/python", import).as_deref(), folder, "{import}");
        }
    }

    #[test]
    fn the_image_takes_no_name_that_the_macro_has_taken() {
        let app = fixture::planned().model.app.label.clone();
        let mut workspace = fixture::workspace("py_layers");
        let plain = format!("{}_image", app.name());
        let package = workspace.packages.get_mut(app.package()).unwrap();
        package.targets.retain(|name, _| !name.starts_with(&plain));
        assert_eq!(free_name(&workspace, &app), plain);
        let package = workspace.packages.get_mut(app.package()).unwrap();
        let any = package.targets.values().next().unwrap().clone();
        for (taken, free) in [("_image_base", "_layered_image"), ("_layered_image", "_image_2")] {
            let package = workspace.packages.get_mut(app.package()).unwrap();
            package.targets.insert(format!("{}{taken}", app.name()), any.clone());
            assert_eq!(free_name(&workspace, &app), format!("{}{free}", app.name()));
        }
    }

    #[test]
    fn every_item_is_in_the_words_once() {
        let design = fixture::planned();
        let workspace = fixture::workspace("py_layers");
        let words = plan_words(&workspace, &design.model, &design.evaluation);
        let all: Vec<&LayerWords> = words.groups.iter().chain([&words.rest]).collect();
        let said: usize =
            all.iter().map(|layer| layer.packages.len() + layer.files.len() + layer.generated.len()).sum();
        let not_said = |kind: &ItemKind| {
            matches!(kind, ItemKind::EmptyInit { .. } | ItemKind::Launcher | ItemKind::Interpreter { .. })
        };
        let items = design.model.contents.items.iter().filter(|item| !not_said(&item.kind)).count();
        assert_eq!(said, items);
        assert_eq!(words.groups.len(), design.plan.groups.len());
    }
}
