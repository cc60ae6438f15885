//! Opens the window, or says in one line why it can't and prints the plan.

use crate::engine::kept::folders::evaluations_folder;
use crate::jobs::Unwatched;
use std::cell::RefCell;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use eframe::NativeOptions;
use egui::ViewportBuilder;

use crate::app::run::settings_file;
use crate::app::state::AppState;
use crate::app::state::session::WorkspaceSource;
use crate::app::state::view::BottomTab;
use crate::commands::arguments::Arguments;
use crate::commands::failure::Failure;
use crate::commands::output::print_text;
use crate::commands::plan::text::plan_text;
use crate::engine::app_model::AppModel;
use crate::engine::find_app::find_app;
use crate::engine::open::graph_source::GraphSource;
use crate::engine::open::load::{LoadedFolder, load_demo, load_folder};
use crate::ui::shell::Shell;
use crate::ui::start::Started;

/// Missing in a Debian without a desktop (checked in a bare container).
const PACKAGES: &str = "libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0 libegl1 libgl1";

/// Runs until the window is closed. Without a display prints the first app's plan.
///
/// # Errors
/// When there is neither a display nor a workspace that can be read.
pub fn open(arguments: &Arguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let since = Instant::now();
    let source = match &arguments.workspace {
        Some(path) => WorkspaceSource::Folder(path.clone()),
        None => last_open(),
    };
    let cache = if arguments.no_cache { None } else { evaluations_folder() };
    match run(&source, arguments.app.as_ref(), cache.clone(), since) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(NoWindow::BrokeOff) => Err(Failure::Outside(
            "the window crashed; your unapplied plan is saved and will be restored at the next start".to_owned(),
        )),
        Err(NoWindow::Missing(reason)) => {
            tracing::warn!(
                "can't open a window: {reason}. It needs a display (DISPLAY or WAYLAND_DISPLAY) and these Debian packages: {PACKAGES}"
            );
            print_plan(&source, arguments.app.as_deref(), cache.as_deref(), output)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// The last open workspace if it still exists, else the demo.
fn last_open() -> WorkspaceSource {
    let last = settings_file::load().last.filter(|path| path.is_dir());
    last.map_or(WorkspaceSource::Demo, WorkspaceSource::Folder)
}

enum NoWindow {
    Missing(String),
    /// It broke while open.
    BrokeOff,
}

fn run(source: &WorkspaceSource, app: Option<&String>, cache: Option<PathBuf>, since: Instant) -> Result<(), NoWindow> {
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    if cfg!(target_os = "linux") && !has_display {
        return Err(NoWindow::Missing("there is no display".to_owned()));
    }
    let mut state = AppState { settings: settings_file::load(), ..AppState::default() };
    state.view.bottom = Some(BottomTab::Replay);

    let options = NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Layerwright")
            .with_app_id("layerwright")
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([900.0, 600.0])
            .with_icon(window_icon()),
        renderer: eframe::Renderer::Glow,
        ..NativeOptions::default()
    };
    let is_open = Arc::new(AtomicBool::new(false));
    let opened = Arc::clone(&is_open);
    let started = Started::new(state, source.clone(), app.cloned(), cache, since);
    let waiting = Rc::new(RefCell::new(Some(started)));
    let taken = Rc::clone(&waiting);
    // A missing library of the window system is a panic in the windowing crate.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        eframe::run_native(
            "layerwright",
            options,
            Box::new(move |creation| {
                opened.store(true, Ordering::Relaxed);
                let started = taken.take().ok_or("the window was opened twice")?;
                Ok(Box::new(Shell::new(&creation.egui_ctx, started)))
            }),
        )
    }));
    waiting.take().into_iter().for_each(Started::give_up);
    match outcome {
        Ok(result) => result.map_err(|error| NoWindow::Missing(error.to_string())),
        Err(_) if is_open.load(Ordering::Relaxed) => Err(NoWindow::BrokeOff),
        Err(_) => Err(NoWindow::Missing("a library of the window system is missing".to_owned())),
    }
}

/// For systems without a desktop entry; an unreadable icon is left out.
fn window_icon() -> egui::IconData {
    eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icon/layerwright-128.png")).unwrap_or_default()
}

fn print_plan(
    source: &WorkspaceSource,
    app: Option<&str>,
    cache: Option<&Path>,
    output: &mut dyn Write,
) -> Result<(), Failure> {
    let choices = crate::engine::choices::Choices::default();
    let loaded = match source {
        WorkspaceSource::Demo => load_demo(true, &GraphSource::Files, choices.window, cache, &Unwatched),
        WorkspaceSource::Folder(path) => {
            load_folder(path, &GraphSource::Files, Some(choices.window), None, cache, &Unwatched)
        }
    };
    let LoadedFolder { workspace, history, .. } = loaded.map_err(|error| Failure::Outside(error.to_string()))?;
    let apps = match app {
        Some(text) => vec![find_app(&workspace, text).map_err(Failure::Use)?],
        None => workspace.apps.clone(),
    };
    for app in &apps {
        match AppModel::new(&workspace, &history, app, &choices) {
            Ok(model) => {
                let evaluation = model.evaluate(&model.on_disk, &choices);
                print_text(output, &format!("{}\n", plan_text(&model, &evaluation, &choices)))?;
            }
            Err(error) => tracing::warn!("{error}"),
        }
    }
    Ok(())
}
