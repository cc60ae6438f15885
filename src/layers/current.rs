//! The plan in the BUILD file.

use std::collections::BTreeSet;

use crate::graph::build::target;
use crate::label::Label;
use crate::layers::plan::{GroupForm, LayerGroup, LayerId, Plan};
use crate::workspace::model::{App, Workspace, WrittenGroup};

/// Reads the present groups of `app`. A group with only one layer library shows the library's deps as targets, because
/// those are what its owner chose.
#[must_use]
pub fn current_plan(workspace: &Workspace, app: &App) -> Plan {
    let groups = app.dep_layers.iter().flatten();
    let groups = (0_u32..).zip(groups).map(|(index, written)| group(workspace, LayerId(index), written));
    Plan { groups: groups.collect(), order: Vec::new() }
}

fn group(workspace: &Workspace, id: LayerId, written: &WrittenGroup) -> LayerGroup {
    if let [only] = written.targets.as_slice()
        && let Some(targets) = library_members(workspace, only)
    {
        return LayerGroup { id, name: written.name.clone(), targets, form: GroupForm::Library(only.clone()) };
    }
    LayerGroup { id, name: written.name.clone(), targets: written.targets.clone(), form: GroupForm::Direct }
}

/// The deps of a `py_library` that only groups others: no sources or data, unconditional deps.
#[must_use]
pub fn library_members(workspace: &Workspace, label: &Label) -> Option<Vec<Label>> {
    let library = target(workspace, label)?;
    let groups_only = library.kind == "py_library"
        && library
            .dependencies
            .iter()
            .all(|dependency| dependency.attribute == "deps" && dependency.condition.is_none());
    if !groups_only {
        return None;
    }
    let mut seen = BTreeSet::new();
    let members = library.dependencies.iter().map(|dependency| dependency.label.clone());
    Some(members.filter(|member| seen.insert(member.clone())).collect())
}
