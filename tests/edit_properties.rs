//! Properties of every edit: what is there is not written again, what is wanted is there afterwards, and nobody's words get lost.
//!
//! The BUILD files are made up of every layout that people write: on one line, over lines, with and without trailing commas, comments at every place,
//! tabs, CRLF.

#![allow(clippy::unwrap_used, reason = "a test that can't read its own files has failed")]

mod edit_support;

use std::collections::BTreeMap;
use std::path::Path;

use edit_support::{Files, changed, read_files};
use layerwright::build_file::fold::{self, FoldedValue};
use layerwright::build_file::{Dialect, parse};
use layerwright::rewrite::confirmed_drops::ConfirmedDrops;
use layerwright::rewrite::dependency::Dependency;
use layerwright::rewrite::plan_edits;
use layerwright::rewrite::refusal::RefusalCode;
use layerwright::rewrite::request::{Edit, EditRequest, RewireDeps};
use layerwright::rule_sets::dep_layers::set_dep_layers::{SetDepLayers, WantedLayer};
use proptest::prelude::*;
use proptest::sample::subsequence;

const FILE: &str = "demo/app/BUILD.bazel";

fn workspace(build: &str) -> Files {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/edit_cases/_shared");
    let mut files = BTreeMap::new();
    read_files(&shared, &shared, &mut files);
    files.insert(FILE.to_owned(), build.as_bytes().to_vec());
    Files { files, ..Files::default() }
}

/// How one list is written.
#[derive(Clone, Debug)]
struct Shape {
    over_lines: bool,
    trailing_comma: bool,
    comment_at_open: bool,
    comment_above: Vec<bool>,
    comment_behind: Vec<bool>,
    comment_at_close: bool,
    blank_line: bool,
}

fn shape() -> impl Strategy<Value = Shape> {
    let flags = || proptest::collection::vec(prop::bool::weighted(0.3), 4);
    (
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.3),
        flags(),
        flags(),
        prop::bool::weighted(0.3),
        any::<bool>(),
    )
        .prop_map(
            |(
                over_lines,
                trailing_comma,
                comment_at_open,
                comment_above,
                comment_behind,
                comment_at_close,
                blank_line,
            )| Shape {
                over_lines,
                trailing_comma,
                comment_at_open,
                comment_above,
                comment_behind,
                comment_at_close,
                blank_line,
            },
        )
}

/// Writes a list; each comment gets a number of its own.
fn write_list(items: &[String], shape: &Shape, indentation: &str, unit: &str, comments: &mut usize) -> String {
    let mut comment = |wanted: bool| {
        *comments += 1;
        if wanted { Some(format!("# comment {comments}")) } else { None }
    };
    if !shape.over_lines {
        let end = if shape.trailing_comma && !items.is_empty() { "," } else { "" };
        return format!("[{}{end}]", items.join(", "));
    }
    let inner = format!("{indentation}{unit}");
    let mut text = String::from("[");
    text.extend(comment(shape.comment_at_open).map(|comment| format!(" {comment}")));
    text.push('\n');
    for (index, item) in items.iter().enumerate() {
        let flag = |flags: &[bool]| flags.get(index).copied().unwrap_or_default();
        if index == 1 && shape.blank_line {
            text.push('\n');
        }
        text.extend(comment(flag(&shape.comment_above)).map(|comment| format!("{inner}{comment}\n")));
        text.push_str(&format!("{inner}{item}"));
        if index + 1 < items.len() || shape.trailing_comma {
            text.push(',');
        }
        text.extend(comment(flag(&shape.comment_behind)).map(|comment| format!("  {comment}")));
        text.push('\n');
    }
    text.extend(comment(shape.comment_at_close).map(|comment| format!("{inner}{comment}\n")));
    text + indentation + "]"
}

type Layers = Vec<(String, Vec<String>)>;

fn layers() -> impl Strategy<Value = Layers> {
    let names = vec!["pip", "models", "internal", "base"];
    let targets = vec![":a", ":b", ":c", "//libs/base", "@pypi//:x"];
    let one_of = move || subsequence(targets.clone(), 0..=4).prop_shuffle();
    subsequence(names, 0..=4).prop_shuffle().prop_flat_map(move |names| {
        let targets = proptest::collection::vec(one_of(), names.len());
        targets.prop_map(move |targets| {
            let layer = |(name, targets): (&&str, Vec<&str>)| {
                ((*name).to_owned(), targets.into_iter().map(str::to_owned).collect())
            };
            names.iter().zip(targets).map(layer).collect()
        })
    })
}

#[derive(Clone, Debug)]
struct Written {
    layers: Layers,
    list: Shape,
    dicts: Vec<(Shape, bool)>,
    tabs: bool,
    crlf: bool,
    final_newline: bool,
}

