//! What the window keeps of the image column between frames.

use std::collections::BTreeSet;

use crate::label::Label;
use crate::layers::partition::LayerKind;
use crate::layers::plan::LayerId;

/// What the window keeps of the image column between frames.
#[derive(Debug, Default)]
pub struct StackMemory {
    /// Layers whose units are shown.
    pub(super) expanded: BTreeSet<LayerKind>,
    /// Layers whose list of what layers below hold is shown.
    pub(super) claims_open: BTreeSet<LayerKind>,
    /// The layer whose name field has got the focus.
    pub(super) rename_focused: Option<LayerId>,
    /// The row that was clicked last without Shift.
    pub(super) anchor: Option<Label>,
    /// What is to be shown in the graph.
    pub shown: Option<Label>,
    /// Height of what stood above the layers.
    pub(super) above: f32,
}

impl StackMemory {
    /// Opens or closes a layer.
    pub(super) fn toggle(&mut self, kind: LayerKind) {
        if !self.expanded.remove(&kind) {
            self.expanded.insert(kind);
        }
    }
}
