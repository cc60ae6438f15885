//! Proves from the texts that a change set has the wanted result and changes nothing else. A failed check is a defect
//! of Layerwright, and the refusal says so; only about lost comments the user decides.

use std::collections::BTreeMap;

use crate::build_file::fold::{FoldedCall, FoldedValue};
use crate::build_file::{BuildFile, Dialect, parse};

use crate::rewrite::apply::{apply_all, packages_of};
use crate::rewrite::calls::address;
use crate::rewrite::change_set::{ChangeSet, FileChange};
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::request::{Edit, EditRequest};
use crate::rewrite::rule_set_edit::Scope;
use crate::rewrite::source_tree::{Overlay, SourceTree};

/// The change set must not be empty.
pub(crate) fn check(tree: &dyn SourceTree, request: &EditRequest, changes: &ChangeSet) -> Result<(), Refusal> {
    let mut after = Overlay::new(tree);
    for change in &changes.files {
        check_comments(request, change)?;
        after.change(&path_of(change), change.after.clone());
    }
    for package in &packages_of(request) {
        let before = PackageFile::open(tree, package)?;
        let path = before.path.clone();
        let after = PackageFile::open(&after, package)
            .map_err(|refusal| failed(&path, &format!("the result can't be read: {refusal}")))?;
        check_other_values(request, &before, &after)?;
    }
    match apply_all(&after, request) {
        Ok(again) if again.is_empty() => Ok(()),
        Ok(again) => {
            let path = again.files.first().map(path_of).unwrap_or_default();
            Err(failed(&path, "applying the same edit again would change more"))
        }
        Err(refusal) => Err(failed(&refusal.path, &format!("the same edit can't be applied to the result: {refusal}"))),
    }
}

fn path_of(change: &FileChange) -> String {
    change.path.to_string_lossy().into_owned()
}

fn failed(path: &str, what: &str) -> Refusal {
    let message = format!(
        "The edit of {path} failed Layerwright's own check and was not made: {what}. Please report this with the file."
    );
    Refusal::new(RefusalCode::SelfCheck, path, None, message)
}

/// Every comment must stay, except those that may go.
fn check_comments(request: &EditRequest, change: &FileChange) -> Result<(), Refusal> {
    let before = parse(change.before.as_deref().unwrap_or_default(), Dialect::Build);
    let after = parse(&change.after, Dialect::Build);
    let mut left = counts(&after);
    let mut lost = Vec::new();
    for span in before.comments() {
        match left.get_mut(before.bytes(span).trim_ascii_end()) {
            Some(count) if *count > 0 => *count -= 1,
            _ => lost.push((before.text(span), before.line(span.start))),
        }
    }
    let may_come = |comment: &[u8]| {
        let mut written = request.edits.iter().flat_map(Edit::new_comments);
        written.any(|new| new.as_bytes() == comment)
    };
    if left.iter().any(|(comment, count)| *count > 0 && !may_come(comment)) {
        return Err(failed(&path_of(change), "a comment came in"));
    }
    let confirmed = |comment: &str| request.edits.iter().any(|edit| edit.confirmed_drops().allows(comment));
    lost.retain(|(comment, _)| !confirmed(comment));
    let Some((_, line)) = lost.first() else {
        return Ok(());
    };
    let listed: Vec<String> =
        lost.iter().map(|(comment, line)| format!("`{}` (line {line})", comment.trim_end())).collect();
    let message = format!(
        "The edit would delete {} from {}: {}. Confirm that these words may go, or move them first.",
        if lost.len() == 1 { "a comment" } else { "comments" },
        path_of(change),
        listed.join(", ")
    );
    Err(Refusal::new(RefusalCode::WouldDropComments, &path_of(change), Some(*line), message))
}

/// In any order.
#[must_use]
pub fn same_comments(before: &[u8], after: &[u8]) -> bool {
    counts(&parse(before, Dialect::Build)) == counts(&parse(after, Dialect::Build))
}

