//! Changes of a plan, one per gesture.

use thiserror::Error;

use crate::label::Label;
use crate::layers::layer_name::name_problem;
use crate::layers::library_names::LibraryNames;
use crate::layers::plan::{LayerGroup, LayerId, Plan};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Adds a group at `position` (0 is the bottom). `targets` leave their groups.
    AddGroup {
        /// A number is added if it is taken.
        name: String,
        /// From the bottom; beyond the groups means the top.
        position: usize,
        targets: Vec<Label>,
    },
    /// A library named after the layer is renamed too.
    Rename { layer: LayerId, name: String },
    /// Its targets fall to the layers above, finally to the app layer.
    Remove { layer: LayerId },
    Reorder {
        layer: LayerId,
        /// From the bottom, without the moved group.
        position: usize,
    },
    /// Adds targets to a group; they leave their groups.
    Assign { layer: LayerId, targets: Vec<Label> },
    /// Removes targets from their groups.
    Unassign { targets: Vec<Label> },
    /// Moves targets of a group into a new group right above it.
    Split { layer: LayerId, targets: Vec<Label>, name: String },
    /// Appends the targets of `from` to `into` and removes `from`.
    Merge { into: LayerId, from: LayerId },
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OperationError {
    #[error("this layer is no longer in the plan")]
    NoSuchLayer,
    #[error("`{name}`: {reason}")]
    BadName { name: String, reason: String },
    #[error("another layer is already called `{0}`; two layers can't share a name")]
    NameTaken(String),
    #[error("this changes nothing")]
    NothingToDo,
}

/// Returns the plan after one operation.
///
/// # Errors
/// When the operation is not possible.
pub fn apply(plan: &Plan, names: &LibraryNames, operation: &Operation) -> Result<Plan, OperationError> {
    let mut next = plan.clone();
    match operation {
        Operation::AddGroup { name, position, targets } => add_group(&mut next, names, name, *position, targets)?,
        Operation::Rename { layer, name } => rename(&mut next, names, *layer, name)?,
        Operation::Remove { layer } => {
            let position = next.position(*layer).ok_or(OperationError::NoSuchLayer)?;
            next.groups.remove(position);
        }
        Operation::Reorder { layer, position } => {
            let from = next.position(*layer).ok_or(OperationError::NoSuchLayer)?;
            let group = next.groups.remove(from);
            next.groups.insert((*position).min(next.groups.len()), group);
        }
        Operation::Assign { layer, targets } => assign(&mut next, *layer, targets)?,
        Operation::Unassign { targets } => unassign(&mut next, targets),
        Operation::Split { layer, targets, name } => split(&mut next, names, *layer, targets, name)?,
        Operation::Merge { into, from } => merge(&mut next, *into, *from)?,
    }
    if next == *plan { Err(OperationError::NothingToDo) } else { Ok(next) }
}

fn check_name(name: &str) -> Result<(), OperationError> {
    match name_problem(name) {
        Some(reason) => Err(OperationError::BadName { name: name.to_owned(), reason }),
        None => Ok(()),
    }
}

fn add_group(
    plan: &mut Plan,
    names: &LibraryNames,
    name: &str,
    position: usize,
    targets: &[Label],
) -> Result<(), OperationError> {
    check_name(name)?;
    let name = plan.free_name(name);
    let group = LayerGroup { id: plan.free_id(), form: names.form(&name), name, targets: Vec::new() };
    let id = group.id;
    plan.groups.insert(position.min(plan.groups.len()), group);
    if targets.is_empty() { Ok(()) } else { assign(plan, id, targets) }
}

fn rename(plan: &mut Plan, names: &LibraryNames, layer: LayerId, name: &str) -> Result<(), OperationError> {
    check_name(name)?;
    if plan.groups.iter().any(|group| group.id != layer && group.name == name) {
        return Err(OperationError::NameTaken(name.to_owned()));
    }
    let group = plan.groups.iter_mut().find(|group| group.id == layer).ok_or(OperationError::NoSuchLayer)?;
    // A library on disk, or one that the user chose, keeps its name.
    if !names.is_on_disk(&group.name) && group.form == names.form(&group.name) {
        group.form = names.form(name);
    }
    name.clone_into(&mut group.name);
    Ok(())
}

fn assign(plan: &mut Plan, layer: LayerId, targets: &[Label]) -> Result<(), OperationError> {
    let position = plan.position(layer).ok_or(OperationError::NoSuchLayer)?;
    for (index, group) in plan.groups.iter_mut().enumerate() {
        if index != position {
            group.targets.retain(|target| !targets.contains(target));
        }
    }
    if let Some(group) = plan.groups.get_mut(position) {
        for target in targets {
            if !group.targets.contains(target) {
                group.targets.push(target.clone());
            }
        }
    }
    Ok(())
}

fn unassign(plan: &mut Plan, targets: &[Label]) {
    for group in &mut plan.groups {
        group.targets.retain(|target| !targets.contains(target));
    }
}

fn split(
    plan: &mut Plan,
    names: &LibraryNames,
    layer: LayerId,
    targets: &[Label],
    name: &str,
) -> Result<(), OperationError> {
    let position = plan.position(layer).ok_or(OperationError::NoSuchLayer)?;
    let present = plan.group(layer).map(|group| group.targets.clone()).unwrap_or_default();
    let moved: Vec<Label> = targets.iter().filter(|target| present.contains(target)).cloned().collect();
    if moved.is_empty() || moved.len() == present.len() {
        return Err(OperationError::NothingToDo);
    }
    add_group(plan, names, name, position + 1, &moved)
}

