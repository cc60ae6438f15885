//! Edges on the canvas: curves up close, straight lines from far away. Only what is visible is computed.

use std::sync::Arc;

use egui::epaint::Mesh;
use egui::{Pos2, Rect, Stroke, pos2};

use crate::ui::canvas::camera::View;
use crate::ui::canvas::detail::Detail;
use crate::ui::canvas::highlight::{Emphasis, Highlight};
use crate::ui::canvas::line_mesh::LineMesh;
use crate::ui::canvas::paint::Drawn;
use crate::ui::theme::Palette;

/// With more edges, seen from far away, lines have no smooth rim: it is invisible and costs half the time.
const MOST_SMOOTH: usize = 1_500;
const WIDTH: f32 = 1.0;
/// Length of a curve's step, and maximum steps per piece.
const STEP: f32 = 7.0;
const MOST_STEPS: f32 = 32.0;

/// Inputs of a still drawing's lines.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EdgesOf {
    /// Number of the scene.
    pub drawing: u64,
    pub view: View,
    /// Clip rectangle.
    pub clip: Rect,
    pub is_dark: bool,
    /// Width of the smooth rim.
    pub rim: f32,
    pub highlight: Highlight,
    pub fade: f32,
}

/// The last lines: unchanged from frame to frame while something is dragged or typed.
#[derive(Debug, Default)]
pub(crate) struct EdgeCache {
    latest: Option<(EdgesOf, Arc<Mesh>)>,
}

impl EdgeCache {
    /// Calls `make` only if the inputs changed.
    pub(crate) fn get(&mut self, made_from: EdgesOf, make: impl FnOnce() -> Mesh) -> Arc<Mesh> {
        if let Some((_, mesh)) = self.latest.as_ref().filter(|(latest, _)| *latest == made_from) {
            return Arc::clone(mesh);
        }
        let mesh = Arc::new(make());
        self.latest = Some((made_from, Arc::clone(&mesh)));
        mesh
    }
}

/// Highlighted edges last.
pub(crate) fn mesh(
    palette: &Palette,
    drawn: &Drawn<'_>,
    highlight: &Highlight,
    fade: f32,
    clip: Rect,
    rim: f32,
) -> Mesh {
    let edges = &drawn.scene.view.edges;
    let mut layers: [Vec<usize>; 4] = Default::default();
    let seen = drawn.camera.seen_of(drawn.canvas, clip);
    for at in 0..edges.len() {
        // While nodes move, their edges may be anywhere.
        let is_near = drawn.offsets.is_some() || drawn.scene.edge_bounds.get(at).is_none_or(|it| it.intersects(seen));
        if let Some(layer) = layers.get_mut(highlight.edge(at) as usize).filter(|_| is_near) {
            layer.push(at);
        }
    }
    let is_overview = drawn.detail == Detail::Overview;
    let rim = if is_overview && edges.len() > MOST_SMOOTH { 0.0 } else { rim };
    let mut lines = LineMesh::new(clip.expand(4.0), rim);
    let (mut passed, mut line) = (Vec::new(), Vec::new());
    for (emphasis, layer) in [Emphasis::Dim, Emphasis::Plain, Emphasis::Lit, Emphasis::Strong].into_iter().zip(layers) {
        for at in layer {
            let Some(&(from, to, weight)) = edges.get(at) else { continue };
            let Some((start, end)) = drawn.rect(from).zip(drawn.rect(to)).map(|(from, to)| ends(from, to)) else {
                continue;
            };
            let stroke = stroke(palette, emphasis, weight, drawn.zoom, fade);
            if is_overview {
                lines.add(&[start, end], stroke);
                continue;
            }
            passed.clear();
            passed.push(start);
            passed.extend(drawn.route(at));
            passed.push(end);
            curve(&passed, lines.seen(), &mut line, |line| lines.add(line, stroke));
        }
    }
    lines.into_mesh()
}

/// Ends of an edge, on the sides that face each other.
pub(super) fn ends(from: Rect, to: Rect) -> (Pos2, Pos2) {
    if from.center().y <= to.center().y {
        (from.center_bottom(), to.center_top())
    } else {
        (from.center_top(), to.center_bottom())
    }
}

