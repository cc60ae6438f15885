//! The start of the program: the workspace is read while the window is being opened, which takes about as long; with `-v` it
//! is said how long both took.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use egui::Context;

use crate::app::action::{Action, Answer};
use crate::app::effect::Effect;
use crate::app::run::runner::Runner;
use crate::app::state::AppState;
use crate::app::state::session::WorkspaceSource;
use crate::app::update::opening::start;
use crate::app::update::update;

/// How long reading is waited for when there is no window after all.
const LONGEST: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(5);

/// A program that reads its workspace and has no window yet.
pub(crate) struct Started {
    state: AppState,
    runner: Runner,
    /// The window, once there is one.
    window: Arc<OnceLock<Context>>,
    watch: StartWatch,
}

impl Started {
    /// Starts to read a workspace, to open an app of it where one was named. In the folder `cache` results of evaluation are
    /// kept. `since` is when the program started.
    #[must_use]
    pub(crate) fn new(
        mut state: AppState,
        source: WorkspaceSource,
        app: Option<String>,
        cache: Option<PathBuf>,
        since: Instant,
    ) -> Self {
        let window = Arc::new(OnceLock::<Context>::new());
        let woken = Arc::clone(&window);
        // Until there is a window nobody has to be woken: its first frame collects whatever has come.
        let wake = Arc::new(move || woken.get().into_iter().for_each(Context::request_repaint));
        let mut runner = Runner::new(wake, cache);
        start(&mut state, source, app).into_iter().for_each(|effect| runner.run(effect));
        Self { state, runner, window, watch: StartWatch::new(since) }
    }

    /// Now there is a window: what it shows, and what works for it.
    pub(super) fn into_parts(mut self, context: &Context) -> (AppState, Runner, StartWatch) {
        self.window.get_or_init(|| context.clone());
        self.watch.has_opened();
        for action in self.runner.collect() {
            let effects: Vec<Effect> = update(&mut self.state, action);
            effects.into_iter().for_each(|effect| self.runner.run(effect));
        }
        (self.state, self.runner, self.watch)
    }

    /// There is no window: waits until the workspace is read, because two that read the demo at once would unpack it into one
    /// folder.
    pub(crate) fn give_up(mut self) {
        let is_read = |action: &Action| matches!(action, Action::Answer(Answer::Loaded(..) | Answer::Failed(..)));
        let until = Instant::now() + LONGEST;
        while Instant::now() < until && !self.runner.collect().iter().any(is_read) {
            std::thread::sleep(PAUSE);
        }
        self.runner.end();
    }
}

/// Says how long the start took, where `-v` asks for it.
pub(super) struct StartWatch {
    since: Instant,
    stage: Stage,
}

enum Stage {
    /// Nothing of the app was drawn yet.
    Waiting,
    /// The app was drawn; at the next frame it is on the screen.
    Drawn,
    /// It was said, or nobody wants to know.
    Over,
}

impl StartWatch {
    fn new(since: Instant) -> Self {
        let is_wanted = tracing::enabled!(tracing::Level::DEBUG);
        Self { since, stage: if is_wanted { Stage::Waiting } else { Stage::Over } }
    }

    fn has_opened(&self) {
        if matches!(self.stage, Stage::Waiting) {
            tracing::debug!("the window was open {} ms after the start", self.since.elapsed().as_millis());
        }
    }

    /// A frame begins: what the one before drew is on the screen.
    pub(super) fn frame_begins(&mut self) {
        if matches!(self.stage, Stage::Drawn) {
            tracing::debug!("the app was on the screen {} ms after the start", self.since.elapsed().as_millis());
            self.stage = Stage::Over;
        }
    }

    /// A frame was drawn, with the app or without it.
    pub(super) fn frame_ends(&mut self, context: &Context, has_app: bool) {
        if has_app && matches!(self.stage, Stage::Waiting) {
            self.stage = Stage::Drawn;
            context.request_repaint();
        }
    }
}
