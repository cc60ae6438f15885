//! The replay: cumulative bytes over the deploys, and below it the layers that each deploy replaces.

use crate::byte_count::ByteCount;
use crate::history::model::ChangeRow;
use crate::layers::partition::LayerKind;
use crate::picture::scale::ticks;
use crate::picture::stack::head;
use crate::picture::svg::{Anchor, Pen, Svg, Type, Unseen};
use crate::picture::theme::{Rgb, Theme};

const WIDTH: f32 = 960.0;
const MARGIN: f32 = 28.0;
const HEAD: f32 = 58.0;
const SUMS: f32 = 52.0;
const PLOT: f32 = 260.0;
const AXIS: f32 = 104.0;
const STRIP: f32 = 15.0;
const DATES: f32 = 24.0;
/// With more deploys only some are drawn, and none answers the pointer.
const MOST_POINTS: usize = 600;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    SingleLayer,
    Current,
    Plan,
    /// The theoretical minimum.
    Floor,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PicturedSeries {
    pub(crate) line: Line,
    pub(crate) name: String,
    /// After each deploy.
    pub(crate) cumulative: Vec<ByteCount>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayPicture {
    pub(crate) title: String,
    pub(crate) caption: String,
    /// Equally long.
    pub(crate) series: Vec<PicturedSeries>,
    /// The deploys that replace each layer, from the top of the image down.
    pub(crate) strips: Vec<(LayerKind, String, ChangeRow)>,
    /// A deploy and its day.
    pub(crate) days: Vec<(usize, String)>,
    /// Hover text of each deploy; empty with very many deploys.
    pub(crate) hints: Vec<String>,
}

impl ReplayPicture {
    #[must_use]
    pub(crate) fn svg(&self, theme: &Theme) -> String {
        let strips = self.strips.len() as f32 * STRIP;
        let height = MARGIN + HEAD + SUMS + PLOT + 10.0 + strips + DATES + MARGIN;
        let mut svg = Svg::new(WIDTH, height);
        head(&mut svg, theme, (&self.title, &self.caption), WIDTH);
        self.sums(&mut svg, theme, MARGIN + HEAD);
        let frame = Frame {
            left: MARGIN + AXIS,
            right: WIDTH - MARGIN,
            top: MARGIN + HEAD + SUMS,
            bottom: MARGIN + HEAD + SUMS + PLOT,
            deploys: self.series.iter().map(|series| series.cumulative.len()).max().unwrap_or(0),
            most: self
                .series
                .iter()
                .filter_map(|series| series.cumulative.last())
                .map(|bytes| bytes.0)
                .max()
                .unwrap_or(0),
        };
        axis(&mut svg, theme, &frame);
        // The plan is drawn over the others.
        let (plans, others): (Vec<_>, Vec<_>) = self.series.iter().partition(|series| series.line == Line::Plan);
        for series in others.into_iter().chain(plans) {
            svg.line(&points(&frame, &series.cumulative), pen(series.line, theme));
        }
        let top = frame.bottom + 10.0;
        for (row, strip) in self.strips.iter().enumerate() {
            heat(&mut svg, theme, &frame, top + row as f32 * STRIP, strip);
        }
        self.dates(&mut svg, theme, &frame, top + strips + DATES / 2.0);
        if frame.deploys <= MOST_POINTS {
            for (deploy, hint) in self.hints.iter().enumerate() {
                let (x, width) = (frame.x(deploy), frame.x(deploy + 1) - frame.x(deploy));
                svg.rect([x, frame.top, width, top + strips - frame.top], 0.0, Unseen, Some(hint));
            }
        }
        svg.document(&format!("Bytes pulled by {}", self.title), theme.surface)
    }

    fn sums(&self, svg: &mut Svg, theme: &Theme, top: f32) {
        let width = (WIDTH - 2.0 * MARGIN) / self.series.len().max(1) as f32;
        for (at, series) in self.series.iter().enumerate() {
            let left = MARGIN + at as f32 * width;
            svg.line(&[(left, top + 8.0), (left + 20.0, top + 8.0)], pen(series.line, theme));
            let small = Type { size: 12.0, is_strong: false, colour: theme.text_second };
            svg.text((left + 28.0, top + 8.0), Anchor::Start, small, width - 28.0, &series.name);
            let sum = series.cumulative.last().copied().unwrap_or_default();
            let set = Type { size: 17.0, is_strong: series.line == Line::Plan, colour: theme.text };
            svg.text((left + 28.0, top + 28.0), Anchor::Start, set, width - 28.0, &sum.to_string());
        }
    }

    fn dates(&self, svg: &mut Svg, theme: &Theme, frame: &Frame, y: f32) {
        const ROOM: f32 = 84.0;
        let set = Type { size: 11.0, is_strong: false, colour: theme.text_third };
        let mut free_from = f32::MIN;
        for (deploy, day) in &self.days {
            let middle = (frame.x(*deploy) + frame.x(deploy + 1)) / 2.0;
            let x = middle.clamp(frame.left + ROOM / 2.0 - 8.0, frame.right - ROOM / 2.0 + 8.0);
            if x - ROOM / 2.0 >= free_from {
                svg.text((x, y), Anchor::Middle, set, ROOM, day);
                free_from = x + ROOM / 2.0;
            }
        }
    }
}

struct Frame {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
    deploys: usize,
    most: u64,
}

impl Frame {
    /// The place after this many deploys.
    fn x(&self, deploys: usize) -> f32 {
        self.left + (self.right - self.left) * deploys as f32 / self.deploys.max(1) as f32
    }

    fn y(&self, bytes: u64) -> f32 {
        self.bottom - (self.bottom - self.top) * (bytes as f64 / (self.most as f64 * 1.06).max(1.0)) as f32
    }
}

/// Starts at nothing before the first deploy.
fn points(frame: &Frame, sums: &[ByteCount]) -> Vec<(f32, f32)> {
    let step = sums.len().div_ceil(MOST_POINTS).max(1);
    let is_drawn = |deploy: &usize| deploy.is_multiple_of(step) || *deploy == sums.len();
    let sum = |deploy: usize| deploy.checked_sub(1).and_then(|index| sums.get(index)).copied().unwrap_or_default();
    (0..=sums.len()).filter(is_drawn).map(|deploy| (frame.x(deploy), frame.y(sum(deploy).0))).collect()
}

/// Marked deploys: single ones if there is room, else runs.
fn runs(changed: &ChangeRow, frame: &Frame) -> Vec<(usize, usize)> {
    let is_wide = frame.x(1) - frame.x(0) >= 4.0;
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for deploy in changed.ones().take_while(|deploy| *deploy < frame.deploys) {
        match runs.last_mut() {
            Some((_, after)) if *after == deploy && !is_wide => *after = deploy + 1,
            _ => runs.push((deploy, deploy + 1)),
        }
    }
    runs
}

fn axis(svg: &mut Svg, theme: &Theme, frame: &Frame) {
    for (mark, _) in ticks(frame.most as f64 * 1.06, 5.0) {
        let bytes = mark.round() as u64;
        let y = frame.y(bytes);
        svg.line(&[(frame.left, y), (frame.right, y)], Pen { width: 1.0, colour: theme.line, dash: None });
        let set = Type { size: 11.0, is_strong: false, colour: theme.text_third };
        svg.text((frame.left - 8.0, y), Anchor::End, set, AXIS, &ByteCount(bytes).to_string());
    }
}

fn pen(line: Line, theme: &Theme) -> Pen {
    let (width, colour, dash): (f32, Rgb, _) = match line {
        Line::SingleLayer => (1.5, theme.text_third, None),
        Line::Current => (1.5, theme.text_second, Some((6.0, 4.0))),
        Line::Plan => (2.5, theme.accent, None),
        Line::Floor => (1.5, theme.good, Some((1.5, 3.5))),
    };
    Pen { width, colour, dash }
}

fn heat(svg: &mut Svg, theme: &Theme, frame: &Frame, top: f32, (kind, name, changed): &(LayerKind, String, ChangeRow)) {
    svg.rect([frame.left, top, frame.right - frame.left, STRIP - 1.0], 0.0, theme.raised, None);
    for (first, after) in runs(changed, frame) {
        let (left, right) = (frame.x(first), frame.x(after));
        let apart = if right - left > 6.0 { 1.0 } else { 0.0 };
        svg.rect([left, top, (right - left - apart).max(0.5), STRIP - 1.0], 0.0, theme.layer(*kind), None);
    }
    let set = Type { size: 11.0, is_strong: false, colour: theme.text_second };
    svg.text((frame.left - 8.0, top + STRIP / 2.0), Anchor::End, set, AXIS + MARGIN - 12.0, name);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::theme::LIGHT;

    fn series(line: Line, name: &str, bytes: &[u64]) -> PicturedSeries {
        PicturedSeries {
            line,
            name: name.to_owned(),
            cumulative: bytes.iter().map(|bytes| ByteCount(*bytes)).collect(),
        }
    }

    #[test]
    fn shows_lines_sums_strips_and_days() {
        let mut changed = ChangeRow::default();
        changed.set(1);
        let picture = ReplayPicture {
            title: "//app:app".to_owned(),
            caption: "2 deploys".to_owned(),
            series: vec![
                series(Line::SingleLayer, "One layer", &[100_000_000, 200_000_000]),
                series(Line::Plan, "Plan", &[1_000_000, 2_000_000]),
            ],
            strips: vec![(LayerKind::App, "app".to_owned(), changed)],
            days: vec![(0, "2026-01-01".to_owned()), (1, "2026-01-02".to_owned())],
            hints: vec!["first".to_owned(), "</title>second".to_owned()],
        };
        let svg = picture.svg(&LIGHT);
        for part in
            [">One layer<", ">200 MB<", ">2.00 MB<", ">100 MB<", ">app<", ">2026-01-02<", "&lt;/title&gt;second"]
        {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        // The ground of the strip, and one cell in the app's colour.
        assert_eq!(svg.matches("#3a4658").count(), 1);
    }

    #[test]
    fn no_deploys_are_no_reason_to_divide_by_them() {
        let picture = ReplayPicture {
            title: String::new(),
            caption: String::new(),
            series: vec![series(Line::Plan, "Plan", &[])],
            strips: vec![(LayerKind::App, "app".to_owned(), ChangeRow::default())],
            days: Vec::new(),
            hints: Vec::new(),
        };
        assert!(!picture.svg(&LIGHT).contains("NaN"));
    }

    #[test]
    fn many_deploys_make_few_elements() {
        let mut changed = ChangeRow::default();
        (0..31_700).for_each(|deploy| changed.set(deploy));
        let picture = ReplayPicture {
            title: String::new(),
            caption: String::new(),
            series: vec![series(Line::Plan, "Plan", &vec![1; 31_700])],
            strips: vec![(LayerKind::App, "app".to_owned(), changed)],
            days: Vec::new(),
            hints: vec!["x".to_owned(); 31_700],
        };
        assert!(picture.svg(&LIGHT).len() < 20_000);
    }
}
