//! An evaluator that evaluates only what changed. Does IO on the cache and the workspace.

use std::collections::BTreeMap;
use std::path::Path;

use super::kept_results::{KeptResults, Now};
use super::present::Present;
use super::store::Store;
use crate::jobs::Watch;
use crate::workspace::evaluate::evaluated::EvaluatedPackage;
use crate::workspace::evaluate::evaluator::{EvaluationSetup, PackageEvaluator};
use crate::workspace::evaluate::reads::{Digest, Evaluation};
use crate::workspace::module_call::ModuleCall;
use crate::workspace::walk::PackagePlace;

/// Asks `inner` for what is not cached.
pub struct CachedEvaluator<E> {
    inner: E,
    store: Option<Store>,
    present: Present,
    setup: EvaluationSetup,
    /// The packages of each hub.
    hubs: BTreeMap<String, Digest>,
    results: KeptResults,
}

impl<E: PackageEvaluator> CachedEvaluator<E> {
    /// Caches in `folder` for the workspace at `root`; `None` disables it. `program` is the evaluator: another build
    /// may have other results.
    #[must_use]
    pub fn new(mut inner: E, folder: Option<&Path>, root: &Path, program: &Path) -> Self {
        let store = folder.and_then(|folder| Store::new(folder, root, program));
        let kept = store.as_ref().and_then(Store::load).unwrap_or_default();
        if kept.packages.is_empty() {
            inner.expect_many();
        }
        let known = kept.files.iter().filter_map(|file| Some((file.path.clone(), (file.text?, file.stamp?))));
        Self {
            inner,
            present: Present::new(root, known.collect()),
            setup: EvaluationSetup::default(),
            hubs: BTreeMap::new(),
            results: KeptResults::new(kept, store.is_some()),
            store,
        }
    }

    /// Saves changed results.
    pub fn save(self) {
        let Some(store) = &self.store else { return };
        let Some(kept) = self.results.next(&self.present) else { return };
        if let Err(error) = store.save(kept) {
            tracing::debug!("evaluations are not kept for the next start: {error}");
        }
    }

    fn kept_package(&mut self, path: &str) -> Option<Evaluation<EvaluatedPackage>> {
        self.results.package(path, &Now { present: &self.present, setup: &self.setup, hubs: &self.hubs })
    }
}

impl<E: PackageEvaluator> PackageEvaluator for CachedEvaluator<E> {
    fn begin(&mut self, setup: &EvaluationSetup) {
        self.inner.begin(setup);
        let digest = |packages: &Vec<String>| Digest::of_all(packages.iter().map(String::as_str));
        self.hubs = setup.hubs.iter().map(|(hub, packages)| (hub.clone(), digest(packages))).collect();
        self.setup = setup.clone();
    }

    fn package(&mut self, package: &str, path: &str) -> Evaluation<EvaluatedPackage> {
        if let Some(kept) = self.kept_package(path) {
            return kept;
        }
        let evaluation = self.inner.package(package, path);
        self.results.take_package(path, &evaluation);
        evaluation
    }

    fn packages(
        &mut self,
        wanted: &[PackagePlace],
        report: &mut dyn FnMut(usize, &str),
        watch: &dyn Watch,
    ) -> Option<Vec<Evaluation<EvaluatedPackage>>> {
        let mut results: Vec<_> = wanted.iter().map(|place| self.kept_package(&place.build_file())).collect();
        let pairs = wanted.iter().zip(&results);
        let missing: Vec<PackagePlace> =
            pairs.filter(|(_, result)| result.is_none()).map(|(place, _)| place.clone()).collect();
        let done = wanted.len() - missing.len();
        let mut report_more = |more, package: &str| report(done + more, package);
        let evaluated = self.inner.packages(&missing, &mut report_more, watch)?;
        let gaps = results.iter_mut().filter(|result| result.is_none());
        for ((gap, place), evaluation) in gaps.zip(&missing).zip(evaluated) {
            self.results.take_package(&place.build_file(), &evaluation);
            *gap = Some(evaluation);
        }
        results.into_iter().collect()
    }

    fn module_file(&mut self, path: &str) -> Evaluation<Vec<ModuleCall>> {
        let now = Now { present: &self.present, setup: &self.setup, hubs: &self.hubs };
        if let Some(kept) = self.results.module_file(path, &now) {
            return kept;
        }
        let evaluation = self.inner.module_file(path);
        self.results.take_module_file(path, &evaluation);
        evaluation
    }
}
