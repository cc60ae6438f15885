//! Notices and the progress of work.

use egui::{Align2, Area, Context, Frame, Id, Role, Sense, Ui, WidgetInfo, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::work::Notice;
use crate::app::state::work::Work;
use crate::engine::advice::advice_words::capitalised;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::ui::commands::{Command, Subject};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{SPACE_L, SPACE_M, SPACE_S};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::button::{self, Enabled};
use crate::ui::widgets::{bar, text};

/// Older ones wait.
const SHOWN: usize = 4;

const WIDTH: f32 = 400.0;
const BAR: egui::Vec2 = vec2(160.0, 6.0);

/// For good news.
const SECONDS_SHOWN: f64 = 6.0;
/// For good news with a button.
const SECONDS_OFFERED: f64 = 30.0;

/// The latest at the bottom.
pub(crate) fn show(context: &Context, state: &AppState, actions: &mut Vec<Action>) {
    // The image column shows how far fetching is.
    let sizing_work = state.sizing.get().filter(|_| state.sizes_asked != SizeSource::Index);
    if state.notices.is_empty() && sizing_work.is_none() {
        return;
    }
    go_by_themselves(context, state, actions);
    Area::new(Id::unique("notices"))
        .anchor(Align2::RIGHT_BOTTOM, vec2(-SPACE_L, -SPACE_L))
        .order(egui::Order::Foreground)
        .show(context, |ui| {
            ui.spacing_mut().item_spacing.y = SPACE_S;
            let first = state.notices.len().saturating_sub(SHOWN);
            for notice in state.notices.get(first..).unwrap_or_default() {
                message(ui, state, notice, actions);
            }
            if let Some(work) = sizing_work {
                sizing(ui, work, actions);
            }
        });
}

/// Good news disappears; errors stay until dismissed.
fn go_by_themselves(context: &Context, state: &AppState, actions: &mut Vec<Action>) {
    let now = context.input(|input| input.time);
    for notice in state.notices.iter().filter(|notice| !notice.is_error) {
        let id = Id::unique(("notice", notice.id));
        let first_seen = context.data_mut(|data| *data.get_temp_mut_or_insert_with(id, || now));
        let shown = if notice.offers_undo { SECONDS_OFFERED } else { SECONDS_SHOWN };
        let left = shown - (now - first_seen);
        if left <= 0.0 {
            actions.push(Action::DismissNotice(notice.id));
        } else {
            context.request_repaint_after(std::time::Duration::from_secs_f64(left));
        }
    }
}

fn message(ui: &mut Ui, state: &AppState, notice: &Notice, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let (icon, colour) = if notice.is_error { (Icon::Error, palette.bad) } else { (Icon::Ok, palette.good) };
    Frame::popup(ui.style()).stroke(egui::Stroke::new(metrics::HAIRLINE, colour)).inner_margin(SPACE_M).show(
        ui,
        |ui| {
            ui.set_width(WIDTH);
            ui.horizontal_top(|ui| {
                ui.spacing_mut().item_spacing.x = SPACE_S;
                text::icon(ui, icon, colour);
                let words = ui.available_width() - 2.0 * SPACE_S - metrics::ICON;
                ui.allocate_ui(vec2(words - SPACE_S, 0.0), |ui| {
                    ui.vertical(|ui| {
                        ui.set_width(words - SPACE_S);
                        ui.add(egui::Label::new(text::marked(&capitalised(&notice.text), palette.text)).wrap());
                        if notice.offers_undo && ui.button(Command::UndoOnDisk.name()).clicked() {
                            actions.extend(Command::UndoOnDisk.action(&Subject::selected(state)));
                        }
                    });
                });
                if button::sized_icon(ui, Icon::Close, "Dismiss", &Enabled::Yes, metrics::ICON + SPACE_S).clicked() {
                    actions.push(Action::DismissNotice(notice.id));
                }
            });
        },
    );
}

/// Progress that does not block, over the window so that nothing moves.
fn sizing(ui: &mut Ui, work: &Work, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    Frame::popup(ui.style()).inner_margin(SPACE_M).show(ui, |ui| {
        ui.set_width(WIDTH);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = SPACE_S;
            ui.spinner();
            ui.label(text::rich(&work.title, metrics::strong(), palette.text));
            let progress = &work.progress;
            let count =
                if progress.total > 0 { format!(" {} of {}", progress.done, progress.total) } else { String::new() };
            ui.with_layout(egui::Layout::right_to_left(Align2::RIGHT_CENTER.y()), |ui| {
                if ui.button("Stop").on_hover_text("Keeps the estimates").clicked() {
                    actions.push(Action::StopSizing);
                }
                let words = text::rich(&format!("{}{count}", progress.message), metrics::small(), palette.text_second);
                ui.with_layout(egui::Layout::left_to_right(Align2::RIGHT_CENTER.y()), |ui| {
                    ui.add(egui::Label::new(words).truncate());
                });
            });
        });
    });
}

/// In one line.
pub(crate) fn work(ui: &mut Ui, work: &Work, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = SPACE_M;
        ui.spinner();
        ui.label(text::rich(&work.title, metrics::strong(), palette.text));
        let progress = &work.progress;
        if progress.total > 0 {
            let share = progress.done as f32 / progress.total as f32;
            let (place, response) = ui.allocate_exact_size(BAR, Sense::hover());
            response.widget_info(|| {
                let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, &work.title);
                info.value = Some(f64::from(share));
                info
            });
            bar::progress(ui.painter(), place, share, palette.accent, palette.pressed);
            ui.label(text::rich(
                &format!("{} of {}", progress.done, progress.total),
                metrics::body(),
                palette.text_second,
            ));
        }
        if !progress.message.is_empty() {
            ui.add(egui::Label::new(text::rich(&progress.message, metrics::body(), palette.text_second)).truncate());
        }
        if work.can_cancel {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui.button("Stop").clicked() {
                    actions.push(Action::CancelWork);
                }
            });
        }
    });
}
