//! What the canvas keeps between frames: scene, camera, gesture.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Context, Pos2, Rangef, Rect, Vec2};

use crate::app::state::work::Pending;
use crate::engine::app_model::AppModel;
use crate::graph::view::ViewRequest;
use crate::jobs::{JobEvent, JobId, Jobs};
use crate::label::Label;
use crate::layers::partition::Partition;
use crate::ui::canvas::camera::{Camera, View, ease, fit};
use crate::ui::canvas::edges::EdgeCache;
use crate::ui::canvas::figures::{NodeLayers, node_layers};
use crate::ui::canvas::matches::found;
use crate::ui::canvas::scene::{INLINE_NODES, Scene, SceneRequest, collapsed, scene};

/// Duration of movements.
const MOVE_SECONDS: f64 = 0.24;
/// With more nodes a movement explains nothing.
const MOST_MOVING: usize = 400;
/// A larger graph is collapsed on the worker.
const INLINE_GRAPH: usize = 4_000;

/// Least zoom of a new drawing.
const READABLE_ZOOM: f32 = 0.45;
/// Above the binary.
const FIRST_MARGIN: f32 = 48.0;

/// Around the members of a group that was opened.
const OPENED_MARGIN: f32 = 24.0;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Gesture {
    #[default]
    None,
    /// From this view.
    Pan(View),
    /// From this place of the drawing.
    Band(Pos2),
    Drag,
}

/// A request from outside, for the next frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CanvasRequest {
    Fit,
    /// Two steps double the size, minus two halve it.
    Zoom(i8),
    /// To the next match, or the previous one.
    Match(i8),
}

#[derive(Default)]
pub struct CanvasMemory {
    pub(super) camera: Camera,
    pub(super) scene: Option<Scene>,
    /// For the partition that they were computed for.
    pub(super) layers: Option<(Arc<Partition>, Vec<NodeLayers>)>,
    /// Counts scenes, for caches.
    pub(super) drawing: u64,
    pub(super) edges: EdgeCache,
    pub(super) matches: Option<Matches>,
    pub(super) gesture: Gesture,
    pub(super) requests: Vec<CanvasRequest>,
    pub(super) hops: Hops,
    /// The focused node's key.
    pub(super) current: Option<String>,
    /// A label to fly to once it is shown.
    pub(super) awaited: Option<Label>,
    /// The last search and match flown to.
    pub(super) found: Option<(String, usize)>,
    /// The wheel pans, as a touchpad does.
    pub(super) wheel_pans: bool,
    /// The menu's node; `None` for the background.
    pub(super) menu_for: Option<String>,
    /// With the time since when.
    pub(super) hovered: Option<(String, f64)>,
    /// The pointer rests on a node, and others are dimmed.
    pub(super) is_looking: bool,
    moved: Option<Moved>,
    pending: Pending<SceneRequest, JobId>,
    /// Since when the next drawing is awaited.
    waits_since: Option<f64>,
    /// A request that the worker failed at.
    failed: Option<(SceneRequest, String)>,
    jobs: Option<Jobs<Box<Scene>>>,
    canvas: Option<Rect>,
    /// The drawing's first view, kept until the user moves the camera.
    first_view: Option<View>,
}

impl std::fmt::Debug for CanvasMemory {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CanvasMemory")
            .field("camera", &self.camera)
            .field("gesture", &self.gesture)
            .finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(super) struct Matches {
    pub search: String,
    /// Nodes of the scene with a match, ascending.
    pub nodes: Vec<usize>,
    /// All matching labels of the app, also in closed groups.
    pub labels: Vec<Label>,
}

/// Size of a neighbourhood in edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hops(pub usize);

impl Default for Hops {
    fn default() -> Self {
        Self(1)
    }
}

struct Moved {
    /// Initial distance of each node from its place.
    from: Vec<Vec2>,
    started: f64,
}

impl CanvasMemory {
    pub(crate) fn request_fit(&mut self) {
        self.requests.push(CanvasRequest::Fit);
    }

    pub fn request(&mut self, request: CanvasRequest) {
        self.requests.push(request);
    }

    /// As soon as it is shown.
    pub(crate) fn fly_to(&mut self, label: Label) {
        self.awaited = Some(label);
    }

    /// For tests and annotations.
    #[must_use]
    pub fn canvas(&self) -> Option<Rect> {
        self.canvas
    }

    /// By the view's key.
    #[must_use]
    pub fn node_rect(&self, key: &str) -> Option<Rect> {
        let scene = self.scene.as_ref()?;
        let place = scene.places.get(scene.view.find(key)?)?;
        Some(self.camera.rect_to_screen(self.canvas?, *place))
    }

    #[must_use]
    pub fn shown(&self) -> Vec<&str> {
        self.scene.iter().flat_map(|scene| &scene.view.nodes).map(|node| node.key.as_str()).collect()
    }

    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.pending.is_active()
    }

