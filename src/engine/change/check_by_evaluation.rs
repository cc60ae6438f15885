//! Evaluates a change before it is written, and compares with the request. Does IO: reads the workspace and starts
//! limited child processes; writes nothing.

use std::collections::BTreeSet;
use std::path::Path;

use crate::path_text::slashes;
use crate::rewrite::apply::packages_of;
use crate::rewrite::change_set::{ChangeSet, FileChange};
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::request::EditRequest;
use crate::rewrite::verify_evaluated::{check_evaluated, same_but_for_order};
use crate::workspace::evaluate::evaluated::{EvaluatedPackage, EvaluationFailure};
use crate::workspace::evaluate_change::{EvaluatedChange, Texts, evaluate_change};

/// Evaluates the packages of `requests` as on disk and as `change` leaves them. A package that can't be evaluated as it
/// is can't be compared: then the proof by its text must do.
///
/// # Errors
/// When a package can't be evaluated any more, or anything else would change.
pub(crate) fn check_by_evaluation(root: &Path, requests: &[EditRequest], change: &ChangeSet) -> Result<(), Refusal> {
    if change.is_empty() {
        return Ok(());
    }
    compare(root, requests, &Texts::new(), &texts(change), |package, before, after| {
        check_evaluated(requests, &package.package, &package.path, before, after)
    })
}

/// Like [`check_by_evaluation`], from `change` to `formatted`: only the order inside lists may differ.
///
/// # Errors
/// When anything else differs.
pub(crate) fn check_formatting(
    root: &Path,
    requests: &[EditRequest],
    change: &ChangeSet,
    formatted: &ChangeSet,
) -> Result<(), Refusal> {
    compare(root, requests, &texts(change), &texts(formatted), |package, before, after| {
        same_but_for_order(&package.package, &package.path, before, after)
    })
}

fn compare(
    root: &Path,
    requests: &[EditRequest],
    before: &Texts,
    after: &Texts,
    check: impl Fn(&EvaluatedChange, &EvaluatedPackage, &EvaluatedPackage) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let Ok(program) = std::env::current_exe() else { return Ok(()) };
    let packages: BTreeSet<String> = requests.iter().flat_map(packages_of).collect();
    let evaluated = evaluate_change(&program, root, &packages, before, after);
    evaluated.iter().try_for_each(|package| match (&package.before, &package.after) {
        (Ok(before), Ok(after)) => check(package, before, after),
        (Ok(_), Err(failure)) => Err(not_evaluated(&package.path, failure)),
        (Err(failure), _) => {
            let path = &package.path;
            tracing::info!("{path} couldn't be evaluated before the change; only its text was compared: {failure}");
            Ok(())
        }
    })
}

fn texts(change: &ChangeSet) -> Texts {
    let text = |file: &FileChange| (slashes(&file.path), String::from_utf8_lossy(&file.after).into_owned());
    change.files.iter().map(text).collect()
}

fn not_evaluated(path: &str, failure: &EvaluationFailure) -> Refusal {
    let message = format!(
        "{path} was not changed: the result could not be evaluated any more: {failure}. Make this edit by hand, and please report \
         it with the file."
    );
    Refusal::of_file(RefusalCode::SelfCheck, path, message)
}
