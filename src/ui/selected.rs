//! The commands for what is selected, a layer or targets: when they can be used, and what they do.

use egui::{Key, KeyboardShortcut, Modifiers};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::dialogs::Dialog;
use crate::app::state::view::Look;
use crate::engine::change::dependency_changes::{is_python, removable};
use crate::engine::reports::evidence::Subject;
use crate::graph::build::target;
use crate::label::Label;
use crate::layers::operations::Operation;
use crate::layers::plan::LayerId;
use crate::ui::widgets::button::Enabled;

/// One of these commands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selected {
    /// Moves the targets to a layer.
    MoveTo,
    /// Says why a target is in its layer.
    Why,
    /// Shows a target's neighbourhood alone, or the whole graph again.
    Neighbourhood,
    /// Gives a target a dependency.
    AddDependency,
    /// Takes a dependency from a target.
    RemoveDependency,
    /// Types another name for the layer.
    Rename,
    /// Moves the layer up.
    Up,
    /// Moves the layer down.
    Down,
    /// Takes the layer out of the plan, or the targets out of their layers.
    Remove,
}

impl Selected {
    /// Those whose keys mean something else in a field that is typed into.
    pub const OF_LAYER: [Self; 4] = [Self::Rename, Self::Up, Self::Down, Self::Remove];

    /// Its words, and one sentence more.
    #[must_use]
    pub fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::MoveTo => ("Move the selected to a layer…", "What a drag to the image does, by keyboard"),
            Self::Why => {
                ("Why the selected is here…", "Its layer, the way that leads to it, and the commits that changed it")
            }
            Self::Neighbourhood => (
                "Show the neighbourhood of the selected",
                "It alone with what it needs and what needs it, or the whole graph again",
            ),
            Self::AddDependency => ("Add a dependency…", "Give the selected target one more dependency"),
            Self::RemoveDependency => ("Remove a dependency…", "Take a dependency from the selected target"),
            Self::Rename => ("Rename the layer…", "Type another name for the selected layer"),
            Self::Up => ("Move the layer up", "One place nearer to the app"),
            Self::Down => ("Move the layer down", "One place nearer to the base image"),
            Self::Remove => (
                "Remove the selected from the plan",
                "The layer, or the targets that layers name: they fall to layers above",
            ),
        }
    }

    /// Its keys.
    #[must_use]
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        let (modifiers, key) = match self {
            Self::MoveTo => (Modifiers::COMMAND, Key::M),
            Self::Why => (Modifiers::COMMAND, Key::I),
            Self::Neighbourhood => (Modifiers::COMMAND, Key::E),
            Self::Rename => (Modifiers::NONE, Key::F2),
            Self::Up => (Modifiers::ALT, Key::ArrowUp),
            Self::Down => (Modifiers::ALT, Key::ArrowDown),
            Self::Remove => (Modifiers::NONE, Key::Delete),
            Self::AddDependency | Self::RemoveDependency => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// Whether it can be used now, and why not.
    #[must_use]
    pub fn enabled(self, state: &AppState) -> Enabled {
        let no = |reason: &str| Enabled::No(reason.to_owned());
        let Some(design) = design(state) else { return no("No app is open") };
        match self {
            Self::MoveTo if state.view.selection.is_empty() => no("Select targets or packages first"),
            Self::MoveTo => Enabled::Yes,
            Self::Neighbourhood if state.view.focus.is_some() => Enabled::Yes,
            Self::Why | Self::Neighbourhood if only(state).is_none() => no("Select one target or package first"),
            Self::Why | Self::Neighbourhood => Enabled::Yes,
            Self::AddDependency | Self::RemoveDependency => match python_target(state) {
                None => no("Select one Python target of the workspace first"),
                Some(home) if self == Self::RemoveDependency && is_bare(state, design, home) => {
                    no("It names no dependency that always holds")
                }
                Some(_) => Enabled::Yes,
            },
            Self::Remove if layer(state, design).is_none() && named(state, design).is_empty() => {
                no("Select a layer, or targets that a layer names")
            }
            Self::Remove => Enabled::Yes,
            Self::Rename | Self::Up | Self::Down => match layer(state, design) {
                None => no("Select a layer of the image first"),
                Some((_, position)) if self == Self::Up && position + 1 >= design.plan.present().groups.len() => {
                    no("It is the topmost group already")
                }
                Some((_, 0)) if self == Self::Down => no("It is the lowest group already"),
                Some(_) => Enabled::Yes,
            },
        }
    }

    /// What it does now.
    #[must_use]
    pub fn action(self, state: &AppState) -> Option<Action> {
        let design = design(state)?;
        let dependency = |is_added| {
            let target = python_target(state)?.clone();
            Some(Action::ShowDialog(Dialog::Dependency { target, search: String::new(), is_added }))
        };
        match self {
            Self::MoveTo => Some(Action::ShowDialog(Dialog::Move { search: String::new() })),
            Self::Why => Some(Action::ShowDialog(Dialog::Reasons(Subject::Unit(only(state)?.clone())))),
            Self::Neighbourhood if state.view.focus.is_some() => Some(Action::Look(Look::Focus(None))),
            Self::Neighbourhood => Some(Action::Look(Look::Focus(only(state).cloned()))),
            Self::AddDependency => dependency(true),
            Self::RemoveDependency => dependency(false),
            Self::Rename => rename(design, layer(state, design)?.0),
            Self::Up => layer(state, design).map(|(layer, at)| reorder(layer, at + 1)),
            Self::Down => layer(state, design).map(|(layer, at)| reorder(layer, at.saturating_sub(1))),
            Self::Remove => Some(Action::Edit(match layer(state, design) {
                Some((layer, _)) => Operation::Remove { layer },
                None => Operation::Unassign { targets: named(state, design) },
            })),
        }
    }
}

/// Starts to type a layer's name.
#[must_use]
pub fn rename(design: &Design, layer: LayerId) -> Option<Action> {
    let group = design.plan.present().group(layer)?;
    Some(Action::Look(Look::Rename(Some((layer, group.name.clone())))))
}

fn reorder(layer: LayerId, position: usize) -> Action {
    Action::Edit(Operation::Reorder { layer, position })
}

fn design(state: &AppState) -> Option<&Design> {
    state.session.as_ref()?.design.as_ref()
}

/// The selected layer, with its place from the bottom.
fn layer(state: &AppState, design: &Design) -> Option<(LayerId, usize)> {
    let layer = state.view.selected_layer?;
    Some((layer, design.plan.present().position(layer)?))
}

/// What is selected of the targets that the plan's layers name.
fn named(state: &AppState, design: &Design) -> Vec<Label> {
    let plan = design.plan.present();
    state.view.selection.iter().filter(|label| plan.group_of(label).is_some()).cloned().collect()
}

/// What is selected, where it is one alone.
fn only(state: &AppState) -> Option<&Label> {
    let mut selection = state.view.selection.iter();
    selection.next().filter(|_| selection.next().is_none())
}

fn python_target(state: &AppState) -> Option<&Label> {
    let workspace = &state.session.as_ref()?.workspace;
    only(state).filter(|label| target(workspace, label).is_some_and(|target| is_python(&target.kind)))
}

fn is_bare(state: &AppState, design: &Design, home: &Label) -> bool {
    let session = state.session.as_ref();
    session.is_some_and(|session| removable(&session.workspace, design.plan.changes(), home).is_empty())
}
