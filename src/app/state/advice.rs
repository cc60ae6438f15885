//! Advice for the open app.

use crate::advice::suggest::SuggestedGroup;
use crate::app::state::work::Pending;
use crate::engine::advice::advise::Advice;
use crate::engine::app_model::{AppModel, Evaluation};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A suggestion for the open app.
#[derive(Clone, Debug)]
pub struct AdviceState {
    /// The search; what is there until it ends is the best so far.
    pub search: Pending<()>,
    /// The best that was found.
    pub advice: Option<Arc<Advice>>,
    /// What would follow from all its groups.
    pub evaluation: Option<Evaluation>,
    /// The groups that were accepted or dismissed, by name.
    pub settled: BTreeSet<String>,
    /// The group whose reason is shown.
    pub why: Option<String>,
    /// The app that it is for.
    pub model: Arc<AppModel>,
}

/// What can be done with a suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdviceAction {
    /// Looks for one.
    Suggest,
    /// Stops the search; the best so far stays.
    Stop,
    /// Takes all groups, as one undo step.
    AcceptAll,
    /// Takes one group, as one undo step.
    Accept(String),
    /// Takes one group out of the offer.
    Dismiss(String),
    /// Takes the offer away.
    DismissAll,
    /// Puts the groups of the plan into the order that costs least, as one undo step.
    BestOrder,
    /// Shows why a group is suggested, or hides it.
    ToggleWhy(String),
}

impl AdviceState {
    /// The groups that are still offered, from the bottom.
    #[must_use]
    pub fn open(&self) -> Vec<&SuggestedGroup> {
        let groups = self.advice.iter().flat_map(|advice| &advice.suggestion.groups);
        groups.filter(|group| !self.settled.contains(&group.name)).collect()
    }
}
