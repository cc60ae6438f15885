//! The parent's side: distributes packages to children and orders their answers.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::messages::{Answer, Request};
use super::patience::Patience;
use super::queue::{Shared, Task, Worker};
use crate::jobs::Watch;
use crate::workspace::evaluate::evaluated::{EvaluatedPackage, EvaluationFailure};
use crate::workspace::evaluate::evaluator::{EvaluationSetup, PackageEvaluator};
use crate::workspace::evaluate::reads::Evaluation;
use crate::workspace::module_call::ModuleCall;
use crate::workspace::walk::PackagePlace;

/// Each may take two gigabytes.
const MOST_WORKERS: usize = 4;
/// Packages that justify another child, which has to start and load the same `.bzl` files.
const PACKAGES_PER_WORKER: usize = 24;
/// Children started before the number of packages is known.
const EARLY_WORKERS: usize = 2;
/// Interval of checks for cancellation.
const LOOK_UP: Duration = Duration::from_millis(25);

/// Starts children on demand.
pub struct WorkerEvaluator {
    shared: Shared,
    workers: Vec<Worker>,
}

impl WorkerEvaluator {
    /// Starts `program` with [`super::SUBCOMMAND`].
    #[must_use]
    pub fn new(program: &Path, root: &Path, patience: Patience) -> Self {
        Self::over(program, root, patience, BTreeMap::new())
    }

    /// With the texts of `changed` (by path) in place of files.
    #[must_use]
    pub fn over(program: &Path, root: &Path, patience: Patience, changed: BTreeMap<String, String>) -> Self {
        let shared = Shared {
            program: program.to_owned(),
            root: root.to_owned(),
            setup: EvaluationSetup::default(),
            changed,
            patience,
            lost: Mutex::new(Duration::ZERO),
            is_unwanted: AtomicBool::new(false),
        };
        Self { shared, workers: Vec::new() }
    }

    /// Starts a child before there is a request.
    pub fn start_early(&mut self) {
        if self.workers.is_empty() {
            self.workers.push(Worker::default());
        }
        let shared = &self.shared;
        self.workers.iter_mut().for_each(|worker| worker.start_early(shared));
    }

    fn ask(&mut self, request: Request, path: &str) -> Result<Answer, EvaluationFailure> {
        if self.workers.is_empty() {
            self.workers.push(Worker::default());
        }
        let task = Mutex::new(Some(Task { index: 0, request, path: path.to_owned() }));
        let mut answer = Err(confused(path));
        if let Some(worker) = self.workers.first_mut() {
            let next = || task.lock().ok().and_then(|mut task| task.take());
            worker.work(&self.shared, &next, &mut |_, result| answer = result);
        }
        answer
    }

    /// Sets the number of children for so many packages.
    fn set_workers(&mut self, packages: usize) {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let wanted = (packages / PACKAGES_PER_WORKER).clamp(1, processors.min(MOST_WORKERS));
        self.workers.resize_with(wanted.max(self.workers.len()), Worker::default);
    }
}

fn package_of(answer: Result<Answer, EvaluationFailure>, path: &str) -> Evaluation<EvaluatedPackage> {
    match answer {
        Ok(Answer::Package(evaluation)) => evaluation,
        Ok(Answer::Begun | Answer::ModuleFile(_)) => Evaluation::broken_off(confused(path)),
        Err(failure) => Evaluation::broken_off(failure),
    }
}

fn confused(path: &str) -> EvaluationFailure {
    EvaluationFailure::new("worker_stopped", path, "the evaluator answered something else than was asked")
}

impl PackageEvaluator for WorkerEvaluator {
    fn expect_many(&mut self) {
        self.set_workers(EARLY_WORKERS * PACKAGES_PER_WORKER);
        self.start_early();
    }

    fn begin(&mut self, setup: &EvaluationSetup) {
        self.shared.setup = setup.clone();
        self.workers.iter_mut().for_each(Worker::begin_again);
    }

    fn package(&mut self, package: &str, path: &str) -> Evaluation<EvaluatedPackage> {
        let request = Request::Package { package: package.to_owned(), path: path.to_owned() };
        package_of(self.ask(request, path), path)
    }

    fn packages(
        &mut self,
        wanted: &[PackagePlace],
        report: &mut dyn FnMut(usize, &str),
        watch: &dyn Watch,
    ) -> Option<Vec<Evaluation<EvaluatedPackage>>> {
        if wanted.is_empty() {
            return Some(Vec::new());
        }
        self.set_workers(wanted.len());
        self.shared.is_unwanted.store(false, Ordering::Relaxed);
        let (shared, at) = (&self.shared, AtomicUsize::new(0));
        let next = || {
            let index = at.fetch_add(1, Ordering::Relaxed);
            let place = wanted.get(index)?;
            let path = place.build_file();
            let request = Request::Package { package: place.path.clone(), path: path.clone() };
            Some(Task { index, request, path })
        };
        let mut results: Vec<Option<Evaluation<EvaluatedPackage>>> = wanted.iter().map(|_| None).collect();
        std::thread::scope(|scope| {
            let (sender, answers) = channel();
            for worker in &mut self.workers {
                let (sender, next) = (sender.clone(), &next);
                scope.spawn(move || {
                    worker.work(shared, next, &mut |task, answer| {
                        // The receiver stays until every worker has ended.
                        sender.send((task.index, package_of(answer, &task.path))).unwrap_or_default();
                    });
                });
            }
            drop(sender);
            let mut done = 0;
            loop {
                if watch.is_cancelled() {
                    shared.is_unwanted.store(true, Ordering::Relaxed);
                }
                match answers.recv_timeout(LOOK_UP) {
                    Ok((index, evaluation)) => {
                        done += 1;
                        let next_place = wanted.get(at.load(Ordering::Relaxed).min(wanted.len() - 1));
                        report(done, next_place.map_or("", |place| &place.path));
                        if let Some(result) = results.get_mut(index) {
                            *result = Some(evaluation);
                        }
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
            }
        });
        results.into_iter().collect()
    }

    fn module_file(&mut self, path: &str) -> Evaluation<Vec<ModuleCall>> {
        match self.ask(Request::ModuleFile { path: path.to_owned() }, path) {
            Ok(Answer::ModuleFile(evaluation)) => evaluation,
            Ok(Answer::Begun | Answer::Package(_)) => Evaluation::broken_off(confused(path)),
            Err(failure) => Evaluation::broken_off(failure),
        }
    }
}
