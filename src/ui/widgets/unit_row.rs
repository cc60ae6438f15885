//! A unit in a list, painted directly so that thousands stay cheap.

use egui::{Align2, Color32, Id, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

use crate::counted::counted;
use crate::engine::reports::unit_sources::UnitKind;
use crate::engine::reports::units::UnitRow;
use crate::history::cost::PlanNumbers;
use crate::label::Label;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::metrics::{CHIP, ICON, RADIUS_S, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{figure, text};

const BYTES_WIDTH: f32 = 64.0;

/// Below this width a detail says nothing.
const DETAIL: f32 = 32.0;

#[derive(Clone, Copy, Debug)]
pub(crate) struct RowLook<'a> {
    pub unit: &'a UnitRow,
    /// For screen readers; unique in the window.
    pub name: &'a str,
    pub is_selected: bool,
    /// If the list does not show the layer otherwise.
    pub chip: Option<Color32>,
    pub indent: f32,
    /// Tab reaches it; one row of a list is enough.
    pub takes_focus: bool,
}

#[must_use]
pub(crate) fn icon_of(kind: &UnitKind) -> Icon {
    match kind {
        UnitKind::Target { .. } => Icon::Target,
        UnitKind::File => Icon::File,
        UnitKind::Package { .. } => Icon::Package,
        UnitKind::Interpreter => Icon::Play,
    }
}

/// Name, and what distinguishes it from others of that name.
#[must_use]
pub(crate) fn words(label: &Label, kind: &UnitKind) -> (String, String) {
    let package = || match label.repository_name() {
        None => format!("//{}", label.package()),
        Some(repository) => format!("@{repository}"),
    };
    match kind {
        UnitKind::Package { version } => (label.name().to_owned(), version.clone()),
        UnitKind::Interpreter => ("Python interpreter".to_owned(), package()),
        UnitKind::Target { .. } | UnitKind::File => (label.name().to_owned(), package()),
    }
}

/// Can be clicked and dragged.
pub(crate) fn show(ui: &Ui, rect: Rect, id: Id, look: &RowLook<'_>, numbers: &PlanNumbers, commits: usize) -> Response {
    let sense = if look.takes_focus || ui.memory(|memory| memory.has_focus(id)) {
        Sense::click_and_drag()
    } else {
        Sense::CLICK | Sense::DRAG
    };
    let response = ui.interact(rect, id, sense);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, look.is_selected, look.name));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let palette = theme::palette(ui);
    let painter = ui.painter();
    ground(ui, rect, &response, look.is_selected);
    let inner = rect.shrink2(vec2(SPACE_XS, 0.0));
    let icon_rect =
        Rect::from_center_size(pos2(inner.left() + look.indent + ICON / 2.0, inner.center().y), Vec2::splat(ICON));
    icons::paint(painter, icon_rect, icon_of(&look.unit.kind), palette.text_third);
    let mut right = inner.right();
    let bytes_rect = Rect::from_min_max(pos2(right - BYTES_WIDTH, inner.top()), pos2(right, inner.bottom()));
    let stored = look.unit.size.stored();
    figure::paint(painter, palette, bytes_rect, &stored, metrics::body(), palette.text_second);
    right -= BYTES_WIDTH + SPACE_XS;
    if let Some(colour) = look.chip {
        let chip = Rect::from_center_size(pos2(right - CHIP / 2.0, inner.center().y), Vec2::splat(CHIP));
        painter.rect_filled(chip, 2.0, colour);
        right -= CHIP + SPACE_XS;
    }
    let name_rect = Rect::from_min_max(
        pos2(icon_rect.right() + SPACE_S - 2.0, inner.top()),
        pos2(right - SPACE_XS, inner.bottom()),
    );
    let (name, detail) = words(&look.unit.label, &look.unit.kind);
    let (name, _) = text::paint(painter, name_rect, Align2::LEFT_CENTER, &name, metrics::body(), palette.text);
    let rest = name_rect.with_min_x(name.right() + SPACE_S);
    if rest.width() > DETAIL {
        text::paint_end(painter, rest, &detail, metrics::small(), palette.text_third);
    }
    response.on_hover_ui(|ui| summary(ui, look.unit, numbers, commits))
}

pub(crate) fn ground(ui: &Ui, rect: Rect, response: &Response, is_selected: bool) {
    let palette = theme::palette(ui);
    if is_selected {
        ui.painter().rect_filled(rect, RADIUS_S, palette.selected);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, RADIUS_S, palette.hover);
    }
    if response.has_focus() {
        ui.painter().rect_stroke(
            rect,
            RADIUS_S,
            egui::Stroke::new(metrics::HAIRLINE, palette.accent),
            egui::StrokeKind::Inside,
        );
    }
}

fn summary(ui: &mut Ui, unit: &UnitRow, numbers: &PlanNumbers, commits: usize) {
    let palette = theme::palette(ui);
    ui.spacing_mut().item_spacing.y = SPACE_XS;
    ui.label(text::rich(&unit.label.to_string(), metrics::strong(), palette.text));
    let kind = match &unit.kind {
        UnitKind::Target { class } => format!("{class}, {}", files(unit.items)),
        UnitKind::File => "A file not listed by any target".to_owned(),
        UnitKind::Package { version } => format!("Package, version {version}"),
        UnitKind::Interpreter => "The Python interpreter".to_owned(),
    };
    let second = |ui: &mut Ui, words: &str| ui.label(text::rich(words, metrics::body(), palette.text_second));
    second(ui, &kind);
    if let Some(through) = &unit.through {
        second(ui, &format!("In this layer because {through} needs it"));
    }
    second(ui, &figure::size_summary(&unit.size));
    second(ui, &churn_summary(unit.changes, numbers.deploys, commits));
}

fn files(count: usize) -> String {
    counted(count, "file")
}

/// With the basis of the figure.
#[must_use]
pub(crate) fn churn_summary(changes: u64, deploys: u64, commits: usize) -> String {
    if deploys == 0 {
        return if commits == 0 {
            "Without a history, how often it changes is unknown".to_owned()
        } else {
            format!("None of the last {commits} commits changes the app")
        };
    }
    format!("Changed by {changes} of {deploys} deploys in {commits} first-parent commits")
}
