//! Icons painted as lines on a grid of 16. Controls also have a name.

use std::f32::consts::{PI, TAU};

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, vec2};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Search,
    Undo,
    Redo,
    Folder,
    Chart,
    Warning,
    Error,
    Ok,
    Close,
    ChevronRight,
    ChevronDown,
    ChevronUp,
    Plus,
    Lock,
    Handle,
    Layers,
    Package,
    Target,
    File,
    More,
    Info,
    Play,
    Pause,
    Copy,
}

pub(crate) fn paint(painter: &Painter, rect: Rect, icon: Icon, colour: Color32) {
    let side = rect.width().min(rect.height());
    let pen = Pen { origin: rect.center() - vec2(side, side) / 2.0, unit: side / 16.0, colour };
    painter.extend(pen.shapes(icon));
}

struct Pen {
    origin: Pos2,
    unit: f32,
    colour: Color32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> Pos2 {
        self.origin + vec2(x, y) * self.unit
    }

    fn stroke(&self) -> Stroke {
        Stroke::new((1.4 * self.unit).max(1.0), self.colour)
    }

    fn line(&self, points: &[(f32, f32)]) -> Shape {
        Shape::line(points.iter().map(|&(x, y)| self.at(x, y)).collect(), self.stroke())
    }

    fn closed(&self, points: &[(f32, f32)]) -> Shape {
        Shape::closed_line(points.iter().map(|&(x, y)| self.at(x, y)).collect(), self.stroke())
    }

    fn circle(&self, x: f32, y: f32, radius: f32) -> Shape {
        Shape::circle_stroke(self.at(x, y), radius * self.unit, self.stroke())
    }

    fn dot(&self, x: f32, y: f32, radius: f32) -> Shape {
        Shape::circle_filled(self.at(x, y), radius * self.unit, self.colour)
    }

    fn rect(&self, x: f32, y: f32, width: f32, height: f32) -> Shape {
        let rect = Rect::from_min_size(self.at(x, y), vec2(width, height) * self.unit);
        Shape::rect_stroke(rect, 1.5 * self.unit, self.stroke(), StrokeKind::Middle)
    }

    /// Angles in radians, clockwise from the right.
    fn arc(&self, x: f32, y: f32, radius: f32, from: f32, to: f32) -> Shape {
        let steps = 16_u8;
        let point = |step: u8| {
            let angle = from + (to - from) * f32::from(step) / f32::from(steps);
            self.at(x + radius * angle.cos(), y + radius * angle.sin())
        };
        Shape::line((0..=steps).map(point).collect(), self.stroke())
    }

