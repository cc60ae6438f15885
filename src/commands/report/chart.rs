//! The replay as a chart: what a node would have fetched, deploy after deploy, and which layers each deploy replaces.

use crate::byte_count::ByteCount;
use crate::commands::report::colours::layer_class;
use crate::engine::reports::replay_series::HeatRow;
use crate::history::model::ChangeRow;
use crate::history::replay::cumulative;
use crate::picture::scale::ticks;
use crate::picture::svg::{Anchor, Class, Svg, Words};

/// Width of the picture.
pub(super) const WIDTH: f32 = 960.0;
/// Height of the plot alone.
const PLOT: f32 = 250.0;
const TOP: f32 = 10.0;
const LEFT: f32 = 62.0;
/// Where the names of lines and layers stand.
const RIGHT: f32 = 186.0;
const ROW: f32 = 15.0;
const LABEL: f32 = 17.0;
/// Text beside the plot, and text that is read last.
const SMALL: Words = Words("small", 12.0);
const QUIET: Words = Words("small quiet", 12.0);
/// With more deploys than this, lines are drawn through some of them only, and none answers the pointer.
const MOST_POINTS: usize = 600;

/// One line of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ReplayLine {
    /// The class that gives it its look: `single`, `current`, `plan` or `floor`.
    pub(super) class: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// Bytes of each deploy.
    pub(super) bytes: Vec<ByteCount>,
}

/// What the chart shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ReplayChart {
    /// The lines, the most important last.
    pub(super) lines: Vec<ReplayLine>,
    /// Which layers the deploys replace, the lowest layer first.
    pub(super) heat: Vec<HeatRow>,
    /// Per deploy what is said of it under the pointer.
    pub(super) hints: Vec<String>,
    /// The days of the first and of the last deploy.
    pub(super) days: (String, String),
}

/// Where things stand.
struct Frame {
    deploys: usize,
    /// Bytes at the upper edge.
    most: f64,
}

impl Frame {
    fn x(&self, deploy: usize) -> f32 {
        LEFT + (WIDTH - LEFT - RIGHT) * deploy as f32 / self.deploys.max(1) as f32
    }

    fn y(&self, bytes: f64) -> f32 {
        TOP + PLOT * (1.0 - (bytes / self.most) as f32)
    }
}

/// Draws the chart.
pub(super) fn replay(chart: &ReplayChart) -> Svg {
    let sums: Vec<Vec<ByteCount>> = chart.lines.iter().map(|line| cumulative(&line.bytes)).collect();
    let last = |sums: &Vec<ByteCount>| sums.last().copied().unwrap_or_default();
    let most = sums.iter().map(last).max().unwrap_or_default();
    let frame = Frame {
        deploys: chart.lines.iter().map(|line| line.bytes.len()).max().unwrap_or(0),
        most: (most.0 as f64 * 1.04).max(1.0),
    };
    let strip = TOP + PLOT + 12.0;
    let bottom = strip + chart.heat.len() as f32 * ROW + 18.0;
    let mut svg = Svg::new(WIDTH, bottom + 4.0);
    grid(&mut svg, &frame);
    for (line, sums) in chart.lines.iter().zip(&sums) {
        svg.line(&points(&frame, sums), Class(line.class));
    }
    names(&mut svg, &frame, &chart.lines, &sums.iter().map(last).collect::<Vec<_>>());
    heat(&mut svg, &frame, &chart.heat, strip);
    svg.text((LEFT, bottom - 4.0), Anchor::Start, QUIET, WIDTH, &chart.days.0);
    svg.text((WIDTH - RIGHT, bottom - 4.0), Anchor::End, QUIET, WIDTH, &chart.days.1);
    if frame.deploys <= MOST_POINTS {
        for (deploy, hint) in chart.hints.iter().enumerate() {
            let x = frame.x(deploy);
            let area = [x, TOP, frame.x(deploy + 1) - x, bottom - 16.0 - TOP];
            svg.rect(area, 0.0, Class("hover"), Some(hint));
        }
    }
    svg
}

fn grid(svg: &mut Svg, frame: &Frame) {
    for (value, _) in ticks(frame.most, 5.0) {
        let y = frame.y(value);
        let class = if value == 0.0 { "axis" } else { "grid" };
        svg.line(&[(LEFT, y), (WIDTH - RIGHT, y)], Class(class));
        // A cast from a float saturates: a negative value becomes zero.
        svg.text((LEFT - 8.0, y), Anchor::End, QUIET, WIDTH, &ByteCount(value.round() as u64).to_string());
    }
}

/// From nothing before the first deploy to the sum after the last.
fn points(frame: &Frame, sums: &[ByteCount]) -> Vec<(f32, f32)> {
    let step = sums.len().div_ceil(MOST_POINTS).max(1);
    let is_drawn = |deploy: &usize| deploy.is_multiple_of(step) || *deploy == sums.len();
    let sum = |deploy: usize| deploy.checked_sub(1).and_then(|index| sums.get(index)).copied().unwrap_or_default();
    (0..=sums.len()).filter(is_drawn).map(|deploy| (frame.x(deploy), frame.y(sum(deploy).0 as f64))).collect()
}

