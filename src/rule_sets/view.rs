//! What a rule set sees of an image when it is asked what a tar holds.

use crate::label::Label;
use crate::layers::compression::Compression;
use crate::layers::stack::{Claim, Holds, StackLayer};
use crate::workspace::images::{Entry, Targets, label_in_text, labels};
use crate::workspace::model::{Target, Value, Workspace};

/// An image whose layers are looked at.
pub struct View<'a> {
    /// The workspace.
    pub workspace: &'a Workspace,
    /// Its targets.
    pub targets: Targets<'a>,
    /// The Python program that the image is about, if one is known.
    pub program: Option<&'a Label>,
    /// The targets that make its layers.
    pub listed: &'a [Entry],
    /// Asks every rule set for the layers of a target.
    pub(crate) ask: fn(&View<'_>, &Label) -> Vec<StackLayer>,
    /// How many layers are made of each other, outside in.
    pub(crate) depth: usize,
}

/// Longest chain of layers that are made of each other.
const LONGEST_CHAIN: usize = 16;

impl View<'_> {
    /// Returns the layers of a target that a layer is made of; none where such layers form a circle or a long chain.
    #[must_use]
    pub fn layers_of(&self, label: &Label) -> Vec<StackLayer> {
        if self.depth >= LONGEST_CHAIN {
            return Vec::new();
        }
        let inner = View { depth: self.depth + 1, ..*self };
        (self.ask)(&inner, label)
    }
}

/// The Python program in a tar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// The program that the image is about.
    This,
    /// Another one.
    Another(Label),
    /// None.
    None,
}

impl<'a> View<'a> {
    /// Returns which program the labels in `attribute` of `target` carry.
    #[must_use]
    pub fn carried(&self, target: &Target, attribute: &str) -> Carried {
        self.carried_by(labels(target, attribute))
    }

    /// Returns which program one of `labels` carries.
    pub fn carried_by<'b>(&self, labels: impl IntoIterator<Item = &'b Label>) -> Carried {
        let mut another = None;
        for label in labels {
            for program in self.targets.programs(label) {
                if Some(&program) == self.program {
                    return Carried::This;
                }
                another = another.or(Some(program));
            }
        }
        another.map_or(Carried::None, Carried::Another)
    }

    /// Returns whether the image has the layer that `label` makes.
    #[must_use]
    pub fn is_listed(&self, label: &Label) -> bool {
        self.listed.iter().any(|entry| entry.label == *label)
    }

    /// Returns the target in `attribute`, however it is written.
    #[must_use]
    pub fn target_in(&self, target: &Target, attribute: &str, near: &Label) -> Option<(Label, &'a Target)> {
        self.targets.find(&label_in_text(target, attribute, near)?)
    }
}

/// Returns a text attribute.
#[must_use]
pub fn text<'t>(target: &'t Target, attribute: &str) -> Option<&'t str> {
    match target.attributes.get(attribute)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// Returns whether an attribute is true.
#[must_use]
pub fn is_true(target: &Target, attribute: &str) -> bool {
    matches!(target.attributes.get(attribute), Some(Value::Bool(true) | Value::Int(1)))
}

/// Returns the compression that `compress` of bazel-lib's `tar` names; `None` for one that is not counted here.
#[must_use]
pub fn compression(target: &Target) -> Option<Compression> {
    match text(target, "compress") {
        None | Some("" | "none")
            if !target.attributes.contains_key("compress") || text(target, "compress").is_some() =>
        {
            Some(Compression::None)
        }
        Some("gzip") => Some(Compression::Gzip),
        Some("zstd") => Some(Compression::Zstd),
        _ => None,
    }
}

/// Returns a layer that holds no file of the program.
#[must_use]
pub fn other(label: &Label, compression: Option<Compression>, why: String) -> StackLayer {
    layer(label, Holds::Other, Claim::Nothing, compression, why)
}

/// Returns a layer of which nobody can tell without a build what it holds.
#[must_use]
pub fn unknown(label: &Label, compression: Option<Compression>, why: String) -> StackLayer {
    layer(label, Holds::Unknown, Claim::Unknown, compression, why)
}

/// Returns a layer that is named as its target.
#[must_use]
pub fn layer(label: &Label, holds: Holds, claim: Claim, compression: Option<Compression>, why: String) -> StackLayer {
    StackLayer { name: label.name().to_owned(), target: label.clone(), holds, claim, claim_order: 0, compression, why }
}

/// Returns the sentence about a tar with another program.
#[must_use]
pub fn of_another(label: &Label, program: &Label) -> String {
    format!("{label} belongs to {program}, another program in this image")
}
