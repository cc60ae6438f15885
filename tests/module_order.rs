//! Holds the order of the modules: each uses only what stands before it, no two files use each other, and only the window
//! names egui.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Left to right, as the data flows. A module uses itself and what stands before it.
const ORDER: [&str; 22] = [
    "byte_count",
    "counted",
    "hex",
    "jobs",
    "path_text",
    "label",
    "whole_file",
    "build_file",
    "workspace",
    "graph",
    "layers",
    "rewrite",
    "rule_sets",
    "size",
    "built_image",
    "history",
    "advice",
    "picture",
    "engine",
    "app",
    "commands",
    "ui",
];

/// Modules side by side: neither uses the other.
const STRANGERS: [(&str, &str); 1] = [("app", "commands")];

/// Files that may use each other, each list one circle.
const CIRCLES: &[&[&str]] = &[
    // The values of the Starlark interpreter hold each other.
    &[
        "workspace/evaluate/convert.rs",
        "workspace/evaluate/instantiate.rs",
        "workspace/evaluate/recorder.rs",
        "workspace/evaluate/values/opaque.rs",
        "workspace/evaluate/values/recorder_handle.rs",
        "workspace/evaluate/values/selection.rs",
    ],
];

/// A path of modules from the root of the crate.
type Module = Vec<String>;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

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

/// The module that a file is; empty for `lib.rs` and `main.rs`.
fn module_of(file: &Path) -> Module {
    let path = file.strip_prefix(source()).unwrap().with_extension("");
    let mut module: Module = path.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    if matches!(module.last().unwrap().as_str(), "mod" | "lib" | "main") {
        module.pop();
    }
    module
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The text without comments, and without the tests at its end.
fn code(text: &str) -> String {
    let mut code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let begins_tests = |at: &usize| {
        code[*at] == "#[cfg(test)]"
            && code[*at..].iter().find(|line| !line.starts_with("#[")).is_some_and(|line| line.ends_with('{'))
    };
    if let Some(end) = (0..code.len()).find(begins_tests) {
        code.truncate(end);
    }
    code.join("\n")
}

/// The paths that stand in `code` after `prefix::`, those of a group one by one.
fn paths_after(code: &str, prefix: &str) -> Vec<Module> {
    let mut paths = Vec::new();
    for (at, _) in code.match_indices(&format!("{prefix}::")) {
        let is_inside = code[..at].ends_with(|character| is_word(character) || character == ':');
        if !is_inside {
            read_path(&code[at + prefix.len() + 2..], &mut Vec::new(), &mut paths);
        }
    }
    paths
}

/// Reads `a::b::{c, d::e}` into `a::b::c` and `a::b::d::e`; returns what stands behind it.
fn read_path<'a>(text: &'a str, before: &mut Module, paths: &mut Vec<Module>) -> &'a str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        loop {
            rest = read_path(rest, &mut before.clone(), paths).trim_start();
            match rest.strip_prefix(',') {
                Some(more) if !more.trim_start().starts_with('}') => rest = more,
                _ => break,
            }
        }
        return rest.find('}').map_or("", |end| &rest[end + 1..]);
    }
    let word: String = text.chars().take_while(|character| is_word(*character)).collect();
    let rest = &text[word.len()..];
    before.push(word);
    if let Some(rest) = rest.strip_prefix("::") {
        return read_path(rest, before, paths);
    }
    paths.push(before.clone());
    let rest = rest.trim_start();
    rest.strip_prefix("as ").map_or(rest, |renamed| renamed.trim_start().trim_start_matches(is_word))
}

/// The files of the program, by module, and which modules are tests.
struct Files {
    by_module: BTreeMap<Module, PathBuf>,
    tests: BTreeSet<Module>,
}

impl Files {
    fn read() -> Self {
        let by_module: BTreeMap<Module, PathBuf> =
            rust_files(&source()).into_iter().map(|file| (module_of(&file), file)).collect();
        let mut tests = BTreeSet::new();
        for (module, file) in &by_module {
            let text = std::fs::read_to_string(file).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            for (at, line) in lines.iter().enumerate() {
                let declared = line.trim_start_matches("pub").trim_start_matches("(crate)").trim_start();
                let Some(name) = declared.strip_prefix("mod ").and_then(|name| name.strip_suffix(';')) else {
                    continue;
                };
                let attributes = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
                let attributes: Vec<&str> = attributes.copied().collect();
                if attributes.contains(&"#[cfg(test)]") {
                    let path = attributes.iter().find_map(|line| line.strip_prefix("#[path = \""));
                    let path = path.and_then(|path| path.strip_suffix(".rs\"]"));
                    let is_mod = file.ends_with("mod.rs") || module.is_empty();
                    let mut test = module.clone();
                    if path.is_some() && !is_mod {
                        test.pop();
                    }
                    test.push(path.unwrap_or(name).to_owned());
                    tests.insert(test);
                }
            }
        }
        Self { by_module, tests }
    }

    fn is_test(&self, module: &Module) -> bool {
        (1..=module.len()).any(|length| self.tests.contains(&module[..length]))
    }

    /// The innermost module that a path from the root leads to.
    fn target(&self, path: &[String]) -> Option<&Module> {
        (1..=path.len()).rev().find_map(|length| self.by_module.get_key_value(&path[..length])).map(|(key, _)| key)
    }

