//! Refuses requests that contradict themselves, which no file could satisfy.

use crate::build_file::fold::Constants;

use crate::rewrite::calls::address;
use crate::rewrite::dependency::Dependency;
use crate::rewrite::labels::DependencyKey;
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::request::{Edit, EditRequest};
use crate::rewrite::rule_set_edit::Scope;
use crate::rewrite::source_tree::SourceTree;

pub(super) fn check(tree: &dyn SourceTree, request: &EditRequest) -> Result<(), Refusal> {
    let Some((package, name)) = find(request) else { return Ok(()) };
    let path = PackageFile::open(tree, &package)?.path;
    let message = format!(
        "The request says two different things of {name} in {path}, so what it is to be is not clear. Join the two edits into one, \
         or make them one after the other."
    );
    Err(Refusal::new(RefusalCode::AmbiguousTarget, &path, None, message))
}

/// The first target that two edits want different things of.
fn find(request: &EditRequest) -> Option<(String, String)> {
    for (index, first) in request.edits.iter().enumerate() {
        let target = address(first.target(), &request.package);
        for second in request.edits.iter().skip(index + 1) {
            if target == address(second.target(), &request.package) && contradict(first, second, &request.package) {
                return Some(target);
            }
        }
    }
    None
}

fn contradict(first: &Edit, second: &Edit, package: &str) -> bool {
    let keys = |dependencies: &[Dependency]| -> Vec<DependencyKey> {
        dependencies.iter().map(|dependency| DependencyKey::of(dependency, package, &Constants::new())).collect()
    };
    let meet = |left: &[Dependency], right: &[Dependency]| {
        let right = keys(right);
        keys(left).iter().any(|key| right.contains(key))
    };
    match (first, second) {
        (Edit::RewireDeps(first), Edit::RewireDeps(second)) => {
            meet(&first.remove, &second.add) || meet(&first.add, &second.remove)
        }
        _ => match (first.scope(), second.scope()) {
            (Scope::Argument(one), Scope::Argument(other)) if one != other => false,
            _ => first != second,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_edits(first: &str, second: &str, contradicts: bool) {
        let text = format!("{{\"package\": \"a\", \"edits\": [{first}, {second}]}}");
        let found = find(&serde_json::from_str(&text).unwrap());
        assert_eq!(found.is_some(), contradicts, "{text}: {found:?}");
    }

    #[test]
    fn finds_edits_that_undo_each_other() {
        let add = r#"{"op": "add_py_library", "name": "x", "deps": [":y"]}"#;
        let remove = r#"{"op": "remove_target", "target": "//a:x"}"#;
        let set = r#"{"op": "set_deps", "target": "x", "deps": [":z"]}"#;
        let to_z = r#"{"op": "rewire_deps", "target": "x", "remove": [":y"], "add": [":z"]}"#;
        let to_y = r#"{"op": "rewire_deps", "target": ":x", "remove": ["//a:z"], "add": [":y"]}"#;
        let more = r#"{"op": "rewire_deps", "target": "x", "remove": [], "add": [":w"]}"#;
        let layers = r#"{"op": "set_dep_layers", "app": "x", "layers": []}"#;
        let other_layers = r#"{"op": "set_dep_layers", "app": "x", "layers": [{"name": "n", "targets": []}]}"#;
        for (first, second) in [
            (add, remove),
            (add, to_z),
            (remove, set),
            (set, to_z),
            (to_z, to_y),
            (layers, other_layers),
            (layers, remove),
        ] {
            check_edits(first, second, true);
            check_edits(second, first, true);
            check_edits(first, &second.replace("x\"", "elsewhere\""), false);
        }
        for (first, second) in [(to_z, more), (add, add), (layers, layers), (layers, to_z), (set, layers)] {
            check_edits(first, second, false);
        }
    }
}
