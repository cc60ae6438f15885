//! Edits that a rule set makes, such as the value of its own argument.

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

/// The part of a call that an edit may change; the rest is proven to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// The whole call is added or removed.
    Call,
    Argument(&'static str),
}

pub(crate) trait RuleSetEdit: Any + fmt::Debug + Send + Sync {
    /// As the request writes it.
    fn target(&self) -> &str;

    fn scope(&self) -> Scope;

    fn confirmed_drops(&self) -> &ConfirmedDrops {
        &ConfirmedDrops::NONE
    }

    /// Comments of dependencies that another edit removes are carried to these.
    fn written_dependencies(&self) -> &[Dependency] {
        &[]
    }

    /// Returns the comments that the edit may write.
    fn new_comments(&self) -> &'static [&'static str] {
        &[]
    }

    /// Makes the edits of the text; none where the file says it already. `name` is the target's name in `package`, and
    /// relative labels of the edit belong to the package `from`.
    ///
    /// # Errors
    /// A refusal with the obstacle.
    fn text_edits(
        &self,
        package: &PackageFile<'_>,
        name: &str,
        from: &str,
        carried: &mut Carried,
    ) -> Result<TextEdits, Refusal>;

    /// Returns `true` if the argument in [`Self::scope`] has the wanted value. `value` is from the evaluation of
    /// `package`, `None` if the call lacks the argument.
    fn is_wanted(&self, value: Option<&Value>, package: &str, from: &str) -> bool;

    /// One sentence for the review. Relative labels belong to `from`.
    fn reason(&self, from: &str) -> String;

    fn is_same(&self, other: &dyn Any) -> bool;
}

#[derive(Clone, Debug)]
pub struct SharedEdit(pub(crate) Arc<dyn RuleSetEdit>);

impl PartialEq for SharedEdit {
    fn eq(&self, other: &Self) -> bool {
        let other: &dyn Any = &*other.0;
        self.0.is_same(other)
    }
}

impl Eq for SharedEdit {}
