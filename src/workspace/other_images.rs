//! Images of Python programs that no macro with `dep_layers` makes: what is in their layers, read from the targets alone.
//!
//! They are listed beside the apps, so that nobody looks for them in vain, and can be planned for; what they say is not
//! edited. Values only, nothing is read from the disk.

use std::collections::BTreeSet;

use super::apps::is_python_program;
use super::model::{App, Package, Target, Value, WhyNot, WrittenGroup};
use super::packages::Packages;
use crate::label::Label;
use crate::workspace::refusal_code::RefusalCode;

/// Longest chain of aliases that is followed.
const LONGEST_ALIAS_CHAIN: usize = 20;

/// The images of a workspace that are not made for one of `apps`, by package and name.
#[must_use]
pub fn other_images(packages: &Packages, apps: &[App]) -> Vec<App> {
    let view = View { packages };
    let mut known: BTreeSet<&Label> = apps.iter().flat_map(|app| &app.made_targets).collect();
    let all = packages
        .iter()
        .flat_map(|(path, package)| package.targets.iter().map(move |(name, target)| (path, package, name, target)));
    let all: Vec<(Label, &Package, &Target)> =
        all.map(|(path, package, name, target)| (packages.label(path, name), package, target)).collect();
    let mut found = Vec::new();
    // Images come before what is made for them, so that a layer target is listed by itself only where nothing uses it.
    for (label, package, target) in all.iter().filter(|(_, _, target)| is_image(&target.kind)) {
        let tars = view.tars(target);
        if !known.contains(label) {
            found.extend(view.image(label, package, target, &tars));
        }
        known.extend(tars.into_iter().map(|(tar, _)| tar));
    }
    for (label, package, target) in all.iter().filter(|(_, _, target)| target.kind == PY_IMAGE_LAYER) {
        if !known.contains(label) {
            found.extend(view.image(label, package, target, &[(label, target)]));
        }
    }
    found
}

/// The rule of aspect_rules_py that makes layers.
pub const PY_IMAGE_LAYER: &str = "py_image_layer";

fn is_image(kind: &str) -> bool {
    matches!(kind, "oci_image" | "image_manifest")
}

struct View<'a> {
    packages: &'a Packages,
}

/// What one tar of an image tells.
enum Tar {
    /// The program with its runfiles.
    Program(Label),
    /// Something else, as a group.
    Group(WrittenGroup),
    /// A program, divided by aspect_rules_py.
    Divided(Label, Vec<WrittenGroup>),
}

impl<'a> View<'a> {
    fn target(&self, label: &Label) -> Option<&'a Target> {
        self.packages.target(label)
    }

    /// What an image is made of, lowest first.
    fn tars(&self, image: &'a Target) -> Vec<(&'a Label, &'a Target)> {
        let named = image.dependencies.iter().filter(|found| matches!(found.attribute.as_str(), "tars" | "layers"));
        named.filter_map(|found| Some((&found.label, self.target(&found.label)?))).collect()
    }

    fn image(&self, label: &Label, package: &Package, target: &Target, tars: &[(&Label, &Target)]) -> Option<App> {
        let told: Vec<Tar> = tars.iter().filter_map(|(label, tar)| self.tar(label, tar)).collect();
        let binary = told.iter().find_map(|tar| match tar {
            Tar::Program(binary) | Tar::Divided(binary, _) => Some(binary.clone()),
            Tar::Group(_) => None,
        })?;
        let is_divided = told.iter().any(|tar| matches!(tar, Tar::Divided(..)));
        let groups: Vec<WrittenGroup> = told
            .into_iter()
            .flat_map(|tar| match tar {
                Tar::Program(_) => Vec::new(),
                Tar::Group(group) => vec![group],
                Tar::Divided(_, groups) => groups,
            })
            .collect();
        let mut made_targets: Vec<Label> = tars.iter().map(|(tar, _)| (*tar).clone()).collect();
        if !made_targets.contains(label) {
            made_targets.push(label.clone());
        }
        Some(App {
            label: label.clone(),
            macro_name: target.kind.clone(),
            macro_file: None,
            binary: Some(binary),
            path: package.build_file.clone(),
            line: target.line,
            language: Some("python".to_owned()),
            dep_layers: (!groups.is_empty()).then_some(groups),
            why_not: Some(why_not(package, target, is_divided)),
            made_targets,
        })
    }

    fn tar(&self, label: &Label, tar: &Target) -> Option<Tar> {
        let of = |names: &'static [&'static str]| {
            tar.dependencies
                .iter()
                .filter(move |found| names.contains(&found.attribute.as_str()))
                .map(|found| &found.label)
        };
        if tar.kind == PY_IMAGE_LAYER {
            let binary = of(&["binary", "binaries"]).find_map(|label| self.program(label))?;
            let tier = of(&["layer_tier"]).find_map(|label| self.target(label));
            return Some(Tar::Divided(binary, tier.map(tier_groups).unwrap_or_default()));
        }
        if let Some(binary) = of(&["srcs", "deps", "binary", "files"]).find_map(|label| self.program(label)) {
            return Some(Tar::Program(binary));
        }
        // Archives and single files are no groups of Python targets.
        let is_library = |label: &&Label| self.target(label).is_some_and(|found| found.kind == "py_library");
        let targets: Vec<Label> = of(&["srcs", "deps"]).filter(is_library).cloned().collect();
        (!targets.is_empty()).then(|| Tar::Group(WrittenGroup { name: label.name().to_owned(), targets }))
    }

    /// The Python program behind a label, through aliases.
    fn program(&self, label: &Label) -> Option<Label> {
        let mut label = label;
        for _ in 0..LONGEST_ALIAS_CHAIN {
            let target = self.target(label)?;
            if is_python_program(&target.kind) {
                return Some(label.clone());
            }
            let actual = target.dependencies.iter().find(|found| found.attribute == "actual");
            label = &actual.filter(|_| target.kind == "alias")?.label;
        }
        None
    }
}

/// The groups of a `py_layer_tier`, in the order in which they are first named. A part of a package (`@pip//x:*.so`) counts
/// for the package.
fn tier_groups(tier: &Target) -> Vec<WrittenGroup> {
    let mut groups: Vec<WrittenGroup> = Vec::new();
    let Some(Value::Dict(entries)) = tier.attributes.get("groups") else { return groups };
    for (key, name) in entries {
        let (Value::String(key), Value::String(name)) = (key, name) else { continue };
        let whole =
            key.rsplit_once(':').filter(|(_, part)| part.contains(['*', '?'])).map_or(key.as_str(), |(label, _)| label);
        let Ok(label) = Label::parse(whole, "") else { continue };
        match groups.iter_mut().find(|group| group.name == *name) {
            Some(group) if group.targets.contains(&label) => {}
            Some(group) => group.targets.push(label),
            None => groups.push(WrittenGroup { name: name.clone(), targets: vec![label] }),
        }
    }
    groups
}

fn why_not(package: &Package, target: &Target, is_divided: bool) -> WhyNot {
    let place = format!("{}:{}", package.build_file.display(), target.line);
    let (code, message) = if is_divided {
        let message = format!(
            "{place}: `{PY_IMAGE_LAYER}` takes its layers from a `py_layer_tier`, in an order of its own; `layerwright plan --dialect rules-py` \
             writes a plan in its words"
        );
        (RefusalCode::NotTheMacro, message)
    } else {
        let message = format!(
            "{place}: `{}` takes the tars that it is given and no `dep_layers`; `layerwright plan --dialect oci-image` writes a plan in its words",
            target.kind
        );
        (RefusalCode::ParameterMissing, message)
    };
    WhyNot { code, message }
}
