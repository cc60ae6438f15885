//! What the commands say of the demo workspace, whole and byte for byte: a change of reading, resolving, partition or sizes
//! that nobody meant shows here first.
//!
//! `LAYERWRIGHT_RENEW=1 cargo test --test demo_golden` writes the documents anew; the difference is then reviewed like code.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};

use tempfile::TempDir;

mod program;

use program::{copy_demo, layerwright};

const APPS: [&str; 3] =
    ["//demo/hello_fastapi:hello-fastapi", "//demo/price_api:price-api", "//demo/sales_report:sales-report"];

/// What the real binary prints for a copy of the demo that lies outside of any repository, so that no history has a say.
fn printed(arguments: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("workspace");
    copy_demo(&root);
    let output =
        layerwright(folder.path()).args(arguments).args(["--format", "json"]).current_dir(&root).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn check(name: &str, arguments: &[&str]) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/demo_golden").join(format!("{name}.json"));
    let now = printed(arguments);
    if std::env::var_os("LAYERWRIGHT_RENEW").is_some() {
        std::fs::write(&path, &now).unwrap();
        return;
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let first = wanted.lines().zip(now.lines()).enumerate().find(|(_, (wanted, now))| wanted != now);
    if let Some((index, (wanted, now))) = first {
        panic!("{name}.json differs first in line {}:\n  was {wanted}\n  is  {now}", index + 1);
    }
    assert_eq!(wanted.lines().count(), now.lines().count(), "{name}.json has another length");
}

fn short_name(label: &str) -> &str {
    label.rsplit(':').next().unwrap()
}

#[test]
fn the_demos_apps_are_as_recorded() {
    check("apps", &["apps"]);
}

#[test]
fn the_demos_graphs_are_as_recorded() {
    for app in APPS {
        check(&format!("graph_{}", short_name(app)), &["graph", "--app", app]);
    }
}

#[test]
fn the_demos_plans_are_as_recorded() {
    for app in APPS {
        check(&format!("plan_{}", short_name(app)), &["plan", "--app", app]);
    }
}
