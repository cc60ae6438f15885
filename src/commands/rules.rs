//! `layerwright rules install`: adds the layer rules to a workspace and connects its macro to them.

use std::io::Write;
use std::process::ExitCode;

use crate::commands::arguments::RulesInstallArguments;
use crate::commands::change::{finish, refused};
use crate::commands::failure::Failure;
use crate::commands::open::open_workspace;
use crate::commands::open::trusted_bazel;
use crate::engine::change::rules::{RulesError, RulesRequest, prepare_rules};
use crate::engine::find_app::find_app;
use crate::jobs::Unwatched;

/// # Errors
/// When there is no such workspace or app, the macro can't be connected, or the disk fails.
pub(crate) fn run(arguments: &RulesInstallArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let workspace = open_workspace(&arguments.workspace)?;
    let app = arguments.app.as_ref().map(|text| find_app(&workspace, text).map_err(Failure::Use)).transpose()?;
    // Fails before anything is written.
    let source = &arguments.workspace.source;
    let bazel = arguments.ask_bazel.then(|| trusted_bazel(&workspace.root, &source.bazel)).transpose()?;
    let request = RulesRequest {
        folder: arguments.folder.clone(),
        app: app.map(|app| app.label),
        files_only: arguments.files_only,
        drop_comments: arguments.drop_comments,
    };
    match prepare_rules(&workspace, &request, &Unwatched) {
        Ok(prepared) => {
            let (change, format) = (&prepared.change, arguments.output.format);
            let status = finish(&workspace.root, change, arguments.dry_run, bazel.as_ref(), format, output)?;
            prepared.notes.iter().for_each(|note| tracing::info!("{note}"));
            Ok(status)
        }
        Err(RulesError::Refused(refusal)) => refused(refusal, arguments.output.format, output),
        Err(error) => Err(Failure::Outside(error.to_string())),
    }
}
