//! Rule sets of a workspace: apparent name, version, and changes by the workspace. From calls of MODULE.bazel and
//! WORKSPACE, and the lock's text.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::module_call::ModuleCall;
use super::target::Value;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    /// In the registry, such as `aspect_rules_py`.
    pub name: String,
    /// As far as the workspace's files tell.
    pub version: Option<String>,
    /// A sentence on how the workspace changes or replaces it.
    pub changed: Option<String>,
}

impl Module {
    /// The first three numbers of the version; missing ones are zero.
    #[must_use]
    pub fn numbers(&self) -> Option<[u64; 3]> {
        numbers(self.version.as_deref()?)
    }
}

fn numbers(version: &str) -> Option<[u64; 3]> {
    let mut parts = version.trim_start_matches('v').split(['.', '-', '+', '_']);
    let mut next = || parts.next().and_then(|part| part.parse().ok());
    Some([next()?, next().unwrap_or(0), next().unwrap_or(0)])
}

/// Modules by apparent name. `lock` is MODULE.bazel.lock, which has the version that Bazel chose; `bazel_dep` gives
/// only the minimum.
#[must_use]
pub fn modules<'a>(calls: impl IntoIterator<Item = &'a ModuleCall>, lock: &str) -> BTreeMap<String, Module> {
    let mut found: BTreeMap<String, Module> = BTreeMap::new();
    let mut overrides = Vec::new();
    for call in calls {
        let function = call.function.rsplit('%').next().unwrap_or(&call.function);
        match function {
            "bazel_dep" => add_dependency(call, lock, &mut found),
            "http_archive" | "git_repository" => add_archive(call, &mut found),
            _ if function.ends_with("_override") && !function.contains('.') => overrides.push((function, call)),
            _ => {}
        }
    }
    for (function, call) in overrides {
        for module in found.values_mut().filter(|module| call.text("module_name") == Some(module.name.as_str())) {
            apply_override(module, function, call);
        }
    }
    found
}

fn add_dependency(call: &ModuleCall, lock: &str, found: &mut BTreeMap<String, Module>) {
    let Some(name) = call.text("name") else { return };
    let version = version_in_lock(lock, name).or_else(|| call.text("version")).filter(|version| !version.is_empty());
    let module = Module { name: name.to_owned(), version: version.map(str::to_owned), changed: None };
    found.entry(call.text("repo_name").unwrap_or(name).to_owned()).or_insert(module);
}

/// The version whose source the lock names: of others it has only MODULE.bazel.
fn version_in_lock<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let start = format!("/modules/{name}/");
    lock.match_indices(&start).find_map(|(at, _)| {
        let rest = lock.get(at + start.len()..)?;
        let (version, rest) = rest.split_once('/')?;
        rest.starts_with("source.json").then_some(version)
    })
}

fn add_archive(call: &ModuleCall, found: &mut BTreeMap<String, Module>) {
    let Some(repository) = call.text("name") else { return };
    let urls = call.named.iter().filter(|(key, _)| matches!(key.as_str(), "url" | "urls" | "strip_prefix" | "tag"));
    let mut texts = Vec::new();
    urls.for_each(|(_, value)| collect_texts(value, &mut texts));
    let version = texts.iter().find_map(|text| version_in_address(text));
    let patches = call
        .named
        .iter()
        .any(|(key, value)| key.starts_with("patch") && matches!(value, Value::List(items) if !items.is_empty()));
    let module = Module {
        name: real_name(repository).to_owned(),
        version,
        changed: patches.then(|| format!("This workspace patches `{repository}`")),
    };
    found.entry(repository.to_owned()).or_insert(module);
}

fn collect_texts<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::List(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        _ => {}
    }
}

/// Module of a WORKSPACE's repository with a usual name.
fn real_name(repository: &str) -> &str {
    match repository {
        "contrib_rules_oci" => "rules_oci",
        "com_github_bazelbuild_rules_pkg" => "rules_pkg",
        "com_github_stackb_pycross_image" => "pycross_image",
        name => name,
    }
}

/// Version in an address such as `.../rules_oci-v1.7.5.tar.gz`.
fn version_in_address(text: &str) -> Option<String> {
    let is_start = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        before.is_none_or(|byte| matches!(byte, b'-' | b'/' | b'v' | b'_'))
    };
    let digits = text.char_indices().filter(|(at, character)| character.is_ascii_digit() && is_start(*at));
    let candidates = digits.filter_map(|(at, _)| {
        let rest = text.get(at..)?;
        let end = rest.find(|character: char| !character.is_ascii_alphanumeric() && !matches!(character, '.' | '-'));
        let word = rest.get(..end.unwrap_or(rest.len()))?;
        let word = [".tar", ".tgz", ".zip"]
            .iter()
            .filter_map(|ending| word.find(ending))
            .min()
            .map_or(word, |end| word.get(..end).unwrap_or(word));
        (word.contains('.') && numbers(word).is_some()).then(|| word.to_owned())
    });
    candidates.into_iter().next()
}

