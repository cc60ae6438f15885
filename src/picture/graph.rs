//! The graph as cards and edges.

use crate::picture::stack::head;
use crate::picture::svg::{Anchor, Fill, Pen, Svg, Type, width_of};
use crate::picture::theme::{Rgb, Theme};

const MARGIN: f32 = 28.0;
const HEAD: f32 = 58.0;
const EDGE: f32 = 5.0;
const ENTRY: f32 = 150.0;
const LEGEND: f32 = 28.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ink {
    pub(crate) light: Rgb,
    pub(crate) dark: Rgb,
}

impl Ink {
    fn of(self, theme: &Theme) -> Rgb {
        if theme.is_dark { self.dark } else { self.light }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PicturedNode {
    /// Left, top, width and height.
    pub(crate) place: [f32; 4],
    pub(crate) title: String,
    pub(crate) subtitle: String,
    /// Empty if it has none.
    pub(crate) bytes: String,
    /// The meaning of its colour.
    pub(crate) word: String,
    /// From top to bottom, with shares.
    pub(crate) colours: Vec<(Ink, f32)>,
    /// It stands for several nodes.
    pub(crate) is_group: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct GraphPicture {
    pub(crate) title: String,
    pub(crate) caption: String,
    pub(crate) size: (f32, f32),
    pub(crate) nodes: Vec<PicturedNode>,
    /// The points of each edge.
    pub(crate) edges: Vec<Vec<(f32, f32)>>,
    pub(crate) legend: Vec<(String, Ink)>,
}

impl GraphPicture {
    #[must_use]
    pub(crate) fn svg(&self, theme: &Theme) -> String {
        let width = self.size.0.max(420.0) + 2.0 * MARGIN;
        let per_line = (((width - 2.0 * MARGIN) / ENTRY) as usize).max(1);
        let legend = LEGEND * self.legend.len().div_ceil(per_line) as f32;
        let height = MARGIN + HEAD + self.size.1 + legend + 2.0 * MARGIN;
        let mut svg = Svg::new(width, height);
        head(&mut svg, theme, (&self.title, &self.caption), width);
        let (dx, dy) = (MARGIN, MARGIN + HEAD);
        for edge in &self.edges {
            let points: Vec<(f32, f32)> = edge.iter().map(|(x, y)| (x + dx, y + dy)).collect();
            svg.curve(&points, Pen { width: 1.0, colour: theme.outline, dash: None });
        }
        for node in &self.nodes {
            let [left, top, width, height] = node.place;
            card(&mut svg, theme, node, [left + dx, top + dy, width, height]);
        }
        for (at, (name, colour)) in self.legend.iter().enumerate() {
            let (row, column) = (at / per_line, at % per_line);
            let (x, y) = (MARGIN + column as f32 * ENTRY, dy + self.size.1 + MARGIN + row as f32 * LEGEND);
            svg.rect([x, y - 5.0, 10.0, 10.0], 2.0, colour.of(theme), None);
            let set = Type { size: 12.0, is_strong: false, colour: theme.text_second };
            svg.text((x + 18.0, y), Anchor::Start, set, ENTRY - 24.0, name);
        }
        svg.document(&format!("Dependencies of {}", self.title), theme.ground)
    }
}

fn card(svg: &mut Svg, theme: &Theme, node: &PicturedNode, [left, top, width, height]: [f32; 4]) {
    if node.is_group {
        svg.rect(
            [left + 4.0, top + 4.0, width, height],
            6.0,
            Fill { colour: theme.raised, outline: Some(theme.outline) },
            None,
        );
    }
    svg.rect([left, top, width, height], 6.0, Fill { colour: theme.surface, outline: Some(theme.outline) }, None);
    let mut y = top;
    for (colour, share) in &node.colours {
        svg.rect([left, y, EDGE, height * share], 2.0, colour.of(theme), None);
        y += height * share;
    }
    let (text_left, right) = (left + EDGE + 10.0, left + width - 10.0);
    let has_two_lines = height > 40.0;
    let first = if has_two_lines { top + height * 0.32 } else { top + height / 2.0 };
    let small = |colour| Type { size: 11.0, is_strong: false, colour };
    let title = Type { size: 13.0, is_strong: node.is_group, colour: theme.text };
    // The short text on the right gets its room first.
    let beside = |words: &str| right - text_left - width_of(words, 11.0);
    svg.text((text_left, first), Anchor::Start, title, beside(&node.bytes), &node.title);
    svg.text((right, first), Anchor::End, small(theme.text_second), width, &node.bytes);
    if has_two_lines {
        let second = top + height * 0.7;
        svg.text((text_left, second), Anchor::Start, small(theme.text_third), beside(&node.word), &node.subtitle);
        svg.text((right, second), Anchor::End, small(theme.text_second), width * 0.55, &node.word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::theme::{DARK, LIGHT};

    const INK: Ink = Ink { light: LIGHT.app, dark: DARK.app };

    #[test]
    fn shows_every_card_edge_and_colour() {
        let node = |title: &str, top: f32| PicturedNode {
            place: [0.0, top, 216.0, 52.0],
            title: title.to_owned(),
            subtitle: "//app".to_owned(),
            bytes: "8.38 kB".to_owned(),
            word: "app".to_owned(),
            colours: vec![(INK, 1.0)],
            is_group: false,
        };
        let picture = GraphPicture {
            title: "//app:app".to_owned(),
            caption: "2 nodes".to_owned(),
            size: (216.0, 152.0),
            nodes: vec![node("main", 0.0), node("lib<x>", 100.0)],
            edges: vec![vec![(108.0, 52.0), (108.0, 100.0)]],
            legend: vec![("app".to_owned(), INK)],
        };
        let svg = picture.svg(&LIGHT);
        for part in [">main<", ">lib&lt;x&gt;<", "<path d=\"M136 138C", ">8.38 kB<"] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        assert_eq!(svg.matches("#3a4658").count(), 3);
        assert_eq!(picture.svg(&DARK).matches("#c9d2de").count(), 3);
    }
}
