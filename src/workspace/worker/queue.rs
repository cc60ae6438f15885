//! One worker's way through its requests: a few are under way at once, so that the child never waits for the parent.
//!
//! What breaks a child is known by being the oldest request without an answer; the others are sent again.

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

/// Requests that one child has at once. More would leave one child with many at the end while another has none.
const UNDER_WAY: usize = 4;

/// What all workers of one workspace share.
pub struct Shared {
    /// The program that the children run.
    pub program: PathBuf,
    /// The workspace.
    pub root: PathBuf,
    /// What children are told before anything else.
    pub setup: EvaluationSetup,
    /// Texts that stand in the place of files, by path from the root.
    pub changed: BTreeMap<String, String>,
    /// How long to wait.
    pub patience: Patience,
    /// Time lost to files that did not answer.
    pub lost: Mutex<Duration>,
    /// Whether nobody wants answers any more.
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

/// One request with the file that it is about.
pub struct Task {
    /// Position among all requests, for whoever collects the answers.
    pub index: usize,
    /// What is asked.
    pub request: Request,
    /// The file.
    pub path: String,
}

/// One child, or none as long as nothing was asked.
#[derive(Default)]
pub struct Worker {
    running: Option<Running>,
}

impl Worker {
    /// Forgets what the child was told: the next request tells it anew.
    pub fn begin_again(&mut self) {
        if let Some(running) = &mut self.running {
            running.has_begun = false;
        }
    }

    /// Starts the child before there is anything to ask, so that it is ready by then. Where it can't be started, the first
    /// request says so.
    pub fn start_early(&mut self, shared: &Shared) {
        if self.running.is_some() {
            return;
        }
        self.running = Running::start(&shared.program).ok();
        if self.running.as_mut().is_some_and(|running| begin(running, shared).is_err()) {
            self.running = None;
        }
    }

    /// Works off what `next` gives, until it gives nothing more or nobody wants answers. `take` hears each end.
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
                // It may have died of what it did before: a new child is asked once more.
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

    /// Sends what has not been sent, and waits for the answer to the oldest request.
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
        // A child that has answered nothing yet gets one request alone: if it dies, that one was the reason.
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

/// Tells a child of the workspace; it answers before it answers anything else.
fn begin(running: &mut Running, shared: &Shared) -> Result<(), NoAnswer> {
    let (root, setup, changed) = (shared.root.clone(), shared.setup.clone(), shared.changed.clone());
    running.send(&Request::Begin { root, setup, changed })?;
    running.has_begun = true;
    running.unheard += 1;
    Ok(())
}
