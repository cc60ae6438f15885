//! Paints nodes: cards up close, names further away, rectangles from far away.

use egui::epaint::Mesh;
use egui::{Color32, Painter, Pos2, Rect, Shape, Vec2};

use crate::ui::canvas::camera::Camera;
use crate::ui::canvas::card::{self, Card};
use crate::ui::canvas::detail::Detail;
use crate::ui::canvas::highlight::{Emphasis, Highlight};
use crate::ui::canvas::scene::Scene;
use crate::ui::theme::Palette;

pub(crate) struct Drawn<'a> {
    pub scene: &'a Scene,
    pub camera: &'a Camera,
    pub canvas: Rect,
    /// Distances of moving nodes from their places.
    pub offsets: Option<Vec<Vec2>>,
    pub zoom: f32,
    pub detail: Detail,
}

impl<'a> Drawn<'a> {
    #[must_use]
    pub(crate) fn new(scene: &'a Scene, camera: &'a Camera, canvas: Rect, offsets: Option<Vec<Vec2>>) -> Self {
        Self { scene, camera, canvas, offsets, zoom: camera.zoom(), detail: Detail::at(camera.zoom()) }
    }

    #[must_use]
    pub(crate) fn rect(&self, at: usize) -> Option<Rect> {
        let place = self.scene.places.get(at)?;
        let offset = self.offsets.as_ref().and_then(|offsets| offsets.get(at)).copied().unwrap_or_default();
        Some(self.camera.rect_to_screen(self.canvas, place.translate(offset)))
    }

    /// Empty while nodes move.
    pub(crate) fn route(&self, edge: usize) -> impl Iterator<Item = Pos2> {
        let route = self.scene.routes.get(edge).filter(|_| self.offsets.is_none()).map_or(&[][..], Vec::as_slice);
        route.iter().map(|&point| self.camera.to_screen(self.canvas, point))
    }

    #[must_use]
    pub(crate) fn visible(&self) -> Vec<(usize, Rect)> {
        let seen = self.canvas.expand(8.0);
        (0..self.scene.places.len())
            .filter_map(|at| Some((at, self.rect(at)?)))
            .filter(|(_, rect)| rect.intersects(seen))
            .collect()
    }
}

/// `strong` selects those with an outline.
pub(crate) fn overview(
    painter: &Painter,
    palette: &Palette,
    visible: &[(usize, Rect)],
    (highlight, fade): (&Highlight, f32),
    colour: impl Fn(usize) -> Color32,
    strong: impl Fn(usize) -> bool,
) {
    let mut flat = Mesh::default();
    let mut outlined = Vec::new();
    for &(at, rect) in visible {
        let emphasis = highlight.node(at);
        let dim = if emphasis == Emphasis::Dim { 1.0 - card::DIM * fade } else { 1.0 };
        flat.add_colored_rect(rect, colour(at).gamma_multiply(dim));
        if strong(at) || (emphasis == Emphasis::Strong && fade > 0.0) {
            outlined.push(rect);
        }
    }
    painter.add(Shape::mesh(flat));
    for rect in outlined {
        card::outline(painter, palette, rect);
    }
}

pub(crate) fn cards(
    painter: &Painter,
    palette: &Palette,
    drawn: &Drawn<'_>,
    cards: &[(usize, Rect, Card<'_>)],
    (highlight, fade): (&Highlight, f32),
) {
    let mut faint = painter.clone();
    faint.multiply_opacity(1.0 - card::DIM * fade);
    for &(at, rect, ref card) in cards {
        if highlight.node(at) == Emphasis::Dim {
            // A dimmed card still hides the edges behind it.
            painter.rect_filled(rect, card::radius(drawn.zoom), palette.ground);
            card::paint(&faint, palette, rect, drawn.zoom, drawn.detail, card);
        } else {
            card::paint(painter, palette, rect, drawn.zoom, drawn.detail, card);
        }
    }
}
