//! Several apps of one workspace on one node: equal layers, and the bytes in all. Layers of two apps are equal only if
//! the macro puts the files of all its apps below one root.

use std::collections::BTreeMap;

use crate::byte_count::ByteCount;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::reports::replay_series::Designs;
use crate::graph::item_set::ItemSet;
use crate::history::cost::{LayerNumbers, PullProfile};
use crate::history::deploys::{Cadence, CadenceError, Deploys, deploys, fold};
use crate::history::fleet::{FleetLayer, fleet};
use crate::history::model::{ChangeRow, History};
use crate::history::replay::Pulls;
use crate::label::Label;
use crate::rule_sets::dep_layers::macro_class::MacroClass;

/// The identity of a layer's bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Content {
    /// Items below a root that all apps of the macro share.
    Common(Vec<Label>),
    /// Unique to one app: the app's position and the layer's.
    Own(usize, usize),
}

/// A layer with the same bytes in several apps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SharedLayer {
    /// Its name in the first app.
    pub(crate) name: String,
    /// In the fleet's order.
    pub(crate) apps: Vec<Label>,
    pub(crate) compressed_bytes: ByteCount,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FleetReplay {
    /// Deploys that change any of the apps.
    pub(crate) deploys: Deploys,
    /// Per profile of [`PullProfile::ALL`], the series of `ReplaySeries::named`.
    pub(crate) by_profile: Vec<Vec<(&'static str, Pulls)>>,
    /// Layers in several apps, largest first.
    pub(crate) shared: Vec<SharedLayer>,
    /// Why layers can or can't be equal, one sentence per reason.
    pub(crate) sharing: Vec<String>,
}

/// Replays all apps together: with each deploy every app is deployed in its state then.
///
/// # Errors
/// When the cadence is malformed.
pub(crate) fn fleet_replay(
    apps: &[Designs<'_>],
    history: &History,
    cadence: &Cadence,
) -> Result<FleetReplay, CadenceError> {
    let mut changes = ChangeRow::default();
    for app in apps {
        changes.merge(&app.model.measures.commit_row(&app.model.contents.all));
    }
    let deploys = deploys(history, cadence)?.changing(&changes);
    let count = deploys.deploys.len();
    let plans = layers_of(apps, &deploys, |app| app.plan);
    let mut stacks = vec![("single layer", single_layers(apps, &deploys))];
    // One image with unknown layers makes the sum unknown.
    if apps.iter().all(|app| app.current.is_some()) {
        stacks.push(("current", layers_of(apps, &deploys, |app| app.current.unwrap_or(app.plan))));
    }
    stacks.push(("plan", plans.clone()));
    if apps.iter().any(|app| app.suggested.is_some()) {
        stacks.push(("suggested", layers_of(apps, &deploys, |app| app.suggested.unwrap_or(app.plan))));
    }
    let least = floor(apps, &deploys);
    let series = |profile: &PullProfile| {
        let mut series: Vec<(&'static str, Pulls)> =
            stacks.iter().map(|(name, stack)| (*name, fleet(stack, count, *profile))).collect();
        series.push(("floor", least.clone()));
        series
    };
    Ok(FleetReplay {
        by_profile: PullProfile::ALL.iter().map(series).collect(),
        shared: shared(apps, &plans),
        sharing: sharing(apps),
        deploys,
    })
}

/// Returns `true` if layers of this app can equal another app's.
fn has_common_root(model: &AppModel) -> bool {
    match model.verdict.class {
        MacroClass::Partitions => true,
        MacroClass::DoesNotBuild
        | MacroClass::RepeatsEverything
        | MacroClass::NoParameter
        | MacroClass::NoMacro
        | MacroClass::OwnRules
        | MacroClass::Unknown => false,
    }
}

/// Each app's layers from the bottom, with the fleet's deploys that change them.
fn layers_of<'a>(
    apps: &[Designs<'a>],
    deploys: &Deploys,
    evaluation: impl Fn(&Designs<'a>) -> &'a Evaluation,
) -> Vec<Vec<FleetLayer<Content>>> {
    let layers = |(place, app): (usize, &Designs<'a>)| {
        let evaluation = evaluation(app);
        let layers = evaluation.partition.layers.iter().zip(&evaluation.numbers.layers).enumerate();
        layers
            .map(|(position, (layer, numbers))| FleetLayer {
                content: content(app.model, &layer.items, place, position),
                numbers: LayerNumbers {
                    size: numbers.size,
                    row: fold(&app.model.measures.commit_row(&layer.items), deploys),
                },
            })
            .collect()
    };
    apps.iter().enumerate().map(layers).collect()
}

fn single_layers(apps: &[Designs<'_>], deploys: &Deploys) -> Vec<Vec<FleetLayer<Content>>> {
    let layers = |(place, app): (usize, &Designs<'_>)| {
        let measures = &app.model.measures;
        let all = &app.model.contents.all;
        let numbers = LayerNumbers { size: measures.sizes.layer(all), row: fold(&measures.commit_row(all), deploys) };
        vec![FleetLayer { content: content(app.model, all, place, 0), numbers }]
    };
    apps.iter().enumerate().map(layers).collect()
}

/// In one workspace a label is one file or one locked package, whichever app needs it.
fn content(model: &AppModel, items: &ItemSet, app: usize, layer: usize) -> Content {
    if !has_common_root(model) {
        return Content::Own(app, layer);
    }
    let mut labels: Vec<Label> =
        items.iter().filter_map(|item| model.contents.item(item)).map(|item| item.label.clone()).collect();
    labels.sort();
    Content::Common(labels)
}

/// The changed items of all apps, each once.
fn floor(apps: &[Designs<'_>], deploys: &Deploys) -> Pulls {
    let mut items: BTreeMap<&Label, LayerNumbers> = BTreeMap::new();
    for app in apps {
        let measures = &app.model.measures;
        for id in app.model.contents.all.iter() {
            let (Some(item), Some(size)) = (app.model.contents.item(id), measures.sizes.item(id)) else { continue };
            let row = measures.commit_rows.get(id.index()).map(|row| fold(row, deploys)).unwrap_or_default();
            let known = items.entry(&item.label).or_insert_with(|| LayerNumbers { size, row: ChangeRow::default() });
            known.row.merge(&row);
        }
    }
    let layers: Vec<Vec<FleetLayer<&Label>>> =
        items.into_iter().map(|(label, numbers)| vec![FleetLayer { content: label, numbers }]).collect();
    fleet(&layers, deploys.deploys.len(), PullProfile::Keep)
}

fn shared(apps: &[Designs<'_>], plans: &[Vec<FleetLayer<Content>>]) -> Vec<SharedLayer> {
    let mut by_content: BTreeMap<&Content, SharedLayer> = BTreeMap::new();
    for (app, layers) in apps.iter().zip(plans) {
        for (layer, contents) in layers.iter().zip(&app.plan.partition.layers) {
            let found = by_content.entry(&layer.content).or_insert_with(|| SharedLayer {
                name: contents.name.clone(),
                apps: Vec::new(),
                compressed_bytes: layer.numbers.size.compressed_bytes,
            });
            if found.apps.last() != Some(&app.model.app.label) {
                found.apps.push(app.model.app.label.clone());
            }
        }
    }
    let mut shared: Vec<SharedLayer> = by_content
        .into_values()
        .filter(|layer| layer.apps.len() > 1 && layer.compressed_bytes > ByteCount::ZERO)
        .collect();
    shared.sort_by(|left, right| {
        right.compressed_bytes.cmp(&left.compressed_bytes).then_with(|| left.name.cmp(&right.name))
    });
    shared
}

fn sharing(apps: &[Designs<'_>]) -> Vec<String> {
    let mut sentences: Vec<String> = apps
        .iter()
        .map(|app| {
            let name = &app.model.app.macro_name;
            match app.model.verdict.class {
                MacroClass::Partitions => {
                    format!("`{name}` uses one root for all apps, so layers with equal contents are shared")
                }
                MacroClass::DoesNotBuild | MacroClass::RepeatsEverything | MacroClass::OwnRules => {
                    format!("`{name}` puts files below `<binary>.runfiles/`, so apps share no layers")
                }
                MacroClass::NoParameter | MacroClass::NoMacro | MacroClass::Unknown => {
                    format!("unknown where `{name}` puts files, so no layer counts as shared")
                }
            }
        })
        .collect();
    sentences.sort();
    sentences.dedup();
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::choices::Choices;
    use crate::engine::fixture;
    use crate::workspace::model::Workspace;

    /// The workspace of the fixture with a second app: the same groups, a binary of its own.
    fn two_apps(layer_rule: &str) -> Workspace {
        let mut workspace = fixture::workspace(layer_rule);
        let mut second = workspace.apps[0].clone();
        second.label = fixture::label("//app:second");
        second.binary = Some(fixture::label("//app:second_bin"));
        workspace.apps.push(second);
        let package = workspace.packages.get_mut("app").unwrap();
        let binary = package.targets["app_bin"].clone();
        package.targets.insert("second_bin".to_owned(), binary);
        workspace
    }

    fn replay(workspace: &Workspace) -> (FleetReplay, Vec<Pulls>) {
        let (choices, history) = (Choices::default(), fixture::history());
        let models: Vec<AppModel> =
            workspace.apps.iter().map(|app| AppModel::new(workspace, &history, app, &choices).unwrap()).collect();
        let plans: Vec<Evaluation> = models.iter().map(|model| model.evaluate(&model.on_disk, &choices)).collect();
        let current: Vec<Option<Evaluation>> = models.iter().map(|model| model.evaluate_current(&choices)).collect();
        let designs: Vec<Designs<'_>> = models
            .iter()
            .zip(plans.iter().zip(&current))
            .map(|(model, (plan, current))| Designs { model, current: current.as_ref(), plan, suggested: None })
            .collect();
        let each = designs
            .iter()
            .map(|app| crate::engine::reports::replay_series::replay_series(*app, PullProfile::Keep).plan);
        (fleet_replay(&designs, &history, &Cadence::EveryCommit).unwrap(), each.collect())
    }

    fn series<'a>(fleet: &'a FleetReplay, name: &str) -> &'a Pulls {
        &fleet.by_profile[0].iter().find(|(of, _)| *of == name).unwrap().1
    }

    #[test]
    fn one_root_shares_what_is_equal() {
        let (fleet, each) = replay(&two_apps("py_layers"));
        let names: Vec<(&str, usize)> =
            fleet.shared.iter().map(|layer| (layer.name.as_str(), layer.apps.len())).collect();
        assert_eq!(names, [("interpreter", 2), ("pip_deps", 2), ("internal_libs", 2)]);
        let shared: ByteCount = fleet.shared.iter().map(|layer| layer.compressed_bytes).sum();
        assert_eq!(series(&fleet, "plan").first_pull + shared, each[0].first_pull + each[1].first_pull);
        // The app's own layers differ by their launchers, so one layer per app is never shared.
        let single = series(&fleet, "single layer");
        assert_eq!(single.first_pull, each[0].first_pull + each[1].first_pull);
        assert_eq!(fleet.deploys.deploys.len(), 10);
    }

    #[test]
    fn a_root_per_binary_shares_nothing_and_says_so() {
        let (fleet, each) = replay(&two_apps("pkg_tar"));
        assert_eq!(fleet.shared, []);
        let mut sum = each[0].clone();
        sum.add(&each[1]);
        assert_eq!(series(&fleet, "plan"), &sum);
        assert!(fleet.sharing.iter().any(|sentence| sentence.contains("<binary>.runfiles")), "{:?}", fleet.sharing);
    }
}