    /// In seconds.
    #[must_use]
    pub(super) fn waited(&self, now: f64) -> Option<f64> {
        self.waits_since.filter(|_| self.is_busy()).map(|since| now - since)
    }

    /// Keeps the present drawing until another view is requested.
    pub(super) fn stop(&mut self) {
        if let (Some((id, request)), Some(jobs)) = (self.pending.stop(), &self.jobs) {
            jobs.cancel(id);
            self.failed = Some((request, "stopped. Expand or collapse a group to try again".to_owned()));
        }
    }

    #[must_use]
    pub(crate) fn problem(&self) -> Option<&str> {
        self.failed.as_ref().map(|(_, reason)| reason.as_str())
    }

    /// Updates the scene: at once if that is quick, else by the worker.
    pub(super) fn update(
        &mut self,
        context: &Context,
        model: &Arc<AppModel>,
        view: &ViewRequest,
        canvas: Rect,
        now: f64,
    ) {
        let is_resized = self.canvas.replace(canvas).is_some_and(|before| before.size() != canvas.size());
        self.collect(canvas, now);
        if is_resized {
            self.follow(canvas);
        }
        let is_shown = self.scene.as_ref().is_some_and(|scene| scene.request.shows_same(model, view));
        if is_shown {
            self.pending.stop();
            self.failed = None;
            return;
        }
        let is_asked = |request: &SceneRequest| request.shows_same(model, view);
        if self.pending.get().is_some_and(is_asked) {
            return;
        }
        if self.failed.as_ref().is_some_and(|(request, _)| is_asked(request)) {
            return;
        }
        self.failed = None;
        let stays = self
            .scene
            .as_ref()
            .filter(|scene| scene.request.model.app.label == model.app.label && scene.request.view.focus == view.focus);
        let before = Arc::new(stays.map(Scene::standing).unwrap_or_default());
        let aspect = canvas.width() / canvas.height().max(1.0);
        let request = SceneRequest { model: Arc::clone(model), view: view.clone(), before, aspect };
        if model.graph.len() <= INLINE_GRAPH {
            let collapsed = collapsed(&request);
            if collapsed.nodes.len() <= INLINE_NODES {
                self.pending.stop();
                self.adopt(scene(request, collapsed), canvas, now);
                return;
            }
        }
        let repaint = context.clone();
        let jobs = self.jobs.get_or_insert_with(|| Jobs::new(Arc::new(move || repaint.request_repaint())));
        let asked = request.clone();
        let id = jobs.start(move |_| {
            let collapsed = collapsed(&asked);
            Box::new(scene(asked, collapsed))
        });
        self.pending.start(id, request);
        self.waits_since = Some(now);
    }

    /// Drops answers to earlier requests.
    fn collect(&mut self, canvas: Rect, now: f64) {
        let events = self.jobs.as_mut().map(Jobs::collect).unwrap_or_default();
        for event in events {
            match event {
                JobEvent::Done(id, scene) => {
                    if self.pending.finish(id).is_some() {
                        self.adopt(*scene, canvas, now);
                    }
                }
                // The old drawing stays; the next change of the view asks again.
                JobEvent::Failed(id, reason) => {
                    if let Some(request) = self.pending.finish(id) {
                        self.failed = Some((request, reason));
                    }
                }
                JobEvent::Progress(..) | JobEvent::Partial(..) => {}
            }
        }
    }

    /// Takes a new scene and keeps the anchor in place.
    fn adopt(&mut self, new: Scene, canvas: Rect, now: f64) {
        let before = Arc::clone(&new.request.before);
        self.drawing += 1;
        self.layers = None;
        self.matches = None;
        self.moved = None;
        if before.is_empty() {
            self.scene = Some(new);
            self.look_first(canvas);
            return;
        }
        // An untouched view: nothing has to stay in place.
        let is_same = self.scene.as_ref().is_some_and(|old| old.request.view == new.request.view);
        if is_same && self.is_untouched() {
            self.scene = Some(new);
            self.look_first(canvas);
            return;
        }
        let anchor = self.anchor(&new, &before);
        if let Some((old_place, new_place)) = anchor {
            let view = self.camera.view();
            self.camera.set(View { centre: view.centre + (new_place - old_place), ..view });
            let shift = new_place - old_place;
            if new.view.nodes.len() <= MOST_MOVING {
                let from = |at: usize| {
                    let place = new.places.get(at).map_or(Pos2::ZERO, Rect::center);
                    new.came_from(at, &before).map_or(Vec2::ZERO, |old| old + shift - place)
                };
                self.moved = Some(Moved { from: (0..new.view.nodes.len()).map(from).collect(), started: now });
            }
        }
        if let Some(view) = self.view_of_opened(&new, canvas) {
            self.camera.fly(view, now);
        }
        self.scene = Some(new);
    }

    fn look_first(&mut self, canvas: Rect) {
        let Some(scene) = &self.scene else { return };
        self.camera.set(first_view(canvas, scene));
        self.first_view = Some(self.camera.view());
    }

