//! rechunk's packing, after `src/rechunk/alg.py` and `utils.py` of hhd-dev/rechunk at ded27fe. Each package has a row
//! of 53 calendar weeks; a layer costs its bytes times the weeks in which any member changed. Packages under 0.5 and
//! under 1 MB share a layer each; then layers are filled one by one, the largest package first, then whichever raises
//! the cost least, up to 0.4 of the mean layer. The rest goes where it raises the cost least, into layers below 1.3 of
//! the mean. 39 layers by default.

use crate::advice::app_problem::AppParts;
use crate::advice::presets::candidates::{libraries, own_bytes, packages};
use crate::graph::item_set::ItemSet;
use crate::graph::model::NodeId;
use crate::history::model::{ChangeRow, History};
use crate::label::Label;

const MAX_LAYERS: usize = 39;
const FINE_LIMITS: [u64; 2] = [500_000, 1_000_000];
const WEEK_SECONDS: i64 = 7 * 86_400;
const WEEKS: i64 = 53;

struct Package {
    label: Label,
    bytes: u64,
    weeks: u64,
}

#[derive(Default)]
struct Layer {
    members: Vec<usize>,
    bytes: u64,
    weeks: u64,
}

impl Layer {
    fn cost_with(&self, package: &Package) -> u128 {
        u128::from((self.weeks | package.weeks).count_ones()) * u128::from(self.bytes + package.bytes)
    }

    fn cost(&self) -> u128 {
        u128::from(self.weeks.count_ones()) * u128::from(self.bytes)
    }

    fn add(&mut self, place: usize, package: &Package) {
        self.members.push(place);
        self.bytes += package.bytes;
        self.weeks |= package.weeks;
    }
}

pub(super) fn groups(parts: &AppParts<'_>, history: Option<&History>) -> Vec<(String, Vec<Label>)> {
    let members = members(parts, history);
    let total: u64 = members.iter().map(|package| package.bytes).sum();
    let mean = total / MAX_LAYERS as u64;
    let mut free: Vec<usize> = (0..members.len()).collect();
    let mut layers = Vec::new();
    for limit in FINE_LIMITS {
        let mut fine = Layer::default();
        free.retain(|&place| {
            let is_fine = members[place].bytes < limit;
            if is_fine {
                fine.add(place, &members[place]);
            }
            !is_fine
        });
        if !fine.members.is_empty() {
            layers.push(fine);
        }
    }
    while layers.len() < MAX_LAYERS && !free.is_empty() {
        layers.push(filled(&members, &mut free, mean * 4 / 10));
    }
    fill_up(&members, free, &mut layers, mean * 13 / 10);
    // rechunk does not order layers; dependents go above, so that groups can express it.
    layers.sort_by_key(|layer| closure_size(parts, layer.members.iter().map(|&place| &members[place].label)));
    let named = layers.into_iter().enumerate();
    named
        .map(|(number, layer)| {
            let mut targets: Vec<Label> = layer.members.iter().map(|&place| members[place].label.clone()).collect();
            targets.sort();
            (format!("chunk_{}", number + 1), targets)
        })
        .collect()
}

fn closure_size<'a>(parts: &AppParts<'_>, labels: impl Iterator<Item = &'a Label>) -> usize {
    let mut items = ItemSet::default();
    for closure in labels.filter_map(|label| parts.contents.closure(parts.graph.find(label)?)) {
        items.union_with(closure);
    }
    items.len()
}

/// Fills a layer with the largest free package, then with whatever raises the cost least.
fn filled(members: &[Package], free: &mut Vec<usize>, fill: u64) -> Layer {
    let mut layer = Layer::default();
    while !free.is_empty() && (layer.members.is_empty() || layer.bytes <= fill) {
        let next = if layer.members.is_empty() {
            (0..free.len()).max_by_key(|&at| (members[free[at]].bytes, std::cmp::Reverse(at)))
        } else {
            (0..free.len()).min_by_key(|&at| (layer.cost_with(&members[free[at]]), at))
        };
        let Some(at) = next else { break };
        let place = free.remove(at);
        layer.add(place, &members[place]);
    }
    layer
}

/// Adds the leftovers where they raise the cost least.
fn fill_up(members: &[Package], mut free: Vec<usize>, layers: &mut [Layer], most: u64) {
    while !free.is_empty() {
        let open = layers.iter().enumerate().filter(|(_, layer)| layer.bytes <= most);
        let choices = open.flat_map(|(at, layer)| {
            free.iter()
                .enumerate()
                .map(move |(which, &place)| (layer.cost_with(&members[place]).saturating_sub(layer.cost()), at, which))
        });
        let Some((_, at, which)) = choices.min() else { break };
        let place = free.remove(which);
        layers[at].add(place, &members[place]);
    }
}

/// Packages and libraries with bytes and weeks. As in `get_update_matrix`, two changes or fewer count as always
/// changing.
fn members(parts: &AppParts<'_>, history: Option<&History>) -> Vec<Package> {
    let weeks = weeks_of_commits(history, parts.measures.commits);
    let package = |node: NodeId| {
        let item = parts.contents.own_item(node)?;
        let row = parts.measures.commit_rows.get(item.index()).cloned().unwrap_or_default();
        Some(Package {
            label: parts.graph.node(node)?.label.clone(),
            bytes: own_bytes(parts, node),
            weeks: weeks_of(&row, &weeks),
        })
    };
    let mut members: Vec<Package> = packages(parts).into_iter().filter_map(package).collect();
    for label in libraries(parts) {
        let Some(node) = parts.graph.find(&label) else { continue };
        let own = parts.graph.runtime_edges(node).filter_map(|child| parts.contents.own_item(child));
        let files: ItemSet = own.filter(|item| !is_package(parts, *item)).collect();
        let bytes = files.iter().filter_map(|item| parts.measures.sizes.item(item)).map(|size| size.compressed_bytes.0);
        members.push(Package {
            label,
            bytes: bytes.sum(),
            weeks: weeks_of(&parts.measures.commit_row(&files), &weeks),
        });
    }
    members
}

fn is_package(parts: &AppParts<'_>, item: crate::graph::item_set::ItemId) -> bool {
    parts.contents.item(item).is_some_and(|item| matches!(item.kind, crate::graph::contents::ItemKind::Package { .. }))
}

/// For each commit its week, counted back from the newest; `None` if older than a year. Without times every commit is a
/// week of its own.
fn weeks_of_commits(history: Option<&History>, commits: usize) -> Vec<Option<u32>> {
    let Some(history) = history else {
        return (0..commits).map(|commit| u32::try_from((commits - 1 - commit).min(63)).ok()).collect();
    };
    let newest = history.commits.iter().map(|commit| commit.time).max().unwrap_or(0);
    let week = |time: i64| {
        let weeks = newest.saturating_sub(time) / WEEK_SECONDS;
        (weeks < WEEKS).then(|| u32::try_from(weeks).unwrap_or(0))
    };
    history.commits.iter().map(|commit| week(commit.time)).collect()
}

fn weeks_of(row: &ChangeRow, weeks: &[Option<u32>]) -> u64 {
    if row.count() <= 2 {
        return (1 << WEEKS) - 1;
    }
    row.ones().filter_map(|commit| weeks.get(commit).copied().flatten()).fold(0, |all, week| all | 1 << week)
}
