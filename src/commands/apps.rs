//! `layerwright apps`: the apps of a workspace and their present layers.

use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::commands::arguments::AppsArguments;
use crate::commands::failure::Failure;
use crate::commands::open::open_workspace;
use crate::commands::output::{print_json, print_text};
use crate::layers::compression::Compression;
use crate::layers::stack::{Holds, Stack, StackLayer};
use crate::rule_sets::stack_of;
use crate::workspace::model::{App, Workspace, WrittenGroup};

/// # Errors
/// When the workspace can't be read.
pub(crate) fn run(arguments: &AppsArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let workspace = open_workspace(&arguments.workspace)?;
    if arguments.output.format.is_json() {
        print_json(output, &apps_json(&workspace))?;
    } else {
        print_text(output, &apps_text(&workspace))?;
    }
    Ok(ExitCode::SUCCESS)
}

#[must_use]
pub(crate) fn apps_json(workspace: &Workspace) -> Value {
    let apps: Vec<Value> = workspace.apps.iter().map(|app| app_json(workspace, app)).collect();
    json!({"schema": "layerwright.apps/2", "apps": apps, "findings": findings_json(workspace)})
}

fn app_json(workspace: &Workspace, app: &App) -> Value {
    let stack = stack_of(workspace, app);
    let group = |group: &WrittenGroup| json!({"name": group.name, "targets": group.targets});
    json!({
        "label": app.label,
        "macro": app.macro_name,
        "binary": app.binary,
        "path": app.path.to_string_lossy(),
        "line": app.line,
        "language": app.language,
        "dep_layers": app.dep_layers.as_ref().map(|groups| groups.iter().map(group).collect::<Vec<_>>()),
        "rule_set": stack.as_ref().map(|stack| stack.rule_set),
        "image": stack.as_ref().map(|stack| &stack.image),
        "program": stack.as_ref().and_then(|stack| stack.program.as_ref()),
        "stack": stack.as_ref().map(|stack| stack.layers.iter().map(layer_json).collect::<Vec<_>>()),
        "notes": stack.as_ref().map(|stack| stack.notes.as_slice()).unwrap_or_default(),
        "editable": app.why_not.is_none(),
        "why_not": app.why_not.as_ref().map(|why| why.code.as_str()),
        "message": app.why_not.as_ref().map(|why| why.message.as_str()),
    })
}

fn layer_json(layer: &StackLayer) -> Value {
    json!({
        "name": layer.name,
        "target": layer.target,
        "holds": layer.holds.as_str(),
        "compression": layer.compression.map(Compression::as_str),
        "why": layer.why,
    })
}

/// A line for each layer, lowest first.
fn layers_text(stack: &Stack) -> String {
    let width = stack.layers.iter().map(|layer| layer.name.chars().count()).max().unwrap_or_default();
    let line = |layer: &StackLayer| {
        let holds = match layer.holds {
            Holds::Unknown => "not known",
            holds => holds.as_str(),
        };
        format!("  {:width$}  {holds:<11}  {}\n", layer.name, layer.why)
    };
    let layers: String = stack.layers.iter().map(line).collect();
    let notes: String = stack.notes.iter().map(|note| format!("  note: {note}\n")).collect();
    layers + &notes
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
        let stack = stack_of(workspace, app);
        let language = app.language.as_deref().unwrap_or("python");
        let rule_set = stack.as_ref().map(|stack| format!("  {}", stack.rule_set)).unwrap_or_default();
        let state = app.why_not.as_ref().map(|why| format!("  not editable: {}", why.message)).unwrap_or_default();
        text.push_str(&format!("{}  {language}{rule_set}  {}:{}{state}\n", app.label, app.path.display(), app.line));
        let Some(stack) = stack else {
            text.push_str("  layers: not known\n");
            continue;
        };
        text.push_str(&layers_text(&stack));
    }
    if workspace.apps.is_empty() {
        text.push_str("No apps found: nothing here calls a macro with `dep_layers` or builds an image. --app also accepts any py_binary.\n");
    }
    for finding in &workspace.findings {
        let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
        text.push_str(&format!("note: {}{line}: {} [{}]\n", finding.path.display(), finding.message, finding.code));
    }
    text
}
