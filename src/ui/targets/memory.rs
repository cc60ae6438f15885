//! What the window keeps of the list between frames.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Id, Ui};

use crate::app::state::view::ListOrder;
use crate::engine::reports::units::Units;
use crate::label::Label;
use crate::ui::targets::{cursor, order};

/// What the window keeps of the list between frames.
#[derive(Debug, Default)]
pub struct TargetsMemory {
    /// Headers whose rows are hidden.
    pub(super) folded: BTreeSet<String>,
    /// The order of the rows that was computed last, with what it follows from.
    pub(super) ordered: Option<(OrderedBy, Arc<Vec<order::Entry>>)>,
    /// The row that was clicked last without Shift.
    pub(super) anchor: Option<Label>,
    /// The row that the keyboard is at.
    pub(super) cursor: cursor::Cursor,
    /// Whether the search field is to get the focus in the next frame.
    pub focus_search: bool,
    /// Whether Enter asked for the next match in the graph.
    pub go_to_match: bool,
    /// What is to be shown in the graph.
    pub shown: Option<Label>,
}

impl TargetsMemory {
    /// Whether the keyboard is in the search field or at a row.
    #[must_use]
    pub(crate) fn has_focus(&self, ui: &Ui) -> bool {
        ui.memory(|memory| memory.has_focus(search_id())) || self.cursor.has_focus(ui)
    }
}

/// What the order of the rows follows from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OrderedBy {
    pub(super) units: Arc<Units>,
    pub(super) order: ListOrder,
    pub(super) search: String,
    pub(super) folded: BTreeSet<String>,
}

/// The id of the search field, for those who want to focus it.
#[must_use]
pub(crate) fn search_id() -> Id {
    Id::unique("search targets")
}
