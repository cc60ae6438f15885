//! Several apps on one node: each by itself, and all together with equal layers counted once.

use std::io::Write;

use serde_json::json;

use crate::commands::failure::Failure;
use crate::commands::output::{Lines, print_json, print_text};
use crate::commands::replay::json::{deployed_json, replay_json, series_json};
use crate::commands::replay::series::{Replayed, rows};
use crate::commands::replay::text::{span, table};
use crate::engine::choices::Choices;
use crate::engine::reports::fleet::{FleetReplay, fleet_replay};
use crate::engine::reports::replay_series::Designs;
use crate::history::model::History;
use crate::history::replay::Pulls;

pub(super) fn print(
    apps: &[Replayed],
    history: &History,
    choices: &Choices,
    is_json: bool,
    output: &mut dyn Write,
) -> Result<(), Failure> {
    let designs: Vec<Designs<'_>> = apps.iter().map(Replayed::designs).collect();
    let fleet = fleet_replay(&designs, history, &choices.cadence).map_err(|error| Failure::Use(error.to_string()))?;
    if is_json {
        print_json(output, &json(apps, &fleet, history, choices))
    } else {
        print_text(output, &text(apps, &fleet, history, choices))
    }
}

fn by_profile(fleet: &FleetReplay) -> Vec<Vec<(&'static str, &Pulls)>> {
    fleet.by_profile.iter().map(|series| named(series)).collect()
}

fn named<'a>(series: &'a [(&'static str, Pulls)]) -> Vec<(&'static str, &'a Pulls)> {
    series.iter().map(|(name, pulls)| (*name, pulls)).collect()
}

fn json(apps: &[Replayed], fleet: &FleetReplay, history: &History, choices: &Choices) -> serde_json::Value {
    let shared = fleet
        .shared
        .iter()
        .map(|layer| json!({"name": layer.name, "apps": layer.apps, "compressed_bytes": layer.compressed_bytes}));
    json!({
        "schema": "layerwright.replay_fleet/1",
        "profile": choices.profile.as_str(),
        "platform": choices.platform.to_string(),
        "cadence": choices.cadence.meaning(),
        "commits": history.commits.len(),
        "deploys": fleet.deploys.deploys.len(),
        "deployed": deployed_json(&fleet.deploys, history),
        "series": series_json(&rows(&by_profile(fleet)), choices.profile),
        "shared": shared.collect::<Vec<_>>(),
        "sharing": fleet.sharing,
        "apps": apps.iter().map(|app| replay_json(app, history, choices)).collect::<Vec<_>>(),
    })
}

fn text(apps: &[Replayed], fleet: &FleetReplay, history: &History, choices: &Choices) -> String {
    let mut lines = Lines::default();
    for app in apps {
        lines.add(format_args!("{}  {} deploys", app.model.app.label, app.model.measures.deploys.deploys.len()));
        table(&app.rows(), &mut lines);
    }
    lines.add(format_args!(
        "all {} on one node  {} deploys in {} commits{}, deployed {}",
        apps.len(),
        fleet.deploys.deploys.len(),
        history.commits.len(),
        span(history),
        choices.cadence.meaning()
    ));
    table(&rows(&by_profile(fleet)), &mut lines);
    for layer in &fleet.shared {
        let names: Vec<String> = layer.apps.iter().map(ToString::to_string).collect();
        lines.add(format_args!("shared: layer `{}`, {}, by {}", layer.name, layer.compressed_bytes, names.join(", ")));
    }
    for sentence in &fleet.sharing {
        lines.add(format_args!("note: {sentence}"));
    }
    lines.0
}
