//! No effect ends in silence.

use super::*;
use crate::app::fixture;
use crate::app::state::AppState;
use crate::app::state::advice::AdviceAction;
use crate::app::state::bazel::BazelAction;
use crate::app::state::dialogs::Dialog;
use crate::app::state::export::Exportable;
use crate::app::state::image::ImageDialog;
use crate::app::state::review::ReviewAction;
use crate::app::state::settings::ThemeChoice;
use crate::app::update::update;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::history::request::Window;
use crate::rule_sets::export::Dialect;

/// Carries out `action` with a runner whose jobs all break off. Returns what the user sees at the end.
fn seen_after(state: &mut AppState, action: Action) -> String {
    let mut runner = Runner::new(Arc::new(|| {}), None);
    runner.breaks_off = true;
    let mut waiting = vec![action];
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        for action in std::mem::take(&mut waiting) {
            for effect in update(state, action) {
                runner.run(effect);
            }
        }
        waiting = runner.collect();
        if waiting.is_empty() && runner.running.is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let notices = state.notices.iter().map(|notice| notice.text.clone());
    let in_dialog = match &state.dialog {
        Some(Dialog::Bazel(dialog)) => dialog.found.clone().and_then(Result::err),
        _ => None,
    };
    notices.chain(in_dialog).collect::<Vec<_>>().join("\n")
}

/// Makes an action of the file that it concerns.
type Make = fn(PathBuf) -> Action;

#[test]
fn every_effect_that_breaks_off_is_told() {
    let path = || PathBuf::from("file.svg");
    let actions: Vec<(&str, Make)> = vec![
        ("Load", |_| Action::Reload),
        ("ReadHistory", |_| Action::SetWindow(Window::All)),
        ("FindSizes", |_| Action::FindSizes(SizeSource::Index)),
        ("PrepareChange", |_| Action::Review(ReviewAction::Plan)),
        ("PrepareRules", |_| Action::Review(ReviewAction::Rules)),
        ("CompareImage", |_| Action::Image(ImageAction::Compare)),
        ("Suggest", |_| Action::Advice(AdviceAction::Suggest)),
        ("FindBazel", |_| Action::Bazel(BazelAction::Ask)),
        ("PickFolder", |_| Action::PickFolder),
        ("PickImage", |_| Action::Image(ImageAction::Pick { is_file: true })),
        ("SavePlan", Action::SavePlan),
        ("LoadPlan", Action::LoadPlan),
        ("Export", |path| Action::Export { path, is_dark: false, picture: Exportable::Stack }),
        ("SaveText", |path| Action::SaveDialect { dialect: Dialect::Dockerfile, path }),
        ("SaveSettings", |_| Action::SetTheme(ThemeChoice::Dark)),
    ];
    for (name, action) in actions {
        let mut state = fixture::state();
        state.dialog = Some(Dialog::Image(ImageDialog { name: "image.tar".to_owned(), found: None }));
        let seen = seen_after(&mut state, action(path()));
        assert!(seen.contains("broken on purpose"), "{name}: `{seen}`");
        assert!(!state.work.is_active() && !state.sizing.is_active() && !state.text.is_active(), "{name}");
        let is_waiting = matches!(&state.dialog, Some(Dialog::Review(review)) if review.prepared.is_none());
        assert!(!is_waiting, "{name}: its dialog waits for ever");
    }
}

#[test]
fn effects_that_follow_others_are_told_too() {
    let mut runner = Runner::new(Arc::new(|| {}), None);
    runner.breaks_off = true;
    let mut state = fixture::state();
    let session = state.session.as_ref().unwrap();
    let (root, model) = (session.workspace.root.clone(), Arc::clone(&session.design.as_ref().unwrap().model));
    runner.run(Effect::RememberTrust(root.clone()));
    runner.run(Effect::FindDraft { root, model });
    let begun = Instant::now();
    while !runner.running.is_empty() && begun.elapsed() < Duration::from_secs(20) {
        for action in runner.collect() {
            update(&mut state, action);
        }
    }
    assert_eq!(state.notices.len(), 2, "{:?}", state.notices);
}
