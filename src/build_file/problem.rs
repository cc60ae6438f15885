//! Reasons why Bazel would refuse a file.

use super::span::Span;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub span: Span,
    /// One sentence without the place.
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    ByteOrderMark,
    Syntax,
    /// Nested too deeply to be read here.
    TooDeep,
    /// Not allowed in a BUILD file: `def`, `for`, `if`, `native`.
    NotInBuildFile,
    /// `*args` or `**kwargs` in a BUILD file.
    StarArgument,
}
