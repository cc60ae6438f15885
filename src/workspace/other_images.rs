//! Images of Python programs without a macro with `dep_layers`, from the targets alone. Listed beside the apps, so that
//! nobody looks for them in vain.

use std::collections::BTreeSet;

use super::images::{Entry, Targets, is_image, labels};
use super::model::{App, Package, Target, Value, WhyNot, WrittenGroup};
use super::packages::Packages;
use crate::label::Label;
use crate::workspace::refusal_code::RefusalCode;

/// The rule of aspect_rules_py that makes layers.
pub const PY_IMAGE_LAYER: &str = "py_image_layer";

/// Attribute by which a model marks the layers of a rule set's macro.
pub const MARK: &str = "$rule_set";

/// Images not made for one of `apps`, sorted by package and name.
#[must_use]
pub fn other_images(packages: &Packages, apps: &[App]) -> Vec<App> {
    let targets = Targets::new(packages);
    let mut known: BTreeSet<Label> = apps.iter().flat_map(|app| app.made_targets.iter().cloned()).collect();
    let mut found: Vec<App> = Vec::new();
    // Images first, so that layers are listed by themselves only if nothing uses them.
    for (label, package, target) in targets.all().filter(|(_, _, target)| is_image(&target.kind)) {
        let Some(image) = Image::of(targets, label, package, target) else { continue };
        // The layers of an app make an image for it, wherever it is.
        let is_apps = |app: &App| {
            app.binary.as_ref() == Some(&image.program) && image.tars.iter().any(|tar| app.made_targets.contains(tar))
        };
        let is_known = known.contains(&image.label) || apps.iter().any(is_apps);
        known.extend(image.tars.iter().cloned());
        if is_known {
            continue;
        }
        // One statement may make an image per architecture, with layers of the same kinds.
        let is_same = |app: &&mut App| {
            app.path == package.build_file
                && app.line == target.line
                && app.binary.as_ref() == Some(&image.program)
                && targets.entries(&app.label).entries.len() == image.tars.len()
        };
        let twin = found.iter_mut().find(is_same).filter(|_| target.macro_name.is_some());
        match twin {
            Some(app) => app.made_targets.push(image.label),
            None => found.push(image.app(targets)),
        }
    }
    for (label, package, target) in targets.all().filter(|(_, _, target)| makes_layers(targets, target)) {
        let is_used =
            |image: &Image<'_>| known.contains(&image.label) || image.tars.iter().any(|tar| known.contains(tar));
        if let Some(image) = Image::of(targets, label, package, target).filter(|image| !is_used(image)) {
            found.push(image.app(targets));
        }
    }
    found
}

/// Returns `true` if a target is all layers that a rule set makes of one program.
fn makes_layers(targets: Targets<'_>, target: &Target) -> bool {
    let is_marked = |label: &Label| targets.find(label).is_some_and(|(_, tar)| tar.attributes.contains_key(MARK));
    match target.kind.as_str() {
        PY_IMAGE_LAYER => true,
        "filegroup" | "platform_transition_filegroup" => labels(target, "srcs").next().is_some_and(is_marked),
        _ => false,
    }
}

struct Image<'a> {
    label: Label,
    package: &'a Package,
    target: &'a Target,
    /// Targets of its layers, lowest first.
    tars: Vec<Label>,
    program: Label,
}

impl<'a> Image<'a> {
    fn of(targets: Targets<'a>, label: Label, package: &'a Package, target: &'a Target) -> Option<Self> {
        let entries = targets.entries(&label).entries;
        let program_of = |entry: &Entry| targets.programs(&entry.label).into_iter().next();
        let own = entries.iter().filter(|entry| entry.image == label).find_map(program_of);
        let program = own.or_else(|| entries.iter().find_map(program_of))?;
        let tars = entries.iter().map(|entry| entry.label.clone()).collect();
        Some(Self { label, package, target, tars, program })
    }

    fn app(self, targets: Targets<'_>) -> App {
        let tars: Vec<(&Label, &Target)> =
            self.tars.iter().filter_map(|label| Some((label, targets.find(label)?.1))).collect();
        let groups: Vec<WrittenGroup> = tars.iter().flat_map(|(label, tar)| groups(targets, label, tar)).collect();
        let is_divided = tars.iter().any(|(_, tar)| tar.kind == PY_IMAGE_LAYER || tar.attributes.contains_key(MARK));
        let mut made_targets = self.tars.clone();
        if !made_targets.contains(&self.label) {
            made_targets.push(self.label.clone());
        }
        App {
            label: self.label,
            macro_name: self.target.kind.clone(),
            macro_file: None,
            binary: Some(self.program),
            path: self.package.build_file.clone(),
            line: self.target.line,
            language: Some("python".to_owned()),
            dep_layers: (!groups.is_empty()).then_some(groups),
            why_not: Some(why_not(self.package, self.target, is_divided)),
            made_targets,
        }
    }
}

/// Groups of Python targets in a tar.
fn groups(targets: Targets<'_>, label: &Label, tar: &Target) -> Vec<WrittenGroup> {
    if tar.kind == PY_IMAGE_LAYER {
        let tier = labels(tar, "layer_tier").find_map(|label| targets.find(label));
        return tier.map(|(_, tier)| tier_groups(tier)).unwrap_or_default();
    }
    // Archives and single files are no groups of Python targets.
    let is_library = |label: &&Label| targets.find(label).is_some_and(|(_, found)| found.kind == "py_library");
    let members: Vec<Label> = labels(tar, "srcs").chain(labels(tar, "deps")).filter(is_library).cloned().collect();
    if members.is_empty() { Vec::new() } else { vec![WrittenGroup { name: label.name().to_owned(), targets: members }] }
}

/// The groups of a `py_layer_tier`, in order of first mention. A part of a package (`@pip//x:*.so`) counts for the
/// package.
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
            "{place}: `{PY_IMAGE_LAYER}` splits this image by its own rules; `layerwright plan --dialect rules-py` writes a plan in its words"
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
