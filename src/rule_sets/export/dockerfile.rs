//! A Dockerfile with a stage and a `COPY` per layer, in the plan's order (Dockerfile reference, docs.docker.com).

use std::collections::{BTreeMap, BTreeSet};

use crate::rule_sets::export::plan_words::{InDialect, LayerWords, PlanWords};

pub(crate) fn write(plan: &PlanWords) -> InDialect {
    let image = match plan.python {
        Some((major, minor)) => format!("python:{major}.{minor}-slim"),
        None => "python:3-slim".to_owned(),
    };
    let own = LayerWords { name: "app".to_owned(), ..plan.rest.clone() };
    let layers: Vec<&LayerWords> = plan.groups.iter().chain([&own]).collect();
    let mut text = format!("# syntax=docker/dockerfile:1\nFROM {image} AS python\n");
    for layer in &layers {
        text.push_str(&stage(layer));
    }
    text.push_str("\nFROM python\nWORKDIR /app\n");
    for layer in &layers {
        text.push_str(&format!("COPY --from={} /layer/ /app/\n", stage_name(&layer.name)));
    }
    let mut path = vec!["/app".to_owned()];
    path.extend(plan.imports.iter().map(|folder| format!("/app/{folder}")));
    path.push("/app/site-packages".to_owned());
    text.push_str(&format!("ENV PYTHONPATH={}\n", path.join(":")));
    let main = plan.main.clone().unwrap_or_else(|| format!("{}/{}.py", plan.binary.package(), plan.binary.name()));
    text.push_str(&format!("ENTRYPOINT [\"python3\", \"/app/{main}\"]\n"));
    InDialect { text, limits: limits(plan) }
}

/// Collects a layer's files in /layer.
fn stage(layer: &LayerWords) -> String {
    let mut text = format!("\nFROM python AS {}\n", stage_name(&layer.name));
    if layer.packages.is_empty() && layer.files.is_empty() {
        text.push_str("RUN mkdir /layer\n");
    }
    if !layer.packages.is_empty() {
        let pins = layer.packages.iter().map(|package| format!(" \\\n    {}=={}", package.name, package.version));
        let pins: String = pins.collect();
        text.push_str(&format!(
            "RUN pip install --no-cache-dir --no-compile --no-deps --target=/layer/site-packages{pins}\n"
        ));
    }
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in layer.files.iter().collect::<BTreeSet<_>>() {
        folders.entry(file.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default().push(file);
    }
    for (folder, files) in folders {
        // The bracket form allows blanks in names.
        let to = if folder.is_empty() { "/layer/".to_owned() } else { format!("/layer/{folder}/") };
        let names: Vec<String> = files
            .iter()
            .copied()
            .chain([to.as_str()])
            .map(|name| format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")))
            .collect();
        text.push_str(&format!("COPY [{}]\n", names.join(", ")));
    }
    text
}

/// Stages have lower-case names; all are based on `python`.
fn stage_name(layer: &str) -> String {
    let name: String =
        layer.to_lowercase().chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    format!("layer-{name}")
}

fn limits(plan: &PlanWords) -> Vec<String> {
    let mut limits = vec![
        "Closures can't be said: packages are written out as they are locked now, and files one by one. Write the file anew after each change of \
         the lock or of a target's files."
            .to_owned(),
        "Digests are not steady: a stage that runs again on another machine gives its layer other file times, so an equal layer is pulled again. \
         Builds that share a cache avoid that."
            .to_owned(),
        "The interpreter is the base image's and not the workspace's own, and packages are installed by pip from the index that it is set up with, \
         not from the wheels that the lock names by hash."
            .to_owned(),
    ];
    let generated: Vec<&str> =
        plan.groups.iter().chain([&plan.rest]).flat_map(|layer| &layer.generated).map(String::as_str).collect();
    if !generated.is_empty() {
        limits.push(format!("Files that the build makes are missing: {}.", generated.join(", ")));
    }
    limits
}
