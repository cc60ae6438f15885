use serde::{Deserialize, Serialize};

use super::target::Value;

/// A call in MODULE.bazel, WORKSPACE or a file that they include.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModuleCall {
    /// `bazel_dep`, or the extension's file and path (`@rules_python//python/extensions:pip.bzl%pip.parse`).
    pub function: String,
    pub positional: Vec<Value>,
    /// In the order of the call.
    pub named: Vec<(String, Value)>,
    /// Counted from 1.
    pub line: usize,
}

impl ModuleCall {
    /// The text argument `name`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(key, _)| key == name).and_then(|(_, value)| match value {
            Value::String(text) => Some(text.as_str()),
            _ => None,
        })
    }
}
