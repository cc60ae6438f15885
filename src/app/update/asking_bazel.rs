//! Bazel as the source of the graph. It runs a repository's own code, so the dialog names what will run, and nothing
//! runs before the user agreed, now or earlier for this workspace.

use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::bazel::{BazelAction, BazelDialog, FoundBazel};
use crate::app::state::dialogs::Dialog;
use crate::app::state::next_generation;
use crate::app::state::work::{Generation, Pending};
use crate::app::update::asks::load_again;
use crate::engine::open::graph_source::GraphSource;
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::process::TerminalKeys;
use crate::workspace::bazel::query::BazelSource;
use crate::workspace::bazel::trust::TrustedWorkspace;

impl From<BazelAction> for Action {
    fn from(action: BazelAction) -> Self {
        Self::Bazel(action)
    }
}

pub(crate) fn act(state: &mut AppState, action: BazelAction) -> Vec<Effect> {
    let Some(root) = state.session.as_ref().map(|session| session.workspace.root.clone()) else { return Vec::new() };
    match action {
        BazelAction::Ask => {
            let generation = next_generation(state);
            let mut search = Pending::default();
            search.start(generation, ());
            state.dialog = Some(Dialog::Bazel(BazelDialog { search, found: None, remember: true }));
            vec![Effect::FindBazel { generation, root }]
        }
        BazelAction::Remember(remember) => {
            if let Some(Dialog::Bazel(dialog)) = &mut state.dialog {
                dialog.remember = remember;
            }
            Vec::new()
        }
        BazelAction::Trust => {
            let Some(Dialog::Bazel(BazelDialog { found: Some(Ok(command)), remember, .. })) = &state.dialog else {
                return Vec::new();
            };
            let (command, remember) = (command.clone(), *remember);
            let trusted = TrustedWorkspace::by_the_users_word(&root);
            let mut effects = if remember { vec![Effect::RememberTrust(root)] } else { Vec::new() };
            effects.extend(ask(state, command, trusted));
            effects
        }
        // Until the files are read, Bazel's graph stays.
        BazelAction::UseFiles => load_again(state, GraphSource::Files),
    }
}

pub(crate) fn take_found(
    state: &mut AppState,
    generation: Generation,
    found: Result<FoundBazel, String>,
) -> Vec<Effect> {
    let Some(Dialog::Bazel(dialog)) = &mut state.dialog else { return Vec::new() };
    if dialog.search.finish(generation).is_none() {
        return Vec::new();
    }
    match found {
        Ok(FoundBazel { command, trusted: Some(trusted) }) => ask(state, command, trusted),
        Ok(FoundBazel { command, trusted: None }) => {
            dialog.found = Some(Ok(command));
            Vec::new()
        }
        Err(problem) => {
            dialog.found = Some(Err(problem));
            Vec::new()
        }
    }
}

/// Shows in the dialog that the search broke off.
pub(crate) fn failed(state: &mut AppState, generation: Generation, problem: &str) -> bool {
    let Some(Dialog::Bazel(dialog)) = &mut state.dialog else { return false };
    let is_this = dialog.search.finish(generation).is_some();
    if is_this {
        dialog.found = Some(Err(problem.to_owned()));
    }
    is_this
}

fn ask(state: &mut AppState, bazel: BazelCommand, workspace: TrustedWorkspace) -> Vec<Effect> {
    state.dialog = None;
    load_again(state, GraphSource::Bazel(BazelSource { workspace, bazel, keys: TerminalKeys::Apart }))
}

#[cfg(test)]
#[path = "asking_bazel_tests.rs"]
mod tests;
