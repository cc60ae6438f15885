//! Work off the window's thread. A job is a closure on its own thread; it reports progress, is asked to stop by a flag,
//! and ends in exactly one event, also when it panics.

mod watch;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

#[cfg(test)]
pub(crate) use watch::Until;
pub use watch::{Progress, Unwatched, Watch};

/// Grows with each job, so that late results of an earlier one can be told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub u64);

#[derive(Debug)]
pub enum JobEvent<T> {
    Progress(JobId, Progress),
    /// An intermediate result.
    Partial(JobId, T),
    Done(JobId, T),
    /// It broke off; the text says why.
    Failed(JobId, String),
}

pub struct JobContext<T> {
    id: JobId,
    cancelled: Arc<AtomicBool>,
    events: Sender<JobEvent<T>>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl<T> JobContext<T> {
    /// Publishes an intermediate result.
    pub fn publish(&self, so_far: T) {
        self.tell(JobEvent::Partial(self.id, so_far));
    }

    fn tell(&self, event: JobEvent<T>) {
        // The receiver is gone only when the program ends.
        if self.events.send(event).is_ok() {
            (self.wake)();
        }
    }
}

impl<T> Watch for JobContext<T> {
    fn report(&self, progress: Progress) {
        self.tell(JobEvent::Progress(self.id, progress));
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }
}

pub struct Jobs<T> {
    next: u64,
    running: Vec<(JobId, Arc<AtomicBool>)>,
    sender: Sender<JobEvent<T>>,
    receiver: Receiver<JobEvent<T>>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl<T: Send + 'static> Jobs<T> {
    /// `wake` is called from a job's thread whenever there is an event to collect.
    #[must_use]
    pub fn new(wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let (sender, receiver) = channel();
        Self { next: 1, running: Vec::new(), sender, receiver, wake }
    }

    pub fn start(&mut self, work: impl FnOnce(&JobContext<T>) -> T + Send + 'static) -> JobId {
        let id = JobId(self.next);
        self.next += 1;
        let cancelled = Arc::new(AtomicBool::new(false));
        self.running.push((id, Arc::clone(&cancelled)));
        let context = JobContext { id, cancelled, events: self.sender.clone(), wake: Arc::clone(&self.wake) };
        thread::spawn(move || {
            let event = match catch_unwind(AssertUnwindSafe(|| work(&context))) {
                Ok(result) => JobEvent::Done(id, result),
                Err(panic) => JobEvent::Failed(id, panic_message(panic.as_ref())),
            };
            context.tell(event);
        });
        id
    }

    /// The job still ends with an event.
    pub fn cancel(&self, id: JobId) {
        for (running, cancelled) in &self.running {
            if *running == id {
                cancelled.store(true, Ordering::Relaxed);
            }
        }
    }

    pub fn cancel_all(&self) {
        self.running.iter().for_each(|(_, cancelled)| cancelled.store(true, Ordering::Relaxed));
    }

    pub fn running(&self) -> impl Iterator<Item = JobId> {
        self.running.iter().map(|(id, _)| *id)
    }

    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.running.is_empty()
    }

    /// Returns the events since the last call, in order.
    pub fn collect(&mut self) -> Vec<JobEvent<T>> {
        let events: Vec<JobEvent<T>> = self.receiver.try_iter().collect();
        for event in &events {
            if let JobEvent::Done(id, _) | JobEvent::Failed(id, _) = event {
                self.running.retain(|(running, _)| running != id);
            }
        }
        events
    }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("an internal error stopped this work: {}", text.unwrap_or("no reason was given"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn wait_for<T: Send + 'static>(jobs: &mut Jobs<T>, count: usize) -> Vec<JobEvent<T>> {
        let start = Instant::now();
        let mut events = Vec::new();
        while events.len() < count && start.elapsed() < Duration::from_secs(10) {
            events.extend(jobs.collect());
            thread::sleep(Duration::from_millis(1));
        }
        events
    }

    #[test]
    fn reports_progress_and_then_the_result() {
        let mut jobs = Jobs::new(Arc::new(|| {}));
        let id = jobs.start(|context| {
            context.report(Progress { message: "counting".into(), done: 1, total: 2 });
            7
        });
        let events = wait_for(&mut jobs, 2);
        assert!(matches!(&events[0], JobEvent::Progress(of, progress) if *of == id && progress.total == 2));
        assert!(matches!(events[1], JobEvent::Done(of, 7) if of == id));
        assert!(!jobs.is_busy());
    }

    #[test]
    fn hands_out_what_it_has_before_it_ends() {
        let mut jobs = Jobs::new(Arc::new(|| {}));
        let id = jobs.start(|context| {
            context.publish(3);
            7
        });
        let events = wait_for(&mut jobs, 2);
        assert!(matches!(events[..], [JobEvent::Partial(of, 3), JobEvent::Done(_, 7)] if of == id));
    }

    #[test]
    fn a_cancelled_job_sees_it_and_still_ends() {
        let mut jobs = Jobs::new(Arc::new(|| {}));
        let id = jobs.start(|context| {
            while !context.is_cancelled() {
                thread::sleep(Duration::from_millis(1));
            }
            "stopped"
        });
        jobs.cancel(id);
        assert!(matches!(wait_for(&mut jobs, 1)[..], [JobEvent::Done(_, "stopped")]));
    }

    #[test]
    fn a_panic_is_an_event_and_not_a_silent_hang() {
        let mut jobs: Jobs<()> = Jobs::new(Arc::new(|| {}));
        jobs.start(|_| panic!("no such thing"));
        let events = wait_for(&mut jobs, 1);
        assert!(matches!(&events[..], [JobEvent::Failed(_, text)] if text.contains("no such thing")));
    }
}
