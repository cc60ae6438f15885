//! The lines that stand for a program's items in the listing that a rule set divides by regular expressions.
//!
//! A listing names every file below `<binary>.runfiles/`. An item is one file, or one package or interpreter of which only
//! some files are known: then the first of these stands for all.

use regex::RegexBuilder;

use crate::graph::contents::{Contents, Item, ItemKind};
use crate::graph::item_set::{ItemId, ItemSet};
use crate::label::Label;
use crate::layers::stack::Listing;
use crate::rule_sets::package_names::Package;
use crate::workspace::lock::PackageName;
use crate::workspace::model::Workspace;
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
    /// Files of the item, the one that stands for it first. A file has several spellings where the workspace does not say
    /// which is right.
    files: Vec<Vec<String>>,
}

/// Items that an expression matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    pub items: ItemSet,
    /// Items of which only some files match.
    pub in_part: Vec<Label>,
}

impl Paths {
    /// Returns the lines of the items of `binary`. `is_native` says of a package without a known wheel whether its wheel
    /// holds machine code.
    #[must_use]
    pub fn new(
        workspace: &Workspace,
        binary: &Label,
        contents: &Contents,
        listing: &Listing,
        platform: &Platform,
        is_native: &dyn Fn(&PackageName, &str) -> Option<bool>,
    ) -> Self {
        let lister = Lister { workspace, binary, listing, platform, python: python(contents), is_native };
        let items = contents.items.iter().map(|item| Lines { files: lister.files(item) }).collect();
        Self { items, labels: contents.items.iter().map(|item| item.label.clone()).collect() }
    }

    /// Returns the items with a line that matches `expression`.
    ///
    /// # Errors
    /// When the expression is not valid, or when it depends on a name that the workspace does not say.
    pub fn matching(&self, expression: &str) -> Result<Matched, String> {
        let regex = RegexBuilder::new(expression)
            .size_limit(LARGEST_EXPRESSION)
            .dfa_size_limit(LARGEST_EXPRESSION)
            .build()
            .map_err(|_| format!("the expression `{expression}` is not one that awk and grep agree on"))?;
        let mut matched = Matched::default();
        let mut in_doubt: Vec<&Label> = Vec::new();
        for ((id, lines), label) in (0_u32..).map(ItemId).zip(&self.items).zip(&self.labels) {
            // `None` where the spellings of a file disagree.
            let is_taken = |spellings: &Vec<String>| {
                let count = spellings.iter().filter(|line| regex.is_match(line)).count();
                (count == 0 || count == spellings.len()).then_some(count > 0)
            };
            let mut taken = lines.files.iter().map(is_taken);
            match taken.next() {
                Some(None) => in_doubt.push(label),
                Some(Some(first)) => {
                    if first {
                        matched.items.insert(id);
                    }
                    if taken.any(|other| other == Some(!first)) {
                        matched.in_part.push(label.clone());
                    }
                }
                None => {}
            }
        }
        let Some(first) = in_doubt.first() else { return Ok(matched) };
        let others = match in_doubt.len() {
            1 => String::new(),
            2 => " and 1 other".to_owned(),
            count => format!(" and {} others", count - 1),
        };
        Err(format!(
            "whether `{expression}` takes {first}{others} rests on the names of repositories, which no file here says"
        ))
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
    is_native: &'a dyn Fn(&PackageName, &str) -> Option<bool>,
}

impl Lister<'_> {
    fn files(&self, item: &Item) -> Vec<Vec<String>> {
        match &item.kind {
            ItemKind::File { path, .. } => vec![self.own(&item.label, path, path)],
            ItemKind::Generated { path, .. } => {
                vec![self.own(&item.label, path, &format!("bazel-out/k8-fastbuild/bin/{path}"))]
            }
            ItemKind::EmptyInit { path } => vec![self.own(&item.label, path, "")],
            ItemKind::Launcher => {
                let path = self.binary.path();
                let content = format!("bazel-out/k8-fastbuild/bin/{path}");
                vec![vec![self.whole(format!("{}{path}", self.listing.root), &content)]]
            }
            ItemKind::Interpreter { .. } => self.interpreter(),
            ItemKind::Package { name, version, wheel, .. } => {
                let is_native = if wheel.is_none() { (self.is_native)(name, version) } else { None };
                self.package(&item.label, &Package { name, version, wheel: wheel.as_ref(), is_native })
            }
        }
    }

