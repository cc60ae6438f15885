//! `update(state, action) -> effects`: the only place where state changes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::app::action::{Action, Answer, Loaded};
use crate::app::advice_state::{self, AdviceAction};
use crate::app::app_model::{AppError, AppModel};
use crate::app::bazel_state;
use crate::app::dependency_changes::{DependencyChange, DependencyChanges};
use crate::app::deploy_choices;
use crate::app::draft;
use crate::app::drafts::Drafts;
use crate::app::effect::Effect;
use crate::app::graph_source::GraphSource;
use crate::app::look;
use crate::app::pictures::{Exportable, picture};
use crate::app::prepare::Agreed;
use crate::app::refresh;
use crate::app::rules_state;
use crate::app::sizing;
use crate::app::state::{
    AppState, ApplyDialog, BottomTab, Design, Dialog, DiscardNext, Generation, Notice, Preview, Session, SizeSource,
    Work, WorkspaceSource,
};
use crate::history::model::History;
use crate::jobs::Progress;
use crate::label::Label;
use crate::layers::operations::{Operation, apply};
use crate::layers::plan::Plan;

/// Carries out one action and says what has to be done outside.
pub fn update(state: &mut AppState, action: Action) -> Vec<Effect> {
    let mut effects = act(state, action);
    // Changes that were made outside are read as soon as nothing else is in the way.
    effects.extend(refresh::when_idle(state));
    effects.extend(draft::keep(state));
    effects
}

/// What the action itself does.
fn act(state: &mut AppState, action: Action) -> Vec<Effect> {
    match action {
        Action::Open(source) => guard_plan(state, DiscardNext::Open(source)),
        Action::ChooseApp(label) => guard_plan(state, DiscardNext::ChooseApp(label)),
        Action::Quit => guard_plan(state, DiscardNext::Quit),
        Action::ConfirmDiscard => confirm_discard(state),
        Action::PickFolder => vec![Effect::PickFolder],
        Action::FolderPicked(path) => {
            path.map_or_else(Vec::new, |path| guard_plan(state, DiscardNext::Open(WorkspaceSource::Folder(path))))
        }
        Action::Reload => reload(state),
        Action::CancelWork => cancel_work(state),
        Action::FindSizes(source) => sizing::ask(state, source),
        Action::StopSizing => sizing::stop_and_say(state),
        Action::Edit(operation) => edit(state, &operation),
        Action::Preview(operation) => preview(state, operation),
        Action::Undo => step(state, Drafts::undo),
        Action::Redo => step(state, Drafts::redo),
        Action::ChangeDependency(change) => change_dependency(state, &change),
        Action::Revert => revert(state),
        Action::ReplacePlan(plan) => replace_plan(state, plan),
        Action::Advice(action) => {
            let (plan, mut effects) = advice_state::act(state, action);
            effects.extend(plan.map_or_else(Vec::new, |plan| replace_plan(state, plan)));
            effects
        }
        Action::Bazel(action) => bazel_state::act(state, action),
        Action::Look(look) => {
            look::look(&mut state.view, look);
            follow_selection(state)
        }
        Action::SetProfile(profile) => {
            state.choices.profile = profile;
            evaluate(state);
            // Groups that were suggested for another client are not the best for this one.
            if state.advice.is_some() {
                return advice_state::act(state, AdviceAction::Suggest).1;
            }
            Vec::new()
        }
        Action::SetCadence(cadence) => deploy_choices::set_cadence(state, cadence),
        Action::SetWindow(window) => deploy_choices::set_window(state, window),
        Action::SetPlatform(platform) => {
            state.choices.platform = platform;
            reopen_app(state)
        }
        Action::SetCompression(compression) => {
            state.choices.compression = compression;
            reopen_app(state)
        }
        Action::SetTheme(theme) => {
            state.settings.theme = theme;
            vec![Effect::SaveSettings(state.settings.clone())]
        }
        Action::SetScale(percent) => {
            state.settings.scale_percent = if percent == 0 { 0 } else { percent.clamp(50, 300) };
            vec![Effect::SaveSettings(state.settings.clone())]
        }
        Action::ReviewApply => prepare_change(state, Agreed::default()),
        Action::ConfirmDropComments => {
            let agreed = agreed(state);
            prepare_change(state, Agreed { drop_comments: true, ..agreed })
        }
        Action::RemoveLibrary(label, goes) => remove_library(state, label, goes),
        Action::AskBazel(asks) => {
            if let Some(Dialog::Apply(dialog)) = &mut state.dialog {
                dialog.agreed.ask_bazel = asks;
            }
            Vec::new()
        }
        Action::Format(buildifier) => {
            let agreed = agreed(state);
            prepare_change(state, Agreed { buildifier, ..agreed })
        }
        Action::ShowDiff(file) => {
            match &mut state.dialog {
                Some(Dialog::Apply(dialog)) => dialog.file = file,
                Some(Dialog::Rules(dialog)) => dialog.file = file,
                _ => {}
            }
            Vec::new()
        }
        Action::ConfirmApply => write_change(state),
        Action::Rules(action) => rules_state::act(state, action),
        Action::UndoOnDisk => undo_on_disk(state),
        Action::SavePlan(path) => save_plan(state, path),
        Action::LoadPlan(path) => load_plan(state, path),
        Action::Export { path, is_dark, picture } => export(state, path, is_dark, &picture),
        Action::ShowDialog(dialog) => {
            state.dialog = Some(dialog);
            Vec::new()
        }
        Action::CloseDialog => {
            state.dialog = None;
            Vec::new()
        }
        Action::Say(text) => {
            notify(state, false, text);
            Vec::new()
        }
        Action::DismissNotice(id) => {
            state.notices.retain(|notice| notice.id != id);
            Vec::new()
        }
        Action::Answer(answer) => take_answer(state, answer),
    }
}

