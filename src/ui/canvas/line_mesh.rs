//! Many lines as one mesh: far cheaper than a shape each. With egui's smooth rim; invisible parts are left out.

use egui::epaint::Mesh;
use egui::{Color32, Pos2, Rect, Stroke, Vec2};

pub(super) struct LineMesh {
    mesh: Mesh,
    seen: Rect,
    rim: f32,
}

/// Distance from the middle of a line, and colour.
type Profile = [(f32, Color32); 4];

impl LineMesh {
    /// `rim` is the width of the smooth rim in points, 0 for none.
    pub(super) fn new(seen: Rect, rim: f32) -> Self {
        Self { mesh: Mesh::default(), seen, rim }
    }

    pub(super) fn seen(&self) -> Rect {
        self.seen
    }

    pub(super) fn into_mesh(self) -> Mesh {
        self.mesh
    }

    /// Adds the parts near what is visible. The line must turn gently.
    pub(super) fn add(&mut self, points: &[Pos2], stroke: Stroke) {
        let mut profile: Profile = Default::default();
        let Some(profile) = self.profile(stroke, &mut profile) else { return };
        let mut before = None;
        for (at, pair) in points.windows(2).enumerate() {
            let Some(&[from, to]) = pair.first_chunk() else { continue };
            if !Rect::from_two_pos(from, to).intersects(self.seen) {
                before = None;
                continue;
            }
            let first = before.or_else(|| self.section(points, at, profile));
            let second = self.section(points, at + 1, profile);
            if let (Some(first), Some(second)) = (first, second) {
                for side in 0..u32::try_from(profile.len() - 1).unwrap_or_default() {
                    self.mesh.add_triangle(first + side, first + side + 1, second + side);
                    self.mesh.add_triangle(first + side + 1, second + side, second + side + 1);
                }
            }
            before = second;
        }
    }

    /// As in egui: full in the middle, transparent at the end of the rim; a line thinner than the rim is paler.
    fn profile<'p>(&self, stroke: Stroke, room: &'p mut Profile) -> Option<&'p [(f32, Color32)]> {
        let (half, rim, colour, none) = (stroke.width / 2.0, self.rim, stroke.color, Color32::TRANSPARENT);
        let count = if rim <= 0.0 {
            *room = [(-half, colour), (half, colour), (half, none), (half, none)];
            2
        } else if stroke.width <= rim {
            *room = [(-rim, none), (0.0, colour.gamma_multiply(stroke.width / rim)), (rim, none), (rim, none)];
            3
        } else {
            let (inner, outer) = (half - rim / 2.0, half + rim / 2.0);
            *room = [(-outer, none), (-inner, colour), (inner, colour), (outer, none)];
            4
        };
        room.get(..count)
    }

    /// Returns the first vertex across the line at a point.
    fn section(&mut self, points: &[Pos2], at: usize, profile: &[(f32, Color32)]) -> Option<u32> {
        let middle = *points.get(at)?;
        let before = at.checked_sub(1).and_then(|at| points.get(at)).unwrap_or(&middle);
        let after = points.get(at + 1).unwrap_or(&middle);
        let across: Vec2 = (*after - *before).normalized().rot90();
        let first = u32::try_from(self.mesh.vertices.len()).ok()?;
        for &(offset, colour) in profile {
            self.mesh.colored_vertex(middle + across * offset, colour);
        }
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    fn lines(points: &[Pos2], width: f32, rim: f32) -> Mesh {
        let seen = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 100.0));
        let mut lines = LineMesh::new(seen, rim);
        lines.add(points, Stroke::new(width, Color32::RED));
        lines.into_mesh()
    }

    #[test]
    fn a_line_is_as_wide_as_it_should_be_and_has_a_rim() {
        let down = [pos2(50.0, 10.0), pos2(50.0, 90.0)];
        let across =
            |mesh: &Mesh| mesh.vertices.iter().take(mesh.vertices.len() / 2).map(|vertex| vertex.pos.x).collect();
        let sorted = |mut places: Vec<f32>| {
            places.sort_by(f32::total_cmp);
            places
        };
        assert_eq!(sorted(across(&lines(&down, 4.0, 0.0))), [48.0, 52.0]);
        assert_eq!(sorted(across(&lines(&down, 4.0, 1.0))), [47.5, 48.5, 51.5, 52.5]);
        let thin = lines(&down, 0.5, 1.0);
        assert_eq!(sorted(across(&thin)), [49.0, 50.0, 51.0]);
        assert_eq!(thin.vertices[1].color, Color32::RED.gamma_multiply(0.5));
        assert!(thin.is_valid());
    }

    #[test]
    fn what_is_not_seen_is_left_out() {
        let points = [pos2(50.0, -300.0), pos2(50.0, -200.0), pos2(50.0, 50.0), pos2(50.0, 60.0), pos2(50.0, 400.0)];
        let mesh = lines(&points, 4.0, 0.0);
        let tops: Vec<f32> = mesh.vertices.iter().map(|vertex| vertex.pos.y).collect();
        assert_eq!(tops, [-200.0, -200.0, 50.0, 50.0, 60.0, 60.0, 400.0, 400.0]);
        assert!(lines(&[pos2(-50.0, -5.0), pos2(300.0, -5.0)], 4.0, 1.0).is_empty());
        assert!(lines(&[pos2(5.0, 5.0)], 4.0, 1.0).is_empty());
    }
}
