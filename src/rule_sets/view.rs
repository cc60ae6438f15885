//! The image as rule sets see it.

use crate::label::Label;
use crate::layers::compression::Compression;
use crate::layers::stack::{Claim, Holds, StackLayer};
use crate::workspace::images::{Entry, Targets, label_in_text, labels};
use crate::workspace::model::{Target, Value, Workspace};

pub struct View<'a> {
    pub workspace: &'a Workspace,
    pub targets: Targets<'a>,
    /// The image's Python program, if known.
    pub program: Option<&'a Label>,
    /// The targets that make its layers.
    pub listed: &'a [Entry],
    /// Asks every rule set for a target's layers.
    pub(crate) ask: fn(&View<'_>, &Label) -> Vec<StackLayer>,
    /// Nesting of layers made of each other.
    pub(crate) depth: usize,
}

const LONGEST_CHAIN: usize = 16;

impl View<'_> {
    /// Returns the layers of a target that another layer is made of; empty for cycles and long chains.
    #[must_use]
    pub fn layers_of(&self, label: &Label) -> Vec<StackLayer> {
        if self.depth >= LONGEST_CHAIN {
            return Vec::new();
        }
        let inner = View { depth: self.depth + 1, ..*self };
        (self.ask)(&inner, label)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Carried {
    /// The image's.
    This,
    Another(Label),
    None,
}

impl<'a> View<'a> {
    /// Returns the program in `attribute` of `target`.
    #[must_use]
    pub fn carried(&self, target: &Target, attribute: &str) -> Carried {
        self.carried_by(labels(target, attribute))
    }

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

    #[must_use]
    pub fn is_listed(&self, label: &Label) -> bool {
        self.listed.iter().any(|entry| entry.label == *label)
    }

    /// The first target in `attribute`, however written.
    #[must_use]
    pub fn target_in(&self, target: &Target, attribute: &str, near: &Label) -> Option<(Label, &'a Target)> {
        self.targets.find(&label_in_text(target, attribute, near)?)
    }
}

#[must_use]
pub fn text<'t>(target: &'t Target, attribute: &str) -> Option<&'t str> {
    match target.attributes.get(attribute)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

#[must_use]
pub fn is_true(target: &Target, attribute: &str) -> bool {
    matches!(target.attributes.get(attribute), Some(Value::Bool(true) | Value::Int(1)))
}

/// `compress` of bazel-lib's `tar`; `None` for one that is not supported.
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

/// A layer without files of the program.
#[must_use]
pub fn other(label: &Label, compression: Option<Compression>, why: String) -> StackLayer {
    layer(label, Holds::Other, Claim::Nothing, compression, why)
}

/// A layer whose content only a build tells.
#[must_use]
pub fn unknown(label: &Label, compression: Option<Compression>, why: String) -> StackLayer {
    layer(label, Holds::Unknown, Claim::Unknown, compression, why)
}

/// A layer named after its target.
#[must_use]
pub fn layer(label: &Label, holds: Holds, claim: Claim, compression: Option<Compression>, why: String) -> StackLayer {
    StackLayer { name: label.name().to_owned(), target: label.clone(), holds, claim, claim_order: 0, compression, why }
}

/// The sentence about a tar with another program.
#[must_use]
pub fn of_another(label: &Label, program: &Label) -> String {
    format!("{label} belongs to {program}, another program in this image")
}
