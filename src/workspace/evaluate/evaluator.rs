//! What evaluates the files of a workspace, and what it must know beforehand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::evaluated::EvaluatedPackage;
use super::reads::Evaluation;
use crate::jobs::Watch;
use crate::workspace::module_call::ModuleCall;
use crate::workspace::modules::Module;
use crate::workspace::repositories::Repositories;
use crate::workspace::walk::PackagePlace;

/// What an evaluator must know of a workspace before it reads the first file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvaluationSetup {
    /// The repositories whose files lie in the workspace.
    pub repositories: Repositories,
    /// Each package hub with the names of its packages, normalised as PEP 503 says.
    pub hubs: BTreeMap<String, Vec<String>>,
    /// The rule sets for which there are models, by the repository name under which they are loaded.
    pub modules: BTreeMap<String, Module>,
}

/// Something that evaluates the files of one workspace.
///
/// A failure is about one file; the evaluator stays usable for the next one.
pub trait PackageEvaluator {
    /// Says that many files will follow soon: whoever has to get ready does so now.
    fn expect_many(&mut self) {}

    /// Says what holds for all files that follow.
    fn begin(&mut self, setup: &EvaluationSetup);

    /// Evaluates the BUILD file at `path` (relative to the root) as `package`. It fails when the file can't be read,
    /// parsed or evaluated within the limits.
    fn package(&mut self, package: &str, path: &str) -> Evaluation<EvaluatedPackage>;

    /// Evaluates packages, in the order of `wanted`; `None` when `watch` cancels it before all were done. `report` hears
    /// how many are done, and a package that is next.
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

    /// Evaluates MODULE.bazel, WORKSPACE or an included file at `path`, and gives every call that it makes. It fails as
    /// [`PackageEvaluator::package`] does.
    fn module_file(&mut self, path: &str) -> Evaluation<Vec<ModuleCall>>;
}
