//! The layers of an image as strata in proportion to their bytes, the app on top.

use crate::layers::partition::LayerKind;
use crate::picture::scale::{HeightRequest, hatching, heights};
use crate::picture::svg::{Anchor, Pen, Svg, Type};
use crate::picture::theme::Theme;
use crate::size::known_bytes::KnownBytes;

const MARGIN: f32 = 28.0;
const HEAD: f32 = 58.0;
const LEAST: f32 = 44.0;
const FIXED: f32 = 26.0;
const GAP: f32 = 4.0;
const EDGE: f32 = 5.0;
/// Table of figures: height of a line, widths of columns.
const LINE: f32 = 24.0;
const COLUMN: f32 = 150.0;
/// Height of a bar, and width of its hatched part where something is of unknown size.
const BAR: f32 = 4.0;
const UNKNOWN: f32 = 28.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct StackFrame {
    pub(crate) width: f32,
    /// Shared by the layers, unless they need more to be readable.
    pub(crate) layers: f32,
}

impl Default for StackFrame {
    fn default() -> Self {
        Self { width: 720.0, layers: 360.0 }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct StackPicture {
    pub(crate) title: String,
    pub(crate) caption: String,
    pub(crate) frame: StackFrame,
    /// Topmost first.
    pub(crate) layers: Vec<PicturedLayer>,
    /// Layers that are not counted, topmost first.
    pub(crate) fixed: Vec<String>,
    pub(crate) columns: Vec<String>,
    /// A title, then one text per column.
    pub(crate) totals: Vec<(String, Vec<String>)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PicturedLayer {
    pub(crate) kind: LayerKind,
    pub(crate) name: String,
    /// What a registry stores of it.
    pub(crate) stored: KnownBytes,
    pub(crate) note: String,
    pub(crate) churn: String,
}

/// Least height in which all layers are readable.
#[must_use]
pub(crate) fn least_height(layers: &[PicturedLayer]) -> f32 {
    (LEAST + GAP) * layers.len() as f32
}

impl StackPicture {
    #[must_use]
    pub(crate) fn svg(&self, theme: &Theme) -> String {
        let requests: Vec<HeightRequest> =
            self.layers.iter().map(|layer| HeightRequest { least: LEAST, bytes: layer.stored.bytes.0 }).collect();
        let heights = heights(&requests, self.frame.layers);
        let strata: f32 = heights.iter().map(|height| height + GAP).sum();
        let fixed = self.fixed.len() as f32 * (FIXED + GAP);
        let table = if self.totals.is_empty() { 0.0 } else { LINE * (self.totals.len() as f32 + 1.0) + 12.0 };
        let height = MARGIN + HEAD + strata + fixed + table + MARGIN;
        let width = self.frame.width;
        let mut svg = Svg::new(width, height);
        head(&mut svg, theme, (&self.title, &self.caption), width);
        let mut top = MARGIN + HEAD;
        let largest = self.layers.iter().map(|layer| layer.stored.bytes.0).max().unwrap_or(0);
        for (layer, height) in self.layers.iter().zip(heights) {
            stratum(&mut svg, theme, layer, [MARGIN, top, width - 2.0 * MARGIN, height], largest);
            top += height + GAP;
        }
        for name in &self.fixed {
            fixed_layer(&mut svg, theme, name, top, width);
            top += FIXED + GAP;
        }
        self.table(&mut svg, theme, top + 12.0);
        svg.document(&format!("Layers of {}", self.title), theme.surface)
    }

    fn table(&self, svg: &mut Svg, theme: &Theme, top: f32) {
        if self.totals.is_empty() {
            return;
        }
        let right =
            |column: usize| self.frame.width - MARGIN - COLUMN * self.columns.len().saturating_sub(column + 1) as f32;
        for (column, title) in self.columns.iter().enumerate() {
            let set = Type { size: 12.0, is_strong: false, colour: theme.text_third };
            svg.text((right(column), top + LINE / 2.0), Anchor::End, set, COLUMN, title);
        }
        for (row, (title, figures)) in self.totals.iter().enumerate() {
            let y = top + LINE * (row as f32 + 1.5);
            svg.text(
                (MARGIN, y),
                Anchor::Start,
                Type { size: 14.0, is_strong: false, colour: theme.text_second },
                260.0,
                title,
            );
            for (column, figure) in figures.iter().enumerate() {
                let is_last = column + 1 == figures.len();
                let colour = if is_last { theme.text } else { theme.text_second };
                svg.text(
                    (right(column), y),
                    Anchor::End,
                    Type { size: 14.0, is_strong: is_last, colour },
                    COLUMN,
                    figure,
                );
            }
        }
    }
}

pub(super) fn head(svg: &mut Svg, theme: &Theme, (title, caption): (&str, &str), width: f32) {
    let room = width - 2.0 * MARGIN;
    let strong = Type { size: 18.0, is_strong: true, colour: theme.text };
    svg.text((MARGIN, MARGIN + 8.0), Anchor::Start, strong, room, title);
    let small = Type { size: 12.0, is_strong: false, colour: theme.text_second };
    svg.text((MARGIN, MARGIN + 32.0), Anchor::Start, small, room, caption);
}

fn stratum(svg: &mut Svg, theme: &Theme, layer: &PicturedLayer, [left, top, width, height]: [f32; 4], largest: u64) {
    let colour = theme.layer(layer.kind);
    svg.rect([left, top, width, height], 4.0, theme.layer_ground(layer.kind), None);
    svg.rect([left, top, EDGE, height], 2.0, colour, None);
    let (text_left, right) = (left + EDGE + 12.0, left + width - 14.0);
    let strong = Type { size: 14.0, is_strong: true, colour: theme.text };
    let small = Type { size: 12.0, is_strong: false, colour: theme.text_second };
    svg.text((text_left, top + 14.0), Anchor::Start, strong, width * 0.6, &layer.name);
    let note = match layer.stored.unknown.is_empty() {
        true => layer.note.clone(),
        false => format!("+ {}, {}", layer.stored.unknown, layer.note),
    };
    let figure =
        if layer.stored.is_typical() { Type { is_strong: false, colour: theme.text_second, ..strong } } else { strong };
    svg.text((right, top + 14.0), Anchor::End, figure, width * 0.3, &layer.stored.to_string());
    svg.text((text_left, top + 31.0), Anchor::Start, small, width * 0.64, &note);
    svg.text((right, top + 31.0), Anchor::End, small, width * 0.3, &layer.churn);
    let bar = right - text_left;
    let share = if largest == 0 { 0.0 } else { (layer.stored.bytes.0 as f64 / largest as f64) as f32 };
    // The bar stands where there is room for it, and wherever something is missing in the figure.
    let bar_top = if height > LEAST + 8.0 { top + 43.0 } else { top + height - BAR - 1.0 };
    if height > LEAST + 8.0 || !layer.stored.unknown.is_empty() {
        let known = if share > 0.0 { (bar * share).max(1.0) } else { 0.0 };
        svg.rect([text_left, bar_top, bar, BAR], 1.5, theme.raised, None);
        svg.rect([text_left, bar_top, known, BAR], 1.5, colour, None);
        if !layer.stored.unknown.is_empty() {
            let left = text_left + known.min(bar - UNKNOWN);
            let pen = Pen { width: 1.0, colour: theme.text_second, dash: None };
            svg.rect([left, bar_top, UNKNOWN, BAR], 0.0, theme.surface, None);
            hatching([left, bar_top, UNKNOWN, BAR]).iter().for_each(|stroke| svg.line(stroke, pen));
        }
    }
}

fn fixed_layer(svg: &mut Svg, theme: &Theme, name: &str, top: f32, width: f32) {
    svg.rect([MARGIN, top, width - 2.0 * MARGIN, FIXED], 4.0, theme.fixed_ground, None);
    svg.rect([MARGIN, top, EDGE, FIXED], 2.0, theme.fixed, None);
    let set = Type { size: 12.0, is_strong: false, colour: theme.text_second };
    svg.text((MARGIN + EDGE + 12.0, top + FIXED / 2.0), Anchor::Start, set, 300.0, name);
    svg.text((width - MARGIN - 14.0, top + FIXED / 2.0), Anchor::End, set, 300.0, "not counted");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::byte_count::ByteCount;
    use crate::layers::plan::LayerId;
    use crate::picture::theme::{DARK, LIGHT};
    use crate::size::model::{Provenance, Size, Unknown};

    fn picture() -> StackPicture {
        let layer = |kind, name: &str, bytes| PicturedLayer {
            kind,
            name: name.to_owned(),
            stored: Size::exactly(ByteCount(bytes), ByteCount(bytes), Provenance::Listed).stored(),
            note: "estimated".to_owned(),
            churn: "10 % of deploys".to_owned(),
        };
        StackPicture {
            title: "//app:app".to_owned(),
            caption: "70 deploys".to_owned(),
            frame: StackFrame::default(),
            layers: vec![
                layer(LayerKind::App, "app", 9_000),
                layer(LayerKind::Dependency(LayerId(0)), "pip_deps", 128_000_000),
            ],
            fixed: vec!["Base image".to_owned()],
            columns: vec!["One layer".to_owned(), "Plan".to_owned()],
            totals: vec![("Per deploy".to_owned(), vec!["196 MB".to_owned(), "24.6 MB".to_owned()])],
        }
    }

    #[test]
    fn names_every_layer_with_its_bytes_and_colour() {
        let svg = picture().svg(&LIGHT);
        for part in
            ["//app:app", ">pip_deps<", ">128 MB<", ">9.00 kB<", ">Base image<", ">24.6 MB<", "#0072b2", "#3a4658"]
        {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        assert_ne!(svg, picture().svg(&DARK));
    }

    #[test]
    fn what_is_typical_or_missing_is_seen() {
        let mut of = picture();
        of.layers[1].stored.provenance = Provenance::Typical;
        of.layers[1].stored.unknown = Unknown { packages: 3, others: 0 };
        let (svg, whole) = (of.svg(&LIGHT), picture().svg(&LIGHT));
        assert!(svg.contains(">~128 MB<") && svg.contains(">+ 3 packages of unknown size, estimated<"), "{svg}");
        assert!(svg.matches("<path").count() > whole.matches("<path").count(), "hatched");
    }

    #[test]
    fn nothing_is_a_picture_too() {
        let empty = StackPicture {
            title: String::new(),
            caption: String::new(),
            frame: StackFrame::default(),
            layers: Vec::new(),
            fixed: Vec::new(),
            columns: Vec::new(),
            totals: Vec::new(),
        };
        assert!(empty.svg(&LIGHT).ends_with("</svg>\n"));
    }
}
