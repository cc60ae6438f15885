//! Lines of a program's items in the listing that a rule set divides by regular expressions. An item is a file, or a
//! package of which only some files are known: a module and the metadata stand for all.

use regex::RegexBuilder;

use crate::graph::contents::{Contents, Item, ItemKind};
use crate::graph::item_set::{ItemId, ItemSet};
use crate::label::Label;
use crate::layers::stack::Listing;
use crate::workspace::lock::Wheel;
use crate::workspace::model::{Hub, Workspace};
use crate::workspace::platform::{Architecture, Platform};

/// In bytes: expressions come from the workspace.
const LARGEST_EXPRESSION: usize = 1 << 20;

#[derive(Clone, Debug, Default)]
pub struct Paths {
    items: Vec<Lines>,
    labels: Vec<Label>,
}

#[derive(Clone, Debug, Default)]
struct Lines {
    /// Possible spellings of the item's first file.
    first: Vec<String>,
    /// Another file of the item.
    second: Vec<String>,
}

/// Items that an expression matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    pub items: ItemSet,
    /// Packages of which only some files match.
    pub in_part: Vec<Label>,
}

impl Paths {
    #[must_use]
    pub fn new(
        workspace: &Workspace,
        binary: &Label,
        contents: &Contents,
        listing: &Listing,
        platform: &Platform,
    ) -> Self {
        let lister = Lister { workspace, binary, listing, platform, python: python(contents) };
        let items = contents.items.iter().map(|item| lister.lines(item)).collect();
        Self { items, labels: contents.items.iter().map(|item| item.label.clone()).collect() }
    }

    /// Returns items with a line that matches.
    ///
    /// # Errors
    /// When the expression is invalid, or depends on a name that the workspace does not say.
    pub fn matching(&self, expression: &str) -> Result<Matched, String> {
        let regex = RegexBuilder::new(expression)
            .size_limit(LARGEST_EXPRESSION)
            .dfa_size_limit(LARGEST_EXPRESSION)
            .build()
            .map_err(|_| format!("The expression `{expression}` is not one that awk and grep agree on"))?;
        let mut matched = Matched::default();
        for ((id, lines), label) in (0_u32..).map(ItemId).zip(&self.items).zip(&self.labels) {
            let count = lines.first.iter().filter(|line| regex.is_match(line)).count();
            if count > 0 && count < lines.first.len() {
                return Err(format!(
                    "`{expression}` takes {label} or not by the name of its wheel, which the lock does not say"
                ));
            }
            if count > 0 {
                matched.items.insert(id);
            }
            let also = lines.second.iter().any(|line| regex.is_match(line));
            if !lines.second.is_empty() && also != (count > 0) {
                matched.in_part.push(label.clone());
            }
        }
        Ok(matched)
    }
}

fn python(contents: &Contents) -> (u32, u32) {
    let interpreter = contents.item(contents.interpreter).map(|item| &item.kind);
    match interpreter {
        Some(ItemKind::Interpreter { version: Some(version), .. }) => *version,
        _ => (3, 11),
    }
}

struct Lister<'a> {
    workspace: &'a Workspace,
    binary: &'a Label,
    listing: &'a Listing,
    platform: &'a Platform,
    python: (u32, u32),
}

impl Lister<'_> {
    fn lines(&self, item: &Item) -> Lines {
        let (major, minor) = self.python;
        let one = |line: String| Lines { first: vec![line], second: Vec::new() };
        match &item.kind {
            ItemKind::File { path, .. } => one(self.line("_main", path, path)),
            ItemKind::Generated { path, .. } => {
                one(self.line("_main", path, &format!("bazel-out/k8-fastbuild/bin/{path}")))
            }
            ItemKind::EmptyInit { path } => one(self.line("_main", path, "")),
            ItemKind::Launcher => {
                let path = self.binary.path();
                one(self.whole(format!("{}{path}", self.listing.root), &format!("bazel-out/k8-fastbuild/bin/{path}")))
            }
            ItemKind::Interpreter { .. } => {
                let arch = match self.platform.arch {
                    Architecture::Amd64 => "x86_64",
                    Architecture::Arm64 => "aarch64",
                };
                let repository = format!("rules_python++python+python_{major}_{minor}_{arch}-unknown-linux-gnu");
                let file = format!("lib/python{major}.{minor}/os.py");
                one(self.line(&repository, &file, &format!("external/{repository}/{file}")))
            }
            ItemKind::Package { name, version, wheel, .. } => {
                let hub = item.label.repository_name().and_then(|name| self.workspace.hubs.get(name));
                let name = name.as_str().replace('-', "_");
                let repositories = self.repositories(hub, &name, version, wheel.as_ref());
                let site = if hub.is_some_and(|hub| hub.rule_set == "aspect_rules_py") {
                    format!("install/lib/python{major}.{minor}/site-packages")
                } else {
                    "site-packages".to_owned()
                };
                let file = |end: String| {
                    let path = format!("{site}/{end}");
                    let lines = repositories.iter();
                    lines.map(|of| self.line(of, &path, &format!("external/{of}/{path}"))).collect::<Vec<_>>()
                };
                Lines {
                    first: file(format!("{name}/__init__.py")),
                    second: file(format!("{name}-{version}.dist-info/METADATA")),
                }
            }
        }
    }

    /// Possible names of a package's repository.
    fn repositories(&self, hub: Option<&Hub>, name: &str, version: &str, wheel: Option<&Wheel>) -> Vec<String> {
        let (major, minor) = self.python;
        let Some(hub) = hub else { return vec![name.to_owned()] };
        let hub_name = &hub.repository;
        match (hub.rule_set.as_str(), hub.downloads) {
            ("aspect_rules_py", _) => {
                let version = version.replace(['.', '+'], "_");
                vec![format!("aspect_rules_py++uv+whl_install__{hub_name}__{name}__{version}")]
            }
            ("rules_pycross", _) => vec![format!("rules_pycross++lock_repos+{hub_name}/_lock/{name}@{version}")],
            (_, false) => vec![format!("rules_python++pip+{hub_name}_{major}{minor}_{name}")],
            (_, true) => {
                let prefix = format!("rules_python++pip+{hub_name}_{major}{minor}_");
                let any = format!("{prefix}{name}_py3_none_any_00000000");
                let arch = match self.platform.arch {
                    Architecture::Amd64 => "x86_64",
                    Architecture::Arm64 => "aarch64",
                };
                let native = format!("{prefix}{name}_cp{major}{minor}_cp{major}{minor}_manylinux_2_17_{arch}_00000000");
                match wheel {
                    Some(wheel) if wheel.file_name.ends_with("-any.whl") => vec![any],
                    Some(_) => vec![native],
                    None => vec![any, native],
                }
            }
        }
    }

    fn line(&self, repository: &str, path: &str, content: &str) -> String {
        self.whole(format!("{}{}.runfiles/{repository}/{path}", self.listing.root, self.binary.path()), content)
    }

    /// The whole line of the manifest, if expressions match that.
    fn whole(&self, path: String, content: &str) -> String {
        match (self.listing.is_whole_line, content) {
            (false, _) => path,
            (true, "") => format!("{path} uid=0 gid=0 time=1672560000 mode=0755 type=file"),
            (true, content) => format!("{path} uid=0 gid=0 time=1672560000 mode=0755 type=file content={content}"),
        }
    }
}
