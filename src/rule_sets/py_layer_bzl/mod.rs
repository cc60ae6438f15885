//! Copies of `py_layer.bzl` of Aspect's examples: `grep` cuts a listing of the program, `tar` packs each part. Copies
//! differ in their expressions, so the genrule's command decides, if it consists of greps.

mod command;

use crate::label::Label;
use crate::layers::stack::{Claim, Holds, Listing, StackLayer};
use crate::rule_sets::rule_set::RuleSet;
use crate::rule_sets::view::{Carried, View, compression, of_another, other, text};
use crate::workspace::images::labels;
use crate::workspace::model::Target;
use command::{Filter, filter_of, is_passing_on};

/// Rules that change a listing and keep its files.
const LONGEST_CHAIN: usize = 10;

pub struct PyLayerBzl;

impl RuleSet for PyLayerBzl {
    fn name(&self) -> &'static str {
        "py_layer_bzl"
    }

    fn layer(&self, view: &View<'_>, label: &Label, target: &Target) -> Option<StackLayer> {
        let (filter, _) = cut(view, label, target)?;
        let compression = compression(target);
        if let Carried::Another(program) = view.carried(target, "srcs") {
            return Some(other(label, compression, of_another(label, &program)));
        }
        let (holds, claim, claim_order) = claim(&filter)?;
        let why =
            format!("the command of the genrule behind {label} says which lines of the program's listing it takes");
        let name = label.name().to_owned();
        Some(StackLayer { name, target: label.clone(), holds, claim, claim_order, compression, why })
    }

    fn left_out(&self, view: &View<'_>, label: &Label, target: &Target) -> Vec<StackLayer> {
        let Some((_, listing)) = cut(view, label, target) else { return Vec::new() };
        let siblings = view.targets.package(label).into_iter().flat_map(|package| &package.targets);
        let of_same = siblings.filter_map(|(name, sibling)| {
            let sibling_label = label.sibling(name);
            let (filter, found) = cut(view, &sibling_label, sibling).filter(|(_, found)| *found == listing)?;
            Some((sibling_label, sibling, filter, found))
        });
        let tars: Vec<_> = of_same.collect();
        let mut left: Vec<StackLayer> = tars
            .iter()
            .filter(|(sibling, ..)| !view.is_listed(sibling))
            .filter_map(|(sibling, target, ..)| self.layer(view, sibling, target))
            .collect();
        // Files left to a part that is not made are in no layer.
        let taken: Vec<&String> = tars.iter().flat_map(|(_, _, filter, _)| &filter.takes).collect();
        let refused = tars.iter().flat_map(|(_, _, filter, _)| &filter.refuses).filter(|one| !taken.contains(one));
        let mut lost: Vec<&String> = refused.collect();
        lost.sort();
        lost.dedup();
        left.extend(lost.into_iter().map(|expression| StackLayer {
            name: "in no layer".to_owned(),
            target: label.clone(),
            holds: Holds::Other,
            claim: Claim::Paths(expression.clone()),
            claim_order: LAST - 1,
            compression: None,
            why: "no part of the listing takes these lines".to_owned(),
        }));
        left
    }

    fn listing(&self, _target: &Target) -> Option<Listing> {
        Some(Listing { root: String::new(), is_whole_line: true })
    }
}

/// Claim order of the part that takes the rest.
const LAST: usize = 10;

/// A tar's filter and the listing.
fn cut(view: &View<'_>, label: &Label, target: &Target) -> Option<(Filter, Label)> {
    if !matches!(target.kind.as_str(), "tar" | "tar_rule") || text(target, "$rule_set").is_some() {
        return None;
    }
    let (maker_label, maker) = view.target_in(target, "mtree", label)?;
    let filter = filter_of(text(maker, "cmd").filter(|_| maker.kind == "genrule")?)?;
    let mut listing = labels(maker, "srcs").next()?.clone();
    for _ in 0..LONGEST_CHAIN {
        let (own, found) = view.targets.find(&listing)?;
        match found.kind.as_str() {
            "mtree_spec" => return Some((filter, own)),
            "mtree_mutate" => listing = crate::workspace::images::label_in_text(found, "mtree", &own)?,
            "genrule" if text(found, "cmd").is_some_and(is_passing_on) => {
                listing = labels(found, "srcs").next()?.clone()
            }
            _ => return None,
        }
    }
    tracing::debug!("{maker_label}: the listing behind it is too far");
    None
}

/// A part that refuses nothing takes its lines whatever others hold; one that refuses some leaves them to others; one
/// that only refuses takes the rest.
fn claim(filter: &Filter) -> Option<(Holds, Claim, usize)> {
    let Filter { takes, refuses } = filter;
    match (takes.as_slice(), refuses.as_slice()) {
        ([], [_, ..]) => Some((Holds::Program, Claim::Rest, LAST)),
        ([one], []) => Some((holds(one), Claim::PathsAgain(one.clone()), 0)),
        ([one], refuses) => Some((holds(one), Claim::Paths(one.clone()), refuses.len())),
        _ => None,
    }
}

fn holds(expression: &str) -> Holds {
    if expression.contains("site-packages") {
        Holds::Packages
    } else if expression.contains("python") {
        Holds::Interpreter
    } else {
        Holds::Group
    }
}