fn apply_override(module: &mut Module, function: &str, call: &ModuleCall) {
    let name = &module.name;
    let patches = call
        .named
        .iter()
        .any(|(key, value)| key.starts_with("patch") && matches!(value, Value::List(items) if !items.is_empty()));
    let sentence = match function {
        "single_version_override" => {
            if let Some(version) = call.text("version").filter(|version| !version.is_empty()) {
                module.version = Some(version.to_owned());
            }
            patches.then(|| format!("This workspace patches `{name}`: layers are those of the published version"))
        }
        "local_path_override" => Some(format!("`{name}` comes from a folder: layers are those of the newest version")),
        "archive_override" | "git_override" => {
            let texts: Vec<&str> =
                ["urls", "url", "strip_prefix", "tag", "commit"].into_iter().filter_map(|key| call.text(key)).collect();
            if let Some(version) = texts.iter().find_map(|text| version_in_address(text)) {
                module.version = Some(version);
            }
            Some(format!("`{name}` is replaced by another source: layers are those of the published version"))
        }
        _ => None,
    };
    module.changed = sentence.or_else(|| module.changed.take());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(function: &str, named: &[(&str, &str)]) -> ModuleCall {
        let named = named.iter().map(|(key, value)| ((*key).to_owned(), Value::String((*value).to_owned())));
        ModuleCall { function: function.to_owned(), positional: Vec::new(), named: named.collect(), line: 1 }
    }

    fn check(calls: &[ModuleCall], lock: &str, expected: &[(&str, &str, Option<&str>)]) {
        let found = modules(calls, lock);
        let found: Vec<_> = found
            .iter()
            .map(|(repository, module)| (repository.as_str(), module.name.as_str(), module.version.as_deref()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_module_is_known_by_its_repository_name_and_the_version_in_use() {
        let declared = call("bazel_dep", &[("name", "rules_oci"), ("version", "2.2.3"), ("repo_name", "oci")]);
        check(std::slice::from_ref(&declared), "", &[("oci", "rules_oci", Some("2.2.3"))]);
        let lock = r#""https://x/modules/rules_oci/2.2.3/MODULE.bazel": "a", "https://x/modules/rules_oci/2.2.6/source.json": "b""#;
        check(std::slice::from_ref(&declared), lock, &[("oci", "rules_oci", Some("2.2.6"))]);
        let chosen = call("single_version_override", &[("module_name", "rules_oci"), ("version", "1.8.0")]);
        check(&[chosen, declared], lock, &[("oci", "rules_oci", Some("1.8.0"))]);
    }

    #[test]
    fn an_archive_tells_its_version_by_its_address() {
        let archive = "@bazel_tools//tools/build_defs/repo:http.bzl%http_archive";
        let of = |url: &str| {
            let calls = [call(archive, &[("name", "aspect_rules_py"), ("url", url)])];
            modules(&calls, "").remove("aspect_rules_py").unwrap().version
        };
        for (url, version) in [
            ("https://host/x/releases/download/v1.3.2/rules_py-v1.3.2.tar.gz", Some("1.3.2")),
            ("https://host/x/archive/refs/tags/0.35.0.zip", Some("0.35.0")),
            ("rules_oci-1.7.5-rc1", Some("1.7.5-rc1")),
            ("https://host/x/archive/0123456789abcdef.tar.gz", None),
        ] {
            assert_eq!(of(url).as_deref(), version, "{url}");
        }
    }

    #[test]
    fn an_override_is_noted() {
        let mut patched = call("single_version_override", &[("module_name", "aspect_rules_py")]);
        patched.named.push(("patches".to_owned(), Value::List(vec![Value::String("//:a.patch".to_owned())])));
        let declared = call("bazel_dep", &[("name", "aspect_rules_py"), ("version", "1.11.5")]);
        let found = modules(&[declared, patched], "");
        let module = &found["aspect_rules_py"];
        assert_eq!(module.numbers(), Some([1, 11, 5]));
        assert!(module.changed.as_deref().unwrap().starts_with("This workspace patches `aspect_rules_py`"));
    }
}
