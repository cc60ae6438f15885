//! The subject of a command: the state, and a layer or targets.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::session::Session;
use crate::engine::change::dependency_changes::{is_python, removable};
use crate::graph::build::target;
use crate::label::Label;
use crate::layers::plan::LayerId;

/// The selection, or what a menu was opened for.
#[derive(Clone, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) state: &'a AppState,
    layer: Option<LayerId>,
    targets: Cow<'a, BTreeSet<Label>>,
}

impl<'a> Subject<'a> {
    pub(crate) fn selected(state: &'a AppState) -> Self {
        Self { state, layer: state.view.selected_layer, targets: Cow::Borrowed(&state.view.selection) }
    }

    /// Selected targets stay.
    pub(crate) fn layer(state: &'a AppState, layer: LayerId) -> Self {
        Self { layer: Some(layer), ..Self::selected(state) }
    }

    pub(crate) fn target(state: &'a AppState, label: &Label) -> Self {
        Self { state, layer: None, targets: Cow::Owned(BTreeSet::from([label.clone()])) }
    }

    pub(crate) fn session(&self) -> Option<&'a Session> {
        self.state.session.as_ref()
    }

    pub(crate) fn design(&self) -> Option<&'a Design> {
        self.session()?.design.as_ref()
    }

    pub(super) fn has_targets(&self) -> bool {
        !self.targets.is_empty()
    }

    /// With its position from the bottom.
    pub(super) fn layer_at(&self) -> Option<(LayerId, usize)> {
        let layer = self.layer?;
        Some((layer, self.design()?.plan.present().position(layer)?))
    }

    /// Those of the targets that the layer names, and how many it names in all.
    pub(super) fn of_layer(&self) -> (Vec<Label>, usize) {
        let group = self.layer.and_then(|layer| self.design()?.plan.present().group(layer));
        let named = group.map(|group| group.targets.as_slice()).unwrap_or_default();
        (named.iter().filter(|label| self.targets.contains(*label)).cloned().collect(), named.len())
    }

    /// Targets that layers of the plan name.
    pub(super) fn named(&self) -> Vec<Label> {
        let Some(design) = self.design() else { return Vec::new() };
        let plan = design.plan.present();
        self.targets.iter().filter(|label| plan.group_of(label).is_some()).cloned().collect()
    }

    /// The target, if there is only one.
    pub(super) fn only(&self) -> Option<&Label> {
        let mut targets = self.targets.iter();
        targets.next().filter(|_| targets.next().is_none())
    }

    /// The target, if it is a single Python target of the workspace.
    pub(super) fn python_target(&self) -> Option<&Label> {
        let workspace = &self.session()?.workspace;
        self.only().filter(|label| target(workspace, label).is_some_and(|target| is_python(&target.kind)))
    }

    pub(super) fn has_removable(&self) -> bool {
        let (Some(session), Some(home)) = (self.session(), self.python_target()) else { return false };
        session
            .design
            .as_ref()
            .is_some_and(|design| !removable(&session.workspace, design.plan.changes(), home).is_empty())
    }
}
