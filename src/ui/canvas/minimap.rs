//! The minimap; a press moves the camera.

use egui::epaint::Mesh;
use egui::{Id, Pos2, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, vec2};

use crate::ui::canvas::camera::{Camera, View};
use crate::ui::canvas::paint::Drawn;
use crate::ui::theme::metrics::{HAIRLINE, RADIUS_M, SPACE_S};
use crate::ui::theme::{self, Palette};

const SIZE: Vec2 = vec2(168.0, 108.0);
const INSET: f32 = 6.0;

/// `None` without room, or if everything is visible.
#[must_use]
pub(crate) fn place(canvas: Rect, bounds: Rect, camera: &Camera) -> Option<Rect> {
    let has_room = canvas.width() > 3.0 * SIZE.x && canvas.height() > 3.0 * SIZE.y;
    let sees_all = camera.seen(canvas).expand(1.0).contains_rect(bounds);
    (has_room && !sees_all).then(|| Rect::from_min_size(canvas.max - SIZE - Vec2::splat(SPACE_S), SIZE))
}

/// Returns the view that a press requests.
pub(crate) fn show(ui: &Ui, rect: Rect, drawn: &Drawn<'_>, colour: impl Fn(usize) -> egui::Color32) -> Option<View> {
    let palette = theme::palette(ui);
    let response = ui.interact(rect, Id::unique("graph minimap"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Overview of the graph"));
    let map = Map::new(rect.shrink(INSET), drawn.scene.bounds);
    paint(ui, palette, rect, &map, drawn, colour);
    let pressed =
        response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on() || response.clicked());
    pressed.map(|position| View { centre: map.to_drawing(position), zoom: drawn.zoom })
}

fn paint(
    ui: &Ui,
    palette: &Palette,
    rect: Rect,
    map: &Map,
    drawn: &Drawn<'_>,
    colour: impl Fn(usize) -> egui::Color32,
) {
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    painter.rect(rect, RADIUS_M, palette.surface, Stroke::new(HAIRLINE, palette.line), StrokeKind::Inside);
    let mut mesh = Mesh::default();
    for (at, place) in drawn.scene.places.iter().enumerate() {
        let mut dot = Rect::from_min_max(map.to_map(place.min), map.to_map(place.max));
        dot = Rect::from_center_size(dot.center(), dot.size().max(Vec2::splat(1.5)));
        mesh.add_colored_rect(dot, colour(at));
    }
    painter.add(Shape::mesh(mesh));
    let seen = drawn.camera.seen(drawn.canvas);
    let window = Rect::from_min_max(map.to_map(seen.min), map.to_map(seen.max)).intersect(rect.shrink(1.0));
    painter.rect_stroke(window, 2, Stroke::new(1.5, palette.accent), StrokeKind::Inside);
}

struct Map {
    middle: Pos2,
    centre: Pos2,
    scale: f32,
}

impl Map {
    fn new(rect: Rect, bounds: Rect) -> Self {
        let size = bounds.size().max(Vec2::splat(1.0));
        Self {
            middle: rect.center(),
            centre: bounds.center(),
            scale: (rect.width() / size.x).min(rect.height() / size.y),
        }
    }

    fn to_map(&self, place: Pos2) -> Pos2 {
        self.middle + (place - self.centre) * self.scale
    }

    fn to_drawing(&self, position: Pos2) -> Pos2 {
        self.centre + (position - self.middle) / self.scale
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    #[test]
    fn the_map_leads_back_to_where_it_came_from() {
        let bounds = Rect::from_min_size(pos2(-50.0, 20.0), vec2(4_000.0, 700.0));
        let rect = Rect::from_min_size(pos2(600.0, 400.0), SIZE);
        let map = Map::new(rect, bounds);
        for place in [bounds.min, bounds.max, bounds.center()] {
            assert!((map.to_drawing(map.to_map(place)) - place).length() < 0.1);
            assert!(rect.contains(map.to_map(place)));
        }
    }
}
