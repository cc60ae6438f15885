//! Totals of the image: first pull, per deploy and unpacked, for one layer, current and plan.

use egui::{Align2, Id, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::byte_count::ByteCount;
use crate::counted::counted;
use crate::engine::reports::figures::{saving_not_known, saving_words};
use crate::engine::reports::savings::{Layers, saving_over_all};
use crate::history::cost::Totals;
use crate::size::known_bytes::KnownBytes;
use crate::ui::stack::banner;
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, Palette, metrics};
use crate::ui::widgets::{figure, text};

const LINE: f32 = 20.0;
const HEADLINE: f32 = 26.0;
/// Titles of the columns of figures.
const COLUMNS: [&str; 3] = ["One layer", "Current", "Plan"];
const TABLE_ON_HOVER: f32 = 320.0;

struct Line {
    title: &'static str,
    hint: String,
    /// One layer, current, plan.
    figures: [Option<KnownBytes>; 3],
    /// Of the plan without the drop.
    before: Option<KnownBytes>,
}

/// With little room only the headline, and the table on hover.
pub(super) fn show(ui: &mut Ui, state: &AppState, design: &Design, is_low: bool) {
    let palette = theme::palette(ui);
    let caption = if banner::numbers_hold(&design.model.verdict) {
        "Pulled per deploy"
    } else {
        "Per deploy, with Layerwright's layer rules"
    };
    ui.spacing_mut().item_spacing.y = 0.0;
    let top = ui.cursor().top();
    headline(ui, state, design, caption, palette);
    if is_low {
        let rect = Rect::from_min_max(pos2(ui.min_rect().left(), top), ui.min_rect().max);
        ui.interact(rect, Id::unique("totals"), Sense::hover()).on_hover_ui(|ui| {
            ui.set_width(TABLE_ON_HOVER);
            ui.spacing_mut().item_spacing.y = 0.0;
            table(ui, state, design, palette);
        });
        return;
    }
    ui.add_space(SPACE_S);
    table(ui, state, design, palette);
}

fn table(ui: &mut Ui, state: &AppState, design: &Design, palette: &Palette) {
    let shown = &design.shown().numbers;
    let (header, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    for (column, title) in COLUMNS.into_iter().enumerate() {
        text::paint(
            ui.painter(),
            cell(header, column),
            Align2::RIGHT_CENTER,
            title,
            metrics::small(),
            palette.text_third,
        );
    }
    for entry in lines(state, design, shown.totals) {
        line(ui, &entry, palette);
    }
    ui.add_space(SPACE_XS);
    foot(ui, state, design, palette);
}

fn lines(state: &AppState, design: &Design, plan: Totals) -> [Line; 3] {
    let single = design.evaluation.numbers.single_layer;
    let current = design.current.as_ref().map(|current| current.numbers.totals);
    let before = design.evaluation.numbers.totals;
    let deploys = deploys_hint(state, design);
    [
        Line {
            title: "First pull",
            hint: "Pulled by a node that has nothing of the image yet, without the base image".to_owned(),
            figures: [Some(single.first_pull), current.map(|current| current.first_pull), Some(plan.first_pull)],
            before: Some(before.first_pull),
        },
        Line {
            title: "Per deploy",
            hint: format!(
                "Pulled on average by a node that has the previous version\n{deploys}\n{}",
                state.choices.profile.meaning()
            ),
            figures: [
                single.repull_per_deploy,
                current.and_then(|current| current.repull_per_deploy),
                plan.repull_per_deploy,
            ],
            before: before.repull_per_deploy,
        },
        Line {
            title: "Unpacked",
            hint: format!("Unpacked on average per deploy: every layer from the lowest changed one up\n{deploys}"),
            figures: [
                single.unpack_per_deploy,
                current.and_then(|current| current.unpack_per_deploy),
                plan.unpack_per_deploy,
            ],
            before: before.unpack_per_deploy,
        },
    ]
}

/// The plan's bytes per deploy and the saving against the current layers.
fn headline(ui: &mut Ui, state: &AppState, design: &Design, caption: &str, palette: &Palette) {
    let shown = &design.shown().numbers;
    let width = ui.available_width();
    let (small, response) = ui.allocate_exact_size(vec2(width, LINE), Sense::hover());
    response.widget_info(|| {
        let bytes = figure::known(shown.totals.repull_per_deploy.as_ref());
        WidgetInfo::labeled(Role::Label, true, format!("{caption}: {bytes}"))
    });
    text::paint(ui.painter(), small, Align2::LEFT_CENTER, caption, metrics::small(), palette.text_second);
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEADLINE), Sense::hover());
    let Some(mean) = shown.totals.repull_per_deploy else {
        text::paint(
            ui.painter(),
            rect,
            Align2::LEFT_CENTER,
            "Unknown without deploys",
            metrics::heading(),
            palette.text_second,
        );
        return;
    };
    let ink = figure::ink(palette, &mean, palette.text);
    let (figure, _) = text::paint(ui.painter(), rect, Align2::LEFT_CENTER, &mean.to_string(), metrics::title(), ink);
    response.on_hover_text(figure::known_story(&mean));
    let before = design.evaluation.numbers.totals.repull_per_deploy.map_or(ByteCount::ZERO, |before| before.bytes);
    let bytes = mean.bytes;
    let rest = rect.with_min_x(figure.right() + SPACE_S);
    let (words, ink) = match figure::difference(before, bytes) {
        Some(difference) => {
            (format!("{difference} with this drop"), if bytes < before { palette.good } else { palette.bad })
        }
        None => saving(ui, state, design, rest, palette),
    };
    text::paint(ui.painter(), rest, Align2::RIGHT_CENTER, &words, metrics::strong(), ink);
}