    /// The modules that `code` in `module` names, itself apart.
    fn uses(&self, module: &Module, code: &str) -> BTreeSet<&Module> {
        let mut found = BTreeSet::new();
        let mut paths = paths_after(code, "crate");
        for (levels, prefix) in [(1, "super"), (2, "super::super"), (3, "super::super::super")] {
            let Some(base) = module.len().checked_sub(levels).map(|end| &module[..end]) else { continue };
            for path in
                paths_after(code, prefix).into_iter().filter(|path| path.first().is_none_or(|name| name != "super"))
            {
                paths.push(base.iter().cloned().chain(path).collect());
            }
        }
        let children =
            self.by_module.keys().filter(|other| other.len() == module.len() + 1 && other.starts_with(module));
        for name in children.filter_map(|child| child.last()) {
            if !paths_after(code, name).is_empty() {
                paths.push(module.iter().cloned().chain([name.clone()]).collect());
            }
        }
        found.extend(paths.iter().filter_map(|path| self.target(path)).filter(|target| *target != module));
        found
    }
}

fn name(module: &Module) -> &str {
    module.first().map_or("", String::as_str)
}

#[test]
fn every_module_uses_only_what_stands_before_it() {
    let files = Files::read();
    let place = |name: &str| ORDER.iter().position(|module| *module == name);
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for (module, file) in
        files.by_module.iter().filter(|(module, _)| !module.is_empty() && name(module) != "test_window")
    {
        let own = place(name(module)).unwrap_or_else(|| panic!("{} has no place in the order", file.display()));
        // Tests keep the order too.
        let text = std::fs::read_to_string(file).unwrap();
        for used in files.uses(module, &text) {
            seen += 1;
            let pair = (name(module), name(used));
            let are_strangers = STRANGERS.iter().any(|&(left, right)| pair == (left, right) || pair == (right, left));
            if place(name(used)).is_some_and(|used| used > own) || are_strangers && !files.is_test(module) {
                wrong.push(format!("{} uses {}", file.display(), used.join("::")));
            }
        }
    }
    assert!(seen > 1_000, "the test must see the code: {seen} uses");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The sets of files that reach each other, each sorted.
fn circles(uses: &BTreeMap<&Module, BTreeSet<&Module>>) -> Vec<BTreeSet<Module>> {
    let reach = |from: &Module| {
        let (mut reached, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(module) = open.pop() {
            for used in uses.get(&module).into_iter().flatten() {
                if reached.insert((*used).clone()) {
                    open.push((*used).clone());
                }
            }
        }
        reached
    };
    let reached: BTreeMap<&Module, BTreeSet<Module>> = uses.keys().map(|module| (*module, reach(module))).collect();
    let mut circles: Vec<BTreeSet<Module>> = Vec::new();
    for (module, reaches) in &reached {
        let circle: BTreeSet<Module> = reaches
            .iter()
            .filter(|other| reached.get(other).is_some_and(|back| back.contains(*module)))
            .cloned()
            .collect();
        if circle.len() > 1 && !circles.contains(&circle) {
            circles.push(circle);
        }
    }
    circles
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let files = Files::read();
    let program = files.by_module.iter().filter(|(module, _)| !module.is_empty() && !files.is_test(module));
    let texts: Vec<(&Module, String)> =
        program.map(|(module, file)| (module, code(&std::fs::read_to_string(file).unwrap()))).collect();
    let uses = texts.iter().map(|(module, code)| (*module, files.uses(module, code))).collect();
    let shown = |module: &Module| files.by_module[module].strip_prefix(source()).unwrap().to_str().unwrap().to_owned();
    let found: Vec<BTreeSet<String>> = circles(&uses).iter().map(|circle| circle.iter().map(shown).collect()).collect();
    let known = |circle: &BTreeSet<String>| {
        CIRCLES.iter().any(|known| circle.iter().all(|file| known.contains(&file.as_str())))
    };
    let new: Vec<_> = found.iter().filter(|circle| !known(circle)).collect();
    assert!(new.is_empty(), "{new:#?}");
    for circle in CIRCLES {
        let is_there = |file: &str| found.iter().any(|found| found.contains(file));
        let gone: Vec<&&str> = circle.iter().filter(|file| !is_there(file)).collect();
        assert!(gone.is_empty(), "these are in no circle any more, so the list can lose them: {gone:?}");
    }
}

#[test]
fn paths_are_read_as_rust_means_them() {
    let text = "use crate::a::{self, b::{C, d}, e as f};\nfn g() { other_crate::x(); crate::h::i() }";
    let found: Vec<String> = paths_after(text, "crate").iter().map(|path| path.join("::")).collect();
    assert_eq!(found, ["a::self", "a::b::C", "a::b::d", "a::e", "h::i"]);
}

#[test]
fn only_the_window_names_egui() {
    for file in rust_files(&source()) {
        let module = module_of(&file);
        let is_window = module.is_empty() || name(&module) == "ui";
        let text = std::fs::read_to_string(&file).unwrap();
        let mut code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let names_egui =
            code.any(|line| line.contains("egui::") || line.contains("use egui") || line.contains("eframe"));
        assert!(is_window || !names_egui, "{} names egui", file.display());
    }
}

#[test]
fn the_tree_of_a_build_file_stands_alone() {
    let files = Files::read();
    for (module, file) in files.by_module.iter().filter(|(module, _)| name(module) == "build_file") {
        let text = std::fs::read_to_string(file).unwrap();
        let foreign = files.uses(module, &text).into_iter().find(|used| name(used) != "build_file");
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
