//! The shipped layer rules (`assets/bazel`), and their text with a workspace's names of rule sets.

use crate::path_text::join;

use crate::rule_sets::dep_layers::rules::mark::marked;
use crate::rule_sets::dep_layers::rules::outside_rule_sets::RuleSets;

/// Name and text.
type Shipped = (&'static str, &'static str);

const LAYERS: [Shipped; 3] = [
    ("image_layers.bzl", include_str!("../../../../assets/bazel/image_layers.bzl")),
    ("layer_tar.py", include_str!("../../../../assets/bazel/layer_tar.py")),
    ("py_layers.bzl", include_str!("../../../../assets/bazel/py_layers.bzl")),
];
const MACROS: [Shipped; 2] = [
    ("container_image.bzl", include_str!("../../../../assets/bazel/container_image.bzl")),
    ("release.bzl", include_str!("../../../../assets/bazel/release.bzl")),
];
const BUILD_FILE: &str = include_str!("../../../../assets/bazel/BUILD.bazel");

/// By path. Without `macros` only the rules that make layers.
pub(crate) fn files(folder: &str, macros: bool, rule_sets: &RuleSets) -> Vec<(String, Vec<u8>)> {
    let left_out: &[Shipped] = if macros { &[] } else { &MACROS };
    let exports = |line: &&str| !left_out.iter().any(|(name, _)| line.trim() == format!("\"{name}\","));
    let build_file: String = BUILD_FILE.split_inclusive('\n').filter(exports).collect();
    let mut files = vec![("BUILD.bazel", build_file)];
    let chosen: &[Shipped] = if macros { &MACROS } else { &[] };
    files.extend(LAYERS.iter().chain(chosen).map(|(name, text)| (*name, (*text).to_owned())));
    files.into_iter().map(|(name, text)| (join(folder, name), marked(&rule_sets.renamed(&text)).into_bytes())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_file_exports_what_is_there() {
        let of = |macros: bool| {
            let files = files("tools/x", macros, &RuleSets::default());
            let text = files.iter().find(|(path, _)| path == "tools/x/BUILD.bazel").unwrap().1.clone();
            let text = String::from_utf8(text).unwrap();
            for (path, _) in files.iter().filter(|(path, _)| path.ends_with(".bzl")) {
                assert!(text.contains(path.rsplit_once('/').unwrap().1), "{path} in\n{text}");
            }
            text.lines().filter(|line| line.ends_with(".bzl\",")).count()
        };
        assert_eq!((of(false), of(true)), (2, 4));
    }
}
