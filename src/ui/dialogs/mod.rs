//! What lies over the window: the review before Apply, opening, palette, shortcuts, and questions.

mod apply;
mod bazel;
mod change;
mod dependency;
mod dialect;
mod diff;
mod export;
mod foot;
mod image;
mod move_to;
mod open;
mod palette;
mod plan_file;
mod question;
mod reasons;
mod rules;
mod shortcuts;
mod sizes;

use egui::{Align2, Context, Id, Modal, Ui, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::bazel::BazelDialog;
use crate::app::state::dialogs::ApplyDialog;
use crate::app::state::dialogs::Dialog;
use crate::app::state::rules::RulesDialog;
use crate::ui::commands::WindowCommand;
use crate::ui::theme::metrics::{SPACE_L, SPACE_XL};

/// Widths of dialogs: a question, a list, a change set.
const NARROW: f32 = 480.0;
const MIDDLE: f32 = 640.0;
const WIDE: f32 = 1_120.0;

/// Where dialogs begin, below the bar at the top.
const DIALOG_TOP: f32 = 72.0;
/// In a window lower than this they begin higher up.
const LOW: f32 = 720.0;
/// The part of a dialog that gives way is never lower than this, and the others are about this high.
const LEAST_REST: f32 = 96.0;
const OTHERS: f32 = 320.0;

/// What the dialogs keep between two frames.
#[derive(Debug, Default)]
pub struct DialogMemory {
    /// The dialog of the last frame: a field takes the cursor when another one opens.
    last: Option<&'static str>,
    /// The marked row of the palette, and of the list of layers.
    palette_row: usize,
}

/// Draws the open dialog, if there is one.
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
    // Each kind has an id of its own: egui remembers the size of what it showed last.
    // It hangs from the top, so that nothing under the pointer moves while its height follows its content.
    let id = Id::unique(("dialog", kind(dialog)));
    let area = Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, top(context.content_rect().height())));
    let response = Modal::new(id)
        .area(area)
        .frame(egui::Frame::popup(&context.global_style()).inner_margin(SPACE_L))
        .show(context, |ui| match dialog {
            Dialog::Apply(dialog) => apply::show(ui, state, dialog, actions),
            Dialog::Bazel(dialog) => bazel::show(ui, state, dialog, actions),
            Dialog::Image(dialog) => image::show(ui, state, dialog, just_opened, actions),
            Dialog::Rules(dialog) => rules::show(ui, state, dialog, actions),
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
        Dialog::Apply(ApplyDialog { prepared: Some(Ok(_)), .. }) => "review",
        Dialog::Apply(_) => "apply",
        Dialog::Bazel(BazelDialog { found: Some(_), .. }) => "bazel",
        Dialog::Bazel(_) => "looking for bazel",
        Dialog::Rules(RulesDialog { prepared: Some(Ok(reviewed)), .. }) if !reviewed.prepared.change.is_empty() => {
            "rules review"
        }
        Dialog::Rules(_) => "rules",
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

/// The width of a dialog, within the window.
fn set_width(ui: &mut Ui, wanted: f32) {
    let available = ui.ctx().content_rect().width() - 4.0 * SPACE_L;
    ui.set_width(wanted.min(available));
}

/// The height for the one part of a dialog that gives way: what the window leaves beside all the others, which are as high
/// as they were in the last frame.
fn rest_height(ui: &Ui, key: &str, wanted: f32) -> f32 {
    let others = ui.data(|data| data.get_temp(Id::unique(("beside", key)))).unwrap_or(OTHERS);
    let window = ui.ctx().content_rect().height();
    (window - top(window) - 3.0 * SPACE_L - others).min(wanted).max(LEAST_REST)
}

/// Remembers for [`rest_height`] how high the others are; at the end of the dialog.
fn remember_others(ui: &Ui, key: &str, rest: f32) {
    let id = Id::unique(("beside", key));
    let others = (ui.min_rect().height() - rest).max(0.0);
    if ui.data(|data| data.get_temp::<f32>(id)).is_none_or(|before| (before - others).abs() > 0.5) {
        ui.data_mut(|data| data.insert_temp(id, others));
        ui.request_repaint();
    }
}

/// Where a dialog begins in a window of this height.
fn top(window: f32) -> f32 {
    if window < LOW { SPACE_XL } else { DIALOG_TOP }
}

/// The height that a dialog's body may take.
fn body_height(ui: &Ui, wanted: f32) -> f32 {
    let available = ui.ctx().content_rect().height() - 220.0;
    wanted.min(available).max(120.0)
}

#[cfg(test)]
mod tests {
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
            &["In layer internal_libs, brought by", "//libs/http:http", "None of the 10 commits looked at changed it"],
        );
        check(
            Subject::Layer("pip_deps".to_owned()),
            &["Layer pip_deps", "1 of 10 commits changed it", "Change 4", "@pypi//:fastapi"],
        );
        check(Subject::Unit(fixture::label("//no:where")), &["The image holds no file of its own for it"]);
    }
}
