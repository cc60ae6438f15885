//! Commands of the window: text, shortcut, condition and effect, each defined once.

mod entry;
mod row;
mod subject;
mod table;

use egui::KeyboardShortcut;

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::ui::widgets::button::Enabled;

pub(crate) use entry::{entry, show};
pub(crate) use row::{Menu, WindowCommand};
pub(crate) use subject::Subject;
pub(crate) use table::{Command, export};

impl Command {
    pub(crate) fn name(self) -> &'static str {
        self.row().name
    }

    /// One sentence.
    pub(crate) fn help(self) -> &'static str {
        self.row().help
    }

    pub(crate) fn menu(self) -> Menu {
        self.row().menu
    }

    pub(crate) fn shortcut(self) -> Option<KeyboardShortcut> {
        self.row().shortcut
    }

    /// Returns `true` if its keys mean something else in a text field.
    pub(crate) fn is_local(self) -> bool {
        self.row().is_local
    }

    pub(crate) fn enabled(self, of: &Subject<'_>) -> Enabled {
        (self.row().enabled)(of)
    }

    /// `None` if it can't be used now.
    pub(crate) fn action(self, of: &Subject<'_>) -> Option<Action> {
        match self.row().does {
            row::Does::Action(action) if self.enabled(of) == Enabled::Yes => action(of),
            row::Does::Action(_) | row::Does::Window(_) => None,
        }
    }

    /// For the selection.
    pub(crate) fn run(self, state: &AppState, actions: &mut Vec<Action>, window: &mut Vec<WindowCommand>) {
        let of = Subject::selected(state);
        match self.row().does {
            row::Does::Window(command) if self.enabled(&of) == Enabled::Yes => window.push(command),
            row::Does::Action(_) | row::Does::Window(_) => actions.extend(self.action(&of)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_commands_share_a_name_or_a_shortcut() {
        let names: BTreeSet<&str> = Command::ALL.iter().map(|command| command.name()).collect();
        assert_eq!(names.len(), Command::ALL.len());
        let shortcuts: Vec<String> = Command::ALL
            .iter()
            .filter_map(|command| command.shortcut())
            .map(|shortcut| format!("{shortcut:?}"))
            .collect();
        assert_eq!(shortcuts.iter().collect::<BTreeSet<_>>().len(), shortcuts.len());
    }

    #[test]
    fn without_a_workspace_every_no_has_a_reason() {
        let state = AppState::default();
        for command in Command::ALL {
            let (mut actions, mut window) = (Vec::new(), Vec::new());
            command.run(&state, &mut actions, &mut window);
            let runs = actions.len() + window.len();
            match command.enabled(&Subject::selected(&state)) {
                Enabled::Yes => assert_eq!(runs, 1, "{command:?}"),
                Enabled::No(reason) => assert!(!reason.is_empty() && runs == 0, "{command:?}"),
            }
        }
    }
}
