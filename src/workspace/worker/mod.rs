//! Evaluation in limited child processes. Does IO: starts the same program again and talks to it over pipes.
//!
//! BUILD files of a workspace that somebody else wrote can exhaust memory, time and stack in ways that the evaluator's own
//! limits miss. A child has limits of the operating system, the parent stops it when it takes too long, and goes on
//! with the next package in a new child. One request and one answer are one line of JSON each.
//!
//! [`serve`] is the child's side, [`WorkerEvaluator`] the parent's.

mod child;
mod evaluator;
mod messages;
mod patience;
mod queue;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::rc::Rc;

use super::changed_tree::ChangedTree;
use super::disk_tree::DiskTree;
use super::evaluate::evaluated::EvaluationFailure;
use super::evaluate::evaluator::PackageEvaluator;
use super::evaluate::in_process::InProcessEvaluator;
use super::evaluate::reads::Evaluation;

pub use evaluator::WorkerEvaluator;
pub use messages::SUBCOMMAND;
pub use patience::Patience;

use messages::{Answer, Request};

/// Address space of the child, in bytes. Real workspaces stay below a tenth of it.
#[cfg(target_os = "linux")]
const MOST_MEMORY: u64 = 2 * 1024 * 1024 * 1024;
/// Processor time of one child, in seconds. A new one is started when it is used up.
#[cfg(target_os = "linux")]
const MOST_PROCESSOR_SECONDS: u64 = 120;
/// Stack of the evaluating thread, in bytes: nesting that the checks before the parser let through must fit.
const STACK: usize = 256 * 1024 * 1024;

/// The child's side: limits itself, then answers until `input` ends.
///
/// # Errors
/// When the pipes break or a request is not one of these.
pub fn serve(input: impl Read + Send + 'static, output: impl Write + Send + 'static) -> io::Result<()> {
    limit_process();
    let answering = std::thread::Builder::new()
        .name("evaluate".to_owned())
        .stack_size(STACK)
        .spawn(move || answer_requests(BufReader::new(input), output))?;
    answering.join().unwrap_or_else(|_| Err(io::Error::other("the evaluator stopped by itself")))
}

/// Sets the limits of the operating system for this process.
#[cfg(target_os = "linux")]
fn limit_process() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limits = [(Resource::As, MOST_MEMORY), (Resource::Cpu, MOST_PROCESSOR_SECONDS), (Resource::Core, 0)];
    for (resource, wanted) in limits {
        // An outer limit that is lower stays. Where a limit can't be set, the parent's clock still holds.
        let maximum = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let limit = wanted.min(maximum);
        if let Err(error) = setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) }) {
            tracing::warn!("the evaluator runs without one of its limits: {error}");
        }
    }
}

/// Other systems have no such limits for a process by itself: there the parent's clock holds.
#[cfg(not(target_os = "linux"))]
fn limit_process() {}

/// Answers each request of `input` with one line, in order.
fn answer_requests(input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut evaluator: Option<InProcessEvaluator> = None;
    for line in input.lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let answer = answer(request, &mut evaluator);
        // In one piece: the pipe would take each part of it as a write of its own.
        let mut line = serde_json::to_vec(&answer)?;
        line.push(b'\n');
        output.write_all(&line)?;
        output.flush()?;
    }
    Ok(())
}

fn answer(request: Request, evaluator: &mut Option<InProcessEvaluator>) -> Answer {
    let not_begun = |path: &str| EvaluationFailure::new("not_evaluated", path, "nothing was begun");
    match (request, evaluator.as_mut()) {
        // The same workspace with another setup: the starting names are the same.
        (Request::Begin { setup, .. }, Some(evaluator)) => {
            evaluator.begin(&setup);
            Answer::Begun
        }
        (Request::Begin { root, setup, changed }, None) => {
            *evaluator = InProcessEvaluator::new(Rc::new(ChangedTree::new(DiskTree::new(&root), changed))).ok();
            if let Some(evaluator) = evaluator {
                evaluator.begin(&setup);
            }
            Answer::Begun
        }
        (Request::Package { package, path }, Some(evaluator)) => Answer::Package(evaluator.package(&package, &path)),
        (Request::Package { path, .. }, None) => Answer::Package(Evaluation::broken_off(not_begun(&path))),
        (Request::ModuleFile { path }, Some(evaluator)) => Answer::ModuleFile(evaluator.module_file(&path)),
        (Request::ModuleFile { path }, None) => Answer::ModuleFile(Evaluation::broken_off(not_begun(&path))),
    }
}