fn stroke(palette: &Palette, emphasis: Emphasis, weight: u32, zoom: f32, fade: f32) -> Stroke {
    let thick = if weight <= 1 { WIDTH } else { WIDTH + (f64::from(weight).ln() as f32 * 0.35).min(1.5) };
    let (colour, width) = match emphasis {
        Emphasis::Dim => (palette.outline.gamma_multiply(1.0 - 0.7 * fade), thick),
        Emphasis::Plain => (palette.outline, thick),
        Emphasis::Lit => (palette.outline.lerp_to_gamma(palette.text_third, fade), thick + 0.25),
        Emphasis::Strong => (palette.outline.lerp_to_gamma(palette.accent, fade), thick + 0.75),
    };
    Stroke::new(width * zoom.clamp(0.55, 1.2), colour)
}

/// A smooth line through all points, vertical at both ends. Monotone (F. N. Fritsch and R. E. Carlson, "Monotone
/// piecewise cubic interpolation", 1980), so it avoids what the route avoids. Emits each stretch near `seen`.
fn curve(points: &[Pos2], seen: Rect, line: &mut Vec<Pos2>, mut give: impl FnMut(&[Pos2])) {
    line.clear();
    let mut leaving = 0.0;
    for (at, pair) in points.windows(2).enumerate() {
        let Some(&[from, to]) = pair.first_chunk() else { continue };
        let next = points.get(at + 2).map(|&next| secant(to, next));
        let arriving = next.map_or(0.0, |next| slope(secant(from, to), next));
        // A piece stays between its ends.
        if Rect::from_two_pos(from, to).expand(1.0).intersects(seen) {
            if line.is_empty() {
                line.push(from);
            }
            piece(line, from, to, leaving, arriving);
        } else if !line.is_empty() {
            give(line);
            line.clear();
        }
        leaving = arriving;
    }
    if !line.is_empty() {
        give(line);
    }
}

fn secant(from: Pos2, to: Pos2) -> f32 {
    let down = to.y - from.y;
    if down.abs() < 0.01 { 0.0 } else { (to.x - from.x) / down }
}

/// Zero at turning points, else the harmonic mean of the secants.
fn slope(one: f32, other: f32) -> f32 {
    if one * other <= 0.0 { 0.0 } else { 2.0 * one * other / (one + other) }
}

/// The line ends at the piece's start.
fn piece(line: &mut Vec<Pos2>, from: Pos2, to: Pos2, leaving: f32, arriving: f32) {
    let down = to.y - from.y;
    let straight = secant(from, to);
    let is_straight = (leaving - straight).abs() + (arriving - straight).abs() < 0.02;
    if !is_straight {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 3 and 32")]
        let steps = ((to - from).length() / STEP).clamp(3.0, MOST_STEPS) as u8;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn followed(points: &[Pos2], seen: Rect) -> Vec<Vec<Pos2>> {
        let (mut line, mut stretches) = (Vec::new(), Vec::new());
        curve(points, seen, &mut line, |stretch| stretches.push(stretch.to_vec()));
        stretches
    }

    #[test]
    fn a_curve_is_followed_where_it_is_seen_and_nowhere_else() {
        let points = [pos2(0.0, 0.0), pos2(40.0, 100.0), pos2(40.0, 200.0), pos2(0.0, 300.0)];
        let all = followed(&points, Rect::EVERYTHING);
        assert_eq!(all.len(), 1);
        assert!(points.iter().all(|point| all[0].contains(point)));
        assert!(all[0].is_sorted_by(|one, other| one.y < other.y));
        assert!(all[0].iter().all(|point| (0.0..=40.0).contains(&point.x)), "it swings out: {all:?}");
        let ends = |top: f32, bottom: f32| Rect::from_min_max(pos2(-10.0, top), pos2(90.0, bottom));
        assert_eq!(followed(&points, ends(110.0, 190.0)), [vec![pos2(40.0, 100.0), pos2(40.0, 200.0)]]);
        assert!(followed(&points, ends(400.0, 500.0)).is_empty());
    }
}
