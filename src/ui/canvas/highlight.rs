//! Emphasis of nodes and edges.

use crate::graph::view::ViewGraph;
use crate::graph::view::walk::{Neighbours, Way, path_between};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Emphasis {
    Dim,
    #[default]
    Plain,
    Lit,
    /// Adjacent, or on the path between two nodes.
    Strong,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Nothing,
    /// With everything above and below.
    Nodes(Vec<usize>),
    /// The shortest path between two nodes.
    Between(usize, usize),
    /// Found by a search, or held by a layer.
    Only(Vec<usize>),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Highlight {
    nodes: Vec<Emphasis>,
    edges: Vec<Emphasis>,
}

impl Highlight {
    #[must_use]
    pub(crate) fn new(view: &ViewGraph, neighbours: &Neighbours, subject: &Subject) -> Self {
        match subject {
            Subject::Nothing => Self::default(),
            Subject::Nodes(nodes) => around(view, neighbours, nodes),
            Subject::Between(one, other) => {
                let path = path_between(neighbours, *one, *other);
                if path.is_empty() { around(view, neighbours, &[*one, *other]) } else { along(view, &path) }
            }
            Subject::Only(nodes) => only(view, nodes),
        }
    }

    #[must_use]
    pub(crate) fn node(&self, at: usize) -> Emphasis {
        self.nodes.get(at).copied().unwrap_or_default()
    }

    #[must_use]
    pub(crate) fn edge(&self, at: usize) -> Emphasis {
        self.edges.get(at).copied().unwrap_or_default()
    }
}

fn around(view: &ViewGraph, neighbours: &Neighbours, subjects: &[usize]) -> Highlight {
    let count = view.nodes.len();
    let (mut below, mut above) = (vec![false; count], vec![false; count]);
    for &subject in subjects {
        for (way, reached) in [(Way::Dependencies, &mut below), (Way::Dependents, &mut above)] {
            for (slot, distance) in reached.iter_mut().zip(neighbours.distances(subject, way)) {
                *slot |= distance.is_some();
            }
        }
    }
    let is = |set: &[bool], at: usize| set.get(at).copied().unwrap_or_default();
    let node = |at: usize| {
        if subjects.contains(&at) {
            Emphasis::Strong
        } else if is(&below, at) || is(&above, at) {
            Emphasis::Lit
        } else {
            Emphasis::Dim
        }
    };
    let edge = |&(from, to, _): &(usize, usize, u32)| {
        let is_below = is(&below, from) && is(&below, to);
        let is_above = is(&above, from) && is(&above, to);
        match () {
            () if subjects.contains(&from) || subjects.contains(&to) => Emphasis::Strong,
            () if is_below || is_above => Emphasis::Lit,
            () => Emphasis::Dim,
        }
    };
    Highlight { nodes: (0..count).map(node).collect(), edges: view.edges.iter().map(edge).collect() }
}

fn along(view: &ViewGraph, path: &[usize]) -> Highlight {
    let node = |at: usize| if path.contains(&at) { Emphasis::Strong } else { Emphasis::Dim };
    let is_step = |from: usize, to: usize| path.windows(2).any(|pair| pair == [from, to]);
    let edge = |&(from, to, _): &(usize, usize, u32)| if is_step(from, to) { Emphasis::Strong } else { Emphasis::Dim };
    Highlight { nodes: (0..view.nodes.len()).map(node).collect(), edges: view.edges.iter().map(edge).collect() }
}

fn only(view: &ViewGraph, nodes: &[usize]) -> Highlight {
    let mut emphasis = vec![Emphasis::Dim; view.nodes.len()];
    for &at in nodes {
        if let Some(slot) = emphasis.get_mut(at) {
            *slot = Emphasis::Lit;
        }
    }
    let is_lit = |at: usize| emphasis.get(at) == Some(&Emphasis::Lit);
    let edge =
        |&(from, to, _): &(usize, usize, u32)| if is_lit(from) && is_lit(to) { Emphasis::Plain } else { Emphasis::Dim };
    let edges = view.edges.iter().map(edge).collect();
    Highlight { nodes: emphasis, edges }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::view::{ViewKind, ViewNode};

    fn view(count: usize, edges: &[(usize, usize)]) -> (ViewGraph, Neighbours) {
        let node = |at: usize| ViewNode {
            key: format!("//n:{at}"),
            title: at.to_string(),
            subtitle: String::new(),
            kind: ViewKind::LockedPackage,
            label: None,
            members: Vec::new(),
            files: Vec::new(),
            group: None,
        };
        let edges = edges.iter().map(|&(from, to)| (from, to, 1)).collect();
        let view = ViewGraph { nodes: (0..count).map(node).collect(), edges };
        let neighbours = Neighbours::new(&view);
        (view, neighbours)
    }

    /// One letter per node, then per edge: `d`im, `p`lain, `l`it, `s`trong.
    fn check(subject: &Subject, expected: &str) {
        // 0 -> 1 -> 2, 0 -> 3 -> 4, 1 -> 3
        let edges = [(0, 1), (1, 2), (0, 3), (3, 4), (1, 3)];
        let (view, neighbours) = view(5, &edges);
        let highlight = Highlight::new(&view, &neighbours, subject);
        let letter = |emphasis| match emphasis {
            Emphasis::Dim => 'd',
            Emphasis::Plain => 'p',
            Emphasis::Lit => 'l',
            Emphasis::Strong => 's',
        };
        let nodes: String = (0..5).map(|at| letter(highlight.node(at))).collect();
        let edges: String = (0..5).map(|at| letter(highlight.edge(at))).collect();
        assert_eq!(format!("{nodes} {edges}"), expected, "{subject:?}");
    }

    #[test]
    fn what_is_not_above_or_below_steps_back() {
        check(&Subject::Nothing, "ppppp ppppp");
        check(&Subject::Nodes(vec![2]), "llsdd lsddd");
        check(&Subject::Nodes(vec![3]), "lldsl ldsss");
        check(&Subject::Between(0, 4), "sddss ddssd");
        check(&Subject::Between(4, 0), "sddss ddssd");
        // No way from one to the other: both are shown with what is around them.
        check(&Subject::Between(2, 4), "llsls lslsl");
        check(&Subject::Only(vec![0, 1]), "llddd pdddd");
    }
}
