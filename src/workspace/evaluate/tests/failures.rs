//! Refused and hostile files.

use super::*;

#[test]
fn hostile_files_are_failures() {
    let code = |text: &str| code(&[("p/BUILD", text)]);
    assert_eq!(code(&"[".repeat(300_000)), "too_deep");
    assert_eq!(code(&format!("x = {}0", "-".repeat(300_000))), "too_deep");
    assert_eq!(code("x = 'x' * 4000000000"), "not_evaluated");
    assert_eq!(code("x = [0] * 2000000000"), "not_evaluated");
    assert_eq!(code("x = 1 << 2000000000"), "not_evaluated");
    assert_eq!(code("y = [[a for a in range(10000)] for b in range(10000000)]"), "not_evaluated");
}

#[test]
fn cycles_and_recursion_end() {
    assert_eq!(code(&[("p/BUILD", "load(':a.bzl', 'a')"), ("p/a.bzl", "load(':a.bzl', 'a')")]), "load_cycle");
    let cycle =
        [("p/BUILD", "load(':a.bzl', 'a')"), ("p/a.bzl", "load(':b.bzl', 'b')"), ("p/b.bzl", "load(':a.bzl', 'a')")];
    let failure = evaluate(&cycle).unwrap_err();
    assert_eq!(failure.code, "load_cycle");
    assert!(failure.reason.contains("//p:a.bzl -> //p:b.bzl -> //p:a.bzl"), "{}", failure.reason);
    let recursion = [("p/BUILD", "load(':a.bzl', 'a')\na()"), ("p/a.bzl", "def a():\n    a()\n")];
    assert_eq!(code(&recursion), "not_evaluated");
    let squares = [
        ("p/BUILD", "load(':a.bzl', 'a')\na()"),
        ("p/a.bzl", "def a():\n    x = 3\n    for i in range(60):\n        x = x * x\n"),
    ];
    assert_eq!(code(&squares), "not_evaluated");
}

#[test]
fn failures_name_the_place() {
    let files = [("p/BUILD", "load('//t:m.bzl', 'm')\n\nm()"), ("t/m.bzl", "def m():\n    fail('not', 'here')\n")];
    let failure = evaluate(&files).unwrap_err();
    assert_eq!((failure.path.as_str(), failure.line), ("t/m.bzl", Some(2)));
    assert!(failure.reason.contains("not here"), "{}", failure.reason);
    assert_eq!(evaluate(&[("p/BUILD", "load('//t:none.bzl', 'm')")]).unwrap_err().code, "not_loadable");
    assert_eq!(evaluate(&[("p/BUILD", "x = (")]).unwrap_err().code, "syntax_error");
}
