//! The interface between a rule set and the rest of the program.

/// The rules and macros that decide what is in an image's layers.
pub trait RuleSet: Sync {
    /// Returns the name, as JSON gives it in `rule_set`.
    fn name(&self) -> &'static str;
}
