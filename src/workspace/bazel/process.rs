//! Runs Bazel in a trusted workspace: forwards its output while it runs, and a beat while it is silent; stops it on
//! request. The process never outlives the call.

use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::child::{Event, Running};
use super::command::BazelError;
use crate::jobs::Watch;

pub use super::call::{BazelCall, TerminalKeys};

/// Interval of checks for cancellation.
const GLANCE: Duration = Duration::from_millis(50);
const BEAT: Duration = Duration::from_secs(1);
/// Others may hold the pipes of an ended process.
const PIPES_AFTER_END: Duration = Duration::from_secs(1);
/// Of standard error.
const LINES_KEPT: usize = 2_000;

#[derive(Debug)]
pub enum Output<'a> {
    /// Of standard output.
    Bytes(&'a [u8]),
    /// Of standard error, without control characters; never empty.
    Line(&'a str),
    /// No output for a second; the time since the start.
    Beat(Duration),
}

#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    /// Of standard error.
    pub lines: Vec<String>,
}

/// `listener` gets all output; its error stops Bazel.
///
/// # Errors
/// When Bazel can't be started, is stopped, or the listener fails. The caller interprets the exit status.
pub fn run_bazel(
    call: &BazelCall<'_>,
    listener: &mut dyn FnMut(Output<'_>) -> Result<(), String>,
    watch: &dyn Watch,
) -> Result<Ended, BazelError> {
    let line = call.bazel.line(&call.arguments);
    tracing::debug!("running {line}");
    let started = |source| BazelError::NotStarted { command: call.bazel.to_string(), source };
    let mut running = Running::start(call).map_err(started)?;
    let events = running.listen().map_err(started)?;
    let now = Instant::now();
    let mut hearing = Hearing { begun: now, last_heard: now, last_beat: now, lines: Vec::new(), listener };
    let heard = hear(&mut running, &events, &mut hearing, watch);
    // The pipe threads end as soon as nobody listens.
    drop(events);
    match heard {
        Ok(status) => Ok(Ended { status, lines: hearing.lines }),
        Err(Broken::Cancelled) => Err(BazelError::Cancelled),
        Err(Broken::Listener(problem)) => Err(BazelError::Unreadable { command: line, problem }),
        Err(Broken::System(source)) => Err(started(source)),
    }
}

/// Why listening ended early. Dropping [`Running`] stops the process.
enum Broken {
    Cancelled,
    Listener(String),
    System(std::io::Error),
}

struct Hearing<'a> {
    begun: Instant,
    last_heard: Instant,
    last_beat: Instant,
    lines: Vec<String>,
    listener: &'a mut dyn FnMut(Output<'_>) -> Result<(), String>,
}

impl Hearing<'_> {
    fn event(&mut self, event: Event) -> Result<(), Broken> {
        self.last_heard = Instant::now();
        match event {
            Event::Bytes(bytes) => (self.listener)(Output::Bytes(&bytes)).map_err(Broken::Listener),
            Event::Line(line) => {
                (self.listener)(Output::Line(&line)).map_err(Broken::Listener)?;
                if self.lines.len() >= LINES_KEPT {
                    self.lines.remove(0);
                }
                self.lines.push(line);
                Ok(())
            }
        }
    }

    fn silence(&mut self) -> Result<(), Broken> {
        if self.last_heard.elapsed() < BEAT || self.last_beat.elapsed() < BEAT {
            return Ok(());
        }
        self.last_beat = Instant::now();
        (self.listener)(Output::Beat(self.begun.elapsed())).map_err(Broken::Listener)
    }
}

fn hear(
    running: &mut Running,
    events: &Receiver<Event>,
    hearing: &mut Hearing<'_>,
    watch: &dyn Watch,
) -> Result<ExitStatus, Broken> {
    loop {
        if watch.is_cancelled() {
            return Err(Broken::Cancelled);
        }
        match events.recv_timeout(GLANCE) {
            Ok(event) => hearing.event(event)?,
            Err(RecvTimeoutError::Timeout) => {
                hearing.silence()?;
                // A server or wrapper may hold the pipes of an ended process.
                if let Some(status) = running.ended().map_err(Broken::System)?
                    && hearing.last_heard.elapsed() >= PIPES_AFTER_END
                {
                    return Ok(status);
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    loop {
        if let Some(status) = running.ended().map_err(Broken::System)? {
            return Ok(status);
        }
        if watch.is_cancelled() {
            return Err(Broken::Cancelled);
        }
        hearing.silence()?;
        std::thread::sleep(GLANCE);
    }
}

#[cfg(test)]
#[cfg(unix)]
#[path = "process_tests.rs"]
mod tests;
