//! Plans of small workspaces, and the edits that they turn into.

use super::*;
use crate::graph::build::build_graph;
use crate::graph::contents::contents;
use crate::graph::packages::resolve_hubs;
use crate::layers::current::current_plan;
use crate::layers::library_names::LibraryNames;
use crate::layers::plan_file;
use crate::workspace::fixture;
use crate::workspace::platform::Platform;
use std::any::Any;

const WORKSPACE: &str = "
    @pypi fastapi 1000000 starlette
    @pypi starlette 300000
    @pypi boto3 9000000
    //libs/python
      py_library python srcs=utils.py visibility=//visibility:public
      py_library hidden srcs=hidden.py visibility=//libs:__subpackages__
      py_library facade deps=:hidden,@pypi//:boto3 visibility=//visibility:public
    //demo/app
      py_library main_lib srcs=main.py deps=@pypi//:fastapi,//libs/python:python,//libs/python:facade
      py_library helper srcs=helper.py deps=@pypi//:fastapi
      py_binary app srcs=main.py deps=:main_lib,:helper
      release_app app binary=:app
";

/// Returns what `see` makes of a plan.
pub(crate) fn with_input<T>(workspace: &Workspace, layers: &str, see: impl FnOnce(&Migration<'_>) -> T) -> T {
    let app = &workspace.apps[0];
    let binary = app.binary.clone().unwrap();
    let hubs = resolve_hubs(workspace, &Platform::default(), (3, 13));
    let graph = build_graph(workspace, &hubs, &binary).unwrap();
    let names = LibraryNames::new(workspace, app, &binary, &current_plan(workspace, app));
    let file: String = layers
        .split(';')
        .filter_map(|layer| layer.split_once('='))
        .map(|(name, targets)| {
            format!(
                "[[layer]]\nname = \"{name}\"\ntargets = {:?}\n",
                targets.split(',').filter(|target| !target.is_empty()).collect::<Vec<_>>()
            )
        })
        .collect();
    let plan = plan_file::parse(&file, &app.label, &names).unwrap();
    let contents = contents(workspace, &hubs, &graph);
    let none = BTreeSet::new();
    let input = Migration {
        workspace,
        app,
        graph: &graph,
        contents: &contents,
        plan: &plan,
        removed: &none,
        drops: ConfirmedDrops::NONE,
    };
    see(&input)
}

/// `layers` is written as `name=target,target;name=target`, from the bottom up.
fn check(workspace: &str, layers: &str, expected: &[&str]) {
    check_workspace(&fixture::workspace(workspace), layers, &[], expected);
}

/// The edits when the libraries `removed` go too.
fn check_workspace(workspace: &Workspace, layers: &str, removed: &[&str], expected: &[&str]) {
    let removed = removed.iter().map(|label| Label::parse_absolute(label).unwrap()).collect();
    let printed = with_input(workspace, layers, |input| {
        match migration(&Migration { removed: &removed, drops: ConfirmedDrops::NONE, ..*input }) {
            Ok(edits) => edits.iter().map(print).collect(),
            Err(refusal) => vec![format!("{}: {}", refusal.code.as_str(), refusal.message)],
        }
    });
    assert_eq!(printed, expected);
}

fn list(labels: impl IntoIterator<Item = Label>) -> String {
    labels.into_iter().map(|label| label.to_string()).collect::<Vec<_>>().join(" ")
}

fn print(edit: &Edit) -> String {
    let home = Label::parse_absolute(edit.target()).unwrap();
    let dependencies = |of: &[Dependency]| list(of.iter().map(|dependency| dependency.label(home.package()).unwrap()));
    let labels = |texts: &[String]| list(texts.iter().map(|text| Label::parse(text, home.package()).unwrap()));
    match edit {
        Edit::RewireDeps(edit) => {
            format!("{home} - [{}] + [{}]", dependencies(&edit.remove), dependencies(&edit.add))
        }
        Edit::RemoveTarget(_) => format!("no {home}"),
        Edit::SetDeps(_) => "no edit of a migration".to_owned(),
        Edit::OfRuleSet(edit) => {
            let edit: &dyn Any = &*edit.0;
            if let Some(library) = edit.downcast_ref::<AddPyLibrary>() {
                let (before, visible) = (library.before.as_deref().unwrap(), library.visibility.as_deref());
                let visible = labels(visible.unwrap_or_default());
                return format!("new {home} [{}] before {before} visible [{visible}]", dependencies(&library.deps));
            }
            let layers = &edit.downcast_ref::<SetDepLayers>().unwrap().layers;
            let printed = layers.iter().map(|layer| format!("{}=[{}]", layer.name, labels(&layer.targets)));
            printed.collect::<Vec<_>>().join(" ")
        }
    }
}

#[test]
fn a_first_layer_is_the_migration_of_the_document() {
    check(
        WORKSPACE,
        "pip=@pypi//:fastapi",
        &[
            "new //demo/app:pip_layer [@pypi//:fastapi] before main_lib visible []",
            "//demo/app:helper - [@pypi//:fastapi] + [//demo/app:pip_layer]",
            "//demo/app:main_lib - [@pypi//:fastapi] + [//demo/app:pip_layer]",
            "pip=[//demo/app:pip_layer]",
        ],
    );
}

#[test]
fn a_target_that_needs_only_a_part_is_not_rewired_to_the_whole() {
    // `helper` does not need the library `python`; with the layer it would get it.
    check(
        WORKSPACE,
        "base=@pypi//:fastapi,//libs/python:python",
        &[
            "new //demo/app:base_layer [@pypi//:fastapi //libs/python:python] before main_lib visible []",
            "//demo/app:main_lib - [@pypi//:fastapi //libs/python:python] + [//demo/app:base_layer]",
            "base=[//demo/app:base_layer]",
        ],
    );
}

#[test]
fn a_package_that_only_others_need_gets_a_library_and_nobody_is_rewired() {
    check(
        WORKSPACE,
        "hot=@pypi//:boto3",
        &["new //demo/app:hot_layer [@pypi//:boto3] before app visible []", "hot=[//demo/app:hot_layer]"],
    );
}

#[test]
fn a_layer_that_brings_nothing_is_refused() {
    check(
        WORKSPACE,
        "pip=@pypi//:fastapii",
        &[
            "ambiguous_target: layer `pip` names @pypi//:fastapii, which the binary does not depend on; correct the label, or take it out of the layer",
        ],
    );
    check(WORKSPACE, "pip=", &["empty_layer: layer `pip` has no targets; give it some, or take it out of the plan"]);
}

#[test]
fn what_can_not_be_seen_is_refused() {
    check(
        WORKSPACE,
        "internal=//libs/python:hidden",
        &[
            "not_visible: //libs/python:hidden is not visible to //demo/app, where the library of layer `internal` stands; add \"//demo/app:__pkg__\" to its visibility first",
        ],
    );
}

const LAYERED: &str = "
    @pypi fastapi 1000000
    @pypi boto3 9000000
    //demo/app
      py_library pip_layer deps=@pypi//:fastapi,@pypi//:boto3
      py_library main_lib srcs=main.py deps=:pip_layer
      py_binary app srcs=main.py deps=:main_lib
      release_app app binary=:app layers=pip=:pip_layer
";

#[test]
fn the_present_design_needs_no_edit() {
    check(LAYERED, "pip=@pypi//:fastapi,@pypi//:boto3", &[]);
}

#[test]
fn a_package_moves_to_a_new_layer_and_its_users_follow() {
    check(
        LAYERED,
        "pip=@pypi//:fastapi;hot=@pypi//:boto3",
        &[
            "//demo/app:pip_layer - [@pypi//:boto3] + []",
            "new //demo/app:hot_layer [@pypi//:boto3] before main_lib visible []",
            "//demo/app:main_lib - [] + [//demo/app:hot_layer]",
            "pip=[//demo/app:pip_layer] hot=[//demo/app:hot_layer]",
        ],
    );
}

#[test]
fn a_removed_layer_leaves_its_library_where_it_is() {
    check(LAYERED, "", &[""]);
}

#[test]
fn a_library_that_goes_leaves_its_members_to_those_that_used_it() {
    check_workspace(
        &fixture::workspace(LAYERED),
        "",
        &["//demo/app:pip_layer"],
        &[
            "//demo/app:main_lib - [//demo/app:pip_layer] + [@pypi//:fastapi @pypi//:boto3]",
            "",
            "no //demo/app:pip_layer",
        ],
    );
    check_workspace(
        &fixture::workspace(LAYERED),
        "hot=@pypi//:boto3",
        &["//demo/app:pip_layer"],
        &[
            "new //demo/app:hot_layer [@pypi//:boto3] before main_lib visible []",
            "//demo/app:main_lib - [//demo/app:pip_layer] + [//demo/app:hot_layer @pypi//:fastapi]",
            "hot=[//demo/app:hot_layer]",
            "no //demo/app:pip_layer",
        ],
    );
}

#[test]
fn a_library_never_ends_up_below_itself() {
    // `main_lib` can't depend on a layer that holds `main_lib`; the binary can.
    check(
        WORKSPACE,
        "code=//demo/app:main_lib",
        &[
            "new //demo/app:code_layer [//demo/app:main_lib] before app visible []",
            "//demo/app:app - [//demo/app:main_lib] + [//demo/app:code_layer]",
            "code=[//demo/app:code_layer]",
        ],
    );
}

#[test]
fn a_binary_in_another_package_keeps_its_library_near_and_shows_it_to_the_app() {
    let workspace = "
        @pypi fastapi 1000000
        //svc
          release_app app binary=//svc/src:main
        //svc/src
          py_binary main srcs=main.py deps=@pypi//:fastapi
    ";
    check(
        workspace,
        "pip=@pypi//:fastapi",
        &[
            "new //svc/src:pip_layer [@pypi//:fastapi] before main visible [//svc:__pkg__]",
            "//svc/src:main - [@pypi//:fastapi] + [//svc/src:pip_layer]",
            "pip=[//svc/src:pip_layer]",
        ],
    );
}
