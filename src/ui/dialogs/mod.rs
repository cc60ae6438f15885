mod bazel;
mod dependency;
mod dialect;
mod export;
mod foot;
mod frame;
mod image;
mod move_to;
mod open;
mod palette;
mod plan_file;
mod question;
mod reasons;
mod review;
mod shortcuts;
mod sizes;

use egui::{Align2, Context, Id, Modal, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::bazel::BazelDialog;
use crate::app::state::dialogs::Dialog;
use crate::app::state::review::Review;
use crate::ui::commands::WindowCommand;
use crate::ui::dialogs::frame::top;
use crate::ui::theme::metrics::SPACE_L;

#[derive(Debug, Default)]
pub struct DialogMemory {
    /// Of the last frame: a field takes the focus when another dialog opens.
    last: Option<&'static str>,
    /// In the palette and the list of layers.
    palette_row: usize,
}

pub fn show(
    context: &Context,
    state: &AppState,
    memory: &mut DialogMemory,
    actions: &mut Vec<Action>,
    window: &mut Vec<WindowCommand>,
) {
    let Some(dialog) = &state.dialog else {
        *memory = DialogMemory::default();
        return;
    };
    let just_opened = memory.last.replace(kind(dialog)) != Some(kind(dialog));
    if just_opened {
        memory.palette_row = 0;
    }
    // egui remembers sizes by id. Hangs from the top, so that nothing under the pointer moves when the height changes.
    let id = Id::unique(("dialog", kind(dialog)));
    let area = Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, top(context.content_rect().height())));
    let response = Modal::new(id)
        .area(area)
        .frame(egui::Frame::popup(&context.global_style()).inner_margin(SPACE_L))
        .show(context, |ui| match dialog {
            Dialog::Review(review) => review::show(ui, state, review, actions),
            Dialog::Bazel(dialog) => bazel::show(ui, state, dialog, actions),
            Dialog::Image(dialog) => image::show(ui, state, dialog, just_opened, actions),
            Dialog::Open { path } => open::show(ui, state, path, just_opened, actions),
            Dialog::Discard { next } => question::show(ui, state, next, actions, window),
            Dialog::PlanFile { path, load } => plan_file::show(ui, path, *load, just_opened, actions),
            Dialog::Export { path, is_dark, picture } => {
                export::show(ui, path, *is_dark, picture, just_opened, actions);
            }
            Dialog::Dialect { dialect, path } => dialect::show(ui, state, *dialect, path, actions),
            Dialog::Dependency { target, search, is_added } => {
                dependency::show(ui, state, target, search, *is_added, just_opened, actions);
            }
            Dialog::Palette { search } => {
                palette::show(ui, state, search, just_opened, &mut memory.palette_row, actions, window)
            }
            Dialog::Move { search } => {
                move_to::show(ui, state, search, just_opened, &mut memory.palette_row, actions);
            }
            Dialog::Reasons(subject) => reasons::show(ui, state, subject, actions),
            Dialog::Shortcuts => shortcuts::show(ui, actions),
            Dialog::Sizes(source) => sizes::show(ui, state, *source, actions),
        });
    if response.should_close() {
        actions.push(Action::CloseDialog);
    }
}

fn kind(dialog: &Dialog) -> &'static str {
    match dialog {
        Dialog::Review(Review { prepared: Some(Ok(prepared)), .. }) if !prepared.change.is_empty() => "review",
        Dialog::Review(Review { prepared: Some(_), .. }) => "no review",
        Dialog::Review(_) => "preparing",
        Dialog::Bazel(BazelDialog { found: Some(_), .. }) => "bazel",
        Dialog::Bazel(_) => "looking for bazel",
        Dialog::Image(_) => "image",
        Dialog::Open { .. } => "open",
        Dialog::Discard { .. } => "discard",
        Dialog::PlanFile { .. } => "plan file",
        Dialog::Export { .. } => "export",
        Dialog::Dialect { .. } => "dialect",
        Dialog::Dependency { .. } => "dependency",
        Dialog::Move { .. } => "move",
        Dialog::Palette { .. } => "palette",
        Dialog::Reasons(_) => "reasons",
        Dialog::Shortcuts => "shortcuts",
        Dialog::Sizes(_) => "sizes",
    }
}

#[cfg(test)]
mod tests {
    use egui::Ui;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::app::fixture;
    use crate::engine::reports::evidence::Subject;
    use crate::ui::theme;

    /// Whether the dialog says each of these.
    fn check(subject: Subject, expected: &[&str]) {
        let mut state = fixture::state();
        state.dialog = Some(Dialog::Reasons(subject));
        let draw = move |ui: &mut Ui| {
            let context = ui.ctx().clone();
            show(&context, &state, &mut DialogMemory::default(), &mut Vec::new(), &mut Vec::new());
        };
        let mut harness =
            Harness::builder().with_size(vec2(1000.0, 800.0)).with_context_setup(theme::install).build_ui(draw);
        harness.run_steps(3);
        for words in expected {
            assert!(harness.query_all_by_label_contains(words).next().is_some(), "`{words}` is not there");
        }
    }

    #[test]
    fn reasons_name_the_layer_the_way_and_the_commits() {
        check(
            Subject::Unit(fixture::label("@pypi//:urllib3")),
            &["In layer internal_libs, needed by", "//libs/http:http", "None of 10 commits changed it"],
        );
        check(
            Subject::Layer("pip_deps".to_owned()),
            &["Layer pip_deps", "1 of 10 commits changed it", "Change 4", "@pypi//:fastapi"],
        );
        check(Subject::Unit(fixture::label("//no:where")), &["It adds no files to the image"]);
    }
}
