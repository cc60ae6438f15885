//! `layerwright graph`: the dependencies of an app's binary.

use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::commands::arguments::{GraphArguments, GraphFormat};
use crate::commands::failure::Failure;
use crate::commands::graph_comparison;
use crate::commands::open::{Opened, open_app};
use crate::commands::output::{print_json, print_text};
use crate::engine::app_model::AppModel;
use crate::graph::model::{Graph, NodeId, NodeKind};
use crate::workspace::model::{PackageSource, Workspace};

/// # Errors
/// When there is no such workspace or app.
pub(crate) fn run(arguments: &GraphArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    if arguments.compare {
        return graph_comparison::run(arguments, output);
    }
    let Opened { workspace, model, .. } = open_app(&arguments.app)?;
    match arguments.format {
        GraphFormat::Json => print_json(output, &graph_json(&workspace, &model))?,
        GraphFormat::Dot => print_text(output, &graph_dot(&model.graph))?,
        GraphFormat::Text => print_text(output, &graph_text(&model))?,
    }
    Ok(ExitCode::SUCCESS)
}

#[must_use]
pub(crate) fn graph_json(workspace: &Workspace, model: &AppModel) -> Value {
    let graph = &model.graph;
    let nodes: Vec<Value> = graph
        .nodes_by_label()
        .map(|(id, node)| json!({"label": node.label, "kind": node.kind.as_str(), "files": own_files(graph, id)}))
        .collect();
    let edges: Vec<Value> =
        graph.edges().into_iter().map(|(from, to)| json!([label(graph, from), label(graph, to)])).collect();
    json!({
        "schema": "layerwright.graph/1",
        "app": model.app.label,
        "binary": model.app.binary,
        "source": source(workspace, graph),
        "nodes": nodes,
        "edges": edges,
        "notes": model.notes,
    })
}

/// `evaluated` if every package of the graph was; `read` if one had to be folded from its syntax.
fn source(workspace: &Workspace, graph: &Graph) -> &'static str {
    let packages = graph
        .nodes()
        .filter(|(_, node)| node.label.is_main())
        .filter_map(|(_, node)| workspace.packages.get(node.label.package()));
    let mut source = "evaluated";
    for package in packages {
        match package.source {
            PackageSource::Bazel => return "bazel",
            PackageSource::Read { .. } => source = "read",
            PackageSource::Evaluated => {}
        }
    }
    source
}

fn own_files(graph: &Graph, id: NodeId) -> usize {
    let is_file =
        |id: NodeId| graph.node(id).is_some_and(|node| matches!(node.kind, NodeKind::Source | NodeKind::Generated));
    if is_file(id) {
        return 1;
    }
    graph.dependencies(id).into_iter().filter(|&dependency| is_file(dependency)).count()
}

fn label(graph: &Graph, id: NodeId) -> String {
    graph.node(id).map(|node| node.label.to_string()).unwrap_or_default()
}

/// The format of `bazel query --output=graph` with `--nograph:factored`.
#[must_use]
pub(crate) fn graph_dot(graph: &Graph) -> String {
    let mut text = "digraph layerwright {\n  node [shape=box];\n".to_owned();
    for (id, node) in graph.nodes_by_label() {
        text.push_str(&format!("  \"{}\"\n", escaped(&node.label.to_string())));
        for dependency in graph.dependencies(id) {
            text.push_str(&format!(
                "  \"{}\" -> \"{}\"\n",
                escaped(&node.label.to_string()),
                escaped(&label(graph, dependency))
            ));
        }
    }
    text.push_str("}\n");
    text
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn graph_text(model: &AppModel) -> String {
    let graph = &model.graph;
    let mut text = String::new();
    for (id, node) in graph.nodes_by_label() {
        text.push_str(&format!("{}  ({})\n", node.label, node.kind.as_str()));
        for dependency in graph.dependencies(id) {
            text.push_str(&format!("    {}\n", label(graph, dependency)));
        }
    }
    for note in &model.notes {
        text.push_str(&format!("note: {note}\n"));
    }
    text
}
