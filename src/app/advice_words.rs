//! A suggestion in words, the same in the window and in the commands.

use crate::advice::suggest::Suggestion;
use crate::advice::verdict::Verdict;
use crate::byte_count::ByteCount;

/// What to do, with the reason.
#[must_use]
pub fn verdict_line(suggestion: &Suggestion) -> String {
    let names: Vec<&str> = suggestion.groups.iter().map(|group| group.name.as_str()).collect();
    let what = if names.is_empty() { "no groups".to_owned() } else { names.join(", ") };
    let gain = percent(suggestion.newer.gain_permille(suggestion.wish.objective));
    match suggestion.verdict {
        Verdict::Same => "keep the present groups, nothing better was found".to_owned(),
        Verdict::TooLittleHistory => {
            format!("too few deploys in the history to judge {what}; the present groups stay")
        }
        Verdict::Keep => format!(
            "keep the present groups. {what} would save {gain} on commits that the suggestion has not seen, less than the {} that a change must save",
            percent(i64::from(suggestion.wish.plan_gain_permille))
        ),
        Verdict::Change { break_even_deploys: Some(deploys) } => format!(
            "{what} saves {gain} on commits that it has not seen; the full pull that a change costs is paid back after {deploys} deploys"
        ),
        Verdict::Change { break_even_deploys: None } => {
            format!("{what} saves {gain} on commits that it has not seen, in unpacking")
        }
    }
}

/// What one layer more would bring, where it was tried and is not worth it.
#[must_use]
pub fn next_layer_line(suggestion: &Suggestion) -> Option<String> {
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
#[must_use]
pub fn percent(permille: i64) -> String {
    format!("{}{}.{} %", if permille < 0 { "-" } else { "" }, permille.abs() / 10, permille.abs() % 10)
}

/// The mean over deploys.
#[must_use]
pub fn per_deploy(bytes: u128, deploys: u64) -> Option<ByteCount> {
    let mean = bytes.checked_div(u128::from(deploys))?;
    Some(ByteCount(u64::try_from(mean).unwrap_or(u64::MAX)))
}