fn written() -> impl Strategy<Value = Written> {
    let dicts = proptest::collection::vec((shape(), any::<bool>()), 4);
    let flag = || prop::bool::weighted(0.2);
    (layers(), shape(), dicts, flag(), flag(), prop::bool::weighted(0.8)).prop_map(
        |(layers, list, dicts, tabs, crlf, final_newline)| Written { layers, list, dicts, tabs, crlf, final_newline },
    )
}

fn write_file(written: &Written) -> String {
    let unit = if written.tabs { "\t" } else { "    " };
    let mut comments = 0;
    let over_lines = written.list.over_lines;
    let mut dicts = Vec::new();
    for ((name, targets), (shape, dict_over_lines)) in written.layers.iter().zip(&written.dicts) {
        let targets: Vec<String> = targets.iter().map(|target| format!("\"{target}\"")).collect();
        if over_lines && *dict_over_lines {
            let (outer, inner) = (unit.repeat(2), unit.repeat(3));
            let list = write_list(&targets, shape, &inner, unit, &mut comments);
            dicts.push(format!("{{\n{inner}\"name\": \"{name}\",\n{inner}\"targets\": {list},\n{outer}}}"));
        } else {
            dicts.push(format!("{{\"name\": \"{name}\", \"targets\": [{}]}}", targets.join(", ")));
        }
    }
    let list = write_list(&dicts, &written.list, unit, unit, &mut comments);
    let mut text = format!(
        "load(\"//tools/bazel:release.bzl\", \"release_app\")\n\nrelease_app(\n{unit}name = \"my-app\",\n{unit}dep_layers = {list},\n)\n"
    );
    if !written.final_newline {
        text.pop();
    }
    if written.crlf { text.replace('\n', "\r\n") } else { text }
}

fn request(layers: &Layers, drop: bool) -> EditRequest {
    let layers =
        layers.iter().map(|(name, targets)| WantedLayer { name: name.clone(), targets: targets.clone() }).collect();
    let edit = SetDepLayers { app: "my-app".to_owned(), layers, drop_comments_confirmed: ConfirmedDrops::All(drop) };
    EditRequest { package: "demo/app".to_owned(), edits: vec![edit.into()] }
}

fn value(files: &Files) -> Layers {
    let file = parse(&files.files[FILE], Dialect::Build);
    let calls = fold::calls(&file);
    let text = |value: &FoldedValue| value.as_str().unwrap().to_owned();
    let list = calls[0].argument("dep_layers").unwrap().as_list().unwrap().to_vec();
    list.iter()
        .map(|layer| {
            (
                text(layer.get("name").unwrap()),
                layer.get("targets").unwrap().as_list().unwrap().iter().map(text).collect(),
            )
        })
        .collect()
}

