//! Packages as they are and as a change would leave them, both evaluated. Does IO: reads the workspace and starts two limited
//! child processes; writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::evaluate::evaluated::{EvaluatedPackage, EvaluationFailure};
use super::evaluate::evaluator::PackageEvaluator;
use super::reader::evaluation_setup;
use super::walk::{PackagePlace, build_file_name};
use super::worker::{Patience, WorkerEvaluator};
use crate::path_text::slashes;

/// One package, evaluated twice.
#[derive(Debug)]
pub struct EvaluatedChange {
    /// Its path.
    pub package: String,
    /// Its BUILD file, relative to the root.
    pub path: String,
    /// As it is without the change.
    pub before: Result<EvaluatedPackage, EvaluationFailure>,
    /// As the change leaves it.
    pub after: Result<EvaluatedPackage, EvaluationFailure>,
}

/// Texts by path from the root, in the place of what the files hold.
pub type Texts = BTreeMap<String, String>;

/// Evaluates `packages` of the workspace at `root` twice: with the texts of `before` in the place of the files (none: as they are),
/// and with those of `after`. Packages without a BUILD file on disk are left out. `program` is what is started as the child.
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
    // Both start at once, so that the second is ready while the first reads the module file: a person waits for this.
    as_it_is.start_early();
    as_it_would_be.start_early();
    let setup = evaluation_setup(root, &mut as_it_is);
    as_it_would_be.begin(&setup);
    // The two children work at the same time.
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

/// A change is said of the file that a link leads to, and a package is read by the link.
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
