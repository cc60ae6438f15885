//! `layerwright apps`: the apps of a workspace and their present layers.

use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::commands::arguments::AppsArguments;
use crate::commands::failure::Failure;
use crate::commands::open::open_workspace;
use crate::commands::output::{print_json, print_text};
use crate::workspace::model::{App, Workspace, WrittenGroup};

/// Runs the command.
///
/// # Errors
/// When the workspace can't be read.
pub fn run(arguments: &AppsArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let workspace = open_workspace(&arguments.workspace)?;
    if arguments.output.format.is_json() {
        print_json(output, &apps_json(&workspace))?;
    } else {
        print_text(output, &apps_text(&workspace))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The document `layerwright.apps/1`.
#[must_use]
pub fn apps_json(workspace: &Workspace) -> Value {
    let apps: Vec<Value> = workspace.apps.iter().map(app_json).collect();
    json!({"schema": "layerwright.apps/1", "apps": apps, "findings": findings_json(workspace)})
}

fn app_json(app: &App) -> Value {
    let group = |group: &WrittenGroup| json!({"name": group.name, "targets": group.targets});
    json!({
        "label": app.label,
        "macro": app.macro_name,
        "binary": app.binary,
        "path": app.path.to_string_lossy(),
        "line": app.line,
        "language": app.language,
        "dep_layers": app.dep_layers.as_ref().map(|groups| groups.iter().map(group).collect::<Vec<_>>()),
        "editable": app.why_not.is_none(),
        "why_not": app.why_not.as_ref().map(|why| why.code.as_str()),
        "message": app.why_not.as_ref().map(|why| why.message.as_str()),
    })
}

fn findings_json(workspace: &Workspace) -> Vec<Value> {
    let finding = |finding: &crate::workspace::model::ReadFinding| {
        json!({
            "path": finding.path.to_string_lossy(),
            "line": finding.line,
            "code": finding.code,
            "message": finding.message,
        })
    };
    workspace.findings.iter().map(finding).collect()
}

fn apps_text(workspace: &Workspace) -> String {
    let mut text = String::new();
    for app in &workspace.apps {
        let layers = match &app.dep_layers {
            None => "one layer".to_owned(),
            Some(groups) => groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>().join(", "),
        };
        let state = app.why_not.as_ref().map(|why| format!("  not editable: {}", why.message)).unwrap_or_default();
        let language = app.language.as_deref().unwrap_or("python");
        text.push_str(&format!("{}  {language}  {}:{}  [{layers}]{state}\n", app.label, app.path.display(), app.line));
    }
    if workspace.apps.is_empty() {
        text.push_str("No app found: no call of a macro that takes `dep_layers` or builds an image. Any py_binary can be planned for with --app.\n");
    }
    for finding in &workspace.findings {
        let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
        text.push_str(&format!("note: {}{line}: {} [{}]\n", finding.path.display(), finding.message, finding.code));
    }
    text
}
