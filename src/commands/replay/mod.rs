//! `layerwright replay`: what the repository's own deploys would have made a node fetch and unpack.
//!
//! The series are those that the window draws (`app::replay_series`).

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use crate::byte_count::ByteCount;
use crate::commands::arguments::ReplayArguments;
use crate::commands::failure::Failure;
use crate::commands::open::{load, read_plan};
use crate::commands::{print_json, print_text};
use crate::engine::advice::advice_words::verdict_line;
use crate::engine::advice::advise::{Advice, advise};
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::choices::Choices;
use crate::engine::find_app::find_app;
use crate::engine::reports::replay_series::{Designs, ReplaySeries, replay_series};
use crate::engine::sizes::known_sizes::open_model;
use crate::history::cost::PullProfile;
use crate::history::date::date;
use crate::history::deploys::Deploys;
use crate::history::model::{Commit, History, HistoryStart};
use crate::history::replay::Pulls;
use crate::jobs::Unwatched;
use crate::rule_sets::dep_layers::macro_class::MacroClass;
use crate::workspace::model::{App, Workspace};

mod fleet;

/// One app with its designs.
struct Replayed {
    /// The app.
    model: AppModel,
    on_disk: Evaluation,
    plan: Evaluation,
    suggested: Option<Evaluation>,
    /// The series, in the order of [`PullProfile::ALL`].
    by_profile: Vec<ReplaySeries>,
    /// The suggestion behind the series `suggested`.
    advice: Option<Advice>,
}

/// Runs the command.
///
/// # Errors
/// When there is no such workspace or app, or the plan file is not a plan.
pub fn run(arguments: &ReplayArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let choices = arguments.counting.choices();
    let (workspace, history) = load(&arguments.workspace, Some(choices.window))?;
    let apps: Result<Vec<App>, String> = arguments.app.iter().map(|app| find_app(&workspace, app)).collect();
    let mut apps = apps.map_err(Failure::Use)?;
    if arguments.fleet {
        let is_python = |app: &&App| app.language.as_deref().is_none_or(|language| language == "python");
        apps = workspace.apps.iter().filter(is_python).cloned().collect();
    }
    if arguments.plan.is_some() && apps.len() > 1 {
        return Err(Failure::Use("a plan file is for one app: with several, leave --plan out".to_owned()));
    }
    let mut replayed = Vec::with_capacity(apps.len());
    for app in &apps {
        let opened = open_model(&workspace, &history, app, &choices, &Unwatched);
        match opened {
            Ok(model) => replayed.push(replay_app(arguments, &workspace, model, &choices)?),
            Err(error) if arguments.fleet => tracing::warn!("{} is left out: {error}", app.label),
            Err(error) => return Err(Failure::Use(error.to_string())),
        }
    }
    let is_json = arguments.output.format.is_json();
    match replayed.as_slice() {
        [] => return Err(Failure::Use("this workspace has no Python app to replay".to_owned())),
        [only] if !arguments.fleet && is_json => print_json(output, &replay_json(only, &history, &choices))?,
        [only] if !arguments.fleet => print_text(output, &replay_text(only, &history, &choices, arguments.list))?,
        several => fleet::print(several, &history, &choices, is_json, output)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn replay_app(
    arguments: &ReplayArguments,
    workspace: &Workspace,
    model: AppModel,
    choices: &Choices,
) -> Result<Replayed, Failure> {
    let plan = match &arguments.plan {
        Some(path) => read_plan(path, &model)?,
        None => model.on_disk.clone(),
    };
    let wish = arguments.advice.wish(choices);
    let advice = arguments.suggest.then(|| advise(workspace, &model, wish, &mut |_| {}, &Unwatched));
    let on_disk = model.evaluate_on_disk(choices);
    let plan = model.evaluate(&plan, choices);
    let suggested = advice.as_ref().map(|advice| model.evaluate(advice.recommended(&model.on_disk), choices));
    let mut replayed = Replayed { model, on_disk, plan, suggested, by_profile: Vec::new(), advice };
    replayed.by_profile = PullProfile::ALL.iter().map(|&profile| replay_series(replayed.designs(), profile)).collect();
    Ok(replayed)
}

impl Replayed {
    fn designs(&self) -> Designs<'_> {
        Designs { model: &self.model, on_disk: &self.on_disk, plan: &self.plan, suggested: self.suggested.as_ref() }
    }

    /// The series under one profile.
    fn series(&self, profile: PullProfile) -> Option<&ReplaySeries> {
        PullProfile::ALL.iter().position(|&of| of == profile).and_then(|place| self.by_profile.get(place))
    }

    /// As [`rows`].
    fn rows(&self) -> Rows<'_> {
        rows(&self.by_profile.iter().map(ReplaySeries::named).collect::<Vec<_>>())
    }
}

/// Per series its name and its pulls, in the order of [`PullProfile::ALL`].
type Rows<'a> = Vec<(&'static str, Vec<&'a Pulls>)>;

