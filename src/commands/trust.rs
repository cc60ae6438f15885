//! `layerwright trust`: lets a workspace's code run; and the refusal without it.

use std::io::Write;
use std::process::ExitCode;

use crate::commands::arguments::TrustArguments;
use crate::commands::failure::Failure;
use crate::commands::open::find_workspace;
use crate::commands::output::print_text;
use crate::engine::kept::trust_file::{forget_trust, remember_trust, trusted_workspaces};

/// # Errors
/// When there is no such workspace, or the choice can't be saved.
pub(crate) fn run(arguments: &TrustArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    if arguments.list {
        let lines: String = trusted_workspaces().iter().map(|root| format!("{}\n", root.display())).collect();
        print_text(output, &lines)?;
        return Ok(ExitCode::SUCCESS);
    }
    let root = find_workspace(arguments.workspace.as_deref())?;
    if arguments.forget {
        forget_trust(&root).map_err(Failure::Outside)?;
        print_text(output, &format!("{} is no longer trusted\n", root.display()))?;
    } else {
        remember_trust(&root).map_err(Failure::Outside)?;
        print_text(output, &format!("{} is trusted: commands may run its Bazel\n", root.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}
