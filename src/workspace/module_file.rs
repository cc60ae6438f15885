//! What MODULE.bazel and WORKSPACE say of Python: the package hubs with their lock files, the interpreter's version, and
//! the workspace's own names. Works on the calls that an evaluation recorded; reads nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::evaluated::ModuleCall;
use super::model::{PythonChoice, Value};
use super::repositories::Home;
use crate::label::Label;

/// A hub as it is declared; its lock file is not read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredHub {
    /// Name without `@`.
    pub repository: String,
    /// The lock file, relative to the root.
    pub lock_path: String,
    /// Which rule set makes the hub.
    pub rule_set: &'static str,
    /// Line of the declaration.
    pub line: usize,
}

/// The names by which the workspace calls itself.
#[must_use]
pub fn own_names(calls: &[ModuleCall]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for call in calls.iter().filter(|call| matches!(call.function.as_str(), "module" | "workspace")) {
        names.extend(["name", "repo_name"].iter().filter_map(|key| call.text(key)).map(str::to_owned));
    }
    names.dedup();
    names
}

/// Files that MODULE.bazel includes, relative to its folder.
#[must_use]
pub fn included_files(calls: &[ModuleCall]) -> Vec<String> {
    let includes = calls.iter().filter(|call| call.function == "include");
    let texts = includes.filter_map(|call| match call.positional.first() {
        Some(Value::String(text)) => Some(text.as_str()),
        _ => call.text("label"),
    });
    texts.filter_map(|text| Some(Label::parse(text, "").ok().filter(Label::is_main)?.path())).collect()
}

/// The file that a label of the workspace names.
fn path_of(text: &str, home: Home<'_>) -> Option<String> {
    home.repositories.file(&home.parse(text).ok()?)
}

/// The modules that `local_path_override` and `local_repository` take from folders of the workspace: the name that labels
/// use, and the folder below the root.
#[must_use]
pub fn local_repositories(calls: &[ModuleCall]) -> BTreeMap<String, String> {
    let mut local = BTreeMap::new();
    for call in calls {
        let last = call.function.rsplit(['%', '.']).next().unwrap_or(&call.function);
        let name = match last {
            "local_path_override" => call.text("module_name").map(|module| apparent_name(calls, module)),
            "local_repository" => call.text("name"),
            _ => None,
        };
        let folder = call.text("path").and_then(folder_below_root);
        local.extend(name.zip(folder).map(|(name, folder)| (name.to_owned(), folder)));
    }
    local
}

/// The name that labels use for a module: `bazel_dep(name = module, repo_name = ...)`.
fn apparent_name<'a>(calls: &'a [ModuleCall], module: &'a str) -> &'a str {
    let mut declared = calls.iter().filter(|call| call.function == "bazel_dep" && call.text("name") == Some(module));
    declared.next().and_then(|call| call.text("repo_name")).unwrap_or(module)
}

