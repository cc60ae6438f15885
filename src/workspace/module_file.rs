//! Package hubs, the workspace's own names, and local modules, from the recorded calls of MODULE.bazel and WORKSPACE.

use std::collections::BTreeMap;

use super::model::Value;
use super::module_call::ModuleCall;
use super::repositories::Home;
use crate::label::Label;

/// Its lock file is not read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredHub {
    /// Without `@`.
    pub repository: String,
    /// Relative to the root.
    pub lock_path: String,
    pub rule_set: &'static str,
    /// Bazel downloads the wheels, so that each has a repository named after its file.
    pub downloads: bool,
    /// Whether a repository rule in WORKSPACE makes it, not an extension of a module.
    pub in_workspace: bool,
    /// The Python version that the lock is for, where one is given.
    /// Of the lock, if given.
    pub python_version: Option<String>,
    pub line: usize,
}

/// Names of the workspace itself.
#[must_use]
pub fn own_names(calls: &[ModuleCall]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for call in calls.iter().filter(|call| matches!(call.function.as_str(), "module" | "workspace")) {
        names.extend(["name", "repo_name"].iter().filter_map(|key| call.text(key)).map(str::to_owned));
    }
    names.dedup();
    names
}

/// Relative to the folder of MODULE.bazel.
#[must_use]
pub fn included_files(calls: &[ModuleCall]) -> Vec<String> {
    let includes = calls.iter().filter(|call| call.function == "include");
    let texts = includes.filter_map(|call| match call.positional.first() {
        Some(Value::String(text)) => Some(text.as_str()),
        _ => call.text("label"),
    });
    texts.filter_map(|text| Some(Label::parse(text, "").ok().filter(Label::is_main)?.path())).collect()
}

fn path_of(text: &str, home: Home<'_>) -> Option<String> {
    home.repositories.file(&home.parse(text).ok()?)
}

/// Modules in folders of the workspace (`local_path_override`, `local_repository`): apparent name and folder below the
/// root.
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

/// `bazel_dep(name = module, repo_name = ...)`.
fn apparent_name<'a>(calls: &'a [ModuleCall], module: &'a str) -> &'a str {
    let mut declared = calls.iter().filter(|call| call.function == "bazel_dep" && call.text("name") == Some(module));
    declared.next().and_then(|call| call.text("repo_name")).unwrap_or(module)
}

/// Removes `.` parts; `None` for a path out of the root or to it.
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

/// In order; a hub for several Python versions comes once for each.
#[must_use]
pub fn hubs(calls: &[ModuleCall], home: Home<'_>) -> Vec<DeclaredHub> {
    calls.iter().filter_map(|call| hub(call, home)).collect()
}

fn hub(call: &ModuleCall, home: Home<'_>) -> Option<DeclaredHub> {
    // `@rules_python//python/extensions:pip.bzl%pip.parse`: file and declared thing.
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
    let python_version = call.text("python_version").map(str::to_owned);
    let index = call.text("experimental_index_url").is_some_and(|url| !url.is_empty());
    let downloads = rule_set == "rules_python" && index;
    let repository = repository.to_owned();
    let in_workspace = !path.contains('.');
    Some(DeclaredHub { repository, lock_path, rule_set, downloads, in_workspace, python_version, line: call.line })
}

/// The one for Linux comes first, because images are Linux.
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
