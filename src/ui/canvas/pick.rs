//! Hit tests.

use egui::{Pos2, Rect};

use crate::graph::view::walk::Way;
use crate::ui::canvas::camera::Camera;
use crate::ui::canvas::detail::Detail;
use crate::ui::canvas::scene::Scene;

/// Of a group's card, at natural size.
pub(crate) const TOGGLE_WIDTH: f32 = 26.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Body,
    Toggle,
}

#[must_use]
pub(crate) fn node_at(scene: &Scene, camera: &Camera, canvas: Rect, position: Pos2) -> Option<(usize, Part)> {
    if !canvas.contains(position) {
        return None;
    }
    let place = camera.to_drawing(canvas, position);
    let at = scene.places.iter().rposition(|rect| rect.contains(place))?;
    let is_group = scene.view.nodes.get(at).is_some_and(|node| node.kind.is_group());
    let toggle = scene.places.get(at).map(|rect| rect.with_min_x(rect.right() - TOGGLE_WIDTH));
    let has_toggle = is_group && Detail::at(camera.zoom()) != Detail::Overview;
    let part =
        if has_toggle && toggle.is_some_and(|toggle| toggle.contains(place)) { Part::Toggle } else { Part::Body };
    Some((at, part))
}

#[must_use]
pub(crate) fn nodes_in(scene: &Scene, area: Rect) -> Vec<usize> {
    scene.places.iter().enumerate().filter(|(_, rect)| rect.intersects(area)).map(|(at, _)| at).collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Up,
    Down,
    Left,
    Right,
}

/// Along an edge to its nearest end, or to the nearest node beside.
#[must_use]
pub(crate) fn step(scene: &Scene, from: usize, step: Step) -> Option<usize> {
    let centre = |at: usize| scene.places.get(at).map(Rect::center);
    let here = centre(from)?;
    let nearest = |candidates: &mut dyn Iterator<Item = usize>, cost: &dyn Fn(Pos2) -> f32| {
        let costed = candidates.filter_map(|at| Some((cost(centre(at)?), at)));
        costed.min_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1))).map(|(_, at)| at)
    };
    match step {
        Step::Up | Step::Down => {
            let way = if step == Step::Down { Way::Dependencies } else { Way::Dependents };
            nearest(&mut scene.neighbours.of(from, way).iter().copied(), &|place| (place - here).length())
        }
        Step::Left | Step::Right => {
            let sign = if step == Step::Left { -1.0 } else { 1.0 };
            let beyond = |at: &usize| centre(*at).is_some_and(|place| (place.x - here.x) * sign > 1.0);
            // Vertical distance counts more.
            let cost = |place: Pos2| (place.x - here.x).abs() + 4.0 * (place.y - here.y).abs();
            nearest(&mut (0..scene.places.len()).filter(beyond), &cost)
        }
    }
}
