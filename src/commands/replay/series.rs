use crate::engine::advice::advise::Advice;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::reports::replay_series::{Designs, ReplaySeries};
use crate::engine::reports::savings::{Layers, saving_over_all};
use crate::history::cost::PullProfile;
use crate::history::replay::Pulls;
use crate::history::saving::Saving;

pub(super) struct Replayed {
    pub(super) model: AppModel,
    pub(super) current: Option<Evaluation>,
    pub(super) plan: Evaluation,
    pub(super) suggested: Option<Evaluation>,
    /// In the order of [`PullProfile::ALL`].
    pub(super) by_profile: Vec<ReplaySeries>,
    /// For the series `suggested`.
    pub(super) advice: Option<Advice>,
}

impl Replayed {
    pub(super) fn designs(&self) -> Designs<'_> {
        Designs {
            model: &self.model,
            current: self.current.as_ref(),
            plan: &self.plan,
            suggested: self.suggested.as_ref(),
        }
    }

    /// Returns what the plan saves of what the current layers pull; `None` where these are not known or are the plan.
    pub(super) fn saving(&self, profile: PullProfile) -> Option<Saving> {
        let current = self.current.as_ref().filter(|current| current.partition != self.plan.partition)?;
        Some(saving_over_all(&self.model, Layers::Of(current), Layers::Of(&self.plan), profile))
    }

    pub(super) fn series(&self, profile: PullProfile) -> Option<&ReplaySeries> {
        PullProfile::ALL.iter().position(|&of| of == profile).and_then(|place| self.by_profile.get(place))
    }

    pub(super) fn rows(&self) -> Rows<'_> {
        rows(&self.by_profile.iter().map(ReplaySeries::named).collect::<Vec<_>>())
    }
}

/// Each series' name and its pulls, in the order of [`PullProfile::ALL`].
pub(super) type Rows<'a> = Vec<(&'static str, Vec<&'a Pulls>)>;

/// Transposes the series of each profile to the profiles of each series.
pub(super) fn rows<'a>(by_profile: &[Vec<(&'static str, &'a Pulls)>]) -> Rows<'a> {
    let names = by_profile.first().map(Vec::as_slice).unwrap_or_default();
    let row = |(place, (name, _)): (usize, &(&'static str, &Pulls))| {
        let pulls = by_profile.iter().filter_map(|series| series.get(place).map(|(_, pulls)| *pulls));
        (*name, pulls.collect())
    };
    names.iter().enumerate().map(row).collect()
}
