//! Processor time of one frame of the graph (drawing and tessellation, no graphics card), and of one layout.
//!
//! `cargo bench --bench canvas_frame`. Prints the mean of many frames for graphs of 1,000, 5,000 and 20,000 nodes, all of
//! them seen at once and at their own size, and the time that a layout of 300 nodes takes.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program that measures and prints")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, Pos2, RawInput, Rect, vec2};
use layerwright::app::app_model::AppModel;
use layerwright::app::settings::Choices;
use layerwright::app::state::{AppState, Design, Session, WorkspaceSource};
use layerwright::app::undo::Undo;
use layerwright::byte_count::ByteCount;
use layerwright::graph::layout::{LayoutNode, LayoutRequest, layout};
use layerwright::history::model::History;
use layerwright::label::Label;
use layerwright::ui::canvas::{self, CanvasMemory, Wish};
use layerwright::ui::theme;
use layerwright::workspace::model::{App, Dependency, Package, SourceFile, Target, Workspace};

/// Many at a time: some systems count processor time in steps of 4 ms.
const FRAMES: u32 = 100;

fn main() {
    layout_of(300, 2);
    for count in [1_000, 5_000, 20_000] {
        frames_of(count);
    }
}

fn layout_of(count: usize, degree: usize) {
    let request = LayoutRequest {
        nodes: vec![LayoutNode { width: 216.0, height: 52.0, before: None }; count],
        edges: edges(count, degree),
        aspect: 1.5,
    };
    let time = processor_time(|| drop(layout(&request)));
    println!("layout of {count} nodes, {} edges: {time:.2?}", request.edges.len());
}

fn frames_of(count: usize) {
    let state = state(count);
    let mut memory = CanvasMemory::default();
    let context = Context::default();
    theme::install(&context);
    let input =
        RawInput { screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1_600.0, 1_000.0))), ..RawInput::default() };
    let mut time = 0.0;
    let mut frame = |memory: &mut CanvasMemory| {
        time += 1.0;
        let mut output = context.run_ui(RawInput { time: Some(time), ..input.clone() }, |ui| {
            canvas::show(ui, &state, memory, &mut Vec::new());
        });
        output.textures_delta.clear();
        context.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point).len()
    };
    let started = Instant::now();
    frame(&mut memory);
    while memory.is_busy() {
        std::thread::sleep(Duration::from_millis(5));
        frame(&mut memory);
    }
    let ready = started.elapsed();
    for (name, wish) in [("all at once", Wish::Fit), ("at their own size", Wish::Zoom(15))] {
        memory.wish(wish);
        for _ in 0..3 {
            frame(&mut memory);
        }
        let time = processor_time(|| _ = frame(&mut memory));
        println!("{count} nodes, {name}: {time:.2?} a frame");
    }
    println!("{count} nodes: ready after {ready:.2?}");
}

/// Time on a processor where the system says so, else time on the clock: the mean of many runs.
fn processor_time(mut work: impl FnMut()) -> Duration {
    let on_processor = || -> Option<u64> {
        std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse().ok()
    };
    let (started, before) = (Instant::now(), on_processor());
    for _ in 0..FRAMES {
        work();
    }
    match (before, on_processor()) {
        (Some(before), Some(after)) => Duration::from_nanos(after - before) / FRAMES,
        _ => started.elapsed() / FRAMES,
    }
}

/// Each node depends on a few later ones, most of them near, as targets of a workspace do.
fn edges(count: usize, degree: usize) -> Vec<(usize, usize)> {
    let mut state = 12_345_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let mut edges: Vec<(usize, usize)> = (1..count).map(|node| (random(node / 3 + 1), node)).collect();
    for from in 0..count {
        for _ in 1..degree {
            let to = from + 1 + random((count - from).min(40));
            if to < count {
                edges.push((from, to));
            }
        }
    }
    edges
}

/// An app whose graph has so many targets, each in a package of its own, so that all of them are drawn.
fn state(count: usize) -> AppState {
    let mut packages: BTreeMap<String, Package> = (0..count).map(|node| (path(node), package(node))).collect();
    for (from, to) in edges(count, 2) {
        let target = packages.get_mut(&path(from)).unwrap().targets.get_mut("lib").unwrap();
        let label = Label::main(&path(to), "lib");
        target.dependencies.push(Dependency { attribute: "deps".to_owned(), label, condition: None });
    }
    let app = App {
        label: Label::main(&path(0), "app"),
        macro_name: "py_binary".to_owned(),
        macro_file: None,
        binary: Some(Label::main(&path(0), "lib")),
        path: PathBuf::from("BUILD.bazel"),
        line: 1,
        language: None,
        dep_layers: None,
        why_not: None,
        made_targets: Vec::new(),
    };
    let workspace = Workspace { packages, apps: vec![app.clone()], ..Workspace::default() };
    let (history, choices) = (History::default(), Choices::default());
    let model = Arc::new(AppModel::new(&workspace, &history, &app, &choices).unwrap());
    let evaluation = model.evaluate(&model.on_disk, &choices);
    let plan = Undo::new(model.on_disk.clone());
    let mut state = AppState::default();
    state.session = Some(Session {
        source: WorkspaceSource::Demo,
        workspace: Arc::new(workspace),
        history: Arc::new(history),
        history_problem: None,
        design: Some(Design { model, plan, on_disk: evaluation.clone(), evaluation, preview: None, refusal: None }),
        app_problem: None,
        last_written: None,
    });
    state
}

fn path(node: usize) -> String {
    format!("libs/part_{node:05}")
}

fn package(node: usize) -> Package {
    let path = path(node);
    let source = Dependency { attribute: "srcs".to_owned(), label: Label::main(&path, "lib.py"), condition: None };
    let target = Target {
        kind: "py_library".to_owned(),
        dependencies: vec![source],
        outputs: Vec::new(),
        attributes: BTreeMap::new(),
        visibility: Vec::new(),
        line: 1,
        macro_name: None,
    };
    let file = SourceFile { path: format!("{path}/lib.py"), bytes: ByteCount(4_000) };
    Package {
        build_file: PathBuf::from(format!("{path}/BUILD.bazel")),
        path,
        targets: BTreeMap::from([("lib".to_owned(), target)]),
        source_files: BTreeMap::from([("lib.py".to_owned(), file)]),
        ..Package::default()
    }
}
