//! What an app's layers save against others, over some of its deploys. Pure.

use std::ops::Range;

use crate::engine::app_model::{AppModel, Evaluation};
use crate::history::cost::PullProfile;
use crate::history::saving::{Fetches, Saving, saving};
use crate::size::model::Size;

/// The layers that are compared.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Layers<'a> {
    /// Everything in one layer.
    One,
    /// Those of an evaluated plan, or the current ones.
    Of(&'a Evaluation),
    /// Each file and package alone, without layers: the theoretical minimum.
    Each,
}

/// Returns what `after` saves of what `before` fetches in the deploys of `span`.
#[must_use]
pub(crate) fn saving_between(
    model: &AppModel,
    before: Layers<'_>,
    after: Layers<'_>,
    profile: PullProfile,
    span: Range<usize>,
) -> Saving {
    let (measures, all) = (&model.measures, &model.contents.all);
    let fetches = |layers: Layers<'_>| match layers {
        Layers::One => Fetches::of_one_layer(all, measures, &span),
        Layers::Of(of) => Fetches::of_layers(&of.partition, &of.numbers.layers, measures, profile, &span),
        Layers::Each => Fetches::of_each(all, measures, &span),
    };
    saving(&fetches(before), &fetches(after), measures, Size::stored)
}

/// Returns what `after` saves over all deploys.
#[must_use]
pub(crate) fn saving_over_all(model: &AppModel, before: Layers<'_>, after: Layers<'_>, profile: PullProfile) -> Saving {
    saving_between(model, before, after, profile, 0..model.measures.deploys.deploys.len())
}

/// What layers save against others in each of the three figures of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Savings {
    pub(crate) first_pull: Saving,
    pub(crate) per_deploy: Saving,
    pub(crate) unpacked: Saving,
}

/// Returns what `after` saves in each figure; `None` for `before` means everything in one layer.
#[must_use]
pub(crate) fn savings(
    model: &AppModel,
    before: Option<&Evaluation>,
    after: &Evaluation,
    profile: PullProfile,
) -> Savings {
    let (measures, all) = (&model.measures, &model.contents.all);
    let span = 0..measures.deploys.deploys.len();
    let items = |of: &Evaluation| Fetches::once(of.partition.layers.iter().map(|layer| &layer.items), measures);
    let once = before.map_or_else(|| Fetches::once([all], measures), items);
    // With every client a layer is unpacked again whenever one at or below it changes.
    let unpacked =
        |of: &Evaluation| Fetches::of_layers(&of.partition, &of.numbers.layers, measures, PullProfile::Chain, &span);
    let before_unpacked = before.map_or_else(|| Fetches::of_one_layer(all, measures, &span), unpacked);
    Savings {
        first_pull: saving(&once, &items(after), measures, Size::stored),
        per_deploy: saving_over_all(model, before.map_or(Layers::One, Layers::Of), Layers::Of(after), profile),
        unpacked: saving(&before_unpacked, &unpacked(after), measures, Size::tar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture;

    #[test]
    fn a_saving_is_that_of_the_totals() {
        let design = fixture::planned();
        let (model, of) = (&design.model, Layers::Of(&design.evaluation));
        let numbers = &design.evaluation.numbers;
        let saving = saving_over_all(model, Layers::One, of, PullProfile::Keep);
        let Saving::Known { least, likely, most } = saving else { panic!("{saving:?}") };
        let mean = |totals: &crate::history::cost::Totals| totals.repull_per_deploy.unwrap().bytes.0 as f64;
        let expected = 1.0 - mean(&numbers.totals) / mean(&numbers.single_layer);
        // Folders and the ends of tars are a layer's, not an item's.
        assert!((likely as f64 / 1e6 - expected).abs() < 0.01, "{likely} and {expected}");
        assert!(least <= likely && likely <= most);
        assert_eq!(saving_over_all(model, of, of, PullProfile::Keep), Saving::Known { least: 0, likely: 0, most: 0 });
        let Saving::Known { least, .. } = saving_over_all(model, of, Layers::Each, PullProfile::Chain) else {
            panic!()
        };
        assert!(least >= 0);
        assert_eq!(saving_between(model, of, of, PullProfile::Keep, 0..0), Saving::NothingFetched);
    }
}
