//! What an expression is worth, as far as its text alone can tell.
//!
//! Values only.

use std::collections::BTreeMap;

use crate::build_file::span::Span;

/// Values by name.
pub type Constants = BTreeMap<String, FoldedValue>;

/// A value that was found by folding constants.
#[derive(Clone, Debug, PartialEq)]
pub enum FoldedValue {
    /// `None`.
    None,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A string. Bytes that are not UTF-8 show as replacement characters.
    String(String),
    /// A list or a tuple.
    List(Vec<FoldedValue>),
    /// A dict in its own order, or a call of `dict()` with keywords.
    Dict(Vec<(FoldedValue, FoldedValue)>),
    /// `select({...})`: the branches in order.
    Select(Vec<(FoldedValue, FoldedValue)>),
    /// `a + b` where the parts can't be joined: one is a `select()` or is not known.
    Concatenation(Vec<FoldedValue>),
    /// A call whose result only Bazel knows, such as `requirement("x")`, `glob([...])` or `Label("//x")`.
    Call {
        /// The function as written.
        function: String,
        /// The arguments in order, each with its keyword.
        arguments: Vec<(Option<String>, FoldedValue)>,
    },
    /// Something else, as its text.
    Opaque(String),
}

impl FoldedValue {
    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of a list or tuple.
    #[must_use]
    pub fn as_list(&self) -> Option<&[FoldedValue]> {
        match self {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The value under a key of a dict; the last one wins.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&FoldedValue> {
        match self {
            Self::Dict(entries) => {
                entries.iter().rev().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Number of values and text bytes in it, and how deeply they are nested.
    pub(super) fn measure(&self) -> (usize, usize) {
        let of_pairs = |pairs: &[(FoldedValue, FoldedValue)]| {
            pairs.iter().flat_map(|(key, value)| [key.measure(), value.measure()]).collect::<Vec<_>>()
        };
        let parts = match self {
            Self::None | Self::Bool(_) | Self::Int(_) => return (1, 1),
            Self::String(text) | Self::Opaque(text) => return (1 + text.len(), 1),
            Self::List(elements) | Self::Concatenation(elements) => elements.iter().map(Self::measure).collect(),
            Self::Dict(entries) | Self::Select(entries) => of_pairs(entries),
            Self::Call { arguments, .. } => arguments.iter().map(|(_, value)| value.measure()).collect(),
        };
        let weight = parts.iter().fold(1_usize, |sum, (weight, _)| sum.saturating_add(*weight));
        (weight, 1 + parts.iter().map(|(_, depth)| *depth).max().unwrap_or_default())
    }
}

/// A call at the top level of a file, with the arguments' values.
#[derive(Clone, Debug, PartialEq)]
pub struct FoldedCall {
    /// What is called, as written: `py_library`, `native.py_library`.
    pub function: String,
    /// Where that name comes from, when a load statement binds it.
    pub loaded: Option<LoadedFunction>,
    /// The whole call.
    pub span: Span,
    /// Line of the call's first byte, counted from 1.
    pub line: usize,
    /// The arguments in order: keyword (`None` where given by position) and value.
    pub arguments: Vec<(Option<String>, FoldedValue)>,
    /// Whether the call has `*args` or `**kwargs`, so that `arguments` are not all.
    pub open_ended: bool,
    /// Line of the comprehension that makes this call, together with others; `None` for a statement of its own.
    pub comprehension_line: Option<usize>,
}

/// A function by the module that defines it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoadedFunction {
    /// The module as the load statement writes it.
    pub module: String,
    /// The function's name in that module.
    pub symbol: String,
}

impl FoldedCall {
    /// The value of a keyword argument.
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&FoldedValue> {
        self.arguments.iter().find(|(keyword, _)| keyword.as_deref() == Some(name)).map(|(_, value)| value)
    }

    /// The target name: the keyword `name`, else a first positional string.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self.argument("name") {
            Some(value) => value.as_str(),
            None => match self.arguments.first() {
                Some((None, value)) => value.as_str(),
                _ => None,
            },
        }
    }
}
