use crate::build_file::tree::ExpressionId;

use crate::rewrite::labels::DependencyKey;
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::value_place::Operand;

pub(crate) const DEPS: &str = "deps";

/// Literal lists of a target's dependencies, with keys of the elements.
pub(crate) fn literal_lists(package: &PackageFile<'_>, target: &str) -> Vec<(ExpressionId, Vec<DependencyKey>)> {
    let Ok(found) = package.find_target(target, DEPS) else {
        return Vec::new();
    };
    let Some(argument) = package.keyword(found.id, DEPS) else {
        return Vec::new();
    };
    let operands = package.operands(argument.value, DEPS).into_iter();
    operands
        .filter_map(|operand| match operand {
            Operand::Literal(list) => Some((list, keys_of(package, list))),
            Operand::Fixed(..) => None,
        })
        .collect()
}

/// Keys of a literal list's elements.
pub(crate) fn keys_of(package: &PackageFile<'_>, list: ExpressionId) -> Vec<DependencyKey> {
    let value = package.value(list);
    let elements = value.as_list().unwrap_or_default();
    elements.iter().map(|element| DependencyKey::of_value(element, &package.package)).collect()
}
