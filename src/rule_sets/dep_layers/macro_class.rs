//! What the workspace's macro does with `dep_layers`, from the evaluated targets. A saving is only claimed for a macro
//! that partitions.

use crate::graph::build::target;
use crate::label::Label;
use crate::layers::findings::{Finding, Severity};
use crate::workspace::model::{App, Target, Value, Workspace};
use crate::workspace::other_images::PY_IMAGE_LAYER;
use crate::workspace::refusal_code::RefusalCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MacroClass {
    /// Each file is in one layer: the plan's numbers hold.
    Partitions,
    /// The layer targets fail Bazel's analysis.
    DoesNotBuild,
    /// The app layer packs all runfiles again.
    RepeatsEverything,
    NoParameter,
    NoMacro,
    OwnRules,
    /// No call shows what the macro makes of groups.
    Unknown,
}

impl MacroClass {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Partitions => "partitions",
            Self::DoesNotBuild => "does_not_build",
            Self::RepeatsEverything => "repeats_everything",
            Self::NoParameter => "no_parameter",
            Self::NoMacro => "no_macro",
            Self::OwnRules => "own_rules",
            Self::Unknown => "unknown",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MacroVerdict {
    pub class: MacroClass,
    /// One sentence for people.
    pub sentence: String,
}

impl MacroVerdict {
    /// For a rule set that divides the program by itself.
    #[must_use]
    pub fn own_rules(app: &App) -> Self {
        let sentence = format!("`{}` already splits this image by its own rules", app.macro_name);
        Self { class: MacroClass::OwnRules, sentence }
    }
}

/// Judges by this app, or by another one of the macro with groups.
#[must_use]
pub fn macro_verdict(workspace: &Workspace, app: &App) -> MacroVerdict {
    let name = &app.macro_name;
    if app.macro_file.is_none() && name.starts_with("py_binary") {
        return verdict(
            MacroClass::NoMacro,
            "No macro makes an image of this binary: the plan shows what one with `dep_layers` would give",
        );
    }
    if made(workspace, app).any(|(_, target)| target.kind == PY_IMAGE_LAYER) {
        return verdict(
            MacroClass::Unknown,
            "`py_image_layer` divides the program by rules and in an order of its own: the plan shows what `dep_layers` with these groups would give",
        );
    }
    if app.why_not.as_ref().is_some_and(|why| why.code == RefusalCode::ParameterMissing) {
        return verdict(
            MacroClass::NoParameter,
            &format!("`{name}` has no `dep_layers`, so this plan can't be applied yet"),
        );
    }
    let same_macro = |other: &&App| other.macro_name == app.macro_name && other.macro_file == app.macro_file;
    let with_groups = std::iter::once(app).chain(workspace.apps.iter().filter(same_macro));
    let witness =
        with_groups.into_iter().find(|other| other.dep_layers.as_ref().is_some_and(|groups| !groups.is_empty()));
    match witness {
        Some(witness) => judge(workspace, name, witness),
        None if made(workspace, app).any(|(_, target)| target.kind == LAYER_RULE) => partitions(name),
        None => verdict(
            MacroClass::Unknown,
            &format!(
                "No call of `{name}` has groups yet, so what it makes of them is not known: check one build before you count on the numbers"
            ),
        ),
    }
}

fn verdict(class: MacroClass, sentence: &str) -> MacroVerdict {
    MacroVerdict { class, sentence: sentence.to_owned() }
}

fn partitions(name: &str) -> MacroVerdict {
    verdict(MacroClass::Partitions, &format!("`{name}` puts each file into one layer only"))
}

fn made<'a>(workspace: &'a Workspace, app: &'a App) -> impl Iterator<Item = (&'a Label, &'a Target)> {
    app.made_targets.iter().filter_map(|label| target(workspace, label).map(|made| (label, made)))
}

