//! `layerwright graph --compare`: edges that only the files or only Bazel have.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::commands::arguments::{GraphArguments, GraphFormat, WorkspaceArgument};
use crate::commands::failure::Failure;
use crate::commands::open::{bazel_source, load, warn_of_bazel};
use crate::commands::output::{Lines, print_json, print_text};
use crate::commands::progress::StandardError;
use crate::counted::counted;
use crate::engine::app_model::AppModel;
use crate::engine::choices::Choices;
use crate::engine::find_app::find_app;
use crate::engine::open::load::take_bazels_answer;
use crate::graph::model::Graph;
use crate::history::model::History;
use crate::label::Label;
use crate::workspace::bazel::overlay::{BAZEL_ERROR, NOT_ANSWERED};
use crate::workspace::model::{ReadFinding, Workspace};

type Edges = BTreeSet<(Label, Label)>;

/// # Errors
/// When there is no such workspace or app, it is not trusted, or Bazel fails.
pub(super) fn run(arguments: &GraphArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let (argument, wanted) = (&arguments.app.workspace, arguments.app.app.as_str());
    if arguments.format == GraphFormat::Dot {
        return Err(Failure::Use("--compare needs --format text or --format json".to_owned()));
    }
    let source = bazel_source(argument)?;
    let files = WorkspaceArgument { workspace: argument.workspace.clone(), ..WorkspaceArgument::default() };
    let (read, _) = load(&files, None)?;
    let mut answered = read.clone();
    take_bazels_answer(&mut answered, &source, &StandardError::default())
        .map_err(|error| Failure::Outside(error.to_string()))?;
    warn_of_bazel(&answered);
    let choices = arguments.app.counting.choices();
    let comparison = match (edges(&read, wanted, &choices), edges(&answered, wanted, &choices)) {
        (Err(problem), Err(_)) => return Err(problem),
        (of_files, of_bazel) => Comparison::new(of_files.ok(), of_bazel.ok(), &answered),
    };
    match arguments.format {
        GraphFormat::Json => print_json(output, &comparison.json())?,
        GraphFormat::Text | GraphFormat::Dot => print_text(output, &comparison.text())?,
    }
    Ok(ExitCode::SUCCESS)
}

struct Side {
    app: Label,
    binary: Option<Label>,
    edges: Edges,
}

fn edges(workspace: &Workspace, wanted: &str, choices: &Choices) -> Result<Side, Failure> {
    let app = find_app(workspace, wanted).map_err(Failure::Use)?;
    let model = AppModel::new(workspace, &History::default(), &app, choices)
        .map_err(|error| Failure::Use(error.to_string()))?;
    Ok(Side { app: model.app.label.clone(), binary: model.app.binary.clone(), edges: edges_of(&model.graph) })
}

fn edges_of(graph: &Graph) -> Edges {
    let label = |id| graph.node(id).map(|node| node.label.clone());
    graph.edges().into_iter().filter_map(|(from, to)| Some((label(from)?, label(to)?))).collect()
}

struct Comparison {
    app: Option<Label>,
    binary: Option<Label>,
    both: usize,
    only_bazel: Vec<(Label, Label)>,
    only_read: Vec<(Label, Label)>,
    /// Targets that Bazel's answer leaves out.
    findings: Vec<ReadFinding>,
}

impl Comparison {
    fn new(of_files: Option<Side>, of_bazel: Option<Side>, answered: &Workspace) -> Self {
        let named = of_files.as_ref().or(of_bazel.as_ref());
        let (app, binary) = (named.map(|side| side.app.clone()), named.and_then(|side| side.binary.clone()));
        let edges = |side: Option<Side>| side.map(|side| side.edges).unwrap_or_default();
        let (read, bazel) = (edges(of_files), edges(of_bazel));
        let is_about_bazel = |finding: &&ReadFinding| matches!(finding.code.as_str(), BAZEL_ERROR | NOT_ANSWERED);
        Self {
            app,
            binary,
            both: read.intersection(&bazel).count(),
            only_bazel: bazel.difference(&read).cloned().collect(),
            only_read: read.difference(&bazel).cloned().collect(),
            findings: answered.findings.iter().filter(is_about_bazel).cloned().collect(),
        }
    }

    fn json(&self) -> Value {
        let edges = |edges: &[(Label, Label)]| edges.iter().map(|(from, to)| json!([from, to])).collect::<Vec<_>>();
        let finding = |finding: &ReadFinding| {
            json!({
                "path": finding.path.to_string_lossy(),
                "line": finding.line,
                "code": finding.code,
                "message": finding.message,
            })
        };
        json!({
            "schema": "layerwright.graph_comparison/1",
            "app": self.app,
            "binary": self.binary,
            "both": self.both,
            "only_bazel": edges(&self.only_bazel),
            "only_read": edges(&self.only_read),
            "partial": !self.findings.is_empty(),
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
        })
    }

    fn text(&self) -> String {
        let mut lines = Lines::default();
        let app = self.app.as_ref().map(ToString::to_string).unwrap_or_default();
        lines.add(format_args!("{app}: {} in both", counted(self.both, "edge")));
        for (who, edges) in [("Bazel", &self.only_bazel), ("the files", &self.only_read)] {
            lines.add(format_args!("{} only in {who}", counted(edges.len(), "edge")));
            for (from, to) in edges {
                lines.add(format_args!("    {from} -> {to}"));
            }
        }
        if !self.findings.is_empty() {
            lines.add(format_args!("Bazel's answer is partial: edges that only the files have may be missing from it"));
        }
        lines.0
    }
}