/// Shows a short message at the window's edge.
pub(super) fn notify(state: &mut AppState, is_error: bool, text: String) {
    state.next_notice += 1;
    state.notices.push(Notice { id: state.next_notice, is_error, text, offers_undo: false });
}

pub(super) fn next_generation(state: &mut AppState) -> Generation {
    state.generation.0 += 1;
    state.generation
}

pub(super) fn start_work(state: &mut AppState, title: &str, can_cancel: bool) -> Generation {
    let generation = next_generation(state);
    state.work = Some(Work { generation, title: title.to_owned(), progress: Progress::default(), can_cancel });
    generation
}

/// Ends the work of `generation`; `false` when a later one has taken its place and the answer must be dropped.
pub(super) fn end_work(state: &mut AppState, generation: Generation) -> bool {
    let is_latest = state.work.as_ref().is_some_and(|work| work.generation == generation);
    if is_latest {
        state.work = None;
    }
    is_latest
}

/// Goes on with `next` unless a plan would be lost; then the user is asked.
fn guard_plan(state: &mut AppState, next: DiscardNext) -> Vec<Effect> {
    let is_changed = state.session.as_ref().and_then(|session| session.design.as_ref()).is_some_and(Design::is_changed);
    if is_changed {
        state.dialog = Some(Dialog::Discard { next: Box::new(next) });
        return Vec::new();
    }
    go_on(state, next)
}

fn confirm_discard(state: &mut AppState) -> Vec<Effect> {
    match state.dialog.take() {
        Some(Dialog::Discard { next }) => {
            let mut effects: Vec<Effect> = draft::discard(state).into_iter().collect();
            effects.extend(go_on(state, *next));
            effects
        }
        other => {
            state.dialog = other;
            Vec::new()
        }
    }
}

fn go_on(state: &mut AppState, next: DiscardNext) -> Vec<Effect> {
    state.dialog = None;
    // What was said of something else does not concern what comes.
    state.notices.clear();
    match next {
        DiscardNext::Open(source) => load(state, source, GraphSource::Files, None, None),
        DiscardNext::ChooseApp(label) => open_app(state, label),
        DiscardNext::Quit => vec![Effect::Quit],
    }
}

/// Starts the program with a workspace, and an app of it where one was named.
pub fn start(state: &mut AppState, source: WorkspaceSource, app: Option<String>) -> Vec<Effect> {
    load(state, source, GraphSource::Files, app, None)
}

