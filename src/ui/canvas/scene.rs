//! A scene: one view of the app's graph with its layout and figures, ready to be drawn. Made on a worker where it is large.
//!
//! Pure: it depends on the model and the request alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Pos2, Rect, pos2, vec2};

use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::graph::layout::{LayoutNode, LayoutRequest, Placed, layout};
use crate::graph::model::Graph;
use crate::graph::view::walk::Neighbours;
use crate::graph::view::{ViewGraph, ViewKind, ViewRequest, view_graph};
use crate::label::Label;
use crate::ui::canvas::figures::{NodeFigures, figures};
use crate::ui::theme::metrics::{CARD_HEIGHT, CARD_WIDTH, FILE_HEIGHT};

/// A view with more nodes than this is placed on a worker.
pub(crate) const INLINE_NODES: usize = 80;

/// What a scene is made of.
#[derive(Clone, Debug)]
pub(crate) struct SceneRequest {
    /// The app.
    pub model: Arc<AppModel>,
    /// What of it is shown.
    pub view: ViewRequest,
    /// Where things stood before, so that they stay near.
    pub before: Arc<BTreeMap<String, Pos2>>,
    /// Width over height of the canvas.
    pub aspect: f32,
}

impl SceneRequest {
    /// Whether both ask for the same nodes of the same app; where they stood before is no difference.
    #[must_use]
    pub(crate) fn shows_same(&self, model: &Arc<AppModel>, view: &ViewRequest) -> bool {
        Arc::ptr_eq(&self.model, model) && self.view == *view
    }
}

/// A view that is ready to be drawn.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    /// What it was made from.
    pub request: SceneRequest,
    /// The nodes and edges.
    pub view: ViewGraph,
    /// The edges by node.
    pub neighbours: Neighbours,
    /// The rectangle of each node.
    pub places: Vec<Rect>,
    /// The points that each edge passes.
    pub routes: Vec<Vec<Pos2>>,
    /// Around each edge, its ends with it.
    pub edge_bounds: Vec<Rect>,
    /// Around everything.
    pub bounds: Rect,
    /// The figures of each node.
    pub figures: Vec<NodeFigures>,
    /// Compressed bytes of everything in the image.
    pub total: ByteCount,
    /// Per node of the graph the node of the view that shows it, itself or inside.
    shown_by: Vec<Option<usize>>,
}

/// Makes the scene that is asked for, from a view that was collapsed already.
#[must_use]
pub(crate) fn scene(request: SceneRequest, view: ViewGraph) -> Scene {
    let node = |at: usize| {
        let node = view.nodes.get(at)?;
        let own = request.before.get(&node.key);
        let before = own.or_else(|| request.before.get(node.group.as_deref()?)).map(|place| place.x);
        let height = if node.kind == ViewKind::File { FILE_HEIGHT } else { CARD_HEIGHT };
        Some(LayoutNode { width: CARD_WIDTH, height, before, height_before: own.map(|place| place.y) })
    };
    let placed = layout(&LayoutRequest {
        nodes: (0..view.nodes.len()).filter_map(node).collect(),
        edges: view.edges.iter().map(|&(from, to, _)| (from, to)).collect(),
        aspect: request.aspect,
    });
    let rect = |place: &Placed| Rect::from_min_size(pos2(place.left, place.top), vec2(place.width, place.height));
    let sizes = &request.model.measures.sizes;
    let places: Vec<Rect> = placed.places.iter().map(rect).collect();
    let routes: Vec<Vec<Pos2>> =
        placed.routes.iter().map(|route| route.iter().map(|point| pos2(point.x, point.y)).collect()).collect();
    Scene {
        neighbours: Neighbours::new(&view),
        edge_bounds: edge_bounds(&view, &places, &routes),
        places,
        routes,
        bounds: Rect::from_min_size(Pos2::ZERO, vec2(placed.width, placed.height)),
        figures: figures(&request.model, &view),
        total: request
            .model
            .contents
            .all
            .iter()
            .filter_map(|item| sizes.item(item))
            .map(|size| size.compressed_bytes)
            .sum(),
        shown_by: shown_by(&request.model.graph, &view),
        view,
        request,
    }
}

fn edge_bounds(view: &ViewGraph, places: &[Rect], routes: &[Vec<Pos2>]) -> Vec<Rect> {
    let place = |node: usize| places.get(node).copied().unwrap_or(Rect::NOTHING);
    let around = |(&(from, to, _), route): (&(usize, usize, u32), &Vec<Pos2>)| {
        place(from).union(place(to)).union(Rect::from_points(route))
    };
    view.edges.iter().zip(routes).map(around).collect()
}

fn shown_by(graph: &Graph, view: &ViewGraph) -> Vec<Option<usize>> {
    let mut shown_by = vec![None; graph.len()];
    // What a node stands for counts more than the files that are hidden in it.
    for of_files in [true, false] {
        for (at, node) in view.nodes.iter().enumerate() {
            for id in if of_files { &node.files } else { &node.members } {
                if let Some(slot) = shown_by.get_mut(id.index()) {
                    *slot = Some(at);
                }
            }
        }
    }
    shown_by
}

/// The nodes that a request shows.
#[must_use]
pub(crate) fn collapsed(request: &SceneRequest) -> ViewGraph {
    view_graph(&request.model.graph, &request.view)
}

impl Scene {
    /// Where everything stands: nodes by key, and each open group at the middle of its members.
    #[must_use]
    pub(crate) fn standing(&self) -> BTreeMap<String, Pos2> {
        let mut standing = BTreeMap::new();
        let mut groups: BTreeMap<&str, (egui::Vec2, f32)> = BTreeMap::new();
        for (node, place) in self.view.nodes.iter().zip(&self.places) {
            standing.insert(node.key.clone(), place.center());
            if let Some(group) = node.group.as_deref() {
                let (sum, count) = groups.entry(group).or_default();
                *sum += place.center().to_vec2();
                *count += 1.0;
            }
        }
        for (group, (sum, count)) in groups {
            standing.entry(group.to_owned()).or_insert((sum / count).to_pos2());
        }
        standing
    }

    /// The node that shows a label, itself or inside.
    #[must_use]
    pub(crate) fn showing(&self, label: &Label) -> Option<usize> {
        let id = self.request.model.graph.find(label)?;
        self.shown_by.get(id.index()).copied().flatten()
    }

    /// Where a node came from: its own place before, or the place of the group that held it.
    #[must_use]
    pub(crate) fn came_from(&self, at: usize, before: &BTreeMap<String, Pos2>) -> Option<Pos2> {
        let node = self.view.nodes.get(at)?;
        let of_group = || before.get(node.group.as_deref()?);
        before.get(&node.key).or_else(of_group).copied()
    }
}
