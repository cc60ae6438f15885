//! One row of the table of commands.

use egui::{Key, KeyboardShortcut, Modifiers};

use crate::app::action::Action;
use crate::ui::commands::subject::Subject;
use crate::ui::widgets::button::Enabled;

/// The part of the menu that a command stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Menu {
    Plan,
    Layers,
    Suggestions,
    Sizes,
    Workspace,
    Program,
    /// The submenu for what is selected.
    Selected,
    /// The submenu for what is shown.
    View,
    /// The submenu that writes pictures.
    Export,
    /// The submenu for how the window looks.
    Appearance,
}

/// Commands that the state knows nothing of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowCommand {
    FocusSearch,
    NextPart,
    FitGraph,
    ExportGraph,
}

/// What a command does.
#[derive(Clone, Copy)]
pub(super) enum Does {
    Action(fn(&Subject<'_>) -> Option<Action>),
    Window(WindowCommand),
}

/// Everything about one command.
pub(super) struct Row {
    pub(super) menu: Menu,
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    pub(super) shortcut: Option<KeyboardShortcut>,
    /// Whether its keys mean something else in a text field: they are for the layer or list that has the keyboard.
    pub(super) is_local: bool,
    pub(super) enabled: fn(&Subject<'_>) -> Enabled,
    pub(super) does: Does,
}

impl Row {
    /// Returns a row without a shortcut whose command can always be used.
    pub(super) const fn new(menu: Menu, name: &'static str, help: &'static str, does: Does) -> Self {
        Self { menu, name, help, shortcut: None, is_local: false, enabled: |_| Enabled::Yes, does }
    }

    pub(super) const fn key(mut self, modifiers: Modifiers, key: Key) -> Self {
        self.shortcut = Some(KeyboardShortcut::new(modifiers, key));
        self
    }

    /// Sets keys that mean something else in a text field.
    pub(super) const fn local_key(mut self, modifiers: Modifiers, key: Key) -> Self {
        self.is_local = true;
        self.key(modifiers, key)
    }

    pub(super) const fn when(mut self, enabled: fn(&Subject<'_>) -> Enabled) -> Self {
        self.enabled = enabled;
        self
    }
}