/// Starts to read a workspace; the one that is open stays until the new one is there.
/// `known` is the history of a workspace that was open already.
fn load(
    state: &mut AppState,
    source: WorkspaceSource,
    graph: GraphSource,
    app: Option<String>,
    known: Option<Arc<History>>,
) -> Vec<Effect> {
    let title = match graph {
        GraphSource::Files => "Reading the workspace",
        GraphSource::Bazel(_) => "Asking Bazel",
    };
    let generation = start_work(state, title, true);
    vec![Effect::Load { generation, source, graph, app, window: state.choices.window, known }]
}

fn reload(state: &mut AppState) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let graph = session.graph.clone();
    load_again(state, graph)
}

/// Reads the open workspace again, with its targets from `graph`; the plan stays.
pub(super) fn load_again(state: &mut AppState, graph: GraphSource) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let app = session.design.as_ref().map(|design| design.model.app.label.to_string());
    let (source, history) = (session.source.clone(), Arc::clone(&session.history));
    load(state, source, graph, app, Some(history))
}

fn cancel_work(state: &mut AppState) -> Vec<Effect> {
    match &state.work {
        Some(work) if work.can_cancel => {
            let generation = work.generation;
            state.work = None;
            let is_being_made = match &state.dialog {
                Some(Dialog::Apply(dialog)) => dialog.prepared.is_none(),
                Some(Dialog::Rules(dialog)) => dialog.prepared.is_none(),
                _ => false,
            };
            if is_being_made {
                state.dialog = None;
            }
            vec![Effect::Cancel(generation)]
        }
        _ => Vec::new(),
    }
}

fn open_app(state: &mut AppState, label: Label) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let (workspace, history) = (Arc::clone(&session.workspace), Arc::clone(&session.history));
    let same = session.design.as_ref().filter(|design| design.model.app.label == label);
    let changes = same.map(|design| design.plan.changes().clone()).unwrap_or_default();
    let choices = state.choices.clone();
    let generation = start_work(state, "Collecting what the app is made of", true);
    vec![Effect::OpenApp { generation, workspace, history, app: label, changes, choices }]
}

/// Collects the open app again, after a choice that its numbers depend on.
fn reopen_app(state: &mut AppState) -> Vec<Effect> {
    let label =
        state.session.as_ref().and_then(|session| session.design.as_ref()).map(|design| design.model.app.label.clone());
    label.map_or_else(Vec::new, |label| open_app(state, label))
}

pub(super) fn design_mut(state: &mut AppState) -> Option<&mut Design> {
    state.session.as_mut()?.design.as_mut()
}

/// Evaluates the plan again.
pub(super) fn evaluate(state: &mut AppState) {
    let choices = state.choices.clone();
    if let Some(design) = design_mut(state) {
        design.preview = None;
        design.evaluation = design.model.evaluate(design.plan.present(), &choices);
        design.on_disk = design.model.evaluate_on_disk(&choices);
    }
}

fn edit(state: &mut AppState, operation: &Operation) -> Vec<Effect> {
    let Some(design) = design_mut(state) else { return Vec::new() };
    design.preview = None;
    match apply(design.plan.present(), &design.model.library_names, operation) {
        Ok(plan) => {
            design.plan.push(plan);
            state.view.renaming = None;
            evaluate(state);
            return preview_text(state);
        }
        Err(error) => notify(state, true, capitalised(&error.to_string())),
    }
    Vec::new()
}

fn preview(state: &mut AppState, operation: Option<Operation>) -> Vec<Effect> {
    let choices = state.choices.clone();
    let Some(design) = design_mut(state) else { return Vec::new() };
    if design.preview.as_ref().map(|preview| &preview.operation) == operation.as_ref() {
        return Vec::new();
    }
    design.preview = operation.and_then(|operation| {
        let plan = apply(design.plan.present(), &design.model.library_names, &operation).ok()?;
        let evaluation = design.model.evaluate(&plan, &choices);
        Some(Preview { operation, plan, evaluation })
    });
    Vec::new()
}

fn step(state: &mut AppState, direction: fn(&mut Drafts) -> bool) -> Vec<Effect> {
    let Some(design) = design_mut(state) else { return Vec::new() };
    if !direction(&mut design.plan) {
        return Vec::new();
    }
    state.view.renaming = None;
    follow_drafts(state)
}