fn counts(file: &BuildFile) -> BTreeMap<Vec<u8>, usize> {
    let mut counts = BTreeMap::new();
    for span in file.comments() {
        *counts.entry(file.bytes(span).trim_ascii_end().to_vec()).or_default() += 1;
    }
    counts
}

/// Calls must keep their values, except for those in the request.
fn check_other_values(request: &EditRequest, before: &PackageFile<'_>, after: &PackageFile<'_>) -> Result<(), Refusal> {
    let old = values_apart_from(request, before);
    let new = values_apart_from(request, after);
    match old.iter().zip(&new).find(|(old, new)| old != new) {
        Some(((function, ..), _)) => Err(failed(&before.path, &format!("a call of {function} would get other values"))),
        None if old.len() != new.len() => Err(failed(&before.path, "a call would come or go")),
        None => Ok(()),
    }
}

type CallValues<'a> = (&'a str, bool, Vec<(Option<&'a str>, &'a FoldedValue)>);

/// The calls without the arguments in the request.
fn values_apart_from<'a>(request: &EditRequest, package: &'a PackageFile<'_>) -> Vec<CallValues<'a>> {
    let mut values = Vec::new();
    for call in &package.calls {
        let touched = touched(request, &package.package, call);
        if touched.contains(&Scope::Call) {
            continue;
        }
        let stays = |name: Option<&str>| {
            !touched.iter().any(|scope| matches!(scope, Scope::Argument(argument) if name == Some(*argument)))
        };
        let arguments = call.arguments.iter().map(|(name, value)| (name.as_deref(), value));
        values.push((call.function.as_str(), call.open_ended, arguments.filter(|(name, _)| stays(*name)).collect()));
    }
    values
}

fn touched(request: &EditRequest, package: &str, call: &FoldedCall) -> Vec<Scope> {
    let is_meant = |edit: &&Edit| {
        let (folder, name) = address(edit.target(), &request.package);
        folder == package && call.name() == Some(name.as_str())
    };
    request.edits.iter().filter(is_meant).map(Edit::scope).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rewrite::source_tree::Entry;

    const BUILD: &str =
        "py_library(\n    name = \"a\",\n    # why\n    deps = [\":x\"],\n)\n\npy_library(name = \"b\")\n";

    struct One;

    impl SourceTree for One {
        fn entry(&self, path: &str) -> Entry {
            match path {
                "demo/BUILD" => Entry::File { bytes: BUILD.into(), real_path: path.to_owned() },
                _ => Entry::Missing,
            }
        }

        fn bzl_files(&self) -> Vec<String> {
            Vec::new()
        }

        fn known_names(&self, _: &str) -> BTreeMap<String, String> {
            BTreeMap::new()
        }
    }

    /// Returns what the check says of a result that no edit would make.
    fn check_result(after: &str, code: RefusalCode, words: &str) {
        let edits = r#"{"package": "demo", "edits": [{"op": "set_deps", "target": "a", "deps": [":y"]}]}"#;
        let request: EditRequest = serde_json::from_str(edits).unwrap();
        let change = FileChange { path: "demo/BUILD".into(), before: Some(BUILD.into()), after: after.into() };
        let refusal = check(&One, &request, &ChangeSet { files: vec![change] }).unwrap_err();
        assert_eq!(refusal.code, code, "{refusal}");
        assert!(refusal.message.contains(words), "{refusal}");
    }

    #[test]
    fn a_wrong_result_never_passes() {
        let edited = BUILD.replace(":x", ":y");
        check_result(&format!("{edited}x = ["), RefusalCode::SelfCheck, "the result can't be read");
        check_result(
            &edited.replace("\"b\"", "\"c\""),
            RefusalCode::SelfCheck,
            "a call of py_library would get other values",
        );
        check_result(&format!("{edited}py_library(name = \"c\")\n"), RefusalCode::SelfCheck, "a call would come or go");
        check_result(&format!("{edited}# more\n"), RefusalCode::SelfCheck, "a comment came in");
        check_result(BUILD, RefusalCode::SelfCheck, "would change more");
        check_result(&edited.replace("    # why\n", ""), RefusalCode::WouldDropComments, "`# why` (line 3)");
    }
}
