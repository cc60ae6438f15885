//! The camera: the visible part of the drawing and its zoom.

use egui::{Pos2, Rect, Vec2, pos2};

const NATURAL: f32 = 1.0;
pub(crate) const SMALLEST_ZOOM: f32 = 0.04;
pub(crate) const LARGEST_ZOOM: f32 = 2.0;
const FLIGHT_SECONDS: f64 = 0.28;
/// Free points at each side when everything is shown.
const MARGIN: f32 = 28.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    /// In the drawing.
    pub centre: Pos2,
    /// Points of the canvas per point of the drawing.
    pub zoom: f32,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Camera {
    view: View,
    flight: Option<Flight>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Flight {
    from: View,
    to: View,
    started: f64,
}

impl Default for Camera {
    fn default() -> Self {
        Self { view: View { centre: Pos2::ZERO, zoom: NATURAL }, flight: None }
    }
}

impl Camera {
    #[must_use]
    pub(crate) fn view(&self) -> View {
        self.view
    }

    #[must_use]
    pub(crate) fn zoom(&self) -> f32 {
        self.view.zoom
    }

    #[must_use]
    pub(crate) fn to_screen(self, canvas: Rect, place: Pos2) -> Pos2 {
        canvas.center() + (place - self.view.centre) * self.view.zoom
    }

    #[must_use]
    pub(crate) fn rect_to_screen(self, canvas: Rect, rect: Rect) -> Rect {
        Rect::from_min_max(self.to_screen(canvas, rect.min), self.to_screen(canvas, rect.max))
    }

    #[must_use]
    pub(crate) fn to_drawing(self, canvas: Rect, place: Pos2) -> Pos2 {
        self.view.centre + (place - canvas.center()) / self.view.zoom
    }

    #[must_use]
    pub(crate) fn seen(&self, canvas: Rect) -> Rect {
        self.seen_of(canvas, canvas)
    }

    #[must_use]
    pub(crate) fn seen_of(&self, canvas: Rect, part: Rect) -> Rect {
        Rect::from_min_max(self.to_drawing(canvas, part.min), self.to_drawing(canvas, part.max))
    }

    /// In points of the canvas. Ends a flight.
    pub(crate) fn pan(&mut self, by: Vec2) {
        self.flight = None;
        self.view.centre -= by / self.view.zoom;
    }

    /// Ends a flight.
    pub(crate) fn set(&mut self, view: View) {
        self.flight = None;
        self.view = View { zoom: view.zoom.clamp(SMALLEST_ZOOM, LARGEST_ZOOM), ..view };
    }

    /// Keeps the place under `fixed`. Ends a flight.
    pub(crate) fn zoom_at(&mut self, canvas: Rect, fixed: Pos2, factor: f32) {
        self.flight = None;
        let place = self.to_drawing(canvas, fixed);
        let factor = if factor.is_finite() { factor } else { 1.0 };
        self.view.zoom = (self.view.zoom * factor).clamp(SMALLEST_ZOOM, LARGEST_ZOOM);
        self.view.centre = place - (fixed - canvas.center()) / self.view.zoom;
    }

    pub(crate) fn fly(&mut self, to: View, now: f64) {
        let to = View { zoom: to.zoom.clamp(SMALLEST_ZOOM, LARGEST_ZOOM), ..to };
        self.flight = Some(Flight { from: self.view, to, started: now });
    }

    /// Returns `true` while the flight goes on.
    pub(crate) fn advance(&mut self, now: f64) -> bool {
        let Some(Flight { from, to, started }) = self.flight else { return false };
        let along = ((now - started) / FLIGHT_SECONDS).clamp(0.0, 1.0) as f32;
        let eased = ease(along);
        // Geometric, so that the speed looks even.
        let zoom = from.zoom * (to.zoom / from.zoom).powf(eased);
        self.view = View { centre: from.centre + (to.centre - from.centre) * eased, zoom };
        if along >= 1.0 {
            self.view = to;
            self.flight = None;
        }
        self.flight.is_some()
    }
}

/// At most natural size.
#[must_use]
pub(crate) fn fit(canvas: Rect, bounds: Rect) -> View {
    let room = (canvas.size() - Vec2::splat(2.0 * MARGIN)).max(Vec2::splat(1.0));
    let size = bounds.size().max(Vec2::splat(1.0));
    let zoom = (room.x / size.x).min(room.y / size.y).clamp(SMALLEST_ZOOM, NATURAL);
    let centre = if bounds.is_positive() { bounds.center() } else { pos2(0.0, 0.0) };
    View { centre, zoom }
}

#[must_use]
pub(crate) fn ease(along: f32) -> f32 {
    along * along * (3.0 - 2.0 * along)
}

#[cfg(test)]
mod tests {
    use egui::vec2;
    use proptest::prelude::*;

    use super::*;

    fn canvas() -> Rect {
        Rect::from_min_size(pos2(100.0, 50.0), vec2(800.0, 600.0))
    }

    fn near(one: Pos2, other: Pos2) -> bool {
        (one - other).length() < 0.1
    }

    proptest! {
        #[test]
        fn what_is_under_the_pointer_stays_there(x in 100.0_f32..900.0, y in 50.0_f32..650.0, factors in proptest::collection::vec(0.2_f32..4.0, 1..6)) {
            let mut camera = Camera::default();
            camera.pan(vec2(33.0, -20.0));
            let pointer = pos2(x, y);
            for factor in factors {
                let before = camera.to_drawing(canvas(), pointer);
                camera.zoom_at(canvas(), pointer, factor);
                prop_assert!((camera.to_screen(canvas(), before) - pointer).length() < 0.5);
                prop_assert!((SMALLEST_ZOOM..=LARGEST_ZOOM).contains(&camera.zoom()));
            }
        }

        #[test]
        fn fit_shows_everything(width in 1.0_f32..20_000.0, height in 1.0_f32..20_000.0) {
            let bounds = Rect::from_min_size(pos2(-30.0, 70.0), vec2(width, height));
            let mut camera = Camera::default();
            camera.set(fit(canvas(), bounds));
            prop_assert!(camera.zoom() <= 1.0);
            if camera.zoom() > SMALLEST_ZOOM {
                prop_assert!(camera.seen(canvas()).contains_rect(bounds));
            }
        }
    }

    #[test]
    fn panning_moves_the_drawing_with_the_pointer() {
        let mut camera = Camera::default();
        camera.zoom_at(canvas(), pos2(300.0, 300.0), 0.5);
        let place = camera.to_drawing(canvas(), pos2(200.0, 200.0));
        camera.pan(vec2(40.0, -10.0));
        assert!(near(camera.to_screen(canvas(), place), pos2(240.0, 190.0)));
    }

    #[test]
    fn a_flight_ends_where_it_was_sent_and_a_hand_on_the_drawing_ends_it() {
        let mut camera = Camera::default();
        let to = View { centre: pos2(500.0, 100.0), zoom: 0.5 };
        camera.fly(to, 10.0);
        assert!(camera.advance(10.1));
        assert_ne!(camera.view(), to);
        assert!(!camera.advance(11.0));
        assert_eq!(camera.view(), to);
        camera.fly(View { centre: Pos2::ZERO, zoom: 1.0 }, 12.0);
        camera.advance(12.1);
        camera.pan(vec2(1.0, 0.0));
        assert!(!camera.advance(12.11));
    }

    #[test]
    fn nothing_is_no_reason_to_divide_by_it() {
        let view = fit(Rect::from_min_size(Pos2::ZERO, Vec2::ZERO), Rect::NOTHING);
        assert!(view.zoom.is_finite() && view.centre.x.is_finite());
    }
}
