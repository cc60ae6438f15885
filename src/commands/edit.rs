//! `layerwright edit`: one change set, as a request file says it.

use std::io::Write;
use std::process::ExitCode;

use crate::app::disk_source::DiskSource;
use crate::commands::arguments::EditArguments;
use crate::commands::change::{finish, refused};
use crate::commands::failure::Failure;
use crate::commands::open::find_workspace;
use crate::rewrite::plan_edits;
use crate::rewrite::request::EditRequest;

/// Runs the command.
///
/// # Errors
/// When the request is not one, can't be made honestly, or the disk fails.
pub fn run(arguments: &EditArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let path = &arguments.request;
    let text = std::fs::read_to_string(path).map_err(|error| Failure::of_input(path, &error))?;
    let request: EditRequest = serde_json::from_str(&text)
        .map_err(|error| Failure::Use(format!("{}: not an edit request: {error}", path.display())))?;
    let root = find_workspace(&arguments.workspace)?;
    let format = arguments.output.format;
    match plan_edits(&DiskSource::unread(&root), &request) {
        Ok(change) => finish(&root, &change, arguments.dry_run, format, output),
        Err(refusal) => refused(refusal, format, output),
    }
}
