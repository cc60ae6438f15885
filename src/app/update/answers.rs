//! Answers of effects. A late one is dropped.

use std::sync::Arc;

use crate::app::action::Answer;
use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::design_mut;
use crate::app::state::dialogs::Dialog;
use crate::app::state::end_work;
use crate::app::state::notify;
use crate::app::state::notify_once;
use crate::app::state::review::{Review, Reviewed};
use crate::app::state::session::Loaded;
use crate::app::state::work::Generation;
use crate::app::update::advising;
use crate::app::update::asking_bazel;
use crate::app::update::asks::preview_text;
use crate::app::update::asks::reload;
use crate::app::update::comparing;
use crate::app::update::deploy_choices;
use crate::app::update::drafts;
use crate::app::update::editing::replace_plan;
use crate::app::update::opening::{app_is_gone, show_app, take_workspace};
use crate::app::update::refreshing;
use crate::app::update::reviewing;
use crate::app::update::sizing;
use crate::app::update::undoing_on_disk;
use crate::engine::app_model::{AppError, AppModel};
use crate::jobs::Progress;
use crate::label::Label;
use crate::rewrite::write::Written;

pub(crate) fn take_answer(state: &mut AppState, answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Progress(generation, progress) => take_progress(state, generation, progress),
        Answer::Loaded(generation, result) => take_loaded(state, generation, result),
        Answer::HistoryRead(generation, window, result) if end_work(state, generation) => {
            deploy_choices::take_history(state, window, result)
        }
        Answer::AppOpened(generation, label, result) if end_work(state, generation) => take_app(state, label, result),
        Answer::Written(generation, result) if end_work(state, generation) => take_written(state, result),
        Answer::UndoneOnDisk(generation, result) if end_work(state, generation) => take_undone(state, result),
        Answer::HistoryRead(..) | Answer::AppOpened(..) | Answer::Written(..) | Answer::UndoneOnDisk(..) => Vec::new(),
        Answer::SizesFound(generation, model, said) => sizing::take(state, generation, model, said),
        Answer::Prepared(generation, prepared) => {
            reviewing::take(state, generation, prepared.map(|prepared| *prepared));
            Vec::new()
        }
        Answer::ImageCompared(generation, found) => {
            comparing::take(state, generation, found);
            Vec::new()
        }
        Answer::TextPreviewed(generation, text, refusal) => {
            if state.text.finish(generation).is_some() {
                state.source_text = text;
                if let Some(design) = design_mut(state) {
                    design.refusal = refusal;
                }
            }
            Vec::new()
        }
        Answer::PlanSaved(path, result) => {
            match result {
                Ok(()) => notify(state, false, format!("Plan saved to {}", path.display())),
                Err(problem) => notify(state, true, format!("Couldn't save the plan to {}: {problem}", path.display())),
            }
            Vec::new()
        }
        Answer::Exported(path, result) => {
            match result {
                Ok(whole) => notify(state, false, format!("Exported to {}", whole.display())),
                Err(problem) => notify(state, true, format!("Couldn't write {}: {problem}", path.display())),
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
        Answer::DraftFound(app, found) => drafts::take_up(state, &app, found),
        Answer::AdviceSoFar(generation, found) => {
            advising::take(state, generation, found, false);
            Vec::new()
        }
        Answer::Advised(generation, found) => {
            advising::take(state, generation, found, true);
            Vec::new()
        }
        Answer::Watched(generation, news) => {
            refreshing::take_news(state, generation, news);
            Vec::new()
        }
        Answer::Refreshed(generation, result) => refreshing::take(state, generation, result),
        Answer::BazelFound(generation, found) => asking_bazel::take_found(state, generation, found),
        Answer::Failed(generation, problem) => {
            take_failure(state, generation, problem);
            Vec::new()
        }
    }
}

fn take_progress(state: &mut AppState, generation: Generation, progress: Progress) -> Vec<Effect> {
    for pending in [&mut state.work, &mut state.sizing] {
        if let Some(work) = pending.get_mut(generation) {
            work.progress = progress.clone();
        }
    }
    Vec::new()
}

fn take_loaded(state: &mut AppState, generation: Generation, result: Result<Box<Loaded>, String>) -> Vec<Effect> {
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

fn take_app(state: &mut AppState, label: Label, result: Result<Arc<AppModel>, AppError>) -> Vec<Effect> {
    match result {
        Ok(model) => {
            let mut effects = show_app(state, model);
            effects.extend(sizing::start_unasked(state));
            effects
        }
        Err(error) => {
            app_is_gone(state, label, &error);
            let mut effects = advising::forget_stale(state);
            effects.extend(preview_text(state));
            effects
        }
    }
}

fn take_written(state: &mut AppState, result: Result<Arc<Written>, String>) -> Vec<Effect> {
    match result {
        Ok(written) => {
            let review = match state.dialog.take() {
                Some(Dialog::Review(review)) => Some(review),
                _ => None,
            };
            let is_plan = matches!(&review, Some(Review { of: Reviewed::Plan(_), .. }));
            if let Some(session) = &mut state.session {
                session.last_written = Some(written);
                let plan = |design: &Design| (design.model.app.label.clone(), design.plan.clone());
                session.written_plan = session.design.as_ref().filter(|_| is_plan).map(plan);
            }
            notify(state, false, reviewing::written_words(review.as_ref()));
            if let Some(notice) = state.notices.last_mut() {
                notice.offers_undo = true;
            }
            reload(state)
        }
        Err(problem) => {
            notify(state, true, format!("No files were changed. {problem}"));
            Vec::new()
        }
    }
}

fn take_undone(state: &mut AppState, result: Result<(), String>) -> Vec<Effect> {
    match result {
        Ok(()) => {
            let keeps_plan = state.session.as_mut().is_some_and(undoing_on_disk::take_back);
            let plan = if keeps_plan { " Your plan is still here." } else { "" };
            notify(state, false, format!("Apply undone: the files are as they were before.{plan}"));
            reload(state)
        }
        Err(problem) => {
            notify(state, true, format!("Couldn't undo Apply. {problem}"));
            Vec::new()
        }
    }
}

/// Ends the wait and shows the problem, unless nobody waits any more.
fn take_failure(state: &mut AppState, generation: Option<Generation>, problem: String) {
    let Some(generation) = generation else {
        notify_once(state, problem);
        return;
    };
    let is_told = refreshing::failed(state, generation, &problem)
        || sizing::failed(state, generation, &problem)
        || asking_bazel::failed(state, generation, &problem);
    let is_awaited = advising::failed(state, generation)
        || state.text.finish(generation).is_some()
        || end_work(state, generation) && {
            reviewing::close_if_waiting(state);
            true
        };
    if is_awaited && !is_told {
        notify_once(state, problem);
    }
}
