//! One deploy: commit, bytes, replaced layers.

use egui::{Ui, vec2};

use crate::engine::reports::replay_series::ReplaySeries;
use crate::history::date::date;
use crate::history::model::{Commit, History};
use crate::ui::replay::legend::Series;
use crate::ui::theme::metrics::{SPACE_L, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

pub(super) fn commit<'a>(series: &ReplaySeries, history: &'a History, deploy: usize) -> Option<&'a Commit> {
    series.commits.get(deploy).and_then(|&commit| history.commits.get(commit))
}

pub(super) fn origin(commit: &Commit) -> String {
    let short = commit.id.get(..10).unwrap_or(&commit.id);
    format!("{} by {}, {short}", date(commit.time), commit.author)
}

pub(super) fn replaced(series: &ReplaySeries, deploy: usize) -> String {
    let replaced: Vec<&str> =
        series.heat.iter().filter(|layer| layer.changed.get(deploy)).map(|layer| layer.name.as_str()).collect();
    if replaced.is_empty() { "Changes no layer".to_owned() } else { format!("Changes {}", replaced.join(", ")) }
}

pub(super) fn show(ui: &mut Ui, series: &ReplaySeries, deploy: usize, commit: &Commit) {
    let palette = theme::palette(ui);
    ui.spacing_mut().item_spacing.y = SPACE_XS;
    ui.spacing_mut().interact_size.y = 0.0;
    ui.label(text::rich(&commit.subject, metrics::strong(), palette.text));
    ui.label(text::rich(&origin(commit), metrics::small(), palette.text_second));
    egui::Grid::new("deploy").num_columns(2).spacing(vec2(SPACE_L, 2.0)).show(ui, |ui| {
        let pulls = [Some(&series.single_layer), series.current.as_ref(), Some(&series.plan), Some(&series.floor)];
        let bytes = pulls.map(|pulls| pulls.map(|pulls| pulls.fetched.get(deploy).copied().unwrap_or_default()));
        for (line, figure) in Series::ALL.into_iter().zip(series.known_as(bytes)) {
            ui.label(text::rich(line.name(), metrics::body(), palette.text_second));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let words = figure.map_or_else(|| "not known".to_owned(), |figure| figure.to_string());
                ui.label(text::rich(&words, metrics::body(), palette.text));
            });
            ui.end_row();
        }
    });
    ui.label(text::rich(&replaced(series, deploy), metrics::body(), palette.text_second));
}
