//! What is used again, and what never is.

use std::path::Path;
use std::rc::Rc;

use super::evaluator::CachedEvaluator;
use crate::jobs::Unwatched;
use crate::workspace::disk_tree::DiskTree;
use crate::workspace::evaluate::evaluated::{EvaluatedPackage, EvaluationFailure};
use crate::workspace::evaluate::evaluator::{EvaluationSetup, PackageEvaluator};
use crate::workspace::evaluate::in_process::InProcessEvaluator;
use crate::workspace::evaluate::reads::Evaluation;
use crate::workspace::module_call::ModuleCall;
use crate::workspace::reader::read_workspace;

/// Evaluates in this process and writes down what it was asked for.
struct Counting {
    inner: InProcessEvaluator,
    asked: Rc<std::cell::RefCell<Vec<String>>>,
}

impl PackageEvaluator for Counting {
    fn begin(&mut self, setup: &EvaluationSetup) {
        self.inner.begin(setup);
    }

    fn package(&mut self, package: &str, path: &str) -> Evaluation<EvaluatedPackage> {
        self.asked.borrow_mut().push(path.to_owned());
        if package == "slow" {
            return Evaluation::broken_off(EvaluationFailure::new("worker_stopped", path, "too slow"));
        }
        self.inner.package(package, path)
    }

    fn module_file(&mut self, path: &str) -> Evaluation<Vec<ModuleCall>> {
        self.asked.borrow_mut().push(path.to_owned());
        self.inner.module_file(path)
    }
}

struct Place {
    workspace: tempfile::TempDir,
    cache: tempfile::TempDir,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Self {
        let place = Self { workspace: tempfile::tempdir().unwrap(), cache: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(path, text)| place.write(path, text));
        place
    }

