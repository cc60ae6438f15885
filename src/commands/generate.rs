//! `layerwright generate`: manual pages and shell completions for packages, from the definitions of the command line.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::commands::arguments::{Arguments, GenerateArguments};
use crate::commands::failure::Failure;
use crate::commands::output::print_text;

/// Writes manual pages into `man/` and completions into `completions/`.
///
/// # Errors
/// When a file can't be written.
pub(crate) fn run(arguments: &GenerateArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let manual = arguments.out.join("man");
    let completions = arguments.out.join("completions");
    for folder in [&manual, &completions] {
        std::fs::create_dir_all(folder).map_err(|error| outside(folder, &error))?;
    }
    clap_mangen::generate_to(Arguments::command(), &manual).map_err(|error| outside(&manual, &error))?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut Arguments::command(), "layerwright", &completions)
            .map_err(|error| outside(&completions, &error))?;
    }
    print_text(output, &format!("{}\n{}\n", manual.display(), completions.display()))?;
    Ok(ExitCode::SUCCESS)
}

fn outside(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Outside(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_command_that_is_shown_has_a_page_and_completions_name_it() {
        let folder = tempfile::tempdir().unwrap();
        run(&GenerateArguments { out: folder.path().to_owned() }, &mut Vec::new()).unwrap();
        let bash = std::fs::read_to_string(folder.path().join("completions/layerwright.bash")).unwrap();
        for command in Arguments::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            let name = command.get_name();
            assert!(folder.path().join(format!("man/layerwright-{name}.1")).is_file(), "{name} has no page");
            assert!(bash.contains(name), "{name} is not completed");
        }
    }
}
