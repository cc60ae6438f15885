//! The window: collects answers, draws panels, runs actions.

use std::sync::Arc;

use egui::{Align2, CentralPanel, Context, Frame, Margin, Panel, ThemePreference, Ui, ViewportCommand};

use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::run::runner::Runner;
use crate::app::state::AppState;
use crate::app::state::export::Exportable;
use crate::app::state::session::WorkspaceSource;
use crate::app::state::settings::ThemeChoice;
use crate::app::update::update;
use crate::engine::reports::units::UnitCache;
use crate::ui::app_chooser::AppChooser;
use crate::ui::bottom::{self, BottomMemory};
use crate::ui::canvas::{self, CanvasMemory};
use crate::ui::commands::{self, Command, WindowCommand};
use crate::ui::dialogs::{self, DialogMemory};
use crate::ui::drag::DragMemory;
use crate::ui::stack::{self, StackMemory};
use crate::ui::start::{StartWatch, Started};
use crate::ui::targets::{self, TargetsMemory};
use crate::ui::theme::metrics;
use crate::ui::theme::metrics::{HEADER, SPACE_M, SPACE_S};
use crate::ui::widgets::text;
use crate::ui::{notices, replay, theme, top_bar, welcome};

const TOP_BAR: f32 = 44.0;
const WORK_BAR: f32 = 32.0;

/// What the window keeps between frames beside the state.
#[derive(Default)]
pub struct WindowMemory {
    pub chooser: AppChooser,
    /// For the list and the image column.
    pub units: UnitCache,
    pub drag: DragMemory,
    pub canvas: CanvasMemory,
    pub stack: StackMemory,
    pub targets: TargetsMemory,
    pub bottom: BottomMemory,
    pub dialogs: DialogMemory,
}

pub struct Shell {
    state: AppState,
    memory: WindowMemory,
    runner: Runner,
    watch: StartWatch,
    /// The theme and scale last set in egui.
    applied_looks: Option<(ThemeChoice, u32)>,
}

impl Shell {
    #[must_use]
    pub(crate) fn new(context: &Context, started: Started) -> Self {
        theme::install(context);
        let (state, runner, watch) = started.into_parts(context);
        Self { state, memory: WindowMemory::default(), runner, watch, applied_looks: None }
    }

    fn apply(&mut self, context: &Context, actions: Vec<Action>) {
        for action in actions {
            let effects: Vec<Effect> = update(&mut self.state, action);
            effects.into_iter().for_each(|effect| self.runner.run(effect));
        }
        if self.runner.quits {
            context.send_viewport_cmd(ViewportCommand::Close);
        }
    }

    fn apply_looks(&mut self, context: &Context) {
        let settings = &self.state.settings;
        let wanted = (settings.theme, settings.scale_percent);
        if self.applied_looks == Some(wanted) {
            return;
        }
        self.applied_looks = Some(wanted);
        context.set_theme(match settings.theme {
            ThemeChoice::System => ThemePreference::System,
            ThemeChoice::Light => ThemePreference::Light,
            ThemeChoice::Dark => ThemePreference::Dark,
        });
        let percent = if settings.scale_percent == 0 { 100 } else { settings.scale_percent };
        context.set_zoom_factor(percent as f32 / 100.0);
    }
}

impl eframe::App for Shell {
    fn logic(&mut self, context: &Context, _frame: &mut eframe::Frame) {
        self.watch.frame_begins();
        let answers = self.runner.collect();
        self.apply(context, answers);
        self.apply_looks(context);
        let asks_to_close = context.input(|input| input.viewport().close_requested());
        if asks_to_close && !self.runner.quits {
            context.send_viewport_cmd(ViewportCommand::CancelClose);
            self.apply(context, vec![Action::Quit]);
        }
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        self.runner.end();
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let mut actions = Vec::new();
        draw(ui, &self.state, &mut self.memory, &mut actions);
        let context = ui.ctx().clone();
        let has_app = self.state.session.as_ref().is_some_and(|session| session.design.is_some());
        self.watch.frame_ends(&context, has_app && !self.memory.canvas.is_busy());
        self.apply(&context, actions);
    }
}

