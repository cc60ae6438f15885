//! BUILD files, libraries, locks and links that are traps: each is a finding with its file and reason, and nothing hangs or dies.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::program::layerwright;

const LARGE: u64 = 100 * 1024 * 1024;

/// One trap: its BUILD file, what it loads, and the codes of which one must be said of it.
struct Trap {
    package: &'static str,
    build: String,
    library: &'static str,
    codes: &'static [&'static str],
}

fn trap(package: &'static str, build: impl Into<String>, codes: &'static [&'static str]) -> Trap {
    Trap { package, build: build.into(), library: "", codes }
}

/// A trap inside a macro.
fn macro_trap(package: &'static str, body: &'static str, codes: &'static [&'static str]) -> Trap {
    Trap { package, build: "load(':m.bzl', 'm')\nm()\n".to_owned(), library: body, codes }
}

fn traps(with_slow: bool) -> Vec<Trap> {
    let stopped: &[&str] = &["not_evaluated", "worker_stopped"];
    let mut traps = vec![
        trap("loop", "x = [[a for a in range(10000000)] for b in range(10000000)]", stopped),
        trap("nesting", "[".repeat(300_000), &["too_deep"]),
        trap("nesting_closed", format!("x = {}{}", "(".repeat(300_000), ")".repeat(300_000)), &["too_deep"]),
        trap("signs", format!("x = {}1", "-".repeat(300_000)), &["too_deep"]),
        trap("sum", format!("x = {}1", "1 + ".repeat(300_000)), &["too_deep"]),
        trap("repetition", "x = 'x' * 4000000000", &["not_evaluated"]),
        trap("shift", "x = 1 << 2000000000", &["not_evaluated"]),
        trap("garbage", "\u{0}\u{1}\u{2} \u{fffd} %%% ??? $", &["syntax_error"]),
        trap("message", "fail('x' * 10000000)", &["not_evaluated"]),
        trap("missing", "load('//no/such:file.bzl', 'x')", &["not_loadable"]),
        macro_trap(
            "endless",
            "def m():\n    for a in range(2000000000):\n        for b in range(2000000000):\n            pass\n",
            stopped,
        ),
        macro_trap("list", "def m():\n    x = [1]\n    for i in range(100):\n        x = x + x\n", stopped),
        macro_trap("text", "def m():\n    x = 'x'\n    for i in range(100):\n        x = x + x\n", stopped),
        macro_trap(
            "dict",
            "def m():\n    x = {}\n    for i in range(100000000):\n        x[str(i)] = [i] * 100\n",
            stopped,
        ),
        macro_trap("squares", "def m():\n    x = 3\n    for i in range(60):\n        x = x*x\n", &["not_evaluated"]),
        macro_trap("recursion", "def m():\n    m()\n", &["not_evaluated"]),
        macro_trap("self", "load(':m.bzl', 'n')\ndef m():\n    pass\n", &["load_cycle"]),
    ];
    if with_slow {
        traps.extend([
            macro_trap(
                "targets",
                "def m():\n    for i in range(100000000):\n        native.filegroup(name = str(i))\n",
                stopped,
            ),
            macro_trap(
                "format",
                "def m():\n    x = 'ab'\n    for i in range(100):\n        x = '{}{}{}{}'.format(x, x, x, x)\n",
                stopped,
            ),
            macro_trap(
                "join",
                "def m():\n    x = 'ab'\n    for i in range(100):\n        x = x.join([x] * 100)\n",
                stopped,
            ),
            macro_trap(
                "replace",
                "def m():\n    x = 'aa'\n    for i in range(100):\n        x = x.replace('a', 'aaaaaaaa')\n",
                stopped,
            ),
        ]);
    }
    traps
}

/// The traps that are no BUILD file: file, and code.
const OTHERS: &[(&str, &str)] = &[
    ("huge/BUILD", "unreadable"),
    ("huge_library/BUILD", "not_loadable"),
    ("circle/BUILD", "load_cycle"),
    ("chain/BUILD", "too_deep"),
    ("links/up", "link_not_followed"),
    ("links/out", "link_not_followed"),
    ("new\\nline", "bad_name"),
    ("caf\u{fffd}", "bad_name"),
    ("nested", "nested_workspace"),
    ("big.MODULE.bazel", "unreadable"),
    ("MODULE.bazel", "lock_not_read"),
    ("deep.lock.toml", "lock_not_read"),
    ("Pipfile.lock", "lock_not_read"),
];

fn write(root: &Path, path: impl AsRef<Path>, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A file of 100 MB: real bytes, or only a length.
fn large(root: &Path, path: &str, is_dense: bool) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file = File::create(path).unwrap();
    if !is_dense {
        return file.set_len(LARGE).unwrap();
    }
    let line = "py_library(name = 'x', srcs = ['y.py'])\n".repeat(1000);
    for _ in 0..LARGE / line.len() as u64 + 1 {
        file.write_all(line.as_bytes()).unwrap();
    }
}

