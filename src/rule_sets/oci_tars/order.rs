//! The lists that an image takes its layers from: which of them can be put in order, and the edits that do it.

use crate::label::Label;
use crate::layers::partition::Layout;
use crate::layers::plan::Plan;
use crate::layers::stack::LayerList;
use crate::rewrite::request::Edit;
use crate::rule_sets::oci_tars::set_order::{ListAttribute, SetOrder};
use crate::workspace::images::{List, Targets, is_image};

/// Returns a list of `image` as far as its order is concerned.
pub(crate) fn list(targets: Targets<'_>, image: &Label, list: &List) -> LayerList {
    LayerList {
        owner: list.owner.clone(),
        attribute: list.attribute,
        members: list.members.clone(),
        fixed: why_fixed(targets, image, list),
    }
}

fn why_fixed(targets: Targets<'_>, image: &Label, list: &List) -> Option<String> {
    let owner = &list.owner;
    if list.image != *image {
        return Some(format!("Belongs to {}, which this image is based on", list.image));
    }
    let place = || {
        let package = targets.package(owner).map(|package| package.build_file.display().to_string());
        let line = targets.find(owner).map_or(0, |(_, target)| target.line);
        package.map(|path| format!(" ({path}:{line})")).unwrap_or_default()
    };
    if let Some(name) = targets.find(owner).and_then(|(_, target)| target.macro_name.as_ref()) {
        return Some(format!("`{name}`{} lists these layers in an order of its own", place()));
    }
    (!list.is_whole)
        .then(|| format!("A `select()` or a rule decides part of `{}` of {owner}{}", list.attribute, place()))
}

/// Returns the edits that bring the lists of an image to the order of `plan`.
pub(crate) fn edits(layout: &Layout, plan: &Plan) -> Vec<Edit> {
    let edit = |(list, order): (&LayerList, Vec<Label>)| {
        let order = order.iter().map(ToString::to_string).collect();
        Some(SetOrder { target: list.owner.to_string(), attribute: ListAttribute::of(list.attribute)?, order }.into())
    };
    layout.changed_lists(plan).into_iter().filter_map(edit).collect()
}

/// Returns the other images that take layers from a list that `plan` changes, each with the owner of the list.
pub(crate) fn also_changed(targets: Targets<'_>, layout: &Layout, plan: &Plan) -> Vec<(Label, Label)> {
    let changed: Vec<Label> = layout.changed_lists(plan).into_iter().map(|(list, _)| list.owner.clone()).collect();
    if changed.is_empty() {
        return Vec::new();
    }
    let is_own = |label: &Label| layout.lists.iter().any(|list| list.owner == *label);
    let others = targets.all().filter(|(label, _, target)| is_image(&target.kind) && !is_own(label));
    let mut found = Vec::new();
    for (label, _, _) in others {
        let lists = targets.entries(&label).lists;
        let shared = lists.into_iter().find(|list| changed.contains(&list.owner));
        found.extend(shared.map(|list| (label, list.owner)));
    }
    found
}
