//! Evaluation in a limited child process. Does IO: starts the same program again and talks to it over pipes.
//!
//! BUILD files of a workspace that somebody else wrote can exhaust memory, time and stack in ways that the evaluator's own
//! limits miss. The child has limits of the operating system, the parent stops it when it takes too long, and goes on
//! with the next package in a new child. One request and one answer are one line of JSON each.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::changed_tree::ChangedTree;
use super::disk_tree::DiskTree;
use super::evaluate::evaluated::{EvaluatedPackage, EvaluationFailure, EvaluationSetup, ModuleCall, PackageEvaluator};
use super::evaluate::in_process::InProcessEvaluator;

/// The hidden subcommand that makes the program the child.
pub const SUBCOMMAND: &str = "eval-worker";

/// Address space of the child, in bytes. Real workspaces stay below a tenth of it.
#[cfg(target_os = "linux")]
const MOST_MEMORY: u64 = 2 * 1024 * 1024 * 1024;
/// Processor time of one child, in seconds. A new one is started when it is used up.
#[cfg(target_os = "linux")]
const MOST_PROCESSOR_SECONDS: u64 = 120;
/// Stack of the evaluating thread, in bytes: nesting that the checks before the parser let through must fit.
const STACK: usize = 256 * 1024 * 1024;
/// Longest answer, in bytes.
const LONGEST_ANSWER: u64 = 256 * 1024 * 1024;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Request {
    Begin { root: PathBuf, setup: EvaluationSetup, changed: BTreeMap<String, String> },
    Package { package: String, path: String },
    ModuleFile { path: String },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Begun,
    Package(Result<EvaluatedPackage, EvaluationFailure>),
    ModuleFile(Result<Vec<ModuleCall>, EvaluationFailure>),
}

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
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(())
}

fn answer(request: Request, evaluator: &mut Option<InProcessEvaluator>) -> Answer {
    let not_begun = |path: &str| EvaluationFailure::new("not_evaluated", path, "nothing was begun");
    match (request, evaluator.as_mut()) {
        (Request::Begin { root, setup, changed }, _) => {
            *evaluator = InProcessEvaluator::new(Rc::new(ChangedTree::new(DiskTree::new(&root), changed))).ok();
            if let Some(evaluator) = evaluator {
                evaluator.begin(&setup);
            }
            Answer::Begun
        }
        (Request::Package { package, path }, Some(evaluator)) => Answer::Package(evaluator.package(&package, &path)),
        (Request::Package { path, .. }, None) => Answer::Package(Err(not_begun(&path))),
        (Request::ModuleFile { path }, Some(evaluator)) => Answer::ModuleFile(evaluator.module_file(&path)),
        (Request::ModuleFile { path }, None) => Answer::ModuleFile(Err(not_begun(&path))),
    }
}

/// How long the parent waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For one file.
    pub per_file: Duration,
    /// Time lost to files that did not answer, over a whole workspace; then the rest is not evaluated at all.
    pub in_vain: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { per_file: Duration::from_secs(4), in_vain: Duration::from_secs(40) }
    }
}

/// The parent's side: evaluates through a child that is started when it is needed.
pub struct WorkerEvaluator {
    program: PathBuf,
    root: PathBuf,
    setup: EvaluationSetup,
    changed: BTreeMap<String, String>,
    patience: Patience,
    lost: Duration,
    running: Option<Running>,
}

/// A child that has begun.
struct Running {
    child: Child,
    input: ChildStdin,
    answers: Receiver<io::Result<Vec<u8>>>,
    answered: usize,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to stop.
        self.child.kill().unwrap_or_default();
        self.child.wait().map(drop).unwrap_or_default();
    }
}

/// Why there is no answer.
enum NoAnswer {
    Stopped(String),
    Died(String),
}

impl WorkerEvaluator {
    /// An evaluator that starts `program` with [`SUBCOMMAND`] for the workspace at `root`.
    #[must_use]
    pub fn new(program: &Path, root: &Path, patience: Patience) -> Self {
        Self::over(program, root, patience, BTreeMap::new())
    }

