//! Suggested groups as outlines that can be accepted or dismissed.

use egui::{Frame, Label, Layout, Margin, Role, ScrollArea, Sense, Shape, Stroke, Ui, WidgetInfo, vec2};

use crate::advice::suggest::SuggestedGroup;
use crate::advice::verdict::Verdict;
use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::advice::AdviceAction;
use crate::app::state::advice::AdviceState;
use crate::engine::advice::advice_words::{capitalised, evidence_line, verdict_line};
use crate::layers::partition::LayerKind;
use crate::size::known_bytes::KnownBytes;
use crate::ui::commands::{Command, Subject};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{HAIRLINE, RADIUS_S, ROW, SPACE_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::button::{self, Enabled};
use crate::ui::widgets::{figure, text};

/// Of the column; beyond that ghosts scroll.
const SHARE: f32 = 0.4;

/// As of layers.
const EDGE: f32 = 4.0;

pub(super) fn show(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let Some(advice) = &state.advice else { return };
    let palette = theme::palette(ui);
    let open = advice.open();
    if advice.advice.is_some() && open.is_empty() && !advice.search.is_active() && !advice.settled.is_empty() {
        return;
    }
    Frame::new()
        .fill(palette.raised)
        .corner_radius(RADIUS_S)
        .inner_margin(Margin::same(SPACE_S as i8))
        .outer_margin(Margin { left: SPACE_M as i8, right: SPACE_M as i8, top: 0, bottom: SPACE_S as i8 })
        .show(ui, |ui| {
            ui.set_min_width(ui.available_width());
            ui.spacing_mut().item_spacing = vec2(SPACE_XS, SPACE_XS);
            head(ui, state, advice, !open.is_empty(), actions);
            let most = ui.ctx().content_rect().height() * SHARE;
            ScrollArea::vertical().id_salt("ghosts").max_height(most).auto_shrink([false, true]).show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(SPACE_XS, SPACE_S);
                let sentence = match &advice.advice {
                    Some(found) => capitalised(&verdict_line(&found.suggestion)),
                    None => "Searching the history…".to_owned(),
                };
                let thin = advice.advice.as_ref().and_then(|found| evidence_line(&found.suggestion));
                for sentence in std::iter::once(sentence).chain(thin) {
                    ui.add(Label::new(text::rich(&sentence, metrics::small(), palette.text_second)).wrap());
                }
                // Topmost first.
                for group in open.iter().rev() {
                    ghost(ui, advice, group, actions);
                }
            });
        });
}

fn head(ui: &mut Ui, state: &AppState, advice: &AdviceState, has_groups: bool, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let of = Subject::selected(state);
    ui.horizontal(|ui| {
        let title = if advice.search.is_active() { "Best suggestion so far" } else { "Suggestion" };
        ui.label(text::rich(title, metrics::strong(), palette.text));
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            if button::icon(ui, Icon::Close, Command::DismissSuggestion.name(), &Enabled::Yes).clicked() {
                actions.extend(Command::DismissSuggestion.action(&of));
            }
            if advice.search.is_active() {
                if button::quiet(ui, Icon::Close, "Stop")
                    .on_hover_text("Stops the search and keeps the best so far")
                    .clicked()
                {
                    actions.push(AdviceAction::Stop.into());
                }
                ui.spinner();
            } else if has_groups && is_new(advice) {
                let button = button::quiet(ui, Icon::Ok, "Accept all");
                if button.on_hover_text(Command::AcceptSuggestion.help()).clicked() {
                    actions.extend(Command::AcceptSuggestion.action(&of));
                }
            }
        });
    });
}

fn is_new(advice: &AdviceState) -> bool {
    advice.advice.as_ref().is_some_and(|found| found.suggestion.verdict != Verdict::Same)
}

/// What a registry would store of the group as a layer.
fn stored(advice: &AdviceState, group: &SuggestedGroup) -> Option<KnownBytes> {
    let evaluation = advice.evaluation.as_ref()?;
    let mut layers = evaluation.partition.layers.iter().zip(&evaluation.numbers.layers);
    layers.find(|(layer, _)| layer.name == group.name).map(|(_, numbers)| numbers.size.stored())
}

/// An outline, because it is not in the image; its edge has the future layer's colour.
fn ghost(ui: &mut Ui, advice: &AdviceState, group: &SuggestedGroup, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let outline = ui.painter().add(Shape::Noop);
    let stored = stored(advice, group);
    let margin = Margin { left: SPACE_M as i8, right: 2, top: 2, bottom: SPACE_XS as i8 };
    let inner = Frame::new().inner_margin(margin).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.horizontal(|ui| {
            ui.set_min_height(ROW);
            ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
                buttons(ui, advice, group, actions);
                if let Some(stored) = &stored {
                    figure::show(ui, stored, metrics::body(), palette.text_second);
                }
                ui.with_layout(Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add(Label::new(text::rich(&group.name, metrics::strong(), palette.text)).truncate());
                });
            });
        });
        if advice.why.as_ref() == Some(&group.name) {
            ui.add(Label::new(text::marked(&group.reason, palette.text_second)).wrap());
        } else {
            let deploys = advice.advice.as_ref().map_or(0, |found| found.suggestion.whole.deploys);
            let words = format!("{} · changed by {} of {deploys} deploys", group.contents, group.changes);
            ui.add(Label::new(text::rich(&words, metrics::small(), palette.text_second)).truncate());
        }
    });
    let rect = inner.response.rect;
    let response = ui.interact(rect, egui::Id::unique(("ghost", &group.name)), Sense::hover());
    let name = format!("Suggested layer {}, {}", group.name, figure::known(stored.as_ref()));
    response.widget_info(|| WidgetInfo::labeled(Role::Group, true, &name));
    let path = [rect.left_top(), rect.right_top(), rect.right_bottom(), rect.left_bottom(), rect.left_top()];
    let mut shapes = Shape::dashed_line(&path, Stroke::new(HAIRLINE, palette.outline), 4.0, 3.0);
    let plan = advice.advice.as_ref().map(|found| &found.plan);
    if let Some(layer) = plan.and_then(|plan| plan.groups.iter().find(|made| made.name == group.name)) {
        let edge = rect.with_max_x(rect.left() + EDGE);
        shapes.push(Shape::rect_filled(edge, 0.0, palette.layer(LayerKind::Dependency(layer.id)).solid));
    }
    ui.painter().set(outline, Shape::Vec(shapes));
}

fn buttons(ui: &mut Ui, advice: &AdviceState, group: &SuggestedGroup, actions: &mut Vec<Action>) {
    let side = ROW;
    let named = |words: &str| format!("{words} {}", group.name);
    if button::sized_icon(ui, Icon::Close, &named("Dismiss"), &Enabled::Yes, side).clicked() {
        actions.push(AdviceAction::Dismiss(group.name.clone()).into());
    }
    if !advice.search.is_active()
        && is_new(advice)
        && button::sized_icon(ui, Icon::Ok, &named("Accept"), &Enabled::Yes, side).clicked()
    {
        actions.push(AdviceAction::Accept(group.name.clone()).into());
    }
    if button::sized_icon(ui, Icon::Info, &named("Why"), &Enabled::Yes, side).clicked() {
        actions.push(AdviceAction::ToggleWhy(group.name.clone()).into());
    }
}
