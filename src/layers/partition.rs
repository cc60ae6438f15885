//! Which layer each item of the image lands in: first claim wins.
//!
//! Layer *i* holds the runfiles of its targets' closures, less what the layers below hold; the interpreter has its own
//! layer; the app layer holds the rest. So the layers are disjoint and their union is the binary's runfiles.

use crate::graph::contents::Contents;
use crate::graph::item_set::ItemSet;
use crate::graph::model::Graph;
use crate::label::Label;
use crate::layers::plan::{LayerId, Plan};

/// Which layer of the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LayerKind {
    /// The base image; it is not made of runfiles.
    Base,
    /// The CA certificates; not made of runfiles either.
    Certificates,
    /// The Python interpreter.
    Interpreter,
    /// One group of the plan.
    Dependency(LayerId),
    /// The binary and whatever nobody claimed.
    App,
}

impl LayerKind {
    /// The word in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Certificates => "certs",
            Self::Interpreter => "interpreter",
            Self::Dependency(_) => "dep",
            Self::App => "app",
        }
    }
}

/// Where the interpreter's files go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InterpreterPlace {
    /// A layer of its own, below the groups.
    OwnLayer,
    /// With the app, because the macro makes no layer for it.
    AppLayer,
}

/// One layer and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerContents {
    /// Which layer.
    pub kind: LayerKind,
    /// Its name as the image's owner knows it.
    pub name: String,
    /// The targets that it was given.
    pub targets: Vec<Label>,
    /// The items that land in it.
    pub items: ItemSet,
    /// The items that its targets need and a layer below already holds.
    pub claimed_below: ItemSet,
    /// Targets that are not in the binary's closure, or not in the graph at all: they bring nothing.
    pub outside: Vec<Label>,
}

/// The layers that hold runfiles, lowest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Interpreter (where it has a layer), groups in order, app.
    pub layers: Vec<LayerContents>,
}

/// Assigns every item of the image to one layer.
#[must_use]
pub fn partition(graph: &Graph, contents: &Contents, plan: &Plan, interpreter: InterpreterPlace) -> Partition {
    let mut layers = Vec::with_capacity(plan.groups.len() + 2);
    let mut claimed = ItemSet::default();
    if interpreter == InterpreterPlace::OwnLayer {
        claimed.insert(contents.interpreter);
        layers.push(fixed(LayerKind::Interpreter, "interpreter", claimed.clone()));
    }
    for group in &plan.groups {
        let mut wanted = ItemSet::default();
        let mut outside = Vec::new();
        for target in &group.targets {
            match graph.find(target).and_then(|node| contents.closure(node)) {
                Some(closure) => wanted.union_with(closure),
                None => outside.push(target.clone()),
            }
        }
        wanted.intersect_with(&contents.all);
        let mut items = wanted.clone();
        items.subtract(&claimed);
        let mut claimed_below = wanted;
        claimed_below.intersect_with(&claimed);
        claimed.union_with(&items);
        layers.push(LayerContents {
            kind: LayerKind::Dependency(group.id),
            name: group.name.clone(),
            targets: group.targets.clone(),
            items,
            claimed_below,
            outside,
        });
    }
    let mut rest = contents.all.clone();
    rest.subtract(&claimed);
    layers.push(fixed(LayerKind::App, "app", rest));
    Partition { layers }
}

fn fixed(kind: LayerKind, name: &str, items: ItemSet) -> LayerContents {
    LayerContents {
        kind,
        name: name.to_owned(),
        targets: Vec::new(),
        items,
        claimed_below: ItemSet::default(),
        outside: Vec::new(),
    }
}

impl Partition {
    /// The layer that holds an item.
    #[must_use]
    pub fn layer_of(&self, item: crate::graph::item_set::ItemId) -> Option<&LayerContents> {
        self.layers.iter().find(|layer| layer.items.contains(item))
    }
}