    /// Shows an untouched drawing anew after a resize.
    fn follow(&mut self, canvas: Rect) {
        if self.is_untouched() {
            self.look_first(canvas);
        }
    }

    fn is_untouched(&self) -> bool {
        self.first_view == Some(self.camera.view())
    }

    /// Shows the members of an opened group if they are not fully visible.
    fn view_of_opened(&self, new: &Scene, canvas: Rect) -> Option<View> {
        let old = &self.scene.as_ref()?.request.view.expanded;
        let opened = new.request.view.expanded.difference(old).next()?;
        let is_member = |group: &str| opened == group || opened.strip_suffix("+more") == Some(group);
        let members =
            new.view.nodes.iter().zip(&new.places).filter(|(node, _)| node.group.as_deref().is_some_and(is_member));
        let around = members.map(|(_, place)| *place).reduce(Rect::union)?;
        let view = self.camera.view();
        let seen = self.camera.seen(canvas).shrink(OPENED_MARGIN / view.zoom);
        let (x, y) = (into(around.x_range(), seen.x_range()), into(around.y_range(), seen.y_range()));
        (x != 0.0 || y != 0.0).then(|| View { centre: view.centre + Vec2::new(x, y), ..view })
    }

    /// What stays in place: the opened or closed group, else the node nearest to the middle. Returns its old and new
    /// place.
    fn anchor(&self, new: &Scene, before: &BTreeMap<String, Pos2>) -> Option<(Pos2, Pos2)> {
        let after = new.standing();
        let old = self.scene.as_ref()?;
        let changed = old.request.view.expanded.symmetric_difference(&new.request.view.expanded);
        let both = |key: &String| Some((*before.get(key)?, *after.get(key)?));
        if let Some(places) = changed.filter_map(both).next() {
            return Some(places);
        }
        let centre = self.camera.view().centre;
        let distance = |place: &Pos2| (*place - centre).length_sq();
        let common = before.iter().filter_map(|(key, &old)| Some((old, *after.get(key)?)));
        common.min_by(|(one, _), (other, _)| distance(one).total_cmp(&distance(other)))
    }

    /// Distances from their places; `None` when all have arrived.
    pub(super) fn on_the_way(&mut self, now: f64) -> Option<Vec<Vec2>> {
        let moved = self.moved.as_ref()?;
        let along = ((now - moved.started) / MOVE_SECONDS).clamp(0.0, 1.0) as f32;
        if along >= 1.0 {
            self.moved = None;
            return None;
        }
        let left = 1.0 - ease(along);
        Some(moved.from.iter().map(|&from| from * left).collect())
    }

    pub(super) fn update_layers(&mut self, partition: &Arc<Partition>) {
        let Some(scene) = &self.scene else { return };
        if self.layers.as_ref().is_none_or(|(of, _)| of != partition) {
            let layers = node_layers(&scene.request.model, partition, &scene.figures);
            self.layers = Some((Arc::clone(partition), layers));
        }
    }
}

impl CanvasMemory {
    pub(super) fn update_matches(&mut self, search: &str) {
        let Some(scene) = &self.scene else { return };
        if search.trim().is_empty() {
            self.matches = None;
        } else if self.matches.as_ref().is_none_or(|matches| matches.search != search) {
            let graph = &scene.request.model.graph;
            let nodes = scene.view.matches(graph, search).into_iter().map(|(at, _)| at).collect();
            self.matches = Some(Matches { search: search.to_owned(), nodes, labels: found(graph, search) });
        }
    }
}

/// How far to move the visible range to contain `wanted`, or its middle.
fn into(wanted: Rangef, seen: Rangef) -> f32 {
    if wanted.span() > seen.span() {
        wanted.center() - seen.center()
    } else if wanted.min < seen.min {
        wanted.min - seen.min
    } else {
        (wanted.max - seen.max).max(0.0)
    }
}

/// All of it if readable, else the binary with its neighbours.
fn first_view(canvas: Rect, scene: &Scene) -> View {
    let all = fit(canvas, scene.bounds);
    if all.zoom >= READABLE_ZOOM {
        return all;
    }
    let graph = &scene.request.model.graph;
    let root = graph.node(graph.root()).and_then(|node| scene.showing(&node.label));
    let place = root.and_then(|root| scene.places.get(root)).map_or(scene.bounds.center_top(), Rect::center_top);
    // The binary is near the top of the canvas.
    let down = canvas.height() / 2.0 / READABLE_ZOOM - FIRST_MARGIN;
    // Shows no empty space beside the drawing if possible.
    let half = canvas.width() / 2.0 / READABLE_ZOOM - OPENED_MARGIN;
    let (left, right) = (scene.bounds.left() + half, scene.bounds.right() - half);
    let x = if left < right { place.x.clamp(left, right) } else { scene.bounds.center().x };
    View { centre: Pos2::new(x, place.y + down), zoom: READABLE_ZOOM }
}
