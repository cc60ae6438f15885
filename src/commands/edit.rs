//! `layerwright edit`: one change set from a request file.

use std::io::Write;
use std::process::ExitCode;

use crate::commands::arguments::EditArguments;
use crate::commands::change::{finish, refused};
use crate::commands::failure::Failure;
use crate::commands::open::find_workspace;
use crate::engine::change::check_by_evaluation::check_by_evaluation;
use crate::engine::change::disk_source::DiskSource;
use crate::engine::change::prepare::formatted;
use crate::rewrite::plan_edits;
use crate::rewrite::request::EditRequest;

/// # Errors
/// When the request is malformed or refused, or the disk fails.
pub(crate) fn run(arguments: &EditArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let path = &arguments.request;
    let text = std::fs::read_to_string(path).map_err(|error| Failure::of_input(path, &error))?;
    let request: EditRequest = serde_json::from_str(&text)
        .map_err(|error| Failure::Use(format!("{}: not an edit request: {error}", path.display())))?;
    let root = find_workspace(arguments.workspace.as_deref())?;
    let format = arguments.output.format;
    let change = plan_edits(&DiskSource::unread(&root), &request).and_then(|change| {
        check_by_evaluation(&root, std::slice::from_ref(&request), &change)?;
        match &arguments.formatting.buildifier {
            Some(program) => formatted(&root, program, std::slice::from_ref(&request), change),
            None => Ok(change),
        }
    });
    match change {
        Ok(change) => finish(&root, &change, arguments.dry_run, None, format, output),
        Err(refusal) => refused(refusal, format, output),
    }
}
