//! An edit that only its rule set can make: the value of an argument in the rule set's own words, or a target that it needs.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use crate::build_file::text_edit::TextEdits;
use crate::rewrite::carried::Carried;
use crate::rewrite::confirmed_drops::ConfirmedDrops;
use crate::rewrite::dependency::Dependency;
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::Refusal;
use crate::workspace::model::Value;

/// The part of a target's call that an edit may change; everything else is proven to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// All of it: it comes or goes.
    Call,
    /// One argument.
    Argument(&'static str),
}

/// An edit of one target, made by the rule set that knows what it means.
pub(crate) trait RuleSetEdit: Any + fmt::Debug + Send + Sync {
    /// Returns the name or label of the target, as the request writes it.
    fn target(&self) -> &str;

    /// Returns the part of the target's call that changes.
    fn scope(&self) -> Scope;

    /// Returns the comments that may be deleted.
    fn confirmed_drops(&self) -> &ConfirmedDrops {
        &ConfirmedDrops::NONE
    }

    /// Returns the dependencies that the edit writes, so that the comments of those that another edit removes come along.
    fn written_dependencies(&self) -> &[Dependency] {
        &[]
    }

    /// Makes the edits of the text; none where the file says it already. `name` is the target's name in `package`, and
    /// relative labels of the edit belong to the package `from`.
    ///
    /// # Errors
    /// A refusal that names what is in the way.
    fn text_edits(
        &self,
        package: &PackageFile<'_>,
        name: &str,
        from: &str,
        carried: &mut Carried,
    ) -> Result<TextEdits, Refusal>;

    /// Returns whether the argument in [`Self::scope`] has the wanted value, given what the evaluation of `package` found;
    /// `None` where the call does not have the argument.
    fn is_wanted(&self, value: Option<&Value>, package: &str, from: &str) -> bool;

    /// Returns one sentence for the review: why the file changes. Relative labels belong to the package `from`.
    fn reason(&self, from: &str) -> String;

    /// Returns whether `other` is the same edit.
    fn is_same(&self, other: &dyn Any) -> bool;
}

/// A [`RuleSetEdit`] as a value.
#[derive(Clone, Debug)]
pub struct SharedEdit(pub(crate) Arc<dyn RuleSetEdit>);

impl PartialEq for SharedEdit {
    fn eq(&self, other: &Self) -> bool {
        let other: &dyn Any = &*other.0;
        self.0.is_same(other)
    }
}

impl Eq for SharedEdit {}
