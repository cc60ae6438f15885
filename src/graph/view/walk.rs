//! Walks over a view: dependencies, dependents, paths, neighbourhoods.

use std::collections::{BTreeMap, VecDeque};

use crate::graph::view::model::ViewGraph;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Dependencies,
    Dependents,
}

/// Direct neighbours of every node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    dependencies: Vec<Vec<usize>>,
    dependents: Vec<Vec<usize>>,
}

impl Neighbours {
    #[must_use]
    pub fn new(view: &ViewGraph) -> Self {
        let mut neighbours =
            Self { dependencies: vec![Vec::new(); view.nodes.len()], dependents: vec![Vec::new(); view.nodes.len()] };
        for &(from, to, _) in &view.edges {
            if let (Some(below), Some(above)) =
                (neighbours.dependencies.get_mut(from), neighbours.dependents.get_mut(to))
            {
                below.push(to);
                above.push(from);
            }
        }
        neighbours
    }

    #[must_use]
    pub fn of(&self, node: usize, way: Way) -> &[usize] {
        let lists = match way {
            Way::Dependencies => &self.dependencies,
            Way::Dependents => &self.dependents,
        };
        lists.get(node).map_or(&[], Vec::as_slice)
    }

    /// Edges from `start` to each node; `None` if unreachable.
    #[must_use]
    pub fn distances(&self, start: usize, way: Way) -> Vec<Option<usize>> {
        let mut distances = vec![None; self.dependencies.len()];
        let Some(slot) = distances.get_mut(start) else { return distances };
        *slot = Some(0);
        let mut pending = VecDeque::from([(start, 0)]);
        while let Some((node, distance)) = pending.pop_front() {
            for &next in self.of(node, way) {
                if let Some(slot @ None) = distances.get_mut(next) {
                    *slot = Some(distance + 1);
                    pending.push_back((next, distance + 1));
                }
            }
        }
        distances
    }

    /// A shortest path to a dependency, with both ends; empty if there is none.
    #[must_use]
    pub fn path(&self, from: usize, to: usize) -> Vec<usize> {
        let distances = self.distances(to, Way::Dependents);
        let distance = |node: usize| distances.get(node).copied().flatten();
        let Some(mut left) = distance(from) else { return Vec::new() };
        let mut path = vec![from];
        let mut here = from;
        while left > 0 {
            left -= 1;
            let Some(&next) = self.of(here, Way::Dependencies).iter().find(|&&next| distance(next) == Some(left))
            else {
                return Vec::new();
            };
            path.push(next);
            here = next;
        }
        path
    }
}

/// A shortest path in either direction; empty if there is none.
#[must_use]
pub fn path_between(neighbours: &Neighbours, left: usize, right: usize) -> Vec<usize> {
    let path = neighbours.path(left, right);
    if path.is_empty() { neighbours.path(right, left) } else { path }
}

/// Keeps the nodes up to `hops` edges above and below `centre`.
pub(super) fn keep_neighbourhood(view: ViewGraph, centre: usize, hops: usize) -> ViewGraph {
    let neighbours = Neighbours::new(&view);
    let below = neighbours.distances(centre, Way::Dependencies);
    let above = neighbours.distances(centre, Way::Dependents);
    let is_near = |node: usize| {
        [&below, &above]
            .iter()
            .any(|distances| distances.get(node).copied().flatten().is_some_and(|distance| distance <= hops))
    };
    let kept: BTreeMap<usize, usize> =
        (0..view.nodes.len()).filter(|&node| is_near(node)).enumerate().map(|(new, old)| (old, new)).collect();
    let edge = |(from, to, weight)| Some((*kept.get(&from)?, *kept.get(&to)?, weight));
    ViewGraph {
        edges: view.edges.into_iter().filter_map(edge).collect(),
        nodes: view
            .nodes
            .into_iter()
            .enumerate()
            .filter(|(old, _)| kept.contains_key(old))
            .map(|(_, node)| node)
            .collect(),
    }
}
