//! Codes of refusals.

use std::fmt;

macro_rules! refusal_codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RefusalCode {
            $($(#[$doc])* $variant,)*
        }

        impl RefusalCode {
            pub const ALL: &[Self] = &[$(Self::$variant),*];

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
    /// Which Bazel refuses.
    Bom = "bom",
    SyntaxError = "syntax_error",
    NotLoadable = "not_loadable",
    Kwargs = "kwargs",
    /// No text stands for the value.
    ComputedValue = "computed_value",
    /// The text also serves other places.
    SharedValue = "shared_value",
    DefinedElsewhere = "defined_elsewhere",
    /// Made by a macro or a comprehension.
    GeneratedCall = "generated_call",
    /// The call's macro takes no layers.
    NotTheMacro = "not_the_macro",
    ParameterMissing = "parameter_missing",
    PositionalValue = "positional_value",
    /// Only under a `select()`.
    ConditionalDep = "conditional_dep",
    /// None or several targets.
    AmbiguousTarget = "ambiguous_target",
    NameTaken = "name_taken",
    /// Not valid in a target name, or used twice.
    BadLayerName = "bad_layer_name",
    /// A comment asks for another order than the wanted one.
    KeepSorted = "keep_sorted",
    WouldDropComments = "would_drop_comments",
    OutsideWorkspace = "outside_workspace",
    /// Not the file that was read.
    ChangedOnDisk = "changed_on_disk",
    ReadOnly = "read_only",
    TooDeep = "too_deep",
    TooLarge = "too_large",
    EmptyLayer = "empty_layer",
    /// A target is not visible from the package of its new library.
    NotVisible = "not_visible",
    /// The macro can't be patched.
    UnknownShape = "unknown_shape",
    /// A needed rule set is not declared.
    RuleSetMissing = "rule_set_missing",
    /// A failed self-check: a defect of Layerwright, never of the file.
    SelfCheck = "self_check",
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
