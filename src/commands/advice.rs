//! A suggestion in words and as JSON.

use serde_json::{Value, json};

use crate::advice::objective::Bytes;
use crate::advice::suggest::{SuggestedGroup, Suggestion};
use crate::advice::verdict::{PartFigures, Verdict};
use crate::app::advise::Advice;
use crate::app::settings::Choices;
use crate::byte_count::ByteCount;

/// The suggestion for people, line by line.
pub(super) fn advice_lines(advice: &Advice, choices: &Choices) -> Vec<String> {
    let suggestion = &advice.suggestion;
    let mut lines = vec![verdict_line(suggestion)];
    for group in suggestion.groups.iter().rev() {
        lines.push(format!("  {}: {}", group.name, group.reason));
    }
    lines.push(format!("judged for pull profile {}, bytes fetched per deploy:", choices.profile.as_str()));
    for (name, part) in [("older half (found on)", &suggestion.older), ("newer half (judged on)", &suggestion.newer)] {
        lines.push(format!("  {name}: {}", part_words(part)));
    }
    lines.extend(next_layer_line(suggestion));
    lines
}

/// What to do, with the reason.
pub(crate) fn verdict_line(suggestion: &Suggestion) -> String {
    let names: Vec<&str> = suggestion.groups.iter().map(|group| group.name.as_str()).collect();
    let what = if names.is_empty() { "no groups".to_owned() } else { names.join(", ") };
    let gain = percent(suggestion.newer.gain_permille(suggestion.wish.objective));
    match suggestion.verdict {
        Verdict::Same => "suggestion: keep the present groups, nothing better was found".to_owned(),
        Verdict::TooLittleHistory => {
            format!("suggestion: too few deploys in the history to judge {what}; the present groups stay")
        }
        Verdict::Keep => format!(
            "suggestion: keep the present groups. {what} would save {gain} on commits that the suggestion has not seen, less than the {} that a change must save",
            percent(i64::from(suggestion.wish.plan_gain_permille))
        ),
        Verdict::Change { break_even_deploys: Some(deploys) } => format!(
            "suggestion: {what} saves {gain} on commits that it has not seen; the full pull that a change costs is paid back after {deploys} deploys"
        ),
        Verdict::Change { break_even_deploys: None } => {
            format!("suggestion: {what} saves {gain} on commits that it has not seen, in unpacking")
        }
    }
}

/// What one layer more would bring, where it was tried and is not worth it.
pub(crate) fn next_layer_line(suggestion: &Suggestion) -> Option<String> {
    let best = suggestion.curve.get(suggestion.knee)?;
    let next = suggestion.curve.get(suggestion.knee + 1);
    let objective = suggestion.wish.objective;
    match next {
        Some(next) => Some(format!(
            "{} layers instead of {} would save {} more: not worth it (a layer must save {})",
            next.groups,
            best.groups,
            percent(objective.of(next.older).saving_permille(objective.of(best.older))),
            percent(i64::from(suggestion.wish.layer_gain_permille)),
        )),
        None => {
            (best.groups < suggestion.wish.max_layers).then(|| format!("more than {} layers save nothing", best.groups))
        }
    }
}

/// `12.3 %` of thousandths.
pub(crate) fn percent(permille: i64) -> String {
    format!("{}{}.{} %", if permille < 0 { "-" } else { "" }, permille.abs() / 10, permille.abs() % 10)
}

fn part_words(part: &PartFigures) -> String {
    let bytes =
        |bytes: Bytes| per_deploy(bytes.repull, part.deploys).map_or("none".to_owned(), |bytes| bytes.to_string());
    format!(
        "present {}, suggested {}, floor {} ({} deploys)",
        bytes(part.present),
        bytes(part.suggested),
        bytes(part.floor),
        part.deploys
    )
}

/// The mean over deploys.
pub(crate) fn per_deploy(bytes: u128, deploys: u64) -> Option<ByteCount> {
    let mean = bytes.checked_div(u128::from(deploys))?;
    Some(ByteCount(u64::try_from(mean).unwrap_or(u64::MAX)))
}

/// The field `suggestion` of `layerwright.plan/1`.
pub(super) fn advice_json(advice: &Advice) -> Value {
    let suggestion = &advice.suggestion;
    let (word, break_even) = match suggestion.verdict {
        Verdict::Change { break_even_deploys } => ("change", break_even_deploys),
        Verdict::Same => ("same", None),
        Verdict::Keep => ("keep", None),
        Verdict::TooLittleHistory => ("too_little_history", None),
    };
    let group = |group: &SuggestedGroup| {
        json!({
            "name": group.name,
            "targets": group.targets,
            "compressed_bytes": group.compressed_bytes,
            "changes": group.changes,
            "reason": group.reason,
        })
    };
    json!({
        "verdict": word,
        "sentence": verdict_line(suggestion),
        "break_even_deploys": break_even,
        "layers": suggestion.groups.iter().map(group).collect::<Vec<_>>(),
        "older": part_json(&suggestion.older),
        "newer": part_json(&suggestion.newer),
        "curve": suggestion.curve.iter().map(|point| json!({
            "layers": point.groups,
            "older_repull": total(point.older.repull),
            "newer_repull": total(point.newer.repull),
        })).collect::<Vec<_>>(),
        "knee": suggestion.curve.get(suggestion.knee).map(|point| point.groups),
    })
}

fn part_json(part: &PartFigures) -> Value {
    json!({
        "deploys": part.deploys,
        "present_repull": total(part.present.repull),
        "suggested_repull": total(part.suggested.repull),
        "floor_repull": total(part.floor.repull),
    })
}

fn total(bytes: u128) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
