use std::collections::BTreeMap;

use petgraph::graph::DiGraph;

use super::walk::{Neighbours, path_between};
use super::*;
use crate::graph::model::{EdgeUse, Graph, Node, NodeId, NodeKind};
use crate::label::Label;

/// A graph from its edges, the first label being the binary. `@pypi` are locked packages, other repositories are external,
/// a name with `.gen.` is made by the target that it names as its dependency, one with a dot is a source.
fn graph(edges: &[(&str, &str)]) -> Graph {
    let mut inner = DiGraph::default();
    let mut by_label = BTreeMap::new();
    let mut node = |inner: &mut DiGraph<Node, EdgeUse, u32>, text: &str| {
        let label = Label::parse_absolute(text).unwrap();
        let kind = match label.repository_name() {
            Some("pypi") => NodeKind::Package,
            Some(_) => NodeKind::External,
            None if label.name().contains(".gen.") => NodeKind::Generated,
            None if label.name().contains('.') => NodeKind::Source,
            None => NodeKind::Rule("py_library".to_owned()),
        };
        *by_label.entry(label.clone()).or_insert_with(|| NodeId(inner.add_node(Node { label, kind })))
    };
    let mut root = None;
    for (from, to) in edges {
        let (from, to) = (node(&mut inner, from), node(&mut inner, to));
        root.get_or_insert(from);
        inner.add_edge(from.0, to.0, EdgeUse::Runtime);
    }
    Graph { inner, by_label, root: root.unwrap(), notes: Vec::new(), missing: BTreeMap::new() }
}

/// The nodes as `key: title (subtitle)` and the edges as `from -> to`, with the weight where it is not one.
fn drawn(view: &ViewGraph) -> Vec<String> {
    let key = |at: usize| &view.nodes[at].key;
    let node = |node: &ViewNode| format!("{}: {} ({})", node.key, node.title, node.subtitle);
    let edge = |&(from, to, weight): &(usize, usize, u32)| match weight {
        1 => format!("{} -> {}", key(from), key(to)),
        _ => format!("{} -> {} x{weight}", key(from), key(to)),
    };
    view.nodes.iter().map(node).chain(view.edges.iter().map(edge)).collect()
}

fn check(edges: &[(&str, &str)], request: &ViewRequest, expected: &[&str]) {
    assert_eq!(drawn(&view_graph(&graph(edges), request)), expected);
}

fn open(groups: &[&str]) -> ViewRequest {
    ViewRequest { expanded: groups.iter().map(|&group| group.to_owned()).collect(), ..ViewRequest::default() }
}

const APP: &[(&str, &str)] = &[
    ("//app:main", "//app:lib"),
    ("//app:main", "//app:main.py"),
    ("//app:lib", "//app:tools"),
    ("//app:lib", "//libs/log:log"),
    ("//app:lib", "@pypi//:fastapi"),
    ("//app:tools", "@pypi//:click"),
    ("//app:tools", "@pypi//:fastapi"),
    ("//libs/log:log", "//libs/log:log.py"),
    ("@pypi//:fastapi", "@pypi//:starlette"),
];

#[test]
fn groups_start_closed_and_the_binary_stands_alone() {
    check(
        APP,
        &open(&[]),
        &[
            "//app: //app (2 targets)",
            "//app:main: main (//app)",
            // One target alone needs no group.
            "//libs/log:log: log (//libs/log)",
            "@pypi: @pypi (3 packages)",
            "//app -> //libs/log:log",
            "//app -> @pypi x3",
            "//app:main -> //app",
        ],
    );
}

