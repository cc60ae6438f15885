//! A child process with its pipes.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::messages::{Answer, Request, SUBCOMMAND};
use crate::jobs::Watch;

/// In bytes.
const LONGEST_ANSWER: u64 = 256 * 1024 * 1024;
/// Interval of checks for cancellation.
const LOOK_UP: Duration = Duration::from_millis(25);

pub struct Running {
    child: Child,
    input: ChildStdin,
    answers: Receiver<io::Result<Vec<u8>>>,
    pub answered: usize,
    /// It has the current setup.
    pub has_begun: bool,
    /// Setups sent but not acknowledged.
    pub unheard: usize,
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may already have ended.
        self.child.kill().unwrap_or_default();
        self.child.wait().map(drop).unwrap_or_default();
    }
}

pub enum NoAnswer {
    Stopped(String),
    Died(String),
    Unwanted,
}

impl Running {
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
        // The thread ends with the child's output.
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

    /// # Errors
    /// When the child is gone.
    pub fn send(&mut self, request: &Request) -> Result<(), NoAnswer> {
        let mut line = serde_json::to_vec(request).map_err(|error| exhausted(&error.to_string()))?;
        line.push(b'\n');
        self.input.write_all(&line).and_then(|()| self.input.flush()).map_err(|error| exhausted(&error.to_string()))
    }

    /// # Errors
    /// When there is no answer within `patience`, the child is gone, or `watch` cancels.
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
