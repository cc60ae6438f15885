use super::*;
use crate::label::Label;

fn label(text: &str) -> Label {
    Label::parse_absolute(text).unwrap()
}

fn package(name: &str, version: &str) -> LockedName {
    LockedName { name: name.to_owned(), version: version.to_owned() }
}

/// Two groups: packages, and a library that brings a package with it.
fn plan() -> PlanWords {
    PlanWords {
        app: label("//demo/app:app"),
        image: "app_image".to_owned(),
        binary: label("//demo/app:app"),
        main: Some("demo/app/main.py".to_owned()),
        base: "@ubuntu_base".to_owned(),
        rules_package: "tools/layerwright".to_owned(),
        has_rules: false,
        python: Some((3, 13)),
        groups: vec![
            LayerWords {
                name: "pip_deps".to_owned(),
                targets: vec![label("@pypi//:fastapi"), label("@pypi//:uvicorn")],
                packages: vec![
                    package("fastapi", "0.1"),
                    package("typing-extensions", "4.0"),
                    package("uvicorn", "0.2"),
                ],
                ..LayerWords::default()
            },
            LayerWords {
                name: "libs".to_owned(),
                targets: vec![label("//libs/python:python")],
                packages: vec![package("attrs", "1.0")],
                libraries: vec![label("//libs/python:python")],
                files: vec!["libs/python/a.py".to_owned(), "libs/python/b.py".to_owned()],
                generated: vec!["libs/python/made.py".to_owned()],
            },
        ],
        rest: LayerWords { files: vec!["demo/app/main.py".to_owned()], ..LayerWords::default() },
        imports: Vec::new(),
    }
}

/// What `image_layers` is called with, in two dialects.
const LAYERS: &str = r#"image_layers(
    name = "app_image",
    binary = ":app",
    dep_layers = [
        {
            "name": "pip_deps",
            "targets": [
                "@pypi//:fastapi",
                "@pypi//:uvicorn",
            ],
        },
        {
            "name": "libs",
            "targets": ["//libs/python"],
        },
    ],
)
"#;

/// The tars, in order.
const TARS: &str = r#"[
        ":app_image_interpreter_layer",
        ":app_image_deplayer_0_pip_deps",
        ":app_image_deplayer_1_libs",
        ":app_image_app_layer",
    ]"#;

#[test]
fn rules_oci_gets_the_layers_by_their_labels() {
    let written = write(Dialect::OciImage, &plan());
    let expected = format!(
        "load(\"@rules_oci//oci:defs.bzl\", \"oci_image\")\nload(\"//tools/layerwright:image_layers.bzl\", \"image_layers\")\n\n{LAYERS}\n\
         oci_image(\n    name = \"app_image\",\n    base = \"@ubuntu_base\",\n    entrypoint = [\"/app/app\"],\n    # Lowest first: do not sort.\n    tars = {TARS},\n    workdir = \"/app\",\n)\n"
    );
    assert_eq!(written.text, expected);
    assert_eq!(written.limits.len(), 1);
    // Where the rules are there already, everything is said.
    assert!(write(Dialect::OciImage, &PlanWords { has_rules: true, ..plan() }).limits.is_empty());
}

#[test]
fn rules_img_gets_the_same_tars() {
    let written = write(Dialect::RulesImg, &plan());
    assert!(
        written.text.contains(LAYERS) && written.text.contains(&format!("    layers = {TARS},\n")),
        "{}",
        written.text
    );
    assert!(written.limits[1].contains("layer_budget"), "{:?}", written.limits);
}

#[test]
fn rules_py_gets_every_package_and_target_by_name() {
    let written = write(Dialect::RulesPy, &plan());
    let groups = r#"    groups = {
        "@pip//fastapi": "pip_deps",
        "@pip//typing_extensions": "pip_deps",
        "@pip//uvicorn": "pip_deps",
        "@pip//attrs": "libs",
        "//libs/python:python": "libs_sources",
    },
"#;
    assert!(written.text.contains(groups), "{}", written.text);
    let order = &written.limits[1];
    assert!(
        order.contains("puts interpreter, libs_sources, libs, pip_deps, default. Wanted was pip_deps, libs."),
        "{order}"
    );
    assert!(written.limits[3].contains("libs becomes two"), "{:?}", written.limits);
}

#[test]
fn a_dockerfile_copies_one_stage_per_layer_in_order() {
    let written = write(Dialect::Dockerfile, &plan());
    let expected = r#"# syntax=docker/dockerfile:1
FROM python:3.13-slim AS python

FROM python AS layer-pip-deps
RUN pip install --no-cache-dir --no-compile --no-deps --target=/layer/site-packages \
    fastapi==0.1 \
    typing-extensions==4.0 \
    uvicorn==0.2

FROM python AS layer-libs
RUN pip install --no-cache-dir --no-compile --no-deps --target=/layer/site-packages \
    attrs==1.0
COPY ["libs/python/a.py", "libs/python/b.py", "/layer/libs/python/"]

FROM python AS layer-app
COPY ["demo/app/main.py", "/layer/demo/app/"]

FROM python
WORKDIR /app
COPY --from=layer-pip-deps /layer/ /app/
COPY --from=layer-libs /layer/ /app/
COPY --from=layer-app /layer/ /app/
ENV PYTHONPATH=/app:/app/site-packages
ENTRYPOINT ["python3", "/app/demo/app/main.py"]
"#;
    assert_eq!(written.text, expected);
    assert!(written.limits[3].contains("libs/python/made.py"), "{:?}", written.limits);
}

#[test]
fn a_plan_without_groups_is_said_too() {
    let plan = PlanWords { groups: Vec::new(), ..plan() };
    assert!(write(Dialect::OciImage, &plan).text.contains("    dep_layers = [],\n"));
    assert!(write(Dialect::RulesPy, &plan).text.contains("    groups = {},\n"));
    assert!(write(Dialect::RulesPy, &plan).limits[1].contains("Wanted was no group"));
    assert!(write(Dialect::Dockerfile, &plan).text.contains("COPY --from=layer-app"));
}
