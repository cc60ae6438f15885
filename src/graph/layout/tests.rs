use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn request(count: usize, edges: &[(usize, usize)]) -> LayoutRequest {
    let node = LayoutNode { width: 180.0, height: 52.0, ..LayoutNode::default() };
    LayoutRequest { nodes: vec![node; count], edges: edges.to_vec(), aspect: 1.5 }
}

/// Whether no two rectangles have a point in common.
fn is_disjoint(places: &[Placed]) -> bool {
    let apart = |one: &Placed, other: &Placed| {
        one.right() <= other.left || other.right() <= one.left || one.bottom() <= other.top || other.bottom() <= one.top
    };
    places.iter().enumerate().all(|(at, one)| places[at + 1..].iter().all(|other| apart(one, other)))
}

/// How many pairs of straight lines cross: a measure of how readable a drawing is.
fn crossings(layout: &Layout, edges: &[(usize, usize)]) -> usize {
    let lines: Vec<(Point, Point)> =
        edges.iter().map(|&(from, to)| (layout.places[from].centre(), layout.places[to].centre())).collect();
    let side = |a: Point, b: Point, c: Point| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    let cross = |(a, b): (Point, Point), (c, d): (Point, Point)| {
        side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
    };
    lines.iter().enumerate().map(|(at, &one)| lines[at + 1..].iter().filter(|&&other| cross(one, other)).count()).sum()
}

/// A graph as Bazel workspaces have them: each node depends on a few later ones, most of them near.
fn workspace_like(count: usize, degree: usize) -> Vec<(usize, usize)> {
    let mut state = 12_345_u64;
    let mut random = move |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below.max(1)
    };
    let mut edges: Vec<(usize, usize)> = (1..count).map(|node| (random(node.min(node / 3 + 1)), node)).collect();
    for from in 0..count {
        for _ in 1..degree {
            let to = from + 1 + random((count - from).min(40));
            if to < count {
                edges.push((from, to));
            }
        }
    }
    edges
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_is_placed_without_overlap(
        count in 0_usize..60,
        edges in proptest::collection::vec((0_usize..64, 0_usize..64), 0..150),
        sizes in proptest::collection::vec((20.0_f32..300.0, 20.0_f32..90.0, proptest::option::of((0.0_f32..900.0, 0.0_f32..900.0))), 60),
        aspect in 0.1_f32..6.0,
    ) {
        let node = |&(width, height, before): &(f32, f32, Option<(f32, f32)>)| {
            LayoutNode { width, height, before: before.map(|(x, _)| x), height_before: before.map(|(_, y)| y) }
        };
        let request = LayoutRequest { nodes: sizes.iter().take(count).map(node).collect(), edges, aspect };
        let done = layout(&request);
        prop_assert_eq!(done.places.len(), count);
        prop_assert_eq!(done.routes.len(), request.edges.len());
        prop_assert!(is_disjoint(&done.places));
        for (place, node) in done.places.iter().zip(&request.nodes) {
            prop_assert_eq!((place.width, place.height), (node.width, node.height));
            prop_assert!(place.left >= -0.01 && place.right() <= done.width + 0.01, "{place:?} in {}", done.width);
            prop_assert!(place.top >= -0.01 && place.bottom() <= done.height + 0.01, "{place:?} in {}", done.height);
        }
        prop_assert_eq!(layout(&request), done);
    }

    #[test]
    fn in_a_graph_without_cycles_every_edge_leads_down(
        edges in proptest::collection::vec((0_usize..40, 0_usize..40), 0..120),
        stood in proptest::collection::vec(proptest::option::of((0.0_f32..900.0, 0.0_f32..900.0)), 40),
    ) {
        let edges: Vec<(usize, usize)> = edges.into_iter().map(|(one, other)| (one.min(other), one.max(other))).filter(|(from, to)| from != to).collect();
        let fresh = request(40, &edges);
        let mut again = fresh.clone();
        for (node, before) in again.nodes.iter_mut().zip(stood) {
            node.before = before.map(|(x, _)| x);
            node.height_before = before.map(|(_, y)| y);
        }
        for done in [layout(&fresh), layout(&again)] {
            for &(from, to) in &edges {
                prop_assert!(done.places[from].bottom() < done.places[to].top);
            }
        }
    }

    #[test]
    fn a_drawing_that_is_asked_for_again_keeps_its_rows(
        edges in proptest::collection::vec((0_usize..30, 0_usize..30), 20..60),
    ) {
        let edges = edges.into_iter().map(|(one, other)| (one.min(other), one.max(other)));
        let edges: Vec<(usize, usize)> = edges.chain((1..30).map(|node| (0, node))).collect();
        let request = request(30, &edges);
        let first = layout(&request);
        let nodes = request.nodes.iter().zip(&first.places);
        let nodes = nodes.map(|(node, place)| LayoutNode {
            before: Some(place.centre().x),
            height_before: Some(place.centre().y),
            ..*node
        }).collect();
        let again = layout(&LayoutRequest { nodes, ..request });
        for (one, other) in (0..30).flat_map(|one| (0..30).map(move |other| (one, other))) {
            if first.places[one].top < first.places[other].top {
                prop_assert!(again.places[one].top < again.places[other].top);
            }
        }
    }

    #[test]
    fn routes_keep_clear_of_every_node(edges in proptest::collection::vec((0_usize..30, 0_usize..30), 0..80)) {
        let edges: Vec<(usize, usize)> = edges.into_iter().map(|(one, other)| (one.min(other), one.max(other))).collect();
        let done = layout(&request(30, &edges));
        for (point, place) in done.routes.iter().flatten().flat_map(|point| done.places.iter().map(move |place| (point, place))) {
            let inside = point.y >= place.top && point.y <= place.bottom() && point.x > place.left && point.x < place.right();
            prop_assert!(!inside, "{point:?} in {place:?}");
        }
    }
}

