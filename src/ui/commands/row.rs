use egui::{Key, KeyboardShortcut, Modifiers};

use crate::app::action::Action;
use crate::ui::commands::subject::Subject;
use crate::ui::widgets::button::Enabled;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Menu {
    Plan,
    Layers,
    Suggestions,
    Sizes,
    Workspace,
    Program,
    Selected,
    View,
    Export,
    Appearance,
}

/// Commands without effect on the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowCommand {
    FocusSearch,
    NextPart,
    FitGraph,
    ExportGraph,
}

#[derive(Clone, Copy)]
pub(super) enum Does {
    Action(fn(&Subject<'_>) -> Option<Action>),
    Window(WindowCommand),
}

pub(super) struct Row {
    pub(super) menu: Menu,
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) shortcut: Option<KeyboardShortcut>,
    /// Its keys mean something else in a text field: only for the focused layer or list.
    pub(super) is_local: bool,
    pub(super) enabled: fn(&Subject<'_>) -> Enabled,
    pub(super) does: Does,
}

impl Row {
    /// Without a shortcut, always enabled.
    pub(super) const fn new(menu: Menu, name: &'static str, help: &'static str, does: Does) -> Self {
        Self { menu, name, help, shortcut: None, is_local: false, enabled: |_| Enabled::Yes, does }
    }

    pub(super) const fn key(mut self, modifiers: Modifiers, key: Key) -> Self {
        self.shortcut = Some(KeyboardShortcut::new(modifiers, key));
        self
    }

    pub(super) const fn local_key(mut self, modifiers: Modifiers, key: Key) -> Self {
        self.is_local = true;
        self.key(modifiers, key)
    }

    pub(super) const fn when(mut self, enabled: fn(&Subject<'_>) -> Enabled) -> Self {
        self.enabled = enabled;
        self
    }
}
