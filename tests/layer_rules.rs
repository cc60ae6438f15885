//! The Starlark layer rules: the copy in the demo workspace is the one that is shipped, and a real Bazel confirms what
//! their README promises, where one is named.

use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn the_demo_uses_the_rules_that_are_shipped() {
    for name in ["BUILD.bazel", "container_image.bzl", "layer_tar.py", "py_layers.bzl", "release.bzl"] {
        let shipped = std::fs::read(Path::new(ROOT).join("assets/bazel").join(name)).unwrap();
        let copied = std::fs::read(Path::new(ROOT).join("assets/demo/tools/bazel").join(name)).unwrap();
        assert!(
            shipped == copied,
            "assets/demo/tools/bazel/{name} differs from assets/bazel/{name}: copy the latter over it"
        );
    }
}

/// Takes a minute or more and needs Bazel 7, so it runs only where `LAYERWRIGHT_BAZEL` names one.
#[test]
fn a_real_bazel_confirms_the_rules() {
    if std::env::var_os("LAYERWRIGHT_BAZEL").is_none() {
        return;
    }
    let output = Command::new("sh").arg(Path::new(ROOT).join("tests/layer_rules.sh")).output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
