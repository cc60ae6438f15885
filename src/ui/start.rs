//! Starts the program: reads the workspace while the window opens, which takes about as long. Logs both times with
//! `-v`.

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

/// Longest wait for reading without a window.
const LONGEST: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(5);

pub(crate) struct Started {
    state: AppState,
    runner: Runner,
    window: Arc<OnceLock<Context>>,
    watch: StartWatch,
}

impl Started {
    /// `app` is opened first; evaluations are kept in `cache`; `since` is the program's start.
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
        // The first frame of the window collects earlier answers.
        let wake = Arc::new(move || woken.get().into_iter().for_each(Context::request_repaint));
        let mut runner = Runner::new(wake, cache);
        start(&mut state, source, app).into_iter().for_each(|effect| runner.run(effect));
        Self { state, runner, window, watch: StartWatch::new(since) }
    }

    pub(super) fn into_parts(mut self, context: &Context) -> (AppState, Runner, StartWatch) {
        self.window.get_or_init(|| context.clone());
        self.watch.has_opened();
        for action in self.runner.collect() {
            let effects: Vec<Effect> = update(&mut self.state, action);
            effects.into_iter().for_each(|effect| self.runner.run(effect));
        }
        (self.state, self.runner, self.watch)
    }

    /// Without a window, waits until the workspace is read: a second reader would unpack the demo into the same folder.
    pub(crate) fn give_up(mut self) {
        let is_read = |action: &Action| matches!(action, Action::Answer(Answer::Loaded(..) | Answer::Failed(..)));
        let until = Instant::now() + LONGEST;
        while Instant::now() < until && !self.runner.collect().iter().any(is_read) {
            std::thread::sleep(PAUSE);
        }
        self.runner.end();
    }
}

pub(super) struct StartWatch {
    since: Instant,
    stage: Stage,
}

enum Stage {
    Waiting,
    Drawn,
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

    /// The previous frame is on the screen.
    pub(super) fn frame_begins(&mut self) {
        if matches!(self.stage, Stage::Drawn) {
            tracing::debug!("the app was on the screen {} ms after the start", self.since.elapsed().as_millis());
            self.stage = Stage::Over;
        }
    }

    pub(super) fn frame_ends(&mut self, context: &Context, has_app: bool) {
        if has_app && matches!(self.stage, Stage::Waiting) {
            self.stage = Stage::Drawn;
            context.request_repaint();
        }
    }
}
