//! The figures of one layer as the plan has them, and as the drop in the air would leave them. Pure.

use crate::app::state::design::Design;
use crate::byte_count::ByteCount;
use crate::engine::app_model::Evaluation;
use crate::history::cost::LayerNumbers;
use crate::layers::partition::LayerKind;

/// What becomes of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After<'a> {
    /// No drop is in the air.
    NoDrop,
    /// It would have these figures.
    Figures(&'a LayerNumbers),
    /// It would be gone.
    Gone,
}

/// The figures of one layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figures<'a> {
    /// By the plan.
    pub before: &'a LayerNumbers,
    /// By the drop in the air.
    pub after: After<'a>,
    /// Deploys of the window by the plan; no drop changes them.
    pub deploys: u64,
}

impl Figures<'_> {
    /// The bytes to show.
    pub(crate) fn bytes(&self) -> ByteCount {
        match self.after {
            After::NoDrop => self.before.size.compressed_bytes,
            After::Figures(after) => after.size.compressed_bytes,
            After::Gone => ByteCount::ZERO,
        }
    }

    /// The deploys that change the layer, to show.
    pub(crate) fn changes(&self) -> u64 {
        match self.after {
            After::NoDrop => self.before.row.count(),
            After::Figures(after) => after.row.count(),
            After::Gone => 0,
        }
    }
}

/// The figures of the layer `kind`; `None` for layers that hold no runfiles.
pub(super) fn figures(design: &Design, kind: LayerKind) -> Option<Figures<'_>> {
    let before = numbers(&design.evaluation, kind)?;
    let after = match &design.preview {
        None => After::NoDrop,
        Some(preview) => numbers(&preview.evaluation, kind).map_or(After::Gone, After::Figures),
    };
    Some(Figures { before, after, deploys: design.evaluation.numbers.deploys })
}

fn numbers(evaluation: &Evaluation, kind: LayerKind) -> Option<&LayerNumbers> {
    let position = evaluation.partition.layers.iter().position(|layer| layer.kind == kind)?;
    evaluation.numbers.layers.get(position)
}
