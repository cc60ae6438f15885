//! The replay as a chart: what a node would have fetched, deploy after deploy, and which layers each deploy replaces.

use crate::app::replay_series::HeatRow;
use crate::byte_count::ByteCount;
use crate::commands::report::colours::layer_class;
use crate::commands::report::svg::{Area, Svg, fit};
use crate::history::model::ChangeRow;
use crate::history::replay::cumulative;
use crate::picture::scale::ticks;

/// Width of the picture.
pub(super) const WIDTH: f64 = 960.0;
/// Height of the plot alone.
const PLOT: f64 = 250.0;
const TOP: f64 = 10.0;
const LEFT: f64 = 62.0;
/// Where the names of lines and layers stand.
const RIGHT: f64 = 186.0;
const ROW: f64 = 15.0;
const LABEL: f64 = 17.0;
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
    fn x(&self, deploy: usize) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * deploy as f64 / self.deploys.max(1) as f64
    }

    fn y(&self, bytes: f64) -> f64 {
        TOP + PLOT * (1.0 - bytes / self.most)
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
    let bottom = strip + chart.heat.len() as f64 * ROW + 18.0;
    let mut svg = Svg::new(WIDTH, bottom + 4.0);
    grid(&mut svg, &frame);
    for (line, sums) in chart.lines.iter().zip(&sums) {
        svg.polyline(line.class, &points(&frame, sums));
    }
    names(&mut svg, &frame, &chart.lines, &sums.iter().map(last).collect::<Vec<_>>());
    heat(&mut svg, &frame, &chart.heat, strip);
    svg.text("small quiet", (LEFT, bottom), &chart.days.0);
    svg.text("small quiet end", (WIDTH - RIGHT, bottom), &chart.days.1);
    if frame.deploys <= MOST_POINTS {
        for (deploy, hint) in chart.hints.iter().enumerate() {
            let x = frame.x(deploy);
            let area = Area { x, y: TOP, width: frame.x(deploy + 1) - x, height: bottom - 16.0 - TOP };
            svg.rect("hover", area, 0.0, Some(hint));
        }
    }
    svg
}

fn grid(svg: &mut Svg, frame: &Frame) {
    for (value, _) in ticks(frame.most, 5.0) {
        let y = frame.y(value);
        let class = if value == 0.0 { "axis" } else { "grid" };
        svg.line(class, (LEFT, y), (WIDTH - RIGHT, y));
        // A cast from a float saturates: a negative value becomes zero.
        svg.text("small quiet end", (LEFT - 8.0, y + 4.0), &ByteCount(value.round() as u64).to_string());
    }
}

/// From nothing before the first deploy to the sum after the last.
fn points(frame: &Frame, sums: &[ByteCount]) -> Vec<(f64, f64)> {
    let step = sums.len().div_ceil(MOST_POINTS).max(1);
    let is_drawn = |deploy: &usize| deploy.is_multiple_of(step) || *deploy == sums.len();
    let sum = |deploy: usize| deploy.checked_sub(1).and_then(|index| sums.get(index)).copied().unwrap_or_default();
    (0..=sums.len()).filter(is_drawn).map(|deploy| (frame.x(deploy), frame.y(sum(deploy).0 as f64))).collect()
}

/// Names and sums beside the ends of the lines, pushed apart until none covers another.
fn names(svg: &mut Svg, frame: &Frame, lines: &[ReplayLine], sums: &[ByteCount]) {
    let mut places: Vec<(f64, &ReplayLine, ByteCount)> =
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
        svg.line("grid", (WIDTH - RIGHT + 2.0, frame.y(sum.0 as f64)), (left - 2.0, y));
        svg.polyline(line.class, &[(left, y), (left + 16.0, y)]);
        let class = if line.class == "plan" { "plan-name" } else { "small" };
        svg.text(class, (left + 23.0, y + 4.0), line.name);
        svg.text(&format!("{class} end"), (WIDTH - 4.0, y + 4.0), &sum.to_string());
    }
}

fn heat(svg: &mut Svg, frame: &Frame, rows: &[HeatRow], top: f64) {
    for (index, row) in rows.iter().rev().enumerate() {
        let y = top + index as f64 * ROW;
        let track = Area { x: LEFT, y, width: WIDTH - RIGHT - LEFT, height: ROW - 3.0 };
        svg.rect("track", track, 0.0, None);
        let class = format!("cell {}", layer_class(row.kind));
        for (first, after) in runs(&row.changed, frame) {
            let x = frame.x(first);
            let width = (frame.x(after) - x).max(0.6);
            svg.rect(&class, Area { x, y, width: width - if width > 4.0 { 1.0 } else { 0.0 }, ..track }, 0.0, None);
        }
        svg.text("small", (WIDTH - RIGHT + 14.0, y + 10.5), &fit(&row.name, 118.0, 12.0));
        svg.text("small quiet end", (WIDTH - 4.0, y + 10.5), &format!("{}×", row.changed.count()));
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
        let text = replay(&chart).inline("Replay");
        // 1.04 of the sum of 100 is the upper edge: 250 high from y = 10.
        assert!(text.contains(r#"points="62,260 418,139.8 774,19.6""#), "{text}");
        assert!(text.contains(r#"points="62,260 418,139.8 774,139.8""#), "{text}");
        assert!(text.contains(">100 B</text>") && text.contains(">50 B</text>"), "{text}");
    }

    #[test]
    fn names_that_would_cover_each_other_are_pushed_apart() {
        let same = [line("single", &[9]), line("current", &[9]), line("plan", &[9])];
        let text = replay(&ReplayChart { lines: same.to_vec(), ..ReplayChart::default() }).inline("Replay");
        let places: Vec<f64> = text
            .lines()
            .filter(|line| line.ends_with(">9 B</text>") && line.contains("x=\"956\""))
            .map(|line| line.split("y=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap())
            .collect();
        assert_eq!(places.len(), 3);
        assert!(places.windows(2).all(|pair| (pair[0] - pair[1]).abs() >= LABEL), "{places:?}");
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
        assert!(replay(&chart).inline("Replay").len() < 20_000);
    }

    #[test]
    fn nothing_is_a_picture_too() {
        let chart = ReplayChart { lines: vec![line("plan", &[])], ..ReplayChart::default() };
        assert!(replay(&chart).inline("Replay").contains(">0 B</text>"));
    }
}
