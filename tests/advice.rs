//! Suggestions, presets and `check`, as a user runs them: the real binary on a copy of the demo with a history of its own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod demo_repository;

use demo_repository::Repository;
use serde_json::Value;

#[test]
fn a_suggestion_is_judged_on_the_newer_half_and_applied() {
    let repository = Repository::new();
    let plan = repository.json(&["plan", "--app", "price-api", "--suggest"]);
    let suggestion = &plan["suggestion"];
    assert_eq!(suggestion["verdict"], "change", "{suggestion:#}");
    let (older, newer) = (&suggestion["older"], &suggestion["newer"]);
    assert_eq!(
        older["deploys"].as_u64().unwrap() + newer["deploys"].as_u64().unwrap(),
        plan["deploys"].as_u64().unwrap()
    );
    for part in [older, newer] {
        let bytes = |key: &str| part[key].as_u64().unwrap();
        assert!(bytes("floor_repull") <= bytes("suggested_repull"), "{part}");
        assert!(bytes("suggested_repull") < bytes("present_repull"), "{part}");
    }
    let layers = suggestion["layers"].as_array().unwrap();
    assert!((1..=3).contains(&layers.len()));
    assert!(layers.iter().all(|layer| !layer["reason"].as_str().unwrap().is_empty()));
    // What is shown is what is written, and then there is nothing left to do.
    let before = std::fs::read_to_string(repository.root().join("demo/price_api/BUILD.bazel")).unwrap();
    let applied = repository.run(&["apply", "--app", "price-api", "--suggest"]);
    assert_eq!(applied.status.code(), Some(0), "{}", String::from_utf8_lossy(&applied.stderr));
    let after = std::fs::read_to_string(repository.root().join("demo/price_api/BUILD.bazel")).unwrap();
    assert!(before != after && after.contains(layers[0]["name"].as_str().unwrap()), "{after}");
    let again = repository.json(&["plan", "--app", "price-api", "--suggest"]);
    assert_eq!(again["suggestion"]["verdict"], "same", "{:#}", again["suggestion"]);
    assert_eq!(again["current"]["totals"], plan["totals"]);
}

#[test]
fn check_says_what_is_wrong_and_ends_with_1() {
    let repository = Repository::new();
    let wide = repository.run(&["check", "--app", "price-api"]);
    assert_eq!(wide.status.code(), Some(0), "{}", String::from_utf8_lossy(&wide.stdout));
    let arguments = ["check", "--app", "price-api", "--max-over-suggested", "20"];
    assert_eq!(repository.run(&arguments).status.code(), Some(1));
    let checked = repository.json(&arguments);
    assert_eq!(checked["schema"], "layerwright.check/1");
    let finding = &checked["apps"][0]["findings"][0];
    assert_eq!(finding["code"], "costs_more_than_suggested");
    assert_eq!(repository.run(&["apply", "--app", "price-api", "--suggest"]).status.code(), Some(0));
    let mended = repository.run(&arguments);
    assert_eq!(mended.status.code(), Some(0), "{}", String::from_utf8_lossy(&mended.stdout));
    assert_eq!(repository.run(&["check", "--app", "nothing"]).status.code(), Some(2));
}

#[test]
fn advice_alone_fails_a_check_only_when_it_is_strict() {
    let repository = Repository::new();
    // A layer of one small file that changes as rarely as anything: it works, and saves nothing.
    let file = repository.root().join("demo/price_api/BUILD.bazel");
    let old = std::fs::read_to_string(&file).unwrap();
    let call = old.find("release_app(").unwrap();
    let end = call + old[call..].rfind("\n)").unwrap();
    let layers = "\n    dep_layers = [{\"name\": \"money\", \"targets\": [\"//libs/python/money\"]}],";
    std::fs::write(&file, format!("{}{layers}{}", &old[..end], &old[end..])).unwrap();
    let arguments = ["check", "--app", "price-api"];
    let checked = repository.json(&arguments);
    let codes: Vec<&str> = checked["apps"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| found["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["tiny_layer"], "{checked:#}");
    assert_eq!(checked["apps"][0]["findings"][0]["fix"], "Remove layer money");
    assert_eq!((checked["problems"].as_u64(), checked["advice"].as_u64()), (Some(0), Some(1)));
    assert_eq!(repository.run(&arguments).status.code(), Some(0));
    assert_eq!(repository.run(&[&arguments[..], &["--strict"]].concat()).status.code(), Some(1));
}

#[test]
fn an_app_that_can_not_be_checked_is_named_and_not_passed_over() {
    let repository = Repository::new();
    let file = repository.root().join("demo/price_api/BUILD.bazel");
    let old = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{old}\nrelease_app(\n    name = \"lost\",\n    binary_name = \":nowhere\",\n    language = \"python\",\n)\n"))
        .unwrap();
    let checked = repository.json(&["check"]);
    let lost: Vec<&Value> = checked["not_checked"].as_array().unwrap().iter().collect();
    assert_eq!(lost.len(), 1, "{checked:#}");
    assert!(lost[0]["app"].as_str().unwrap().contains("lost") && !lost[0]["reason"].as_str().unwrap().is_empty());
    let text = String::from_utf8(repository.run(&["check"]).stdout).unwrap();
    assert!(text.contains("not checked: ") && text.trim_end().ends_with(", 1 not checked"), "{text}");
}

#[test]
fn presets_are_plans_and_are_compared() {
    let repository = Repository::new();
    for (preset, groups) in [("single-layer", 0), ("pip-internal", 2), ("rules-py", 1)] {
        let plan = repository.json(&["plan", "--app", "price-api", "--preset", preset]);
        let layers = plan["layers"].as_array().unwrap();
        assert_eq!(layers.iter().filter(|layer| layer["kind"] == "dep").count(), groups, "{preset}");
    }
    let compared = repository.json(&["plan", "--app", "price-api", "--compare"]);
    assert_eq!(compared["schema"], "layerwright.compare/1");
    let repull = |name: &str| {
        let rows = compared["rows"].as_array().unwrap().iter();
        let row = rows.clone().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name} in {compared:#}"));
        row["repull"]["keep"].as_u64().unwrap()
    };
    for name in ["pip-internal", "per-package", "rules-py", "nix", "rechunk"] {
        assert!(repull("floor") <= repull(name) && repull(name) <= repull("single-layer"), "{name}");
        assert!(repull("suggested, up to 120") * 100 <= repull(name) * 101, "{name}");
    }
    let wrong = repository.run(&["plan", "--app", "price-api", "--preset", "best"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("pip-internal"));
}