/// Everything that follows from a step: where dependencies differ from those that the app was collected with, it is
/// collected anew.
fn follow_drafts(state: &mut AppState) -> Vec<Effect> {
    evaluate(state);
    let is_collected = design_mut(state).is_some_and(|design| design.model.changes == *design.plan.changes());
    if is_collected { preview_text(state) } else { reopen_app(state) }
}

fn change_dependency(state: &mut AppState, change: &DependencyChange) -> Vec<Effect> {
    state.dialog = None;
    let Some(session) = &mut state.session else { return Vec::new() };
    let Some(design) = &mut session.design else { return Vec::new() };
    match design.plan.changes().with(&session.workspace, design.plan.present(), change) {
        Ok(changes) => {
            design.plan.push_changes(changes);
            follow_drafts(state)
        }
        Err(reason) => {
            notify(state, true, reason);
            Vec::new()
        }
    }
}

/// Another plan with other changed dependencies, as one step.
pub(super) fn replace_draft(state: &mut AppState, plan: Plan, changes: DependencyChanges) -> Vec<Effect> {
    let Some(design) = design_mut(state) else { return Vec::new() };
    design.plan.push_both(plan, changes);
    follow_drafts(state)
}

/// Back to what the BUILD files say, as one step.
fn revert(state: &mut AppState) -> Vec<Effect> {
    let Some(design) = design_mut(state).filter(|design| design.is_changed()) else { return Vec::new() };
    // A plan that was collected with other dependencies is the same plan: groups name targets, not what these bring.
    design.plan.push_both(design.model.on_disk.clone(), DependencyChanges::default());
    follow_drafts(state)
}

pub(super) fn replace_plan(state: &mut AppState, plan: Plan) -> Vec<Effect> {
    if let Some(design) = design_mut(state)
        && !design.plan.present().same_design(&plan)
    {
        design.plan.push(plan);
        evaluate(state);
        return preview_text(state);
    }
    Vec::new()
}

/// Asks for the text that the plan would make; the latest answer counts.
fn preview_text(state: &mut AppState) -> Vec<Effect> {
    let generation = next_generation(state);
    state.text_generation = generation;
    let Some(session) = &state.session else { return Vec::new() };
    let Some(design) = &session.design else { return Vec::new() };
    let (workspace, model, plan) =
        (Arc::clone(&session.workspace), Arc::clone(&design.model), design.plan.present().clone());
    let path = source_path(state);
    vec![Effect::PreviewText { generation, workspace, model, plan, path }]
}

/// The BUILD file to show: that of what is selected, else the app's.
fn source_path(state: &AppState) -> Option<PathBuf> {
    let session = state.session.as_ref()?;
    let selected = state.view.selection.iter().find(|label| label.is_main());
    let package = selected.and_then(|label| session.workspace.packages.get(label.package()));
    package.map(|package| package.build_file.clone()).or_else(|| Some(session.design.as_ref()?.model.app.path.clone()))
}

/// The source pane shows the file of what is selected.
fn follow_selection(state: &mut AppState) -> Vec<Effect> {
    let shown = state.source_text.as_ref().map(|text| Path::new(&text.path));
    let is_open = state.view.bottom == Some(BottomTab::Source);
    if is_open && source_path(state).as_deref() != shown { preview_text(state) } else { Vec::new() }
}

/// What was agreed to in the review that is open.
fn agreed(state: &AppState) -> Agreed {
    match &state.dialog {
        Some(Dialog::Apply(dialog)) => dialog.agreed.clone(),
        _ => Agreed::default(),
    }
}

/// Comments that were agreed to belong to another change set; they are asked about again.
fn remove_library(state: &mut AppState, label: Label, goes: bool) -> Vec<Effect> {
    let mut agreed = Agreed { drop_comments: false, ..agreed(state) };
    if goes {
        agreed.remove_libraries.insert(label);
    } else {
        agreed.remove_libraries.remove(&label);
    }
    prepare_change(state, agreed)
}

fn prepare_change(state: &mut AppState, agreed: Agreed) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let Some(design) = &session.design else { return Vec::new() };
    let (workspace, model, plan) =
        (Arc::clone(&session.workspace), Arc::clone(&design.model), design.plan.present().clone());
    state.dialog = Some(Dialog::Apply(ApplyDialog { prepared: None, file: 0, agreed: agreed.clone() }));
    let generation = start_work(state, "Making the change", true);
    vec![Effect::PrepareChange { generation, workspace, model, plan, agreed }]
}