fn merge(plan: &mut Plan, into: LayerId, from: LayerId) -> Result<(), OperationError> {
    if into == from {
        return Err(OperationError::NothingToDo);
    }
    let position = plan.position(from).ok_or(OperationError::NoSuchLayer)?;
    plan.position(into).ok_or(OperationError::NoSuchLayer)?;
    let group = plan.groups.remove(position);
    assign(plan, into, &group.targets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::plan::GroupForm;

    fn app() -> LibraryNames {
        LibraryNames::fresh(&Label::main("demo/app", "app"))
    }

    fn label(text: &str) -> Label {
        Label::parse_absolute(text).unwrap()
    }

    /// `pip=@pypi//:a,@pypi//:b;internal=//libs:x` from the bottom up.
    fn plan(text: &str) -> Plan {
        let mut plan = Plan::default();
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, targets) = part.split_once('=').unwrap();
            let targets = targets.split(',').filter(|target| !target.is_empty()).map(label).collect();
            let position = plan.groups.len();
            plan = apply(&plan, &app(), &Operation::AddGroup { name: name.into(), position, targets }).unwrap();
        }
        plan
    }

    fn print(plan: &Plan) -> String {
        let group = |group: &LayerGroup| {
            let targets: Vec<String> = group.targets.iter().map(ToString::to_string).collect();
            format!("{}={}", group.name, targets.join(","))
        };
        plan.groups.iter().map(group).collect::<Vec<_>>().join(";")
    }

    fn id(plan: &Plan, name: &str) -> LayerId {
        plan.groups.iter().find(|group| group.name == name).unwrap().id
    }

    #[test]
    fn a_target_is_named_by_one_group_only() {
        let before = plan("pip=@pypi//:a,@pypi//:b;hot=@pypi//:c");
        let after =
            apply(&before, &app(), &Operation::Assign { layer: id(&before, "hot"), targets: vec![label("@pypi//:a")] })
                .unwrap();
        assert_eq!(print(&after), "pip=@pypi//:b;hot=@pypi//:c,@pypi//:a");
    }

    #[test]
    fn a_new_group_takes_its_targets_from_the_others_and_a_free_name() {
        let before = plan("pip=@pypi//:a,@pypi//:b");
        let operation = Operation::AddGroup { name: "pip".into(), position: 0, targets: vec![label("@pypi//:b")] };
        assert_eq!(print(&apply(&before, &app(), &operation).unwrap()), "pip_2=@pypi//:b;pip=@pypi//:a");
    }

    #[test]
    fn reorder_counts_positions_without_the_moved_group() {
        let before = plan("a=;b=;c=");
        let layer = id(&before, "a");
        assert_eq!(print(&apply(&before, &app(), &Operation::Reorder { layer, position: 2 }).unwrap()), "b=;c=;a=");
        assert_eq!(
            apply(&before, &app(), &Operation::Reorder { layer, position: 0 }),
            Err(OperationError::NothingToDo)
        );
    }

    #[test]
    fn the_library_follows_the_name_unless_the_user_chose_one() {
        let before = plan("pip=@pypi//:a");
        let layer = id(&before, "pip");
        let after = apply(&before, &app(), &Operation::Rename { layer, name: "wheels".into() }).unwrap();
        assert_eq!(after.groups[0].form, GroupForm::Library(label("//demo/app:wheels_layer")));
        let mut chosen = before;
        chosen.groups[0].form = GroupForm::Library(label("//demo/app:third_party"));
        let after = apply(&chosen, &app(), &Operation::Rename { layer, name: "wheels".into() }).unwrap();
        assert_eq!(after.groups[0].form, GroupForm::Library(label("//demo/app:third_party")));
    }

    #[test]
    fn split_and_merge_are_opposites() {
        let before = plan("pip=@pypi//:a,@pypi//:b");
        let layer = id(&before, "pip");
        let operation = Operation::Split { layer, targets: vec![label("@pypi//:b")], name: "hot".into() };
        let apart = apply(&before, &app(), &operation).unwrap();
        assert_eq!(print(&apart), "pip=@pypi//:a;hot=@pypi//:b");
        let together = apply(&apart, &app(), &Operation::Merge { into: layer, from: id(&apart, "hot") }).unwrap();
        assert_eq!(together, before);
    }

    #[test]
    fn refuses_with_a_reason() {
        let before = plan("pip=@pypi//:a;hot=@pypi//:b");
        let layer = id(&before, "pip");
        let result = |operation| apply(&before, &app(), &operation).unwrap_err();
        assert_eq!(result(Operation::Rename { layer, name: "hot".into() }), OperationError::NameTaken("hot".into()));
        assert!(matches!(result(Operation::Rename { layer, name: "a b".into() }), OperationError::BadName { .. }));
        assert_eq!(result(Operation::Remove { layer: LayerId(99) }), OperationError::NoSuchLayer);
        assert_eq!(result(Operation::Unassign { targets: vec![label("//x:y")] }), OperationError::NothingToDo);
    }
}
