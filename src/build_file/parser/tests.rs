//! Behaviour of the parser, through [`crate::build_file::parse`].

use proptest::prelude::*;

use crate::build_file::problem::ProblemKind;
use crate::build_file::tree::{ArgumentKind, ExpressionKind, StatementKind};
use crate::build_file::{BuildFile, Dialect, parse};

fn build(source: &str) -> BuildFile {
    parse(source.as_bytes(), Dialect::Build)
}

/// `expected` is `line:column part-of-the-message`, or empty where Bazel takes the file.
fn check(source: &str, expected: &str) {
    let file = build(source);
    let found = file.problems.first().map(|problem| {
        let position = file.position(problem.span.start);
        format!("{}:{} {}", position.line, position.column, problem.message)
    });
    match found {
        None => assert_eq!(expected, "", "nothing found in {source}"),
        Some(found) => {
            let (place, part) = expected.split_once(' ').unwrap_or((expected, "-"));
            assert!(found.starts_with(&format!("{place} ")) && found.contains(part), "{found} in {source}");
        }
    }
}

#[test]
fn takes_what_bazel_takes() {
    check("load(\"//a:b.bzl\", \"c\", d = \"e\",)\n", "");
    check("f(\n\ta = 1, # c\n  b = [x for x in [1, 2] if x not in y],\n)", "");
    check("x = (\"a\" + \"b\").format(1)[0][1:2] if not a else {1: 2, }\n", "");
    check("x = lambda a, b = 2: a + b\n", "");
    check("a, b = 1, 2; c += (1,)\n", "");
    check("x = 1 + \\\n  2\n", "");
    check("f(assert_ = 1)\nmatch(case = type)\n", "");
    check("x = -1 ** 2\n", "1:8 end of the statement");
    check("\n  # indented comment\nx = not a == b or c and d\n", "");
    check("f(a)(b)[c].d(e)\n", "");
}

#[test]
fn refuses_what_bazel_refuses() {
    check("f(\n    name = 'a',,\n)\n", "2:16 `,`");
    check("x = 'a' 'b'\n", "1:9 joined");
    check("f(a = 1, 2)\n", "1:10 position");
    check("f(a = 1, a = 2)\n", "1:10 twice");
    check("x = [1\n", "2:1 end of the file");
    check("x = )\n", "1:5 `)`");
    check("  x = 1\n", "1:3 indented");
    check("x = a < b < c\n", "1:11 chained");
    check("class X: pass\n", "1:1 value");
    check("f() = 1\n", "1:1 assigned");
    check("x = a b\n", "1:7 end of the statement");
    check("load('a')\n", "1:5 nothing");
}

#[test]
fn knows_what_a_build_file_may_not_hold() {
    let kind = |source| build(source).problems.first().map(|problem| problem.kind);
    assert_eq!(kind("def f(a, *b, c = 1, **d):\n    return a\n"), Some(ProblemKind::NotInBuildFile));
    assert_eq!(kind("for x in y:\n    f(x)\n"), Some(ProblemKind::NotInBuildFile));
    assert_eq!(kind("if x:\n    f(x)\nelse:\n    g()\n"), Some(ProblemKind::NotInBuildFile));
    assert_eq!(kind("native.f()\n"), Some(ProblemKind::NotInBuildFile));
    assert_eq!(kind("f(**x)\n"), Some(ProblemKind::StarArgument));
    assert_eq!(kind("f(*x)\n"), Some(ProblemKind::StarArgument));
    let bzl = parse(
        b"def f(a: int, *b, c = 1, **d) -> str:\n    native.x(**d)\n\nif x:\n  y()\nelse:\n  z()\n",
        Dialect::Bzl,
    );
    assert_eq!(bzl.problems, []);
}

#[test]
fn reads_on_behind_a_statement_that_it_does_not_understand() {
    let file = build("f(1)\nx = = 2\ng(2)\n");
    let kinds: Vec<bool> =
        file.tree.statements.iter().map(|statement| statement.kind == StatementKind::Opaque).collect();
    assert_eq!(kinds, [false, true, false]);
}

#[test]
fn keeps_places_of_arguments_with_their_parentheses() {
    let file = build("f (\n  name=\"a\" ,\n  x=( [1] ),\n  *y)");
    let Some(StatementKind::Expression(id)) = file.tree.statements.first().map(|statement| statement.kind.clone())
    else {
        panic!("no call");
    };
    let ExpressionKind::Call { arguments, .. } = &file.tree.expression(id).kind else {
        panic!("no call");
    };
    let texts: Vec<String> = arguments.iter().map(|argument| file.text(argument.span)).collect();
    assert_eq!(texts, ["name=\"a\"", "x=( [1] )", "*y"]);
    assert_eq!(file.text(file.tree.expression(arguments[1].value).span), "[1]");
    assert_eq!(file.text(file.tree.expression(arguments[1].value).outer), "( [1] )");
    assert_eq!(arguments[2].kind, ArgumentKind::Star);
}

#[test]
fn statements_never_overlap() {
    let spans = |text: &str| -> Vec<String> {
        let file = build(text);
        file.tree.statements.iter().map(|statement| file.text(statement.span)).collect()
    };
    assert_eq!(spans("a() b()\nc()\n"), ["a()", "b()", "c()"]);
    assert_eq!(spans("a(); b( c\n"), ["a()", "b( c"]);
    assert_eq!(spans("a(); ) d\n"), ["a()", ") d"]);
    assert_eq!(spans("a = \nc()\n"), ["a =", "c()"]);
}

#[test]
fn stops_at_its_own_depth_limit() {
    for text in [
        "[",
        "(",
        "{1:",
        "-",
        "not ",
        "f(",
        "a if b else ",
        "lambda: ",
        "a+(",
        "a[",
        "[x for x in ",
        "[x for ",
        "[x for x in y if ",
    ] {
        let file = build(&text.repeat(20_000));
        assert!(file.problems.iter().any(|problem| problem.kind == ProblemKind::TooDeep), "{text}");
    }
    let suffixes = build(&format!("x = a{}\n", ".b".repeat(100_000)));
    assert!(suffixes.problems.iter().any(|problem| problem.kind == ProblemKind::TooDeep));
    let deep = format!("x = {}{}\n", "[".repeat(150), "]".repeat(150));
    assert_eq!(build(&deep).problems, []);
    assert_eq!(build(&format!("x = 1{}\n", " + 1".repeat(100_000))).problems, [], "a long sum is not deep");
}

proptest! {
    #[test]
    fn never_fails(source in "(def f\\(\\):|load|native|[a-c'\"\\[\\](){}:,;=+*.\\\\#\n \t0]|for|if|in|not|else|lambda){0,60}") {
        let file = build(&source);
        let mut at = 0;
        for statement in &file.tree.statements {
            prop_assert!(at <= statement.span.start && statement.span.start <= statement.span.end);
            at = statement.span.end;
        }
        prop_assert!(at <= source.len());
        for expression in file.tree.expressions() {
            prop_assert!(expression.outer.contains(expression.span));
        }
        let _calls = crate::build_file::fold::calls(&file);
    }

    #[test]
    fn never_fails_on_bytes(source in proptest::collection::vec(any::<u8>(), 0..100)) {
        let file = parse(&source, Dialect::Bzl);
        prop_assert!(file.tree.statements.len() <= source.len());
    }
}