/// Names and sums beside the ends of the lines, pushed apart until none covers another.
fn names(svg: &mut Svg, frame: &Frame, lines: &[ReplayLine], sums: &[ByteCount]) {
    let mut places: Vec<(f32, &ReplayLine, ByteCount)> =
        lines.iter().zip(sums).map(|(line, sum)| (frame.y(sum.0 as f64), line, *sum)).collect();
    places.sort_by(|left, right| right.0.total_cmp(&left.0));
    // Up from the lowest, and down again from the upper edge where that was too far.
    let mut limit = TOP + PLOT;
    for (y, ..) in &mut places {
        *y = y.min(limit);
        limit = *y - LABEL;
    }
    limit = TOP;
    for (y, ..) in places.iter_mut().rev() {
        *y = y.max(limit);
        limit = *y + LABEL;
    }
    for (y, line, sum) in places {
        let left = WIDTH - RIGHT + 12.0;
        svg.line(&[(WIDTH - RIGHT + 2.0, frame.y(sum.0 as f64)), (left - 2.0, y)], Class("grid"));
        svg.line(&[(left, y), (left + 16.0, y)], Class(line.class));
        let look = if line.class == "plan" { Words("plan-name", 13.0) } else { SMALL };
        svg.text((left + 23.0, y), Anchor::Start, look, RIGHT, line.name);
        svg.text((WIDTH - 4.0, y), Anchor::End, look, RIGHT, &sum.to_string());
    }
}

fn heat(svg: &mut Svg, frame: &Frame, rows: &[HeatRow], top: f32) {
    for (index, row) in rows.iter().rev().enumerate() {
        let y = top + index as f32 * ROW;
        svg.rect([LEFT, y, WIDTH - RIGHT - LEFT, ROW - 3.0], 0.0, Class("track"), None);
        let class = format!("cell {}", layer_class(row.kind));
        for (first, after) in runs(&row.changed, frame) {
            let x = frame.x(first);
            let width = (frame.x(after) - x).max(0.6);
            let apart = if width > 4.0 { 1.0 } else { 0.0 };
            svg.rect([x, y, width - apart, ROW - 3.0], 0.0, Class(&class), None);
        }
        let middle = y + (ROW - 3.0) / 2.0;
        svg.text((WIDTH - RIGHT + 14.0, middle), Anchor::Start, SMALL, 118.0, &row.name);
        svg.text((WIDTH - 4.0, middle), Anchor::End, QUIET, RIGHT, &format!("{}×", row.changed.count()));
    }
}

/// The deploys that are marked, each alone where there is room to tell them apart, else those in a row as one.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::partition::LayerKind;

    fn line(class: &'static str, bytes: &[u64]) -> ReplayLine {
        ReplayLine { class, name: class, bytes: bytes.iter().copied().map(ByteCount).collect() }
    }

    fn row(ones: &[usize]) -> ChangeRow {
        let mut row = ChangeRow::default();
        ones.iter().for_each(|&index| row.set(index));
        row
    }

    #[test]
    fn each_line_ends_at_its_sum_and_says_it() {
        let chart =
            ReplayChart { lines: vec![line("single", &[50, 50]), line("plan", &[50, 0])], ..ReplayChart::default() };
        let text = replay(&chart).element("Replay");
        // 1.04 of the sum of 100 is the upper edge: 250 high from y = 10.
        assert!(text.contains(r#"d="M62 260L418 139.81L774 19.62""#), "{text}");
        assert!(text.contains(r#"d="M62 260L418 139.81L774 139.81""#), "{text}");
        assert!(text.contains(">100 B</text>") && text.contains(">50 B</text>"), "{text}");
    }

    #[test]
    fn names_that_would_cover_each_other_are_pushed_apart() {
        let same = [line("single", &[9]), line("current", &[9]), line("plan", &[9])];
        let text = replay(&ReplayChart { lines: same.to_vec(), ..ReplayChart::default() }).element("Replay");
        let places: Vec<f32> = text
            .lines()
            .filter(|line| line.ends_with(">9 B</text>") && line.contains("x=\"956\""))
            .map(|line| line.split("y=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap())
            .collect();
        assert_eq!(places.len(), 3);
        // Base lines: that of the plan, which is set larger, lies a little lower.
        assert!(places.windows(2).all(|pair| (pair[0] - pair[1]).abs() >= LABEL - 0.5), "{places:?}");
        assert!(places.iter().all(|y| *y >= TOP), "{places:?}");
    }

    #[test]
    fn many_deploys_make_few_elements() {
        let bytes = vec![1; 31_700];
        let heat =
            HeatRow { kind: LayerKind::App, name: "app".to_owned(), changed: row(&(0..31_700).collect::<Vec<_>>()) };
        let chart = ReplayChart {
            lines: vec![line("plan", &bytes)],
            heat: vec![heat],
            hints: vec!["x".to_owned(); 31_700],
            ..ReplayChart::default()
        };
        assert!(replay(&chart).element("Replay").len() < 20_000);
    }

    #[test]
    fn nothing_is_a_picture_too() {
        let chart = ReplayChart { lines: vec![line("plan", &[])], ..ReplayChart::default() };
        assert!(replay(&chart).element("Replay").contains(">0 B</text>"));
    }
}
