//! The chart: bytes over the deploys, replaced layers, and days. A press selects a deploy, a drag scrubs.

use std::ops::RangeInclusive;

use egui::{
    Align2, Event, EventFilter, Id, Key, Rect, Response, Sense, Stroke, Tooltip, Ui, UiBuilder, Vec2, Vec2b,
    WidgetInfo, pos2, vec2,
};
use egui_plot::{AxisHints, GridMark, Line, Plot, PlotBounds, PlotPoints};

use crate::app::state::view::Look;
use crate::byte_count::ByteCount;
use crate::engine::reports::replay_series::ReplaySeries;
use crate::history::date::date;
use crate::history::model::History;
use crate::picture::scale::ticks;
use crate::ui::replay::legend::Series;
use crate::ui::replay::{strip, summary};
use crate::ui::theme::metrics::{SPACE_L, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, Palette, metrics};
use crate::ui::widgets::text;

/// Of the axis and the names of layers.
const AXIS: f32 = 92.0;
/// Approximate distance of axis marks.
const MARK_DISTANCE: f32 = 26.0;
const LEAST_PLOT: f32 = 48.0;
/// Height of days, and width of one with space.
const DAYS: f32 = 16.0;
const DAY: f32 = 84.0;

pub(super) struct Chart<'a> {
    pub series: &'a ReplaySeries,
    pub cumulative: &'a [Vec<ByteCount>; 4],
    pub history: &'a History,
    pub deploy: Option<usize>,
    pub is_large: bool,
}

/// Bytes up to a deploy, or in all, in the order of [`Series::ALL`]; `None` if not known.
pub(super) fn sums(cumulative: &[Vec<ByteCount>; 4], deploy: Option<usize>) -> [Option<ByteCount>; 4] {
    cumulative.each_ref().map(|bytes| deploy.and_then(|deploy| bytes.get(deploy)).or(bytes.last()).copied())
}

