//! A scene: a view of the graph with layout and figures. Depends only on model and request; large ones are made on a
//! worker.

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

/// Larger views are laid out on a worker.
pub(crate) const INLINE_NODES: usize = 80;

#[derive(Clone, Debug)]
pub(crate) struct SceneRequest {
    pub model: Arc<AppModel>,
    pub view: ViewRequest,
    /// Previous places, so that nodes stay near.
    pub before: Arc<BTreeMap<String, Pos2>>,
    /// Width over height of the canvas.
    pub aspect: f32,
}

impl SceneRequest {
    /// Returns `true` if both request the same nodes of the same app.
    #[must_use]
    pub(crate) fn shows_same(&self, model: &Arc<AppModel>, view: &ViewRequest) -> bool {
        Arc::ptr_eq(&self.model, model) && self.view == *view
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub request: SceneRequest,
    pub view: ViewGraph,
    pub neighbours: Neighbours,
    pub places: Vec<Rect>,
    pub routes: Vec<Vec<Pos2>>,
    /// With their ends.
    pub edge_bounds: Vec<Rect>,
    pub bounds: Rect,
    pub figures: Vec<NodeFigures>,
    /// Of the whole image.
    pub total: ByteCount,
    /// For each node of the graph, the node of the view that shows it.
    shown_by: Vec<Option<usize>>,
}

/// From a collapsed view.
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
    // Nodes count more than files hidden in them.
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

#[must_use]
pub(crate) fn collapsed(request: &SceneRequest) -> ViewGraph {
    view_graph(&request.model.graph, &request.view)
}

impl Scene {
    /// Nodes by key, and each open group at the middle of its members.
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

    /// Itself or inside.
    #[must_use]
    pub(crate) fn showing(&self, label: &Label) -> Option<usize> {
        let id = self.request.model.graph.find(label)?;
        self.shown_by.get(id.index()).copied().flatten()
    }

    /// Its previous place, or that of its group.
    #[must_use]
    pub(crate) fn came_from(&self, at: usize, before: &BTreeMap<String, Pos2>) -> Option<Pos2> {
        let node = self.view.nodes.get(at)?;
        let of_group = || before.get(node.group.as_deref()?);
        before.get(&node.key).or_else(of_group).copied()
    }
}
