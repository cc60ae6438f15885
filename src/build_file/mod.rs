//! One BUILD file as text: lossless tokens and tree, spans, edits. Knows no workspace and uses nothing else of the crate.

pub mod fold;
pub mod lexer;
pub mod problem;
pub mod span;
pub mod string_literal;
pub mod tree;