fn write_change(state: &mut AppState) -> Vec<Effect> {
    let Some(session) = &state.session else { return Vec::new() };
    let root = session.workspace.root.clone();
    let Some(Dialog::Apply(ApplyDialog { prepared: Some(Ok(prepared)), agreed, .. })) = &state.dialog else {
        return Vec::new();
    };
    let change = prepared.change.clone();
    let bazel = prepared.bazel.clone().filter(|_| agreed.ask_bazel);
    // A write is short and whole: it can't be stopped half way. Bazel can, and then the files are as before.
    let generation = match &bazel {
        Some(_) => start_work(state, "Writing the BUILD files and asking Bazel about them", true),
        None => start_work(state, "Writing the BUILD files", false),
    };
    vec![Effect::Write { generation, root, change, bazel }]
}

fn undo_on_disk(state: &mut AppState) -> Vec<Effect> {
    state.notices.retain(|notice| !notice.offers_undo);
    let Some(session) = &state.session else { return Vec::new() };
    let Some(written) = session.last_written.clone() else { return Vec::new() };
    let root = session.workspace.root.clone();
    let generation = start_work(state, "Taking the change back", false);
    vec![Effect::UndoWrite { generation, root, written }]
}

fn save_plan(state: &mut AppState, path: PathBuf) -> Vec<Effect> {
    state.dialog = None;
    let Some(design) = state.session.as_ref().and_then(|session| session.design.as_ref()) else { return Vec::new() };
    vec![Effect::SavePlan { path, model: Arc::clone(&design.model), plan: design.plan.present().clone() }]
}

fn load_plan(state: &mut AppState, path: PathBuf) -> Vec<Effect> {
    state.dialog = None;
    let Some(design) = state.session.as_ref().and_then(|session| session.design.as_ref()) else { return Vec::new() };
    vec![Effect::LoadPlan { path, model: Arc::clone(&design.model) }]
}

fn export(state: &mut AppState, path: PathBuf, is_dark: bool, of: &Exportable) -> Vec<Effect> {
    state.dialog = None;
    let Some(session) = &state.session else { return Vec::new() };
    let Some(design) = &session.design else { return Vec::new() };
    let picture = picture(of, design, &session.history, &state.choices);
    vec![Effect::Export { path, picture, is_dark }]
}

