//! Figures of a layer in the plan and after the drop.

use crate::app::state::design::Design;
use crate::engine::app_model::Evaluation;
use crate::history::cost::LayerNumbers;
use crate::layers::partition::LayerKind;
use crate::size::model::Size;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After<'a> {
    NoDrop,
    Figures(&'a LayerNumbers),
    Gone,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Figures<'a> {
    pub before: &'a LayerNumbers,
    pub after: After<'a>,
    /// No drop changes them.
    pub deploys: u64,
}

impl Figures<'_> {
    /// The size to show; of a layer that would be gone the one before.
    pub(crate) fn size(&self) -> Size {
        match self.after {
            After::Figures(after) => after.size,
            After::NoDrop | After::Gone => self.before.size,
        }
    }

    pub(crate) fn changes(&self) -> u64 {
        match self.after {
            After::NoDrop => self.before.row.count(),
            After::Figures(after) => after.row.count(),
            After::Gone => 0,
        }
    }
}

/// `None` for layers without runfiles.
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
