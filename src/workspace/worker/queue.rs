//! A worker's requests: a few are sent ahead, so that the child never waits. If a child breaks, the oldest unanswered
//! request is to blame; the others are sent again.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::child::{NoAnswer, Running};
use super::messages::{Answer, Request};
use super::patience::Patience;
use crate::workspace::evaluate::evaluated::EvaluationFailure;
use crate::workspace::evaluate::evaluator::EvaluationSetup;

/// More would leave one child with many at the end while another is idle.
const UNDER_WAY: usize = 4;

/// Shared by all workers of a workspace.
pub struct Shared {
    pub program: PathBuf,
    pub root: PathBuf,
    /// Sent to children first.
    pub setup: EvaluationSetup,
    /// Replaced texts by path.
    pub changed: BTreeMap<String, String>,
    pub patience: Patience,
    /// Time lost to files that did not answer.
    pub lost: Mutex<Duration>,
    pub is_unwanted: AtomicBool,
}

impl Shared {
    fn is_unwanted(&self) -> bool {
        self.is_unwanted.load(Ordering::Relaxed)
    }

    fn has_lost_patience(&self) -> bool {
        self.lost.lock().is_ok_and(|lost| *lost >= self.patience.in_vain)
    }

    fn lose(&self, time: Duration) {
        if let Ok(mut lost) = self.lost.lock() {
            *lost += time;
        }
    }
}

pub struct Task {
    /// Position among all requests.
    pub index: usize,
    pub request: Request,
    pub path: String,
}

/// `None` until something was asked.
#[derive(Default)]
pub struct Worker {
    running: Option<Running>,
}

impl Worker {
    /// Sends the setup again with the next request.
    pub fn begin_again(&mut self) {
        if let Some(running) = &mut self.running {
            running.has_begun = false;
        }
    }

    /// Starts the child before there is a request. If it can't be started, the first request reports it.
    pub fn start_early(&mut self, shared: &Shared) {
        if self.running.is_some() {
            return;
        }
        self.running = Running::start(&shared.program).ok();
        if self.running.as_mut().is_some_and(|running| begin(running, shared).is_err()) {
            self.running = None;
        }
    }

    /// Works off `next` until it is empty or cancelled. `take` gets each result.
    pub fn work(
        &mut self,
        shared: &Shared,
        next: &dyn Fn() -> Option<Task>,
        take: &mut dyn FnMut(&Task, Result<Answer, EvaluationFailure>),
    ) {
        let mut waiting: VecDeque<Task> = VecDeque::new();
        let mut sent = 0;
        while !shared.is_unwanted() {
            while waiting.len() < UNDER_WAY
                && let Some(task) = next()
            {
                waiting.push_back(task);
            }
            let Some(oldest) = waiting.front() else { return };
            if shared.has_lost_patience() {
                let reason = "too many files before this one had to be stopped, so it was not evaluated";
                take(oldest, Err(EvaluationFailure::new("worker_stopped", &oldest.path, reason)));
                waiting.pop_front();
                sent = 0;
                self.running = None;
                continue;
            }
            let was_fresh = self.running.as_ref().is_none_or(|running| running.answered == 0);
            let begun = Instant::now();
            match self.exchange(shared, &waiting, &mut sent) {
                Ok(answer) => {
                    take(oldest, Ok(answer));
                    waiting.pop_front();
                    sent -= 1;
                }
                Err(NoAnswer::Unwanted) => {
                    self.running = None;
                    return;
                }
                // An earlier request may be to blame: a new child is asked once more.
                Err(NoAnswer::Died(_)) if !was_fresh => (self.running, sent) = (None, 0),
                Err(NoAnswer::Stopped(reason) | NoAnswer::Died(reason)) => {
                    (self.running, sent) = (None, 0);
                    shared.lose(begun.elapsed());
                    take(oldest, Err(EvaluationFailure::new("worker_stopped", &oldest.path, reason)));
                    waiting.pop_front();
                }
            }
        }
    }

    /// Sends unsent requests, and waits for the oldest answer.
    fn exchange(&mut self, shared: &Shared, waiting: &VecDeque<Task>, sent: &mut usize) -> Result<Answer, NoAnswer> {
        let patience = shared.patience.per_file;
        let running = match &mut self.running {
            Some(running) => running,
            none => none.insert(
                Running::start(&shared.program)
                    .map_err(|error| NoAnswer::Died(format!("the evaluator could not be started: {error}")))?,
            ),
        };
        if !running.has_begun {
            begin(running, shared)?;
        }
        // A new child gets one request first: if it dies, that one is to blame.
        let most = if running.answered == 0 { 1 } else { UNDER_WAY };
        while *sent < most
            && let Some(task) = waiting.get(*sent)
        {
            running.send(&task.request)?;
            *sent += 1;
        }
        while running.unheard > 0 {
            running.receive(patience, &shared.is_unwanted)?;
            running.unheard -= 1;
        }
        running.receive(patience, &shared.is_unwanted)
    }
}

/// Sends the setup; it is acknowledged before other answers.
fn begin(running: &mut Running, shared: &Shared) -> Result<(), NoAnswer> {
    let (root, setup, changed) = (shared.root.clone(), shared.setup.clone(), shared.changed.clone());
    running.send(&Request::Begin { root, setup, changed })?;
    running.has_begun = true;
    running.unheard += 1;
    Ok(())
}
