use std::collections::BTreeSet;

use crate::label::Label;
use crate::layers::partition::LayerKind;
use crate::layers::plan::LayerId;

#[derive(Debug, Default)]
pub struct StackMemory {
    /// Layers with visible units.
    pub(super) expanded: BTreeSet<LayerKind>,
    /// Layers with a visible list of what layers below hold.
    pub(super) claims_open: BTreeSet<LayerKind>,
    /// The layer whose name field already got the focus.
    pub(super) rename_focused: Option<LayerId>,
    /// The last row clicked without Shift.
    pub(super) anchor: Option<Label>,
    /// To be shown in the graph.
    pub shown: Option<Label>,
    /// Height above the layers.
    pub(super) above: f32,
}

impl StackMemory {
    pub(super) fn toggle(&mut self, kind: LayerKind) {
        if !self.expanded.remove(&kind) {
            self.expanded.insert(kind);
        }
    }
}
