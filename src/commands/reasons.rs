//! `plan --why` and `plan --evidence`: the reason for something's layer, and the commits that changed it.

use serde_json::{Value, json};

use crate::commands::failure::Failure;
use crate::counted::counted;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::reports::evidence::{ChangingCommit, Subject, changing_commits, items_of};
use crate::history::date::date;
use crate::history::model::{Commit, History};
use crate::label::Label;
use crate::layers::why::{Claim, Why, own_items, why};

pub(super) struct WhyOf {
    label: Label,
    why: Why,
}

/// # Errors
/// When the image does not contain it.
pub(super) fn why_of(model: &AppModel, evaluation: &Evaluation, label: &Label) -> Result<WhyOf, Failure> {
    let items = own_items(&model.graph, &model.contents, label);
    match why(&model.graph, &model.contents, &evaluation.partition, &items) {
        Some(why) => Ok(WhyOf { label: label.clone(), why }),
        None => Err(not_there(model, &format!("{label} has no files of its own in the image"))),
    }
}

fn not_there(model: &AppModel, what: &str) -> Failure {
    Failure::Use(format!("{what}; `layerwright graph --app {}` lists its contents", model.app.label))
}

pub(super) fn why_json(of: &WhyOf) -> Value {
    let claim = |claim: &Claim| json!({"layer": claim.name, "kind": claim.layer.as_str(), "items": claim.items, "path": claim.path});
    json!({
        "label": of.label,
        "held_by": of.why.held.iter().map(claim).collect::<Vec<_>>(),
        "wanted_by": of.why.wanted.iter().map(claim).collect::<Vec<_>>(),
    })
}

pub(super) fn why_text(of: &WhyOf) -> String {
    let path = |claim: &Claim| claim.path.iter().map(ToString::to_string).collect::<Vec<_>>().join(" -> ");
    let mut text = String::new();
    for claim in &of.why.held {
        let by = if claim.path.is_empty() { "as one of its targets".to_owned() } else { format!("by {}", path(claim)) };
        text.push_str(&format!("why: {} is in layer `{}`, {by}\n", of.label, claim.name));
    }
    for claim in &of.why.wanted {
        text.push_str(&format!("why: layer `{}` also needs it, by {}\n", claim.name, path(claim)));
    }
    text
}

pub(super) struct EvidenceOf {
    subject: String,
    commits: Vec<ChangingCommit>,
}

/// `text` names a layer, or else a label.
///
/// # Errors
/// When the image has neither.
pub(super) fn evidence_of(model: &AppModel, evaluation: &Evaluation, text: &str) -> Result<EvidenceOf, Failure> {
    let layer = Subject::Layer(text.to_owned());
    let unit = Label::parse_absolute(text).ok().map(Subject::Unit);
    let items = std::iter::once(layer)
        .chain(unit)
        .find_map(|subject| items_of(model, &evaluation.partition, &subject))
        .ok_or_else(|| not_there(model, &format!("the image has no layer or files called `{text}`")))?;
    Ok(EvidenceOf { subject: text.to_owned(), commits: changing_commits(model, &items) })
}

/// Newest commit first.
pub(super) fn evidence_json(of: &EvidenceOf, history: &History) -> Value {
    let commit = |changing: &ChangingCommit, commit: &Commit| {
        json!({
            "commit": commit.id,
            "time": commit.time,
            "date": date(commit.time),
            "author": commit.author,
            "subject": commit.subject,
            "deploy": changing.deploy,
            "changed": changing.changed,
        })
    };
    let known = of.commits.iter().filter_map(|changing| Some((changing, history.commits.get(changing.commit)?)));
    let commits: Vec<Value> = known.map(|(changing, found)| commit(changing, found)).collect();
    json!({"of": of.subject, "commits": commits})
}

pub(super) fn evidence_text(of: &EvidenceOf, history: &History) -> String {
    let mut text = format!("evidence: {} changed {}\n", counted(of.commits.len(), "commit"), of.subject);
    for changing in &of.commits {
        let Some(commit) = history.commits.get(changing.commit) else { continue };
        let id = commit.id.get(..10).unwrap_or(&commit.id);
        let changed: Vec<String> = changing.changed.iter().take(3).map(ToString::to_string).collect();
        let more = changing.changed.len().saturating_sub(3);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let changed = changed.join(", ");
        text.push_str(&format!("  {} {id:<11} {}  [{changed}{more}]\n", date(commit.time), commit.subject));
    }
    text
}
