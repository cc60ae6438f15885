//! A window that is drawn into pictures: at any size, theme and scale, with the program's own jobs behind it.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{ColorImage, Key, Modifiers, Pos2, TexturesDelta, Theme, Ui, UiBuilder, Vec2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, TestRenderer};

use crate::raster::{self, Textures};
use layerwright::app::action::Action;
use layerwright::app::effect::Effect;
use layerwright::app::run::runner::Runner;
use layerwright::app::state::AppState;
use layerwright::app::update::update;
use layerwright::ui::shell::WindowMemory;
use layerwright::ui::theme;

/// How the window is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Points.
    pub size: Vec2,
    /// Pixels per point.
    pub scale: f32,
    pub theme: Theme,
}

/// What is drawn: all of the window, or a part of it.
pub type Draw = fn(&mut Ui, &AppState, &mut WindowMemory, &mut Vec<Action>);

struct Scene {
    state: AppState,
    memory: WindowMemory,
    runner: Runner,
    draw: Draw,
}

impl Scene {
    fn carry_out(&mut self, actions: Vec<Action>) {
        for action in actions {
            let effects = update(&mut self.state, action);
            self.run(effects);
        }
    }

    fn run(&mut self, effects: Vec<Effect>) {
        effects.into_iter().for_each(|effect| self.runner.run(effect));
    }
}

/// Keeps the textures for [`Stage::image`].
struct Keeper(Rc<RefCell<Textures>>);

impl TestRenderer for Keeper {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        self.0.borrow_mut().take(delta);
    }
}

/// A window and the way to look at it.
pub struct Stage {
    harness: Harness<'static, Scene>,
    textures: Rc<RefCell<Textures>>,
    look: Look,
}

impl Stage {
    /// Draws by `draw`, with jobs that run; begins with `effects`.
    pub fn live(state: AppState, effects: Vec<Effect>, look: Look, draw: Draw) -> Self {
        let runner = Runner::new(Arc::new(|| {}), None);
        let mut scene = Scene { state, memory: WindowMemory::default(), runner, draw };
        scene.run(effects);
        let mut stage = Self::new(scene, look);
        stage.settle();
        stage
    }

    /// Leaves no plan behind that would come back at the next start.
    pub fn forget(mut self) {
        self.act(Action::Revert);
        self.settle();
    }

    fn new(scene: Scene, look: Look) -> Self {
        let textures = Rc::new(RefCell::new(Textures::default()));
        let harness = Harness::builder()
            .with_size(look.size)
            .with_pixels_per_point(look.scale)
            .with_theme(look.theme)
            .with_context_setup(theme::install)
            .renderer(Keeper(Rc::clone(&textures)))
            .build_ui_state(
                |ui, scene: &mut Scene| {
                    // The harness keeps a margin for itself; a window has none.
                    let whole = ui.ctx().content_rect();
                    let mut ui = ui.new_child(UiBuilder::new().max_rect(whole));
                    ui.set_clip_rect(whole);
                    let mut actions = Vec::new();
                    (scene.draw)(&mut ui, &scene.state, &mut scene.memory, &mut actions);
                    scene.carry_out(actions);
                },
                scene,
            );
        Self { harness, textures, look }
    }

    pub fn size(&self) -> Vec2 {
        self.look.size
    }

    pub fn steps(&mut self, steps: usize) {
        self.harness.run_steps(steps);
    }

    /// Waits for every job to end, and for the graph to be laid out.
    pub fn settle(&mut self) {
        let begun = Instant::now();
        let mut quiet = 0;
        while quiet < 8 && begun.elapsed() < Duration::from_secs(60) {
            self.collect();
            self.steps(1);
            let state = self.state();
            quiet = if state.work.is_active() || state.sizing.is_active() { 0 } else { quiet + 1 };
            std::thread::sleep(Duration::from_millis(25));
        }
        self.steps(3);
    }

    /// Takes in what the jobs have answered so far.
    pub fn collect(&mut self) {
        let scene = self.harness.state_mut();
        let answers = scene.runner.collect();
        scene.carry_out(answers);
    }

    pub fn state(&self) -> &AppState {
        &self.harness.state().state
    }

    pub fn state_mut(&mut self) -> &mut AppState {
        &mut self.harness.state_mut().state
    }

    /// Does what a press on something would do.
    pub fn act(&mut self, action: Action) {
        self.harness.state_mut().carry_out(vec![action]);
        self.steps(2);
    }

    /// Presses what has this name, if it is there; says whether it was.
    pub fn press(&mut self, name: &str) -> bool {
        let place = self.place(name);
        place.inspect(|place| self.press_at(*place)).is_some()
    }

    pub fn press_at(&mut self, place: Pos2) {
        self.harness.hover_at(place);
        self.steps(1);
        self.harness.drag_at(place);
        self.steps(1);
        self.harness.drop_at(place);
        self.steps(2);
    }

    /// Holds what has this name over a place, without letting go.
    pub fn lift(&mut self, from: Pos2, to: Pos2) {
        self.harness.hover_at(from);
        self.steps(1);
        self.harness.drag_at(from);
        self.steps(1);
        for share in [0.1, 0.5, 0.9, 1.0] {
            self.harness.hover_at(from.lerp(to, share));
            self.steps(1);
        }
        self.steps(3);
    }

    /// The middle of the first thing that has this name.
    pub fn place(&self, name: &str) -> Option<Pos2> {
        self.harness.query_all_by_label_contains(name).next().map(|node| node.rect().center())
    }

    pub fn hover(&mut self, place: Pos2) {
        self.harness.hover_at(place);
        self.steps(4);
    }

    pub fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.steps(2);
    }

    pub fn type_text(&mut self, text: &str) {
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.steps(2);
    }

    /// What is seen.
    pub fn image(&self) -> ColorImage {
        let output = self.harness.output();
        let primitives = self.harness.ctx.tessellate(output.shapes.clone(), self.look.scale);
        let pixels = self.look.size * self.look.scale;
        let size = [pixels.x.round() as usize, pixels.y.round() as usize];
        raster::paint(&primitives, &self.textures.borrow(), size, self.look.scale)
    }

    /// Writes what is seen.
    pub fn save(&self, path: &Path) {
        let png = png(&self.image());
        std::fs::write(path, png).unwrap();
    }
}

/// Encodes a picture.
pub fn png(image: &ColorImage) -> Vec<u8> {
    let [width, height] = image.size;
    let mut pixmap = resvg::tiny_skia::Pixmap::new(width as u32, height as u32).unwrap();
    for (to, from) in pixmap.pixels_mut().iter_mut().zip(&image.pixels) {
        let [red, green, blue, _] = from.to_array();
        *to = resvg::tiny_skia::PremultipliedColorU8::from_rgba(red, green, blue, 255).unwrap();
    }
    pixmap.encode_png().unwrap()
}
