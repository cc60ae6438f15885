use crate::advice::suggest::SuggestedGroup;
use crate::app::state::work::Pending;
use crate::engine::advice::advise::Advice;
use crate::engine::app_model::{AppModel, Evaluation};
use std::collections::BTreeSet;
use std::sync::Arc;

#[derive(Clone, Debug)]
pub struct AdviceState {
    pub search: Pending<()>,
    /// The best result so far.
    pub advice: Option<Arc<Advice>>,
    /// With all its groups.
    pub evaluation: Option<Evaluation>,
    /// Accepted or dismissed groups, by name.
    pub settled: BTreeSet<String>,
    /// The group whose reason is shown.
    pub why: Option<String>,
    pub model: Arc<AppModel>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdviceAction {
    Suggest,
    /// The best so far stays.
    Stop,
    /// One undo step.
    AcceptAll,
    /// One undo step.
    Accept(String),
    Dismiss(String),
    DismissAll,
    /// Puts the plan's groups in the cheapest order, as one undo step.
    BestOrder,
    ToggleWhy(String),
}

impl AdviceState {
    /// The groups still offered, from the bottom.
    #[must_use]
    pub fn open(&self) -> Vec<&SuggestedGroup> {
        let groups = self.advice.iter().flat_map(|advice| &advice.suggestion.groups);
        groups.filter(|group| !self.settled.contains(&group.name)).collect()
    }
}
