//! The parts of the window that the user chooses to see.

use crate::graph::view::NodeFilter;
use crate::label::Label;
use crate::layers::plan::LayerId;
use std::collections::BTreeSet;

/// What nodes are coloured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourBy {
    /// The layer that holds them.
    #[default]
    Layer,
    /// How often they change.
    Churn,
    /// How many bytes they bring.
    Size,
}

/// What stands at the bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BottomTab {
    /// Bytes over the commits.
    #[default]
    Replay,
    /// What is worth saying.
    Findings,
    /// Suggested groups: what they cost, by the number of layers.
    Advice,
    /// The BUILD file as it would be.
    Source,
}

/// How the list of targets is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListOrder {
    /// By the layer that holds them.
    #[default]
    Layer,
    /// By package.
    Package,
}

/// What is looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Selected targets and packages.
    pub selection: BTreeSet<Label>,
    /// Selected layer of the stack.
    pub selected_layer: Option<LayerId>,
    /// The layer whose name is being typed, with what was typed so far.
    pub renaming: Option<(LayerId, String)>,
    /// Search text.
    pub search: String,
    /// Groups of the graph that are open: package paths (`//libs/python`) and hubs (`@pypi`).
    pub expanded: BTreeSet<String>,
    /// The node whose neighbourhood alone is shown.
    pub focus: Option<Label>,
    /// Whether source files are shown as nodes.
    pub show_files: bool,
    /// Kinds of nodes that the graph leaves out.
    pub hidden: BTreeSet<NodeFilter>,
    /// What nodes are coloured by.
    pub colour_by: ColourBy,
    /// What stands at the bottom; `None` when it is folded away.
    pub bottom: Option<BottomTab>,
    /// How the list of targets is ordered.
    pub list_order: ListOrder,
    /// Whether the replay fills the window.
    pub is_presenting: bool,
    /// The deploy of the replay that is looked at, counted from the oldest.
    pub deploy: Option<usize>,
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// Selects one target alone.
    Select(Label),
    /// Adds a target to the selection, or takes it out.
    ToggleSelect(Label),
    /// Selects exactly these.
    SelectAll(Vec<Label>),
    /// Selects nothing.
    ClearSelection,
    /// Selects a layer of the stack, or none.
    SelectLayer(Option<LayerId>),
    /// Starts, goes on with, or ends (`None`) typing a layer's name.
    Rename(Option<(LayerId, String)>),
    /// Searches.
    Search(String),
    /// Opens or closes a group of the graph.
    ToggleGroup(String),
    /// Opens groups of the graph.
    OpenGroups(Vec<String>),
    /// Closes every group.
    CloseAllGroups,
    /// Shows the neighbourhood of one node alone, or everything again.
    Focus(Option<Label>),
    /// Shows source files as nodes, or not.
    ShowFiles(bool),
    /// Leaves nodes of a kind out of the graph, or shows them again.
    Hide(NodeFilter, bool),
    /// Colours nodes by something else.
    ColourBy(ColourBy),
    /// Shows something else at the bottom, or folds it away.
    Bottom(Option<BottomTab>),
    /// Shows the replay in the whole window, or no more.
    Present(bool),
    /// Orders the list of targets.
    ListOrder(ListOrder),
    /// Looks at one deploy of the replay, or at none.
    Deploy(Option<usize>),
}
