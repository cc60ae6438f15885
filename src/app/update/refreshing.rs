//! Reads the workspace again, in the background, after changes from outside; the plan stays. Waits while the user waits
//! for something else or reviews a change set: conflicts are found when that is written.

use crate::engine::open::read_again::Known;
use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::dialogs::Dialog;
use crate::app::state::next_generation;
use crate::app::state::notify;
use crate::app::state::notify_once;
use crate::app::state::watching::WatchNews;
use crate::app::state::work::Generation;
use crate::app::update::opening::show_app;
use crate::app::update::sizing;
use crate::engine::app_model::AppModel;
use crate::engine::choices::Choices;
use crate::engine::open::graph_source::GraphSource;
use crate::engine::open::read_again::Refreshed;

pub(crate) fn take_news(state: &mut AppState, generation: Generation, news: WatchNews) {
    if !state.watching.watch.is_for(generation) {
        return;
    }
    match news {
        WatchNews::Changed(at) => {
            let is_known = state.session.as_ref().is_some_and(|session| session.read_at > at);
            if !is_known {
                state.watching.unread = state.watching.unread.max(Some(at));
            }
        }
        WatchNews::Polls(reason) => {
            let text = format!(
                "The system can't report file changes, so the workspace is checked from time to time: {reason}"
            );
            notify(state, false, text);
        }
    }
}

/// Reads changes, unless the user is busy with something.
pub(crate) fn when_idle(state: &mut AppState) -> Option<Effect> {
    let is_busy =
        state.work.is_active() || state.watching.is_reading() || matches!(state.dialog, Some(Dialog::Review(_)));
    if is_busy || state.watching.unread.is_none() {
        return None;
    }
    let session = state.session.as_ref()?;
    let known = Known {
        workspace: Arc::clone(&session.workspace),
        history: Arc::clone(&session.history),
        app: session.open_app(),
        changes: session.design.as_ref().map(|design| design.plan.changes().clone()).unwrap_or_default(),
        choices: state.choices.clone(),
    };
    let generation = next_generation(state);
    state.watching.refresh.start(generation, state.choices.clone());
    Some(Effect::Refresh { generation, known })
}

/// If the user began something meanwhile, it is read again later.
pub(crate) fn take(
    state: &mut AppState,
    generation: Generation,
    result: Result<Box<Refreshed>, String>,
) -> Vec<Effect> {
    let Some(choices) = state.watching.refresh.finish(generation) else {
        return Vec::new();
    };
    match result {
        Ok(refreshed) if is_of_use(state, &refreshed, &choices) => show(state, *refreshed),
        Ok(_) => Vec::new(),
        Err(problem) => {
            state.watching.unread = None;
            let text = "The workspace changed but can't be read now, so it stays as it was.";
            notify_once(state, format!("{text} {problem}"));
            Vec::new()
        }
    }
}

/// Returns `true` if this is a newer state of what the user looks at.
fn is_of_use(state: &AppState, refreshed: &Refreshed, choices: &Choices) -> bool {
    let Some(session) = &state.session else { return false };
    let is_busy = state.work.is_active() || matches!(state.dialog, Some(Dialog::Review(_)));
    let is_same_app = refreshed.app.as_ref().map(|(label, _)| label) == session.open_app().as_ref();
    let has_same_changes = match (&refreshed.app, &session.design) {
        (Some((_, Ok(model))), Some(design)) => model.changes == *design.plan.changes(),
        _ => true,
    };
    !is_busy && is_same_app && has_same_changes && *choices == state.choices && session.read_at <= refreshed.read_at
}

fn show(state: &mut AppState, refreshed: Refreshed) -> Vec<Effect> {
    let Refreshed { workspace, history, history_problem, app, read_at } = refreshed;
    let Some(session) = state.session.as_mut() else { return Vec::new() };
    session.workspace = workspace;
    session.history = history;
    session.history_problem = history_problem;
    session.read_at = read_at;
    // A refresh reads the files.
    let was_bazels = std::mem::take(&mut session.graph) != GraphSource::Files;
    let said = match (&app, &mut session.design) {
        (Some((_, Ok(model))), Some(design)) => {
            let said = news(design, model);
            design.plan.settle(&session.workspace);
            said
        }
        _ => None,
    };
    let was_shown = session.design.is_some();
    state.watching.was_read(read_at);
    if let Some((is_conflict, text)) = said {
        notify(state, is_conflict, text);
    }
    if was_bazels {
        let text =
            "The files changed outside, so the graph now comes from files. Load it from Bazel again if you need to.";
        notify(state, false, text.to_owned());
    }
    match app {
        Some((_, Ok(model))) => {
            // Sizes were found with the rest.
            let mut effects = sizing::stop(state);
            effects.extend(show_app(state, model));
            effects
        }
        Some((label, Err(problem))) if was_shown => {
            notify_once(
                state,
                format!("{label} can't be opened now, so it stays as it was, with your plan: {problem}"),
            );
            Vec::new()
        }
        Some((_, Err(_))) | None => Vec::new(),
    }
}

