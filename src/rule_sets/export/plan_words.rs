//! A plan as exports need it.

use crate::label::Label;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedName {
    /// Normalised by PEP 503.
    pub name: String,
    pub version: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerWords {
    pub name: String,
    pub targets: Vec<Label>,
    pub packages: Vec<LockedName>,
    /// The workspace's Python targets with files in it.
    pub libraries: Vec<Label>,
    /// Of the workspace, relative to the root.
    pub files: Vec<String>,
    /// Generated files, relative to the root.
    pub generated: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanWords {
    pub app: Label,
    /// For the image's target; no name of the package starts with it.
    pub image: String,
    pub binary: Label,
    /// The binary's main file, relative to the root, if known.
    pub main: Option<String>,
    pub base: String,
    /// The package of the layer rules, present or future.
    pub rules_package: String,
    pub has_rules: bool,
    /// Major and minor version, if the workspace has one.
    pub python: Option<(u32, u32)>,
    /// Lowest first.
    pub groups: Vec<LayerWords>,
    /// Everything in no group.
    pub rest: LayerWords,
    /// Folders below the root on Python's path.
    pub imports: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InDialect {
    pub text: String,
    /// Limits and requirements of the text, one sentence each.
    pub limits: Vec<String>,
}

impl InDialect {
    /// The text with the limits as comments above.
    #[must_use]
    pub fn commented(&self) -> String {
        let limits: String = self.limits.iter().map(|limit| format!("# {limit}\n")).collect();
        // A syntax line counts only as the first line of a Dockerfile.
        match self.text.split_once('\n').filter(|(first, _)| first.starts_with("# syntax=")) {
            Some((first, rest)) => format!("{first}\n{limits}{rest}"),
            None if limits.is_empty() => self.text.clone(),
            None => format!("{limits}\n{}", self.text),
        }
    }
}

impl PlanWords {
    pub(crate) fn spelled(&self, label: &Label) -> String {
        label.spelled_in(self.app.package())
    }

    /// `image_layers(...)` of the layer rules.
    pub(crate) fn layers_call(&self) -> String {
        let groups: String = self
            .groups
            .iter()
            .map(|group| {
                let targets: Vec<String> = group.targets.iter().map(|target| self.spelled(target)).collect();
                format!(
                    "        {{\n            \"name\": \"{}\",\n            \"targets\": {},\n        }},\n",
                    group.name,
                    list(&targets, 12)
                )
            })
            .collect();
        let groups = if groups.is_empty() { "[]".to_owned() } else { format!("[\n{groups}    ]") };
        format!(
            "image_layers(\n    name = \"{}\",\n    binary = \"{}\",\n    dep_layers = {groups},\n)\n",
            self.image,
            self.spelled(&self.binary)
        )
    }

    /// Lowest first.
    pub(crate) fn layer_labels(&self) -> Vec<String> {
        let image = &self.image;
        let groups =
            self.groups.iter().enumerate().map(|(index, group)| format!(":{image}_deplayer_{index}_{}", group.name));
        std::iter::once(format!(":{image}_interpreter_layer"))
            .chain(groups)
            .chain([format!(":{image}_app_layer")])
            .collect()
    }

    /// The sentence on the layer rules, if the workspace lacks them.
    pub(crate) fn rules_needed(&self) -> Option<String> {
        let sentence = format!(
            "The tars are made by the layer rules in //{}; `layerwright rules install --files-only` puts them there.",
            self.rules_package
        );
        (!self.has_rules).then_some(sentence)
    }
}

/// Several elements are broken over lines; `indentation` is that of the closing bracket.
pub(crate) fn list(texts: &[String], indentation: usize) -> String {
    match texts {
        [] => "[]".to_owned(),
        [only] => format!("[\"{only}\"]"),
        several => {
            let blanks = " ".repeat(indentation);
            let lines: String = several.iter().map(|text| format!("{blanks}    \"{text}\",\n")).collect();
            format!("[\n{lines}{blanks}]")
        }
    }
}