fn take_answer(state: &mut AppState, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Progress(generation, progress) => {
            sizing::progress(state, generation, &progress);
            if let Some(work) = state.work.as_mut().filter(|work| work.generation == generation) {
                work.progress = progress;
            }
            Vec::new()
        }
        Answer::Loaded(generation, result) => {
            if !end_work(state, generation) {
                return Vec::new();
            }
            match result {
                Ok(loaded) => take_workspace(state, *loaded),
                Err(problem) => {
                    notify(state, true, problem);
                    Vec::new()
                }
            }
        }
        Answer::HistoryRead(generation, window, result) => {
            if !end_work(state, generation) {
                return Vec::new();
            }
            deploy_choices::take_history(state, window, result)
        }
        Answer::AppOpened(generation, label, result) => {
            if !end_work(state, generation) {
                return Vec::new();
            }
            match result {
                Ok(model) => {
                    let mut effects = show_app(state, model);
                    effects.extend(sizing::start(state, SizeSource::Here));
                    effects
                }
                Err(error) => {
                    app_is_gone(state, label, &error);
                    let mut effects = advice_state::forget_stale(state);
                    effects.extend(preview_text(state));
                    effects
                }
            }
        }
        Answer::SizesFound(generation, model, said) => sizing::take(state, generation, model, said),
        Answer::ChangePrepared(generation, result) => {
            if end_work(state, generation)
                && let Some(Dialog::Apply(dialog)) = &mut state.dialog
            {
                dialog.prepared = Some(result);
            }
            Vec::new()
        }
        Answer::RulesPrepared(generation, result) => {
            rules_state::take(state, generation, result);
            Vec::new()
        }
        Answer::TextPreviewed(generation, text, refusal) => {
            if state.text_generation == generation {
                state.source_text = text;
                if let Some(design) = design_mut(state) {
                    design.refusal = refusal;
                }
            }
            Vec::new()
        }
        Answer::Written(generation, result) => {
            if !end_work(state, generation) {
                return Vec::new();
            }
            match result {
                Ok(written) => {
                    let words = rules_state::written_words(state);
                    state.dialog = None;
                    if let Some(session) = &mut state.session {
                        session.last_written = Some(written);
                    }
                    notify(state, false, words.to_owned());
                    if let Some(notice) = state.notices.last_mut() {
                        notice.offers_undo = true;
                    }
                    reload(state)
                }
                Err(problem) => {
                    notify(state, true, format!("Nothing was written. {problem}"));
                    Vec::new()
                }
            }
        }
        Answer::UndoneOnDisk(generation, result) => {
            if !end_work(state, generation) {
                return Vec::new();
            }
            match result {
                Ok(()) => {
                    if let Some(session) = &mut state.session {
                        session.last_written = None;
                    }
                    notify(state, false, "Taken back. The files are as they were before.".to_owned());
                    reload(state)
                }
                Err(problem) => {
                    notify(state, true, format!("Nothing was taken back. {problem}"));
                    Vec::new()
                }
            }
        }
        Answer::PlanSaved(path, result) => {
            match result {
                Ok(()) => notify(state, false, format!("Saved the plan to {}", path.display())),
                Err(problem) => notify(state, true, format!("The plan was not saved to {}: {problem}", path.display())),
            }
            Vec::new()
        }
        Answer::Exported(path, result) => {
            match result {
                Ok(whole) => notify(state, false, format!("Exported to {}", whole.display())),
                Err(problem) => notify(state, true, format!("Nothing was written to {}: {problem}", path.display())),
            }
            Vec::new()
        }
        Answer::PlanLoaded(path, result) => match result {
            Ok(plan) => replace_plan(state, plan),
            Err(problem) => {
                notify(state, true, format!("{}: {problem}", path.display()));
                Vec::new()
            }
        },
        Answer::DraftFound(app, found) => draft::take_up(state, &app, found),
        Answer::AdviceSoFar(generation, found) => {
            advice_state::take(state, generation, found, false);
            Vec::new()
        }
        Answer::Advised(generation, found) => {
            advice_state::take(state, generation, found, true);
            Vec::new()
        }
        Answer::Watched(generation, news) => {
            refresh::take_news(state, generation, news);
            Vec::new()
        }
        Answer::Refreshed(generation, result) => refresh::take(state, generation, result),
        Answer::BazelFound(generation, found) => bazel_state::take_found(state, generation, found),
        Answer::TrustNotRemembered(problem) => {
            notify(state, true, problem);
            Vec::new()
        }
        Answer::Failed(generation, problem) => {
            if refresh::failed(state, generation, &problem) {
                return Vec::new();
            }
            if state.advice.as_ref().is_some_and(|advice| advice.generation == generation) {
                state.advice = None;
                notify(state, true, problem);
                return Vec::new();
            }
            if !sizing::failed(state, generation, &problem) && end_work(state, generation) {
                notify(state, true, problem);
            }
            Vec::new()
        }
    }
}

