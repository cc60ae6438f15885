//! The stack of an image.

use std::collections::BTreeSet;

use crate::label::Label;
use crate::layers::compression::Compression;
use crate::layers::stack::{Holds, ListPlace, Listing, Stack, StackLayer};
use crate::rule_sets::oci_tars;
use crate::rule_sets::registry::RULE_SETS;
use crate::rule_sets::rule_set::RuleSet;
use crate::rule_sets::view::{View, unknown};
use crate::workspace::images::{Entries, Targets, is_image};
use crate::workspace::model::{App, Target, Workspace};
use crate::workspace::modules::Module;

/// Lowest first; `None` without an image that can be read.
#[must_use]
pub fn stack_of(workspace: &Workspace, app: &App) -> Option<Stack> {
    let targets = Targets::new(&workspace.packages);
    let image = image_of(targets, app)?;
    let entries = targets.entries(&image);
    let program = program_of(targets, app, &image, &entries);
    let view =
        View { workspace, targets, program: program.as_ref(), listed: &entries.entries, ask: layers_of, depth: 0 };
    let mut stack = Stack {
        rule_set: oci_tars::NAME,
        image: image.clone(),
        program: program.clone(),
        layers: Vec::new(),
        places: Vec::new(),
        lists: entries.lists.iter().map(|list| oci_tars::order::list(targets, &image, list)).collect(),
        left_out: Vec::new(),
        listing: Listing::default(),
        notes: entries.notes.clone(),
    };
    let mut divider: Option<(&dyn RuleSet, Label, &Target)> = None;
    let mut seen = BTreeSet::new();
    for entry in &entries.entries {
        // rules_oci and Bazel's lists of files name each file once.
        if !seen.insert(&entry.label) {
            continue;
        }
        let (rule_set, layers) = layers(&view, &entry.label);
        let image_kind = targets.find(&entry.image).map(|(_, image)| image.kind.as_str()).unwrap_or_default();
        for mut layer in layers {
            layer.compression = stored(workspace, image_kind, layer.compression);
            stack.layers.push(layer);
            let places = entry.places.iter().map(|&(list, member)| ListPlace { list, member });
            stack.places.push(places.collect());
        }
        if divider.is_none()
            && let Some(rule_set) = rule_set
            && let Some((label, target)) = targets.find(&entry.label)
            && stack.layers.last().is_some_and(|layer| !matches!(layer.holds, Holds::Other | Holds::Unknown))
        {
            divider = Some((rule_set, label, target));
        }
    }
    if let Some(why) = entries.unread {
        stack.layers.push(unknown(&image, None, why));
        stack.places.push(Vec::new());
    }
    if let Some((rule_set, label, target)) = divider {
        stack.rule_set = rule_set.name();
        stack.listing = rule_set.listing(target).unwrap_or_default();
        stack.left_out = rule_set.left_out(&view, &label, target);
        stack.notes.extend(rule_set.module().and_then(|name| changed(workspace, name)));
    } else if let Some(rule_set) = image_rule_set(targets, &image) {
        stack.rule_set = rule_set;
    }
    Some(stack)
}

/// The app's image: of several, such as one per architecture, that for x86_64.
fn image_of(targets: Targets<'_>, app: &App) -> Option<Label> {
    let named = targets.image_behind(&app.label);
    let made = app.made_targets.iter().filter_map(|label| targets.image_behind(label));
    let mut images: Vec<Label> = named.into_iter().chain(made).collect();
    if images.is_empty() {
        let lists_made = |(label, _, target): (Label, _, &Target)| {
            let is_image = is_image(&target.kind)
                && targets.entries(&label).entries.iter().any(|entry| app.made_targets.contains(&entry.label));
            is_image.then_some(label)
        };
        images.extend(targets.all().find_map(lists_made));
    }
    images.dedup();
    let carries = |image: &Label| {
        let entries = targets.entries(image).entries;
        entries.iter().any(|entry| {
            let programs = targets.programs(&entry.label);
            app.binary.as_ref().map_or(!programs.is_empty(), |binary| programs.contains(binary))
        })
    };
    let is_other_platform = |image: &&Label| ["arm64", "aarch64"].iter().any(|name| image.name().contains(name));
    let fitting: Vec<&Label> = images.iter().filter(|image| carries(image)).collect();
    let stands_on = |upper: &Label, lower: &Label| {
        upper != lower && targets.entries(upper).entries.iter().any(|entry| entry.image == *lower)
    };
    let is_base = |image: &Label| fitting.iter().any(|other| stands_on(other, image));
    let fitting: Vec<&Label> = fitting.iter().copied().filter(|image| !is_base(image)).collect();
    let first = fitting.iter().find(|image| !is_other_platform(image)).or(fitting.first());
    let image = first.map(|image| (*image).clone()).or_else(|| images.first().cloned());
    // Layers that no image uses are all that there is.
    image.or_else(|| carries(&app.label).then(|| app.label.clone()))
}

/// The image's program: the app's binary, or the first that the image lists.
fn program_of(targets: Targets<'_>, app: &App, image: &Label, entries: &Entries) -> Option<Label> {
    let own = entries.entries.iter().filter(|entry| entry.image == *image);
    let programs: Vec<Label> = own.flat_map(|entry| targets.programs(&entry.label)).collect();
    match &app.binary {
        Some(binary) if programs.contains(binary) || programs.is_empty() => Some(binary.clone()),
        _ => programs.into_iter().next(),
    }
}

/// The layers that a target makes, and their rule set.
fn layers(view: &View<'_>, label: &Label) -> (Option<&'static dyn RuleSet>, Vec<StackLayer>) {
    let Some((label, target)) = view.targets.find(label) else {
        return (None, vec![oci_tars::unread(view, label, None)]);
    };
    for rule_set in RULE_SETS.iter().copied() {
        let layers = rule_set.layers(view, &label, target);
        if !layers.is_empty() {
            return (Some(rule_set), layers);
        }
    }
    (None, vec![oci_tars::unread(view, &label, Some(target))])
}

fn layers_of(view: &View<'_>, label: &Label) -> Vec<StackLayer> {
    layers(view, label).1
}

/// The stored compression: rules_oci 1 compresses plain tars with gzip, rules_oci 2 keeps every tar; rules_docker
/// compresses all.
fn stored(workspace: &Workspace, image_kind: &str, tar: Option<Compression>) -> Option<Compression> {
    if image_kind.starts_with("container_image") {
        return Some(Compression::Gzip);
    }
    let is_plain_oci_1 = image_kind.starts_with("oci_image")
        && tar == Some(Compression::None)
        && module(workspace, "rules_oci").and_then(Module::numbers).is_some_and(|[major, ..]| major < 2);
    if is_plain_oci_1 { Some(Compression::Gzip) } else { tar }
}

fn module<'a>(workspace: &'a Workspace, name: &str) -> Option<&'a Module> {
    workspace.modules.values().find(|module| module.name == name)
}

fn changed(workspace: &Workspace, name: &str) -> Option<String> {
    module(workspace, name).and_then(|module| module.changed.clone())
}

fn image_rule_set(targets: Targets<'_>, image: &Label) -> Option<&'static str> {
    match targets.find(image)?.1.kind.as_str() {
        "image_manifest" => Some("rules_img"),
        "container_image" | "container_image_" => Some("rules_docker"),
        _ => None,
    }
}
