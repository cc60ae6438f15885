//! The cost of suggested layers by their number, on both halves of the history, with the chosen number marked.

use egui::{Align2, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, Vec2, Vec2b, pos2, vec2};
use egui_plot::{AxisHints, GridMark, Line, MarkerShape, Plot, PlotBounds, PlotPoints, Points, VLine};

use crate::advice::suggest::{CurvePoint, Evidence, Suggestion};
use crate::advice::verdict::Verdict;
use crate::app::action::Action;
use crate::app::state::AppState;
use crate::byte_count::ByteCount;
use crate::counted::counted;
use crate::engine::advice::advice_words::{deploys_in_words, next_layer_line, part_saving, per_deploy, percent};
use crate::picture::scale::ticks;
use crate::ui::bottom::tabs;
use crate::ui::commands::{Command, Subject};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{SPACE_L, SPACE_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, Palette, metrics};
use crate::ui::widgets::{button, empty, text};

const WORDS: f32 = 300.0;
const AXIS: f32 = 72.0;
const LINE: f32 = 2.0;
const LABEL: f32 = 64.0;
/// Approximate distance of axis marks.
const MARK_DISTANCE: f32 = 30.0;

pub(super) fn show(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let Some(design) = state.session.as_ref().and_then(|session| session.design.as_ref()) else { return };
    let found = state.advice.as_ref().and_then(|advice| advice.advice.as_ref());
    let Some(found) = found else {
        if state.advice.is_some() {
            empty::show(ui, "Searching for better layers", "Trying every number of layers on the repository's history");
        } else if design.evaluation.numbers.deploys == 0 {
            empty::show(ui, "No deploys to learn from", "No commit of the history changes this app");
        } else {
            offer(ui, state, actions);
        }
        return;
    };
    let area = ui.available_rect_before_wrap().shrink2(vec2(tabs::SIDE, 0.0));
    let area = area.with_max_y(area.bottom() - SPACE_S);
    let words = area.with_max_x(area.left() + WORDS.min(area.width() * 0.45));
    ui.scope_builder(UiBuilder::new().max_rect(words), |ui| {
        let area = ScrollArea::vertical().id_salt("advice words").auto_shrink(false);
        area.show(ui, |ui| figures(ui, &found.suggestion));
    });
    curve(ui, area.with_min_x(words.right() + SPACE_L), &found.suggestion);
}

fn offer(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    ui.vertical_centered(|ui| {
        ui.add_space(SPACE_L);
        let sentence = "Which layers would have cost least over the repository's history?";
        ui.label(text::rich(sentence, metrics::body(), theme::palette(ui).text_second));
        if button::quiet(ui, Icon::Layers, Command::Suggest.name()).clicked() {
            actions.extend(Command::Suggest.action(&Subject::selected(state)));
        }
    });
}

/// Figures of both halves, and the gain of one more layer.
fn figures(ui: &mut Ui, suggestion: &Suggestion) {
    let palette = theme::palette(ui);
    ui.spacing_mut().item_spacing.y = SPACE_XS;
    let objective = suggestion.options.objective;
    let is_known = suggestion.verdict != Verdict::CurrentNotKnown;
    let halves = [
        ("Tuned on", suggestion.older, palette.text_third, palette.text_second),
        ("Tested on", suggestion.newer, palette.accent, palette.accent),
    ];
    for (title, part, line, ink) in halves {
        let saves = if is_known { format!(": {}", part_saving(&part, objective)) } else { String::new() };
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(SPACE_M, metrics::CHIP), Sense::hover());
            ui.painter().hline(rect.x_range(), rect.center().y, Stroke::new(LINE, line));
            let words = format!("{title} {}{saves}", deploys_in_words(part.deploys));
            ui.label(text::rich(&words, metrics::strong(), ink));
        });
        let bytes = |bytes: u128| per_deploy(bytes, part.deploys).map_or("—".to_owned(), |bytes| bytes.to_string());
        let line = format!(
            "Current {}, suggested {}, theoretical minimum {}",
            if is_known { bytes(part.present.repull) } else { "not known".to_owned() },
            bytes(part.suggested.repull),
            bytes(part.floor.repull)
        );
        ui.label(text::rich(&line, metrics::small(), palette.text_second));
        ui.add_space(SPACE_XS);
    }
    let threshold = percent(i64::from(suggestion.threshold_permille));
    let line = match suggestion.verdict {
        Verdict::Change { break_even_deploys: Some(deploys) } => format!(
            "A change must save {threshold} on the tested deploys; it pays off after {}",
            deploys_in_words(deploys)
        ),
        _ => format!("A change must save {threshold} on the tested deploys"),
    };
    ui.add(egui::Label::new(text::rich(&line, metrics::small(), palette.text_second)).wrap());
    if let Some(line) = next_layer_line(suggestion) {
        ui.add(egui::Label::new(text::rich(&line, metrics::small(), palette.text_second)).wrap());
    }
}