/// A workspace was read: the app that was open stays open, with its plan where the BUILD file has not caught up.
fn take_workspace(state: &mut AppState, loaded: Loaded) -> Vec<Effect> {
    let Loaded { source, graph, workspace, history, history_problem, recovered, app, read_at } = loaded;
    if let Some(recovered) = recovered {
        notify(state, false, recovered);
    }
    let is_same = state.session.as_ref().is_some_and(|session| session.source == source);
    let (design, last_written) = match state.session.take() {
        Some(Session { design, last_written, .. }) if is_same => {
            let settled = design.map(|mut design| {
                design.plan.settle(&workspace);
                design
            });
            (settled, last_written)
        }
        _ => (None, None),
    };
    if !is_same {
        state.view =
            super::state::View { bottom: state.view.bottom, colour_by: state.view.colour_by, ..Default::default() };
    }
    let first_app = match app {
        Some(Ok(label)) => Some(label),
        Some(Err(problem)) => {
            notify(state, true, problem);
            None
        }
        None => None,
    };
    let remembered = || match &source {
        WorkspaceSource::Folder(path) => state.settings.remembered_app(path),
        WorkspaceSource::Demo => None,
    };
    let is_there = |label: &Label| workspace.apps.iter().any(|app| app.label == *label);
    let first_app = first_app.or_else(|| remembered().filter(is_there)).or_else(|| first_python_app(&workspace));
    let mut effects = Vec::new();
    let folder = match &source {
        WorkspaceSource::Folder(path) => Some(path.as_path()),
        WorkspaceSource::Demo => None,
    };
    state.settings.remember_workspace(folder);
    effects.push(Effect::SaveSettings(state.settings.clone()));
    state.session = Some(Session {
        source,
        graph,
        workspace,
        history,
        history_problem,
        read_at,
        design,
        app_problem: None,
        last_written,
    });
    if is_same {
        refresh::was_read(state, read_at);
    } else {
        effects.extend(refresh::watch(state));
    }
    if let Some(label) = first_app {
        effects.extend(open_app(state, label));
    }
    effects
}

/// The app to show first: one that has groups already is the best start.
fn first_python_app(workspace: &crate::workspace::model::Workspace) -> Option<Label> {
    let python = || {
        workspace
            .apps
            .iter()
            .filter(|app| app.language.as_deref().is_none_or(|language| language == "python") && app.binary.is_some())
    };
    python().find(|app| app.dep_layers.is_some()).or_else(|| python().next()).map(|app| app.label.clone())
}

/// An app can't be planned for, or not any more. A plan that somebody made for it is not thrown away.
fn app_is_gone(state: &mut AppState, label: Label, error: &AppError) {
    let Some(session) = &mut state.session else { return };
    let has_plan = |design: &Design| design.model.app.label == label && design.is_changed();
    if session.design.as_ref().is_some_and(has_plan) {
        notify(state, true, format!("{label} is shown as it was, with your plan: {error}"));
        return;
    }
    session.design = None;
    session.app_problem = Some((label, error.to_string()));
}

/// Shows an app and asks for its text.
pub(super) fn show_app(state: &mut AppState, model: Arc<AppModel>) -> Vec<Effect> {
    let is_first = take_app(state, model);
    let mut effects = advice_state::forget_stale(state);
    effects.extend(if is_first { draft::look_for(state) } else { None });
    effects.extend(preview_text(state));
    effects.extend(remember_app(state));
    effects
}

/// Takes an app into the state; `true` when it was not open before.
fn take_app(state: &mut AppState, model: Arc<AppModel>) -> bool {
    let choices = state.choices.clone();
    let Some(session) = &mut state.session else { return false };
    session.app_problem = None;
    // The same app again, after a reload or another platform: its plan stays unless the file now says the same.
    let previous = session.design.take().filter(|design| design.model.app.label == model.app.label);
    let is_first = previous.is_none();
    let plan = match previous {
        Some(design) if design.is_changed() => design.plan,
        Some(design) if design.model.on_disk.same_design(&model.on_disk) => design.plan,
        Some(_) | None => Drafts::new(model.on_disk.clone()),
    };
    let evaluation = model.evaluate(plan.present(), &choices);
    let on_disk = model.evaluate_on_disk(&choices);
    let app_package = format!("//{}", model.graph.node(model.graph.root()).map_or("", |node| node.label.package()));
    session.design = Some(Design { model, plan, evaluation, on_disk, preview: None, refusal: None });
    if is_first {
        let view = &mut state.view;
        view.selection.clear();
        view.selected_layer = None;
        view.renaming = None;
        view.focus = None;
        view.deploy = None;
        view.expanded = std::iter::once(app_package).collect();
    }
    is_first
}

/// The next start shows the app that is open.
fn remember_app(state: &mut AppState) -> Option<Effect> {
    let session = state.session.as_ref()?;
    let WorkspaceSource::Folder(path) = &session.source else { return None };
    let app = session.design.as_ref()?.model.app.label.clone();
    if state.settings.remembered_app(path).as_ref() == Some(&app) {
        return None;
    }
    state.settings.remember_app(path, &app);
    Some(Effect::SaveSettings(state.settings.clone()))
}

/// Messages of errors start small; as a sentence of their own they start large.
fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
