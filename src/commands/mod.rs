//! The headless commands.
//!
//! Results go to standard output, progress and messages to standard error. Exit status: 0 done, 1 findings (`check`
//! only), 2 refused or wrong use, 3 something outside failed.

mod advice;
pub mod apply;
pub mod apps;
pub mod arguments;
pub mod cache;
mod change;
pub mod check;
mod columns;
mod comparison;
mod dialect;
pub mod edit;
mod examples;
pub mod failure;
pub mod generate;
pub mod graph;
mod graph_comparison;
pub mod image;
mod json;
pub mod measure;
pub mod open;
pub(crate) mod output;
pub mod plan;
mod platforms;
mod progress;
mod reasons;
pub mod replay;
pub mod report;
pub mod rules;
pub mod trust;

use std::io::Write;
use std::process::ExitCode;

use crate::commands::arguments::{Command, RulesCommand};
use crate::commands::failure::Failure;

/// # Errors
/// A [`Failure`] with its exit status.
pub fn run(command: &Command, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    match command {
        Command::Apps(arguments) => apps::run(arguments, output),
        Command::Graph(arguments) => graph::run(arguments, output),
        Command::Plan(arguments) => plan::run(arguments, output),
        Command::Replay(arguments) => replay::run(arguments, output),
        Command::Apply(arguments) => apply::run(arguments, output),
        Command::Check(arguments) => check::run(arguments, output),
        Command::Edit(arguments) => edit::run(arguments, output),
        Command::Report(arguments) => report::run(arguments, output),
        Command::Rules(RulesCommand::Install(arguments)) => rules::run(arguments, output),
        Command::Image(arguments) => image::run(arguments, output),
        Command::Measure(arguments) => measure::run(arguments, output),
        Command::Trust(arguments) => trust::run(arguments, output),
        Command::Cache(arguments) => cache::run(arguments, output),
        Command::Generate(arguments) => generate::run(arguments, output),
        Command::EvalWorker => worker(),
    }
}

fn worker() -> Result<ExitCode, Failure> {
    crate::workspace::worker::serve(std::io::stdin(), std::io::stdout())
        .map_err(|error| Failure::Outside(error.to_string()))?;
    Ok(ExitCode::SUCCESS)
}
