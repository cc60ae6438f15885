//! A dependency as an edit names it.

use serde::Deserialize;

use crate::label::Label;

/// A dependency: a label, or source text such as `requirement("x")`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Dependency {
    /// A label.
    Label(String),
    /// An expression.
    Expression {
        /// Its source text.
        expr: String,
    },
}

impl Dependency {
    /// Returns a label as an owner writes it in a file of `package`.
    #[must_use]
    pub fn of_label(label: &Label, package: &str) -> Self {
        Self::Label(label.spelled_in(package))
    }

    /// Returns the label that stands in a file of `package`; `None` for an expression.
    #[must_use]
    pub fn label(&self, package: &str) -> Option<Label> {
        match self {
            Self::Label(text) => Label::parse(text, package).ok(),
            Self::Expression { .. } => None,
        }
    }
}
