//! The evaluator's interface.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evaluated::EvaluatedPackage;
use super::reads::Evaluation;
use crate::jobs::Watch;
use crate::workspace::module_call::ModuleCall;
use crate::workspace::modules::Module;
use crate::workspace::repositories::Repositories;
use crate::workspace::walk::PackagePlace;

/// Known before the first file is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationSetup {
    pub repositories: Repositories,
    /// Normalised names (PEP 503) of each hub's packages.
    pub hubs: BTreeMap<String, Vec<String>>,
    /// Rule sets with models, by apparent name.
    pub modules: BTreeMap<String, Module>,
}

/// Evaluates files of one workspace. After a failure it stays usable for the next file.
pub trait PackageEvaluator {
    /// Announces that many files follow, so that workers can start.
    fn expect_many(&mut self) {}

    /// Sets what holds for all files that follow.
    fn begin(&mut self, setup: &EvaluationSetup);

    /// Evaluates the BUILD file at `path` (relative to the root). Fails if it can't be read, parsed or evaluated within
    /// the limits.
    fn package(&mut self, package: &str, path: &str) -> Evaluation<EvaluatedPackage>;

    /// Evaluates packages in the order of `wanted`; `None` if cancelled. `report` gets the number done and the next
    /// package.
    fn packages(
        &mut self,
        wanted: &[PackagePlace],
        report: &mut dyn FnMut(usize, &str),
        watch: &dyn Watch,
    ) -> Option<Vec<Evaluation<EvaluatedPackage>>> {
        let mut results = Vec::with_capacity(wanted.len());
        for (done, place) in wanted.iter().enumerate() {
            if watch.is_cancelled() {
                return None;
            }
            report(done, &place.path);
            results.push(self.package(&place.path, &place.build_file()));
        }
        Some(results)
    }

    /// Evaluates MODULE.bazel, WORKSPACE or an included file, and returns its calls. Fails like
    /// [`PackageEvaluator::package`].
    fn module_file(&mut self, path: &str) -> Evaluation<Vec<ModuleCall>>;
}
