//! Pictures of layers and of the replay, for the window's exports and for reports.

use crate::byte_count::ByteCount;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::reports::replay_series::ReplaySeries;
use crate::engine::reports::unit_sources::UnitKind;
use crate::engine::reports::units::{Units, units};
use crate::history::cost::LayerNumbers;
use crate::history::date::date;
use crate::history::model::{Commit, History};
use crate::history::replay::{Pulls, cumulative};
use crate::layers::partition::{LayerContents, LayerKind};
use crate::picture::replay::{Line, PicturedSeries, ReplayPicture};
use crate::picture::stack::PicturedLayer;

/// Layers that are not counted, from the top down.
pub(crate) const FIXED_LAYERS: [&str; 2] = ["CA certificates", "Base image"];

/// The app on top.
#[must_use]
pub(crate) fn stack_layers(model: &AppModel, evaluation: &Evaluation) -> Vec<PicturedLayer> {
    let units = units(model, &evaluation.partition);
    let deploys = evaluation.numbers.deploys;
    let layer = |(contents, numbers): (&LayerContents, &LayerNumbers)| PicturedLayer {
        kind: contents.kind,
        name: contents.name.clone(),
        stored: numbers.size.stored(),
        note: format!(
            "{}, {} unpacked, {}",
            holds(&units, contents.kind),
            numbers.size.tar(),
            numbers.size.provenance.as_str()
        ),
        churn: churn(numbers.row.count(), deploys),
    };
    evaluation.partition.layers.iter().zip(&evaluation.numbers.layers).rev().map(layer).collect()
}

#[must_use]
pub(crate) fn one_layer(evaluation: &Evaluation) -> Vec<PicturedLayer> {
    let deploys = evaluation.numbers.deploys;
    vec![PicturedLayer {
        kind: LayerKind::App,
        name: "app".to_owned(),
        stored: evaluation.numbers.single_layer.first_pull,
        note: "everything".to_owned(),
        churn: churn(deploys, deploys),
    }]
}

fn churn(changes: u64, deploys: u64) -> String {
    if deploys == 0 { String::new() } else { format!("{changes} of {deploys} deploys") }
}

/// For example `5 targets, 12 packages, interpreter`.
#[must_use]
pub(crate) fn holds(units: &Units, kind: LayerKind) -> String {
    let rows = units.rows_of(kind);
    let count = |is_meant: fn(&UnitKind) -> bool| rows.iter().filter(|row| is_meant(&row.kind)).count();
    let counted = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        count => Some(format!("{count} {what}s")),
    };
    let parts = [
        counted(count(|kind| matches!(kind, UnitKind::Target { .. } | UnitKind::File)), "target"),
        counted(count(|kind| matches!(kind, UnitKind::Package { .. })), "package"),
        (count(|kind| matches!(kind, UnitKind::Interpreter)) > 0).then(|| "interpreter".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "empty".to_owned() } else { parts.join(", ") }
}

/// Without an own plan the current layers are drawn in its place.
#[must_use]
pub(crate) fn replay_picture(
    title: String,
    caption: String,
    series: &ReplaySeries,
    history: &History,
    has_plan: bool,
) -> ReplayPicture {
    let mut lines = vec![(Line::SingleLayer, "One layer", &series.single_layer)];
    match (&series.current, has_plan) {
        (Some(current), true) => {
            lines.extend([(Line::Current, "Current", current), (Line::Plan, "Plan", &series.plan)]);
        }
        (Some(current), false) => lines.push((Line::Plan, "Current", current)),
        (None, _) => lines.push((Line::Plan, "Plan", &series.plan)),
    }
    lines.push((Line::Floor, "Theoretical minimum", &series.floor));
    let commits: Vec<&Commit> = series.commits.iter().filter_map(|&commit| history.commits.get(commit)).collect();
    let pictured = |(line, name, pulls): &(Line, &str, &Pulls)| PicturedSeries {
        line: *line,
        name: (*name).to_owned(),
        cumulative: cumulative(&pulls.fetched),
    };
    let hint = |(deploy, commit): (usize, &&Commit)| {
        let id = commit.id.get(..10).unwrap_or(&commit.id);
        let head = format!("{}\n{} {id}", commit.subject, date(commit.time));
        let bytes = |pulls: &Pulls| pulls.fetched.get(deploy).copied().unwrap_or(ByteCount::ZERO);
        let figures = lines.iter().map(|(_, name, pulls)| format!("{name}: {}", bytes(pulls)));
        std::iter::once(head).chain(figures).collect::<Vec<_>>().join("\n")
    };
    ReplayPicture {
        title,
        caption,
        series: lines.iter().map(pictured).collect(),
        strips: series.heat.iter().rev().map(|row| (row.kind, row.name.clone(), row.changed.clone())).collect(),
        days: commits.iter().enumerate().map(|(deploy, commit)| (deploy, date(commit.time))).collect(),
        hints: commits.iter().enumerate().map(hint).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture;

    #[test]
    fn the_app_lies_on_top() {
        let design = fixture::planned();
        let layers = stack_layers(&design.model, &design.evaluation);
        let words: Vec<String> = layers
            .iter()
            .map(|layer| {
                let holds = layer.note.split(", ").take_while(|part| !part.contains("unpacked")).collect::<Vec<_>>();
                format!("{}: {}; {}", layer.name, holds.join(", "), layer.churn)
            })
            .collect();
        assert_eq!(
            words,
            [
                "app: 1 target; 10 of 10 deploys",
                "internal_libs: 2 targets, 2 packages; 5 of 10 deploys",
                "pip_deps: 3 packages; 1 of 10 deploys",
                "interpreter: interpreter; 0 of 10 deploys",
            ]
        );
    }
}