fn curve(ui: &mut Ui, area: Rect, suggestion: &Suggestion) {
    let palette = theme::palette(ui);
    let points = |bytes: &dyn Fn(&CurvePoint) -> u128, deploys: u64| -> Vec<[f64; 2]> {
        let mean = |point: &CurvePoint| per_deploy(bytes(point), deploys).unwrap_or_default().0 as f64;
        suggestion.curve.iter().map(|point| [point.groups as f64, mean(point)]).collect()
    };
    let older = points(&|point| point.older.repull, suggestion.older.deploys);
    let newer = points(&|point| point.newer.repull, suggestion.newer.deploys);
    let most = older.iter().chain(&newer).map(|point| point[1]).fold(1.0, f64::max) * 1.08;
    let groups = suggestion.curve.last().map_or(1, |point| point.groups.max(1)) as f64;
    let knee = suggestion.curve.get(suggestion.knee).map_or(0, |point| point.groups);
    let labels = newer.clone();
    let plot = plot(area, most, palette);
    let inner = ui.scope_builder(UiBuilder::new().max_rect(area), |ui| {
        plot.show(ui, |plot| {
            plot.set_plot_bounds(PlotBounds::from_min_max([-0.15, 0.0], [groups + 0.15, most]));
            plot.vline(VLine::new("knee", knee as f64).color(palette.outline).width(1.0));
            for (name, points, colour) in [("older", older, palette.text_third), ("newer", newer, palette.accent)] {
                plot.line(Line::new(name, PlotPoints::from(points.clone())).color(colour).width(LINE));
                let marked: Vec<[f64; 2]> = points.iter().copied().filter(|[at, _]| *at == knee as f64).collect();
                let dots = Points::new(name, PlotPoints::from(points)).color(colour).radius(3.0);
                plot.points(dots.shape(MarkerShape::Circle));
                // A dot in a ring.
                for (ink, radius) in [(colour, 6.5), (palette.surface, 5.0), (colour, 3.0)] {
                    let dot = Points::new(name, PlotPoints::from(marked.clone())).color(ink).radius(radius);
                    plot.points(dot.shape(MarkerShape::Circle));
                }
            }
        })
        .response
    });
    let frame = inner.inner.rect;
    // Far from the first point all others are close to the axis, so their bytes are written; if these would overlap,
    // only at the ends and the chosen one.
    let is_wide = f64::from(frame.width()) / (groups + 0.3) >= f64::from(LABEL);
    let ends = [0.0, groups, knee as f64];
    for [layers, bytes] in labels.iter().filter(|[layers, _]| is_wide || ends.contains(layers)) {
        let share = vec2((*layers as f32 + 0.15) / (groups as f32 + 0.3), (*bytes / most) as f32);
        let at = pos2(frame.left() + frame.width() * share.x, frame.bottom() - frame.height() * share.y);
        let rect = Rect::from_center_size(at - vec2(0.0, 14.0), vec2(90.0, 14.0));
        let words = ByteCount(*bytes as u64).to_string();
        let (align, rect) = if *layers == 0.0 {
            (Align2::LEFT_CENTER, rect.translate(vec2(53.0, 14.0)))
        } else if rect.right() > frame.right() + 45.0 - LABEL / 2.0 {
            // Keeps the last one within the panel.
            (Align2::RIGHT_CENTER, rect.with_max_x(frame.right()))
        } else {
            (Align2::CENTER_CENTER, rect)
        };
        let galley = text::line(ui.painter(), &words, metrics::small(), palette.accent, rect.width());
        let place = align.align_size_within_rect(galley.size(), rect);
        ui.painter().rect_filled(place.expand2(vec2(2.0, 0.0)), 2.0, palette.surface);
        ui.painter().galley(place.min, galley, palette.accent);
    }
    let share = (knee as f32 + 0.15) / (groups as f32 + 0.3);
    let x = frame.left() + frame.width() * share;
    let is_right = share < 0.6;
    let next = suggestion.curve.get(suggestion.knee + 1).map_or(0, |next| next.groups);
    let layers = counted(knee, "layer");
    let words = match suggestion.evidence {
        _ if next > suggestion.options.max_layers => format!("{layers}, as asked for"),
        Evidence::Thin { most_groups, .. } if next > most_groups => format!("{layers}: too little history for more"),
        _ => format!("{layers}: more layers don't help"),
    };
    let label = if is_right {
        Rect::from_min_max(pos2(x + SPACE_XS, frame.top()), pos2(frame.right(), frame.top() + metrics::ROW))
    } else {
        Rect::from_min_max(frame.min, pos2(x - SPACE_XS, frame.top() + metrics::ROW))
    };
    let align = if is_right { Align2::LEFT_CENTER } else { Align2::RIGHT_CENTER };
    text::paint(ui.painter(), label, align, &words, metrics::small(), palette.text_second);
}

