//! Behaviour of constant folding.

use super::{Constants, FoldedValue, calls, calls_with, constants};
use crate::build_file::{Dialect, parse};

fn check(source: &str, name: &str, expected: &str) {
    let file = parse(source.as_bytes(), Dialect::Build);
    let values = constants(&file, &Constants::new());
    let found = values.get(name).map(|value| format!("{value:?}")).unwrap_or_default();
    let expected_file = parse(format!("E = {expected}").as_bytes(), Dialect::Build);
    let expected =
        constants(&expected_file, &Constants::new()).get("E").map(|value| format!("{value:?}")).unwrap_or_default();
    assert_eq!(found, expected, "{source}");
}

#[test]
fn folds_what_makes_names() {
    check("A = 'x'\nB = A + '-' + str(1)", "B", "'x-1'");
    check("B = '%s-%d%%' % ('a', 2)", "B", "'a-2%'");
    check("B = '{}-{n}{{'.format('a', n = 'b')", "B", "'a-b{'");
    check("B = [x + '_lib' for x in ['a', 'b'] if x != 'a']", "B", "['b_lib']");
    check("B = [k + v for k, v in {'a': 'b'}.items()]", "B", "['ab']");
    check("B = dict(name = 'a', targets = [':b'])", "B", "{'name': 'a', 'targets': [':b']}");
    check("A = ['a']\nB = A + ['b'] + list(A)", "B", "['a', 'b', 'a']");
    check("B = 'a' if 'x' in ['x'] else 'b'", "B", "'a'");
    check("A = {'k': ['v']}\nB = A['k'][-1]", "B", "'v'");
}

#[test]
fn keeps_what_only_bazel_knows() {
    let file = parse(
        b"load(':r.bzl', req = 'requirement')\nX = [req('a')] + select({'//c': ['b']}) + glob(['*'])",
        Dialect::Build,
    );
    let values = constants(&file, &Constants::new());
    let Some(FoldedValue::Concatenation(parts)) = values.get("X") else {
        panic!("{values:?}");
    };
    assert!(
        matches!(&parts[0], FoldedValue::List(list) if matches!(&list[0], FoldedValue::Call { function, .. } if function == "req"))
    );
    assert!(matches!(&parts[1], FoldedValue::Select(_)));
    assert!(matches!(&parts[2], FoldedValue::Call { function, .. } if function == "glob"));
}

#[test]
fn a_name_that_is_bound_twice_has_no_value() {
    check("A = 'a'\nA = 'b'\nB = A", "B", "A");
    check("A = ['a']\nA += ['b']\nB = A", "B", "A");
}

#[test]
fn finds_calls_with_their_origin() {
    let source = b"load('//t:d.bzl', app = 'release_app')\n\napp(name = N + '-x', deps = D)\n[f(name = n, *a) for n in ['a', 'b']]\n[f(n) for n in unknown()]\nx = g('p')\n";
    let file = parse(source, Dialect::Bzl);
    let outside = Constants::from([("N".to_owned(), FoldedValue::String("n".to_owned()))]);
    let calls = calls_with(&file, &outside);
    let summary: Vec<_> = calls
        .iter()
        .map(|call| (call.function.as_str(), call.name(), call.line, call.comprehension_line, call.open_ended))
        .collect();
    assert_eq!(
        summary,
        [
            ("app", Some("n-x"), 3, None, false),
            ("f", Some("a"), 4, Some(4), true),
            ("f", Some("b"), 4, Some(4), true),
            ("f", None, 5, Some(5), false),
            ("g", Some("p"), 6, None, false),
        ]
    );
    let loaded = calls[0].loaded.as_ref().map(|loaded| (loaded.module.as_str(), loaded.symbol.as_str()));
    assert_eq!(loaded, Some(("//t:d.bzl", "release_app")));
}

#[test]
fn hostile_files_end_soon() {
    let mut doubling = "a0 = ['x']\n".to_owned();
    let mut nesting = "b0 = ['x']\n".to_owned();
    for round in 0..2_000 {
        doubling.push_str(&format!("a{} = a{round} + a{round}\n", round + 1));
        nesting.push_str(&format!("b{} = [b{round}]\n", round + 1));
    }
    let loops = "[f(name = a + b + c) for a in L for b in L for c in L for d in L]"
        .replace('L', &format!("[{}]", "'x',".repeat(100)));
    let strings = "s0 = 'x'\n".to_owned()
        + &(0..60).map(|round| format!("s{} = '{{0}}{{0}}'.format(s{round})\n", round + 1)).collect::<String>();
    for source in [doubling, nesting, loops, strings] {
        let file = parse(source.as_bytes(), Dialect::Build);
        let _ends = calls(&file);
    }
}