fn make(root: &Path, is_dense: bool) {
    let module = r#"
module(name = "hostile")
include("//:big.MODULE.bazel")
lock_import = use_extension("@rules_pycross//pycross/extensions:lock_import.bzl", "lock_import")
lock_import.import_uv(lock_file = "//:uv.lock", project_file = "//:pyproject.toml", repo = "huge")
lock_import.import_uv(lock_file = "//:deep.lock.toml", project_file = "//:pyproject.toml", repo = "deep")
pip = use_extension("@rules_python//python/extensions:pip.bzl", "pip")
pip.parse(hub_name = "json", requirements_lock = "//:Pipfile.lock")
pip.parse(hub_name = "text", requirements_lock = "//:requirements.txt")
"#;
    write(root, "MODULE.bazel", module);
    large(root, "big.MODULE.bazel", is_dense);
    large(root, "uv.lock", is_dense);
    large(root, "pyproject.toml", is_dense);
    write(root, "deep.lock.toml", &format!("version = 1\nx = {}", "[".repeat(300_000)));
    write(root, "Pipfile.lock", &format!("{{\"_meta\": {}", "[".repeat(300_000)));
    let marker = format!("a==1 ; {}python_version > '3'{}\n", "(".repeat(100_000), ")".repeat(100_000));
    write(
        root,
        "requirements.txt",
        &format!("{marker}{}==1\nb[{}]==2\n", "x".repeat(1_000_000), ",".repeat(1_000_000)),
    );
    for name in [".bazelignore", ".python-version"] {
        assert!(Command::new("mkfifo").arg(root.join(name)).status().unwrap().success());
    }
    for Trap { package, build, library, .. } in traps(is_dense) {
        write(root, format!("{package}/BUILD"), &build);
        if !library.is_empty() {
            write(root, format!("{package}/m.bzl"), library);
        }
    }
    large(root, "huge/BUILD", is_dense);
    write(root, "huge_library/BUILD", "load(':m.bzl', 'm')");
    large(root, "huge_library/m.bzl", is_dense);
    write(root, "circle/BUILD", "load(':a.bzl', 'a')");
    for (file, loads) in [("a", "b"), ("b", "c"), ("c", "a")] {
        write(root, format!("circle/{file}.bzl"), &format!("load(':{loads}.bzl', '{loads}')"));
    }
    write(root, "chain/BUILD", "load(':0.bzl', 'x')");
    for index in 0..200 {
        write(root, format!("chain/{index}.bzl"), &format!("load(':{}.bzl', 'x')\ny = x\n", index + 1));
    }
    write(root, "links/BUILD", "");
    symlink("..", root.join("links/up")).unwrap();
    symlink("/", root.join("links/out")).unwrap();
    symlink("around", root.join("links/around")).unwrap();
    symlink("nowhere", root.join("links/dangling")).unwrap();
    write(root, "new\nline/BUILD", "");
    // Some file systems refuse such a name; then there is nothing to fall into.
    let latin = root.join(OsStr::from_bytes(b"caf\xe9"));
    fs::create_dir_all(&latin).unwrap();
    fs::write(latin.join("BUILD"), "").unwrap();
    write(root, "nested/MODULE.bazel", "");
    write(root, "folder/BUILD/is/a/folder", "");
    let deep: PathBuf = std::iter::repeat_n("d", 300).collect();
    write(root, deep.join("BUILD"), "");
    // What is fine stays fine, whatever stands beside it.
    let app = "def release_app(name, binary_name = None, dep_layers = None):\n    pass\n";
    write(root, "fine/app.bzl", app);
    write(
        root,
        "fine/BUILD",
        "load(':app.bzl', 'release_app')\nrelease_app(name = 'app', binary_name = 'b')\npy_library(name = 'a', srcs = glob(['**/*.py']))\npy_binary(name = 'b', srcs = ['b.py'], deps = [':a'])\n",
    );
    write(root, "fine/a.py", "");
    write(root, "fine/new\nline.py", "");
    write(root, "fine/b.py", "");
}

fn run(root: &Path, home: &Path, arguments: &[&str]) -> Value {
    let output = layerwright(home).args(arguments).args(["--format", "json"]).current_dir(root).output().unwrap();
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn every_trap_is_a_finding_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("LAYERWRIGHT_HOSTILE").map(PathBuf::from);
    let root = kept.clone().unwrap_or_else(|| folder.path().join("w"));
    fs::create_dir_all(&root).unwrap();
    make(&root, kept.is_some());
    let home = folder.path().join("home");
    let begun = Instant::now();
    let document = run(&root, &home, &["apps"]);
    // The limits together: seconds for a file, and less than a minute for all that do not answer.
    assert!(begun.elapsed() < Duration::from_secs(120), "{:?}", begun.elapsed());
    let findings: Vec<(String, String)> = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (finding["path"].as_str().unwrap().to_owned(), finding["code"].as_str().unwrap().to_owned()))
        .collect();
    let said =
        |path: &str, codes: &[&str]| findings.iter().any(|(at, code)| at == path && codes.contains(&code.as_str()));
    let mut unsaid: Vec<String> = Vec::new();
    for Trap { package, codes, .. } in traps(kept.is_some()) {
        let path = format!("{package}/BUILD");
        if !said(&path, codes) {
            unsaid.push(path);
        }
    }
    unsaid.extend(OTHERS.iter().filter(|(path, code)| !said(path, &[code])).map(|(path, _)| (*path).to_owned()));
    let is_deep = |(path, code): &(String, String)| path.starts_with("d/d/d/") && code == "too_deep";
    assert!(findings.iter().any(is_deep));
    assert!(unsaid.is_empty(), "{unsaid:#?}\n{findings:#?}");
    for finding in document["findings"].as_array().unwrap() {
        let message = finding["message"].as_str().unwrap();
        assert!(!message.contains('\n') && message.len() < 1_000, "{message}");
    }
    assert!(!findings.iter().any(|(path, _)| path == "fine/BUILD"));
    let app = &document["apps"][0];
    assert_eq!((app["label"].as_str(), app["binary"].as_str()), (Some("//fine:app"), Some("//fine:b")));
}
