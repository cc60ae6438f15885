//! Images by their targets: their layers, and the Python programs in them. Follows what all rule sets share: lists,
//! filegroups, aliases, transitions, base images. The content of a tar is for the rule sets.

use std::collections::BTreeSet;

use super::apps::is_python_program;
use super::model::{CONDITIONS, Dependency, Package, TOOL, Target};
use super::packages::Packages;
use crate::label::Label;

/// Of filegroups, aliases and base images.
const LONGEST_CHAIN: usize = 20;
/// Images can't have more than 127 layers.
const MOST_ENTRIES: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The target that makes the layer.
    pub label: Label,
    /// The image that lists it: the image itself, or a base image.
    pub image: Label,
    /// Its places in lists, outermost first: the list's number in [`Entries::lists`] and the element's in the list. None for a
    /// layer that the image's own rule adds.
    pub places: Vec<(usize, usize)>,
}

/// A list of an image or a filegroup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// The target with the list.
    pub owner: Label,
    /// The image that the list is of: the image itself, or one that it stands on.
    pub image: Label,
    /// The attribute.
    pub attribute: &'static str,
    /// Its elements.
    pub members: Vec<Label>,
    /// Whether the elements above are all that there are, whatever is built for.
    pub is_whole: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// Lowest first.
    pub entries: Vec<Entry>,
    /// The lists that they come from.
    pub lists: Vec<List>,
    /// Why the image's own list may be incomplete.
    pub unread: Option<String>,
    pub notes: Vec<String>,
}

#[must_use]
pub fn is_image(kind: &str) -> bool {
    layers_attribute(kind).is_some()
}

fn layers_attribute(kind: &str) -> Option<&'static str> {
    match kind {
        "oci_image" | "oci_image_rule" => Some("tars"),
        "image_manifest" | "container_image" | "container_image_" => Some("layers"),
        _ => None,
    }
}

#[derive(Clone, Copy)]
pub struct Targets<'a> {
    packages: &'a Packages,
}

impl<'a> Targets<'a> {
    #[must_use]
    pub fn new(packages: &'a Packages) -> Self {
        Self { packages }
    }

    /// The target `label`, or the one that makes the file `label`.
    #[must_use]
    pub fn find(self, label: &Label) -> Option<(Label, &'a Target)> {
        let package = self.packages.of(label)?;
        if let Some(target) = package.targets.get(label.name()) {
            return Some((label.clone(), target));
        }
        let makes = |target: &&Target| target.outputs.iter().any(|output| output == label.name());
        let (name, target) = package.targets.iter().find(|(_, target)| makes(target))?;
        Some((label.sibling(name), target))
    }