impl Chart<'_> {
    /// Returns the newly selected deploy.
    pub(crate) fn show(&self, ui: &mut Ui, area: Rect) -> Option<Look> {
        let palette = theme::palette(ui);
        let has_days = area.height() > LEAST_PLOT + 3.0 * DAYS;
        let below = if has_days { DAYS } else { 0.0 };
        let room = (area.height() - LEAST_PLOT - below).max(0.0) * if self.is_large { 0.34 } else { 0.45 };
        let strip_height = strip::height(self.series.heat.len(), room, self.is_large);
        let plot_area = area.with_max_y(area.bottom() - strip_height - SPACE_S - below);
        let frame = self.plot(ui, plot_area);
        let top = area.bottom() - below - strip_height;
        let strip_rect = Rect::from_min_max(pos2(frame.left(), top), pos2(frame.right(), top + strip_height));
        strip::paint(ui, strip_rect, area.left(), self.series);
        if has_days {
            self.days(
                ui,
                Rect::from_min_max(pos2(frame.left(), strip_rect.bottom()), pos2(frame.right(), area.bottom())),
            );
        }
        let all = frame.union(strip_rect);
        self.looked_at(ui, all, frame, palette);
        self.pointer(ui, all, palette)
    }

    /// Returns the frame inside the axes.
    fn plot(&self, ui: &mut Ui, area: Rect) -> Rect {
        let palette = theme::palette(ui);
        let deploys = self.series.commits.len() as f64;
        let top = self.top();
        let wanted = f64::from(area.height() / if self.is_large { 2.0 * MARK_DISTANCE } else { MARK_DISTANCE });
        let bytes_axis = AxisHints::new_y()
            .formatter(|mark: GridMark, _: &RangeInclusive<f64>| bytes_text(mark.value))
            .label_spacing(1.0..=2.0)
            .min_thickness(AXIS)
            .tick_label_font(if self.is_large { metrics::body() } else { metrics::small() })
            .tick_label_color(palette.text_third);
        let plot = Plot::new(("replay", self.is_large))
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
        let wide = if self.is_large { 1.5 } else { 1.0 };
        let response = ui.scope_builder(UiBuilder::new().max_rect(area), |ui| {
            plot.show(ui, |plot| {
                plot.set_plot_bounds(PlotBounds::from_min_max([0.0, 0.0], [deploys.max(1.0), top]));
                for (series, bytes) in Series::ALL.into_iter().zip(self.cumulative) {
                    let line = Line::new(series.name(), points(bytes))
                        .color(series.colour(palette))
                        .width(series.width() * wide)
                        .style(series.style())
                        .allow_hover(false);
                    plot.line(line);
                }
            })
        });
        *response.inner.transform.frame()
    }

    /// A little above the highest line; positive even if nothing was fetched.
    fn top(&self) -> f64 {
        let most = self.cumulative.iter().filter_map(|bytes| bytes.last()).max().copied().unwrap_or_default();
        (most.0 as f64 * 1.06).max(1.0)
    }

    /// As many days as fit, each starting at its deploy.
    fn days(&self, ui: &Ui, rect: Rect) {
        let palette = theme::palette(ui);
        let deploys = self.series.commits.len();
        let mut free_from = rect.left();
        let mut last = None;
        for deploy in 0..deploys {
            let left = rect.left() + rect.width() * deploy as f32 / deploys as f32;
            if left < free_from || left + DAY - SPACE_S > rect.right() {
                continue;
            }
            let Some(commit) = summary::commit(self.series, self.history, deploy) else { continue };
            let day = date(commit.time);
            if last.as_ref() != Some(&day) {
                let place = Rect::from_min_size(pos2(left, rect.top()), vec2(DAY, rect.height()));
                text::paint(ui.painter(), place, Align2::LEFT_CENTER, &day, metrics::small(), palette.text_third);
                free_from = left + DAY;
                last = Some(day);
            }
        }
    }

    fn x(&self, rect: Rect, deploy: usize) -> f32 {
        rect.left() + rect.width() * (deploy as f32 + 0.5) / self.series.commits.len().max(1) as f32
    }

    /// Dims what comes after the selected deploy.
    fn looked_at(&self, ui: &Ui, all: Rect, frame: Rect, palette: &Palette) {
        let Some(deploy) = self.deploy.filter(|deploy| *deploy < self.series.commits.len()) else { return };
        let end = all.left() + all.width() * (deploy + 1) as f32 / self.series.commits.len().max(1) as f32;
        let later = all.with_min_x(end);
        ui.painter().rect_filled(later, 0.0, palette.surface.gamma_multiply(0.7));
        ui.painter().vline(end, all.y_range(), Stroke::new(1.5, palette.accent));
        for (series, bytes) in Series::ALL.into_iter().zip(self.cumulative) {
            let Some(sum) = bytes.get(deploy) else { continue };
            let y = frame.bottom() - frame.height() * (sum.0 as f64 / self.top()) as f32;
            let radius = if self.is_large { 5.0 } else { 3.0 };
            ui.painter().circle(pos2(end, y), radius, series.colour(palette), Stroke::new(1.5, palette.surface));
        }
    }

    /// Hover describes a deploy, a press or key selects it.
    fn pointer(&self, ui: &Ui, rect: Rect, palette: &Palette) -> Option<Look> {
        let deploys = self.series.commits.len();
        let response = ui.interact(rect, Id::unique(("replay chart", self.is_large)), Sense::click_and_drag());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(egui::Role::Slider, true, "Selected deploy");
            info.value = self.deploy.map(|deploy| deploy as f64 + 1.0);
            info
        });
        if let Some(look) = self.keys(ui, &response) {
            return Some(look);
        }
        let pointer = response.hover_pos().or(response.interact_pointer_pos())?;
        let share = ((pointer.x - rect.left()) / rect.width()).clamp(0.0, 1.0);
        let deploy = ((share * deploys as f32) as usize).min(deploys.saturating_sub(1));
        if response.clicked() {
            response.request_focus();
            return Some(Look::Deploy((self.deploy != Some(deploy)).then_some(deploy)));
        }
        if response.dragged() {
            return (self.deploy != Some(deploy)).then_some(Look::Deploy(Some(deploy)));
        }
        let commit = summary::commit(self.series, self.history, deploy)?;
        let x = self.x(rect, deploy);
        ui.painter().vline(x, rect.y_range(), Stroke::new(metrics::HAIRLINE, palette.text_third));
        Tooltip::for_enabled(&response)
            .at_pointer()
            .gap(SPACE_L)
            .show(|ui| summary::show(ui, self.series, deploy, commit));
        None
    }

    /// Arrows step, Home and End go to the ends, Escape clears.
    fn keys(&self, ui: &Ui, response: &Response) -> Option<Look> {
        if !response.has_focus() {
            return None;
        }
        ui.memory_mut(|egui| {
            let filter =
                EventFilter { horizontal_arrows: true, escape: self.deploy.is_some(), ..EventFilter::default() };
            egui.set_focus_lock_filter(response.id, filter);
        });
        let rect = response.rect.expand(SPACE_XS / 2.0);
        ui.painter().rect_stroke(
            rect,
            2.0,
            Stroke::new(metrics::HAIRLINE, theme::palette(ui).outline),
            egui::StrokeKind::Inside,
        );
        let last = self.series.commits.len().checked_sub(1)?;
        let pressed = ui.input(|input| {
            input.events.iter().find_map(|event| match event {
                Event::Key { key, pressed: true, modifiers, .. } if modifiers.is_none() => Some(*key),
                _ => None,
            })
        })?;
        step(pressed, self.deploy, last)
    }
}

