//! The interface between a rule set and the rest of the program.

use serde::de::DeserializeOwned;

use crate::rewrite::request::Edit;

/// The rules and macros that decide what is in an image's layers.
pub trait RuleSet: Sync {
    /// Returns the name, as JSON gives it in `rule_set`.
    fn name(&self) -> &'static str;

    /// Returns the edits that a request may name beside those that fit every rule.
    fn edits(&self) -> &'static [EditKind] {
        &[]
    }
}

/// An edit by the name that a request gives it.
pub struct EditKind {
    /// The value of `op`.
    pub(crate) op: &'static str,
    /// Reads the other fields.
    pub(crate) read: fn(serde_json::Value) -> serde_json::Result<Edit>,
}

impl EditKind {
    /// The edit `E` under the name `op`.
    pub(crate) const fn of<E: DeserializeOwned + Into<Edit>>(op: &'static str) -> Self {
        Self { op, read: |fields| serde_json::from_value::<E>(fields).map(Into::into) }
    }
}
