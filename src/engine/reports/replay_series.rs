//! The series of the replay: one layer, current, plan and theoretical minimum. Made once per evaluation, never per
//! frame.

use std::sync::Arc;

use crate::byte_count::ByteCount;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::graph::item_set::ItemSet;
use crate::history::cost::{LayerNumbers, Measures, PlanNumbers, PullProfile, fetched};
use crate::history::model::ChangeRow;
use crate::history::replay::{Pulls, cumulative, floor, replay};
use crate::layers::partition::{LayerKind, Partition};
use crate::size::known_bytes::{KnownBytes, SumOfKnown};
use crate::size::model::Size;

/// The deploys that replace a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeatRow {
    pub kind: LayerKind,
    pub name: String,
    pub changed: ChangeRow,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplaySeries {
    /// The deployed commits, as numbers in the history.
    pub commits: Vec<usize>,
    pub single_layer: Pulls,
    /// `None` if not known.
    pub current: Option<Pulls>,
    pub plan: Pulls,
    pub suggested: Option<Pulls>,
    /// The theoretical minimum.
    pub floor: Pulls,
    /// What is pulled over all deploys with a single layer, the current ones, the plan, the floor.
    pub known: [Option<KnownBytes>; 4],
    /// Lowest layer first.
    pub heat: Vec<HeatRow>,
}

impl ReplaySeries {
    /// Running sums in the order single layer, current, plan, floor; empty if not known.
    #[must_use]
    pub fn cumulative(&self) -> [Vec<ByteCount>; 4] {
        [Some(&self.single_layer), self.current.as_ref(), Some(&self.plan), Some(&self.floor)]
            .map(|pulls| pulls.map_or_else(Vec::new, |pulls| cumulative(&pulls.fetched)))
    }

    /// Returns the figures of `sums`, in the order single layer, current, plan, floor: known as the sums over all deploys are.
    #[must_use]
    pub fn known_as(&self, sums: [Option<ByteCount>; 4]) -> [Option<KnownBytes>; 4] {
        let mut known = self.known;
        for (known, sum) in known.iter_mut().zip(sums) {
            *known = known.zip(sum).map(|(known, sum)| known.part(sum));
        }
        known
    }

    /// Every series with its JSON name, in display order.
    #[must_use]
    pub fn named(&self) -> Vec<(&'static str, &Pulls)> {
        let mut named = vec![("single layer", &self.single_layer)];
        named.extend(self.current.as_ref().map(|current| ("current", current)));
        named.push(("plan", &self.plan));
        named.extend(self.suggested.as_ref().map(|suggested| ("suggested", suggested)));
        named.push(("floor", &self.floor));
        named
    }
}

/// Designs of one app to replay side by side.
#[derive(Clone, Copy, Debug)]
pub struct Designs<'a> {
    pub model: &'a AppModel,
    /// `None` if not known.
    pub current: Option<&'a Evaluation>,
    pub plan: &'a Evaluation,
    pub suggested: Option<&'a Evaluation>,
}

#[must_use]
pub fn replay_series(designs: Designs<'_>, profile: PullProfile) -> ReplaySeries {
    let Designs { model, current, plan, suggested } = designs;
    let measures = &model.measures;
    let deploys = measures.deploys.deploys.len();
    let pulls = |evaluation: &Evaluation| replay(&evaluation.numbers.layers, deploys, profile);
    let single = [whole(measures, &plan.partition)];
    let sum = |layers: &[LayerNumbers]| fetched(layers, profile, Size::stored);
    let mut least = SumOfKnown::default();
    for (size, row) in measures.sizes.all().iter().zip(&measures.rows) {
        least.add(size.stored(), row.count());
    }
    ReplaySeries {
        known: [
            Some(sum(&single)),
            current.map(|current| sum(&current.numbers.layers)),
            Some(sum(&plan.numbers.layers)),
            Some(least.total()),
        ],
        commits: (0..deploys).filter_map(|deploy| measures.deploys.deployed_commit(deploy)).collect(),
        single_layer: replay(&single, deploys, profile),
        current: current.map(pulls),
        plan: pulls(plan),
        suggested: suggested.map(pulls),
        floor: floor(measures, &model.contents.all),
        heat: heat(&plan.partition, &plan.numbers),
    }
}

fn whole(measures: &Measures, partition: &Partition) -> LayerNumbers {
    let mut items = ItemSet::default();
    for layer in &partition.layers {
        items.union_with(&layer.items);
    }
    LayerNumbers { size: measures.sizes.layer(&items), row: measures.row(&items) }
}

fn heat(partition: &Partition, numbers: &PlanNumbers) -> Vec<HeatRow> {
    let layers = partition.layers.iter().zip(&numbers.layers);
    layers
        .filter(|(layer, _)| !matches!(layer.kind, LayerKind::Other(_)))
        .map(|(layer, numbers)| HeatRow { kind: layer.kind, name: layer.name.clone(), changed: numbers.row.clone() })
        .collect()
}

/// Inputs of a series.
#[derive(Clone, Debug)]
struct Source {
    model: Arc<AppModel>,
    /// Current, plan, suggested.
    evaluations: [Option<Evaluation>; 3],
    profile: PullProfile,
}

/// Keeps the last series.
#[derive(Clone, Debug, Default)]
pub struct ReplayCache {
    latest: Option<(Source, Arc<ReplaySeries>)>,
}

