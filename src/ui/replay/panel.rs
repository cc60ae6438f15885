//! The replay at the bottom: names and sums, and the chart.

use egui::{Rect, Ui, UiBuilder, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::session::Session;
use crate::history::model::HistoryStart;
use crate::ui::replay::chart::{self, Chart};
use crate::ui::replay::legend::Series;
use crate::ui::replay::memory::ReplayMemory;
use crate::ui::replay::{controls, legend};
use crate::ui::theme::metrics::{SPACE_L, SPACE_M, SPACE_S};
use crate::ui::widgets::empty;

const LEGEND: f32 = 336.0;

/// Below this width the controls get their own line.
const IN_HEADER: f32 = 430.0;

/// `header` is the room above for the controls.
pub(crate) fn show(ui: &mut Ui, header: Rect, state: &AppState, memory: &mut ReplayMemory, actions: &mut Vec<Action>) {
    let Some((session, design, series)) = memory.series(state) else { return };
    let area = ui.available_rect_before_wrap().shrink2(vec2(SPACE_M, 0.0));
    let area = area.with_max_y(area.bottom() - SPACE_S);
    let is_in_header = header.width() >= IN_HEADER;
    let line = if is_in_header { header } else { area.with_max_y(area.top() + controls::LINE) };
    ui.scope_builder(UiBuilder::new().max_rect(line), |ui| controls::show(ui, state, &mut memory.controls, actions));
    let area = if is_in_header { area } else { area.with_min_y(line.bottom()) };
    if series.commits.is_empty() {
        ui.scope_builder(UiBuilder::new().max_rect(area), |ui| nothing(ui, session));
        return;
    }
    let cumulative = series.cumulative();
    let has_legend = area.width() > LEGEND * 2.2;
    if has_legend {
        let column = area.with_max_x(area.left() + LEGEND);
        ui.scope_builder(UiBuilder::new().max_rect(column), |ui| {
            let sums = series.known_as(chart::sums(&cumulative, state.view.deploy));
            let savings = |of: Series| legend::saving(design, state.choices.profile, state.view.deploy, of);
            legend::show(ui, sums, &savings, series.commits.len(), state.view.deploy);
        });
    }
    let left = if has_legend { area.left() + LEGEND + SPACE_L } else { area.left() };
    let chart = Chart {
        series: &series,
        cumulative: &cumulative,
        history: &session.history,
        deploy: state.view.deploy,
        is_large: false,
    };
    actions.extend(chart.show(ui, area.with_min_x(left)).map(Action::Look));
}

pub(super) fn nothing(ui: &mut Ui, session: &Session) {
    match &session.history_problem {
        Some(problem) => empty::show(ui, "No history to replay", problem),
        None if session.history.commits.is_empty() => {
            let sentence = "The replay needs the git history of the workspace";
            empty::show(ui, "No history to replay", sentence);
        }
        None if matches!(session.history.start, HistoryStart::Shallow { .. }) => {
            let sentence = format!(
                "The clone is shallow: none of its {} commits changes this app. Run `git fetch --unshallow` to get the rest.",
                session.history.commits.len()
            );
            empty::show(ui, "Too little history to replay", &sentence);
        }
        None => {
            let sentence = format!(
                "None of the last {} commits changes this app. Include more of the history",
                session.history.commits.len()
            );
            empty::show(ui, "No deploys", &sentence);
        }
    }
}
