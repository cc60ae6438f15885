use egui::style::{ScrollStyle, Selection, Style, TextCursorStyle, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, Margin, Shadow, Stroke, TextStyle, Visuals, vec2};

use crate::ui::theme::metrics::{CONTROL, HAIRLINE, RADIUS_M, RADIUS_S, SPACE_S, SPACE_XS, body, code, heading, small};
use crate::ui::theme::palette::Palette;

pub(super) fn style(palette: &Palette) -> Style {
    let mut style = Style { visuals: visuals(palette), ..Style::default() };
    style.text_styles = [
        (TextStyle::Small, small()),
        (TextStyle::Body, body()),
        (TextStyle::Button, body()),
        (TextStyle::Heading, heading()),
        (TextStyle::Monospace, code()),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(SPACE_S, SPACE_XS);
    spacing.button_padding = vec2(SPACE_S, SPACE_XS);
    spacing.interact_size = vec2(CONTROL, CONTROL - SPACE_XS);
    spacing.menu_margin = Margin::same(6);
    spacing.window_margin = Margin::same(16);
    spacing.icon_width = 16.0;
    spacing.icon_width_inner = 8.0;
    spacing.icon_spacing = 6.0;
    spacing.combo_height = 360.0;
    spacing.tooltip_width = 360.0;
    spacing.scroll = ScrollStyle { bar_width: 8.0, floating_width: 4.0, ..ScrollStyle::floating() };
    spacing.scroll.fade.strength = 0.0;
    style.interaction.tooltip_delay = 0.35;
    style.interaction.selectable_labels = false;
    style.animation_time = 0.1;
    style
}

fn visuals(palette: &Palette) -> Visuals {
    let base = if palette.is_dark { Visuals::dark() } else { Visuals::light() };
    let shadow = Shadow { offset: [0, 4], blur: 16, spread: 0, color: palette.shadow };
    Visuals {
        dark_mode: palette.is_dark,
        weak_text_color: Some(palette.text_third),
        widgets: widgets(palette),
        selection: Selection { bg_fill: palette.selected, stroke: Stroke::new(HAIRLINE, palette.accent) },
        hyperlink_color: palette.accent,
        faint_bg_color: palette.raised,
        extreme_bg_color: palette.field,
        text_edit_bg_color: Some(palette.field),
        code_bg_color: palette.raised,
        warn_fg_color: palette.warning,
        error_fg_color: palette.bad,
        window_corner_radius: CornerRadius::same(RADIUS_M),
        menu_corner_radius: CornerRadius::same(RADIUS_M),
        window_shadow: Shadow { offset: [0, 8], blur: 32, ..shadow },
        popup_shadow: shadow,
        window_fill: palette.surface,
        window_stroke: Stroke::new(HAIRLINE, palette.outline),
        window_highlight_topmost: false,
        panel_fill: palette.surface,
        text_cursor: TextCursorStyle { stroke: Stroke::new(1.5, palette.accent), ..base.text_cursor.clone() },
        indent_has_left_vline: false,
        ..base
    }
}

fn widgets(palette: &Palette) -> Widgets {
    let line = |colour| Stroke::new(HAIRLINE, colour);
    let state = |fill: Color32, border: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: line(border),
        corner_radius: CornerRadius::same(RADIUS_S),
        fg_stroke: line(text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: state(palette.surface, palette.line, palette.text),
        inactive: state(palette.raised, palette.outline, palette.text),
        hovered: state(palette.hover, palette.text_third, palette.text),
        active: state(palette.pressed, palette.accent, palette.text),
        open: state(palette.hover, palette.accent, palette.text),
    }
}