#[test]
fn cycles_are_drawn_all_the_same() {
    for edges in
        [vec![(0, 1), (1, 0)], vec![(0, 1), (1, 2), (2, 0)], vec![(0, 0), (0, 1), (0, 1), (1, 2), (2, 1), (9, 1)]]
    {
        let done = layout(&request(3, &edges));
        assert!(is_disjoint(&done.places));
        assert_eq!(done.routes.len(), edges.len());
    }
    assert_eq!(layout(&request(0, &[])).places, []);
}

#[test]
fn the_binary_is_at_the_top_and_a_wide_rank_fills_the_window() {
    let edges: Vec<(usize, usize)> = (1..=80).map(|leaf| (0, leaf)).collect();
    let done = layout(&request(81, &edges));
    assert!(done.places[1..].iter().all(|place| place.top > done.places[0].bottom()));
    let aspect = done.width / done.height;
    assert!((0.9..2.5).contains(&aspect), "{aspect}");
}

#[test]
fn nodes_keep_their_order_when_one_of_them_opens() {
    // Three libraries side by side; the second one turns into three members.
    let before = layout(&request(7, &[(0, 1), (0, 2), (0, 3), (1, 4), (2, 5), (3, 6)]));
    let stood = |node: usize| before.places[node].centre();
    let mut after = request(9, &[(0, 1), (0, 2), (0, 3), (0, 7), (0, 8), (1, 4), (2, 5), (7, 5), (8, 5), (3, 6)]);
    for (node, slot) in after.nodes.iter_mut().enumerate() {
        slot.before = Some(stood(if node > 6 { 2 } else { node }).x);
        slot.height_before = (node <= 6).then(|| stood(node).y);
    }
    let after = layout(&after);
    let order = |layout: &Layout, nodes: &[usize]| -> Vec<usize> {
        let by_place: BTreeMap<i64, usize> =
            nodes.iter().map(|&node| ((layout.places[node].left * 100.0) as i64, node)).collect();
        by_place.into_values().collect()
    };
    for nodes in [[1, 2, 3], [4, 5, 6]] {
        assert_eq!(order(&after, &nodes), order(&before, &nodes));
    }
}

#[test]
fn long_chains_and_wide_stars_end() {
    let chain: Vec<(usize, usize)> = (1..3_000).map(|node| (node - 1, node)).collect();
    assert_eq!(layout(&request(3_000, &chain)).places.len(), 3_000);
    let star: Vec<(usize, usize)> = (1..2_000).map(|node| (0, node)).collect();
    assert_eq!(layout(&request(2_000, &star)).places.len(), 2_000);
}

#[test]
fn few_edges_cross() {
    // Crossing lines are what makes a drawing unreadable: a change of the steps must not make many more of them.
    for (count, degree, most) in [(30, 2, 45), (100, 2, 1_100), (300, 2, 9_500)] {
        let edges = workspace_like(count, degree);
        let done = layout(&request(count, &edges));
        let crossings = crossings(&done, &edges);
        assert!(crossings < most, "{count} nodes, {} edges: {crossings} crossings", edges.len());
    }
}
