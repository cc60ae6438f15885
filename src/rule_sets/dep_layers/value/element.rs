//! A written layer: places of its name and targets.

use crate::build_file::bracket::Bracket;
use crate::build_file::span::Span;
use crate::build_file::tree::{ArgumentKind, ExpressionId, ExpressionKind};

use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::Refusal;
use crate::rule_sets::dep_layers::value::layer::{LayerValue, layer_of};

pub(crate) struct Written {
    pub(crate) element: ExpressionId,
    pub(crate) value: LayerValue,
    /// The refusal says why it can't be edited.
    pub(crate) parts: Result<Parts, Refusal>,
}

pub(crate) struct Parts {
    /// The dict or `dict()` call.
    pub(crate) holder: ExpressionId,
    pub(crate) name: Option<ExpressionId>,
    pub(crate) targets: Option<ExpressionId>,
}

/// # Errors
/// When the element's value is not known.
pub(crate) fn read(package: &PackageFile<'_>, element: ExpressionId, what: &str) -> Result<Written, Refusal> {
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

/// The value of a key in a dict, or of a keyword in a `dict()` call.
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
    pub(crate) fn bracket(&self, package: &PackageFile<'_>) -> Option<Bracket> {
        Bracket::of_expression(&package.file, self.holder)
    }

    pub(crate) fn is_call(&self, package: &PackageFile<'_>) -> bool {
        matches!(package.file.tree.expression(self.holder).kind, ExpressionKind::Call { .. })
    }
}

/// Returns `true` if `part` is in the list's own element, not in a variable's definition.
pub(crate) fn is_inside(package: &PackageFile<'_>, element: ExpressionId, part: Span) -> bool {
    package.file.tree.expression(element).outer.contains(part)
}