    fn shapes(&self, icon: Icon) -> Vec<Shape> {
        match icon {
            Icon::Search => vec![self.circle(7.0, 7.0, 4.5), self.line(&[(10.4, 10.4), (14.0, 14.0)])],
            Icon::Undo => vec![
                self.line(&[(6.0, 3.0), (3.0, 6.0), (6.0, 9.0)]),
                self.line(&[(3.0, 6.0), (9.5, 6.0)]),
                self.arc(9.5, 9.5, 3.5, -PI / 2.0, PI / 2.0),
                self.line(&[(9.5, 13.0), (6.0, 13.0)]),
            ],
            Icon::Redo => vec![
                self.line(&[(10.0, 3.0), (13.0, 6.0), (10.0, 9.0)]),
                self.line(&[(13.0, 6.0), (6.5, 6.0)]),
                self.arc(6.5, 9.5, 3.5, PI / 2.0, PI * 1.5),
                self.line(&[(6.5, 13.0), (10.0, 13.0)]),
            ],
            Icon::Folder => {
                vec![self.closed(&[(2.0, 4.0), (6.0, 4.0), (7.5, 5.5), (14.0, 5.5), (14.0, 12.5), (2.0, 12.5)])]
            }
            Icon::Chart => vec![
                self.line(&[(2.5, 2.5), (2.5, 13.5), (13.5, 13.5)]),
                self.line(&[(4.5, 11.0), (7.5, 7.5), (9.5, 9.0), (13.0, 4.0)]),
            ],
            Icon::Warning => vec![
                self.closed(&[(8.0, 2.5), (14.2, 13.2), (1.8, 13.2)]),
                self.line(&[(8.0, 6.4), (8.0, 9.6)]),
                self.dot(8.0, 11.4, 0.8),
            ],
            Icon::Error => {
                vec![self.circle(8.0, 8.0, 6.0), self.line(&[(8.0, 4.8), (8.0, 8.8)]), self.dot(8.0, 11.0, 0.8)]
            }
            Icon::Info => {
                vec![self.circle(8.0, 8.0, 6.0), self.line(&[(8.0, 7.4), (8.0, 11.2)]), self.dot(8.0, 5.0, 0.8)]
            }
            Icon::Ok => vec![self.line(&[(3.0, 8.5), (6.5, 12.0), (13.0, 4.5)])],
            Icon::Close => vec![self.line(&[(4.0, 4.0), (12.0, 12.0)]), self.line(&[(12.0, 4.0), (4.0, 12.0)])],
            Icon::ChevronRight => vec![self.line(&[(6.0, 4.0), (10.0, 8.0), (6.0, 12.0)])],
            Icon::ChevronDown => vec![self.line(&[(4.0, 6.0), (8.0, 10.0), (12.0, 6.0)])],
            Icon::ChevronUp => vec![self.line(&[(4.0, 10.0), (8.0, 6.0), (12.0, 10.0)])],
            Icon::Plus => vec![self.line(&[(8.0, 3.0), (8.0, 13.0)]), self.line(&[(3.0, 8.0), (13.0, 8.0)])],
            Icon::Lock => vec![
                self.rect(3.5, 7.5, 9.0, 6.0),
                self.line(&[(5.5, 7.5), (5.5, 5.5)]),
                self.arc(8.0, 5.2, 2.5, PI, TAU),
                self.line(&[(10.5, 5.5), (10.5, 7.5)]),
            ],
            Icon::Handle => {
                [4.0, 8.0, 12.0].iter().flat_map(|&y| [self.dot(6.0, y, 1.0), self.dot(10.0, y, 1.0)]).collect()
            }
            Icon::Layers => vec![
                self.closed(&[(8.0, 2.5), (14.0, 5.7), (8.0, 8.9), (2.0, 5.7)]),
                self.line(&[(2.0, 8.6), (8.0, 11.8), (14.0, 8.6)]),
                self.line(&[(2.0, 11.2), (8.0, 14.4), (14.0, 11.2)]),
            ],
            Icon::Package => vec![
                self.closed(&[(8.0, 1.8), (13.6, 4.8), (13.6, 11.2), (8.0, 14.2), (2.4, 11.2), (2.4, 4.8)]),
                self.line(&[(2.4, 4.8), (8.0, 7.8), (13.6, 4.8)]),
                self.line(&[(8.0, 7.8), (8.0, 14.2)]),
            ],
            Icon::Target => vec![
                self.rect(2.5, 2.5, 11.0, 11.0),
                self.line(&[(5.5, 6.2), (7.3, 8.0), (5.5, 9.8)]),
                self.line(&[(8.6, 10.2), (10.8, 10.2)]),
            ],
            Icon::File => vec![
                self.closed(&[(4.0, 2.0), (9.5, 2.0), (12.5, 5.0), (12.5, 14.0), (4.0, 14.0)]),
                self.line(&[(9.5, 2.0), (9.5, 5.0), (12.5, 5.0)]),
            ],
            Icon::More => vec![self.dot(3.5, 8.0, 1.2), self.dot(8.0, 8.0, 1.2), self.dot(12.5, 8.0, 1.2)],
            Icon::Play => vec![self.closed(&[(5.0, 3.0), (13.0, 8.0), (5.0, 13.0)])],
            Icon::Pause => vec![self.line(&[(5.5, 3.5), (5.5, 12.5)]), self.line(&[(10.5, 3.5), (10.5, 12.5)])],
            Icon::Copy => vec![
                self.rect(5.5, 5.5, 8.0, 8.0),
                self.line(&[(3.5, 10.5), (2.5, 10.5), (2.5, 2.5), (10.5, 2.5), (10.5, 3.5)]),
            ],
        }
    }
}
