//! The replay as text.

use crate::byte_count::ByteCount;
use crate::commands::output::Lines;
use crate::commands::replay::notes::notes;
use crate::commands::replay::series::{Replayed, Rows};
use crate::engine::advice::advice_words::verdict_line;
use crate::engine::choices::Choices;
use crate::engine::reports::figures::{saving_not_known, saving_words};
use crate::engine::reports::replay_series::ReplaySeries;
use crate::history::cost::PullProfile;
use crate::history::date::date;
use crate::history::model::{Commit, History};
use crate::history::replay::Pulls;

/// A line per series, then, with `list`, a line per deploy.
pub(super) fn replay_text(replayed: &Replayed, history: &History, choices: &Choices, list: bool) -> String {
    let Replayed { model, .. } = replayed;
    let deploys = model.measures.deploys.deploys.len();
    let mut lines = Lines::default();
    lines.add(format_args!("{}  ({})", model.app.label, choices.platform));
    lines.add(format_args!(
        "{deploys} deploys in {} commits{}, deployed {}",
        model.measures.commits,
        span(history),
        choices.cadence.meaning()
    ));
    if deploys == 0 {
        lines.add(format_args!("nothing to replay: no deploy in the history changes this app"));
    } else {
        table(&replayed.rows(), &mut lines);
    }
    if let Some(saving) = replayed.saving(choices.profile) {
        let words = saving_not_known(&saving).unwrap_or_else(|| saving_words(&saving));
        lines.add(format_args!("plan against the current layers, with {}: {words}", choices.profile.runtime()));
    }
    if list && let Some(series) = replayed.series(choices.profile) {
        lines.add(format_args!("bytes pulled per deploy with {}:", choices.profile.runtime()));
        list_deploys(series, history, &mut lines);
    }
    if let Some(advice) = &replayed.advice {
        lines.add(format_args!("suggestion: {}", verdict_line(&advice.suggestion)));
    }
    for note in notes(replayed, history) {
        lines.add(format_args!("note: {note}"));
    }
    lines.0
}

/// First pull, sums by pull profile, unpacked.
pub(super) fn table(rows: &Rows<'_>, lines: &mut Lines) {
    let [keep, chain, reuse] = PullProfile::ALL.map(PullProfile::as_str);
    lines.add(format_args!("{:<14}{:>12}{:>36}{:>14}", "", "first pull", "pulled by all deploys together", "unpacked"));
    lines.add(format_args!("{:<26}{keep:>12}{chain:>12}{reuse:>12}", ""));
    for (name, pulls) in rows {
        let Some(first) = pulls.first() else { continue };
        let sums: String = pulls.iter().map(|pulls| format!("{:>12}", pulls.fetched_in_all())).collect();
        lines.add(format_args!("{name:<14}{:>12}{sums}{:>14}", first.first_pull, first.unpacked_in_all()));
    }
}

/// First and last day of the history.
pub(super) fn span(history: &History) -> String {
    match (history.commits.first(), history.commits.last()) {
        (Some(first), Some(last)) => format!(" from {} to {}", date(first.time), date(last.time)),
        _ => String::new(),
    }
}

pub(super) fn list_deploys(series: &ReplaySeries, history: &History, lines: &mut Lines) {
    let named = series.named();
    let names: String = named.iter().map(|(name, _)| format!("{name:>13}")).collect();
    lines.add(format_args!("{:<22}{names}  subject", "deployed"));
    for (deploy, commit) in series.commits.iter().enumerate() {
        let Some(commit) = history.commits.get(*commit) else { continue };
        let bytes = |pulls: &Pulls| pulls.fetched.get(deploy).copied().unwrap_or(ByteCount::ZERO);
        let bytes: String = named.iter().map(|(_, pulls)| format!("{:>13}", bytes(pulls))).collect();
        lines.add(format_args!("{} {}{bytes}  {}", date(commit.time), short(commit), commit.subject));
    }
}

/// The first ten digits of a commit's id, padded for the sample history.
pub(super) fn short(commit: &Commit) -> String {
    format!("{:<11}", commit.id.get(..10).unwrap_or(&commit.id))
}