/// A refresh broke off: ends it and shows why.
pub(crate) fn failed(state: &mut AppState, generation: Generation, problem: &str) -> bool {
    let is_ours = state.watching.refresh.finish(generation).is_some();
    if is_ours {
        state.watching.unread = None;
        notify_once(state, format!("The workspace changed but couldn't be read. {problem}"));
    }
    is_ours
}

/// Returns a notice about a changed BUILD file, and `true` if it conflicts with the plan.
fn news(design: &Design, model: &AppModel) -> Option<(bool, String)> {
    if design.model.on_disk.same_design(&model.on_disk) {
        return None;
    }
    let place = model.app.path.display();
    let names: Vec<&str> = model.on_disk.groups.iter().map(|group| group.name.as_str()).collect();
    let now = match names.as_slice() {
        [] => "no layers".to_owned(),
        [one] => format!("the layer {one}"),
        several => format!("the layers {}", several.join(", ")),
    };
    Some(if design.plan.present().same_design(&model.on_disk) {
        (false, format!("{place} was changed outside and now matches your plan."))
    } else if design.is_changed() {
        (
            true,
            format!(
                "{place} was changed outside: it now has {now}. Your plan is kept; Apply shows what it would change."
            ),
        )
    } else {
        (false, format!("{place} was changed outside: it now has {now}."))
    })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::app::action::{Action, Answer};
    use crate::app::fixture;
    use crate::app::state::review::ReviewAction;
    use crate::app::state::session::WorkspaceSource;
    use crate::app::state::work::Work;
    use crate::app::update::update;
    use crate::layers::operations::Operation;
    use crate::workspace::model::WrittenGroup;

    const WATCH: Generation = Generation(5);

    fn moment(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    /// The fixture, read at second 100 and watched.
    fn watched() -> AppState {
        let mut state = fixture::state();
        state.watching.watch.start(WATCH, ());
        state.generation = Generation(10);
        state.session.as_mut().unwrap().read_at = moment(100);
        state
    }

    fn changed(state: &mut AppState, at: u64) -> Vec<Effect> {
        update(state, Action::Answer(Answer::Watched(WATCH, WatchNews::Changed(moment(at)))))
    }

    fn asked(effects: &[Effect]) -> Generation {
        let [Effect::Refresh { generation, .. }] = effects else { panic!("{effects:?}") };
        *generation
    }

    /// The workspace with its two layers under other names.
    fn with_layers(names: &[&str]) -> Box<Refreshed> {
        let mut workspace = fixture::workspace("py_layers");
        let groups = workspace.apps[0].dep_layers.as_mut().unwrap();
        groups.truncate(names.len());
        for (group, name) in groups.iter_mut().zip(names) {
            *group = WrittenGroup { name: (*name).to_owned(), targets: group.targets.clone() };
        }
        let model = fixture::design_of(&workspace, &fixture::history()).model;
        Box::new(Refreshed {
            app: Some((model.app.label.clone(), Ok(model))),
            workspace: Arc::new(workspace),
            history: Arc::new(fixture::history()),
            history_problem: None,
            read_at: moment(200),
        })
    }

    fn answer(state: &mut AppState, generation: Generation, refreshed: Box<Refreshed>) -> Vec<Effect> {
        update(state, Action::Answer(Answer::Refreshed(generation, Ok(refreshed))))
    }

    fn names(state: &AppState) -> Vec<String> {
        let design = state.session.as_ref().unwrap().design.as_ref().unwrap();
        design.plan.present().groups.iter().map(|group| group.name.clone()).collect()
    }

    fn rename(state: &mut AppState, name: &str) {
        let layer = state.session.as_ref().unwrap().design.as_ref().unwrap().plan.present().groups[0].id;
        update(state, Action::Edit(Operation::Rename { layer, name: name.to_owned() }));
    }

    #[test]
    fn an_edit_outside_is_read_and_shown() {
        let mut state = watched();
        let generation = asked(&changed(&mut state, 150));
        assert!(!state.work.is_active(), "nobody has to wait for it");
        answer(&mut state, generation, with_layers(&["wheels", "internal_libs"]));
        assert_eq!(names(&state), ["wheels", "internal_libs"]);
        let notice = state.notices.last().unwrap();
        assert!(!notice.is_error && notice.text.contains("app/BUILD.bazel was changed outside"), "{}", notice.text);
        assert!(!state.watching.is_reading());
    }

    #[test]
    fn the_plan_stays_and_the_conflict_is_said() {
        let mut state = watched();
        rename(&mut state, "mine");
        let generation = asked(&changed(&mut state, 150));
        answer(&mut state, generation, with_layers(&["theirs"]));
        assert_eq!(names(&state), ["mine", "internal_libs"]);
        assert!(state.session.as_ref().unwrap().design.as_ref().unwrap().plan.can_undo());
        let notice = state.notices.last().unwrap();
        assert!(notice.is_error && notice.text.contains("Your plan is kept"), "{}", notice.text);
    }

    #[test]
    fn a_change_that_leaves_the_layers_alone_is_silent() {
        let mut state = watched();
        let generation = asked(&changed(&mut state, 150));
        answer(&mut state, generation, with_layers(&["pip_deps", "internal_libs"]));
        assert!(state.notices.is_empty());
    }

    #[test]
    fn what_was_read_already_is_no_news() {
        let mut state = watched();
        assert!(changed(&mut state, 99).is_empty(), "such as the writes of Apply, after which all is read again");
        let generation = asked(&changed(&mut state, 150));
        assert!(changed(&mut state, 160).is_empty(), "one reading at a time");
        let effects = answer(&mut state, generation, with_layers(&["pip_deps", "internal_libs"]));
        assert!(!effects.iter().any(|effect| matches!(effect, Effect::Refresh { .. })), "it began after both");
    }

    #[test]
    fn a_change_during_the_reading_is_read_afterwards() {
        let mut state = watched();
        let generation = asked(&changed(&mut state, 150));
        changed(&mut state, 250);
        let effects = answer(&mut state, generation, with_layers(&["pip_deps", "internal_libs"]));
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Refresh { .. })));
    }

    #[test]
    fn nothing_is_read_under_the_hands_of_the_user() {
        let mut state = watched();
        state.work.start(Generation(9), Work::new("", true));
        assert!(changed(&mut state, 150).is_empty());
        // When the work is over, in whatever way.
        let effects = update(&mut state, Action::CancelWork);
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Refresh { .. })));

        let mut state = watched();
        rename(&mut state, "mine");
        let generation = asked(&changed(&mut state, 150));
        update(&mut state, Action::Review(ReviewAction::Plan));
        answer(&mut state, generation, with_layers(&["theirs"]));
        assert!(state.notices.is_empty(), "the review stays as it is");
        update(&mut state, Action::CancelWork);
        update(&mut state, Action::CloseDialog);
        assert!(state.watching.is_reading(), "it is read once more when the review is closed");
    }

    #[test]
    fn what_was_counted_otherwise_or_read_earlier_is_read_once_more() {
        let mut state = watched();
        let generation = asked(&changed(&mut state, 150));
        state.choices.default_python = (3, 9);
        let effects = answer(&mut state, generation, with_layers(&["theirs"]));
        assert_eq!(names(&state), ["pip_deps", "internal_libs"]);
        let generation = asked(&effects);
        state.session.as_mut().unwrap().read_at = moment(300);
        answer(&mut state, generation, with_layers(&["theirs"]));
        assert_eq!(names(&state), ["pip_deps", "internal_libs"]);
    }

    #[test]
    fn news_of_another_watch_or_reading_are_dropped() {
        let mut state = watched();
        let news = WatchNews::Changed(moment(150));
        assert!(update(&mut state, Action::Answer(Answer::Watched(Generation(4), news))).is_empty());
        answer(&mut state, Generation(77), with_layers(&["theirs"]));
        assert_eq!(names(&state), ["pip_deps", "internal_libs"]);
    }

    #[test]
    fn an_app_that_is_gone_for_a_moment_keeps_its_plan() {
        let mut state = watched();
        rename(&mut state, "mine");
        for at in [150, 250] {
            let generation = asked(&changed(&mut state, at));
            let mut refreshed = with_layers(&["pip_deps"]);
            refreshed.app.as_mut().unwrap().1 = Err("no such app".to_owned());
            refreshed.read_at = moment(at + 1);
            answer(&mut state, generation, refreshed);
        }
        assert_eq!(names(&state), ["mine", "internal_libs"]);
        assert_eq!(state.notices.len(), 1, "said once");
        let generation = asked(&changed(&mut state, 350));
        let problem = Err("it is no workspace any more".to_owned());
        update(&mut state, Action::Answer(Answer::Refreshed(generation, problem)));
        assert_eq!(names(&state), ["mine", "internal_libs"]);
        assert_eq!(state.notices.len(), 2);
    }

    #[test]
    fn a_workspace_that_is_opened_is_watched_from_the_moment_it_was_read() {
        let mut state = AppState::default();
        let effects = update(&mut state, Action::Open(WorkspaceSource::Demo));
        let [Effect::Load { generation, .. }] = effects[..] else { panic!("{effects:?}") };
        let loaded = crate::app::state::session::Loaded {
            source: WorkspaceSource::Demo,
            graph: GraphSource::Files,
            workspace: Arc::new(fixture::workspace("py_layers")),
            history: Arc::new(fixture::history()),
            history_problem: None,
            recovered: None,
            app: None,
            read_at: moment(7),
        };
        let effects = update(&mut state, Action::Answer(Answer::Loaded(generation, Ok(Box::new(loaded)))));
        let since = effects.iter().find_map(|effect| match effect {
            Effect::Watch { since, .. } => Some(*since),
            _ => None,
        });
        assert_eq!(since, Some(moment(7)));
    }
}
