//! Reports, as a user makes them: the real program on a copy of the demo with a history.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

mod demo_repository;

use serde_json::Value;

use demo_repository::Repository;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const APP: &str = "//demo/price_api:price-api";

/// Makes a report and returns its text.
fn report(demo: &Repository, name: &str, more: &[&str]) -> String {
    let path = demo.beside(name);
    let output = demo.run(&[&["report", ".", "--app", APP, "--out", path.to_str().unwrap()], more].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains(name), "{}", text(&output.stdout));
    std::fs::read_to_string(path).unwrap()
}

/// Every tag that is opened is closed, in order.
fn check_tags(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    for rest in html.split('<').skip(1) {
        let (tag, _) = rest.split_once('>').unwrap();
        if tag.starts_with('!') || tag.ends_with('/') {
            continue;
        }
        let name = tag.split_whitespace().next().unwrap();
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed), "{tag}"),
            None if name == "meta" => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn a_page_is_whole_and_needs_nothing_from_elsewhere() {
    let demo = Repository::new();
    demo.append("demo/price_api/main.py", 99);
    demo.commit("Change </title><script>everything</script>");
    let html = report(&demo, "report.html", &[]);
    check_tags(&html);
    for needed in ["src=", "href=", "url(", "@import", "<script", "<link", "<iframe", "javascript:"] {
        assert!(!html.contains(needed), "{needed}");
    }
    assert!(html.contains("Content-Security-Policy") && html.contains("prefers-color-scheme: dark"));
    assert!(html.contains("@media print"));
    // A commit's title is a text like any other.
    assert!(html.contains("Change &lt;/title&gt;&lt;script&gt;everything"));
}

#[test]
fn the_figures_are_those_of_the_plan() {
    let demo = Repository::new();
    let output = demo.run(&["plan", ".", "--app", APP, "--format", "json"]);
    let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (html, markdown) = (report(&demo, "report.html", &[]), report(&demo, "report.md", &[]));
    let bytes = |value: &Value| layerwright::byte_count::ByteCount(value.as_u64().unwrap()).to_string();
    let totals = &plan["totals"];
    for figure in [&totals["first_pull"], &totals["repull_per_deploy"], &plan["single_layer"]["repull_per_deploy"]] {
        let figure = bytes(figure);
        assert!(html.contains(&figure) && markdown.contains(&figure), "{figure}");
    }
    let mut units = 0;
    for layer in plan["layers"].as_array().unwrap() {
        for unit in layer["units"].as_array().unwrap() {
            units += 1;
            let row = format!(
                "<code>{}</code></th><td>{}",
                unit["label"].as_str().unwrap(),
                if unit["kind"] == "package" { "package " } else { unit["kind"].as_str().unwrap() }
            );
            assert!(html.contains(&row), "{row}");
            assert!(markdown.contains(&format!("| `{}` | ", unit["label"].as_str().unwrap())), "{unit}");
        }
    }
    assert!(units > 10, "the test must see the units: {units}");
}

#[test]
fn a_plan_is_shown_beside_what_is() {
    let demo = Repository::new();
    let plan = demo.beside("plan.toml");
    std::fs::write(&plan, "[[layer]]\nname = \"everything\"\ntargets = [\"@pypi//:fastapi\", \"//libs/python\"]\n")
        .unwrap();
    let html = report(&demo, "plan.html", &["--plan", plan.to_str().unwrap()]);
    check_tags(&html);
    assert!(html.contains(">Current</text>") && html.contains(">Plan</text>"));
    assert!(html.contains("layerwright apply . --app //demo/price_api:price-api --plan plan.toml"));
    let markdown = report(&demo, "plan.md", &["--plan", plan.to_str().unwrap()]);
    assert!(
        markdown.contains("### Layers of the plan") && markdown.contains("```toml\n[[layer]]\nname = \"everything\"")
    );
    // Outside of code an at sign would call somebody.
    let prose: String = markdown.split('`').step_by(2).collect();
    assert!(!prose.contains('@'), "{prose}");
    let suggested = report(&demo, "suggested.html", &["--suggest"]);
    assert!(suggested.contains("Suggestion: "));
}

#[test]
fn without_history_it_says_what_is_not_known() {
    let demo = Repository::new();
    std::fs::remove_dir_all(demo.root().join(".git")).unwrap();
    let html = report(&demo, "bare.html", &[]);
    check_tags(&html);
    assert!(html.contains("not known") && html.contains("Nothing to replay"));
}

#[test]
fn a_file_that_is_no_report_stays_as_it_is() {
    let demo = Repository::new();
    let output = demo.run(&["report", ".", "--app", APP, "--out", "README.md"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("is not a Layerwright report"), "{}", text(&output.stderr));
    let output = demo.run(&["report", ".", "--app", APP, "--out", "report.pdf"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    let first = report(&demo, "twice.md", &[]);
    assert_eq!(report(&demo, "twice.md", &[]), first);
}
