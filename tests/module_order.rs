//! Holds the order of the modules: each uses only what stands before it, and only the window names egui.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Left to right, as the data flows. A module may use those before it and itself.
const ORDER: [&str; 16] = [
    "build_file",
    "byte_count",
    "label",
    "whole_file",
    "workspace",
    "graph",
    "layers",
    "size",
    "history",
    "advice",
    "rewrite",
    "jobs",
    "picture",
    "app",
    "commands",
    "ui",
];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The top-level module that a file belongs to; `None` for `lib.rs` and `main.rs`.
fn module_of(source: &Path, file: &Path) -> Option<String> {
    let first = file.strip_prefix(source).unwrap().components().next().unwrap();
    let name = first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
    (!matches!(name.as_str(), "lib" | "main")).then_some(name)
}

/// Every module that a text names as `crate::module`.
fn uses(text: &str) -> Vec<String> {
    let identifier =
        |rest: &str| rest.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect();
    text.split("crate::").skip(1).map(identifier).collect()
}

#[test]
fn every_module_uses_only_what_stands_before_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let position: BTreeMap<&str, usize> = ORDER.iter().enumerate().map(|(index, name)| (*name, index)).collect();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for file in rust_files(&source) {
        let Some(module) = module_of(&source, &file) else { continue };
        let own = *position.get(module.as_str()).unwrap_or_else(|| panic!("{module} has no place in the order"));
        let text = std::fs::read_to_string(&file).unwrap();
        for used in uses(&text).iter().filter(|used| position.contains_key(used.as_str())) {
            seen += 1;
            if position[used.as_str()] > own {
                wrong.push(format!("{} uses {used}", file.display()));
            }
        }
    }
    assert!(seen > 50, "the test must see the code: {seen} uses");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_window_names_egui() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in rust_files(&source) {
        let is_window = module_of(&source, &file).is_none_or(|module| module == "ui");
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let names_egui =
            code.clone().any(|line| line.contains("egui::") || line.contains("use egui") || line.contains("eframe"));
        assert!(is_window || !names_egui, "{} names egui", file.display());
    }
}

#[test]
fn the_tree_of_a_build_file_stands_alone() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/build_file");
    for file in rust_files(&folder) {
        let text = std::fs::read_to_string(&file).unwrap();
        let foreign = uses(&text).into_iter().find(|used| used != "build_file" && ORDER.contains(&used.as_str()));
        assert_eq!(foreign, None, "{}", file.display());
    }
}

/// The first name of a path, where a text starts one: `use name`, `name::`, `#[derive(name::...)]`, `extern crate name`.
fn roots(code: &str) -> Vec<String> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut roots: Vec<String> = Vec::new();
    for line in code.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
        for (at, _) in line.match_indices("::") {
            let before = &line[..at];
            let word: String = before.chars().rev().take_while(|character| is_word(*character)).collect();
            let inside = before.trim_end_matches(is_word).ends_with("::");
            if !inside {
                roots.push(word.chars().rev().collect());
            }
        }
        for start in ["use ", "extern crate "] {
            let rest = line.trim_start_matches("pub ").strip_prefix(start).unwrap_or_default();
            roots.push(rest.chars().take_while(|character| is_word(*character)).collect::<String>());
        }
    }
    roots.retain(|root| !root.is_empty());
    roots
}

#[test]
fn the_tree_of_a_build_file_needs_no_other_crate() {
    let manifest = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let is_table = |line: &&str| line.starts_with('[');
    let dependencies = |line: &&str| line.contains("dependencies]");
    let mut crates: Vec<String> = Vec::new();
    let mut is_inside = false;
    for line in manifest.lines() {
        if is_table(&line) {
            is_inside = dependencies(&line);
        } else if is_inside && let Some((name, _)) = line.split_once([' ', '.', '=']) {
            crates.push(name.replace('-', "_"));
        }
    }
    assert!(crates.iter().any(|name| name == "thiserror"), "the test must see the dependencies: {crates:?}");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/build_file");
    let is_test = |file: &Path| file.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests"));
    for file in rust_files(&folder).into_iter().filter(|file| !is_test(file)) {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let foreign: Vec<String> = roots(code).into_iter().filter(|root| crates.contains(root)).collect();
        assert_eq!(foreign, Vec::<String>::new(), "{}", file.display());
    }
    assert_eq!(roots("#[derive(thiserror::Error)]\nuse serde;\nstd::fmt::Write"), ["thiserror", "serde", "std"]);
}