    #[must_use]
    pub fn package(self, label: &Label) -> Option<&'a Package> {
        self.packages.of(label)
    }

    /// Sorted by package and name.
    pub fn all(self) -> impl Iterator<Item = (Label, &'a Package, &'a Target)> {
        let packages = self.packages;
        packages.iter().flat_map(move |(path, package)| {
            package.targets.iter().map(move |(name, target)| (packages.label(path, name), package, target))
        })
    }

    /// The layers of an image, or those that another target passes on.
    #[must_use]
    pub fn entries(self, image: &Label) -> Entries {
        let mut found = Entries::default();
        match self.find(image) {
            Some((_, target)) if !is_image(&target.kind) => self.add_entry(image, image, &[], &mut found),
            _ => self.add_image(image, 0, &mut found),
        }
        found.notes.sort();
        found.notes.dedup();
        found
    }

    fn add_image(self, image: &Label, depth: usize, found: &mut Entries) {
        let Some((label, target)) = self.find(image) else { return };
        let Some(attribute) = layers_attribute(&target.kind) else { return };
        if depth > LONGEST_CHAIN {
            return;
        }
        for base in labels(target, "base") {
            if let Some(base) = self.image_behind(base) {
                self.add_image(&base, depth + 1, found);
            }
        }
        if target.attributes.contains_key(attribute) {
            found.unread = Some(format!("{label}: part of `{attribute}` comes from a rule that is not known here"));
        }
        self.add_list(&label, target, attribute, &label, &[], found);
        // rules_docker's images make one more layer themselves.
        let has_own = ["binary", "tars", "files", "debs"].iter().any(|name| labels(target, name).next().is_some());
        if target.kind.starts_with("container_image") && has_own {
            found.entries.push(Entry { label: label.clone(), image: label, places: Vec::new() });
        }
    }

    fn add_list(
        self,
        owner: &Label,
        target: &'a Target,
        attribute: &'static str,
        image: &Label,
        places: &[(usize, usize)],
        found: &mut Entries,
    ) {
        let members = self.chosen(target, attribute, found);
        let is_whole =
            edges(target, attribute).all(|edge| edge.condition.is_none()) && !target.attributes.contains_key(attribute);
        let list = found.lists.len();
        let labels = members.iter().copied().cloned().collect();
        found.lists.push(List { owner: owner.clone(), image: image.clone(), attribute, members: labels, is_whole });
        for (member, entry) in members.into_iter().enumerate() {
            self.add_entry(entry, image, &[places, &[(list, member)]].concat(), found);
        }
    }

    /// Labels of an attribute; of a `select()` those for Linux on x86_64.
    fn chosen(self, target: &'a Target, attribute: &str, found: &mut Entries) -> Vec<&'a Label> {
        let all: Vec<&Dependency> = edges(target, attribute).collect();
        let conditions: BTreeSet<&str> = all.iter().filter_map(|edge| edge.condition.as_deref()).collect();
        if conditions.is_empty() {
            return all.into_iter().map(|edge| &edge.label).collect();
        }
        let is_x86_64 = |condition: &&str| condition.contains("x86_64") || condition.contains("amd64");
        let taken = conditions.iter().copied().find(is_x86_64);
        let taken = taken.or_else(|| conditions.iter().copied().find(|condition| condition.ends_with(":default")));
        match taken {
            Some(_) => {
                found.notes.push("A `select()` decides some layers: these are those for Linux on x86_64".to_owned())
            }
            None => found.unread = Some(format!("a `select()` in `{attribute}` decides which layers there are")),
        }
        let holds = |edge: &&Dependency| edge.condition.is_none() || edge.condition.as_deref() == taken;
        all.into_iter().filter(holds).map(|edge| &edge.label).collect()
    }

    fn add_entry(self, entry: &Label, image: &Label, places: &[(usize, usize)], found: &mut Entries) {
        if places.len() > LONGEST_CHAIN || found.entries.len() >= MOST_ENTRIES {
            return;
        }
        let mut leaf = |label| found.entries.push(Entry { label, image: image.clone(), places: places.to_vec() });
        let Some((label, target)) = self.find(entry) else { return leaf(entry.clone()) };
        match target.kind.as_str() {
            "filegroup" | "platform_transition_filegroup" => {
                self.add_list(&label, target, "srcs", image, places, found)
            }
            "alias" => self.add_list(&label, target, "actual", image, places, found),
            _ => leaf(label),
        }
    }

    /// The image behind aliases and transitions.
    #[must_use]
    pub fn image_behind(self, label: &Label) -> Option<Label> {
        let mut label = label.clone();
        for _ in 0..LONGEST_CHAIN {
            let (own, target) = self.find(&label)?;
            if is_image(&target.kind) {
                return Some(own);
            }
            let inner = match target.kind.as_str() {
                "alias" => "actual",
                "filegroup" | "platform_transition_filegroup" => "srcs",
                _ => return None,
            };
            label = labels(target, inner).next()?.clone();
        }
        None
    }

    /// Sorted by label. Does not look into a program.
    #[must_use]
    pub fn programs(self, label: &Label) -> Vec<Label> {
        self.reach(label, |_| false)
    }

    /// Returns `true` if the output of `label` can hold files of `program`, tools included.
    #[must_use]
    pub fn reaches(self, label: &Label, program: &Label) -> bool {
        self.reach(label, |edge| edge.attribute == TOOL).contains(program)
    }

    fn reach(self, label: &Label, also: impl Fn(&Dependency) -> bool) -> Vec<Label> {
        let mut programs = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![label.clone()];
        while let Some(label) = waiting.pop() {
            let Some((own, target)) = self.find(&label) else { continue };
            if !seen.insert(own.clone()) {
                continue;
            }
            if is_python_program(&target.kind) {
                programs.insert(own);
                continue;
            }
            let carries = |edge: &&Dependency| !matches!(edge.attribute.as_str(), TOOL | CONDITIONS) || also(edge);
            waiting.extend(target.dependencies.iter().filter(carries).map(|edge| edge.label.clone()));
            let text_labels = ["mtree", "binary"].into_iter().filter_map(|name| label_in_text(target, name, &own));
            waiting.extend(text_labels);
        }
        programs.into_iter().collect()
    }
}

/// The label in an attribute that is a bare word, or of unknown meaning.
#[must_use]
pub fn label_in_text(target: &Target, attribute: &str, near: &Label) -> Option<Label> {
    if let Some(label) = labels(target, attribute).next() {
        return Some(label.clone());
    }
    match target.attributes.get(attribute) {
        Some(super::model::Value::String(text)) => Label::parse(text, near.package()).ok(),
        _ => None,
    }
}

fn edges<'a>(target: &'a Target, attribute: &str) -> impl Iterator<Item = &'a Dependency> {
    target.dependencies.iter().filter(move |edge| edge.attribute == attribute)
}

/// In order.
pub fn labels<'a>(target: &'a Target, attribute: &str) -> impl Iterator<Item = &'a Label> {
    edges(target, attribute).map(|edge| &edge.label)
}
