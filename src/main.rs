//! The program: arguments in, one exit code out.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use layerwright::commands;
use layerwright::commands::arguments::Arguments;
use layerwright::ui::window;

fn main() -> ExitCode {
    let arguments = Arguments::read();
    let colours = std::io::stderr().is_terminal();
    let level = match arguments.verbose {
        0 => tracing::Level::INFO,
        1 => tracing::Level::DEBUG,
        _ => tracing::Level::TRACE,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(colours)
        .with_target(false)
        .without_time()
        .init();
    // Not locked: the evaluator answers on standard output from a thread of its own.
    let mut output = std::io::stdout();
    let result = match &arguments.command {
        Some(command) => commands::run(command, &mut output),
        None => window::open(&arguments, &mut output),
    };
    match result {
        Ok(code) => code,
        Err(failure) => {
            let message = writeln!(std::io::stderr(), "layerwright: {failure}");
            // Standard error is closed, but the exit status still tells.
            drop(message);
            failure.exit_code()
        }
    }
}
