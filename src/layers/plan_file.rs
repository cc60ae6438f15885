//! The plan file: TOML with a `[[layer]]` per group, with `name`, `targets` and an optional `library`. An optional `order` names
//! layers from the lowest up, those of the rule set too.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::label::{Label, LabelError};
use crate::layers::layer_name::name_problem;
use crate::layers::library_names::LibraryNames;
use crate::layers::plan::{GroupForm, LayerGroup, LayerId, Placed, Plan};

#[derive(Debug, Error)]
pub enum PlanFileError {
    #[error("not a plan file: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("layer `{layer}`: {source}")]
    Label { layer: String, source: LabelError },
    #[error("layer `{layer}`: {reason}")]
    Name { layer: String, reason: String },
    #[error("two layers are called `{0}`; rename one of them")]
    NameTwice(String),
    #[error(
        "{label} stands in layer `{first}` and in layer `{second}`; the lower one would claim it, so take it out of one"
    )]
    TargetTwice { label: Label, first: String, second: String },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    order: Vec<String>,
    #[serde(default, rename = "layer")]
    layers: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    targets: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    library: Option<String>,
}

/// Reads a plan for `app`. Labels without a package (`:x`) are in the app's package; `names` gives the form of groups
/// without a `library`. The order has only the layers that the file names.
///
/// # Errors
/// When the text is no plan, or the plan contradicts itself.
pub fn parse(text: &str, app: &Label, names: &LibraryNames) -> Result<Plan, PlanFileError> {
    let file: File = toml::from_str(text)?;
    let mut plan = Plan::default();
    for (index, entry) in (0_u32..).zip(file.layers) {
        // A name in the BUILD file may stay.
        if let Some(reason) = name_problem(&entry.name).filter(|_| !names.is_on_disk(&entry.name)) {
            return Err(PlanFileError::Name { layer: entry.name, reason });
        }
        if plan.groups.iter().any(|group| group.name == entry.name) {
            return Err(PlanFileError::NameTwice(entry.name));
        }
        let label = |text: &str| {
            Label::parse(text, app.package())
                .map_err(|source| PlanFileError::Label { layer: entry.name.clone(), source })
        };
        let mut targets = Vec::new();
        for text in &entry.targets {
            let target = label(text)?;
            if let Some(first) = plan.group_of(&target) {
                return Err(PlanFileError::TargetTwice {
                    label: target,
                    first: first.name.clone(),
                    second: entry.name,
                });
            }
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        let library = entry.library.as_deref().map(label).transpose()?;
        let form = library.map_or_else(|| names.form(&entry.name), GroupForm::Library);
        plan.groups.push(LayerGroup { id: LayerId(index), name: entry.name, targets, form });
    }
    let groups = &plan.groups;
    let placed = |name: String| match groups.iter().find(|group| group.name == name) {
        Some(group) => Placed::Group(group.id),
        None => Placed::Fixed(name),
    };
    plan.order = file.order.into_iter().map(placed).collect();
    Ok(plan)
}

/// # Errors
/// The serializer's own, never for a plan of this crate.
pub fn print(plan: &Plan, names: &LibraryNames) -> Result<String, toml::ser::Error> {
    let layers = plan.groups.iter().map(|group| Entry {
        name: group.name.clone(),
        targets: group.targets.iter().map(ToString::to_string).collect(),
        library: match &group.form {
            GroupForm::Library(library) if names.form(&group.name) != group.form => Some(library.to_string()),
            GroupForm::Library(_) | GroupForm::Direct => None,
        },
    });
    let order = plan.order_names().into_iter().map(str::to_owned).collect();
    toml::to_string(&File { order, layers: layers.collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    fn app() -> Label {
        Label::main("demo/app", "app")
    }

    fn names() -> LibraryNames {
        LibraryNames::fresh(&app())
    }

    #[test]
    fn reads_what_it_writes() {
        let text = r#"
            [[layer]]
            name = "pip_deps"
            targets = ["@pypi//:fastapi", ":local"]

            [[layer]]
            name = "internal"
            targets = ["//libs/python"]
            library = ":shared"
        "#;
        let plan = parse(text, &app(), &names()).unwrap();
        assert_eq!(plan.groups[0].targets[1].to_string(), "//demo/app:local");
        assert_eq!(plan.groups[0].form, GroupForm::Library(Label::main("demo/app", "pip_deps_layer")));
        assert_eq!(plan.groups[1].form, GroupForm::Library(Label::main("demo/app", "shared")));
        assert_eq!(parse(&print(&plan, &names()).unwrap(), &app(), &names()).unwrap(), plan);
    }

    #[test]
    fn the_order_names_layers_of_the_rule_set_and_groups() {
        let text =
            "order = [\"interpreter\", \"pip\", \"default\"]\n\n[[layer]]\nname = \"pip\"\ntargets = [\"@pypi//:a\"]\n";
        let plan = parse(text, &app(), &names()).unwrap();
        let fixed = |name: &str| Placed::Fixed(name.to_owned());
        assert_eq!(plan.order, [fixed("interpreter"), Placed::Group(LayerId(0)), fixed("default")]);
        assert_eq!(parse(&print(&plan, &names()).unwrap(), &app(), &names()).unwrap(), plan);
    }

    #[test]
    fn an_empty_file_is_the_plan_without_layers() {
        assert_eq!(parse("", &app(), &names()).unwrap(), Plan::default());
    }

    #[test]
    fn an_odd_name_that_stands_in_the_build_file_may_stay() {
        let text = "[[layer]]\nname = \"a b\"\ntargets = []\n";
        let group = LayerGroup { id: LayerId(0), name: "a b".to_owned(), targets: Vec::new(), form: GroupForm::Direct };
        let workspace = fixture::workspace("//demo/app\n py_binary bin srcs=main.py\n release_app app binary=:bin");
        let on_disk = Plan { groups: vec![group], order: Vec::new() };
        let names = LibraryNames::new(&workspace, &workspace.apps[0], &app(), &on_disk);
        assert_eq!(parse(text, &app(), &names).unwrap().groups[0].name, "a b");
    }

    #[test]
    fn names_what_is_wrong() {
        let check = |text: &str, part: &str| {
            let message = parse(text, &app(), &names()).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        };
        check("[[layer]]\nname = \"a\"\n", "targets");
        check("[[layer]]\nname = \"a b\"\ntargets = []\n", "letters, digits");
        check("[[layer]]\nname = \"a\"\ntargets = []\ntarget = []\n", "unknown field");
        check(
            "[[layer]]\nname = \"a\"\ntargets = []\n[[layer]]\nname = \"a\"\ntargets = []\n",
            "two layers are called `a`",
        );
        check(
            "[[layer]]\nname = \"a\"\ntargets = [\"//x\"]\n[[layer]]\nname = \"b\"\ntargets = [\"//x:x\"]\n",
            "layer `a` and in layer `b`",
        );
        check("[[layer]]\nname = \"a\"\ntargets = [\"//x//y\"]\n", "layer `a`");
    }
}
