//! `layerwright check`: findings about the current layers, for CI. Exit status 1 for a problem, with `--strict` also
//! for advice.

use std::io::Write;
use std::process::ExitCode;

use serde_json::json;

use crate::commands::arguments::CheckArguments;
use crate::commands::failure::Failure;
use crate::commands::json::finding_json;
use crate::commands::open::{load, sized_model};
use crate::commands::output::{print_json, print_text};
use crate::engine::advice::advice_words::{per_deploy, percent};
use crate::engine::advice::advise::advise;
use crate::engine::app_model::AppModel;
use crate::engine::find_app::find_app;
use crate::engine::reports::figures::{is_wide, saving_not_known, saving_words};
use crate::history::saving::Saving;
use crate::jobs::Unwatched;
use crate::label::Label;
use crate::layers::findings::{Finding, Severity};
use crate::workspace::model::{App, Workspace};

/// # Errors
/// When the workspace can't be read, or has no such app.
pub(crate) fn run(arguments: &CheckArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let choices = arguments.counting.choices();
    let (workspace, history) = load(&arguments.workspace, Some(choices.window))?;
    let (mut checked, mut not_checked) = (Vec::new(), Vec::new());
    for app in apps(&workspace, arguments.app.as_deref())? {
        let model = match sized_model(
            &workspace,
            &history,
            &app,
            &choices,
            arguments.counting.fetching.fetch_sizes.as_deref(),
        )? {
            Ok(model) => model,
            Err(error) if arguments.app.is_some() => return Err(Failure::Use(error.to_string())),
            // The other apps are checked all the same, and the result names this one.
            Err(error) => {
                not_checked.push((app.label, error.to_string()));
                continue;
            }
        };
        let mut findings = match model.evaluate_current(&choices) {
            Some(current) => current.findings,
            None => vec![current_not_known(&model)],
        };
        // Current layers that are not known can't exceed the suggestion.
        let most = arguments.max_over_suggested.filter(|_| model.layouts.current.is_ok());
        findings.extend(most.and_then(|most| over_suggested(arguments, &workspace, &model, most)));
        checked.push(Checked { app: app.label, findings, sizes: model.unsized_packages.note() });
    }
    let count = Count::new(&checked);
    if arguments.output.format.is_json() {
        print_json(
            output,
            &json!({
                "schema": "layerwright.check/1",
                "apps": checked.iter().map(app_json).collect::<Vec<_>>(),
                "not_checked": not_checked.iter().map(|(app, reason)| json!({"app": app, "reason": reason})).collect::<Vec<_>>(),
                "findings": count.problems + count.advice,
                "problems": count.problems,
                "advice": count.advice,
            }),
        )?;
    } else {
        print_text(output, &text(&checked, &not_checked, count))?;
    }
    let fails = count.problems > 0 || (arguments.strict && count.advice > 0);
    Ok(if fails { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// One app with what was found.
struct Checked {
    app: Label,
    findings: Vec<Finding>,
    /// What its sizes rest on, where that must be said.
    sizes: Option<String>,
}

#[derive(Clone, Copy)]
struct Count {
    problems: usize,
    advice: usize,
}

impl Count {
    fn new(checked: &[Checked]) -> Self {
        let of = |severity: Severity| {
            checked.iter().flat_map(|checked| &checked.findings).filter(|finding| finding.severity == severity).count()
        };
        Self { problems: of(Severity::Problem), advice: of(Severity::Advice) }
    }
}

fn apps(workspace: &Workspace, wanted: Option<&str>) -> Result<Vec<App>, Failure> {
    match wanted {
        Some(text) => Ok(vec![find_app(workspace, text).map_err(Failure::Use)?]),
        None => Ok(workspace.apps.clone()),
    }
}

/// Finding: the current layers are not known.
fn current_not_known(model: &AppModel) -> Finding {
    let why = model.layouts.current.as_ref().err().map_or("", String::as_str);
    Finding {
        severity: Severity::Advice,
        code: "current_not_known",
        message: format!("The current layers are not known, so nothing is compared with them: {why}"),
        labels: vec![model.app.label.clone()],
        fix: None,
    }
}

/// Finding: the present groups cost over `most` percent more than the suggested ones.
fn over_suggested(arguments: &CheckArguments, workspace: &Workspace, model: &AppModel, most: u32) -> Option<Finding> {
    let choices = arguments.counting.choices();
    let options = arguments.advice.options(&choices);
    let suggestion = advise(workspace, model, options, &mut |_| {}, &Unwatched).suggestion;
    let part = suggestion.newer;
    // What unknown sizes could turn around fails nobody's build.
    if let Some(why) =
        part.saving.as_ref().filter(|saving| matches!(saving, Saving::CouldTurn(_))).and_then(saving_not_known)
    {
        return Some(Finding {
            severity: Severity::Advice,
            code: "not_compared_with_suggested",
            message: format!("{why}, so the current groups are not compared with the suggested ones"),
            labels: vec![model.app.label.clone()],
            fix: None,
        });
    }
    let (present, suggested) = (options.objective.of(part.present), options.objective.of(part.suggested));
    let is_over = present.0.saturating_mul(100) > suggested.0.saturating_mul(u128::from(most) + 100);
    if !is_over {
        return None;
    }
    let over = i64::try_from(present.0.saturating_sub(suggested.0).saturating_mul(1_000) / suggested.0.max(1));
    let names: Vec<&str> = suggestion.groups.iter().map(|group| group.name.as_str()).collect();
    let bytes = |bytes: u128| per_deploy(bytes, part.deploys).unwrap_or_default();
    Some(Finding {
        severity: Severity::Problem,
        code: "costs_more_than_suggested",
        message: format!(
            "the current groups cost {} more than the suggested ones ({}{}): {} per deploy instead of {}, over the newer {} deploys; `layerwright apply --suggest` applies them",
            percent(over.unwrap_or(i64::MAX)),
            if names.is_empty() { "none".to_owned() } else { names.join(", ") },
            part.saving
                .as_ref()
                .filter(|saving| is_wide(saving))
                .map_or_else(String::new, |saving| format!("; these pull {}", saving_words(saving))),
            bytes(part.present.repull),
            bytes(part.suggested.repull),
            part.deploys,
        ),
        labels: vec![model.app.label.clone()],
        fix: None,
    })
}

fn app_json(checked: &Checked) -> serde_json::Value {
    let findings: Vec<_> = checked.findings.iter().map(finding_json).collect();
    json!({"app": checked.app, "findings": findings, "sizes": checked.sizes})
}

fn text(checked: &[Checked], not_checked: &[(Label, String)], count: Count) -> String {
    let mut text = String::new();
    for Checked { app, findings, sizes } in checked {
        if let Some(note) = sizes {
            text.push_str(&format!("{app}: note: {note}\n"));
        }
        for finding in findings {
            let severity = finding.severity.as_str();
            text.push_str(&format!("{app}: {severity}: {} [{}]\n", finding.message, finding.code));
        }
    }
    for (app, reason) in not_checked {
        text.push_str(&format!("{app}: not checked: {reason}\n"));
    }
    let counted = |count: usize, what: &str| if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") };
    text.push_str(&format!(
        "{} and {} of advice in {}",
        counted(count.problems, "problem"),
        counted(count.advice, "piece"),
        counted(checked.len(), "app")
    ));
    if !not_checked.is_empty() {
        text.push_str(&format!(", {} not checked", not_checked.len()));
    }
    text.push('\n');
    text
}