#[test]
fn an_open_group_shows_its_members() {
    check(
        APP,
        &open(&["@pypi", "//app"]),
        &[
            "//app:lib: lib (//app)",
            "//app:main: main (//app)",
            "//app:tools: tools (//app)",
            "//libs/log:log: log (//libs/log)",
            "@pypi//:click: click (@pypi)",
            "@pypi//:fastapi: fastapi (@pypi)",
            "@pypi//:starlette: starlette (@pypi)",
            "//app:lib -> //app:tools",
            "//app:lib -> //libs/log:log",
            "//app:lib -> @pypi//:fastapi",
            "//app:main -> //app:lib",
            "//app:tools -> @pypi//:click",
            "//app:tools -> @pypi//:fastapi",
            "@pypi//:fastapi -> @pypi//:starlette",
        ],
    );
    let graph = graph(APP);
    let view = view_graph(&graph, &open(&["@pypi"]));
    let click = &view.nodes[view.find("@pypi//:click").unwrap()];
    assert_eq!(click.group.as_deref(), Some("@pypi"));
    assert_eq!(click.kind, ViewKind::LockedPackage);
}

#[test]
fn files_hide_in_the_targets_that_list_them_until_they_are_asked_for() {
    let graph = graph(APP);
    let hidden = view_graph(&graph, &open(&[]));
    let log = Label::main("libs/log", "log.py");
    assert_eq!(hidden.showing(&graph, &log), hidden.find("//libs/log:log"));
    let shown = view_graph(&graph, &ViewRequest { show_files: true, ..open(&["//app", "@pypi"]) });
    assert_eq!(shown.nodes[shown.showing(&graph, &log).unwrap()].kind, ViewKind::File);
    assert!(shown.nodes.iter().all(|node| node.files.is_empty()));
}

#[test]
fn a_hidden_made_file_passes_its_edge_on_to_its_maker() {
    let edges =
        [("//app:main", "//gen:api.gen.py"), ("//gen:api.gen.py", "//gen:make"), ("//gen:make", "//gen:api.proto")];
    check(&edges, &open(&[]), &["//app:main: main (//app)", "//gen:make: make (//gen)", "//app:main -> //gen:make"]);
}

#[test]
fn spellings_of_one_package_are_one_node_under_the_name_that_the_build_file_uses() {
    let edges = [
        ("//app:main", "@pypi//:Flask_Login"),
        ("@pypi//:Flask_Login", "@pypi//flask_login:flask_login"),
        ("@pypi//flask_login:flask_login", "@pypi//flask:flask"),
    ];
    let graph = graph(&edges);
    let view = view_graph(&graph, &open(&["@pypi"]));
    let login = &view.nodes[view.find("@pypi//:flask-login").unwrap()];
    assert_eq!(login.label.as_ref().unwrap().to_string(), "@pypi//:Flask_Login");
    assert_eq!(login.members.len(), 2);
    assert_eq!(view.nodes.len(), 3);
    assert_eq!(view.edges.len(), 2);
}

#[test]
fn a_large_group_shows_what_others_use_and_one_node_for_the_rest() {
    let names: Vec<String> = (0..100).map(|number| format!("@pypi//:p{number:03}")).collect();
    let mut edges = vec![("//app:main", names[7].as_str()), ("//app:main", names[50].as_str())];
    edges.extend(names.windows(2).map(|pair| (pair[0].as_str(), pair[1].as_str())));
    edges.push((&names[99], &names[0]));
    let graph = graph(&edges);
    let view = view_graph(&graph, &open(&["@pypi"]));
    let keys: Vec<&str> = view.nodes.iter().map(|node| node.key.as_str()).collect();
    assert_eq!(keys, ["//app:main", "@pypi+more", "@pypi//:p007", "@pypi//:p050"]);
    let rest = &view.nodes[1];
    assert_eq!((rest.title.as_str(), rest.members.len(), rest.kind.is_group()), ("+98 more", 98, true));
    let all = view_graph(&graph, &open(&["@pypi", "@pypi+more"]));
    assert_eq!(all.nodes.len(), 101);
}

