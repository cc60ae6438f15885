//! Statements allowed in each kind of file (<https://bazel.build/rules/language>).

use starlark::syntax::{Dialect, DialectTypes};

/// `.bzl` files: no loops or conditions outside of functions. Types of Bazel 9 are ignored.
#[must_use]
pub fn library() -> Dialect {
    Dialect {
        enable_keyword_only_arguments: true,
        enable_positional_only_arguments: true,
        enable_types: DialectTypes::ParseOnly,
        enable_load_reexport: false,
        ..Dialect::Standard
    }
}

/// BUILD files, MODULE.bazel and WORKSPACE: calls, assignments and comprehensions only.
#[must_use]
pub fn package() -> Dialect {
    Dialect { enable_def: false, enable_lambda: false, enable_types: DialectTypes::Disable, ..library() }
}