    /// The same with the texts of `changed` (by path from the root) in the place of the files.
    #[must_use]
    pub fn over(program: &Path, root: &Path, patience: Patience, changed: BTreeMap<String, String>) -> Self {
        let setup = EvaluationSetup::default();
        let (program, root) = (program.to_owned(), root.to_owned());
        Self { program, root, setup, changed, patience, lost: Duration::ZERO, running: None }
    }

    /// Asks, and after a death asks a new child once more: the first one may have died of what it did before.
    fn ask(&mut self, request: &Request, path: &str) -> Result<Answer, EvaluationFailure> {
        let failure = |reason: String| EvaluationFailure::new("worker_stopped", path, reason);
        if self.lost >= self.patience.in_vain {
            return Err(failure(
                "too many files before this one had to be stopped, so it was not evaluated".to_owned(),
            ));
        }
        loop {
            let was_fresh = self.running.as_ref().is_none_or(|running| running.answered == 0);
            let begun = Instant::now();
            match self.ask_once(request) {
                Ok(answer) => return Ok(answer),
                Err(NoAnswer::Died(_)) if !was_fresh => self.running = None,
                Err(NoAnswer::Stopped(reason) | NoAnswer::Died(reason)) => {
                    self.running = None;
                    self.lost += begun.elapsed();
                    return Err(failure(reason));
                }
            }
        }
    }

    fn ask_once(&mut self, request: &Request) -> Result<Answer, NoAnswer> {
        let died = |error: io::Error| NoAnswer::Died(format!("the evaluator could not be started: {error}"));
        let per_file = self.patience.per_file;
        let running = match &mut self.running {
            Some(running) => running,
            none => none.insert(start(&self.program).map_err(died)?),
        };
        if running.answered == 0 {
            let (root, setup, changed) = (self.root.clone(), self.setup.clone(), self.changed.clone());
            let begin = Request::Begin { root, setup, changed };
            running.exchange(&begin, per_file)?;
        }
        running.exchange(request, per_file)
    }
}

impl Running {
    fn exchange(&mut self, request: &Request, patience: Duration) -> Result<Answer, NoAnswer> {
        let died =
            |reason: String| NoAnswer::Died(format!("the evaluator ran out of memory, stack or time ({reason})"));
        let mut line = serde_json::to_vec(request).map_err(|error| died(error.to_string()))?;
        line.push(b'\n');
        self.input.write_all(&line).and_then(|()| self.input.flush()).map_err(|error| died(error.to_string()))?;
        match self.answers.recv_timeout(patience) {
            Ok(Ok(answer)) => {
                let answer = serde_json::from_slice(&answer).map_err(|error| died(error.to_string()))?;
                self.answered += 1;
                Ok(answer)
            }
            Ok(Err(error)) => Err(died(error.to_string())),
            Err(RecvTimeoutError::Timeout) => Err(NoAnswer::Stopped(format!(
                "the evaluator was stopped after {} s without an answer",
                patience.as_secs()
            ))),
            Err(RecvTimeoutError::Disconnected) => {
                let status = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
                Err(died(status))
            }
        }
    }
}

fn start(program: &Path) -> io::Result<Running> {
    let mut child = Command::new(program)
        .arg(SUBCOMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("it has no pipes"));
    };
    let (sender, answers) = channel();
    // The thread ends with the child's output, which ends with the child.
    std::thread::Builder::new().name("evaluator answers".to_owned()).spawn(move || {
        let mut output = BufReader::new(output);
        loop {
            let mut line = Vec::new();
            let read = output.by_ref().take(LONGEST_ANSWER).read_until(b'\n', &mut line);
            let answer = match read {
                Ok(_) if line.last() == Some(&b'\n') => Ok(line),
                Ok(_) => return,
                Err(error) => Err(error),
            };
            if sender.send(answer).is_err() {
                return;
            }
        }
    })?;
    Ok(Running { child, input, answers, answered: 0 })
}

