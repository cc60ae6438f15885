//! Gestures on the list.

use egui::{Key, Modifiers};

use crate::app::fixture;
use crate::ui::test_window::{open, open_with};
use crate::workspace::model::{Dependency, SourceFile};

#[test]
fn search_shows_what_is_meant_and_says_when_nothing_is() {
    let mut window = open();
    let field = window.at("Search targets and packages");
    window.click(field, Modifiers::NONE);
    window.type_text("pyd");
    assert!(window.has("@pypi//:pydantic"));
    assert!(!window.has("@pypi//:numpy"));
    window.type_text("x");
    assert!(window.says("Nothing found"));
    let clear = window.at("Clear search");
    window.click(clear, Modifiers::NONE);
    assert!(window.has("@pypi//:numpy"));
    assert_eq!(window.state().view.search, "");
}

#[test]
fn shift_selects_a_range_and_escape_nothing() {
    let mut window = open();
    let (first, last) = (window.at("@pypi//:numpy"), window.at("@pypi//:fastapi"));
    window.click(first, Modifiers::NONE);
    window.click(last, Modifiers::SHIFT);
    for name in ["@pypi//:numpy", "@pypi//:pydantic", "@pypi//:fastapi"] {
        assert!(window.is_selected(name), "{name}");
    }
    assert_eq!(window.state().view.selection.len(), 3);
    window.press(Modifiers::NONE, Key::Escape);
    assert!(window.state().view.selection.is_empty());
}

#[test]
fn by_package_is_ordered_by_name() {
    let mut window = open();
    let choice = window.at("Package");
    window.click(choice, Modifiers::NONE);
    let tops: Vec<f32> = ["//app:app_bin", "//libs/core:core", "//libs/http:http", "@pypi//:fastapi", "@pypi//:numpy"]
        .iter()
        .map(|name| window.at(name).y)
        .collect();
    assert!(tops.is_sorted(), "{tops:?}");
}

#[test]
fn a_folded_layer_hides_its_rows() {
    let mut window = open();
    let header = window.at("pip_deps, 3 rows");
    window.click(header, Modifiers::NONE);
    assert!(!window.has("@pypi//:numpy"));
    window.click(header, Modifiers::NONE);
    assert!(window.has("@pypi//:numpy"));
}

#[test]
fn a_row_dropped_on_the_header_of_a_layer_moves_there() {
    let mut window = open();
    let (from, to) = (window.at("//libs/core:core"), window.at("pip_deps, 3 rows"));
    window.drag(from, to);
    assert_eq!(window.plan(), "pip_deps=@pypi//:numpy,@pypi//:fastapi,//libs/core:core;internal_libs=//libs/http:http");
}

/// Many targets: only the rows in view are drawn.
#[test]
fn a_long_list_draws_only_what_is_seen() {
    let mut workspace = fixture::workspace("py_layers");
    let package = workspace.packages.get_mut("app").unwrap();
    let names: Vec<String> = (0..400).map(|number| format!("lib_{number}")).collect();
    let template = package.targets.get("app_bin").unwrap().clone();
    for name in &names {
        let file = format!("{name}.py");
        let label = crate::label::Label::main("app", &file);
        let source = SourceFile { path: format!("app/{file}"), bytes: crate::byte_count::ByteCount(1_000) };
        package.source_files.insert(file, source);
        let mut target = template.clone();
        target.kind = "py_library".to_owned();
        target.dependencies = vec![Dependency { attribute: "srcs".to_owned(), label, condition: None }];
        package.targets.insert(name.clone(), target);
    }
    let binary = package.targets.get_mut("app_bin").unwrap();
    binary.dependencies.extend(names.iter().map(|name| Dependency {
        attribute: "deps".to_owned(),
        label: crate::label::Label::main("app", name),
        condition: None,
    }));
    let history = fixture::history();
    let window = open_with(fixture::state_of(fixture::design_of(&workspace, &history), workspace, history));
    let rows = window.rows();
    assert!((10..60).contains(&rows), "{rows} rows");
}
