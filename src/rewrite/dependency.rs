use serde::Deserialize;

use crate::label::Label;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Dependency {
    Label(String),
    Expression { expr: String },
}

impl Dependency {
    /// Spells a label as in a file of `package`.
    #[must_use]
    pub fn of_label(label: &Label, package: &str) -> Self {
        Self::Label(label.spelled_in(package))
    }

    /// `None` for an expression.
    #[must_use]
    pub fn label(&self, package: &str) -> Option<Label> {
        match self {
            Self::Label(text) => Label::parse(text, package).ok(),
            Self::Expression { .. } => None,
        }
    }
}
