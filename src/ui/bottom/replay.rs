//! The replay: bytes over the deploys of the history, and which layers each deploy replaces.

use std::ops::RangeInclusive;

use egui::{Id, Rect, Sense, Tooltip, Ui, UiBuilder, Vec2, Vec2b, pos2, vec2};
use egui_plot::{AxisHints, GridMark, Line, Plot, PlotBounds, PlotPoints};

use crate::app::replay_series::{ReplayCache, ReplaySeries};
use crate::app::state::{AppState, Session};
use crate::byte_count::ByteCount;
use crate::history::date::date;
use crate::history::model::{Commit, History};
use crate::ui::bottom::legend::{self, Series};
use crate::ui::bottom::{strip, tabs, ticks};
use crate::ui::theme::metrics::{SPACE_L, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{empty, text};

/// Width of the column of names and sums, where there is room for it.
const LEGEND: f32 = 232.0;
/// Width of the axis, and of the names of layers below it.
const AXIS: f32 = 92.0;
/// About how far apart the marks of the axis are.
const MARK_DISTANCE: f32 = 26.0;
/// The plot is not drawn lower than this.
const LEAST_PLOT: f32 = 48.0;

/// Draws the replay.
pub(super) fn show(ui: &mut Ui, state: &AppState, cache: &mut ReplayCache) {
    let Some(session) = state.session.as_ref() else { return };
    let Some(design) = session.design.as_ref() else { return };
    let suggested = state.advice.as_ref().and_then(|advice| advice.evaluation.as_ref());
    let series = cache.get(&design.model, &design.on_disk, &design.evaluation, suggested, state.choices.profile);
    if series.commits.is_empty() {
        nothing(ui, session);
        return;
    }
    let area = ui.available_rect_before_wrap().shrink2(vec2(tabs::SIDE, 0.0));
    let area = area.with_max_y(area.bottom() - SPACE_S);
    let has_legend = area.width() > LEGEND * 2.2;
    let cumulative = series.cumulative();
    if has_legend {
        let column = area.with_max_x(area.left() + LEGEND);
        ui.scope_builder(UiBuilder::new().max_rect(column), |ui| {
            let sums = cumulative.each_ref().map(|bytes| bytes.last().copied().unwrap_or_default());
            legend::show(ui, sums, series.commits.len());
        });
    }
    let left = if has_legend { area.left() + LEGEND + SPACE_L } else { area.left() };
    let right = area.with_min_x(left);
    let strip_height = strip::height(series.heat.len(), (right.height() - LEAST_PLOT).max(0.0) * 0.45);
    let plot_area = right.with_max_y(right.bottom() - strip_height - SPACE_S);
    let plot_frame = plot(ui, plot_area, &cumulative);
    let strip_rect = Rect::from_min_max(
        pos2(plot_frame.left(), right.bottom() - strip_height),
        pos2(plot_frame.right(), right.bottom()),
    );
    strip::paint(ui, strip_rect, left, &series);
    hover(ui, plot_frame.union(strip_rect), &series, &session.history);
}

/// Why there is nothing to replay, and what helps.
fn nothing(ui: &mut Ui, session: &Session) {
    match &session.history_problem {
        Some(problem) => empty::show(ui, "No history to replay", problem),
        None if session.history.commits.is_empty() => {
            let sentence = "The replay needs the git history of the workspace; a copy without .git has none";
            empty::show(ui, "No history to replay", sentence);
        }
        None => {
            let sentence =
                format!("No deploy in the {} commits looked at changes this app", session.history.commits.len());
            empty::show(ui, "Nothing was deployed", &sentence);
        }
    }
}

/// Draws the lines into `area`; returns the frame inside the axes.
fn plot(ui: &mut Ui, area: Rect, cumulative: &[Vec<ByteCount>; 4]) -> Rect {
    let palette = theme::palette(ui);
    let deploys = cumulative.iter().map(Vec::len).max().unwrap_or(0) as f64;
    let most = cumulative.iter().filter_map(|bytes| bytes.last()).max().copied().unwrap_or_default();
    // A little air above the highest line, and a scale even where nothing was fetched.
    let top = (most.0 as f64 * 1.06).max(1.0);
    let wanted = f64::from(area.height() / MARK_DISTANCE);
    let bytes_axis = AxisHints::new_y()
        .formatter(|mark: GridMark, _: &RangeInclusive<f64>| bytes_text(mark.value))
        .label_spacing(1.0..=2.0)
        .min_thickness(AXIS)
        .tick_label_font(metrics::small())
        .tick_label_color(palette.text_third);
    let plot = Plot::new("replay")
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
        .show_axes(Vec2b::new(false, true))
        .show_grid(Vec2b::new(false, true))
        .grid_color(palette.line)
        .grid_fade(0.0)
        .y_grid_spacer(move |_| marks(top, wanted))
        .custom_y_axes(vec![bytes_axis])
        .set_margin_fraction(Vec2::ZERO)
        .label_formatter(|_| None);
    let response = ui.scope_builder(UiBuilder::new().max_rect(area), |ui| {
        plot.show(ui, |plot| {
            plot.set_plot_bounds(PlotBounds::from_min_max([0.0, 0.0], [deploys.max(1.0), top]));
            for (series, bytes) in Series::ALL.into_iter().zip(cumulative) {
                let line = Line::new(series.name(), points(bytes))
                    .color(series.colour(palette))
                    .width(series.width())
                    .style(series.style())
                    .allow_hover(false);
                plot.line(line);
            }
        })
    });
    *response.inner.transform.frame()
}

fn marks(top: f64, wanted: f64) -> Vec<GridMark> {
    ticks::ticks(top, wanted).into_iter().map(|(value, step_size)| GridMark { value, step_size }).collect()
}

/// From nothing before the first deploy to the sum after the last.
fn points(bytes: &[ByteCount]) -> PlotPoints<'static> {
    let sums = bytes.iter().zip(1_u32..).map(|(sum, deploy)| [f64::from(deploy), sum.0 as f64]);
    std::iter::once([0.0, 0.0]).chain(sums).collect()
}