    fn root(&self) -> std::path::PathBuf {
        self.workspace.path().canonicalize().unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn remove(&self, path: &str) {
        std::fs::remove_file(self.root().join(path)).unwrap();
    }

    /// What a start evaluates. What it comes to is held against a start that knows nothing.
    fn start_with(&self, program: &Path) -> Vec<String> {
        let root = self.root();
        let asked = Rc::default();
        let counting = |asked: &Rc<std::cell::RefCell<Vec<String>>>| Counting {
            inner: InProcessEvaluator::new(Rc::new(DiskTree::new(&root))).unwrap(),
            asked: Rc::clone(asked),
        };
        let mut cached = CachedEvaluator::new(counting(&asked), Some(self.cache.path()), &root, program);
        let workspace = read_workspace(&root, &Unwatched, &mut cached).unwrap();
        cached.save();
        let anew = read_workspace(&root, &Unwatched, &mut counting(&Rc::default())).unwrap();
        assert_eq!(workspace, anew);
        asked.take()
    }

    fn start(&self) -> Vec<String> {
        self.start_with(&std::env::current_exe().unwrap())
    }
}

const FILES: &[(&str, &str)] = &[
    ("MODULE.bazel", "module(name = 'w')"),
    ("tools/BUILD", "exports_files(['x.txt'])"),
    ("tools/outer.bzl", "load(':inner.bzl', 'SUFFIX')\ndef lib(name):\n    native.py_library(name = name + SUFFIX)\n"),
    ("tools/inner.bzl", "SUFFIX = '_lib'"),
    ("a/BUILD", "load('//tools:outer.bzl', 'lib')\nlib(name = 'a')"),
    ("b/BUILD", "py_library(name = 'b', srcs = glob(['**/*.py']))"),
    ("b/deep/x.py", ""),
    ("c/BUILD", "py_library(name = 'c')"),
];

#[test]
fn a_second_start_evaluates_nothing() {
    let place = Place::new(FILES);
    assert_eq!(place.start(), ["MODULE.bazel", "a/BUILD", "b/BUILD", "c/BUILD", "tools/BUILD"]);
    assert!(place.start().is_empty());
    assert!(place.start().is_empty());
}

#[test]
fn an_edit_of_the_same_length_in_the_same_moment_is_seen() {
    let place = Place::new(FILES);
    place.start();
    for name in ["d", "e", "f", "g"] {
        place.write("c/BUILD", &format!("py_library(name = '{name}')"));
        assert_eq!(place.start(), ["c/BUILD"]);
    }
}

#[test]
fn what_depends_on_a_file_is_evaluated_again_and_nothing_else() {
    let place = Place::new(FILES);
    place.start();
    place.write("tools/inner.bzl", "SUFFIX = '_library'");
    assert_eq!(place.start(), ["a/BUILD"], "through another file");
    place.write("c/new.py", "");
    assert!(place.start().is_empty(), "nobody asked for the files of c");
    place.write("b/deep/y.py", "");
    assert_eq!(place.start(), ["b/BUILD"]);
    place.write("b/deep/x.py", "changed");
    assert!(place.start().is_empty(), "glob looks at names alone");
    place.write("b/deep/BUILD", "");
    assert_eq!(place.start(), ["b/BUILD", "b/deep/BUILD"], "the package ends where another one begins");
    place.remove("b/deep/BUILD");
    assert_eq!(place.start(), ["b/BUILD"]);
    place.write("MODULE.bazel", "module(name = 'other')");
    assert_eq!(place.start().len(), 5, "loads depend on how the workspace calls itself");
}

#[test]
fn what_the_text_alone_tells_depends_on_what_it_was_read_from() {
    let place = Place::new(&[
        ("MODULE.bazel", ""),
        (
            "a/BUILD",
            "load('//t:c.bzl', 'DEPS')\npy_library(name = 'a', deps = DEPS, srcs = glob(['*.py']))\nfail('no')",
        ),
        ("t/BUILD", ""),
        ("t/c.bzl", "DEPS = ['//b']"),
    ]);
    place.start();
    assert!(place.start().is_empty());
    place.write("t/c.bzl", "DEPS = ['//c']");
    assert_eq!(place.start(), ["a/BUILD"]);
    place.write("a/x.py", "");
    assert_eq!(place.start(), ["a/BUILD"]);
}

#[test]
fn a_missing_file_that_appears_is_seen() {
    let place =
        Place::new(&[("MODULE.bazel", ""), ("a/BUILD", "load('//t:x.bzl', 'x')\nx(name = 'x')"), ("t/BUILD", "")]);
    place.start();
    assert!(place.start().is_empty(), "a failure is a result too");
    place.write("t/x.bzl", "def x(name):\n    native.py_library(name = name)\n");
    assert_eq!(place.start(), ["a/BUILD"]);
    place.remove("t/x.bzl");
    assert_eq!(place.start(), ["a/BUILD"]);
}

#[test]
fn a_circle_of_loads_depends_on_each_file_in_it() {
    let load = |other: &str| format!("load(':{other}.bzl', '{other}')\n{other}_too = 1\n");
    let place = Place::new(&[
        ("MODULE.bazel", ""),
        ("p/BUILD", "load(':b.bzl', 'b')"),
        ("q/BUILD", "load('//p:c.bzl', 'c')"),
        ("p/a.bzl", &load("b")),
        ("p/b.bzl", &load("c")),
        ("p/c.bzl", &load("a")),
    ]);
    place.start();
    assert!(place.start().is_empty());
    place.write("p/b.bzl", "b = 1");
    assert_eq!(place.start(), ["p/BUILD", "q/BUILD"]);
}

#[test]
fn hubs_count_where_they_are_asked_for() {
    let place = Place::new(&[
        (
            "MODULE.bazel",
            "pip = use_extension('@rules_python//python/extensions:pip.bzl', 'pip')\npip.parse(hub_name = 'pip', requirements_lock = '//:r.txt')",
        ),
        ("r.txt", "idna==3.10\n"),
        (
            "a/BUILD",
            "load('@pip//:requirements.bzl', 'all_requirements')\npy_library(name = 'a', deps = all_requirements)",
        ),
        ("b/BUILD", "py_library(name = 'b')"),
    ]);
    place.start();
    assert!(place.start().is_empty());
    place.write("r.txt", "idna==3.10\nrich==14.0\n");
    assert_eq!(place.start(), ["a/BUILD"]);
}

#[test]
fn what_was_stopped_is_tried_again() {
    let place = Place::new(&[("MODULE.bazel", ""), ("slow/BUILD", "")]);
    let root = place.root();
    let start = || {
        let inner = InProcessEvaluator::new(Rc::new(DiskTree::new(&root))).unwrap();
        let asked = Rc::default();
        let counting = Counting { inner, asked: Rc::clone(&asked) };
        let program = std::env::current_exe().unwrap();
        let mut cached = CachedEvaluator::new(counting, Some(place.cache.path()), &root, &program);
        read_workspace(&root, &Unwatched, &mut cached).unwrap();
        cached.save();
        asked.take()
    };
    assert_eq!(start(), ["MODULE.bazel", "slow/BUILD"]);
    assert_eq!(start(), ["slow/BUILD"]);
}

#[test]
fn another_build_of_the_program_evaluates_for_itself() {
    let place = Place::new(FILES);
    let program = place.cache.path().join("program");
    std::fs::write(&program, "one").unwrap();
    place.start_with(&program);
    assert!(place.start_with(&program).is_empty());
    std::fs::write(&program, "another").unwrap();
    assert_eq!(place.start_with(&program).len(), 5);
}

#[test]
fn two_starts_at_once_do_not_disturb_each_other() {
    let place = Place::new(FILES);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| place.start());
        }
    });
    assert!(place.start().is_empty());
}

#[test]
fn a_package_that_is_gone_is_not_kept() {
    let place = Place::new(FILES);
    place.start();
    place.remove("c/BUILD");
    assert!(place.start().is_empty());
    place.write("c/BUILD", "py_library(name = 'c')");
    assert_eq!(place.start(), ["c/BUILD"]);
}
