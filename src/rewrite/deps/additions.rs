//! Added dependencies: spelling, comments and order.

use crate::build_file::new_text::{NewElement, NewText};
use crate::build_file::string_literal;
use crate::build_file::style;

use crate::rewrite::carried::Carried;
use crate::rewrite::dependency::Dependency;
use crate::rewrite::labels::{self, DependencyKey};
use crate::rewrite::package_file::PackageFile;

pub(crate) struct Addition {
    pub(crate) key: DependencyKey,
    pub(crate) element: NewElement,
    /// For its place in a sorted list.
    pub(crate) text: Option<String>,
}

pub(crate) fn additions(
    package: &PackageFile<'_>,
    add: &[Dependency],
    neighbours: &[String],
    from: &str,
    carried: &mut Carried,
    present: &[DependencyKey],
) -> Vec<Addition> {
    let mut additions: Vec<Addition> = Vec::new();
    for dependency in add {
        let key = DependencyKey::of(dependency, from, &package.constants);
        if present.contains(&key) || additions.iter().any(|other| other.key == key) {
            continue;
        }
        let (text, literal) = match dependency {
            Dependency::Label(label) => {
                let text = labels::spell(label, from, &package.package, neighbours);
                (Some(text.clone()), string_literal::encode(&text))
            }
            Dependency::Expression { expr } => (None, expr.clone().into_bytes()),
        };
        let element = carried.give(&key, NewElement::plain(NewText::Verbatim(literal)));
        additions.push(Addition { key, element, text });
    }
    additions
}

/// Strings in buildifier's order, then everything else in the given order.
pub(crate) fn sort_additions(additions: &mut [Addition]) {
    additions.sort_by_key(|addition| match &addition.text {
        Some(text) => (0, Some(style::string_order(text))),
        None => (1, None),
    });
}

/// As buildifier writes it.
pub(crate) fn new_list(package: &PackageFile<'_>, deps: &[Dependency], from: &str, carried: &mut Carried) -> NewText {
    let mut additions = additions(package, deps, &[], from, carried, &[]);
    if additions.iter().all(|addition| addition.text.is_some()) {
        sort_additions(&mut additions);
    }
    NewText::List(additions.into_iter().map(|addition| addition.element).collect())
}
