//! The replay in the whole window: two large totals and the chart.

use egui::{
    Align, Align2, CentralPanel, Frame, Key, Layout, Margin, Modifiers, Popup, Rect, Role, Sense, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::app::state::session::Session;
use crate::app::state::view::Look;
use crate::engine::reports::figures::saving_words;
use crate::engine::reports::replay_series::ReplaySeries;
use crate::engine::reports::savings::{Layers, saving_between};
use crate::history::saving::Saving;
use crate::size::known_bytes::KnownBytes;
use crate::ui::icons::Icon;
use crate::ui::replay::chart::{self, Chart};
use crate::ui::replay::legend::{self, Series};
use crate::ui::replay::memory::ReplayMemory;
use crate::ui::replay::{controls, panel, summary};
use crate::ui::theme::metrics::{SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS};
use crate::ui::theme::{self, Palette, metrics};
use crate::ui::widgets::button::{self, Enabled};
use crate::ui::widgets::{figure, pill, text};

const TOTALS: f32 = 108.0;
const DEPLOY_LINE: f32 = 44.0;
/// Duration of playing all deploys.
const PLAY_SECONDS: f64 = 14.0;

pub fn show(ui: &mut Ui, state: &AppState, memory: &mut ReplayMemory, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    let frame = Frame::new().fill(palette.surface).inner_margin(Margin::symmetric(SPACE_XL as i8, SPACE_L as i8));
    CentralPanel::default().frame(frame).show(ui, |ui| {
        let Some((session, design, series)) = memory.series(state) else { return };
        let deploys = series.commits.len();
        let deploy = state.view.deploy.filter(|deploy| *deploy < deploys);
        keys(ui, state, memory, deploy, deploys, actions);
        play(ui, memory, deploy, deploys, actions);
        head(ui, state, session, design);
        ui.allocate_ui(vec2(ui.available_width(), controls::LINE), |ui| {
            controls::show(ui, state, &mut memory.controls, actions);
        });
        if deploys == 0 {
            panel::nothing(ui, session);
            return;
        }
        ui.add_space(SPACE_S);
        let cumulative = series.cumulative();
        totals(ui, state, design, deploy, series.known_as(chart::sums(&cumulative, deploy)));
        line(ui, memory, session, &series, deploy, actions);
        let area = ui.available_rect_before_wrap();
        let chart =
            Chart { series: &series, cumulative: &cumulative, history: &session.history, deploy, is_large: true };
        if let Some(look) = chart.show(ui, area) {
            memory.playing_since = None;
            actions.push(Action::Look(look));
        }
    });
}

fn head(ui: &mut Ui, state: &AppState, session: &Session, design: &Design) {
    let palette = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.label(text::rich(&design.model.app.label.to_string(), metrics::title(), palette.text));
        if session.history.is_sample {
            ui.add_space(SPACE_S);
            pill::show(ui, "Sample history", palette.warning, palette.warning_ground)
                .on_hover_text("Made up for the demo");
        }
    });
    let words = format!(
        "What one node pulls over {} deploys in {} first-parent commits, deployed {}",
        design.evaluation.numbers.deploys,
        design.model.measures.commits,
        state.choices.cadence.meaning(),
    );
    ui.add(egui::Label::new(text::rich(&words, metrics::body(), palette.text_second)).truncate());
    ui.add_space(SPACE_S);
}

/// Before and after: current and plan, or one layer and current without a plan.
fn totals(ui: &mut Ui, state: &AppState, design: &Design, deploy: Option<usize>, sums: [Option<KnownBytes>; 4]) {
    let palette = theme::palette(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TOTALS), Sense::hover());
    let [single, current, plan, floor] = sums;
    let is_changed = design.is_changed();
    let (before, before_words, before_line) =
        if is_changed { (current, "Current", Series::Current) } else { (single, "In one layer", Series::SingleLayer) };
    let after_words = if is_changed { "With the plan" } else { "With the current layers" };
    let half = rect.width() / 2.0;
    let left = rect.with_max_x(rect.left() + half - SPACE_M);
    let right = rect.with_min_x(rect.left() + half + SPACE_M);
    total(ui, left, (before_line, before_words), before, palette.text_second, None);
    total(ui, right, (Series::Plan, after_words), plan, palette.accent, saved(state, design, deploy, palette));
    let floor = format!("Theoretical minimum {}", figure::known(floor.as_ref()));
    let line = Rect::from_min_max(pos2(right.left(), rect.bottom() - 20.0), rect.max);
    legend::sample(ui, line, Series::Floor, palette);
    let line = line.with_min_x(line.left() + legend::SAMPLE + SPACE_S);
    text::paint(ui.painter(), line, Align2::LEFT_CENTER, &floor, metrics::body(), palette.text_second);
}

/// What is pulled less than before. Nothing is known to be saved where the current layers are not known.
fn saved(
    state: &AppState,
    design: &Design,
    deploy: Option<usize>,
    palette: &Palette,
) -> Option<(String, egui::Color32)> {
    let current = design.current.as_ref()?;
    let before = if design.is_changed() { Layers::Of(current) } else { Layers::One };
    let deploys = design.model.measures.deploys.deploys.len();
    let end = deploy.map_or(deploys, |deploy| deploys.min(deploy + 1));
    let after = Layers::Of(&design.evaluation);
    let saving = saving_between(&design.model, before, after, state.choices.profile, 0..end);
    let is_nothing = matches!(saving, Saving::Known { least: 0, most: 0, .. } | Saving::NothingFetched);
    (!is_nothing).then(|| (saving_words(&saving), figure::saving_ink(palette, &saving)))
}