fn bytes_text(value: f64) -> String {
    // A cast from a float saturates: a negative value becomes zero.
    ByteCount(value.round() as u64).to_string()
}

/// The deploy under the pointer: a line through plot and strip, and what that deploy was.
fn hover(ui: &Ui, rect: Rect, series: &ReplaySeries, history: &History) {
    let palette = theme::palette(ui);
    let response = ui.interact(rect, Id::unique("replay hover"), Sense::hover());
    let Some(pointer) = response.hover_pos() else { return };
    let deploys = series.commits.len();
    let share = ((pointer.x - rect.left()) / rect.width()).clamp(0.0, 1.0);
    let deploy = ((share * deploys as f32) as usize).min(deploys.saturating_sub(1));
    let Some(commit) = series.commits.get(deploy).and_then(|&commit| history.commits.get(commit)) else { return };
    let x = rect.left() + rect.width() * (deploy as f32 + 0.5) / deploys as f32;
    ui.painter().vline(x, rect.y_range(), egui::Stroke::new(metrics::HAIRLINE, palette.text_third));
    Tooltip::for_enabled(&response).at_pointer().gap(SPACE_L).show(|ui| story(ui, series, deploy, commit));
}

fn story(ui: &mut Ui, series: &ReplaySeries, deploy: usize, commit: &Commit) {
    let palette = theme::palette(ui);
    ui.spacing_mut().item_spacing.y = SPACE_XS;
    ui.spacing_mut().interact_size.y = 0.0;
    ui.label(text::rich(&commit.subject, metrics::strong(), palette.text));
    let short = commit.id.get(..10).unwrap_or(&commit.id);
    let words = format!("{} by {}, {short}", date(commit.time), commit.author);
    ui.label(text::rich(&words, metrics::small(), palette.text_second));
    egui::Grid::new("deploy").num_columns(2).spacing(vec2(SPACE_L, 2.0)).show(ui, |ui| {
        let pulls = [&series.single_layer, &series.on_disk, &series.plan, &series.floor];
        for (series, pulls) in Series::ALL.into_iter().zip(pulls) {
            ui.label(text::rich(series.name(), metrics::body(), palette.text_second));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let bytes = pulls.fetched.get(deploy).copied().unwrap_or_default();
                ui.label(text::rich(&bytes.to_string(), metrics::body(), palette.text));
            });
            ui.end_row();
        }
    });
    let replaced: Vec<&str> =
        series.heat.iter().filter(|layer| layer.changed.get(deploy)).map(|layer| layer.name.as_str()).collect();
    let words =
        if replaced.is_empty() { "Replaces no layer".to_owned() } else { format!("Replaces {}", replaced.join(", ")) };
    ui.label(text::rich(&words, metrics::body(), palette.text_second));
}