/// Turns the series of each profile into the profiles of each series.
fn rows<'a>(by_profile: &[Vec<(&'static str, &'a Pulls)>]) -> Rows<'a> {
    let names = by_profile.first().map(Vec::as_slice).unwrap_or_default();
    let row = |(place, (name, _)): (usize, &(&'static str, &Pulls))| {
        let pulls = by_profile.iter().filter_map(|series| series.get(place).map(|(_, pulls)| *pulls));
        (*name, pulls.collect())
    };
    names.iter().enumerate().map(row).collect()
}

/// The document `layerwright.replay/1`: bytes per deploy for the chosen profile, and sums for each.
fn replay_json(replayed: &Replayed, history: &History, choices: &Choices) -> Value {
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
        "notes": notes(replayed, history),
    });
    if let (Some(advice), Some(fields)) = (&replayed.advice, document.as_object_mut()) {
        fields.insert("suggestion".to_owned(), json!(verdict_line(&advice.suggestion)));
    }
    document
}

/// The deployed commits, oldest first.
fn deployed_json(deploys: &Deploys, history: &History) -> Vec<Value> {
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

fn series_json(rows: &Rows<'_>, profile: PullProfile) -> Vec<Value> {
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

/// What a reader must know to take the figures for what they are.
fn notes(replayed: &Replayed, history: &History) -> Vec<String> {
    let model = &replayed.model;
    let mut notes = vec![
        "The first pull comes on top of the sums; the base image and the certificates are not counted".to_owned(),
        "Every deploy is counted with the sizes and the dependencies of today".to_owned(),
    ];
    if model.verdict.class != MacroClass::Partitions {
        notes.push(format!("{}; `plan` and `suggested` hold with layer rules that partition", model.verdict.sentence));
    }
    let pending = &model.measures.deploys.pending;
    if !pending.is_empty() && pending.len() < model.measures.commits {
        let row = model.measures.commit_row(&model.contents.all);
        let waiting = pending.clone().filter(|&commit| row.get(commit)).count();
        if waiting > 0 {
            notes.push(format!("{waiting} commits that change the app come after the last deploy and are in none"));
        }
    }
    if let HistoryStart::Shallow { boundary } = &history.start {
        notes.push(format!(
            "The clone is shallow: nothing before {} is known (`git fetch --unshallow` brings it)",
            boundary.get(..10).unwrap_or(boundary)
        ));
    }
    notes.extend(model.notes.iter().cloned());
    notes
}

/// The replay for people: a line per series, then, with `list`, a line per deploy.
fn replay_text(replayed: &Replayed, history: &History, choices: &Choices, list: bool) -> String {
    let Replayed { model, .. } = replayed;
    let deploys = model.measures.deploys.deploys.len();
    let mut text = String::new();
    // Writing to a string can't fail.
    let mut line = |words: std::fmt::Arguments<'_>| {
        if text.write_fmt(words).is_ok() {
            text.push('\n');
        }
    };
    line(format_args!("{}  ({})", model.app.label, choices.platform));
    line(format_args!(
        "{deploys} deploys in {} commits{}, deployed {}",
        model.measures.commits,
        span(history),
        choices.cadence.meaning()
    ));
    if deploys == 0 {
        line(format_args!("nothing to replay: no deploy in this history changes the app"));
    } else {
        table(&replayed.rows(), &mut line);
    }
    if list && let Some(series) = replayed.series(choices.profile) {
        line(format_args!("bytes fetched per deploy, pull profile {}:", choices.profile.as_str()));
        list_deploys(series, history, &mut line);
    }
    if let Some(advice) = &replayed.advice {
        line(format_args!("suggestion: {}", verdict_line(&advice.suggestion)));
    }
    for note in notes(replayed, history) {
        line(format_args!("note: {note}"));
    }
    text
}

/// A line per series: first pull, sums by pull profile, unpacked.
fn table(rows: &Rows<'_>, line: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
    let [keep, chain, reuse] = PullProfile::ALL.map(PullProfile::as_str);
    line(format_args!("{:<14}{:>12}{:>36}{:>14}", "", "first pull", "fetched by all deploys together", "unpacked"));
    line(format_args!("{:<26}{keep:>12}{chain:>12}{reuse:>12}", ""));
    for (name, pulls) in rows {
        let Some(first) = pulls.first() else { continue };
        let sums: String = pulls.iter().map(|pulls| format!("{:>12}", pulls.fetched_in_all())).collect();
        line(format_args!("{name:<14}{:>12}{sums}{:>14}", first.first_pull, first.unpacked_in_all()));
    }
}

/// The days between which the history lies.
fn span(history: &History) -> String {
    match (history.commits.first(), history.commits.last()) {
        (Some(first), Some(last)) => format!(" from {} to {}", date(first.time), date(last.time)),
        _ => String::new(),
    }
}

fn list_deploys(series: &ReplaySeries, history: &History, line: &mut dyn FnMut(std::fmt::Arguments<'_>)) {
    let named = series.named();
    let names: String = named.iter().map(|(name, _)| format!("{name:>13}")).collect();
    line(format_args!("{:<22}{names}  subject", "deployed"));
    for (deploy, commit) in series.commits.iter().enumerate() {
        let Some(commit) = history.commits.get(*commit) else { continue };
        let bytes = |pulls: &Pulls| pulls.fetched.get(deploy).copied().unwrap_or(ByteCount::ZERO);
        let bytes: String = named.iter().map(|(_, pulls)| format!("{:>13}", bytes(pulls))).collect();
        line(format_args!("{} {}{bytes}  {}", date(commit.time), short(commit), commit.subject));
    }
}

/// The first ten digits of a commit's id, padded where a made-up history has fewer.
fn short(commit: &Commit) -> String {
    format!("{:<11}", commit.id.get(..10).unwrap_or(&commit.id))
}