fn comments(files: &Files) -> Vec<String> {
    let file = parse(&files.files[FILE], Dialect::Build);
    let mut comments: Vec<String> = file.comments().map(|span| file.text(span)).collect();
    comments.sort();
    comments
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_there_is_not_written(written in written()) {
        let files = workspace(&write_file(&written));
        let changes = plan_edits(&files, &request(&written.layers, false));
        prop_assert!(changes.as_ref().is_ok_and(|changes| changes.is_empty()), "{changes:?}");
    }

    #[test]
    fn what_is_wanted_is_there_afterwards(written in written(), wanted in layers()) {
        let files = workspace(&write_file(&written));
        let changes = plan_edits(&files, &request(&wanted, true));
        let changes = match changes {
            Ok(changes) => changes,
            Err(refusal) => return Err(TestCaseError::fail(format!("{refusal}\n{}", write_file(&written)))),
        };
        let after = changed(&files, &changes);
        let again = plan_edits(&after, &request(&wanted, true));
        prop_assert_eq!(value(&after), wanted);
        prop_assert!(again.is_ok_and(|again| again.is_empty()));
        let text = String::from_utf8(after.files[FILE].clone()).unwrap();
        prop_assert_eq!(text.ends_with('\n'), written.final_newline);
        prop_assert_eq!(text.contains('\r'), written.crlf);
        prop_assert!(!written.crlf || !text.replace("\r\n", "").contains('\n'));
    }

    #[test]
    fn there_and_back_keeps_value_and_comments(written in written(), wanted in layers()) {
        let files = workspace(&write_file(&written));
        let there = match plan_edits(&files, &request(&wanted, false)) {
            Ok(changes) => changed(&files, &changes),
            Err(refusal) => {
                prop_assert_eq!(refusal.code, RefusalCode::WouldDropComments, "{}", refusal);
                return Ok(());
            }
        };
        prop_assert_eq!(comments(&there), comments(&files));
        match plan_edits(&there, &request(&written.layers, false)) {
            Ok(changes) => {
                let back = changed(&there, &changes);
                prop_assert_eq!(value(&back), written.layers);
                prop_assert_eq!(comments(&back), comments(&files));
            }
            Err(refusal) => prop_assert_eq!(refusal.code, RefusalCode::WouldDropComments, "{}", refusal),
        }
    }

    #[test]
    fn dependencies_come_and_go(
        items in subsequence(vec!["\":a\"", "\"//b\"", "requirement(\"r\")", "\"@pypi//:x\"", "\":plain\""], 0..=5).prop_shuffle(),
        list in shape(),
        remove in subsequence(vec![":a", "//b:b", "@pypi//:x", ":plain"], 0..=4),
        add in subsequence(vec![":new", "//b", "@pypi//:y"], 0..=3),
    ) {
        let items: Vec<String> = items.into_iter().map(str::to_owned).collect();
        let deps = write_list(&items, &list, "    ", "    ", &mut 0);
        let build = format!("py_library(\n    name = \"l\",\n    srcs = [\"l.py\"],\n    deps = {deps},\n)\n");
        let files = workspace(&build);
        let labels = |texts: &[&str]| texts.iter().map(|text| Dependency::Label((*text).to_owned())).collect::<Vec<_>>();
        let edit = Edit::RewireDeps(RewireDeps {
            target: "l".to_owned(),
            remove: labels(&remove),
            add: labels(&add),
            drop_comments_confirmed: ConfirmedDrops::All(true),
        });
        let request = EditRequest { package: "demo/app".to_owned(), edits: vec![edit] };
        let changes = plan_edits(&files, &request);
        prop_assert!(changes.is_ok(), "{:?}\n{}", changes, build);
        let after = changed(&files, &changes.unwrap());
        let text = String::from_utf8_lossy(&after.files[FILE]).into_owned();
        for gone in remove.iter().filter(|gone| !(**gone == "//b:b" && add.contains(&"//b"))) {
            prop_assert!(!text.contains(&format!("\"{gone}\"")), "{}", text);
        }
        for new in add {
            prop_assert_eq!(text.matches(&format!("\"{new}\"")).count(), 1, "{}", text);
        }
        prop_assert_eq!(text.contains("requirement"), build.contains("requirement"));
    }
}

/// Text as buildifier writes it; `None` when it refuses the text.
fn formatted(text: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("BUILD.bazel");
    std::fs::write(&path, text).unwrap();
    let buildifier = std::env::var_os("BUILDIFIER").unwrap();
    let status = std::process::Command::new(buildifier).arg("-type=build").arg(&path).status().unwrap();
    status.success().then(|| std::fs::read_to_string(&path).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "needs buildifier: set BUILDIFIER to the program"]
    fn clean_files_stay_clean(written in written(), wanted in layers()) {
        let before = formatted(&write_file(&Written { crlf: false, ..written })).unwrap();
        let files = workspace(&before);
        let after = changed(&files, &plan_edits(&files, &request(&wanted, true)).unwrap());
        let after = String::from_utf8(after.files[FILE].clone()).unwrap();
        prop_assert_eq!(formatted(&after), Some(after), "from {}", before);
    }

    #[test]
    #[ignore = "needs buildifier: set BUILDIFIER to the program"]
    fn clean_dependencies_stay_clean(
        items in subsequence(vec!["\":a\"", "\"//b\"", "requirement(\"r\")", "\"@pypi//:x\"", "\":plain\""], 0..=5).prop_shuffle(),
        list in shape(),
        remove in subsequence(vec![":a", "//b:b", "@pypi//:x", ":plain"], 0..=4),
        add in subsequence(vec![":new", "//b", "@pypi//:y"], 0..=3),
    ) {
        let items: Vec<String> = items.into_iter().map(str::to_owned).collect();
        // A comment on its own line keeps buildifier from sorting; without one its order is known.
        let list = Shape { comment_at_open: false, comment_above: Vec::new(), comment_at_close: false, ..list };
        let deps = write_list(&items, &list, "    ", "    ", &mut 0);
        let before = formatted(&format!("py_library(\n    name = \"l\",\n    srcs = [\"l.py\"],\n    deps = {deps},\n)\n")).unwrap();
        let labels = |texts: &[&str]| texts.iter().map(|text| Dependency::Label((*text).to_owned())).collect::<Vec<_>>();
        let edit = Edit::RewireDeps(RewireDeps {
            target: "l".to_owned(),
            remove: labels(&remove),
            add: labels(&add),
            drop_comments_confirmed: ConfirmedDrops::All(true),
        });
        let files = workspace(&before);
        let changes = plan_edits(&files, &EditRequest { package: "demo/app".to_owned(), edits: vec![edit] }).unwrap();
        let after = String::from_utf8(changed(&files, &changes).files[FILE].clone()).unwrap();
        prop_assert_eq!(formatted(&after), Some(after), "from {}", before);
    }
}
