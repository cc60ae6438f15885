//! `layerwright replay`, as a user runs it: the real binary on a copy of the demo with a history of its own.
//!
//! The history (`demo_repository`): one commit that brings everything, then twelve that each change price-api's own file; every
//! third also changes a library, and two of them a locked package.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod demo_repository;

use demo_repository::Repository;
use serde_json::Value;

const PLAN: &str = "
[[layer]]
name = \"pip_deps\"
targets = [\"@pypi//:fastapi\", \"@pypi//:uvicorn\"]

[[layer]]
name = \"internal_libs\"
targets = [\"//libs/python\"]
";

fn series<'a>(replay: &'a Value, name: &str) -> &'a Value {
    let found = replay["series"].as_array().unwrap().iter().find(|series| series["name"] == name);
    found.unwrap_or_else(|| panic!("no series {name}"))
}

fn bytes(series: &Value) -> Vec<u64> {
    series["bytes"].as_array().unwrap().iter().map(|bytes| bytes.as_u64().unwrap()).collect()
}

/// The replay of price-api with a plan, and the plan's own figures.
fn replayed(repository: &Repository, more: &[&str]) -> (Value, Value) {
    let plan = repository.root().join("../plan.toml");
    std::fs::write(&plan, PLAN).unwrap();
    let common = ["--app", "price-api", "--plan", plan.to_str().unwrap()];
    let run = |command: &str| repository.json(&[&[command], &common[..], more].concat());
    (run("replay"), run("plan"))
}

