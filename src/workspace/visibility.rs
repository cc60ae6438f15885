use crate::label::Label;
use crate::workspace::model::{Target, Workspace};

/// By Bazel's rule: the own package sees everything; else `//visibility:public`, `//pkg:__pkg__` or
/// `//pkg:__subpackages__`. A package_group counts as visible: Bazel decides. `from` is a folder below the root.
#[must_use]
pub fn is_visible(workspace: &Workspace, label: &Label, found: &Target, from: &str) -> bool {
    let folder = |label| workspace.packages.repositories.folder(label).unwrap_or_default();
    if folder(label) == from {
        return true;
    }
    found.visibility.iter().any(|allowed| match (allowed.package(), allowed.name()) {
        ("visibility", name) => name == "public",
        (_, "__pkg__") => folder(allowed) == from,
        (_, "__subpackages__") => is_below(from, &folder(allowed)),
        _ => workspace.packages.target(allowed).is_none_or(|group| group.kind == "package_group"),
    })
}

fn is_below(folder: &str, above: &str) -> bool {
    above.is_empty() || folder.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
