//! Banners over the strata: what stands between the plan and Apply, and the macro's behaviour if it is not what the
//! numbers assume.

use egui::{Align, Color32, Frame, Label, Layout, Margin, Ui, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::dialogs::Dialog;
use crate::app::state::image::ImageDialog;
use crate::engine::change::dependency_changes::{DependencyChange, DependencyChanges};
use crate::engine::current::Layouts;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rule_sets::dep_layers::macro_class::{MacroClass, MacroVerdict};
use crate::ui::commands::{Command, Subject};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{RADIUS_S, SPACE_M, SPACE_S};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::button::{self, Enabled};
use crate::ui::widgets::text;

const MOST_ROWS: usize = 2;

/// Returns `true` if the macro in use builds what the numbers assume.
#[must_use]
pub(super) fn numbers_hold(verdict: &MacroVerdict) -> bool {
    matches!(verdict.class, MacroClass::Partitions | MacroClass::OwnRules)
}

/// Nothing if the macro partitions.
pub(super) fn show(ui: &mut Ui, state: &AppState, verdict: &MacroVerdict, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let (icon, ink, ground) = match verdict.class {
        MacroClass::Partitions | MacroClass::OwnRules => return,
        MacroClass::DoesNotBuild | MacroClass::RepeatsEverything | MacroClass::NoParameter => {
            (Icon::Warning, palette.warning, palette.warning_ground)
        }
        MacroClass::NoMacro | MacroClass::Unknown => (Icon::Info, palette.text_second, palette.raised),
    };
    frame(ground).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(SPACE_S, 2.0);
        ui.horizontal_top(|ui| {
            text::icon(ui, icon, ink);
            ui.vertical(|ui| {
                // Long text is shown on hover, and among the findings.
                let mut sentence = text::marked(&verdict.sentence, palette.text);
                sentence.wrap.max_width = ui.available_width();
                sentence.wrap.max_rows = MOST_ROWS;
                ui.add(Label::new(sentence)).on_hover_ui(|ui| {
                    ui.add(Label::new(text::marked(&verdict.sentence, palette.text)).wrap());
                });
                let condition = "These savings need Layerwright's layer rules";
                ui.add(Label::new(text::rich(condition, metrics::small(), palette.text_second)).wrap());
                ui.add_space(2.0);
                if ui.button(Command::InstallRules.name()).on_hover_text(Command::InstallRules.help()).clicked() {
                    actions.extend(Command::InstallRules.action(&Subject::selected(state)));
                }
            });
        });
    });
}

/// Nothing if the current layers are known.
pub(super) fn current(ui: &mut Ui, layouts: &Layouts, actions: &mut Vec<Action>) {
    let Err(why) = &layouts.current else { return };
    let palette = theme::palette(ui);
    frame(palette.raised).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(SPACE_S, 2.0);
        ui.horizontal_top(|ui| {
            text::icon(ui, Icon::Info, palette.text_second);
            ui.vertical(|ui| {
                ui.label(text::rich("Current layers not known", metrics::strong(), palette.text));
                let mut sentence = text::marked(why, palette.text);
                sentence.wrap.max_width = ui.available_width();
                sentence.wrap.max_rows = MOST_ROWS;
                ui.add(Label::new(sentence)).on_hover_ui(|ui| {
                    ui.add(Label::new(text::marked(why, palette.text)).wrap());
                });
                ui.add_space(2.0);
                if ui.button("Read a built image…").clicked() {
                    actions.push(Action::ShowDialog(Dialog::Image(ImageDialog::default())));
                }
            });
        });
    });
}

/// Unwritten changes of dependencies, each with undo.
pub(super) fn changes(ui: &mut Ui, changes: &DependencyChanges, actions: &mut Vec<Action>) {
    if changes.is_empty() {
        return;
    }
    let palette = theme::palette(ui);
    frame(palette.raised).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(SPACE_S, 2.0);
        ui.label(text::rich("Changed dependencies (not applied)", metrics::small_strong(), palette.text_second));
        for change in changes.iter() {
            ui.horizontal(|ui| {
                let (icon, ink) = if change.is_added { (Icon::Plus, palette.good) } else { (Icon::Close, palette.bad) };
                text::icon(ui, icon, ink);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let name = format!("Undo: {change}");
                    if button::sized_icon(ui, Icon::Undo, &name, &Enabled::Yes, metrics::ROW).clicked() {
                        let opposite = DependencyChange { is_added: !change.is_added, ..change.clone() };
                        actions.push(Action::ChangeDependency(opposite));
                    }
                    let words = text::rich(&change.to_string(), metrics::body(), palette.text);
                    ui.add(Label::new(words).truncate()).on_hover_text(change.to_string());
                });
            });
        }
    });
}

/// Why the plan can't be written, shown before Apply.
pub(super) fn refusal(ui: &mut Ui, refusal: Option<&Refusal>, verdict: &MacroVerdict) {
    // The banner about the macro already says it.
    let is_said =
        |refusal: &&Refusal| verdict.class == MacroClass::NoParameter && refusal.code == RefusalCode::ParameterMissing;
    let Some(refusal) = refusal.filter(|refusal| !is_said(refusal)) else { return };
    let palette = theme::palette(ui);
    let sentence = match refusal.code {
        RefusalCode::WouldDropComments => "Applying removes comments; you will be asked",
        _ => "This plan can't be applied yet",
    };
    frame(palette.raised).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(SPACE_S, 2.0);
        ui.horizontal_top(|ui| {
            text::icon(ui, Icon::Error, palette.bad);
            ui.vertical(|ui| {
                ui.add(Label::new(text::rich(sentence, metrics::strong(), palette.text)).wrap());
                ui.add(Label::new(text::marked(refusal.message_alone(), palette.text)).wrap());
                ui.add(Label::new(text::rich(&refusal.place(), metrics::small(), palette.text_second)).wrap());
            });
        });
    });
}

fn frame(ground: Color32) -> Frame {
    Frame::new().fill(ground).corner_radius(RADIUS_S).inner_margin(Margin::same(SPACE_S as i8)).outer_margin(Margin {
        left: SPACE_M as i8,
        right: SPACE_M as i8,
        top: 0,
        bottom: SPACE_S as i8,
    })
}
