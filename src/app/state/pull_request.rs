//! The description of a pull request: the change, its costs and savings, and how they are known.

use std::fmt::Write as _;

use crate::app::state::design::Design;
use crate::counted::counted;
use crate::engine::change::prepare::Prepared;
use crate::engine::choices::Choices;
use crate::history::model::History;
use crate::layers::partition::{LayerContents, LayerKind};
use crate::rule_sets::dep_layers::macro_class::MacroClass;
use crate::size::known_bytes::KnownBytes;

/// As Markdown.
#[must_use]
pub fn description(design: &Design, prepared: &Prepared, history: &History, choices: &Choices) -> String {
    let mut text = String::new();
    write_all(&mut text, design, prepared, history, choices).unwrap_or_default();
    text
}

fn write_all(
    text: &mut String,
    design: &Design,
    prepared: &Prepared,
    history: &History,
    choices: &Choices,
) -> std::fmt::Result {
    let model = &design.model;
    writeln!(text, "## Image layers of {}\n", model.app.label)?;
    let changes = design.plan.changes();
    if !design.plan.present().same_design(&model.on_disk) {
        let count = design.plan.present().groups.len();
        let layers = counted(count, "dependency layer");
        writeln!(text, "Gives the image {layers}, so that a deploy pulls only what changed.\n")?;
    }
    for change in changes.iter() {
        writeln!(text, "- {change}")?;
    }
    if !changes.is_empty() {
        writeln!(text)?;
    }
    totals(text, design)?;
    basis(text, design, history, choices)?;
    layers(text, design)?;
    writeln!(text, "Files:")?;
    for ((file, diff), why) in prepared.change.files.iter().zip(&prepared.diffs).zip(&prepared.why) {
        writeln!(text, "- `{}` (+{} −{})", file.path.display(), diff.added, diff.removed)?;
        for sentence in why {
            writeln!(text, "  - {sentence}")?;
        }
    }
    writeln!(text, "\nVerified by Layerwright: valid syntax, matches the plan, nothing else changed, idempotent.")
}

fn totals(text: &mut String, design: &Design) -> std::fmt::Result {
    let (before, after) =
        (design.current.as_ref().map(|current| current.numbers.totals), design.evaluation.numbers.totals);
    writeln!(text, "| | before | after |\n|---|--:|--:|")?;
    let figure = |bytes: Option<KnownBytes>| bytes.map_or_else(|| "not known".to_owned(), |bytes| bytes.with_missing());
    let lines = [
        ("first pull", before.map(|before| before.first_pull), Some(after.first_pull)),
        ("pulled per deploy", before.and_then(|before| before.repull_per_deploy), after.repull_per_deploy),
        ("unpacked per deploy", before.and_then(|before| before.unpack_per_deploy), after.unpack_per_deploy),
    ];
    for (title, before, after) in lines {
        writeln!(text, "| {title} | {} | {} |", figure(before), figure(after))?;
    }
    writeln!(text)
}

/// The basis of the figures.
fn basis(text: &mut String, design: &Design, history: &History, choices: &Choices) -> std::fmt::Result {
    let sample = if history.is_sample { "a made-up sample history, " } else { "" };
    writeln!(
        text,
        "Averages over {} deploys in {sample}{} first-parent commits, pulled by {}, {}. The base image is not counted.",
        design.evaluation.numbers.deploys,
        design.model.measures.commits,
        choices.profile.runtime(),
        choices.platform
    )?;
    if design.model.verdict.class != MacroClass::Partitions {
        writeln!(text, "\n**These savings need Layerwright's layer rules.** {}", design.model.verdict.sentence)?;
    }
    writeln!(text)
}

fn layers(text: &mut String, design: &Design) -> std::fmt::Result {
    let numbers = &design.evaluation.numbers;
    writeln!(text, "| layer, lowest first | compressed | known | changes with |\n|---|--:|---|--:|")?;
    for (layer, of) in design.evaluation.partition.layers.iter().zip(&numbers.layers) {
        writeln!(
            text,
            "| {} | {} | {} | {} of {} deploys |",
            title(layer),
            of.size.stored().with_missing(),
            of.size.provenance.as_str(),
            of.row.count(),
            numbers.deploys
        )?;
    }
    writeln!(text)
}

fn title(layer: &LayerContents) -> String {
    match layer.kind {
        LayerKind::Dependency(_) => format!("`{}`", layer.name),
        _ => layer.name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture;
    use crate::engine::change::prepare::{Made, prepared};

    #[test]
    fn says_what_changes_and_what_the_figures_rest_on() {
        let (design, history, choices) = (fixture::design(), fixture::history(), Choices::default());
        let text = description(&design, &prepared(Made::default()), &history, &choices);
        for part in [
            "## Image layers of //app:app",
            "| pulled per deploy |",
            "Averages over 10 deploys in 10 first-parent commits, pulled by containerd, linux/amd64.",
            "| `pip_deps` |",
            "| 1 of 10 deploys |",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("layer rules"), "this macro partitions");
        let repeats = fixture::design_with("pkg_tar");
        let text = description(&repeats, &prepared(Made::default()), &history, &choices);
        assert!(text.contains("**These savings need Layerwright's layer rules.**"), "{text}");
    }
}
