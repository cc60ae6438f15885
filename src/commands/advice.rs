//! A suggestion in words and as JSON.

use serde_json::{Value, json};

use crate::advice::objective::Bytes;
use crate::advice::suggest::{CurvePoint, SuggestedGroup, Suggestion};
use crate::advice::verdict::{PartFigures, Verdict};
use crate::engine::advice::advice_words::{deploys_in_words, evidence_line, next_layer_line, per_deploy, verdict_line};
use crate::engine::advice::advise::Advice;
use crate::engine::choices::Choices;

pub(super) fn advice_lines(advice: &Advice, choices: &Choices) -> Vec<String> {
    let suggestion = &advice.suggestion;
    let mut lines = vec![format!("suggestion: {}", verdict_line(suggestion))];
    lines.extend(evidence_line(suggestion));
    for group in suggestion.groups.iter().rev() {
        lines.push(format!("  {}: {}", group.name, group.reason));
    }
    lines.push(format!("bytes pulled per deploy with {}:", choices.profile.runtime()));
    for (name, part) in [("tuned on (older half)", &suggestion.older), ("tested on (newer half)", &suggestion.newer)] {
        lines.push(format!("  {name}: {}", part_words(part, suggestion.verdict != Verdict::CurrentNotKnown)));
    }
    lines.extend(curve_line(suggestion));
    lines.extend(next_layer_line(suggestion));
    lines.extend(advice.hints.iter().cloned());
    lines
}

/// Bytes per deploy of the newer half by number of layers; the one that pays is in brackets.
fn curve_line(suggestion: &Suggestion) -> Option<String> {
    let point = |(place, point): (usize, &CurvePoint)| {
        let bytes = per_deploy(point.newer.repull, suggestion.newer.deploys)?;
        let words = format!("{}: {bytes}", point.groups);
        Some(if place == suggestion.knee { format!("[{words}]") } else { words })
    };
    let points: Option<Vec<String>> = suggestion.curve.iter().enumerate().map(point).collect();
    Some(format!("by number of layers, on the newer half: {}", points?.join(", ")))
}

fn part_words(part: &PartFigures, is_current_known: bool) -> String {
    let bytes =
        |bytes: Bytes| per_deploy(bytes.repull, part.deploys).map_or("none".to_owned(), |bytes| bytes.to_string());
    format!(
        "current {}, suggested {}, theoretical minimum {} ({})",
        if is_current_known { bytes(part.present) } else { "not known".to_owned() },
        bytes(part.suggested),
        bytes(part.floor),
        deploys_in_words(part.deploys)
    )
}

/// The field `suggestion` of `layerwright.plan/2`.
pub(super) fn advice_json(advice: &Advice) -> Value {
    let suggestion = &advice.suggestion;
    let (word, break_even) = match suggestion.verdict {
        Verdict::Change { break_even_deploys } => ("change", break_even_deploys),
        Verdict::Same => ("same", None),
        Verdict::Keep => ("keep", None),
        Verdict::TooLittleHistory => ("too_little_history", None),
        Verdict::CurrentNotKnown => ("current_not_known", None),
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
        "threshold_permille": suggestion.threshold_permille,
        "thin_history": evidence_line(suggestion),
        "layers": suggestion.groups.iter().map(group).collect::<Vec<_>>(),
        "older": part_json(&suggestion.older, suggestion.verdict),
        "newer": part_json(&suggestion.newer, suggestion.verdict),
        "hints": advice.hints,
        "curve": suggestion.curve.iter().map(|point| json!({
            "layers": point.groups,
            "older_repull": total(point.older.repull),
            "newer_repull": total(point.newer.repull),
        })).collect::<Vec<_>>(),
        "knee": suggestion.curve.get(suggestion.knee).map(|point| point.groups),
    })
}

fn part_json(part: &PartFigures, verdict: Verdict) -> Value {
    let present = (verdict != Verdict::CurrentNotKnown).then(|| total(part.present.repull));
    json!({
        "deploys": part.deploys,
        "present_repull": present,
        "suggested_repull": total(part.suggested.repull),
        "floor_repull": total(part.floor.repull),
    })
}

fn total(bytes: u128) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
