//! The layouts of other tools, to compare with: each from its published rule, as far as groups can express it.
//!
//! A group takes what its targets depend on along, so a rule that puts a target below its dependencies gets them there as
//! well. What the image then holds is what is counted, as for every plan.

mod candidates;
mod nix;
mod rechunk;

use crate::advice::of_app::AppParts;
use crate::advice::presets::candidates::{distinct, labels, libraries, own_bytes, package_name, packages};
use crate::history::model::History;
use crate::label::Label;
use crate::layers::findings::LAYER_LIMIT;

/// A published layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Preset {
    /// Everything in one layer: no groups.
    SingleLayer,
    /// All packages, then all targets of the workspace that are not the app's own.
    PipInternal,
    /// One layer for each package, as far as an image can have layers.
    PerPackage,
    /// What rules_py's `py_image_layer` does when nothing is said.
    RulesPy,
    /// Nix's popularity contest.
    Nix,
    /// rechunk's packing by update rows.
    Rechunk,
}

impl Preset {
    /// Every preset, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::SingleLayer, Self::PipInternal, Self::PerPackage, Self::RulesPy, Self::Nix, Self::Rechunk];

    /// The word on the command line and in JSON.
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

    /// The rule in one line, with where it is published.
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

/// The groups of a preset from the bottom: names and targets. `history` gives the weeks that rechunk counts in.
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
    // A package is above what it depends on, else it would take that along.
    nodes.sort_by_key(|&node| parts.contents.closure(node).map_or(0, crate::graph::item_set::ItemSet::len));
    let mut groups: Vec<(String, Vec<Label>)> =
        labels(parts, &nodes).into_iter().map(|label| (package_name(&label), vec![label])).collect();
    groups.push(("pip_deps".to_owned(), labels(parts, &rest)));
    distinct(groups)
}