/// `last` is the last deploy.
pub(super) fn step(key: Key, deploy: Option<usize>, last: usize) -> Option<Look> {
    let next = match key {
        Key::ArrowRight => Some(deploy.map_or(0, |deploy| (deploy + 1).min(last))),
        Key::ArrowLeft => Some(deploy.map_or(last, |deploy| deploy.saturating_sub(1))),
        Key::Home => Some(0),
        Key::End => Some(last),
        Key::Escape => {
            deploy?;
            None
        }
        _ => return None,
    };
    Some(Look::Deploy(next))
}

fn marks(top: f64, wanted: f64) -> Vec<GridMark> {
    ticks(top, wanted).into_iter().map(|(value, step_size)| GridMark { value, step_size }).collect()
}

/// Starts at zero before the first deploy.
fn points(bytes: &[ByteCount]) -> PlotPoints<'static> {
    let sums = bytes.iter().zip(1_u32..).map(|(sum, deploy)| [f64::from(deploy), sum.0 as f64]);
    std::iter::once([0.0, 0.0]).chain(sums).collect()
}

fn bytes_text(value: f64) -> String {
    // A cast from a float saturates.
    ByteCount(value.round() as u64).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_go_from_deploy_to_deploy_and_stay_inside() {
        let go = |key, deploy| step(key, deploy, 9);
        assert_eq!(go(Key::ArrowRight, None), Some(Look::Deploy(Some(0))));
        assert_eq!(go(Key::ArrowRight, Some(9)), Some(Look::Deploy(Some(9))));
        assert_eq!(go(Key::ArrowLeft, None), Some(Look::Deploy(Some(9))));
        assert_eq!(go(Key::ArrowLeft, Some(0)), Some(Look::Deploy(Some(0))));
        assert_eq!(go(Key::End, Some(2)), Some(Look::Deploy(Some(9))));
        assert_eq!(go(Key::Escape, Some(2)), Some(Look::Deploy(None)));
        assert_eq!(go(Key::Escape, None), None);
        assert_eq!(go(Key::A, Some(2)), None);
    }

    #[test]
    fn sums_are_those_of_the_deploy_or_of_all() {
        let bytes = |sums: [u64; 2]| sums.map(ByteCount).to_vec();
        let cumulative = [bytes([1, 9]), bytes([2, 8]), bytes([3, 7]), Vec::new()];
        assert_eq!(sums(&cumulative, None), [Some(9), Some(8), Some(7), None].map(|sum| sum.map(ByteCount)));
        assert_eq!(sums(&cumulative, Some(0)), [Some(1), Some(2), Some(3), None].map(|sum| sum.map(ByteCount)));
        assert_eq!(sums(&cumulative, Some(70)), [Some(9), Some(8), Some(7), None].map(|sum| sum.map(ByteCount)));
    }
}
