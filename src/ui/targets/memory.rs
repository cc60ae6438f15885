use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Id, Ui};

use crate::app::state::view::ListOrder;
use crate::engine::reports::units::Units;
use crate::label::Label;
use crate::ui::targets::{cursor, order};

#[derive(Debug, Default)]
pub struct TargetsMemory {
    /// Folded headers.
    pub(super) folded: BTreeSet<String>,
    /// The last order of rows, with its inputs.
    pub(super) ordered: Option<(OrderedBy, Arc<Vec<order::Entry>>)>,
    /// The last row clicked without Shift.
    pub(super) anchor: Option<Label>,
    pub(super) cursor: cursor::Cursor,
    pub focus_search: bool,
    /// Enter asked for the next match.
    pub go_to_match: bool,
    /// To be shown in the graph.
    pub shown: Option<Label>,
}

impl TargetsMemory {
    /// Returns `true` if the focus is in the search field or a row.
    #[must_use]
    pub(crate) fn has_focus(&self, ui: &Ui) -> bool {
        ui.memory(|memory| memory.has_focus(search_id())) || self.cursor.has_focus(ui)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct OrderedBy {
    pub(super) units: Arc<Units>,
    pub(super) order: ListOrder,
    pub(super) search: String,
    pub(super) folded: BTreeSet<String>,
}

#[must_use]
pub(crate) fn search_id() -> Id {
    Id::unique("search targets")
}
