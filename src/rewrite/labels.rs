//! Comparison and spelling of labels in edits. `@pypi//:x`, `@pypi//x` and `@@pypi//x` are never the same, and labels
//! of other repositories keep their spelling.

use crate::build_file::fold::{self, Constants, FoldedValue};
use crate::build_file::span::Span;
use crate::build_file::tree::{ExpressionId, ExpressionKind, StatementKind};
use crate::build_file::{BuildFile, Dialect, parse};
use crate::label::Label;

use crate::rewrite::dependency::Dependency;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DependencyKey {
    Label(Label),
    /// Anything else, by its value as far as known.
    Other(String),
}

impl DependencyKey {
    pub(crate) fn of_text(text: &str, package: &str) -> Self {
        Label::parse(text, package).map_or_else(|_| Self::Other(text.to_owned()), Self::Label)
    }

    pub(crate) fn of_value(value: &FoldedValue, package: &str) -> Self {
        match value {
            FoldedValue::String(text) => Self::of_text(text, package),
            FoldedValue::Opaque(text) => Self::Other(text.split_whitespace().collect()),
            other => Self::Other(format!("{other:?}")),
        }
    }

    pub(crate) fn of(dependency: &Dependency, package: &str, constants: &Constants) -> Self {
        match dependency {
            Dependency::Label(text) => Self::of_text(text, package),
            Dependency::Expression { expr } => match expression(expr) {
                Some((file, id)) => Self::of_value(&fold::value(&file, id, constants), package),
                None => Self::Other(expr.clone()),
            },
        }
    }
}

/// Parses exactly one expression. Anything beside it, even a comment, would change more than an element.
pub(crate) fn expression(text: &str) -> Option<(BuildFile, ExpressionId)> {
    let file = parse(text.as_bytes(), Dialect::Bzl);
    let [statement] = file.tree.statements.as_slice() else { return None };
    let StatementKind::Expression(id) = statement.kind else { return None };
    let fills = file.tree.expression(id).outer == Span::new(0, text.len());
    let is_tuple = matches!(file.tree.expression(id).kind, ExpressionKind::Tuple(_));
    let alone = file.problems.is_empty() && file.comments().next().is_none() && fills && !is_tuple;
    alone.then_some((file, id))
}

/// Spells `text`, a label relative to `from`, in `package` like `neighbours`. Labels of the own package default to
/// `:name`; those of others repeat the name (`//a/b:b`) only if the neighbours do.
pub(crate) fn spell(text: &str, from: &str, package: &str, neighbours: &[String]) -> String {
    let Ok(label) = Label::parse(text, from) else {
        return text.to_owned();
    };
    if !label.is_main() {
        return text.to_owned();
    }
    let near =
        || neighbours.iter().filter_map(|text| Some((text, Label::parse(text, package).ok().filter(Label::is_main)?)));
    if label.package() == package {
        let local = near().find(|(_, near)| near.package() == package).map(|(text, _)| text.as_str());
        return match local {
            Some(text) if text.starts_with("//") => label.to_string(),
            Some(text) if text.starts_with("@@") => format!("@@{label}"),
            Some(text) if text.starts_with('@') => format!("@{label}"),
            Some(text) if !text.starts_with(':') => label.name().to_owned(),
            _ => format!(":{}", label.name()),
        };
    }
    let at = if near().any(|(text, _)| text.starts_with("@//")) { "@" } else { "" };
    let repeated = |label: &Label| label.package().rsplit('/').next() == Some(label.name());
    let whole = near().any(|(text, near)| repeated(&near) && text.contains("//") && text.contains(':'));
    if repeated(&label) && !whole { format!("{at}//{}", label.package()) } else { format!("{at}{label}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_labels_have_equal_keys() {
        let key = |text| DependencyKey::of_text(text, "demo/app");
        assert_eq!(key(":x"), key("//demo/app:x"));
        assert_eq!(key("//libs/base"), key("//libs/base:base"));
        assert_eq!(key("x"), key("@//demo/app:x"));
        assert_ne!(key("@pypi//:x"), key("@pypi//x"));
        assert_ne!(key("@pypi//:x"), key("@@pypi//:x"));
        let expression =
            |text: &str| DependencyKey::of(&Dependency::Expression { expr: text.to_owned() }, "p", &Constants::new());
        assert_eq!(expression("requirement(\"a\")"), expression("requirement( 'a' )"));
        assert_ne!(expression("requirement(\"a\")"), expression("requirement(\"b\")"));
        assert_eq!(expression("\":a\""), DependencyKey::of_text("//p:a", "p"));
    }

    #[test]
    fn an_expression_is_one_element_of_a_list() {
        for text in ["requirement(\"x\")", "\":a\"", "NAME", "a +\\\nb", "f(\n1)"] {
            assert!(expression(text).is_some(), "{text}");
        }
        for text in ["", " x", "@pypi//:x", "//a", "a, b", "a = b", "x # comment", "x; y", "x]", "f(", "(a, b)", "x\n"]
        {
            assert!(expression(text).is_none(), "{text}");
        }
    }

    #[test]
    fn new_labels_are_spelled_like_their_neighbours() {
        let check = |text: &str, neighbours: &[&str], expected: &str| {
            let neighbours: Vec<String> = neighbours.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(spell(text, "a/b", "a/b", &neighbours), expected, "{text} beside {neighbours:?}");
        };
        check("//a/b:x", &[], ":x");
        check(":x", &["//a/b:y"], "//a/b:x");
        check(":x", &["@//a/b:y"], "@//a/b:x");
        check(":x", &["y.py", "//c"], "x");
        check("//c/d:d", &[], "//c/d");
        check("//c/d", &["//e/f:f"], "//c/d:d");
        check("//c/d", &["//e/f:g", "//a/b"], "//c/d");
        check("@pypi//:x", &["@pypi//y"], "@pypi//:x");
        check("@@pypi//x:x", &[], "@@pypi//x:x");
    }
}