impl PackageEvaluator for WorkerEvaluator {
    fn begin(&mut self, setup: &EvaluationSetup) {
        self.setup = setup.clone();
        // What the child read with another setup is not valid any more.
        self.running = None;
    }

    fn package(&mut self, package: &str, path: &str) -> Result<EvaluatedPackage, EvaluationFailure> {
        let request = Request::Package { package: package.to_owned(), path: path.to_owned() };
        match self.ask(&request, path)? {
            Answer::Package(result) => result,
            Answer::Begun | Answer::ModuleFile(_) => Err(confused(path)),
        }
    }

    fn module_file(&mut self, path: &str) -> Result<Vec<ModuleCall>, EvaluationFailure> {
        match self.ask(&Request::ModuleFile { path: path.to_owned() }, path)? {
            Answer::ModuleFile(result) => result,
            Answer::Begun | Answer::Package(_) => Err(confused(path)),
        }
    }
}

fn confused(path: &str) -> EvaluationFailure {
    EvaluationFailure::new("worker_stopped", path, "the evaluator answered something else than was asked")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn answers_each_request_with_one_line() {
        let folder =
            workspace(&[("p/BUILD", "py_library(name = 'a')"), ("q/BUILD", "oops("), ("MODULE.bazel", "module()")]);
        let requests = [
            Request::Package { package: "p".to_owned(), path: "p/BUILD".to_owned() },
            Request::Begin {
                root: folder.path().to_owned(),
                setup: EvaluationSetup::default(),
                changed: BTreeMap::new(),
            },
            Request::Package { package: "p".to_owned(), path: "p/BUILD".to_owned() },
            Request::Package { package: "q".to_owned(), path: "q/BUILD".to_owned() },
            Request::ModuleFile { path: "MODULE.bazel".to_owned() },
        ];
        let input: String = requests.iter().map(|request| serde_json::to_string(request).unwrap() + "\n").collect();
        let mut output = Vec::new();
        answer_requests(input.as_bytes(), &mut output).unwrap();
        let output = String::from_utf8(output).unwrap();
        let answers: Vec<Answer> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [
            Answer::Package(Err(early)),
            Answer::Begun,
            Answer::Package(Ok(p)),
            Answer::Package(Err(q)),
            Answer::ModuleFile(Ok(calls)),
        ] = answers.as_slice()
        else {
            panic!("{answers:?}")
        };
        assert_eq!(early.code, "not_evaluated");
        assert_eq!(p.targets[0].name, "a");
        assert_eq!(q.code, "syntax_error");
        assert_eq!(calls[0].function, "module");
    }

    #[test]
    fn a_request_that_is_none_ends_the_child() {
        assert!(answer_requests("hello\n".as_bytes(), Vec::new()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_never_answers_is_stopped() {
        use std::os::unix::fs::PermissionsExt;
        let folder = workspace(&[("silent", "#!/bin/sh\nexec sleep 60\n"), ("dying", "#!/bin/sh\nexit 3\n")]);
        let program = |name: &str| {
            let path = folder.path().join(name);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            path
        };
        let patience = Patience { per_file: Duration::from_millis(100), in_vain: Duration::from_millis(150) };
        let mut silent = WorkerEvaluator::new(&program("silent"), folder.path(), patience);
        let began = Instant::now();
        let reasons: Vec<String> = (0..4).map(|_| silent.package("p", "p/BUILD").unwrap_err().reason).collect();
        assert!(reasons[0].contains("stopped after"), "{reasons:?}");
        // Time for files that do not answer is limited as a whole.
        assert!(reasons[3].contains("too many files"), "{reasons:?}");
        assert!(began.elapsed() < Duration::from_secs(10));

        let mut dying = WorkerEvaluator::new(&program("dying"), folder.path(), Patience::default());
        let failure = dying.package("p", "p/BUILD").unwrap_err();
        assert_eq!(failure.code, "worker_stopped");
        let mut missing = WorkerEvaluator::new(Path::new("/none"), folder.path(), Patience::default());
        assert!(missing.package("p", "p/BUILD").unwrap_err().reason.contains("could not be started"));
    }
}
