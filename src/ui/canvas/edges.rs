//! Paints the edges: curves round the nodes between where one looks closely, straight lines from far away.

use egui::epaint::{CubicBezierShape, Mesh};
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, pos2};

use crate::ui::canvas::highlight::{Emphasis, Highlight};
use crate::ui::canvas::paint::{Detail, Drawn};
use crate::ui::theme::Palette;

/// Beyond this many edges in one drawing lines are plain quads: no smooth rim, and a twentieth of the time.
const MOST_SMOOTH: usize = 1_500;
/// Edges at rest are thin; they say that something is connected, not more.
const WIDTH: f32 = 1.0;

/// Paints every edge that is on the canvas, those that stand out last.
pub fn paint(painter: &Painter, palette: &Palette, drawn: &Drawn<'_>, highlight: &Highlight, fade: f32) {
    let clip = painter.clip_rect();
    let mut layers: [Vec<usize>; 4] = Default::default();
    for at in 0..drawn.scene.view.edges.len() {
        if let Some(layer) = layers.get_mut(highlight.edge(at) as usize) {
            layer.push(at);
        }
    }
    let is_crowded = drawn.scene.view.edges.len() > MOST_SMOOTH;
    let mut mesh = Mesh::default();
    for (emphasis, edges) in [Emphasis::Dim, Emphasis::Plain, Emphasis::Lit, Emphasis::Strong].into_iter().zip(layers) {
        for at in edges {
            let Some(&(from, to, weight)) = drawn.scene.view.edges.get(at) else { continue };
            let Some((start, end)) = drawn.rect(from).zip(drawn.rect(to)).map(|(from, to)| ends(from, to)) else {
                continue;
            };
            let route = drawn.route(at);
            let around = Rect::from_points(&[start, end]).union(Rect::from_points(&route)).expand(2.0);
            if !around.intersects(clip) {
                continue;
            }
            let stroke = stroke(palette, emphasis, weight, drawn.zoom, fade);
            match drawn.detail {
                Detail::Overview if is_crowded => line_quad(&mut mesh, start, end, stroke),
                Detail::Overview => {
                    painter.line_segment([start, end], stroke);
                }
                Detail::Title | Detail::Full => painter.extend(curve(start, &route, end, stroke)),
            }
        }
    }
    if !mesh.is_empty() {
        painter.add(Shape::mesh(mesh));
    }
}

/// Where an edge leaves what depends and where it reaches what it depends on: at the sides that face each other.
fn ends(from: Rect, to: Rect) -> (Pos2, Pos2) {
    if from.left() >= to.right() || from.center().x >= to.center().x {
        (from.left_center(), to.right_center())
    } else {
        (from.right_center(), to.left_center())
    }
}

fn stroke(palette: &Palette, emphasis: Emphasis, weight: u32, zoom: f32, fade: f32) -> Stroke {
    let thick = WIDTH + (f64::from(weight.max(1)).ln() as f32 * 0.35).min(1.5);
    let (colour, width) = match emphasis {
        Emphasis::Dim => (palette.outline.gamma_multiply(1.0 - 0.7 * fade), thick),
        Emphasis::Plain => (palette.outline, thick),
        Emphasis::Lit => (palette.outline.lerp_to_gamma(palette.text_third, fade), thick + 0.25),
        Emphasis::Strong => (palette.outline.lerp_to_gamma(palette.accent, fade), thick + 0.75),
    };
    Stroke::new(width * zoom.clamp(0.55, 1.2), colour)
}

/// Level at every point that it passes, so that it neither cuts a corner of a node nor ends askew.
fn curve(start: Pos2, route: &[Pos2], end: Pos2, stroke: Stroke) -> Vec<Shape> {
    let points: Vec<Pos2> = std::iter::once(start).chain(route.iter().copied()).chain([end]).collect();
    let piece = |pair: &[Pos2]| {
        let &[from, to] = pair.first_chunk()?;
        if (from.y - to.y).abs() < 0.5 {
            return Some(Shape::line_segment([from, to], stroke));
        }
        let bend = (to.x - from.x) * 0.5;
        let controls = [from, pos2(from.x + bend, from.y), pos2(to.x - bend, to.y), to];
        Some(CubicBezierShape::from_points_stroke(controls, false, Color32::TRANSPARENT, stroke).into())
    };
    points.windows(2).filter_map(piece).collect()
}

fn line_quad(mesh: &mut Mesh, from: Pos2, to: Pos2, stroke: Stroke) {
    let across = (to - from).normalized().rot90() * (stroke.width / 2.0);
    let Ok(first) = u32::try_from(mesh.vertices.len()) else { return };
    for corner in [from + across, from - across, to + across, to - across] {
        mesh.colored_vertex(corner, stroke.color);
    }
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first + 1, first + 2, first + 3);
}