/// Returns the saving against the current layers, such as `60 to 75 % less than now`; why there is none is read on hover.
fn saving(ui: &Ui, state: &AppState, design: &Design, rect: Rect, palette: &Palette) -> (String, egui::Color32) {
    let Some(current) = &design.current else {
        return ("Current not known".to_owned(), palette.text_second);
    };
    if !design.is_changed() {
        return ("Current".to_owned(), palette.text_second);
    }
    let (before, after) = (Layers::Of(current), Layers::Of(design.shown()));
    let saving = saving_over_all(&design.model, before, after, state.choices.profile);
    if let Some(why) = saving_not_known(&saving) {
        ui.interact(rect, Id::unique("saving not known"), Sense::hover()).on_hover_text(why);
        return ("Saving not known".to_owned(), palette.text_second);
    }
    let words = match saving_words(&saving) {
        words if words == "no change" => "No saving".to_owned(),
        words => format!("{words} than now"),
    };
    (words, figure::saving_ink(palette, &saving))
}

fn cell(line: Rect, column: usize) -> Rect {
    let width = (line.width() * 0.25).min(92.0);
    let right = line.right() - width * (2 - column.min(2)) as f32;
    Rect::from_min_max(pos2(right - width, line.top()), pos2(right, line.bottom()))
}

fn line(ui: &mut Ui, line: &Line, palette: &Palette) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let [_, _, plan] = line.figures;
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Label, true, format!("{}: {}", line.title, figure::known(plan.as_ref())))
    });
    let title = rect.with_max_x(cell(rect, 0).left());
    text::paint(ui.painter(), title, Align2::LEFT_CENTER, line.title, metrics::body(), palette.text_second);
    for (column, figure) in line.figures.into_iter().enumerate() {
        let has_changed = column == 2 && line.before != plan;
        let (font, ink) = match column {
            2 if has_changed => (metrics::strong(), palette.accent),
            2 => (metrics::strong(), palette.text),
            _ => (metrics::body(), palette.text_second),
        };
        let cell = cell(rect, column);
        match figure {
            Some(figure) => figure::paint(ui.painter(), palette, cell, &figure, font, ink),
            None => text::paint(ui.painter(), cell, Align2::RIGHT_CENTER, "—", font, ink).0,
        };
    }
    response.on_hover_ui(|ui| {
        ui.label(text::rich(&line.hint, metrics::body(), palette.text));
        for (title, figure) in COLUMNS.into_iter().zip(&line.figures) {
            let Some(figure) = figure else { continue };
            let range = figure.range_words().map(|range| format!(" ({range})")).unwrap_or_default();
            let words = format!("{title}: {}{range}", figure.with_missing());
            ui.label(text::rich(&words, metrics::body(), palette.text_second));
        }
    });
}

/// The basis of the averages.
fn foot(ui: &mut Ui, state: &AppState, design: &Design, palette: &Palette) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let deploys = design.evaluation.numbers.deploys;
    let commits = design.model.measures.commits;
    let is_sample = state.session.as_ref().is_some_and(|session| session.history.is_sample);
    let history = if is_sample { "sample commits" } else { "first-parent commits" };
    let words = if commits == 0 {
        "No deploys: there is no history".to_owned()
    } else {
        let deploys = counted(deploys, "deploy");
        format!("{deploys} in {commits} {history} · {}", state.choices.profile.runtime())
    };
    text::paint(ui.painter(), rect, Align2::LEFT_CENTER, &words, metrics::small(), palette.text_third);
    let hint = format!("{}\n{}", deploys_hint(state, design), state.choices.profile.meaning());
    ui.interact(rect, Id::unique("totals foot"), Sense::hover()).union(response).on_hover_text(hint);
}

fn deploys_hint(state: &AppState, design: &Design) -> String {
    let numbers = &design.evaluation.numbers;
    let commits = design.model.measures.commits;
    let problem = state.session.as_ref().and_then(|session| session.history_problem.as_ref());
    match (numbers.deploys, problem) {
        (0, Some(problem)) => format!("No history: {problem}"),
        (0, None) if commits == 0 => "This workspace has no history".to_owned(),
        (0, None) => format!("None of the last {commits} commits changes this app"),
        (deploys, _) => {
            format!("{deploys} deploys in {commits} first-parent commits: deployed {}", state.choices.cadence.meaning())
        }
    }
}
