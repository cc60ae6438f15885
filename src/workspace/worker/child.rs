//! One child process with its pipes. Does IO.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::messages::{Answer, Request, SUBCOMMAND};
use crate::jobs::Watch;

/// Longest answer, in bytes.
const LONGEST_ANSWER: u64 = 256 * 1024 * 1024;
/// How often somebody who waits looks whether he still should.
const LOOK_UP: Duration = Duration::from_millis(25);

/// A child that was started.
pub struct Running {
    child: Child,
    input: ChildStdin,
    answers: Receiver<io::Result<Vec<u8>>>,
    /// Requests that it has answered.
    pub answered: usize,
    /// Whether it has been told of the workspace as it is now.
    pub has_begun: bool,
    /// How often it was told, and has not said that it heard.
    pub unheard: usize,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to stop.
        self.child.kill().unwrap_or_default();
        self.child.wait().map(drop).unwrap_or_default();
    }
}

/// Why there is no answer.
pub enum NoAnswer {
    /// It took too long.
    Stopped(String),
    /// The child is gone.
    Died(String),
    /// Nobody wants the answer any more.
    Unwanted,
}

impl Running {
    /// Starts a child.
    ///
    /// # Errors
    /// When the program can't be started.
    pub fn start(program: &Path) -> io::Result<Self> {
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
            let mut output = BufReader::with_capacity(64 * 1024, output);
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
        Ok(Self { child, input, answers, answered: 0, has_begun: false, unheard: 0 })
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When the child is gone.
    pub fn send(&mut self, request: &Request) -> Result<(), NoAnswer> {
        let mut line = serde_json::to_vec(request).map_err(|error| exhausted(&error.to_string()))?;
        line.push(b'\n');
        self.input.write_all(&line).and_then(|()| self.input.flush()).map_err(|error| exhausted(&error.to_string()))
    }

    /// Waits for the next answer.
    ///
    /// # Errors
    /// When there is none within `patience`, the child is gone, or `watch` cancels it.
    pub fn receive(&mut self, patience: Duration, watch: &dyn Watch) -> Result<Answer, NoAnswer> {
        let begun = Instant::now();
        loop {
            let left = patience.saturating_sub(begun.elapsed());
            match self.answers.recv_timeout(left.min(LOOK_UP)) {
                Ok(Ok(answer)) => {
                    let answer = serde_json::from_slice(&answer).map_err(|error| exhausted(&error.to_string()))?;
                    self.answered += 1;
                    return Ok(answer);
                }
                Ok(Err(error)) => return Err(exhausted(&error.to_string())),
                Err(RecvTimeoutError::Timeout) if watch.is_cancelled() => return Err(NoAnswer::Unwanted),
                Err(RecvTimeoutError::Timeout) if !left.is_zero() => {}
                Err(RecvTimeoutError::Timeout) => {
                    let reason = format!("the evaluator was stopped after {} s without an answer", patience.as_secs());
                    return Err(NoAnswer::Stopped(reason));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.child.wait().map_or_else(|error| error.to_string(), |status| status.to_string());
                    return Err(exhausted(&status));
                }
            }
        }
    }
}

fn exhausted(reason: &str) -> NoAnswer {
    NoAnswer::Died(format!("the evaluator ran out of memory, stack or time ({reason})"))
}
