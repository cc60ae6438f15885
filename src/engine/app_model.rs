//! Everything known of one app for one platform. Made once per app off the window's thread; plans are evaluated against
//! it at every move. Pure.

use std::collections::BTreeSet;
use std::sync::Arc;

use thiserror::Error;

use crate::advice::findings::{RuleFacts, findings_with_numbers};
use crate::advice::problem::InterpreterLayer;
use crate::engine::change::dependency_changes::DependencyChanges;
use crate::engine::choices::Choices;
use crate::engine::current::{Layouts, layouts_of_macro, layouts_of_stack};
use crate::engine::sizes::unsized_packages::UnsizedPackages;
use crate::graph::build::{GraphError, build_graph};
use crate::graph::contents::{Contents, Item, ItemKind, contents};
use crate::graph::model::{Graph, NodeId, NodeKind};
use crate::graph::packages::{Hubs, resolve_hubs};
use crate::history::cost::{Measures, PlanNumbers, plan_numbers};
use crate::history::deploys::{Cadence, CadenceError, deploys};
use crate::history::model::{ChangeRow, History, HistoryStart};
use crate::history::rows::HistoryIndex;
use crate::label::Label;
use crate::layers::current::current_plan;
use crate::layers::findings::{Finding, Severity, findings as layer_findings};
use crate::layers::library_names::LibraryNames;
use crate::layers::partition::{LayerKind, Layout, Partition, partition};
use crate::layers::plan::Plan;
use crate::layers::stack::{Claim, Stack};
use crate::rule_sets::compression::{CompressionInUse, compression_in_use};
use crate::rule_sets::dep_layers::macro_class::{MacroClass, MacroVerdict, macro_finding, macro_verdict};
use crate::rule_sets::paths::Paths;
use crate::rule_sets::stack_of;
use crate::size::item_sizes::{ItemSizes, item_sizes};
use crate::size::known::KnownSizes;
use crate::size::typical::is_usually_native;
use crate::workspace::lock::PackageName;
use crate::workspace::lock::wheel_tags::is_for_one_python;
use crate::workspace::model::{App, Workspace};
use crate::workspace::platform::Platform;
use crate::workspace::python::{PythonInUse, python_of};

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AppError {
    #[error("{app} ({path}:{line}) names no binary in this workspace")]
    NoBinary { app: String, path: String, line: usize },
    #[error("{app} is written in {language}; only Python images can be planned")]
    NotPython { app: String, language: String },
    #[error(transparent)]
    Graph(#[from] GraphError),
    #[error(transparent)]
    Cadence(#[from] CadenceError),
}

#[derive(Clone, Debug)]
pub struct AppModel {
    pub app: App,
    pub graph: Graph,
    pub contents: Contents,
    pub measures: Measures,
    /// The plan in the BUILD file.
    pub on_disk: Plan,
    pub library_names: LibraryNames,
    pub verdict: MacroVerdict,
    /// With provenance.
    pub compression: CompressionInUse,
    pub rule_facts: RuleFacts,
    /// The workspace's folder in the image, such as `app/main.runfiles/_main`.
    pub runfiles_root: String,
    pub layouts: Layouts,
    /// The changed dependencies that the model includes.
    pub changes: DependencyChanges,
    pub python: PythonInUse,
    pub platform: Platform,
    /// The packages whose sizes rest on little.
    pub unsized_packages: UnsizedPackages,
    /// Sorted.
    pub notes: Vec<String>,
    /// The notes that hold whatever is found out about sizes.
    pub lasting_notes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluation {
    /// Shared, so that caches recognise it by its address.
    pub partition: Arc<Partition>,
    pub numbers: PlanNumbers,
    pub findings: Vec<Finding>,
}

impl AppModel {
    /// # Errors
    /// When the app has no Python binary in this workspace.
    pub fn new(workspace: &Workspace, history: &History, app: &App, choices: &Choices) -> Result<Self, AppError> {
        if let Some(language) = app.language.as_ref().filter(|language| *language != "python") {
            return Err(AppError::NotPython { app: app.label.to_string(), language: language.clone() });
        }
        let binary = app.binary.as_ref().ok_or_else(|| AppError::NoBinary {
            app: app.label.to_string(),
            path: app.path.display().to_string(),
            line: app.line,
        })?;
        let python = PythonInUse::new(python_of(workspace, binary).as_ref(), choices.default_python);
        let hubs = resolve_hubs(workspace, &choices.platform, python.version);
        let graph = build_graph(workspace, &hubs, binary)?;
        let contents = contents(workspace, &hubs, &graph);
        let mut notes = lock_notes(&hubs, &contents);
        let verdict = macro_verdict(workspace, app);
        // The rules of `assets/bazel` share one folder between apps, so that equal layers are equal; others name the
        // binary.
        let runfiles = match verdict.class {
            MacroClass::Partitions => "app/shared.runfiles/_main".to_owned(),
            _ => format!("app/{}.runfiles/_main", binary.name()),
        };
        let compression = compression_in_use(workspace, app, choices.compression);
        let rows = rows(&graph, &contents, history, &app.path.to_string_lossy());
        notes.extend(graph.notes.iter().cloned());
        let stack = stack_of(workspace, app);
        let layouts = match &stack {
            Some(stack) if !matches!(verdict.class, MacroClass::Partitions | MacroClass::RepeatsEverything) => {
                let paths =
                    Paths::new(workspace, binary, &contents, &stack.listing, &choices.platform, &is_usually_native);
                layouts_of_stack(stack, &graph, &contents, &paths)
            }
            _ => layouts_of_macro(&verdict, app.dep_layers.is_some(), &contents),
        };
        notes.extend(layouts.notes.iter().cloned());
        let verdict = if layouts.divides { MacroVerdict::own_rules(app) } else { verdict };
        notes.extend(layouts.current.as_ref().ok().and_then(uncounted_note));
        let compression = match (&stack, choices.compression) {
            (Some(stack), None) => compression_of(stack).unwrap_or(compression),
            _ => compression,
        };
        let sizes =
            item_sizes(&contents, &runfiles, compression.compression, &choices.platform, &KnownSizes::default());
        let mut on_disk = current_plan(workspace, app);
        on_disk.order = layouts.of(&on_disk).own_order(&on_disk);
        let rule_facts = RuleFacts::new(workspace, app, &graph);
        let model = Self {
            library_names: LibraryNames::new(workspace, app, binary, &on_disk),
            on_disk,
            app: app.clone(),
            measures: measures(sizes, rows, &contents, history, &choices.cadence)?,
            graph,
            contents,
            verdict,
            compression,
            rule_facts,
            runfiles_root: runfiles,
            layouts,
            changes: DependencyChanges::default(),
            python,
            platform: choices.platform,
            unsized_packages: UnsizedPackages::default(),
            notes: Vec::new(),
            lasting_notes: notes,
        };
        Ok(model.with_known(&KnownSizes::default()))
    }

    /// Replaces all that was known of sizes.
    #[must_use]
    pub fn with_known(mut self, known: &KnownSizes) -> Self {
        let compression = self.compression.compression;
        self.measures.sizes = item_sizes(&self.contents, &self.runfiles_root, compression, &self.platform, known);
        self.notes.clone_from(&self.lasting_notes);
        self.unsized_packages = UnsizedPackages::new(&self.contents, &self.measures.sizes, &known.indexes);
        self.notes.extend(self.unsized_packages.note());
        self.notes.extend(other_locks_note(known));
        self.notes.extend(known.gap.map(|gap| gap.sentence()));
        self.notes.extend(found_note(known));
        self.notes.extend(measured_note(known));
        self.notes.sort();
        self.notes.dedup();
        self
    }

    /// # Errors
    /// When the cadence is malformed.
    pub fn with_history(&self, history: &History, cadence: &Cadence) -> Result<Self, CadenceError> {
        let rows = rows(&self.graph, &self.contents, history, &self.app.path.to_string_lossy());
        self.with_rows(rows, history, cadence)
    }

    /// # Errors
    /// When the cadence is malformed.
    pub fn with_cadence(&self, history: &History, cadence: &Cadence) -> Result<Self, CadenceError> {
        self.with_rows(self.measures.commit_rows.clone(), history, cadence)
    }

    fn with_rows(&self, rows: Vec<ChangeRow>, history: &History, cadence: &Cadence) -> Result<Self, CadenceError> {
        let measures = measures(self.measures.sizes.clone(), rows, &self.contents, history, cadence)?;
        Ok(Self { measures, ..self.clone() })
    }

    /// `None` if the current layers are not known.
    #[must_use]
    pub fn evaluate_current(&self, choices: &Choices) -> Option<Evaluation> {
        let layout = self.layouts.current.as_ref().ok()?;
        Some(self.evaluate_with(&self.on_disk, layout, choices))
    }

    /// Returns `true` if the rule set divides the program by itself, so that groups stand beside its own layers.
    #[must_use]
    pub fn divides(&self) -> bool {
        self.layouts.divides
    }

    #[must_use]
    pub fn interpreter_layer(&self) -> InterpreterLayer {
        let has_layer = |layout: &Layout| layout.fixed.iter().any(|layer| layer.kind == LayerKind::Interpreter);
        match (&self.layouts.current, has_layer(&self.layouts.planned)) {
            (_, false) => InterpreterLayer::Never,
            (Ok(layout), true) if !has_layer(layout) => InterpreterLayer::BesideGroups,
            (_, true) => InterpreterLayer::Always,
        }
    }

    fn findings(&self, partition: &Partition, numbers: &PlanNumbers) -> Vec<Finding> {
        let compression = self.compression.compression;
        let mut findings: Vec<Finding> = macro_finding(&self.verdict).into_iter().collect();
        findings.extend(layer_findings(partition));
        findings.extend(self.contents.unknown_sentence().map(|message| Finding {
            severity: Severity::Advice,
            code: "unknown_content",
            message,
            labels: self.contents.unknown.iter().map(|unknown| unknown.label.clone()).collect(),
            fix: None,
        }));
        findings.extend(findings_with_numbers(partition, numbers, &self.rule_facts, &self.verdict, compression));
        findings
    }

    #[must_use]
    pub fn evaluate(&self, plan: &Plan, choices: &Choices) -> Evaluation {
        self.evaluate_with(plan, self.layouts.of(plan), choices)
    }

    fn evaluate_with(&self, plan: &Plan, layout: &Layout, choices: &Choices) -> Evaluation {
        let partition = partition(&self.graph, &self.contents, plan, layout);
        let numbers = plan_numbers(&partition, &self.measures, choices.profile);
        let findings = self.findings(&partition, &numbers);
        Evaluation { partition: Arc::new(partition), numbers, findings }
    }
}

/// Names layers of the image whose bytes are not counted.
fn uncounted_note(current: &Layout) -> Option<String> {
    let others = current.fixed.iter().filter(|layer| matches!(layer.kind, LayerKind::Other(_)));
    let names: Vec<&str> = others.map(|layer| layer.name.as_str()).collect();
    let layers = if names.len() == 1 { "1 layer is".to_owned() } else { format!("{} layers are", names.len()) };
    (!names.is_empty())
        .then(|| format!("{layers} not part of this program; their bytes are not known: {}", names.join(", ")))
}

/// Compression of the program's layers.
fn compression_of(stack: &Stack) -> Option<CompressionInUse> {
    let mut layers = stack.layers.iter().filter(|layer| layer.claim != Claim::Nothing);
    let (layer, compression) = layers.find_map(|layer| Some((layer, layer.compression?)))?;
    let sentence = format!("Layers are stored {}: {}", compression.as_words(), layer.target);
    Some(CompressionInUse { compression, sentence })
}

fn measures(
    sizes: ItemSizes,
    rows: Vec<ChangeRow>,
    contents: &Contents,
    history: &History,
    cadence: &Cadence,
) -> Result<Measures, CadenceError> {
    Ok(Measures::new(sizes, rows, &contents.all, &deploys(history, cadence)?, history.commits.len()))
}

fn other_locks_note(known: &KnownSizes) -> Option<String> {
    let locks: Vec<String> = known.other_locks.iter().map(|(path, count)| format!("{count} from {path}")).collect();
    (!locks.is_empty()).then(|| format!("Package sizes that the app's own lock leaves out: {}", locks.join(", ")))
}

fn found_note(known: &KnownSizes) -> Option<String> {
    let mut places: Vec<&str> = known.packages.values().map(|package| package.found_in.as_str()).collect();
    places.sort_unstable();
    places.dedup();
    let packed = known.packages.values().filter(|package| package.packed_bytes.is_some()).count();
    let shown = places.get(..3).unwrap_or(&places).join(", ");
    let more = if places.len() > 3 { format!(" and {} more places", places.len() - 3) } else { String::new() };
    (!places.is_empty()).then(|| {
        format!("Exact files of {} packages found ({shown}{more}); {packed} of them packed here", known.packages.len())
    })
}

fn measured_note(known: &KnownSizes) -> Option<String> {
    match known.layers.len() {
        0 => None,
        1 => Some("1 layer has a size measured in a build of its current contents".to_owned()),
        count => Some(format!("{count} layers have sizes measured in builds of their current contents")),
    }
}

/// Notes of the locks about this app's packages.
fn lock_notes(hubs: &Hubs, contents: &Contents) -> Vec<String> {
    let is_here = |path: &str, package: &PackageName| {
        contents.items.iter().any(|item| {
            matches!(&item.kind, ItemKind::Package { lock_path, name, .. } if lock_path == path && name == package)
        })
    };
    let notes = hubs.values().flat_map(|hub| hub.packages.findings.iter().map(move |finding| (hub, finding)));
    let concerning =
        notes.filter(|(hub, finding)| finding.package.as_ref().is_none_or(|name| is_here(&hub.lock_path, name)));
    concerning.map(|(hub, finding)| format!("{}: {}", hub.lock_path, finding.message)).collect()
}

/// For each item, the commits that changed it since the app exists.
fn rows(graph: &Graph, contents: &Contents, history: &History, build_file: &str) -> Vec<ChangeRow> {
    let index = HistoryIndex::new(history);
    let birth = birth(history, &index, build_file);
    let row = |item: &Item| match &item.kind {
        ItemKind::File { path, .. } => index.file_row(path),
        ItemKind::Generated { .. } => index.files_row(made_from(graph, contents, &item.label)),
        ItemKind::Package { lock_path, name, wheel, .. } => {
            let mut row = index.package_row(lock_path, name);
            // Another Python takes another wheel of the locked version.
            if wheel.as_ref().is_some_and(is_for_one_python) {
                row.merge(index.interpreter_row());
            }
            row
        }
        ItemKind::Interpreter { .. } => index.interpreter_row().clone(),
        ItemKind::EmptyInit { .. } | ItemKind::Launcher => ChangeRow::default(),
    };
    contents.items.iter().map(|item| birth.map_or_else(|| row(item), |birth| row(item).after(birth))).collect()
}

/// The workspace's files that a generated file is made from: it counts as changed with each, because nothing better is
/// known. The programs that make it are left out, since most of their changes leave their outputs alone.
fn made_from<'a>(graph: &Graph, contents: &'a Contents, generated: &Label) -> Vec<&'a str> {
    let mut pending: Vec<NodeId> = graph.find(generated).into_iter().collect();
    let mut seen: BTreeSet<NodeId> = pending.iter().copied().collect();
    let mut files = Vec::new();
    while let Some(node) = pending.pop() {
        let item = contents.own_item(node).and_then(|item| contents.item(item));
        if let Some(ItemKind::File { path, .. }) = item.map(|item| &item.kind) {
            files.push(path.as_str());
        }
        let is_program = |below: &NodeId| {
            graph.node(*below).is_some_and(|below| {
                matches!(&below.kind, NodeKind::Rule(class) if class.ends_with("_binary") || class.ends_with("_test"))
            })
        };
        let below = graph.dependencies(node).into_iter().filter(|below| !is_program(below));
        pending.extend(below.filter(|&below| seen.insert(below)));
    }
    files
}

/// The commit that added the app's BUILD file, if the whole history is known: it is the first pull.
fn birth(history: &History, index: &HistoryIndex, build_file: &str) -> Option<usize> {
    match history.start {
        HistoryStart::Root if !history.is_sample => index.file_row(build_file).ones().next(),
        HistoryStart::Root | HistoryStart::Window | HistoryStart::Shallow { .. } => None,
    }
}
