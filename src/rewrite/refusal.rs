//! An edit that can't be made honestly: a code, a sentence, a place.
//!
//! Values only; whoever finds the obstacle makes the refusal, and the files stay as they are.

use std::fmt;
use std::path::Path;

use thiserror::Error;

/// Why nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct Refusal {
    /// What kind of obstacle.
    pub code: RefusalCode,
    /// What is in the way, where, and the way out.
    pub message: String,
    /// The file that holds the obstacle, relative to the workspace root.
    pub path: String,
    /// Line of the obstacle, counted from 1; `None` where it is the whole file.
    pub line: Option<usize>,
    /// The layer of the plan that the obstacle concerns, where it is one layer.
    pub layer: Option<String>,
}

impl Refusal {
    /// The file, and the line where it is one: `a/BUILD.bazel:7`.
    #[must_use]
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.path.clone(), |line| format!("{}:{line}", self.path))
    }

    /// The message without the place, where it begins with it: for those who show the place beside it.
    #[must_use]
    pub fn message_alone(&self) -> &str {
        let place = self.message.strip_prefix(&self.place());
        place.and_then(|rest| rest.strip_prefix(": ")).unwrap_or(&self.message)
    }

    /// A refusal that concerns a whole file.
    pub fn of_file(code: RefusalCode, path: impl AsRef<Path>, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            path: path.as_ref().to_string_lossy().into_owned(),
            line: None,
            layer: None,
        }
    }

    /// The same, said of one layer of the plan.
    #[must_use]
    pub fn of_layer(self, name: &str) -> Self {
        Self { layer: Some(name.to_owned()), ..self }
    }

    /// A refusal whose obstacle stands in one line (counted from 1) of a file.
    pub fn at_line(code: RefusalCode, path: impl AsRef<Path>, line: usize, message: impl Into<String>) -> Self {
        Self { line: Some(line), ..Self::of_file(code, path, message) }
    }
}

macro_rules! refusal_codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// The kinds of obstacles, each with the code that the edit contract gives it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RefusalCode {
            $($(#[$doc])* $variant,)*
        }

        impl RefusalCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The code as the contract writes it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

refusal_codes! {
    /// The file starts with a byte order mark, which Bazel refuses.
    Bom = "bom",
    /// Bazel could not parse the file.
    SyntaxError = "syntax_error",
    /// Bazel could parse the file and not load it.
    NotLoadable = "not_loadable",
    /// `*args` or `**kwargs` stand in the way.
    Kwargs = "kwargs",
    /// The value is computed, so there is no text that stands for it.
    ComputedValue = "computed_value",
    /// The text of the value serves other places too.
    SharedValue = "shared_value",
    /// The text of the value is in another file.
    DefinedElsewhere = "defined_elsewhere",
    /// The call is made by a macro or a comprehension.
    GeneratedCall = "generated_call",
    /// What is called is not the macro that takes `dep_layers`.
    NotTheMacro = "not_the_macro",
    /// The macro has no `dep_layers` parameter.
    ParameterMissing = "parameter_missing",
    /// The value is given by position.
    PositionalValue = "positional_value",
    /// The dependency holds under a `select()` only.
    ConditionalDep = "conditional_dep",
    /// The name stands for no target, or for several.
    AmbiguousTarget = "ambiguous_target",
    /// Something else has the name already.
    NameTaken = "name_taken",
    /// The name can't be a part of a target name, or is there twice.
    BadLayerName = "bad_layer_name",
    /// Somebody's words would be deleted.
    WouldDropComments = "would_drop_comments",
    /// The file is outside the workspace.
    OutsideWorkspace = "outside_workspace",
    /// The file on disk is no longer the one that was read.
    ChangedOnDisk = "changed_on_disk",
    /// The file can't be written.
    ReadOnly = "read_only",
    /// The file is nested too deeply.
    TooDeep = "too_deep",
    /// The file is too large.
    TooLarge = "too_large",
    /// A layer without targets.
    EmptyLayer = "empty_layer",
    /// A target that a new library would name can't be seen from the library's package.
    NotVisible = "not_visible",
    /// The macro is not written in a shape that can be patched.
    UnknownShape = "unknown_shape",
    /// An outside rule set that is needed is not declared.
    RuleSetMissing = "rule_set_missing",
    /// The result failed a check of the editor itself; a defect of Layerwright and never of the file.
    SelfCheck = "self_check",
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Refusal {
    /// A refusal at a place.
    #[must_use]
    pub fn new(code: RefusalCode, path: &str, line: Option<usize>, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), path: path.to_owned(), line, layer: None }
    }
}
