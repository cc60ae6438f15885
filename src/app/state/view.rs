//! The view: selection, filters and panes.

use crate::graph::view::NodeFilter;
use crate::label::Label;
use crate::layers::plan::LayerId;
use std::collections::BTreeSet;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourBy {
    #[default]
    Layer,
    Churn,
    Size,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BottomTab {
    #[default]
    Replay,
    Findings,
    Advice,
    Source,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListOrder {
    #[default]
    Layer,
    Package,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    pub selection: BTreeSet<Label>,
    pub selected_layer: Option<LayerId>,
    /// The layer being renamed, with the name as typed.
    pub renaming: Option<(LayerId, String)>,
    pub search: String,
    /// Open groups of the graph: package paths (`//libs/python`) and hubs (`@pypi`).
    pub expanded: BTreeSet<String>,
    /// Only this node's neighbourhood is shown.
    pub focus: Option<Label>,
    pub show_files: bool,
    /// Kinds of nodes that the graph hides.
    pub hidden: BTreeSet<NodeFilter>,
    pub colour_by: ColourBy,
    /// `None` when folded away.
    pub bottom: Option<BottomTab>,
    pub list_order: ListOrder,
    /// The replay fills the window.
    pub is_presenting: bool,
    /// The selected deploy of the replay, counted from the oldest.
    pub deploy: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    Select(Label),
    ToggleSelect(Label),
    SelectAll(Vec<Label>),
    ClearSelection,
    SelectLayer(Option<LayerId>),
    /// `None` ends renaming.
    Rename(Option<(LayerId, String)>),
    Search(String),
    ToggleGroup(String),
    OpenGroups(Vec<String>),
    CloseAllGroups,
    /// `None` shows everything again.
    Focus(Option<Label>),
    ShowFiles(bool),
    Hide(NodeFilter, bool),
    ColourBy(ColourBy),
    /// `None` folds it away.
    Bottom(Option<BottomTab>),
    /// The replay fills the window.
    Present(bool),
    ListOrder(ListOrder),
    Deploy(Option<usize>),
}
