//! Finds Bazel; runs nothing.

use std::ffi::OsString;
use std::path::Path;

use crate::workspace::search_path::{in_folders, is_program};

use super::command::{BazelCommand, BazelError, NamedBy, VARIABLE};

/// In this order: bazelisk starts the version that the workspace asks for.
const PROGRAMS: [&str; 2] = ["bazelisk", "bazel"];

/// The command `named`, else [`VARIABLE`], else bazelisk or bazel on PATH, else the workspace's `tools/bazel`.
///
/// # Errors
/// When there is none, or the named one does not exist.
pub fn find_bazel(root: &Path, named: Option<&str>) -> Result<BazelCommand, BazelError> {
    let variable = std::env::var(VARIABLE).ok().filter(|text| !text.trim().is_empty());
    let search = std::env::var_os("PATH").unwrap_or_default();
    match (named, variable) {
        (Some(text), _) => named_command(text, NamedBy::Option, &search),
        (None, Some(text)) => named_command(&text, NamedBy::Variable, &search),
        (None, None) => found_command(root, &search),
    }
}

fn found_command(root: &Path, search: &OsString) -> Result<BazelCommand, BazelError> {
    let command = |program, named_by| BazelCommand { program, arguments: Vec::new(), named_by };
    if let Some(program) = PROGRAMS.iter().find_map(|name| in_folders(name, search)) {
        return Ok(command(program, NamedBy::Path));
    }
    let own = root.join("tools/bazel");
    if is_program(&own) { Ok(command(own, NamedBy::Workspace)) } else { Err(BazelError::NotFound) }
}

/// Splits words as a shell does, without expansion.
fn named_command(text: &str, named_by: NamedBy, search: &OsString) -> Result<BazelCommand, BazelError> {
    let error = |problem| BazelError::BadCommand { text: text.to_owned(), problem };
    let mut words = shlex::split(text).ok_or_else(|| error("has a quotation mark without its other half"))?.into_iter();
    let program = words.next().ok_or_else(|| error("is empty"))?;
    let program = if Path::new(&program).components().count() > 1 {
        std::path::absolute(&program).ok().filter(|path| is_program(path))
    } else {
        in_folders(&program, search)
    };
    let program = program.ok_or_else(|| error("names no program that is there"))?;
    Ok(BazelCommand { program, arguments: words.collect(), named_by })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn folder(programs: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for program in programs {
            let path = folder.path().join(program);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "#!/bin/sh\n").unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        folder
    }

    #[test]
    fn bazelisk_comes_before_bazel_and_both_before_the_workspaces_own() {
        let with_own = folder(&["tools/bazel"]);
        let on = |programs: &[&str]| {
            let place = folder(programs);
            let command = found_command(with_own.path(), &place.path().as_os_str().to_owned()).unwrap();
            (command.program.file_name().unwrap().to_str().unwrap().to_owned(), command.named_by)
        };
        assert_eq!(on(&["bazel", "bazelisk"]), ("bazelisk".to_owned(), NamedBy::Path));
        assert_eq!(on(&["bazel"]), ("bazel".to_owned(), NamedBy::Path));
        assert_eq!(on(&[]), ("bazel".to_owned(), NamedBy::Workspace));
        let nothing = folder(&[]);
        assert!(matches!(found_command(nothing.path(), &OsString::new()), Err(BazelError::NotFound)));
    }

    #[test]
    fn a_named_command_may_have_arguments_and_must_be_there() {
        let place = folder(&["wrapper"]);
        let search = place.path().as_os_str().to_owned();
        let named = |text: &str| named_command(text, NamedBy::Variable, &search);
        let command = named("wrapper --output_base='/tmp/a b' go").unwrap();
        assert_eq!(command.arguments, ["--output_base=/tmp/a b", "go"]);
        assert_eq!(named(&command.program.to_string_lossy()).unwrap().program, command.program);
        for (text, problem) in [("wrapper 'x", "quotation mark"), ("  ", "empty"), ("no-such", "not"), ("./no", "not")]
        {
            let message = named(text).unwrap_err().to_string();
            assert!(message.contains(problem) || message.contains("names no program"), "{message}");
        }
    }
}
