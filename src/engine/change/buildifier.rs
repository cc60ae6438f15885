//! Formats files with the user's buildifier before they are written. Does IO: runs that program on texts; it gets no
//! path of the workspace and writes nothing.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::same_comments;
use crate::workspace::search_path::on_path;

const BUILDIFIER: &str = "buildifier";

#[must_use]
pub(crate) fn found() -> Option<PathBuf> {
    on_path(BUILDIFIER)
}

/// # Errors
/// When the program can't be run, refuses a file, or would lose a comment.
pub(crate) fn format(program: &Path, change: &ChangeSet) -> Result<ChangeSet, Refusal> {
    let mut formatted = change.clone();
    let program = &located(program);
    for file in &mut formatted.files {
        let path = file.path.to_string_lossy().into_owned();
        let text = run(program, &file.after).map_err(|problem| {
            let message = format!(
                "{} could not format {path}: {problem}. Nothing was changed; apply without formatting, and run it yourself.",
                program.display()
            );
            Refusal::of_file(RefusalCode::NotLoadable, &path, message)
        })?;
        if !same_comments(&file.after, &text) {
            let message = format!(
                "{} would lose or change a comment of {path}, so the file was not formatted and nothing was changed. Apply without \
                 formatting.",
                program.display()
            );
            return Err(Refusal::of_file(RefusalCode::WouldDropComments, &path, message));
        }
        file.after = text;
    }
    Ok(formatted)
}

/// A missing program fails when it is run.
fn located(program: &Path) -> PathBuf {
    let name = program.to_str().filter(|_| program.components().count() == 1);
    name.and_then(on_path).unwrap_or_else(|| std::path::absolute(program).unwrap_or_else(|_| program.to_owned()))
}

fn run(program: &Path, text: &[u8]) -> Result<Vec<u8>, String> {
    let mut child = Command::new(program)
        .args(["-type=build", "-mode=fix", "-lint=off"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    let input = child.stdin.take();
    let text = text.to_owned();
    // On a thread, because a full pipe would block both sides.
    let writer = std::thread::spawn(move || input.map_or(Ok(()), |mut input| input.write_all(&text)));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let written = writer.join().unwrap_or(Ok(()));
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    written.map_err(|error| error.to_string())?;
    Ok(output.stdout)
}
