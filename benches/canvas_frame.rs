//! Processor time of one frame of the graph (drawing and tessellation, no graphics card), of one frame of the whole window
//! while something is dragged, with all that is computed anew for it, and of one layout.
//!
//! `cargo bench --bench canvas_frame`, with `layout`, `drag` or `frames` for a part of it. Prints the mean of many frames for
//! graphs of 1,000, 5,000 and 20,000 nodes, all of them seen at once and at their own size; the time of a move to another
//! layer, of a frame at rest and of a drop at 1,000, 5,000 and 20,000 units and 500 commits; and the time that layouts of 30
//! to 500 nodes take, with their crossings beside those of Graphviz's `dot` where that is installed.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program that measures and prints")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, Event, FullOutput, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2};
use layerwright::app::action::Action;
use layerwright::app::state::AppState;
use layerwright::app::state::design::Design;
use layerwright::app::state::drop::{DropTarget, Payload, drop_outcome};
use layerwright::app::state::session::Session;
use layerwright::app::state::session::WorkspaceSource;
use layerwright::app::state::undoable_plan::UndoablePlan;
use layerwright::app::state::view::BottomTab;
use layerwright::app::state::view::Look;
use layerwright::app::update::update;
use layerwright::byte_count::ByteCount;
use layerwright::engine::app_model::AppModel;
use layerwright::engine::choices::Choices;
use layerwright::graph::layout::{LayoutNode, LayoutRequest, layout};
use layerwright::history::model::{Commit, History};
use layerwright::label::Label;
use layerwright::layers::operations::Operation;
use layerwright::layers::partition::LayerKind;
use layerwright::ui::canvas::{self, CanvasMemory, CanvasRequest};
use layerwright::ui::shell::{self, WindowMemory};
use layerwright::ui::theme;
use layerwright::workspace::model::{App, Dependency, Package, SourceFile, Target, Workspace};

/// Many at a time: some systems count processor time in steps of 4 ms.
const FRAMES: u32 = 100;

fn main() {
    let chosen: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let runs = |part: &str| chosen.is_empty() || chosen.iter().any(|one| one == part);
    if runs("layout") {
        for (count, degree) in [(30, 2), (100, 2), (200, 2), (300, 2), (300, 3), (500, 2)] {
            layout_of(count, degree);
        }
    }
    for count in [1_000, 5_000, 20_000] {
        if runs("drag") {
            drag_over(count);
        }
        if runs("frames") {
            frames_of(count);
        }
    }
}

fn layout_of(count: usize, degree: usize) {
    let request = LayoutRequest {
        nodes: vec![LayoutNode { width: 216.0, height: 52.0, ..LayoutNode::default() }; count],
        edges: edges(count, degree),
        aspect: 1.5,
    };
    let time = processor_time(|| drop(layout(&request)));
    println!("layout of {count} nodes, {} edges: {time:.2?}", request.edges.len());
    let places: Vec<(f32, f32)> =
        layout(&request).places.iter().map(|place| (place.centre().x, place.centre().y)).collect();
    println!("  straight lines cross {} times", crossings(&places, &request.edges));
    match dot(&request) {
        Some((time, places)) => {
            let crossings = crossings(&places, &request.edges);
            println!("  with dot {crossings} times, after {time:.2?} on the clock");
        }
        None => println!("  dot is not installed: no comparison"),
    }
}

/// How many pairs of edges cross, each drawn as a straight line between the middles of its ends.
fn crossings(places: &[(f32, f32)], edges: &[(usize, usize)]) -> usize {
    let side = |a: (f32, f32), b: (f32, f32), c: (f32, f32)| {
        (f64::from(b.0 - a.0) * f64::from(c.1 - a.1) - f64::from(b.1 - a.1) * f64::from(c.0 - a.0)).signum()
    };
    let lines: Vec<_> = edges.iter().map(|&(from, to)| (from, to, places[from], places[to])).collect();
    let crosses = |at: usize| {
        let (from, to, a, b) = lines[at];
        let later = lines[at + 1..]
            .iter()
            .filter(move |(other, end, _, _)| ![*other, *end].iter().any(|one| *one == from || *one == to));
        later
            .filter(move |(_, _, c, d)| {
                side(a, b, *c) * side(a, b, *d) < 0.0 && side(*c, *d, a) * side(*c, *d, b) < 0.0
            })
            .count()
    };
    (0..lines.len()).map(crosses).sum()
}