fn plot(area: Rect, top: f64, palette: &Palette) -> Plot<'static> {
    let ink = palette.text_third;
    let wanted = f64::from(area.height() / MARK_DISTANCE);
    let whole = |mark: GridMark, _: &std::ops::RangeInclusive<f64>| {
        if mark.value.fract() == 0.0 && mark.value >= 0.0 { format!("{}", mark.value) } else { String::new() }
    };
    let layers = AxisHints::new_x()
        .label_spacing(12.0..=20.0)
        .formatter(whole)
        .label(text::rich("layers", metrics::small(), ink))
        .tick_label_font(metrics::small())
        .tick_label_color(ink);
    let bytes = AxisHints::new_y()
        .formatter(|mark: GridMark, _: &std::ops::RangeInclusive<f64>| {
            ByteCount(mark.value.max(0.0) as u64).to_string()
        })
        .label_spacing(1.0..=2.0)
        .min_thickness(AXIS)
        .tick_label_font(metrics::small())
        .tick_label_color(ink);
    Plot::new("advice")
        .width(area.width())
        .height(area.height())
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .allow_axis_zoom_drag(false)
        .sense(Sense::hover())
        .show_crosshair(false)
        .show_background(false)
        .show_grid(Vec2b::new(false, true))
        .grid_color(palette.line)
        .grid_fade(0.0)
        .x_grid_spacer(|input| {
            let whole = (input.bounds.0.ceil() as i32..=input.bounds.1.floor() as i32).map(f64::from);
            whole.map(|value| GridMark { value, step_size: 1.0 }).collect()
        })
        .y_grid_spacer(move |_| {
            let marks = ticks(top, wanted).into_iter();
            marks.map(|(value, step_size)| GridMark { value, step_size }).collect()
        })
        .custom_x_axes(vec![layers])
        .custom_y_axes(vec![bytes])
        .set_margin_fraction(Vec2::ZERO)
}
