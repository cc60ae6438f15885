//! Refusals: edits that can't be made honestly. Each has a code for programs, a sentence for people, and a place.
//!
//! A refusal is an answer, not a failure: the files stay as they are. Failures of the disk are errors of `rewrite::write`.

use std::fmt;
use std::path::PathBuf;

/// Why an edit was not made, and where the reason stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {message} [{code}]", path.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct Refusal {
    /// The kind of reason, for programs.
    pub code: RefusalCode,
    /// What is in the way, and the way out, as a sentence.
    pub message: String,
    /// The file that the reason stands in, relative to the workspace root.
    pub path: PathBuf,
    /// The line of the reason, counted from 1, where there is one.
    pub line: Option<usize>,
}

impl Refusal {
    /// A refusal that concerns a whole file.
    pub fn of_file(code: RefusalCode, path: impl Into<PathBuf>, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), path: path.into(), line: None }
    }

    /// A refusal whose reason stands in one line (counted from 1) of a file.
    pub fn at_line(code: RefusalCode, path: impl Into<PathBuf>, line: usize, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), path: path.into(), line: Some(line) }
    }
}

macro_rules! refusal_codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// The kinds of reason for which an edit is refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RefusalCode {
            $($(#[$doc])* $variant,)*
        }

        impl RefusalCode {
            /// Every code, in the order of the design.
            pub const ALL: &[RefusalCode] = &[$(RefusalCode::$variant,)*];

            /// The code as commands print it and as tests expect it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(RefusalCode::$variant => $text,)*
                }
            }
        }
    };
}

refusal_codes! {
    /// The file starts with a byte order mark, which Bazel does not read.
    Bom = "bom",
    /// The file does not parse.
    SyntaxError = "syntax_error",
    /// Bazel would not load the file or the call.
    NotLoadable = "not_loadable",
    /// The argument may come in through `**kwargs`.
    Kwargs = "kwargs",
    /// The value is computed and has no literal to edit.
    ComputedValue = "computed_value",
    /// The value is used in more than one place.
    SharedValue = "shared_value",
    /// The value is defined in another file.
    DefinedElsewhere = "defined_elsewhere",
    /// The call is made by a comprehension or by another macro.
    GeneratedCall = "generated_call",
    /// The call is not a call of the macro.
    NotTheMacro = "not_the_macro",
    /// The loaded macro has no such parameter.
    ParameterMissing = "parameter_missing",
    /// The value is passed by position.
    PositionalValue = "positional_value",
    /// The dependency stands in a `select`.
    ConditionalDep = "conditional_dep",
    /// More than one target fits.
    AmbiguousTarget = "ambiguous_target",
    /// The name of a new target is in use.
    NameTaken = "name_taken",
    /// The name of the layer can't be part of a target name, or is used twice.
    BadLayerName = "bad_layer_name",
    /// The edit would lose comments.
    WouldDropComments = "would_drop_comments",
    /// The file is not inside the workspace.
    OutsideWorkspace = "outside_workspace",
    /// The file no longer holds the bytes that were read.
    ChangedOnDisk = "changed_on_disk",
    /// The file or its folder is not writable.
    ReadOnly = "read_only",
    /// The file nests brackets too deeply.
    TooDeep = "too_deep",
    /// The file is too large.
    TooLarge = "too_large",
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_where_why_and_its_code() {
        let refusal = Refusal::at_line(RefusalCode::Kwargs, "demo/BUILD.bazel", 12, "`**args` may set dep_layers");
        assert_eq!(refusal.to_string(), "demo/BUILD.bazel:12: `**args` may set dep_layers [kwargs]");
        let refusal = Refusal::of_file(RefusalCode::ReadOnly, "BUILD", "no write permission");
        assert_eq!(refusal.to_string(), "BUILD: no write permission [read_only]");
    }

    #[test]
    fn codes_are_snake_case_and_each_stands_for_one_variant() {
        let mut texts: Vec<&str> = RefusalCode::ALL.iter().map(|code| code.as_str()).collect();
        assert!(texts.iter().all(|text| text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')));
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), 21);
    }
}
