//! The result of a drop, computed while dragging.

use crate::app::state::design::Design;
use crate::graph::item_set::ItemSet;
use crate::graph::model::NodeKind;
use crate::label::Label;
use crate::layers::operations::{Operation, OperationError, apply};
use crate::layers::partition::{LayerKind, partition};
use crate::layers::plan::{LayerId, Plan};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload {
    /// From the graph, the list or a layer.
    Targets(Vec<Label>),
    Layer(LayerId),
}

/// A drop location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropTarget {
    Layer(LayerKind),
    /// Between layers, counted in groups from the bottom.
    Gap(usize),
}

/// A drop's operation and its result, so that neither preview nor drop applies it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedDrop {
    pub operation: Operation,
    pub plan: Plan,
}

impl PlannedDrop {
    /// # Errors
    /// When `operation` can't be applied.
    pub fn new(design: &Design, operation: Operation) -> Result<Self, OperationError> {
        let plan = apply(design.plan.present(), &design.model.library_names, &operation)?;
        Ok(Self { operation, plan })
    }
}

/// Returns the operation that dropping `payload` on `place` performs.
///
/// # Errors
/// The reason to show.
pub fn drop_outcome(design: &Design, payload: &Payload, place: DropTarget) -> Result<PlannedDrop, String> {
    let operation = match (payload, place) {
        (Payload::Layer(layer), DropTarget::Gap(gap)) => reorder(design, *layer, gap)?,
        (Payload::Layer(from), DropTarget::Layer(LayerKind::Dependency(into))) => {
            if *from == into {
                return Err("Drop it between two layers to move it".to_owned());
            }
            Operation::Merge { into, from: *from }
        }
        (Payload::Layer(_), DropTarget::Layer(_)) => {
            return Err("This layer can't move. Drop above it, between two dependency layers".to_owned());
        }
        (Payload::Targets(targets), DropTarget::Layer(LayerKind::App)) => {
            let named = |target: &&Label| design.plan.present().group_of(target).is_some();
            if targets.iter().find(named).is_none() {
                return Err("Already in the app layer. Drop it below to make a new layer".to_owned());
            }
            Operation::Unassign { targets: targets.clone() }
        }
        (Payload::Targets(targets), DropTarget::Layer(LayerKind::Dependency(layer))) => {
            Operation::Assign { layer, targets: movable(design, targets)? }
        }
        (Payload::Targets(_), DropTarget::Layer(LayerKind::Interpreter)) => {
            return Err("Only the interpreter can be in this layer".to_owned());
        }
        (Payload::Targets(_), DropTarget::Layer(LayerKind::Packages)) => {
            return Err("This layer takes the packages that are in no other layer".to_owned());
        }
        (
            Payload::Targets(_),
            DropTarget::Layer(LayerKind::Base | LayerKind::Certificates | LayerKind::Written(_) | LayerKind::Other(_)),
        ) => {
            return Err("This layer can't change".to_owned());
        }
        (Payload::Targets(targets), DropTarget::Gap(position)) => {
            let targets = movable(design, targets)?;
            Operation::AddGroup { name: new_layer_name(&targets), position, targets }
        }
    };
    match PlannedDrop::new(design, operation) {
        Ok(drop) => match brings_nothing(design, payload, &drop.operation, &drop.plan) {
            Some(reason) => Err(reason),
            None => Ok(drop),
        },
        Err(OperationError::NothingToDo) => Err(nothing_to_do(payload).to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Explains why the targets would add nothing to the layer: a layer below holds all that they need.
fn brings_nothing(design: &Design, payload: &Payload, operation: &Operation, plan: &Plan) -> Option<String> {
    let Payload::Targets(targets) = payload else { return None };
    let layer = match operation {
        Operation::Assign { layer, .. } => *layer,
        Operation::AddGroup { position, .. } => plan.groups.get(*position)?.id,
        _ => return None,
    };
    let model = &design.model;
    let partition = partition(&model.graph, &model.contents, plan, &model.layouts.planned);
    let own = partition.layers.iter().find(|contents| contents.kind == LayerKind::Dependency(layer))?;
    let closures: Vec<&ItemSet> =
        targets.iter().filter_map(|target| model.contents.closure(model.graph.find(target)?)).collect();
    if closures.iter().any(|closure| closure.intersects(&own.items)) {
        return None;
    }
    let holder = partition.layer_of(closures.first()?.iter().next()?)?;
    Some(format!("No effect: {} is below and already contains it", holder.name))
}

fn nothing_to_do(payload: &Payload) -> &'static str {
    match payload {
        Payload::Targets(_) => "Already in this layer",
        Payload::Layer(_) => "Already here",
    }
}

/// A gap counts the moved layer, the operation does not.
fn reorder(design: &Design, layer: LayerId, gap: usize) -> Result<Operation, String> {
    let from = design.plan.present().position(layer).ok_or_else(|| OperationError::NoSuchLayer.to_string())?;
    Ok(Operation::Reorder { layer, position: if gap > from { gap - 1 } else { gap } })
}

/// Returns `targets` if a group can name each of them.
fn movable(design: &Design, targets: &[Label]) -> Result<Vec<Label>, String> {
    for target in targets {
        let Some(id) = design.model.graph.find(target) else {
            return Err(format!("{target} is not a dependency of this app"));
        };
        if id == design.model.graph.root() {
            return Err("The binary is always in the app layer".to_owned());
        }
        match design.model.graph.node(id).map(|node| &node.kind) {
            Some(NodeKind::Source | NodeKind::Generated) => {
                return Err(format!("{} belongs to the target that lists it. Drag that target", target.name()));
            }
            Some(NodeKind::Missing) => return Err(format!("{target} doesn't exist")),
            Some(NodeKind::Rule(_) | NodeKind::Package | NodeKind::External) | None => {}
        }
    }
    Ok(targets.to_vec())
}

/// `pip_deps` for packages only, `internal_libs` for targets only.
fn new_layer_name(targets: &[Label]) -> String {
    let packages = targets.iter().filter(|target| !target.is_main()).count();
    match packages {
        0 => "internal_libs",
        count if count == targets.len() => "pip_deps",
        _ => "shared_deps",
    }
    .to_owned()
}