/// The same graph placed by Graphviz: the time it took, with its start, and the middle of each node.
fn dot(request: &LayoutRequest) -> Option<(Duration, Vec<(f32, f32)>)> {
    let mut text = "digraph { node [shape=box, fixedsize=true, width=3, height=0.72];\n".to_owned();
    (0..request.nodes.len()).for_each(|node| text.push_str(&format!("{node};\n")));
    request.edges.iter().for_each(|(from, to)| text.push_str(&format!("{from} -> {to};\n")));
    text.push_str("}\n");
    let started = Instant::now();
    let mut child = Command::new("dot").arg("-Tplain").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let time = started.elapsed();
    let mut places = vec![(0.0, 0.0); request.nodes.len()];
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        if let ["node", name, x, y, ..] = fields[..] {
            places[name.parse::<usize>().ok()?] = (x.parse().ok()?, y.parse().ok()?);
        }
    }
    Some((time, places))
}

/// The whole window, drawn without a screen, with what its user does in it.
struct Bench {
    state: AppState,
    memory: WindowMemory,
    context: Context,
    seconds: f64,
}

impl Bench {
    fn new(state: AppState) -> Self {
        let context = Context::default();
        theme::install(&context);
        Self { state, memory: WindowMemory::default(), context, seconds: 0.0 }
    }

    /// One frame after these events: drawing, what it asks for, tessellation.
    fn frame(&mut self, events: Vec<Event>) -> FullOutput {
        self.seconds += 1.0;
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1_600.0, 1_000.0))),
            time: Some(self.seconds),
            events,
            ..RawInput::default()
        };
        let mut actions = Vec::new();
        let mut output = self.context.run_ui(input, |ui| shell::draw(ui, &self.state, &mut self.memory, &mut actions));
        for action in actions {
            update(&mut self.state, action);
        }
        output.textures_delta.clear();
        let shapes = std::mem::take(&mut output.shapes);
        std::hint::black_box(self.context.tessellate(shapes, output.pixels_per_point));
        output
    }

    fn settle(&mut self) {
        self.frame(Vec::new());
        while self.memory.canvas.is_busy() {
            std::thread::sleep(Duration::from_millis(5));
            self.frame(Vec::new());
        }
        (0..5).for_each(|_| drop(self.frame(Vec::new())));
    }

    /// Where what screen readers call so stands.
    fn place_of(&mut self, is_it: impl Fn(&str) -> bool) -> Pos2 {
        self.context.enable_accesskit();
        self.frame(Vec::new());
        let tree = self.frame(Vec::new()).platform_output.accesskit_update.unwrap();
        self.context.disable_accesskit();
        let found = tree.nodes.iter().find(|(_, node)| node.label().is_some_and(&is_it));
        let bounds = found.unwrap().1.bounds().unwrap();
        pos2(((bounds.x0 + bounds.x1) / 2.0) as f32, ((bounds.y0 + bounds.y1) / 2.0) as f32)
    }

    fn press(&mut self, place: Pos2, pressed: bool) {
        let button =
            Event::PointerButton { pos: place, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        self.frame(vec![Event::PointerMoved(place), button]);
    }
}

