//! Evaluates packages before and after a change. Reads the workspace and starts two limited child processes; writes
//! nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::evaluate::evaluated::{EvaluatedPackage, EvaluationFailure};
use super::evaluate::evaluator::PackageEvaluator;
use super::reader::evaluation_setup;
use super::walk::{PackagePlace, build_file_name};
use super::worker::{Patience, WorkerEvaluator};
use crate::path_text::slashes;

#[derive(Debug)]
pub struct EvaluatedChange {
    pub package: String,
    /// Relative to the root.
    pub path: String,
    pub before: Result<EvaluatedPackage, EvaluationFailure>,
    pub after: Result<EvaluatedPackage, EvaluationFailure>,
}

/// Texts by path that replace files.
pub type Texts = BTreeMap<String, String>;

/// Evaluates `packages` with the texts of `before` (if any), and with those of `after`, in place of files. Packages
/// without a BUILD file on disk are left out. `program` is started as the child.
#[must_use]
pub fn evaluate_change(
    program: &Path,
    root: &Path,
    packages: &BTreeSet<String>,
    before: &Texts,
    after: &Texts,
) -> Vec<EvaluatedChange> {
    let places: Vec<PackagePlace> = packages
        .iter()
        .filter_map(|package| {
            let build_file_name = build_file_name(&root.join(package))?;
            Some(PackagePlace { path: package.clone(), build_file_name })
        })
        .collect();
    let over = |texts| WorkerEvaluator::over(program, root, Patience::default(), with_links(root, &places, texts));
    let (mut as_it_is, mut as_it_would_be) = (over(before), over(after));
    // Both start at once, because a person waits.
    as_it_is.start_early();
    as_it_would_be.start_early();
    let setup = evaluation_setup(root, &mut as_it_is);
    as_it_would_be.begin(&setup);
    std::thread::scope(|scope| {
        let after = scope.spawn(|| all(&places, &mut as_it_would_be));
        let before = all(&places, &mut as_it_is);
        let after = after.join().unwrap_or_else(|_| places.iter().map(not_evaluated).collect());
        let both = places.iter().zip(before).zip(after);
        both.map(|((place, before), after)| EvaluatedChange {
            package: place.path.clone(),
            path: place.build_file(),
            before,
            after,
        })
        .collect()
    })
}

/// A change names the target of a link; a package is read by the link.
fn with_links(root: &Path, places: &[PackagePlace], changed: &Texts) -> Texts {
    let mut changed = changed.clone();
    let Ok(real_root) = root.canonicalize() else { return changed };
    for place in places {
        let Ok(real) = root.join(place.build_file()).canonicalize() else { continue };
        let Ok(relative) = real.strip_prefix(&real_root) else { continue };
        let behind = changed.get(&slashes(relative)).cloned();
        changed.extend(behind.map(|text| (place.build_file(), text)));
    }
    changed
}

fn not_evaluated(place: &PackagePlace) -> Result<EvaluatedPackage, EvaluationFailure> {
    Err(EvaluationFailure::new("not_evaluated", &place.build_file(), "the evaluation stopped by itself"))
}

fn all(places: &[PackagePlace], evaluator: &mut WorkerEvaluator) -> Vec<Result<EvaluatedPackage, EvaluationFailure>> {
    places.iter().map(|place| evaluator.package(&place.path, &place.build_file()).result).collect()
}
