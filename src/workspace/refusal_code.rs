//! The codes of refusals: why an edit can't be made, also where that is known before any edit is tried.

use std::fmt;

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
    /// The call is not of a macro that takes the layers.
    NotTheMacro = "not_the_macro",
    /// The macro has no parameter for the layers.
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
