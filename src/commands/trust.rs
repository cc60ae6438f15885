//! `layerwright trust`: the user's word that a workspace's code may be run; and the refusal where that was never said.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use crate::app::trust_file::{forget_trust, remember_trust, remembered_trust, trusted_workspaces};
use crate::commands::arguments::{BazelArguments, TrustArguments};
use crate::commands::failure::Failure;
use crate::commands::open::find_workspace;
use crate::commands::print_text;
use crate::workspace::bazel::command::{BazelCommand, BazelError};
use crate::workspace::bazel::find::find_bazel;
use crate::workspace::bazel::trust::TrustedWorkspace;

/// Runs the command.
///
/// # Errors
/// When there is no such workspace, or it can't be remembered.
pub fn run(arguments: &TrustArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    if arguments.list {
        let lines: String = trusted_workspaces().iter().map(|root| format!("{}\n", root.display())).collect();
        print_text(output, &lines)?;
        return Ok(ExitCode::SUCCESS);
    }
    let root = find_workspace(arguments.workspace.as_deref())?;
    if arguments.forget {
        forget_trust(&root).map_err(Failure::Outside)?;
        print_text(output, &format!("{} is not trusted any more\n", root.display()))?;
    } else {
        remember_trust(&root).map_err(Failure::Outside)?;
        print_text(
            output,
            &format!("{} is trusted: its Bazel may be run when a command asks for it\n", root.display()),
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The Bazel of the workspace at `root`, and the proof that it may run.
///
/// # Errors
/// When the workspace is not trusted, or there is no Bazel.
pub fn trusted_bazel(root: &Path, arguments: &BazelArguments) -> Result<(TrustedWorkspace, BazelCommand), Failure> {
    let by_option = arguments.trust.then(|| TrustedWorkspace::by_the_users_word(root));
    let bazel = find_bazel(root, arguments.bazel.as_deref()).map_err(|error| match error {
        BazelError::BadCommand { .. } => Failure::Use(error.to_string()),
        _ => Failure::Outside(error.to_string()),
    })?;
    let trusted = by_option.or_else(|| remembered_trust(root)).ok_or_else(|| {
        Failure::Use(format!(
            "{root} is not trusted, and Bazel runs a repository's own code: nothing was run. To let `{bazel}` run there, \
             give --trust for this one time, or say `layerwright trust {root}` once",
            root = root.display(),
        ))
    })?;
    Ok((trusted, bazel))
}