    /// Returns the line of a file of the workspace, or of a module in a folder of it.
    fn own(&self, label: &Label, path: &str, content: &str) -> Vec<String> {
        let names = &self.workspace.repository_names;
        let local = label
            .repository_name()
            .and_then(|name| Some((name, self.workspace.packages.repositories.local.get(name)?)));
        match local {
            Some((name, folder)) => {
                let inside = path.strip_prefix(folder.as_str()).unwrap_or(path).trim_start_matches('/');
                names
                    .of_local_module(name)
                    .iter()
                    .map(|of| self.line(of, inside, &format!("external/{of}/{inside}")))
                    .collect()
            }
            None => names.main.iter().map(|main| self.line(main, path, content)).collect(),
        }
    }

    /// Returns lines of the interpreter: its library, and what an expression may tell from it.
    fn interpreter(&self) -> Vec<Vec<String>> {
        let (major, minor) = self.python;
        let arch = match self.platform.arch {
            Architecture::Amd64 => "x86_64",
            Architecture::Arm64 => "aarch64",
        };
        let names = &self.workspace.repository_names;
        let version_of = |module: &str| {
            self.workspace
                .modules
                .values()
                .find(|known| known.name == module)
                .and_then(|known| known.version.as_deref())
        };
        let of_rules_python = format!("python_{major}_{minor}_{arch}-unknown-linux-gnu");
        let mut repositories =
            names.of_extension(("rules_python", version_of("rules_python")), "python", &of_rules_python);
        // rules_py 1.10 and later bring interpreters of its own.
        let rules_py = self.workspace.modules.values().find(|module| module.name == "aspect_rules_py");
        if rules_py.and_then(|module| module.numbers()).is_some_and(|numbers| numbers >= [1, 10, 0]) {
            let name = format!("python_{major}_{minor}_{arch}_unknown_linux_gnu");
            repositories.extend(names.of_extension(
                ("aspect_rules_py", version_of("aspect_rules_py")),
                "python_interpreters",
                &name,
            ));
        }
        let files = [
            format!("lib/python{major}.{minor}/os.py"),
            format!("bin/python{major}.{minor}"),
            format!("include/python{major}.{minor}/Python.h"),
            format!("lib/python{major}.{minor}/encodings/__init__.py"),
            format!("lib/python{major}.{minor}/lib-dynload/_ssl.cpython-{major}{minor}-{arch}-linux-gnu.so"),
            format!("lib/python{major}.{minor}/site-packages/pip/__init__.py"),
        ];
        let lines = |file: &String| {
            repositories.iter().map(|of| self.line(of, file, &format!("external/{of}/{file}"))).collect()
        };
        files.iter().map(lines).collect()
    }

    /// Returns lines of a package: its modules, then its metadata.
    fn package(&self, label: &Label, package: &Package<'_>) -> Vec<Vec<String>> {
        let (major, minor) = self.python;
        let hub = label.repository_name().and_then(|name| self.workspace.hubs.get(name));
        let repositories = match hub {
            Some(hub) => package.repositories(self.workspace, hub, self.python, self.platform),
            None => vec![package.underscored()],
        };
        let site = if hub.is_some_and(|hub| hub.rule_set == "aspect_rules_py") {
            format!("install/lib/python{major}.{minor}/site-packages")
        } else {
            "site-packages".to_owned()
        };
        let modules = package.modules().into_iter().map(|module| match module.ends_with(".py") {
            true => module,
            false => format!("{module}/__init__.py"),
        });
        let metadata = format!("{}-{}.dist-info/METADATA", package.underscored(), package.version);
        let files = modules.chain([metadata]).map(|file| format!("{site}/{file}"));
        let lines = |file: String| {
            repositories.iter().map(|of| self.line(of, &file, &format!("external/{of}/{file}"))).collect()
        };
        files.map(lines).collect()
    }

    fn line(&self, repository: &str, path: &str, content: &str) -> String {
        self.whole(format!("{}{}.runfiles/{repository}/{path}", self.listing.root, self.binary.path()), content)
    }

    /// Returns the whole line of the manifest where expressions see that.
    fn whole(&self, path: String, content: &str) -> String {
        match (self.listing.is_whole_line, content) {
            (false, _) => path,
            (true, "") => format!("{path} uid=0 gid=0 time=1672560000 mode=0755 type=file"),
            (true, content) => format!("{path} uid=0 gid=0 time=1672560000 mode=0755 type=file content={content}"),
        }
    }
}
