//! Folded values.

use std::collections::BTreeMap;

use crate::build_file::span::Span;

pub type Constants = BTreeMap<String, FoldedValue>;

#[derive(Clone, Debug, PartialEq)]
pub enum FoldedValue {
    None,
    Bool(bool),
    Int(i64),
    /// Invalid UTF-8 becomes replacement characters.
    String(String),
    List(Vec<FoldedValue>),
    /// In its own order.
    Dict(Vec<(FoldedValue, FoldedValue)>),
    /// Branches in order.
    Select(Vec<(FoldedValue, FoldedValue)>),
    /// `a + b` that can't be joined: a part is a `select()` or not known.
    Concatenation(Vec<FoldedValue>),
    /// A call that only Bazel evaluates, such as `requirement("x")`, `glob([...])` or `Label("//x")`.
    Call {
        function: String,
        /// With keywords, in order.
        arguments: Vec<(Option<String>, FoldedValue)>,
    },
    /// Anything else, as text.
    Opaque(String),
}

impl FoldedValue {
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_list(&self) -> Option<&[FoldedValue]> {
        match self {
            Self::List(elements) => Some(elements),
            _ => None,
        }
    }

    /// The last equal key wins.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&FoldedValue> {
        match self {
            Self::Dict(entries) => {
                entries.iter().rev().find(|(name, _)| name.as_str() == Some(key)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Returns the number of values and text bytes, and the depth.
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

#[derive(Clone, Debug, PartialEq)]
pub struct FoldedCall {
    /// As written: `py_library`, `native.py_library`.
    pub function: String,
    /// The module of the function, if a load statement binds it.
    pub loaded: Option<LoadedFunction>,
    pub span: Span,
    pub line: usize,
    /// With keywords, in order.
    pub arguments: Vec<(Option<String>, FoldedValue)>,
    /// `*args` or `**kwargs` may add arguments.
    pub open_ended: bool,
    /// Line of the comprehension that makes this call among others.
    pub comprehension_line: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LoadedFunction {
    /// As the load statement writes it.
    pub module: String,
    pub symbol: String,
}

impl FoldedCall {
    #[must_use]
    pub fn argument(&self, name: &str) -> Option<&FoldedValue> {
        self.arguments.iter().find(|(keyword, _)| keyword.as_deref() == Some(name)).map(|(_, value)| value)
    }

    /// The keyword `name`, else the first positional string.
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
