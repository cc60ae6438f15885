//! What Bazel would refuse in a file, with its place.
//!
//! Values only; the lexer and the parser make them.

use super::span::Span;

/// One thing in a file that Bazel refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of thing.
    pub kind: ProblemKind,
    /// Where.
    pub span: Span,
    /// One sentence without the place.
    pub message: String,
}

/// Why a file can't be read as Bazel reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// The file starts with a UTF-8 byte order mark.
    ByteOrderMark,
    /// The text is no Starlark.
    Syntax,
    /// Starlark, but more deeply nested than is read here.
    TooDeep,
    /// Starlark, but not allowed in a BUILD file: `def`, `for`, `if`, `native`.
    NotInBuildFile,
    /// `*args` or `**kwargs` in a call of a BUILD file.
    StarArgument,
}
