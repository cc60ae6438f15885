//! Small parts of the window against references.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use egui::{ColorImage, Theme, Ui, Vec2, vec2};
use layerwright::app::action::Action;
use layerwright::app::state::AppState;
use layerwright::app::state::dialogs::Dialog;
use layerwright::app::state::session::WorkspaceSource;
use layerwright::app::state::view::BottomTab;
use layerwright::app::state::view::ColourBy;
use layerwright::app::state::view::Look as LookAt;
use layerwright::app::update::opening::start;
use layerwright::engine::sizes::asked_sizes::SizeSource;
use layerwright::ui::shell::WindowMemory;
use layerwright::ui::{bottom, canvas, dialogs, replay, stack, targets, theme};
use resvg::tiny_skia::Pixmap;

use crate::stage::{Draw, Look, Stage, png};

/// A channel that is further off than this is another colour; typefaces are drawn a little differently elsewhere.
const CHANNEL: u8 = 32;
/// As many of a thousand pixels may have another colour.
const PIXELS_PERMILLE: usize = 3;

/// One part.
struct Part {
    name: &'static str,
    size: Vec2,
    theme: Theme,
    app: &'static str,
    draw: Draw,
    go: fn(&mut Stage),
}

const SALES: &str = "//demo/sales_report:sales-report";
const PRICE: &str = "//demo/price_api:price-api";

/// Parts stand on a panel.
fn panel(ui: &Ui) {
    ui.painter().rect_filled(ui.max_rect(), 0, theme::palette(ui).surface);
}

fn image(ui: &mut Ui, state: &AppState, memory: &mut WindowMemory, actions: &mut Vec<Action>) {
    panel(ui);
    stack::show(ui, state, &mut memory.stack, &mut memory.units, &mut memory.drag, actions);
}

fn contents(ui: &mut Ui, state: &AppState, memory: &mut WindowMemory, actions: &mut Vec<Action>) {
    panel(ui);
    targets::show(ui, state, &mut memory.targets, &mut memory.units, &mut memory.drag, actions);
}

fn graph(ui: &mut Ui, state: &AppState, memory: &mut WindowMemory, actions: &mut Vec<Action>) {
    canvas::show(ui, state, &mut memory.canvas, actions);
}

fn below(ui: &mut Ui, state: &AppState, memory: &mut WindowMemory, actions: &mut Vec<Action>) {
    panel(ui);
    bottom::show(ui, state, &mut memory.bottom, actions);
}

fn presentation(ui: &mut Ui, state: &AppState, memory: &mut WindowMemory, actions: &mut Vec<Action>) {
    replay::present(ui, state, &mut memory.bottom.replay, actions);
}

fn dialog(ui: &mut Ui, state: &AppState, memory: &mut WindowMemory, actions: &mut Vec<Action>) {
    panel(ui);
    dialogs::show(ui.ctx(), state, &mut memory.dialogs, actions, &mut Vec::new());
}

fn parts() -> Vec<Part> {
    let part = |name, (width, height): (f32, f32), theme, app, draw: Draw, go: fn(&mut Stage)| Part {
        name,
        size: vec2(width, height),
        theme,
        app,
        draw,
        go,
    };
    vec![
        part("image-light", (360.0, 620.0), Theme::Light, SALES, image, |_| {}),
        part("image-dark", (360.0, 460.0), Theme::Dark, PRICE, image, |_| {}),
        part("image-new-layer", (360.0, 460.0), Theme::Light, PRICE, image, |stage| {
            stage.press("Add layer");
            stage.settle();
        }),
        part("contents-dark", (256.0, 300.0), Theme::Dark, SALES, contents, |_| {}),
        part("contents-nothing-found", (256.0, 240.0), Theme::Light, SALES, contents, |stage| {
            stage.act(Action::Look(LookAt::Search("zzz".to_owned())));
        }),
        part("graph-churn", (520.0, 400.0), Theme::Dark, PRICE, graph, |stage| {
            stage.act(Action::Look(LookAt::ColourBy(ColourBy::Churn)));
            stage.settle();
        }),
        part("replay-light", (900.0, 216.0), Theme::Light, SALES, below, |stage| {
            stage.act(Action::Look(LookAt::Bottom(Some(BottomTab::Replay))));
        }),
        part("presentation-dark", (760.0, 480.0), Theme::Dark, SALES, presentation, |stage| {
            stage.act(Action::Look(LookAt::Present(true)));
        }),
        part("question-light", (540.0, 240.0), Theme::Light, PRICE, dialog, |stage| {
            stage.act(Action::ShowDialog(Dialog::Sizes(SizeSource::Index)));
        }),
    ]
}

/// Holds each part against its reference; with `LAYERWRIGHT_UPDATE_SNAPSHOTS` the references are written anew.
pub fn check() -> ExitCode {
    let references = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/reference");
    let updates = std::env::var_os("LAYERWRIGHT_UPDATE_SNAPSHOTS").is_some();
    let mut wrong = 0;
    for part in parts() {
        let image = picture(&part);
        let reference = references.join(format!("{}.png", part.name));
        if updates {
            std::fs::create_dir_all(&references).unwrap();
            std::fs::write(&reference, png(&image)).unwrap();
            println!("wrote {}", reference.display());
            continue;
        }
        let difference = difference(&image, &reference);
        let is_same = difference.as_ref().is_ok_and(|permille| *permille <= PIXELS_PERMILLE);
        println!("snapshot {} ... {}", part.name, if is_same { "ok" } else { "FAILED" });
        if !is_same {
            wrong += 1;
            let seen = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{}.png", part.name));
            std::fs::write(&seen, png(&image)).unwrap();
            let what = difference.map_or_else(|problem| problem, |permille| format!("{permille} ‰ of it differ"));
            println!("  {what}; as it is now: {}", seen.display());
        }
    }
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn picture(part: &Part) -> ColorImage {
    let mut state = AppState::default();
    state.view.bottom = Some(BottomTab::Replay);
    let effects = start(&mut state, WorkspaceSource::Demo, Some(part.app.to_owned()));
    let mut stage = Stage::live(state, effects, Look { size: part.size, scale: 1.0, theme: part.theme }, part.draw);
    (part.go)(&mut stage);
    let image = stage.image();
    stage.forget();
    image
}

/// How many of a thousand pixels have another colour.
fn difference(image: &ColorImage, reference: &Path) -> Result<usize, String> {
    let bytes = std::fs::read(reference).map_err(|error| format!("{}: {error}", reference.display()))?;
    let pixmap = Pixmap::decode_png(&bytes).map_err(|error| error.to_string())?;
    let size = [pixmap.width() as usize, pixmap.height() as usize];
    if size != image.size {
        return Err(format!("it was {size:?} and is {:?}", image.size));
    }
    let is_other = |(now, before): &(&egui::Color32, &resvg::tiny_skia::PremultipliedColorU8)| {
        let before = [before.red(), before.green(), before.blue()];
        now.to_array().iter().zip(before).any(|(now, before)| now.abs_diff(before) > CHANNEL)
    };
    let others = image.pixels.iter().zip(pixmap.pixels()).filter(is_other).count();
    Ok((others * 1_000).div_ceil(image.pixels.len()))
}