fn judge(workspace: &Workspace, name: &str, witness: &App) -> MacroVerdict {
    let made: Vec<(&Label, &Target)> = made(workspace, witness).collect();
    if made.iter().any(|(_, made)| made.kind == LAYER_RULE) {
        return partitions(name);
    }
    let tars = made.iter().filter(|(_, made)| is_pkg_tar(&made.kind));
    if let Some((label, _)) = tars.clone().find(|(_, tar)| packs_libraries_as_tars(workspace, tar)) {
        return verdict(
            MacroClass::DoesNotBuild,
            &format!(
                "`{name}` does not build with groups: {label} gives libraries to pkg_tar's `deps`, which takes tar files only"
            ),
        );
    }
    if tars.clone().any(|(_, tar)| packs_all_runfiles(tar, witness.binary.as_ref())) {
        return verdict(
            MacroClass::RepeatsEverything,
            &format!(
                "`{name}` packs all runfiles into the app layer again: every edit re-pulls everything, whatever the groups hold"
            ),
        );
    }
    verdict(
        MacroClass::Unknown,
        &format!(
            "`{name}` makes its layers with rules that are not known here: check one build before you count on the numbers"
        ),
    )
}

/// The rule of `assets/bazel` that partitions runfiles.
const LAYER_RULE: &str = "py_layers";

fn is_pkg_tar(kind: &str) -> bool {
    matches!(kind, "pkg_tar" | "pkg_tar_impl")
}

/// rules_pkg's `deps` accepts archives only (`allow_files = [".tar", …]` in pkg/private/tar/tar.bzl of 1.0.1).
fn packs_libraries_as_tars(workspace: &Workspace, tar: &Target) -> bool {
    tar.dependencies.iter().filter(|dependency| dependency.attribute == "deps").any(|dependency| {
        match target(workspace, &dependency.label) {
            Some(found) => found.kind.starts_with("py_"),
            // A package of a hub is a library; other repositories could hold archives.
            None => dependency.label.repository_name().is_some_and(|name| workspace.hubs.contains_key(name)),
        }
    })
}

fn packs_all_runfiles(tar: &Target, binary: Option<&Label>) -> bool {
    let includes_runfiles = matches!(tar.attributes.get("include_runfiles"), Some(Value::Bool(true) | Value::Int(1)));
    let takes_binary =
        tar.dependencies.iter().any(|dependency| dependency.attribute == "srcs" && Some(&dependency.label) == binary);
    includes_runfiles && takes_binary
}

/// `None` if it partitions.
#[must_use]
pub fn macro_finding(verdict: &MacroVerdict) -> Option<Finding> {
    let (code, severity) = match verdict.class {
        MacroClass::Partitions | MacroClass::OwnRules => return None,
        MacroClass::DoesNotBuild => ("macro_does_not_build", Severity::Problem),
        MacroClass::RepeatsEverything => ("macro_repeats_everything", Severity::Problem),
        MacroClass::NoParameter => ("macro_without_dep_layers", Severity::Problem),
        MacroClass::NoMacro => ("no_macro", Severity::Advice),
        MacroClass::Unknown => ("macro_unknown", Severity::Advice),
    };
    Some(Finding { severity, code, message: verdict.sentence.clone(), labels: Vec::new(), fix: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_macro_does_is_a_finding_unless_it_partitions() {
        let code =
            |class| macro_finding(&MacroVerdict { class, sentence: "As it is".to_owned() }).map(|finding| finding.code);
        assert_eq!(code(MacroClass::Partitions), None);
        assert_eq!(code(MacroClass::DoesNotBuild), Some("macro_does_not_build"));
        assert_eq!(code(MacroClass::RepeatsEverything), Some("macro_repeats_everything"));
        assert_eq!(code(MacroClass::NoParameter), Some("macro_without_dep_layers"));
        assert_eq!(code(MacroClass::NoMacro), Some("no_macro"));
        assert_eq!(code(MacroClass::Unknown), Some("macro_unknown"));
    }
}