fn total(
    ui: &Ui,
    rect: Rect,
    (series, words): (Series, &str),
    bytes: Option<KnownBytes>,
    ink: egui::Color32,
    saving: Option<(String, egui::Color32)>,
) {
    let palette = theme::palette(ui);
    let response = ui.interact(rect, egui::Id::unique(("total", words)), Sense::hover());
    response
        .widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{words}: {}", figure::known(bytes.as_ref()))));
    let caption = rect.with_max_y(rect.top() + 22.0);
    // A sample of the figure's line.
    legend::sample(ui, caption, series, palette);
    let name = caption.with_min_x(caption.left() + legend::SAMPLE + SPACE_S);
    text::paint(ui.painter(), name, Align2::LEFT_CENTER, words, metrics::heading(), palette.text_second);
    let figure = Rect::from_min_max(pos2(rect.left(), caption.bottom()), pos2(rect.right(), caption.bottom() + 64.0));
    let shown = bytes.map_or_else(|| "not known".to_owned(), |bytes| bytes.to_string());
    let (place, _) = text::paint(ui.painter(), figure, Align2::LEFT_CENTER, &shown, metrics::display(), ink);
    if let Some(bytes) = &bytes {
        response.on_hover_text(figure::known_story(bytes));
    }
    if let Some((saving, ink)) = saving {
        let beside = figure.with_min_x(place.right() + SPACE_L);
        text::paint(ui.painter(), beside, Align2::LEFT_CENTER, &saving, metrics::large(), ink);
    }
}

fn line(
    ui: &mut Ui,
    memory: &mut ReplayMemory,
    session: &Session,
    series: &ReplaySeries,
    deploy: Option<usize>,
    actions: &mut Vec<Action>,
) {
    let palette = theme::palette(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), DEPLOY_LINE), Sense::hover());
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)), |ui| {
        let deploys = series.commits.len();
        let is_playing = memory.playing_since.is_some();
        let (icon, name) =
            if is_playing { (Icon::Pause, "Pause (Space)") } else { (Icon::Play, "Play the deploys (Space)") };
        if button::icon(ui, icon, name, &Enabled::Yes).clicked() {
            toggle_play(ui, memory, deploy, deploys, actions);
        }
        ui.add_space(SPACE_XS);
        let commit = deploy.and_then(|deploy| Some((deploy, summary::commit(series, &session.history, deploy)?)));
        match commit {
            None => {
                let words = "All deploys. Click or drag in the chart to see one, or play them";
                ui.label(text::rich(words, metrics::body(), palette.text_second));
            }
            Some((deploy, commit)) => {
                ui.vertical(|ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    ui.add_space(SPACE_XS);
                    let subject = format!("{} of {deploys}: {}", deploy + 1, commit.subject);
                    ui.add(egui::Label::new(text::rich(&subject, metrics::strong(), palette.text)).truncate());
                    let words = format!("{}. {}", summary::origin(commit), summary::replaced(series, deploy));
                    ui.add(egui::Label::new(text::rich(&words, metrics::body(), palette.text_second)).truncate());
                });
            }
        }
    });
}

/// Starts from the beginning after the end, or stops.
fn toggle_play(ui: &Ui, memory: &mut ReplayMemory, deploy: Option<usize>, deploys: usize, actions: &mut Vec<Action>) {
    if memory.playing_since.take().is_some() {
        return;
    }
    memory.playing_since = Some(ui.input(|input| input.time));
    if deploy.is_none_or(|deploy| deploy + 1 >= deploys) {
        actions.push(Action::Look(Look::Deploy(Some(0))));
    }
}

fn play(ui: &Ui, memory: &mut ReplayMemory, deploy: Option<usize>, deploys: usize, actions: &mut Vec<Action>) {
    let Some(since) = memory.playing_since else { return };
    let step = PLAY_SECONDS / deploys.max(1) as f64;
    let now = ui.input(|input| input.time);
    let steps = ((now - since) / step) as usize;
    if steps > 0 {
        let next = deploy.unwrap_or(0) + steps;
        let is_over = next + 1 >= deploys;
        memory.playing_since = (!is_over).then_some(since + steps as f64 * step);
        actions.push(Action::Look(Look::Deploy(Some(next.min(deploys.saturating_sub(1))))));
    }
    ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(step.min(0.1)));
}

/// Text fields and dialogs take precedence.
fn keys(
    ui: &Ui,
    state: &AppState,
    memory: &mut ReplayMemory,
    deploy: Option<usize>,
    deploys: usize,
    actions: &mut Vec<Action>,
) {
    if state.dialog.is_some() || Popup::is_any_open(ui.ctx()) || ui.ctx().text_edit_focused() {
        return;
    }
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if pressed(Key::Escape) {
        memory.playing_since = None;
        actions.push(Action::Look(Look::Present(false)));
        return;
    }
    let Some(last) = deploys.checked_sub(1) else { return };
    if pressed(Key::Space) {
        toggle_play(ui, memory, deploy, deploys, actions);
    }
    for key in [Key::ArrowLeft, Key::ArrowRight, Key::Home, Key::End] {
        if pressed(key) {
            memory.playing_since = None;
            actions.extend(chart::step(key, deploy, last).map(Action::Look));
        }
    }
}
