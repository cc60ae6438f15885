//! Paints the edges: curves round the nodes between where one looks closely, straight lines from far away.

use egui::epaint::Mesh;
use egui::{Painter, Pos2, Rect, Shape, Stroke, pos2};

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
                Detail::Title | Detail::Full => {
                    painter.add(curve(start, &route, end, stroke));
                }
            }
        }
    }
    if !mesh.is_empty() {
        painter.add(Shape::mesh(mesh));
    }
}

/// Where an edge leaves what depends and where it reaches what it depends on: at the sides that face each other.
pub(super) fn ends(from: Rect, to: Rect) -> (Pos2, Pos2) {
    if from.center().y <= to.center().y {
        (from.center_bottom(), to.center_top())
    } else {
        (from.center_top(), to.center_bottom())
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

/// A smooth line through all points, upright at both ends. It never swings out beyond the points (F. N. Fritsch and
/// R. E. Carlson, "Monotone piecewise cubic interpolation", 1980), so it keeps clear of what the route keeps clear of.
fn curve(start: Pos2, route: &[Pos2], end: Pos2, stroke: Stroke) -> Shape {
    let points: Vec<Pos2> = std::iter::once(start).chain(route.iter().copied()).chain([end]).collect();
    let secants: Vec<f32> =
        points.windows(2).filter_map(|pair| pair.first_chunk()).map(|&[from, to]| secant(from, to)).collect();
    let inner = secants.windows(2).filter_map(|pair| pair.first_chunk()).map(|&[one, other]| slope(one, other));
    let slopes: Vec<f32> = std::iter::once(0.0).chain(inner).chain([0.0]).collect();
    let mut line = vec![start];
    for (pair, slopes) in points.windows(2).zip(slopes.windows(2)) {
        if let (Some(&[from, to]), Some(&[leaving, arriving])) = (pair.first_chunk(), slopes.first_chunk()) {
            piece(&mut line, from, to, leaving, arriving);
        }
    }
    Shape::line(line, stroke)
}

/// How far x goes per point of y.
fn secant(from: Pos2, to: Pos2) -> f32 {
    let down = to.y - from.y;
    if down.abs() < 0.01 { 0.0 } else { (to.x - from.x) / down }
}

/// Between two secants: none where they turn back, else their harmonic mean.
fn slope(one: f32, other: f32) -> f32 {
    if one * other <= 0.0 { 0.0 } else { 2.0 * one * other / (one + other) }
}

/// Adds the points of one piece to a line that ends at its start.
fn piece(line: &mut Vec<Pos2>, from: Pos2, to: Pos2, leaving: f32, arriving: f32) {
    let down = to.y - from.y;
    let straight = secant(from, to);
    let is_straight = (leaving - straight).abs() + (arriving - straight).abs() < 0.02;
    if !is_straight {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 3 and 32")]
        let steps = ((to - from).length() / 7.0).clamp(3.0, 32.0) as u8;
        for step in 1..steps {
            let along = f32::from(step) / f32::from(steps);
            let (squared, cubed) = (along * along, along * along * along);
            let x = from.x * (2.0 * cubed - 3.0 * squared + 1.0)
                + to.x * (3.0 * squared - 2.0 * cubed)
                + down * (leaving * (cubed - 2.0 * squared + along) + arriving * (cubed - squared));
            line.push(pos2(x, from.y + down * along));
        }
    }
    line.push(to);
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
