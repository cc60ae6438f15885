//! One written layer: where its name and its targets stand.

use crate::build_file::bracket::Bracket;
use crate::build_file::span::Span;
use crate::build_file::tree::{ArgumentKind, ExpressionId, ExpressionKind};

use crate::rewrite::dep_layers::{LayerValue, layer_of};
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::Refusal;

/// A layer as it is written.
pub(super) struct Written {
    /// The element of the list.
    pub(super) element: ExpressionId,
    pub(super) value: LayerValue,
    /// Where its text stands, or why that can't be edited.
    pub(super) parts: Result<Parts, Refusal>,
}

/// The editable parts of a layer.
pub(super) struct Parts {
    /// The dict or the `dict()` call.
    pub(super) holder: ExpressionId,
    /// The value of `name`.
    pub(super) name: Option<ExpressionId>,
    /// The value of `targets`.
    pub(super) targets: Option<ExpressionId>,
}

/// Reads one element of the list.
///
/// # Errors
/// When its value is not known.
pub(super) fn read(package: &PackageFile<'_>, element: ExpressionId, what: &str) -> Result<Written, Refusal> {
    let Some(value) = layer_of(&package.value(element), &package.package) else {
        return Err(package.computed(element, &format!("An element of {what}")));
    };
    let named = format!("The layer {} of {what}", value.name);
    let parts = package.follow(element, &named).and_then(|place| {
        let at = |name: &str| part(package, place, name);
        match &package.file.tree.expression(place).kind {
            ExpressionKind::Dict { .. } => Ok(Parts { holder: place, name: at("name"), targets: at("targets") }),
            ExpressionKind::Call { function, .. }
                if package.file.text(package.file.tree.expression(*function).span) == "dict" =>
            {
                Ok(Parts { holder: place, name: at("name"), targets: at("targets") })
            }
            _ => Err(package.computed(place, &named)),
        }
    });
    Ok(Written { element, value, parts })
}

/// The value of a key in a dict or of a keyword in a `dict()` call.
fn part(package: &PackageFile<'_>, holder: ExpressionId, name: &str) -> Option<ExpressionId> {
    let tree = &package.file.tree;
    match &tree.expression(holder).kind {
        ExpressionKind::Dict { entries, .. } => entries
            .iter()
            .rev()
            .find(|entry| matches!(&tree.expression(entry.key).kind, ExpressionKind::String(key) if key == name.as_bytes()))
            .map(|entry| entry.value),
        ExpressionKind::Call { arguments, .. } => arguments
            .iter()
            .find(|argument| matches!(&argument.kind, ArgumentKind::Keyword(keyword) if keyword == name))
            .map(|argument| argument.value),
        _ => None,
    }
}

impl Parts {
    /// The brackets of the dict.
    pub(super) fn bracket(&self, package: &PackageFile<'_>) -> Option<Bracket> {
        Bracket::of_expression(&package.file, self.holder)
    }

    /// Whether it is written `dict(...)`.
    pub(super) fn is_call(&self, package: &PackageFile<'_>) -> bool {
        matches!(package.file.tree.expression(self.holder).kind, ExpressionKind::Call { .. })
    }
}

/// Whether `part` lies in the element that the list itself holds, and not in a variable's definition.
pub(super) fn is_inside(package: &PackageFile<'_>, element: ExpressionId, part: Span) -> bool {
    package.file.tree.expression(element).outer.contains(part)
}
