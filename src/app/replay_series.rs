//! The series that the replay shows: what one layer, the groups on disk, the plan and the floor would have cost.
//!
//! Pure; made once per evaluation and kept by the window, never per frame.

use std::sync::Arc;

use crate::app::app_model::AppModel;
use crate::app::state::Design;
use crate::byte_count::ByteCount;
use crate::graph::item_set::ItemSet;
use crate::history::cost::{LayerNumbers, Measures, PlanNumbers, PullProfile};
use crate::history::deploys::{Cadence, Deploys, deploys, fold};
use crate::history::model::{ChangeRow, History};
use crate::history::replay::{cumulative, floor, replay};
use crate::layers::partition::{LayerKind, Partition};

/// Which layers one deploy after another replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeatRow {
    /// The layer.
    pub kind: LayerKind,
    /// Its name.
    pub name: String,
    /// The deploys that change it.
    pub changed: ChangeRow,
}

/// Everything that the replay shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplaySeries {
    /// Per deploy the number of the deployed commit in the history.
    pub commits: Vec<usize>,
    /// Bytes of each deploy if all contents were one layer.
    pub single_layer: Vec<ByteCount>,
    /// Bytes of each deploy with the groups of the BUILD file.
    pub on_disk: Vec<ByteCount>,
    /// Bytes of each deploy with the plan.
    pub plan: Vec<ByteCount>,
    /// The least that each deploy could fetch.
    pub floor: Vec<ByteCount>,
    /// Layer after layer of the plan, lowest first.
    pub heat: Vec<HeatRow>,
}

impl ReplaySeries {
    /// Running sums in the order single layer, on disk, plan, floor.
    #[must_use]
    pub fn cumulative(&self) -> [Vec<ByteCount>; 4] {
        [&self.single_layer, &self.on_disk, &self.plan, &self.floor].map(|bytes| cumulative(bytes))
    }
}

/// Replays every commit that changes the app, as one deploy each.
#[must_use]
pub fn replay_series(design: &Design, history: &History, profile: PullProfile) -> ReplaySeries {
    let whole = whole(&design.model.measures, &design.evaluation.partition);
    // No pattern is involved, so there is nothing that could be malformed.
    let deploys = deploys(history, &Cadence::AppChanging(whole.row.clone())).unwrap_or_default();
    let layers = |numbers: &PlanNumbers| replay(&numbers.layers, &deploys, profile);
    ReplaySeries {
        commits: deploys.deploys.iter().filter_map(|range| range.end.checked_sub(1)).collect(),
        single_layer: replay(std::slice::from_ref(&whole), &deploys, profile),
        on_disk: layers(&design.on_disk.numbers),
        plan: layers(&design.evaluation.numbers),
        floor: floor(&design.model.measures, &design.model.contents.all, &deploys),
        heat: heat(&design.evaluation.partition, &design.evaluation.numbers, &deploys),
    }
}

/// All contents as one layer.
fn whole(measures: &Measures, partition: &Partition) -> LayerNumbers {
    let mut items = ItemSet::default();
    for layer in &partition.layers {
        items.union_with(&layer.items);
    }
    LayerNumbers { size: measures.sizes.layer(&items), row: measures.row(&items) }
}

fn heat(partition: &Partition, numbers: &PlanNumbers, deploys: &Deploys) -> Vec<HeatRow> {
    let layers = partition.layers.iter().zip(&numbers.layers);
    layers
        .map(|(layer, numbers)| HeatRow {
            kind: layer.kind,
            name: layer.name.clone(),
            changed: fold(&numbers.row, deploys),
        })
        .collect()
}

/// What the latest series was made from.
#[derive(Clone, Debug)]
struct Source {
    model: Arc<AppModel>,
    history: Arc<History>,
    plan: PlanNumbers,
    partition: Partition,
    profile: PullProfile,
}

/// The series that was looked at last.
#[derive(Clone, Debug, Default)]
pub struct ReplayCache {
    latest: Option<(Source, Arc<ReplaySeries>)>,
}

impl ReplayCache {
    /// The series of `design`, computed only where something that it follows from is another than last time.
    pub fn get(&mut self, design: &Design, history: &Arc<History>, profile: PullProfile) -> Arc<ReplaySeries> {
        let is_same = |source: &Source| {
            Arc::ptr_eq(&source.model, &design.model)
                && Arc::ptr_eq(&source.history, history)
                && source.profile == profile
                && source.plan == design.evaluation.numbers
                && source.partition == design.evaluation.partition
        };
        if let Some((_, series)) = self.latest.as_ref().filter(|(source, _)| is_same(source)) {
            return Arc::clone(series);
        }
        let source = Source {
            model: Arc::clone(&design.model),
            history: Arc::clone(history),
            plan: design.evaluation.numbers.clone(),
            partition: design.evaluation.partition.clone(),
            profile,
        };
        let series = Arc::new(replay_series(design, history, profile));
        self.latest = Some((source, Arc::clone(&series)));
        series
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture;

    #[test]
    fn the_plan_costs_what_its_average_says_and_never_less_than_the_floor() {
        let design = fixture::design();
        let series = replay_series(&design, &fixture::history(), PullProfile::Keep);
        assert_eq!(series.commits, (0..10).collect::<Vec<_>>());
        let sum: ByteCount = series.plan.iter().copied().sum();
        assert_eq!(Some(sum.scaled(1, 10)), design.evaluation.numbers.totals.repull_per_deploy);
        for (deploy, least) in series.floor.iter().enumerate() {
            assert!(*least <= series.plan[deploy] && series.plan[deploy] <= series.single_layer[deploy]);
        }
        assert_eq!(series.plan, series.on_disk);
    }

    #[test]
    fn the_heat_names_the_layers_that_a_deploy_replaces() {
        let design = fixture::design();
        let series = replay_series(&design, &fixture::history(), PullProfile::Keep);
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
        let design = fixture::design();
        let series = replay_series(&design, &fixture::history(), PullProfile::Keep);
        let bytes = |text: &str| {
            let item = design.model.contents.ids().find(|(_, item)| item.label == fixture::label(text));
            design.model.measures.sizes.item(item.unwrap().0).unwrap().compressed_bytes
        };
        let (main, http, fastapi) = (bytes("//app:main.py"), bytes("//libs/http:http.py"), bytes("@pypi//:fastapi"));
        assert_eq!(series.floor[..3], [main + http, main, main + http]);
        assert_eq!(series.floor[4], main + http + fastapi);
        assert_eq!(series.cumulative()[3][1], main + main + http);
    }
}