pub fn draw(ui: &mut Ui, state: &AppState, memory: &mut WindowMemory, actions: &mut Vec<Action>) {
    let mut window: Vec<WindowCommand> = Vec::new();
    shortcuts(ui, state, actions, &mut window);
    dropped_folders(ui, actions);
    let palette = theme::palette(ui);
    let has_design = state.session.as_ref().is_some_and(|session| session.design.is_some());
    let presents = has_design && state.view.is_presenting;
    let bar = Frame::new().fill(palette.surface).inner_margin(Margin::symmetric(SPACE_M as i8, 0));
    if !presents {
        Panel::top("top bar")
            .frame(bar)
            .exact_size(TOP_BAR)
            .resizable(false)
            .show(ui, |ui| top_bar::show(ui, state, &mut memory.chooser, actions, &mut window));
    }
    if let Some(work) = state.work.get() {
        Panel::top("work")
            .frame(bar)
            .exact_size(WORK_BAR)
            .resizable(false)
            .show(ui, |ui| notices::work(ui, work, actions));
    }
    let side = Frame::new().fill(palette.surface);
    if presents {
        replay::present(ui, state, &mut memory.bottom.replay, actions);
    } else if has_design {
        bottom_panel(ui, state, memory, side, actions);
        // In a small window the graph must stay readable between the columns; in a large one they may grow.
        let width = ui.available_width();
        let (left, right) = ((width * 0.2).clamp(212.0, 320.0), (width * 0.28).clamp(312.0, 440.0));
        Panel::left("targets").frame(side).default_size(left).size_range(200.0..=480.0).show(ui, |ui| {
            targets::show(ui, state, &mut memory.targets, &mut memory.units, &mut memory.drag, actions);
        });
        Panel::right("image").frame(side).default_size(right).size_range(300.0..=560.0).show(ui, |ui| {
            stack::show(ui, state, &mut memory.stack, &mut memory.units, &mut memory.drag, actions);
        });
        CentralPanel::default().frame(Frame::new().fill(palette.ground)).show(ui, |ui| {
            canvas::show(ui, state, &mut memory.canvas, actions);
        });
    } else {
        CentralPanel::default()
            .frame(Frame::new().fill(palette.ground).inner_margin(SPACE_S))
            .show(ui, |ui| welcome::show(ui, state, actions));
    }
    notices::show(ui.ctx(), state, actions);
    dialogs::show(ui.ctx(), state, &mut memory.dialogs, actions, &mut window);
    window.into_iter().for_each(|command| run_window_command(ui, command, state, memory, actions));
    if std::mem::take(&mut memory.targets.go_to_match) {
        memory.canvas.request(canvas::CanvasRequest::Match(1));
    }
    let shown = memory.targets.shown.take().or_else(|| memory.stack.shown.take());
    if let Some(label) = shown {
        memory.canvas.fly_to(label);
    }
    memory.drag.finish(ui, state, actions);
}

fn bottom_panel(ui: &mut Ui, state: &AppState, memory: &mut WindowMemory, frame: Frame, actions: &mut Vec<Action>) {
    let panel = Panel::bottom("bottom").frame(frame);
    let panel = if state.view.bottom.is_some() {
        let height = (ui.available_height() * 0.27).clamp(168.0, 400.0);
        panel.default_size(height).size_range(140.0..=800.0).resizable(true)
    } else {
        panel.exact_size(HEADER).resizable(false)
    };
    panel.show(ui, |ui| bottom::show(ui, state, &mut memory.bottom, actions));
}

fn run_window_command(
    ui: &Ui,
    command: WindowCommand,
    state: &AppState,
    memory: &mut WindowMemory,
    actions: &mut Vec<Action>,
) {
    match command {
        WindowCommand::FocusSearch => memory.targets.focus_search = true,
        WindowCommand::NextPart => next_part(ui, memory),
        WindowCommand::FitGraph => memory.canvas.request_fit(),
        WindowCommand::ExportGraph => {
            let design = state.session.as_ref().and_then(|session| session.design.as_ref());
            let picture =
                design.and_then(|design| Some((design, memory.canvas.picture(design, state.view.colour_by)?)));
            if let Some((design, picture)) = picture {
                actions.push(commands::export(state, design, Exportable::Graph(Arc::new(picture))));
            }
        }
    }
}

/// F6: from contents to graph to image, and back.
fn next_part(ui: &Ui, memory: &mut WindowMemory) {
    let focused = ui.memory(|egui| egui.focused());
    if focused == Some(canvas::id()) {
        ui.memory_mut(|egui| egui.request_focus(stack::first_id()));
    } else if focused.is_none() || memory.targets.has_focus(ui) {
        ui.memory_mut(|egui| egui.request_focus(canvas::id()));
    } else {
        memory.targets.focus_search = true;
    }
}

/// Runs commands whose keys were pressed; a dialog has the keyboard for itself.
fn shortcuts(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>, window: &mut Vec<WindowCommand>) {
    if state.dialog.is_some() {
        return;
    }
    // With Shift first: to egui, Ctrl+Shift+Z also matches Ctrl+Z. Local keys are handled by the view with the focus.
    let commands = Command::ALL.iter().filter(|command| !command.is_local());
    let mut bound: Vec<_> = commands.filter_map(|command| Some((*command, command.shortcut()?))).collect();
    bound.sort_by_key(|(_, shortcut)| !shortcut.modifiers.shift);
    for (command, shortcut) in bound {
        if ui.input_mut(|input| input.consume_shortcut(&shortcut)) {
            command.run(state, actions, window);
        }
    }
}

/// Opens a dropped folder; says so while it is over the window.
fn dropped_folders(ui: &mut Ui, actions: &mut Vec<Action>) {
    if ui.input(|input| !input.raw.hovered_files.is_empty()) {
        let palette = theme::palette(ui);
        let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("dropped folder"));
        let painter = ui.ctx().layer_painter(layer);
        let window = ui.ctx().content_rect();
        painter.rect_filled(window, 0, palette.ground.gamma_multiply(0.85));
        let words = "Drop the folder to open it";
        text::paint(&painter, window, Align2::CENTER_CENTER, words, metrics::heading(), palette.text);
    }
    let dropped = ui.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()));
    if let Some(path) = dropped {
        actions.push(Action::Open(WorkspaceSource::Folder(path)));
    }
}

#[cfg(test)]
#[path = "shell_tests.rs"]
pub(crate) mod tests;
