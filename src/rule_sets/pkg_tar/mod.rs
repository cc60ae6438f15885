//! rules_pkg: `pkg_tar` packs a program with all its runfiles, or its launcher alone.

use crate::label::Label;
use crate::layers::stack::{Claim, Holds, StackLayer};
use crate::rule_sets::compression::pkg_tar_compression;
use crate::rule_sets::rule_set::RuleSet;
use crate::rule_sets::view::{Carried, View, is_true, layer, of_another, other, text, unknown};
use crate::workspace::images::labels;
use crate::workspace::model::Target;

pub struct PkgTar;

impl RuleSet for PkgTar {
    fn name(&self) -> &'static str {
        "pkg_tar"
    }

    fn layer(&self, view: &View<'_>, label: &Label, target: &Target) -> Option<StackLayer> {
        if !matches!(target.kind.as_str(), "pkg_tar" | "pkg_tar_impl") {
            return None;
        }
        let compression = Some(pkg_tar_compression(target).0);
        if let Some(library) = labels(target, "deps").find(|dependency| is_library(view, dependency)) {
            let why =
                format!("{label} gives {library} to `deps` of pkg_tar, which takes tar files only: it does not build");
            return Some(unknown(label, compression, why));
        }
        Some(match view.carried(target, "srcs") {
            Carried::This if packs_zip(view, target) => {
                let why =
                    format!("{label} packs the program as one zip file: its packages are not unpacked in the image");
                layer(label, Holds::Program, Claim::Everything, compression, why)
            }
            Carried::This if packs_runfiles(view, target) => {
                let why = format!("{label} packs the program with all its runfiles");
                layer(label, Holds::Program, Claim::Everything, compression, why)
            }
            Carried::This => {
                let why =
                    format!("{label} packs the program without `include_runfiles`: its own files and no packages");
                layer(label, Holds::Program, Claim::Own(view.program.into_iter().cloned().collect()), compression, why)
            }
            Carried::Another(program) => other(label, compression, of_another(label, &program)),
            Carried::None => merged(view, label, target, compression),
        })
    }
}

/// The layer of a tar made of other tars.
fn merged(
    view: &View<'_>,
    label: &Label,
    target: &Target,
    compression: Option<crate::layers::compression::Compression>,
) -> StackLayer {
    match view.carried(target, "deps") {
        Carried::This => {
            let parts: Vec<StackLayer> = labels(target, "deps")
                .filter_map(|part| view.targets.find(part))
                .filter_map(|(part, found)| PkgTar.layer(view, &part, found))
                .filter(|part| part.holds != Holds::Other)
                .collect();
            match parts.as_slice() {
                [only] => {
                    StackLayer { name: label.name().to_owned(), target: label.clone(), compression, ..only.clone() }
                }
                _ => unknown(label, compression, format!("{label} joins several tars: a build tells what it holds")),
            }
        }
        Carried::Another(program) => other(label, compression, of_another(label, &program)),
        Carried::None => other(label, compression, format!("{label} has no Python program in it")),
    }
}

fn is_library(view: &View<'_>, label: &Label) -> bool {
    match view.targets.find(label) {
        Some((_, target)) => target.kind.starts_with("py_") && !target.kind.starts_with("py_image"),
        None => label.repository_name().is_some_and(|name| view.workspace.hubs.contains_key(name)),
    }
}

fn packs_runfiles(view: &View<'_>, target: &Target) -> bool {
    let of_files =
        |label: &Label| view.targets.find(label).is_some_and(|(_, found)| is_true(found, "include_runfiles"));
    is_true(target, "include_runfiles") || labels(target, "srcs").any(of_files)
}

/// Returns `true` if the tar takes the output group with a Python program's zip file.
fn packs_zip(view: &View<'_>, target: &Target) -> bool {
    labels(target, "srcs").filter_map(|label| view.targets.find(label)).any(|(_, found)| {
        ["output_group", "group"].iter().any(|attribute| text(found, attribute) == Some("python_zip_file"))
    })
}
