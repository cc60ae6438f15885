//! The kept copy of an unapplied plan.

use crate::engine::app_model::AppModel;
use crate::label::Label;
use crate::layers::plan::Plan;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(Debug, Default)]
pub(crate) struct DraftState {
    /// The plan compared last, so that most actions cost one comparison.
    pub(crate) seen: Option<(Arc<AppModel>, Plan)>,
    /// The workspace and app whose plan was kept.
    pub(crate) kept: Option<(PathBuf, Label)>,
}