#[test]
fn every_series_is_there_and_the_plan_sums_up_to_its_average() {
    let repository = Repository::new();
    for profile in ["keep", "chain", "reuse"] {
        let (replay, plan) = replayed(&repository, &["--profile", profile]);
        assert_eq!(replay["schema"], "layerwright.replay/1");
        assert_eq!((&replay["app"], &replay["profile"]), (&plan["app"], &profile.into()));
        let names: Vec<&str> =
            replay["series"].as_array().unwrap().iter().map(|series| series["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["single layer", "current", "plan", "floor"]);
        let deploys = plan["deploys"].as_u64().unwrap();
        assert_eq!((deploys, &replay["deploys"]), (12, &plan["deploys"]));
        for (name, totals) in [("plan", &plan["totals"]), ("single layer", &plan["single_layer"])] {
            let series = series(&replay, name);
            let sum: u64 = bytes(series).iter().sum();
            assert_eq!((bytes(series).len(), series["total"].as_u64()), (12, Some(sum)));
            assert_eq!(series["first_pull"], totals["first_pull"]);
            assert_eq!(
                (sum + deploys / 2) / deploys,
                totals["repull_per_deploy"].as_u64().unwrap(),
                "{name} {profile}"
            );
            let unpacked = series["unpack_total"].as_u64().unwrap();
            assert_eq!((unpacked + deploys / 2) / deploys, totals["unpack_per_deploy"].as_u64().unwrap());
            assert_eq!(series["total_by_profile"][profile], series["total"]);
        }
        let floor = bytes(series(&replay, "floor"));
        let (single, plan) = (bytes(series(&replay, "single layer")), bytes(series(&replay, "plan")));
        assert!(floor.iter().zip(&plan).zip(&single).all(|((floor, plan), single)| floor <= plan && plan <= single));
        assert!(plan.iter().sum::<u64>() < single.iter().sum::<u64>());
    }
}

#[test]
fn deploys_are_every_commit_every_nth_daily_or_tagged() {
    let repository = Repository::new();
    repository.git(&["tag", "v1", "HEAD~8"]);
    repository.git(&["tag", "v2", "HEAD~2"]);
    repository.git(&["tag", "nightly", "HEAD~5"]);
    let count = |more: &[&str]| replayed(&repository, more).0["deploys"].as_u64().unwrap();
    assert_eq!(count(&[]), 12);
    // Thirteen commits in all, of which the first brings the app.
    assert_eq!(count(&["--every", "4"]), 3);
    // Two commits a day on six days, and one on the seventh.
    assert_eq!(count(&["--daily"]), 7);
    let (tagged, plan) = replayed(&repository, &["--tags", "v*"]);
    let subjects: Vec<&str> =
        tagged["deployed"].as_array().unwrap().iter().map(|deploy| deploy["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["Change 3", "Change 9"]);
    assert_eq!(tagged["deployed"][1]["tags"][0], "v2");
    assert_eq!((plan["deploys"].as_u64(), tagged["deployed"][1]["commits"].as_u64()), (Some(2), Some(6)));
    let notes = tagged["notes"].as_array().unwrap();
    assert!(notes.iter().any(|note| note.as_str().unwrap().starts_with("2 commits that change the app come after")));
    // In one layer, fewer deploys are fewer pulls of everything.
    let first_pull = series(&tagged, "single layer")["first_pull"].as_u64().unwrap();
    assert_eq!(bytes(series(&tagged, "single layer")), [first_pull; 2]);
}

#[test]
fn the_window_is_counted_in_commits_or_begins_on_a_day() {
    let repository = Repository::new();
    let commits = |more: &[&str]| replayed(&repository, more).0["commits"].as_u64().unwrap();
    assert_eq!(commits(&["--commits", "5"]), 5);
    assert_eq!(commits(&["--commits", "0"]), 13);
    // Two on the tenth, one on the eleventh.
    assert_eq!(commits(&["--since", "2026-01-10"]), 3);
    for wrong in [&["--since", "10.1.2026"][..], &["--since", "2026-01-10", "--commits", "5"], &["--every", "0"]] {
        let output = repository.run(&[&["replay", "--app", "price-api"], wrong].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
    }
    let output = repository.run(&["replay", "--app", "price-api", "--tags", "v["]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not a pattern for tags"));
}

#[test]
fn a_suggestion_is_a_series_of_its_own_and_text_says_the_same() {
    let repository = Repository::new();
    let replay = repository.json(&["replay", "--app", "price-api", "--suggest"]);
    let plan = repository.json(&["plan", "--app", "price-api", "--suggest"]);
    let suggested = series(&replay, "suggested");
    assert_eq!(suggested["first_pull"], plan["totals"]["first_pull"]);
    let sum: u64 = bytes(suggested).iter().sum();
    assert_eq!((sum + 6) / 12, plan["totals"]["repull_per_deploy"].as_u64().unwrap());
    let output = repository.run(&["replay", "--app", "price-api", "--suggest", "--list"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for expected in ["12 deploys in 13 commits from 2026-01-05 to 2026-01-11", "single layer", "suggested", "Change 11"]
    {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
}

#[test]
fn apps_on_one_node_share_what_is_equal() {
    let repository = Repository::new();
    let fleet = repository.json(&["replay", "--fleet"]);
    assert_eq!(fleet["schema"], "layerwright.replay_fleet/1");
    let apps: Vec<&str> = fleet["apps"].as_array().unwrap().iter().map(|app| app["app"].as_str().unwrap()).collect();
    assert_eq!(
        apps,
        ["//demo/hello_fastapi:hello-fastapi", "//demo/price_api:price-api", "//demo/sales_report:sales-report"]
    );
    let sum = |field: &str, name: &str| -> u64 {
        fleet["apps"].as_array().unwrap().iter().map(|app| series(app, name)[field].as_u64().unwrap()).sum()
    };
    let shared: u64 = fleet["shared"]
        .as_array()
        .unwrap()
        .iter()
        .map(|layer| {
            let copies = layer["apps"].as_array().unwrap().len() as u64 - 1;
            layer["compressed_bytes"].as_u64().unwrap() * copies
        })
        .sum();
    assert!(shared > 40_000_000, "at least the interpreter is the same");
    assert_eq!(series(&fleet, "plan")["first_pull"].as_u64().unwrap() + shared, sum("first_pull", "plan"));
    assert!(series(&fleet, "plan")["total"].as_u64().unwrap() <= sum("total", "plan"));
    // Two of them are the fleet of these two, in the order that they were named in.
    let two = repository.json(&["replay", "--app", "sales-report", "--app", "hello-fastapi"]);
    assert_eq!(two["apps"][0]["app"], "//demo/sales_report:sales-report");
    assert!(two["sharing"][0].as_str().unwrap().contains("one root"));
    let text = String::from_utf8_lossy(&repository.run(&["replay", "--fleet"]).stdout).into_owned();
    assert!(text.contains("all 3 on one node") && text.contains("shared: layer `interpreter`"), "{text}");
    let wrong = repository.run(&["replay", "--app", "price-api", "--app", "sales-report", "--plan", "x.toml"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_plan_tells_its_reasons() {
    let repository = Repository::new();
    let (_, plan) = replayed(&repository, &[]);
    let layer = plan["layers"].as_array().unwrap().iter().find(|layer| layer["name"] == "internal_libs").unwrap();
    let file = repository.root().join("../plan.toml");
    let common = ["plan", "--app", "price-api", "--plan", file.to_str().unwrap()];
    let run = |more: &[&str]| repository.json(&[&common[..], more].concat());
    let evidence = run(&["--evidence", "internal_libs"]);
    let commits = evidence["evidence"]["commits"].as_array().unwrap();
    assert_eq!(commits.len() as u64, layer["changes"].as_u64().unwrap());
    let subjects: Vec<&str> = commits.iter().map(|commit| commit["subject"].as_str().unwrap()).collect();
    assert_eq!(subjects, ["Change 9", "Change 6", "Change 3", "Change 0"]);
    assert_eq!(commits[0]["changed"][0], "//libs/python:logs.py");
    assert_eq!(commits[0]["date"], "2026-01-10");
    let packages = run(&["--evidence", "@pypi//:fastapi"]);
    assert_eq!(packages["evidence"]["commits"].as_array().unwrap().len(), 2);
    let why = run(&["--why", "@pypi//:starlette"]);
    assert_eq!(why["why"]["held_by"][0]["layer"], "pip_deps");
    let path: Vec<&str> =
        why["why"]["held_by"][0]["path"].as_array().unwrap().iter().map(|label| label.as_str().unwrap()).collect();
    assert_eq!(path, ["@pypi//:fastapi", "@pypi//:starlette"]);
    let text = repository.run(&[&common[..], &["--why", "//libs/python:logs.py", "--evidence", "app"]].concat());
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(
        text.contains("why: //libs/python:logs.py is in layer `internal_libs`, by //libs/python:python -> "),
        "{text}"
    );
    assert!(text.contains("evidence: 12 commits changed app"), "{text}");
    for wrong in [["--why", "//no:where"], ["--evidence", "nowhere"], ["--why", "relative"]] {
        assert_eq!(repository.run(&[&common[..], &wrong].concat()).status.code(), Some(2), "{wrong:?}");
    }
}

#[test]
fn without_a_history_nothing_is_made_up() {
    let repository = Repository::new();
    std::fs::remove_dir_all(repository.root().join(".git")).unwrap();
    let replay = repository.json(&["replay", "--app", "price-api"]);
    assert_eq!((replay["deploys"].as_u64(), replay["commits"].as_u64()), (Some(0), Some(0)));
    assert!(bytes(series(&replay, "plan")).is_empty());
    assert!(series(&replay, "plan")["first_pull"].as_u64().unwrap() > 1_000_000);
}
