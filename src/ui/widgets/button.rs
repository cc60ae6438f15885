use egui::{Align2, Button, Color32, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, vec2};

use crate::ui::icons::{self, Icon};
use crate::ui::theme::metrics::{CONTROL, ICON, RADIUS_S, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// Least widths of text buttons.
const PRIMARY: f32 = 96.0;
const SECONDARY: f32 = 72.0;

/// A disabled button explains itself on hover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Enabled {
    Yes,
    No(String),
}

/// `name` is for hover and screen readers.
pub(crate) fn icon(ui: &mut Ui, icon: Icon, name: &str, enabled: &Enabled) -> Response {
    sized_icon(ui, icon, name, enabled, CONTROL - SPACE_XS)
}

pub(crate) fn sized_icon(ui: &mut Ui, icon: Icon, name: &str, enabled: &Enabled, side: f32) -> Response {
    let sense = if *enabled == Enabled::Yes { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(side), sense);
    let palette = theme::palette(ui);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, *enabled == Enabled::Yes, name));
    if ui.is_rect_visible(rect) {
        let colour = if matches!(enabled, Enabled::No(_)) {
            palette.outline
        } else if response.hovered() || response.has_focus() {
            palette.text
        } else {
            palette.text_second
        };
        if *enabled == Enabled::Yes && (response.hovered() || response.has_focus()) {
            let fill = if response.is_pointer_button_down_on() { palette.pressed } else { palette.hover };
            ui.painter().rect_filled(rect, RADIUS_S, fill);
        }
        icons::paint(ui.painter(), egui::Rect::from_center_size(rect.center(), Vec2::splat(ICON)), icon, colour);
    }
    match enabled {
        Enabled::Yes => response.on_hover_text(name),
        Enabled::No(reason) => response.on_hover_text(format!("{name}\n{reason}")),
    }
}

/// The main button of a view, in the accent's colour.
pub(crate) fn primary(ui: &mut Ui, label: &str, is_enabled: bool) -> Response {
    let palette = theme::palette(ui);
    let (ink, fill) =
        if is_enabled { (palette.on_accent, palette.accent) } else { (palette.text_third, palette.raised) };
    let button = Button::new(text::rich(label, metrics::strong(), ink)).fill(fill).min_size(vec2(PRIMARY, CONTROL));
    ui.add_enabled(is_enabled, button)
}

pub(crate) fn secondary(ui: &mut Ui, label: &str) -> Response {
    ui.add(Button::new(label).min_size(vec2(SECONDARY, CONTROL)))
}

/// Later buttons in `ui` have no background until hovered.
pub(crate) fn quieten(ui: &mut Ui) {
    let widgets = &mut ui.visuals_mut().widgets;
    widgets.inactive.weak_bg_fill = Color32::TRANSPARENT;
    for state in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active, &mut widgets.open] {
        state.bg_stroke = Stroke::NONE;
    }
}

pub(crate) fn quiet_width(ui: &Ui, label: &str) -> f32 {
    let ink = theme::palette(ui).text_second;
    SPACE_S + ICON + SPACE_XS + text::line(ui.painter(), label, metrics::body(), ink, f32::INFINITY).size().x + SPACE_S
}

pub(crate) fn quiet(ui: &mut Ui, icon: Icon, label: &str) -> Response {
    let palette = theme::palette(ui);
    let galley = text::line(ui.painter(), label, metrics::body(), palette.text_second, f32::INFINITY);
    let size = vec2(SPACE_S + ICON + SPACE_XS + galley.size().x + SPACE_S, CONTROL - SPACE_XS);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label));
    let is_lit = response.hovered() || response.has_focus();
    let colour = if is_lit { palette.text } else { palette.text_second };
    if is_lit {
        let fill = if response.is_pointer_button_down_on() { palette.pressed } else { palette.hover };
        ui.painter().rect_filled(rect, RADIUS_S, fill);
    }
    let icon_rect =
        egui::Rect::from_center_size(rect.left_center() + vec2(SPACE_S + ICON / 2.0, 0.0), Vec2::splat(ICON));
    icons::paint(ui.painter(), icon_rect, icon, colour);
    let text_rect = rect.with_min_x(icon_rect.right() + SPACE_XS);
    text::paint(ui.painter(), text_rect, Align2::LEFT_CENTER, label, metrics::body(), colour);
    response
}