/// A path as it is written, without `.` parts; `None` for one that leads out of the root or to it.
fn folder_below_root(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.strip_prefix("%workspace%/").unwrap_or(path).split('/') {
        match part {
            "" if parts.is_empty() && path.starts_with('/') => return None,
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The hubs, in the order of their declarations. The first declaration of a name counts: a second one is for another
/// Python version.
#[must_use]
pub fn hubs(calls: &[ModuleCall], home: Home<'_>) -> Vec<DeclaredHub> {
    let mut hubs: Vec<DeclaredHub> = Vec::new();
    for hub in calls.iter().filter_map(|call| hub(call, home)) {
        if !hubs.iter().any(|known| known.repository == hub.repository) {
            hubs.push(hub);
        }
    }
    hubs
}

fn hub(call: &ModuleCall, home: Home<'_>) -> Option<DeclaredHub> {
    // `@rules_python//python/extensions:pip.bzl%pip.parse`: the last part says what is declared, the file by whom.
    let (file, path) = call.function.split_once('%').unwrap_or(("", &call.function));
    let last = path.rsplit('.').next().unwrap_or(path);
    let first = |keys: &[&str]| keys.iter().find_map(|key| call.text(key));
    let (repository, lock, rule_set) = match last {
        "import_uv" | "import_pdm" | "import_poetry" => (call.text("repo")?, first(&["lock_file"])?, "rules_pycross"),
        "parse" if path.starts_with("pip") => {
            (call.text("hub_name")?, first(&REQUIREMENT_KEYS).or_else(|| by_platform(call))?, "rules_python")
        }
        "pip_parse" | "pip_install" | "pip_repository" => {
            (call.text("name").unwrap_or("pip"), first(&REQUIREMENT_KEYS)?, "rules_python")
        }
        "project" | "lockfile" if path.starts_with("uv") => {
            (call.text("hub_name")?, first(&["lock", "src"])?, "aspect_rules_py")
        }
        "pip" if file.contains("rules_uv") => (call.text("hub_name")?, first(&REQUIREMENT_KEYS)?, "rules_uv"),
        _ => return None,
    };
    let lock_path = path_of(lock, home)?;
    Some(DeclaredHub { repository: repository.to_owned(), lock_path, rule_set, line: call.line })
}

/// Arguments that name a requirements file; the one for Linux comes first, because images are Linux.
const REQUIREMENT_KEYS: [&str; 4] = ["requirements_linux", "requirements_lock", "requirements_txt", "requirements"];

/// `requirements_by_platform = {"//:linux.txt": "linux_*"}`: the file for Linux, else the first one.
fn by_platform(call: &ModuleCall) -> Option<&str> {
    let (_, Value::Dict(entries)) = call.named.iter().find(|(key, _)| key == "requirements_by_platform")? else {
        return None;
    };
    let text = |value: &'_ Value| matches!(value, Value::String(text) if text.contains("linux"));
    let entry = entries.iter().find(|(_, platforms)| text(platforms)).or_else(|| entries.first());
    entry.and_then(|(file, _)| if let Value::String(file) = file { Some(file.as_str()) } else { None })
}

/// The Python version that these calls say: the default toolchain, else the only one.
#[must_use]
pub fn python(calls: &[ModuleCall], path: &str) -> Option<PythonChoice> {
    let toolchains: Vec<&ModuleCall> = calls.iter().filter(|call| declares_python(call)).collect();
    let is_default = |call: &&&ModuleCall| {
        let said = call.named.iter().find(|(key, _)| key == "is_default").map(|(_, value)| value);
        said == Some(&Value::Bool(true)) || call.function.ends_with(".defaults")
    };
    let chosen = toolchains.iter().find(is_default).or_else(|| toolchains.last())?;
    let text = chosen.text("python_version").or_else(|| chosen.text("default_version"))?;
    let said_in = format!("{path}:{}", chosen.line);
    version(text).map(|version| PythonChoice { version, said_in })
}

fn declares_python(call: &ModuleCall) -> bool {
    let path = call.function.rsplit('%').next().unwrap_or(&call.function);
    let declares = matches!(
        path,
        "python.toolchain"
            | "python.defaults"
            | "interpreters.toolchain"
            | "python_register_toolchains"
            | "python_register_multi_toolchains"
            | "py_repositories"
    );
    declares && (call.text("python_version").is_some() || call.text("default_version").is_some())
}

/// Major and minor of the first version in a text such as `3.13.1`, `>=3.12,<4` or `~=3.11`.
#[must_use]
pub fn version(text: &str) -> Option<(u32, u32)> {
    let start = text.find(|character: char| character.is_ascii_digit())?;
    let mut parts = text.get(start..)?.split(|character: char| !character.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// What a file says of the Python version, for comparing two of its versions: the text of each `python_version = "…"`,
/// or the content of a `.python-version` file. `None` where it says nothing.
#[must_use]
pub fn python_version_said(path: &str, bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    if path.ends_with(".python-version") {
        return python_version_file(&text, path).map(|choice| format!("{}.{}", choice.version.0, choice.version.1));
    }
    // Each version once: the same one is often named by several extensions, and that their number changes says nothing.
    let said: BTreeSet<&str> = text.split("python_version").skip(1).filter_map(quoted_value).collect();
    (!said.is_empty()).then(|| said.into_iter().collect::<Vec<_>>().join(" "))
}

/// The string in `= "3.13"`.
fn quoted_value(rest: &str) -> Option<&str> {
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

/// The version in a `.python-version` file.
#[must_use]
pub fn python_version_file(text: &str, path: &str) -> Option<PythonChoice> {
    let (index, line) =
        text.lines().enumerate().find(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))?;
    Some(PythonChoice { version: version(line)?, said_in: format!("{path}:{}", index + 1) })
}

/// The lowest version that `requires-python` of a pyproject.toml allows.
#[must_use]
pub fn requires_python(pyproject: &str, path: &str) -> Option<PythonChoice> {
    let mut lines = pyproject.lines().enumerate();
    let (index, text) = lines.find_map(|(index, line)| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "requires-python").then_some((index, value))
    })?;
    Some(PythonChoice { version: version(text)?, said_in: format!("{path}:{}", index + 1) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::repositories::Repositories;

    fn call(function: &str, named: &[(&str, &str)]) -> ModuleCall {
        let named = named.iter().map(|(key, value)| ((*key).to_owned(), Value::String((*value).to_owned())));
        ModuleCall { function: function.to_owned(), positional: Vec::new(), named: named.collect(), line: 7 }
    }

    fn check_hub(call: ModuleCall, expected: Option<(&str, &str, &str)>) {
        let repositories = Repositories { own_names: vec!["me".to_owned()], ..Repositories::default() };
        let hubs = hubs(&[call], repositories.at(""));
        let found = hubs.first().map(|hub| (hub.repository.as_str(), hub.lock_path.as_str(), hub.rule_set));
        assert_eq!(found, expected);
    }

    #[test]
    fn knows_the_hubs_of_each_rule_set() {
        let pycross = "@rules_pycross//pycross/extensions:lock_import.bzl%lock_import.import_uv";
        check_hub(
            call(pycross, &[("lock_file", "//:uv.lock"), ("repo", "pypi")]),
            Some(("pypi", "uv.lock", "rules_pycross")),
        );
        let pip = "@rules_python//python/extensions:pip.bzl%pip.parse";
        let lock = [("hub_name", "pip"), ("requirements_lock", "//third_party:requirements.txt")];
        check_hub(call(pip, &lock), Some(("pip", "third_party/requirements.txt", "rules_python")));
        let legacy = "@rules_python//python:pip.bzl%pip_parse";
        let lock = [("name", "deps"), ("requirements_lock", "//:req.txt"), ("requirements_linux", "@//:req_linux.txt")];
        check_hub(call(legacy, &lock), Some(("deps", "req_linux.txt", "rules_python")));
        let aspect = "@aspect_rules_py//uv/unstable:extension.bzl%uv.project";
        check_hub(
            call(aspect, &[("hub_name", "pypi"), ("lock", "//:uv.lock")]),
            Some(("pypi", "uv.lock", "aspect_rules_py")),
        );
        let lock = [("hub_name", "pip"), ("requirements_lock", "@me//third_party:requirements.txt")];
        check_hub(call(pip, &lock), Some(("pip", "third_party/requirements.txt", "rules_python")));
        check_hub(call(pip, &[("hub_name", "pip"), ("requirements_lock", "@other//:r.txt")]), None);
        check_hub(call("use_repo", &[("hub_name", "pip")]), None);
    }

    #[test]
    fn requirements_by_platform_give_the_file_for_linux() {
        let mut by_platform = call("@rules_python//python/extensions:pip.bzl%pip.parse", &[("hub_name", "pip")]);
        let text = |text: &str| Value::String(text.to_owned());
        let files = vec![(text("//:osx.txt"), text("osx_*")), (text("//:linux.txt"), text("linux_*,host"))];
        by_platform.named.push(("requirements_by_platform".to_owned(), Value::Dict(files)));
        check_hub(by_platform, Some(("pip", "linux.txt", "rules_python")));
    }

    #[test]
    fn the_default_toolchain_decides_the_version() {
        let function = "@rules_python//python/extensions:python.bzl%python.toolchain";
        let mut default = call(function, &[("python_version", "3.12")]);
        default.named.push(("is_default".to_owned(), Value::Bool(true)));
        let calls =
            [call(function, &[("python_version", "3.11")]), default, call(function, &[("python_version", "3.13")])];
        let choice = python(&calls, "MODULE.bazel").unwrap();
        assert_eq!((choice.version, choice.said_in.as_str()), ((3, 12), "MODULE.bazel:7"));
        assert_eq!(python(&calls[..1], "WORKSPACE").unwrap().version, (3, 11));
        assert_eq!(python(&[], "MODULE.bazel"), None);
    }

    #[test]
    fn versions_are_found_in_every_form() {
        for (text, version) in [
            ("3.13", Some((3, 13))),
            (">=3.12,<4", Some((3, 12))),
            (" \"~= 3.11.2\"", Some((3, 11))),
            ("cpython-3.10.1", Some((3, 10))),
            ("3", None),
            ("pypy", None),
            ("99999999999.1", None),
        ] {
            assert_eq!(super::version(text), version, "{text}");
        }
        let file = python_version_file("# pyenv\n3.12.4\n", ".python-version").unwrap();
        assert_eq!((file.version, file.said_in.as_str()), ((3, 12), ".python-version:2"));
        let project =
            requires_python("[project]\nname = \"x\"\nrequires-python = \">=3.11\"\n", "pyproject.toml").unwrap();
        assert_eq!((project.version, project.said_in.as_str()), ((3, 11), "pyproject.toml:3"));
    }

    #[test]
    fn modules_in_folders_of_the_workspace_have_the_name_that_labels_use() {
        let text = |function: &str, path: &str| call(function, &[("module_name", "a"), ("name", "b"), ("path", path)]);
        let local = |calls: &[ModuleCall]| local_repositories(calls).into_iter().collect::<Vec<_>>();
        let found = |name: &str, folder: &str| vec![(name.to_owned(), folder.to_owned())];
        assert_eq!(local(&[text("local_path_override", "./x/../libs/a/")]), found("a", "libs/a"));
        assert_eq!(local(&[text("local_repository", "libs/b")]), found("b", "libs/b"));
        let rule = "@bazel_tools//tools/build_defs/repo:local.bzl%local_repository";
        assert_eq!(local(&[text(rule, "libs/b")]), found("b", "libs/b"));
        let renamed = call("bazel_dep", &[("name", "a"), ("repo_name", "z")]);
        assert_eq!(local(&[renamed, text("local_path_override", "libs/a")]), found("z", "libs/a"));
        for outside in ["../a", "/srv/a", ".", "x/../.."] {
            assert_eq!(local(&[text("local_path_override", outside)]), [], "{outside}");
        }
    }

    #[test]
    fn included_files_and_own_names() {
        let mut include = call("include", &[]);
        include.positional.push(Value::String("//tools:python.MODULE.bazel".to_owned()));
        assert_eq!(included_files(&[include]), ["tools/python.MODULE.bazel"]);
        assert_eq!(own_names(&[call("module", &[("name", "a"), ("repo_name", "b")])]), ["a", "b"]);
    }
}
