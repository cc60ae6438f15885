//! A plan as the writers of text need it.

use crate::label::Label;

/// A locked package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedName {
    /// Its name as PEP 503 writes it.
    pub name: String,
    pub version: String,
}

/// The content of one layer, and the targets that it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerWords {
    pub name: String,
    /// The targets that it was given.
    pub targets: Vec<Label>,
    /// The packages that land in it.
    pub packages: Vec<LockedName>,
    /// The workspace's own Python targets whose files land in it.
    pub libraries: Vec<Label>,
    /// The workspace's own files that land in it, relative to the root.
    pub files: Vec<String>,
    /// Files that the build makes and that land in it, relative to the root.
    pub generated: Vec<String>,
}

/// Everything that a dialect may need of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanWords {
    pub app: Label,
    /// A name for the image's target: one that begins no name of the app's package.
    pub image: String,
    pub binary: Label,
    /// The file that the binary runs, relative to the root, where that is known.
    pub main: Option<String>,
    /// The image below.
    pub base: String,
    /// The package that holds the layer rules, or would.
    pub rules_package: String,
    /// It holds them already.
    pub has_rules: bool,
    /// Python's major and minor version, where the workspace says one.
    pub python: Option<(u32, u32)>,
    /// The groups, lowest first.
    pub groups: Vec<LayerWords>,
    /// Everything that no group holds.
    pub rest: LayerWords,
    /// Folders below the root that targets put on Python's path.
    pub imports: Vec<String>,
}

/// A plan in a dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InDialect {
    /// The text to paste.
    pub text: String,
    /// Everything that the text can't say, and what it needs; one sentence each.
    pub limits: Vec<String>,
}

impl InDialect {
    /// The text with the limits above it, as comments: what stands alone in a file.
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
    /// A label as the app's own BUILD file writes it.
    pub(crate) fn spelled(&self, label: &Label) -> String {
        label.spelled_in(self.app.package())
    }

    /// `image_layers(...)` of the layer rules, for an image of this name.
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

    /// The labels of the layers that `image_layers` makes, lowest first.
    pub(crate) fn layer_labels(&self) -> Vec<String> {
        let image = &self.image;
        let groups =
            self.groups.iter().enumerate().map(|(index, group)| format!(":{image}_deplayer_{index}_{}", group.name));
        std::iter::once(format!(":{image}_interpreter_layer"))
            .chain(groups)
            .chain([format!(":{image}_app_layer")])
            .collect()
    }

    /// The sentence on the layer rules, where the workspace lacks them.
    pub(crate) fn rules_needed(&self) -> Option<String> {
        let sentence = format!(
            "The tars are made by the layer rules in //{}; `layerwright rules install --files-only` puts them there.",
            self.rules_package
        );
        (!self.has_rules).then_some(sentence)
    }
}

/// A list of texts: one on the line, several broken over lines, `indentation` blanks before the closing bracket.
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