impl ReplayCache {
    /// Computes the series only if an input changed.
    pub fn get(
        &mut self,
        model: &Arc<AppModel>,
        current: Option<&Evaluation>,
        plan: &Evaluation,
        suggested: Option<&Evaluation>,
        profile: PullProfile,
    ) -> Arc<ReplaySeries> {
        let evaluations = [current, Some(plan), suggested];
        let is_same = |source: &Source| {
            Arc::ptr_eq(&source.model, model)
                && source.profile == profile
                && source.evaluations.each_ref().map(Option::as_ref) == evaluations
        };
        if let Some((_, series)) = self.latest.as_ref().filter(|(source, _)| is_same(source)) {
            return Arc::clone(series);
        }
        let source = Source { model: Arc::clone(model), evaluations: evaluations.map(Option::<&_>::cloned), profile };
        let series = Arc::new(replay_series(Designs { model, current, plan, suggested }, profile));
        self.latest = Some((source, Arc::clone(&series)));
        series
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::choices::Choices;
    use crate::engine::fixture;
    use crate::history::deploys::Cadence;

    fn series() -> ReplaySeries {
        let design = fixture::planned();
        let designs = Designs {
            model: &design.model,
            current: Some(&design.evaluation),
            plan: &design.evaluation,
            suggested: None,
        };
        replay_series(designs, PullProfile::Keep)
    }

    #[test]
    fn the_plan_costs_what_its_average_says_and_never_less_than_the_floor() {
        let series = series();
        assert_eq!(series.commits, (0..10).collect::<Vec<_>>());
        let average = fixture::planned().evaluation.numbers.totals.repull_per_deploy;
        assert_eq!(Some(series.plan.fetched_in_all().scaled(1, 10)), average.map(|mean| mean.bytes));
        let sums = [&series.single_layer, &series.plan, &series.plan, &series.floor].map(Pulls::fetched_in_all);
        assert_eq!(series.known.map(|known| known.unwrap().bytes), sums);
        for (deploy, least) in series.floor.fetched.iter().enumerate() {
            let (plan, single) = (series.plan.fetched[deploy], series.single_layer.fetched[deploy]);
            assert!(*least <= plan && plan <= single);
        }
        assert_eq!(Some(series.plan), series.current);
    }

    #[test]
    fn the_heat_names_the_layers_that_a_deploy_replaces() {
        let series = series();
        let changed: Vec<(&str, Vec<usize>)> =
            series.heat.iter().map(|row| (row.name.as_str(), row.changed.ones().collect())).collect();
        assert_eq!(
            changed,
            [
                ("interpreter", vec![]),
                ("pip_deps", vec![4]),
                ("internal_libs", vec![0, 2, 4, 6, 8]),
                ("app", (0..10).collect())
            ]
        );
    }

    #[test]
    fn the_floor_counts_changed_items_alone() {
        let design = fixture::planned();
        let series = series();
        let bytes = |text: &str| {
            let item = design.model.contents.ids().find(|(_, item)| item.label == fixture::label(text));
            design.model.measures.sizes.item(item.unwrap().0).unwrap().compressed_bytes
        };
        let (main, http, fastapi) = (bytes("//app:main.py"), bytes("//libs/http:http.py"), bytes("@pypi//:fastapi"));
        assert_eq!(series.floor.fetched[..3], [main + http, main, main + http]);
        assert_eq!(series.floor.fetched[4], main + http + fastapi);
        assert_eq!(series.cumulative()[3][1], main + main + http);
    }

    #[test]
    fn what_comes_in_one_deploy_is_fetched_once() {
        let design = fixture::planned();
        let every_second = design.model.with_cadence(&fixture::history(), &Cadence::EveryN(2)).unwrap();
        let plan = every_second.evaluate(&every_second.on_disk, &Choices::default());
        let designs = Designs { model: &every_second, current: Some(&plan), plan: &plan, suggested: None };
        let series = replay_series(designs, PullProfile::Keep);
        assert_eq!(series.commits, [1, 3, 5, 7, 9]);
        // Each pair of commits changes the app's file twice and a library once.
        let layer = |position: usize| plan.numbers.layers[position].size.compressed_bytes;
        assert_eq!(
            series.plan.fetched,
            [0, 1, 2, 3, 4].map(|deploy| {
                let pip = if deploy == 2 { layer(1) } else { ByteCount::ZERO };
                pip + layer(2) + layer(3)
            })
        );
        assert_eq!(plan.numbers.deploys, 5);
    }

    #[test]
    fn the_cache_follows_what_the_series_is_made_from() {
        let design = fixture::planned();
        let mut cache = ReplayCache::default();
        let mut get = |suggested: Option<&Evaluation>, profile| {
            cache.get(&design.model, Some(&design.evaluation), &design.evaluation, suggested, profile)
        };
        let first = get(None, PullProfile::Keep);
        assert!(Arc::ptr_eq(&first, &get(None, PullProfile::Keep)));
        // In this app the topmost layer changes with all others, so that the two clients fetch the same.
        assert!(!Arc::ptr_eq(&first, &get(None, PullProfile::Chain)));
        let suggested = get(Some(&design.evaluation), PullProfile::Keep);
        assert_eq!(suggested.suggested.as_ref(), Some(&suggested.plan));
    }
}