#[test]
fn focus_keeps_what_is_near_both_ways() {
    let chain = [("//a:a", "//b:b"), ("//b:b", "//c:c"), ("//c:c", "//d:d"), ("//d:d", "//e:e"), ("//b:b", "//x:x")];
    let focus = |hops| ViewRequest { focus: Some((Label::main("c", "c"), hops)), ..ViewRequest::default() };
    check(
        &chain,
        &focus(1),
        &["//b:b: b (//b)", "//c:c: c (//c)", "//d:d: d (//d)", "//b:b -> //c:c", "//c:c -> //d:d"],
    );
    assert_eq!(view_graph(&graph(&chain), &focus(2)).nodes.len(), 5);
    // A label that is not there does not hide everything.
    let elsewhere = ViewRequest { focus: Some((Label::main("c", "zzz"), 1)), ..ViewRequest::default() };
    assert_eq!(view_graph(&graph(&chain), &elsewhere).nodes.len(), 6);
}

#[test]
fn a_focused_member_of_a_closed_group_is_a_node_of_its_own() {
    let graph = graph(APP);
    let request =
        ViewRequest { focus: Some((Label::parse_absolute("@pypi//:fastapi").unwrap(), 1)), ..ViewRequest::default() };
    let view = view_graph(&graph, &request);
    let keys: Vec<&str> = view.nodes.iter().map(|node| node.key.as_str()).collect();
    assert_eq!(keys, ["//app", "@pypi", "@pypi//:fastapi"]);
}

#[test]
fn the_path_is_a_shortest_one_and_found_from_either_end() {
    let edges = [
        ("//a:a", "//b:b"),
        ("//b:b", "//c:c"),
        ("//c:c", "//d:d"),
        ("//a:a", "//c:c"),
        ("//d:d", "//b:b"),
        ("//a:a", "//y:y"),
    ];
    let view = view_graph(&graph(&edges), &ViewRequest::default());
    let neighbours = Neighbours::new(&view);
    let keys = |path: Vec<usize>| path.into_iter().map(|at| view.nodes[at].key.as_str()).collect::<Vec<_>>();
    let (a, d, y) = (view.find("//a:a").unwrap(), view.find("//d:d").unwrap(), view.find("//y:y").unwrap());
    assert_eq!(keys(path_between(&neighbours, a, d)), ["//a:a", "//c:c", "//d:d"]);
    assert_eq!(keys(path_between(&neighbours, d, a)), ["//a:a", "//c:c", "//d:d"]);
    assert_eq!(keys(path_between(&neighbours, d, y)), [""; 0]);
    assert_eq!(keys(path_between(&neighbours, a, a)), ["//a:a"]);
}

#[test]
fn search_finds_targets_files_and_members_of_closed_groups() {
    let graph = graph(APP);
    let view = view_graph(&graph, &open(&[]));
    let found = |search: &str| -> Vec<(&str, usize)> {
        view.matches(&graph, search).into_iter().map(|(at, count)| (view.nodes[at].key.as_str(), count)).collect()
    };
    assert_eq!(found("FAST"), [("@pypi", 1)]);
    assert_eq!(found("pypi"), [("@pypi", 3)]);
    assert_eq!(found("log.py"), [("//libs/log:log", 1)]);
    assert_eq!(found("  "), []);
    assert_eq!(found("nowhere"), []);
}

#[test]
fn kinds_are_left_out_with_their_edges_but_never_the_binary() {
    let hide = |kinds: &[NodeFilter]| ViewRequest { hidden: kinds.iter().copied().collect(), ..open(&["//app"]) };
    check(
        APP,
        &hide(&[NodeFilter::Packages]),
        &[
            "//app:lib: lib (//app)",
            "//app:main: main (//app)",
            "//app:tools: tools (//app)",
            "//libs/log:log: log (//libs/log)",
            "//app:lib -> //app:tools",
            "//app:lib -> //libs/log:log",
            "//app:main -> //app:lib",
        ],
    );
    check(APP, &hide(&[NodeFilter::Packages, NodeFilter::Libraries]), &["//app:main: main (//app)"]);
}
