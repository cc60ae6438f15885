//! The document `layerwright.replay/1`.

use serde_json::{Map, Value, json};

use crate::commands::json::saving_json;
use crate::commands::replay::notes::notes;
use crate::commands::replay::series::{Replayed, Rows};
use crate::engine::advice::advice_words::verdict_line;
use crate::engine::choices::Choices;
use crate::history::cost::PullProfile;
use crate::history::date::date;
use crate::history::deploys::Deploys;
use crate::history::model::History;
use crate::history::replay::Pulls;

/// Bytes per deploy for the chosen profile, and sums for each.
pub(super) fn replay_json(replayed: &Replayed, history: &History, choices: &Choices) -> Value {
    let Replayed { model, .. } = replayed;
    let mut document = json!({
        "schema": "layerwright.replay/1",
        "app": model.app.label,
        "profile": choices.profile.as_str(),
        "platform": choices.platform.to_string(),
        "cadence": choices.cadence.meaning(),
        "commits": model.measures.commits,
        "deploys": model.measures.deploys.deploys.len(),
        "deployed": deployed_json(&model.measures.deploys, history),
        "series": series_json(&replayed.rows(), choices.profile),
        "macro": {"class": model.verdict.class.as_str(), "sentence": model.verdict.sentence},
        "saving": replayed.saving(choices.profile).as_ref().map(saving_json),
        "notes": notes(replayed, history),
    });
    if let (Some(advice), Some(fields)) = (&replayed.advice, document.as_object_mut()) {
        fields.insert("suggestion".to_owned(), json!(verdict_line(&advice.suggestion)));
    }
    document
}

/// Oldest first.
pub(super) fn deployed_json(deploys: &Deploys, history: &History) -> Vec<Value> {
    let deployed = |range: &std::ops::Range<usize>| {
        let commit = history.commits.get(range.end.checked_sub(1)?)?;
        Some(json!({
            "commit": commit.id,
            "time": commit.time,
            "date": date(commit.time),
            "subject": commit.subject,
            "tags": commit.tags,
            "commits": range.len(),
        }))
    };
    deploys.deploys.iter().filter_map(deployed).collect()
}

pub(super) fn series_json(rows: &Rows<'_>, profile: PullProfile) -> Vec<Value> {
    let place = PullProfile::ALL.iter().position(|&of| of == profile).unwrap_or_default();
    let series = |(name, pulls): &(&str, Vec<&Pulls>)| {
        let chosen = pulls.get(place)?;
        let totals: Map<String, Value> = PullProfile::ALL
            .iter()
            .zip(pulls)
            .map(|(profile, pulls)| (profile.as_str().to_owned(), json!(pulls.fetched_in_all())))
            .collect();
        Some(json!({
            "name": name,
            "first_pull": chosen.first_pull,
            "bytes": chosen.fetched,
            "unpacked": chosen.unpacked,
            "total": chosen.fetched_in_all(),
            "unpack_total": chosen.unpacked_in_all(),
            "total_by_profile": totals,
        }))
    };
    rows.iter().filter_map(series).collect()
}
