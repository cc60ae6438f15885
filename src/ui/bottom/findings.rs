//! Findings: problems, advice, then open questions.

use egui::{Align, Color32, Id, Label, Layout, Role, ScrollArea, Sense, Shape, Ui, WidgetInfo, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::view::Look;
use crate::layers::findings::{Fix, Severity};
use crate::ui::bottom::tabs;
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{ICON, RADIUS_S, ROW, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{button, empty, text};

struct Entry<'a> {
    icon: Icon,
    colour: Color32,
    message: String,
    labels: &'a [crate::label::Label],
    /// Only if the finding is about the shown plan.
    fix: Option<&'a Fix>,
}

/// A click selects the finding's labels.
pub(super) fn show(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let entries = entries(state, theme::palette(ui));
    if entries.is_empty() {
        empty::show(ui, "No findings", "No problems with this plan");
        return;
    }
    ScrollArea::vertical().id_salt("findings").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (index, entry) in entries.iter().enumerate() {
            actions.extend(row(ui, index, entry));
        }
        ui.add_space(SPACE_S);
    });
}

fn entries<'a>(state: &'a AppState, palette: &Palette) -> Vec<Entry<'a>> {
    let Some(session) = state.session.as_ref() else { return Vec::new() };
    let remark = |icon, message| Entry { icon, colour: palette.text_third, message, labels: &[], fix: None };
    let mut entries = Vec::new();
    if let Some(design) = session.design.as_ref() {
        if let Some(refusal) = &design.refusal {
            let message = format!("This plan can't be applied yet. {}: {}", refusal.place(), refusal.message_alone());
            entries.push(Entry { icon: Icon::Error, colour: palette.bad, message, labels: &[], fix: None });
        }
        let mut findings: Vec<_> = design.evaluation.findings.iter().collect();
        findings.sort_by_key(|finding| finding.severity);
        entries.extend(findings.into_iter().map(|finding| {
            let (icon, colour) = match finding.severity {
                Severity::Problem => (Icon::Warning, palette.warning),
                Severity::Advice => (Icon::Info, palette.accent),
            };
            Entry { icon, colour, message: finding.message.clone(), labels: &finding.labels, fix: finding.fix.as_ref() }
        }));
        entries.extend(design.model.notes.iter().map(|note| remark(Icon::Info, note.clone())));
    }
    entries.extend(session.workspace.findings.iter().map(|finding| {
        let path = finding.path.display();
        let place = finding.line.map_or_else(|| path.to_string(), |line| format!("{path}:{line}"));
        remark(Icon::File, format!("{place}: {}", finding.message))
    }));
    entries
}

/// A click selects labels, the button applies the fix.
fn row(ui: &mut Ui, index: usize, entry: &Entry<'_>) -> Option<Action> {
    let palette = theme::palette(ui);
    let has_labels = !entry.labels.is_empty();
    // Painted behind the text once its height is known.
    let ground = ui.painter().add(Shape::Noop);
    let size = vec2(ui.available_width(), ROW);
    let inner = ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Min), |ui| {
        ui.set_min_height(ROW);
        ui.spacing_mut().item_spacing.x = SPACE_S;
        ui.add_space(tabs::SIDE);
        ui.vertical(|ui| {
            ui.add_space((ROW - ICON) / 2.0);
            text::icon(ui, entry.icon, entry.colour);
        });
        ui.vertical(|ui| {
            ui.add_space(SPACE_XS);
            let button = entry.fix.map_or(0.0, |fix| button::quiet_width(ui, &fix.words) + SPACE_S);
            ui.set_width((ui.available_width() - tabs::SIDE - button).max(0.0));
            ui.add(Label::new(text::marked(&entry.message, palette.text)).wrap());
            ui.add_space(SPACE_XS);
        });
        entry.fix.map(|fix| button::quiet(ui, Icon::Ok, &fix.words))
    });
    let fix = inner.inner;
    let rect = inner.response.rect;
    let rect = fix.as_ref().map_or(rect, |button| rect.with_max_x(button.rect.left()));
    let sense = if has_labels { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect, Id::unique(("finding", index)), sense);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &entry.message));
    if let (Some(fix), Some(true)) = (entry.fix, fix.map(|button| button.clicked())) {
        return Some(Action::Edit(fix.operation.clone()));
    }
    if !has_labels {
        return None;
    }
    if response.hovered() || response.has_focus() {
        let fill = rect.shrink2(vec2(SPACE_XS, 0.0));
        ui.painter().set(ground, Shape::rect_filled(fill, RADIUS_S, palette.hover));
    }
    let is_clicked = response.on_hover_text("Click to select the affected targets").clicked();
    is_clicked.then(|| Action::Look(Look::SelectAll(entry.labels.to_vec())))
}

#[cfg(test)]
mod tests {
    use egui::Modifiers;

    use crate::app::action::Action;
    use crate::app::fixture;
    use crate::app::state::view::BottomTab;
    use crate::app::update::update;
    use crate::layers::operations::Operation;
    use crate::layers::partition::LayerKind;
    use crate::ui::test_window;

    #[test]
    fn a_finding_is_settled_by_the_button_at_its_end() {
        let mut state = fixture::state();
        let [pip, _] = fixture::layers(state.session.as_ref().unwrap().design.as_ref().unwrap());
        let LayerKind::Dependency(layer) = pip else { panic!("{pip:?}") };
        let stray = vec![fixture::label("@pypi//:stray")];
        drop(update(&mut state, Action::Edit(Operation::Assign { layer, targets: stray })));
        state.view.bottom = Some(BottomTab::Findings);
        let mut window = test_window::open_with(state);
        assert!(window.plan().contains("@pypi//:stray"));
        let button = window.at("Take @pypi//:stray out of its layer");
        window.click(button, Modifiers::NONE);
        assert!(!window.plan().contains("@pypi//:stray"), "{}", window.plan());
        assert!(!window.has("Take @pypi//:stray out of its layer"));
    }
}
