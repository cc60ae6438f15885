//! Prepares the layer rules for a workspace: makes the change set in memory and checks it by evaluation. Reads the
//! workspace's files.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::engine::change::disk_source::DiskSource;
use crate::engine::change::prepare::{Made, Prepared, prepared};
use crate::engine::kept::trust_file::trusted_bazel;
use crate::jobs::Watch;
use crate::path_text::slashes;
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::refusal::Refusal;
use crate::rule_sets::dep_layers::macro_class::{MacroClass, macro_verdict};
use crate::rule_sets::dep_layers::rules::Installation;
use crate::rule_sets::dep_layers::rules::MacroPlace;
use crate::rule_sets::dep_layers::rules::RulesChange;
use crate::rule_sets::dep_layers::rules::install;
use crate::rule_sets::dep_layers::rules::installed;
use crate::rule_sets::dep_layers::rules::proof;
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::model::{App, Workspace};
use crate::workspace::reader::{ReadError, read_workspace};
use crate::workspace::worker::{Patience, WorkerEvaluator};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesRequest {
    /// Relative to the root.
    pub(crate) folder: String,
    /// Connect only this app's macro; `None` for those of all apps.
    pub(crate) app: Option<crate::label::Label>,
    /// Change no macro.
    pub(crate) files_only: bool,
    /// Comments on replaced lines may be removed.
    pub(crate) drop_comments: bool,
}

#[derive(Debug, Error)]
pub enum RulesError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error("the evaluator can't be started: {0}")]
    Program(std::io::Error),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PreparedRules {
    pub(crate) change: ChangeSet,
    /// Sentences: connected macros, and remaining work by hand.
    pub(crate) notes: Vec<String>,
    /// `None` if the workspace is not trusted.
    pub(crate) bazel: Option<BazelCommand>,
}

impl From<PreparedRules> for Prepared {
    fn from(rules: PreparedRules) -> Self {
        let PreparedRules { change, notes, bazel } = rules;
        Self { notes, bazel, ..prepared(Made { change, ..Made::default() }) }
    }
}

/// Makes the change set and checks it by reading the workspace as it would be.
///
/// # Errors
/// A refusal, or the evaluator does not start.
pub(crate) fn prepare_rules(
    workspace: &Workspace,
    request: &RulesRequest,
    watch: &dyn Watch,
) -> Result<PreparedRules, RulesError> {
    let macros = if request.files_only { Vec::new() } else { macros_without_layers(workspace, request) };
    let is_wired = !request.files_only && macros.is_empty() && !apps(workspace, request).is_empty();
    let source = DiskSource::new(workspace);
    // Installed rules may be of an older version.
    let old = installed(&source, &request.folder).filter(|_| is_wired);
    if is_wired && old.is_none() {
        return Ok(nothing());
    }
    let installation = Installation {
        folder: request.folder.clone(),
        with_image_macros: old.as_ref().map_or(macros.is_empty(), |old| old.has_image_macros),
        macros,
        drop_comments: request.drop_comments,
    };
    let RulesChange { change, ways } = install(&source, &installation)?;
    if is_wired && change.is_empty() {
        return Ok(nothing());
    }
    if !change.is_empty() {
        let after = as_it_would_be(workspace, &change, watch)?;
        proof::check(workspace, &after, &installation.macros)?;
    }
    let bazel = trusted_bazel(&workspace.root);
    if let Some(old) = old {
        let to = env!("CARGO_PKG_VERSION");
        let folder = &installation.folder;
        let notes =
            vec![format!("The layer rules in {folder} are of version {}; these are of version {to}.", old.version)];
        return Ok(PreparedRules { change, notes, bazel });
    }
    Ok(PreparedRules { change, notes: notes(workspace, &installation, &ways), bazel })
}

fn nothing() -> PreparedRules {
    let words = "Nothing to install: every macro here already builds separate layers.";
    PreparedRules { change: ChangeSet::default(), notes: vec![words.to_owned()], bazel: None }
}

/// The requested apps that use the workspace's own macros.
fn apps<'a>(workspace: &'a Workspace, request: &RulesRequest) -> Vec<&'a App> {
    let is_meant = |app: &&App| request.app.as_ref().is_none_or(|label| *label == app.label);
    workspace.apps.iter().filter(is_meant).filter(|app| app.macro_file.is_some()).collect()
}

/// Macros that build no true layers.
fn macros_without_layers(workspace: &Workspace, request: &RulesRequest) -> Vec<MacroPlace> {
    let lacking = apps(workspace, request)
        .into_iter()
        .filter(|app| macro_verdict(workspace, app).class != MacroClass::Partitions);
    let place = |app: &App| Some(MacroPlace { file: app.macro_file.clone()?, symbol: app.macro_name.clone() });
    let mut macros: Vec<MacroPlace> = lacking.filter_map(place).collect();
    macros.sort();
    macros.dedup();
    macros
}

/// Evaluates the changed workspace in the limited child.
fn as_it_would_be(workspace: &Workspace, change: &ChangeSet, watch: &dyn Watch) -> Result<Workspace, RulesError> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let changed: BTreeMap<String, String> =
        change.files.iter().map(|file| (slashes(&file.path), text(&file.after))).collect();
    let program = std::env::current_exe().map_err(RulesError::Program)?;
    let mut evaluator = WorkerEvaluator::over(&program, &workspace.root, Patience::default(), changed);
    Ok(read_workspace(&workspace.root, watch, &mut evaluator)?)
}

fn notes(workspace: &Workspace, installation: &Installation, ways: &[Vec<String>]) -> Vec<String> {
    let mut notes = Vec::new();
    for (place, way) in installation.macros.iter().zip(ways) {
        let apps = workspace.apps.iter().filter(|app| proof::is_of(app, std::slice::from_ref(place))).count();
        notes.push(format!(
            "{} of {} builds separate layers with the rules ({}): {apps} app{}.",
            place.symbol,
            place.file,
            way.join(" → "),
            if apps == 1 { "" } else { "s" }
        ));
    }
    if !installation.macros.is_empty() {
        notes.push(
            "The layers are compressed with gzip. An app without dep_layers keeps one layer; in it as in the others the program is at \
             /app/<program>, its runfiles at /app/<program>.runfiles."
                .to_owned(),
        );
        return notes;
    }
    notes.push(format!(
        "No macro is changed. In a BUILD file: load(\"//{}:release.bzl\", \"release_app\"), or container_image of container_image.bzl there; or \
         give a macro of your own what image_layers(name, binary, dep_layers) of image_layers.bzl returns for oci_image(tars = ...).",
        installation.folder
    ));
    let defaults = [("tools/cacerts", "cacerts"), ("tools", "linux_x86_64"), ("tools", "linux_arm64")];
    let missing = defaults.into_iter().filter(|(package, target)| !has(workspace, package, target));
    let missing: Vec<String> = missing.map(|(package, target)| format!("//{package}:{target}")).collect();
    if !missing.is_empty() {
        notes.push(format!(
            "Their defaults name {}, which this workspace doesn't have: pass base, ca_certificates and platforms in the call.",
            missing.join(", ")
        ));
    }
    notes
}

fn has(workspace: &Workspace, package: &str, target: &str) -> bool {
    workspace.packages.get(package).is_some_and(|package| package.targets.contains_key(target))
}
