//! aspect_rules_py 2.x: `py_image_layer` makes all layers of a program, divided by a `py_layer_tier`. Order
//! (py/private/py_image_layer.bzl, 2.0.0-alpha.6): first-party groups and the interpreter by name, packages alone in
//! their group, groups of several packages by name, all other packages, the rest.

use std::collections::BTreeMap;

use crate::label::Label;
use crate::layers::compression::Compression;
use crate::layers::stack::{Claim, Holds, StackLayer};
use crate::rule_sets::rule_set::RuleSet;
use crate::rule_sets::view::{Carried, View, of_another, other, text, unknown};
use crate::workspace::images::labels;
use crate::workspace::model::{Target, Value};
use crate::workspace::other_images::PY_IMAGE_LAYER;

pub struct RulesPy2;

impl RuleSet for RulesPy2 {
    fn name(&self) -> &'static str {
        "rules_py_2"
    }

    fn module(&self) -> Option<&'static str> {
        Some("aspect_rules_py")
    }

    fn layers(&self, view: &View<'_>, label: &Label, target: &Target) -> Vec<StackLayer> {
        if target.kind != PY_IMAGE_LAYER {
            return Vec::new();
        }
        match view.carried_by(labels(target, "binary").chain(labels(target, "binaries"))) {
            Carried::This => {}
            Carried::Another(program) => {
                let gzip = Some(Compression::Gzip);
                return vec![other(label, gzip, of_another(label, &program))];
            }
            Carried::None => return vec![unknown(label, None, format!("{label}: its binary is not known here"))],
        }
        if labels(target, "binaries").nth(1).is_some() {
            return vec![unknown(label, None, format!("{label} divides several programs at once"))];
        }
        let tier = labels(target, "layer_tier").next().and_then(|tier| view.targets.find(tier)).map(|(_, tier)| tier);
        let mut layers = Layers { label, hub: hub(view), layers: Vec::new() };
        for (member, group) in entries(target.attributes.get("groups")) {
            if let Ok(member) = Label::parse(&member, label.package()) {
                layers.add(
                    &group,
                    Holds::Group,
                    Claim::Own(vec![member]),
                    "`groups` puts this target's own files here",
                );
            }
        }
        layers.add_tier(tier);
        if layers.hub.is_some() {
            layers.add("squashed", Holds::Packages, Claim::Packages, "all packages without a group");
        }
        layers.add("default", Holds::Program, Claim::Rest, "the program and whatever no other layer takes");
        layers.layers
    }
}

/// The hub whose packages rules_py 2 treats as packages: one of its own. Others are plain libraries.
fn hub(view: &View<'_>) -> Option<String> {
    view.workspace.hubs.values().find(|hub| hub.rule_set == "aspect_rules_py").map(|hub| hub.repository.clone())
}

fn entries(value: Option<&Value>) -> Vec<(String, String)> {
    let Some(Value::Dict(entries)) = value else { return Vec::new() };
    let pair = |(key, item): &(Value, Value)| match (key, item) {
        (Value::String(key), Value::String(item)) => Some((key.clone(), item.clone())),
        _ => None,
    };
    entries.iter().filter_map(pair).collect()
}

/// Lowest first.
struct Layers<'a> {
    label: &'a Label,
    hub: Option<String>,
    layers: Vec<StackLayer>,
}

impl Layers<'_> {
    fn add(&mut self, name: &str, holds: Holds, claim: Claim, why: &str) {
        self.layers.push(StackLayer {
            name: name.to_owned(),
            target: self.label.clone(),
            holds,
            claim,
            claim_order: self.layers.len() + 1,
            compression: Some(Compression::Gzip),
            why: why.to_owned(),
        });
    }

    fn add_tier(&mut self, tier: Option<&Target>) {
        let Some(tier) = tier else { return };
        let start = self.layers.len();
        let mut own: BTreeMap<String, Vec<Label>> = BTreeMap::new();
        let mut packages: Vec<(String, Vec<Label>)> = Vec::new();
        for (key, group) in entries(tier.attributes.get("groups")) {
            let Ok(label) = Label::parse(&key, "") else { continue };
            if label.is_main() {
                own.entry(group).or_default().push(label);
            } else if let Some(package) = self.package(&label) {
                match packages.iter_mut().find(|(name, _)| *name == group) {
                    Some((_, members)) => members.push(package),
                    None => packages.push((group, vec![package])),
                }
            }
        }
        let interpreter = text(tier, "interpreter_group").filter(|group| !group.is_empty());
        let mut first: Vec<(String, Holds, Claim)> =
            own.into_iter().map(|(group, labels)| (group, Holds::Group, Claim::Own(labels))).collect();
        first.extend(interpreter.map(|group| (group.to_owned(), Holds::Interpreter, Claim::Interpreter)));
        first.sort_by(|left, right| left.0.cmp(&right.0));
        for (group, holds, claim) in first {
            self.add(&group, holds, claim, "`py_layer_tier` names this group");
        }
        let (alone, mut several): (Vec<_>, Vec<_>) = packages.into_iter().partition(|(_, members)| members.len() == 1);
        several.sort();
        for (group, members) in alone.into_iter().chain(several) {
            self.add(&group, Holds::Group, Claim::Own(members), "`py_layer_tier` puts these packages here");
        }
        let Some(Value::Dict(compression)) = tier.attributes.get("compression") else { return };
        for layer in self.layers.iter_mut().skip(start) {
            let is_zstd = compression.iter().any(|(group, command)| {
                *group == Value::String(layer.name.clone())
                    && matches!(command, Value::List(words) if words.first() == Some(&Value::String("zstd".to_owned())))
            });
            if is_zstd {
                layer.compression = Some(Compression::Zstd);
            }
        }
    }

    /// The package of a tier's key. Keys are texts starting with `@pip//`, whatever the hub's name.
    fn package(&self, key: &Label) -> Option<Label> {
        let hub = self.hub.as_ref().filter(|_| key.repository_name() == Some("pip"))?;
        let name = if key.package().is_empty() { key.name() } else { key.package() };
        // A part of a package (`@pip//x:*.so`) counts for the package.
        Label::parse_absolute(&format!("@{hub}//{name}")).ok()
    }
}
