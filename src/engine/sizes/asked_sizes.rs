//! Asks the package index or the workspace's Bazel for sizes, as the user agreed to. Does IO. Answers are kept for
//! later look-ups.

use crate::engine::app_model::AppModel;
use crate::engine::choices::Choices;
use crate::jobs::Watch;

use crate::engine::kept::folders::cache_folder;
use crate::engine::kept::trust_file::remember_trust;
use crate::engine::sizes::index_sizes::ask_index;
use crate::engine::sizes::measure::{Builder, layer_targets, measure, remember};
use crate::workspace::bazel::find::find_bazel;
use crate::workspace::bazel::process::TerminalKeys;
use crate::workspace::bazel::trust::TrustedWorkspace;
use crate::workspace::model::Workspace;

/// Returns a summary; `None` if nobody was to be asked.
pub(crate) fn ask_for_sizes(
    workspace: &Workspace,
    model: &AppModel,
    choices: &Choices,
    source: SizeSource,
    watch: &dyn Watch,
) -> Option<Result<String, String>> {
    let folder = cache_folder();
    match source {
        SizeSource::Here => None,
        SizeSource::Index => {
            let report = ask_index(workspace, model, choices, None, folder.as_deref(), watch);
            Some(report.and_then(|report| {
                if report.sized == 0 && report.asked > 0 { Err(report.sentence()) } else { Ok(report.sentence()) }
            }))
        }
        SizeSource::Build => Some(build(workspace, model, choices, watch)),
    }
}

/// The user's yes in the dialog trusts the workspace and is saved, as the dialog says.
fn build(workspace: &Workspace, model: &AppModel, choices: &Choices, watch: &dyn Watch) -> Result<String, String> {
    let bazel = find_bazel(&workspace.root, None).map_err(|error| error.to_string())?;
    if let Err(problem) = remember_trust(&workspace.root) {
        tracing::warn!("{problem}");
    }
    let trusted = TrustedWorkspace::by_the_users_word(&workspace.root);
    let targets = layer_targets(workspace, model, choices);
    let builder = Builder { workspace: &trusted, bazel: &bazel, flags: &[], keys: TerminalKeys::Apart };
    let measurement = measure(&builder, &targets, &model.app.label, watch);
    let measurement = measurement.map_err(|error| error.to_string())?;
    remember(&measurement, &workspace.root, model, choices, cache_folder().as_deref())
        .map_err(|error| format!("the measured sizes were not saved: {error}"))?;
    Ok(match measurement.failed.as_slice() {
        [] => format!("Bazel built and measured {} layers", measurement.layers.len()),
        [(target, why), ..] => {
            format!("Bazel measured {} layers; {target} was not built: {why}", measurement.layers.len())
        }
    })
}

/// A source of better sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SizeSource {
    /// This machine alone, which needs no consent.
    #[default]
    Here,
    Index,
    Build,
}
