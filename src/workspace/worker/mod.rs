//! Evaluation in limited child processes. A hostile BUILD file can exhaust memory, time and stack despite the
//! evaluator's limits, so a child has limits of the operating system, and the parent replaces one that takes too long.
//! Requests and answers are one line of JSON each. [`serve`] is the child's side, [`WorkerEvaluator`] the parent's.

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

/// Address space in bytes. Real workspaces need less than a tenth.
#[cfg(target_os = "linux")]
const MOST_MEMORY: u64 = 2 * 1024 * 1024 * 1024;
/// After which a new child is started.
#[cfg(target_os = "linux")]
const MOST_PROCESSOR_SECONDS: u64 = 120;
/// In bytes, of the evaluating thread: must fit the nesting that the checks before the parser allow.
const STACK: usize = 256 * 1024 * 1024;

/// Limits the process, then answers until `input` ends.
///
/// # Errors
/// When the pipes break or a request is malformed.
pub fn serve(input: impl Read + Send + 'static, output: impl Write + Send + 'static) -> io::Result<()> {
    limit_process();
    let answering = std::thread::Builder::new()
        .name("evaluate".to_owned())
        .stack_size(STACK)
        .spawn(move || answer_requests(BufReader::new(input), output))?;
    answering.join().unwrap_or_else(|_| Err(io::Error::other("the evaluator stopped by itself")))
}

#[cfg(target_os = "linux")]
fn limit_process() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limits = [(Resource::As, MOST_MEMORY), (Resource::Cpu, MOST_PROCESSOR_SECONDS), (Resource::Core, 0)];
    for (resource, wanted) in limits {
        // A lower outer limit stays. If a limit can't be set, the parent's clock still holds.
        let maximum = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let limit = wanted.min(maximum);
        if let Err(error) = setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) }) {
            tracing::warn!("the evaluator runs without one of its limits: {error}");
        }
    }
}

/// Other systems have no such limits: there the parent's clock holds.
#[cfg(not(target_os = "linux"))]
fn limit_process() {}

/// One line per request, in order.
fn answer_requests(input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut evaluator: Option<InProcessEvaluator> = None;
    for line in input.lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let answer = answer(request, &mut evaluator);
        // In one write: the pipe would take each part as its own.
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
        // The predefined names stay for another setup.
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