/// A drag of a package of the list over the layers of the image: each move lands on another layer, and the frame of the whole
/// window that shows what it would do is counted with it; then drops, each with the frame that shows the new plan.
fn drag_over(count: usize) {
    let mut state = state(count);
    state.view.bottom = Some(BottomTab::Replay);
    let labels: Vec<Label> = (1..count).map(|node| Label::main(&path(node), "lib")).collect();
    for (position, part) in labels.chunks(count / 3).enumerate() {
        let targets = part.iter().step_by(7).cloned().collect();
        update(&mut state, Action::Edit(Operation::AddGroup { name: format!("part_{position}"), position, targets }));
    }
    let layers: Vec<LayerKind> =
        design(&state).plan.present().groups.iter().map(|group| LayerKind::Dependency(group.id)).collect();
    // A leaf: nothing else brings it along.
    let leaf = labels[labels.len() - 1].clone();
    let payload = Payload::Targets(vec![leaf.clone()]);
    let mut moves = 0_usize;
    let alone = processor_time(|| {
        moves += 1;
        let operation = drop_outcome(design(&state), &payload, DropTarget::Layer(layers[moves % 2])).ok();
        update(&mut state, Action::Preview(operation));
    });
    update(&mut state, Action::Preview(None));
    update(&mut state, Action::Look(Look::Search(format!("{}:", path(count - 1)))));
    let mut bench = Bench::new(state);
    bench.settle();
    let from = bench.place_of(|name| name == leaf.to_string());
    let over = [0, 1].map(|group| bench.place_of(|name| name == format!("Layer part_{group}")));
    bench.press(from, true);
    bench.frame(vec![Event::PointerMoved(from + vec2(0.0, 9.0))]);
    update(&mut bench.state, Action::Look(Look::Search(String::new())));
    bench.settle();
    let whole = processor_time(|| {
        moves += 1;
        bench.frame(vec![Event::PointerMoved(over[moves % 2])]);
        bench.frame(Vec::new());
    });
    assert!(design(&bench.state).preview.is_some(), "nothing is in the air");
    let rest = processor_time(|| drop(bench.frame(Vec::new())));
    println!(
        "{count} units: a move of a drag {alone:.2?} to compute, {whole:.2?} for the two frames of the whole window that take it up and show it, {rest:.2?} for a frame in which it rests"
    );
    bench.press(over[0], false);
    let mut operation = |bench: &mut Bench| {
        moves += 1;
        let group = design(&bench.state).plan.present().groups[moves % 2].id;
        update(&mut bench.state, Action::Edit(Operation::Assign { layer: group, targets: vec![leaf.clone()] }));
    };
    let dropped = processor_time(|| {
        operation(&mut bench);
        bench.frame(Vec::new());
    });
    println!("{count} units: a drop {dropped:.2?} with the frame that shows the new plan");
}

fn design(state: &AppState) -> &Design {
    state.session.as_ref().unwrap().design.as_ref().unwrap()
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
    for (name, request) in [("all at once", CanvasRequest::Fit), ("at their own size", CanvasRequest::Zoom(15))] {
        memory.request(request);
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
    let workspace =
        Workspace { packages: packages.into_iter().collect(), apps: vec![app.clone()], ..Workspace::default() };
    let (history, choices) = (history(count), Choices::default());
    let model = Arc::new(AppModel::new(&workspace, &history, &app, &choices).unwrap());
    let evaluation = model.evaluate(&model.on_disk, &choices);
    let plan = UndoablePlan::new(model.on_disk.clone());
    let mut state = AppState::default();
    state.session = Some(Session {
        graph: layerwright::engine::open::graph_source::GraphSource::Files,
        source: WorkspaceSource::Demo,
        workspace: Arc::new(workspace),
        history: Arc::new(history),
        history_problem: None,
        read_at: std::time::SystemTime::UNIX_EPOCH,
        design: Some(Design {
            model,
            plan,
            current: Some(evaluation.clone()),
            evaluation,
            preview: None,
            refusal: None,
            is_taken_back: false,
        }),
        app_problem: None,
        last_written: None,
        written_plan: None,
    });
    state
}

/// 500 commits, each of which changes a few files.
fn history(count: usize) -> History {
    let commits = (0..500_usize).map(|number| {
        let files = (0..3).map(|file| format!("{}/lib.py", path((number * 7_919 + file * 104_729) % count)));
        (Commit { id: format!("{number:040x}"), ..Commit::default() }, files.collect())
    });
    History::from_named_files(commits.collect::<Vec<_>>())
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
