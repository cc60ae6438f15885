//! What a command is about: the state, and a layer or targets of it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::session::Session;
use crate::engine::change::dependency_changes::{is_python, removable};
use crate::graph::build::target;
use crate::label::Label;
use crate::layers::plan::LayerId;

/// The state with what a command is about: what is selected, or what a menu was opened for.
#[derive(Clone, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) state: &'a AppState,
    layer: Option<LayerId>,
    targets: Cow<'a, BTreeSet<Label>>,
}

impl<'a> Subject<'a> {
    /// Returns what is selected.
    pub(crate) fn selected(state: &'a AppState) -> Self {
        Self { state, layer: state.view.selected_layer, targets: Cow::Borrowed(&state.view.selection) }
    }

    /// Returns a layer; the targets that are selected stay what they are.
    pub(crate) fn layer(state: &'a AppState, layer: LayerId) -> Self {
        Self { layer: Some(layer), ..Self::selected(state) }
    }

    /// Returns one target or package.
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

    /// Returns the layer, with its place from the bottom.
    pub(super) fn layer_at(&self) -> Option<(LayerId, usize)> {
        let layer = self.layer?;
        Some((layer, self.design()?.plan.present().position(layer)?))
    }

    /// Returns the targets that the layer itself names, and all that it names.
    pub(super) fn of_layer(&self) -> (Vec<Label>, usize) {
        let group = self.layer.and_then(|layer| self.design()?.plan.present().group(layer));
        let named = group.map(|group| group.targets.as_slice()).unwrap_or_default();
        (named.iter().filter(|label| self.targets.contains(*label)).cloned().collect(), named.len())
    }

    /// Returns those of the targets that layers of the plan name.
    pub(super) fn named(&self) -> Vec<Label> {
        let Some(design) = self.design() else { return Vec::new() };
        let plan = design.plan.present();
        self.targets.iter().filter(|label| plan.group_of(label).is_some()).cloned().collect()
    }

    /// Returns the target, where it is one alone.
    pub(super) fn only(&self) -> Option<&Label> {
        let mut targets = self.targets.iter();
        targets.next().filter(|_| targets.next().is_none())
    }

    /// Returns the target, where it is one Python target of the workspace.
    pub(super) fn python_target(&self) -> Option<&Label> {
        let workspace = &self.session()?.workspace;
        self.only().filter(|label| target(workspace, label).is_some_and(|target| is_python(&target.kind)))
    }

    /// Returns whether that target has a dependency that can be removed.
    pub(super) fn has_removable(&self) -> bool {
        let (Some(session), Some(home)) = (self.session(), self.python_target()) else { return false };
        session
            .design
            .as_ref()
            .is_some_and(|design| !removable(&session.workspace, design.plan.changes(), home).is_empty())
    }
}
