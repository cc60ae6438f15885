//! A suggestion in words, for the window and the commands.

use crate::advice::objective::{Bytes, Objective};
use crate::advice::order::{EXACT, Method};
use crate::advice::suggest::{CurvePoint, Evidence, Suggestion};
use crate::advice::verdict::{BYTES_PER_REQUEST, PartFigures, Verdict};
use crate::byte_count::ByteCount;
use crate::counted::counted;
use crate::engine::advice::advise::Ordered;
use crate::engine::reports::figures::{is_wide, saving_words};
use crate::history::saving::Saving;

#[must_use]
pub(crate) fn verdict_line(suggestion: &Suggestion) -> String {
    let names: Vec<&str> = suggestion.groups.iter().map(|group| group.name.as_str()).collect();
    let what = if names.is_empty() { "no groups".to_owned() } else { names.join(", ") };
    let gain = part_saving(&suggestion.newer, suggestion.options.objective);
    let threshold = percent(i64::from(suggestion.threshold_permille));
    match suggestion.verdict {
        Verdict::Same => "keep the current groups: nothing better found".to_owned(),
        Verdict::TooLittleHistory => {
            format!("keep the current groups: too few deploys to test {what}")
        }
        Verdict::CurrentNotKnown => format!("{what}: not compared, the current layers are not known"),
        Verdict::Keep => format!(
            "keep the current groups: {what}: {gain} on recent deploys that were not used for tuning; {threshold} is required"
        ),
        Verdict::Change { break_even_deploys: Some(deploys) } => format!(
            "{gain} on recent deploys that were not used for tuning; pays off after {}",
            deploys_in_words(deploys)
        ),
        Verdict::Change { break_even_deploys: None } => {
            format!(
                "{} less unpacking on recent deploys that were not used for tuning",
                percent(suggestion.newer.gain_permille(suggestion.options.objective))
            )
        }
    }
}

/// Returns what the suggestion saves in one part of the history: `54.4 % less`, `60 to 75 % less`, or why that is not known.
#[must_use]
pub(crate) fn part_saving(part: &PartFigures, objective: Objective) -> String {
    match &part.saving {
        Some(Saving::CouldTurn(unknown)) => format!("saving not known, {unknown} could turn it around,"),
        Some(saving) if is_wide(saving) => saving_words(saving),
        _ => more_or_less(part.gain_permille(objective)),
    }
}

#[must_use]
pub(crate) fn deploys_in_words(count: u64) -> String {
    counted(count, "deploy")
}

/// Says how little the history is, if it is.
#[must_use]
pub(crate) fn evidence_line(suggestion: &Suggestion) -> Option<String> {
    let Evidence::Thin { package_deploys, most_groups } = suggestion.evidence else { return None };
    let seen = match (suggestion.older.deploys, package_deploys) {
        (0, _) => "no older deploy".to_owned(),
        (1, _) => "a single older deploy".to_owned(),
        (deploys, 0) => format!("none of {deploys} older deploys changes packages"),
        (deploys, 1) => format!("one of {deploys} older deploys changes packages"),
        (deploys, count) => format!("{count} of {deploys} older deploys change packages"),
    };
    Some(format!("Little history ({seen}): at most {}, grouped by size and dependencies", layers(most_groups)))
}

/// The gain of one more layer, and why it is not suggested.
#[must_use]
pub(crate) fn next_layer_line(suggestion: &Suggestion) -> Option<String> {
    let best = suggestion.curve.get(suggestion.knee)?;
    let objective = suggestion.options.objective;
    let Some(next) = suggestion.curve.get(suggestion.knee + 1) else {
        return Some(format!("More than {} don't help", layers(best.groups)));
    };
    let saving =
        |of: fn(&CurvePoint) -> Bytes| more_or_less(objective.of(of(next)).saving_permille(objective.of(of(best))));
    let (older, newer) = (saving(|point| point.older), saving(|point| point.newer));
    let reason = match suggestion.evidence {
        _ if next.groups > suggestion.options.max_layers => {
            format!("the limit is {}", suggestion.options.max_layers)
        }
        Evidence::Thin { most_groups, .. } if next.groups > most_groups => "too little history for more".to_owned(),
        _ => {
            let share = percent(i64::from(suggestion.options.layer_gain_permille));
            format!("not worth it, each layer must save {share} and {BYTES_PER_REQUEST} per deploy")
        }
    };
    Some(format!(
        "{} instead of {}: {older} on the older half, {newer} on the newer; {reason}",
        capitalised(&layers(next.groups)),
        best.groups
    ))
}

fn more_or_less(saving_permille: i64) -> String {
    match saving_permille {
        0 => "as much".to_owned(),
        saved if saved > 0 => format!("{} less", percent(saved)),
        saved => format!("{} more", percent(saved.saturating_neg())),
    }
}

fn layers(count: usize) -> String {
    match count {
        0 => "no layers".to_owned(),
        1 => "one layer".to_owned(),
        2 => "two layers".to_owned(),
        3 => "three layers".to_owned(),
        4 => "four layers".to_owned(),
        count => format!("{count} layers"),
    }
}

#[must_use]
pub(crate) fn capitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// The reasons of an order, and how certain it is.
#[must_use]
pub(crate) fn order_lines(ordered: &Ordered) -> Vec<String> {
    let mut lines = ordered.reasons.clone();
    lines.push(match ordered.method {
        Method::Exact => "this order is optimal".to_owned(),
        Method::Insertion { over_best_permille } => format!(
            "approximate order for more than {EXACT} groups: at most {} above the optimum",
            percent(i64::try_from(over_best_permille).unwrap_or(i64::MAX))
        ),
    });
    lines
}

/// Thousandths as `12.3 %`.
#[must_use]
pub(crate) fn percent(permille: i64) -> String {
    format!("{}{}.{} %", if permille < 0 { "-" } else { "" }, permille.abs() / 10, permille.abs() % 10)
}

#[must_use]
pub(crate) fn per_deploy(bytes: u128, deploys: u64) -> Option<ByteCount> {
    let mean = bytes.checked_div(u128::from(deploys))?;
    Some(ByteCount(u64::try_from(mean).unwrap_or(u64::MAX)))
}
