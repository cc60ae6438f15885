//! Layouts of other tools, from their published rules, as far as groups can express them. A group takes along what its
//! targets depend on.

mod candidates;
mod nix;
mod rechunk;

use crate::advice::app_problem::AppParts;
use crate::advice::presets::candidates::{distinct, labels, libraries, own_bytes, package_name, packages};
use crate::history::model::History;
use crate::label::Label;
use crate::layers::findings::LAYER_LIMIT;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Preset {
    SingleLayer,
    /// All packages, then all targets outside of the app's own package.
    PipInternal,
    /// One layer per package, up to the limit of layers.
    PerPackage,
    /// rules_py's `py_image_layer` with its defaults.
    RulesPy,
    Nix,
    Rechunk,
}

impl Preset {
    /// In the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::SingleLayer, Self::PipInternal, Self::PerPackage, Self::RulesPy, Self::Nix, Self::Rechunk];

    /// The name on the command line and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SingleLayer => "single-layer",
            Self::PipInternal => "pip-internal",
            Self::PerPackage => "per-package",
            Self::RulesPy => "rules-py",
            Self::Nix => "nix",
            Self::Rechunk => "rechunk",
        }
    }

    /// The rule in one line, with its source.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::SingleLayer => "everything in the app layer",
            Self::PipInternal => "packages, then internal libraries, as the layered-image documents recommend",
            Self::PerPackage => "one layer per package, the largest first (asked for in aspect-build/rules_py#244)",
            Self::RulesPy => {
                "all packages in one layer, the workspace's own sources above (aspect-build/rules_py, py_image_layer.bzl)"
            }
            Self::Nix => {
                "the most popular and deepest each in a layer, the rest in the last (nixpkgs, references-by-popularity)"
            }
            Self::Rechunk => "packing by weekly update rows and sizes (hhd-dev/rechunk, alg.py)",
        }
    }
}

/// Returns names and targets from the bottom. `history` gives the weeks that rechunk counts.
#[must_use]
pub fn preset_groups(parts: &AppParts<'_>, preset: Preset, history: Option<&History>) -> Vec<(String, Vec<Label>)> {
    let groups = match preset {
        Preset::SingleLayer => Vec::new(),
        Preset::PipInternal => {
            vec![
                ("pip_deps".to_owned(), labels(parts, &packages(parts))),
                ("internal_libs".to_owned(), libraries(parts)),
            ]
        }
        // First-party sources stay in the source layer; ungrouped packages are squashed into one
        // (`all_tars` in py_image_layer.bzl at 4a9ac6d: groups, interpreter, packages, then the source tar).
        Preset::RulesPy => vec![("packages".to_owned(), labels(parts, &packages(parts)))],
        Preset::PerPackage => per_package(parts),
        Preset::Nix => nix::groups(parts),
        Preset::Rechunk => rechunk::groups(parts, history),
    };
    groups.into_iter().filter(|(_, targets)| !targets.is_empty()).collect()
}

fn per_package(parts: &AppParts<'_>) -> Vec<(String, Vec<Label>)> {
    let mut nodes = packages(parts);
    nodes.sort_by_key(|&node| std::cmp::Reverse(own_bytes(parts, node)));
    let rest = nodes.split_off(nodes.len().min(LAYER_LIMIT - 1));
    // A package must be above its dependencies, or it would take them along.
    nodes.sort_by_key(|&node| parts.contents.closure(node).map_or(0, crate::graph::item_set::ItemSet::len));
    let mut groups: Vec<(String, Vec<Label>)> =
        labels(parts, &nodes).into_iter().map(|label| (package_name(&label), vec![label])).collect();
    groups.push(("pip_deps".to_owned(), labels(parts, &rest)));
    distinct(groups)
}
