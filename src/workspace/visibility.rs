//! Which targets a package may name. Pure.

use crate::label::Label;
use crate::workspace::model::{Target, Workspace};

/// Bazel's rule: the own package sees everything; else `//visibility:public`, `//pkg:__pkg__` or `//pkg:__subpackages__`
/// must say so. A package_group is not looked into and counts as a yes: Bazel has the last word there.
#[must_use]
pub fn is_visible(workspace: &Workspace, label: &Label, found: &Target, from: &str) -> bool {
    if label.package() == from {
        return true;
    }
    found.visibility.iter().any(|allowed| match (allowed.package(), allowed.name()) {
        ("visibility", name) => name == "public",
        (package, "__pkg__") => package == from,
        (package, "__subpackages__") => {
            package.is_empty()
                || from == package
                || from.strip_prefix(package).is_some_and(|rest| rest.starts_with('/'))
        }
        _ => target(workspace, allowed).is_none_or(|group| group.kind == "package_group"),
    })
}

fn target<'a>(workspace: &'a Workspace, label: &Label) -> Option<&'a Target> {
    if !label.is_main() {
        return None;
    }
    workspace.packages.get(label.package())?.targets.get(label.name())
}
