//! What becomes of a recorded answer of Bazel 7.7.1; `tests/bazel_answer` says of what.

use super::*;
use crate::workspace::bazel::decode::TargetStream;

const RECORDED: &[u8] = include_bytes!("../../../tests/bazel_answer/answer.pb");

/// The recorded answer.
pub(in crate::workspace::bazel) fn recorded() -> BazelAnswer {
    let names = RepositoryNames::new(["pypi".to_owned()]);
    let mut stream = TargetStream::default();
    let mut answer = BazelAnswer::default();
    stream.push(RECORDED, &mut |message| answer.add(message, &names)).unwrap();
    stream.finish().unwrap();
    answer
}

fn edges(target: &Target) -> Vec<String> {
    let print = |edge: &Dependency| {
        let condition = edge.condition.as_deref().map(|condition| format!(" if {condition}")).unwrap_or_default();
        format!("{} {}{condition}", edge.attribute, edge.label)
    };
    target.dependencies.iter().map(print).collect()
}

#[test]
fn every_package_is_there_with_its_file_and_targets() {
    let answer = recorded();
    let packages: Vec<(&str, &str, Vec<&str>)> = answer
        .packages
        .iter()
        .map(|(path, package)| {
            let names = package.targets.keys().map(String::as_str).collect();
            (path.as_str(), package.build_file.as_deref().unwrap(), names)
        })
        .collect();
    assert_eq!(
        packages,
        [
            ("app", "BUILD.bazel", vec!["caf\u{e9}", "fast", "friends", "main", "version", "web"]),
            ("tools", "BUILD.bazel", vec!["stamp"]),
        ]
    );
}

#[test]
fn edges_keep_attribute_and_condition() {
    let answer = recorded();
    let app = &answer.packages["app"].targets;
    assert_eq!(
        edges(&app["caf\u{e9}"]),
        [
            "$config_dependencies //app:fast",
            "deps @pypi//:fastapi",
            "deps @pypi//:uvloop if //app:fast",
            "srcs //app:\u{e9}.py",
        ]
    );
    // Bazel lists no tools among the dependencies; they are kept apart.
    assert_eq!(edges(&app["version"]), ["$tool //tools:stamp", "srcs //app:version.in"]);
    assert_eq!(app["version"].outputs, ["version.py"]);
    assert_eq!(edges(&app["main"]), ["actual //app:web"]);
    assert_eq!(
        edges(&app["web"]),
        ["deps //app:caf\u{e9}", "main //app:web.py", "srcs //app:web.py", "srcs //app:version"]
    );
}

#[test]
fn what_decides_something_else_is_there_too() {
    let answer = recorded();
    let app = &answer.packages["app"].targets;
    let web = &app["web"];
    assert_eq!((web.kind.as_str(), web.line, web.macro_name.as_deref()), ("py_binary", 28, Some("service")));
    assert_eq!(web.attributes["stamp"], Value::Int(0));
    assert_eq!(web.attributes["imports"], Value::List(vec![Value::String(".".to_owned())]));
    let text = |text: &str| Value::String(text.to_owned());
    assert_eq!(web.attributes["env"], Value::Dict(vec![(text("MODE"), text("web"))]));
    assert!(!web.attributes.contains_key("generator_name"));
    let visible = |name: &str| app[name].visibility.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(visible("web"), ["//app:friends"]);
    assert_eq!(visible("caf\u{e9}"), ["//visibility:public"]);
    // Nobody wrote it for the alias: it is the package's default.
    assert_eq!(visible("main"), ["//tools:__pkg__"]);
    assert_eq!(app["friends"].kind, "package_group");
    assert_eq!(app["caf\u{e9}"].macro_name, None);
}
