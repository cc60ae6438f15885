//! The Python interpreter of a workspace's toolchains, as the rule sets choose it. From calls of MODULE.bazel and
//! WORKSPACE.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{PythonChoice, Value};
use super::module_call::ModuleCall;
use super::modules::Module;
use super::python_version::{full_version, python_version_file, requires_python, rules_python, version};
use super::repositories::Repositories;
use crate::build_file::fold::{self, Constants, FoldedCall, FoldedValue};
use crate::build_file::{Dialect, parse};

/// The default of rules_python since 0.23, for unknown releases.
const USUAL_DEFAULT: &str = "3.11";

pub struct Toolchains<'a> {
    /// By path.
    pub files: &'a [(String, Vec<ModuleCall>)],
    pub rules_python: Option<&'a Module>,
    pub read: &'a dyn Fn(&str) -> Option<String>,
}

impl Toolchains<'_> {
    /// The interpreter of a program that names none. rules_python's order: `python.defaults`, the only toolchain, the
    /// default toolchain, its own default. With several toolchains and no default it uses its own.
    #[must_use]
    pub fn choice(&self) -> Option<PythonChoice> {
        let full_versions = self.full_versions();
        let (text, said_in) = self.defaults().or_else(|| self.toolchain())?;
        let full = full_version(&text).or_else(|| full_versions.get(&version(&text)?).cloned());
        Some(PythonChoice { version: version(&text)?, full, said_in })
    }

    /// Full version of each minor one, from rules_python with the workspace's overrides.
    #[must_use]
    pub fn full_versions(&self) -> BTreeMap<(u32, u32), String> {
        let release = self.rules_python.and_then(|module| rules_python(module.version.as_deref()?));
        let brought = release.iter().flat_map(|release| &release.full_versions);
        let mut full_versions: BTreeMap<(u32, u32), String> =
            brought.filter_map(|full| Some((version(full)?, (*full).to_owned()))).collect();
        for (_, call) in self.calls("python.single_version_override") {
            full_versions
                .extend(call.text("python_version").and_then(|text| Some((version(text)?, full_version(text)?))));
        }
        for (_, call) in self.calls("python.override") {
            if let Some((_, Value::Dict(entries))) = call.named.iter().find(|(key, _)| key == "minor_mapping") {
                full_versions.extend(entries.iter().filter_map(|(minor, full)| match (minor, full) {
                    (Value::String(minor), Value::String(full)) => Some((version(minor)?, full.clone())),
                    _ => None,
                }));
            }
        }
        full_versions
    }

    /// Calls of a function however its extension is loaded, with paths.
    fn calls<'b>(&'b self, function: &'b str) -> impl Iterator<Item = (&'b str, &'b ModuleCall)> {
        let all = self.files.iter().flat_map(|(path, calls)| calls.iter().map(|call| (path.as_str(), call)));
        all.filter(move |(_, call)| call.function.rsplit('%').next() == Some(function))
    }

    fn defaults(&self) -> Option<(String, String)> {
        self.calls("python.defaults").find_map(|(path, call)| {
            let file = |key: &str| Repositories::default().parse(call.text(key)?, "").ok().map(|label| label.path());
            let by_project = || {
                let file = file("pyproject_toml")?;
                let text = (self.read)(&file)?;
                requires_python(&text).map(|(version, line)| (version.to_owned(), format!("{file}:{line}")))
            };
            let by_file = || {
                let file = file("python_version_file")?;
                let text = (self.read)(&file)?;
                python_version_file(&text).map(|(version, line)| (version.to_owned(), format!("{file}:{line}")))
            };
            let here = || Some((call.text("python_version")?.to_owned(), format!("{path}:{}", call.line)));
            by_project().or_else(by_file).or_else(here)
        })
    }

    /// Calls with a version under `key`, and their place.
    fn said<'b>(&'b self, function: &'b str, key: &str) -> Vec<(&'b ModuleCall, String, String)> {
        let calls = self.calls(function);
        let said =
            calls.filter_map(|(path, call)| Some((call, call.text(key)?.to_owned(), format!("{path}:{}", call.line))));
        said.collect()
    }

    /// The default toolchain.
    fn toolchain(&self) -> Option<(String, String)> {
        let is_default = |call: &ModuleCall| {
            call.named.iter().any(|(key, value)| key == "is_default" && *value == Value::Bool(true))
        };
        let toolchains = self.said("python.toolchain", "python_version");
        let versions: BTreeSet<&str> = toolchains.iter().map(|(_, text, _)| text.as_str()).collect();
        let chosen = toolchains.iter().find(|(call, ..)| versions.len() == 1 || is_default(call));
        if let Some((_, text, place)) = chosen {
            return Some((text.clone(), place.clone()));
        }
        if toolchains.is_empty() {
            let others = [
                self.said("interpreters.toolchain", "python_version"),
                self.said("python_register_toolchains", "python_version"),
                self.said("python_register_multi_toolchains", "default_version"),
            ];
            let others: Vec<_> = others.into_iter().flatten().collect();
            let chosen = others.iter().find(|(call, ..)| is_default(call)).or_else(|| others.last());
            if let Some((_, text, place)) = chosen {
                return Some((text.clone(), place.clone()));
            }
        }
        self.own_default()
    }

    /// rules_python's own default. Only with Bzlmod does it register a toolchain.
    fn own_default(&self) -> Option<(String, String)> {
        self.calls("bazel_dep").find(|(_, call)| call.text("name") == Some("rules_python"))?;
        let release = self.rules_python.and_then(|module| module.version.as_deref());
        let default = match release.and_then(rules_python) {
            Some(release) => release.default?,
            None => USUAL_DEFAULT,
        };
        let place = release.map_or_else(|| "rules_python".to_owned(), |release| format!("rules_python {release}"));
        Some((default.to_owned(), format!("the default of {place}")))
    }
}

/// The Python version in a file, to compare versions of the file: of MODULE.bazel and WORKSPACE the chosen interpreter,
/// of `.bzl` files version constants.
#[must_use]
pub fn python_version_said(path: &str, bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    if path.ends_with(".python-version") {
        return python_version_file(&text).map(|(version, _)| version.to_owned());
    }
    if path.ends_with(".bzl") {
        let said = fold::constants(&parse(bytes, Dialect::Bzl), &Constants::new());
        let said = said.iter().filter(|(name, _)| name.to_ascii_lowercase().contains("py"));
        let said: Vec<String> = said
            .filter_map(|(name, value)| {
                Some(format!("{name}={}", value.as_str().filter(|text| version(text).is_some())?))
            })
            .collect();
        return (!said.is_empty()).then(|| said.join(" "));
    }
    let calls = calls_of_text(bytes);
    let modules = super::modules::modules(&calls, "");
    let files = [(path.to_owned(), calls)];
    let toolchains = Toolchains {
        files: &files,
        rules_python: modules.values().find(|module| module.name == "rules_python"),
        read: &|_| None,
    };
    let choice = toolchains.choice()?;
    Some(choice.full.unwrap_or_else(|| format!("{}.{}", choice.version.0, choice.version.1)))
}

/// Calls of MODULE.bazel or WORKSPACE from the text alone.
fn calls_of_text(bytes: &[u8]) -> Vec<ModuleCall> {
    let file = parse(bytes, Dialect::Build);
    let constants = fold::constants(&file, &Constants::new());
    fold::calls(&file).iter().map(|call| module_call(call, &constants)).collect()
}

fn module_call(call: &FoldedCall, constants: &Constants) -> ModuleCall {
    let plain = |positional: bool| call.arguments.iter().filter(move |(key, _)| key.is_none() == positional);
    // `python.toolchain`, where `python = use_extension(file, "python")`.
    let (first, rest) = call.function.split_once('.').unwrap_or((&call.function, ""));
    let extension = match constants.get(first) {
        Some(FoldedValue::Call { function, arguments }) if function == "use_extension" => {
            arguments.get(1).and_then(|(_, name)| name.as_str())
        }
        _ => None,
    };
    let function = extension.map_or_else(|| call.function.clone(), |extension| format!("%{extension}.{rest}"));
    ModuleCall {
        function,
        positional: plain(true).map(|(_, value)| plain_value(value)).collect(),
        named: plain(false).filter_map(|(key, value)| Some((key.clone()?, plain_value(value)))).collect(),
        line: call.line,
    }
}

fn plain_value(value: &FoldedValue) -> Value {
    match value {
        FoldedValue::None => Value::None,
        FoldedValue::Bool(truth) => Value::Bool(*truth),
        FoldedValue::Int(number) => Value::Int(*number),
        FoldedValue::String(text) => Value::String(text.clone()),
        FoldedValue::List(items) => Value::List(items.iter().map(plain_value).collect()),
        FoldedValue::Dict(entries) => {
            Value::Dict(entries.iter().map(|(key, value)| (plain_value(key), plain_value(value))).collect())
        }
        FoldedValue::Select(_) | FoldedValue::Concatenation(_) | FoldedValue::Call { .. } | FoldedValue::Opaque(_) => {
            Value::Opaque("not folded".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENSION: &str = r#"
bazel_dep(name = "rules_python", version = "1.2.0")
PYTHON_VERSION = "3.12"
VERSIONS = ["3.10", "3.13"]
py = use_extension("@rules_python//python/extensions:python.bzl", "python")
"#;

    fn choice_with(text: &str, read: &dyn Fn(&str) -> Option<String>) -> Option<(String, String)> {
        let calls = calls_of_text(text.as_bytes());
        let modules = super::super::modules::modules(&calls, "");
        let files = [("MODULE.bazel".to_owned(), calls)];
        let found = Toolchains { files: &files, rules_python: modules.get("rules_python"), read }.choice()?;
        let minor = format!("{}.{}", found.version.0, found.version.1);
        Some((found.full.unwrap_or(minor), found.said_in))
    }

    fn check(text: &str, version: &str, said_in: &str) {
        let found = choice_with(&format!("{EXTENSION}{text}"), &|_| None);
        assert_eq!(found, Some((version.to_owned(), said_in.to_owned())), "{text}");
    }

    #[test]
    fn the_toolchain_is_chosen_as_rules_python_does() {
        check("py.toolchain(python_version = PYTHON_VERSION)", "3.12.8", "MODULE.bazel:6");
        let two = "py.toolchain(python_version = '3.10')\npy.toolchain(python_version = '3.13', is_default = True)";
        check(two, "3.13.1", "MODULE.bazel:7");
        let several = "[py.toolchain(python_version = each) for each in VERSIONS]";
        check(several, "3.11.11", "the default of rules_python 1.2.0");
        check("", "3.11.11", "the default of rules_python 1.2.0");
        check(&format!("{several}\npy.defaults(python_version = '3.10')"), "3.10.16", "MODULE.bazel:7");
        check("py.toolchain(python_version = '3.12.2')", "3.12.2", "MODULE.bazel:6");
        let mapped = "py.toolchain(python_version = '3.12')\npy.override(minor_mapping = {'3.12': '3.12.1'})";
        check(mapped, "3.12.1", "MODULE.bazel:6");
        assert_eq!(choice_with("module(name = 'x')", &|_| None), None);
        let newer = "bazel_dep(name = 'rules_python', version = '99.0')";
        assert_eq!(choice_with(newer, &|_| None).unwrap().0, "3.11");
    }

    #[test]
    fn defaults_may_stand_in_a_file() {
        let read = |path: &str| (path == "tools/.python-version").then(|| "# pyenv\n3.13.0\n".to_owned());
        let text = format!("{EXTENSION}py.defaults(python_version_file = '//tools:.python-version')");
        assert_eq!(choice_with(&text, &read), Some(("3.13.0".to_owned(), "tools/.python-version:2".to_owned())));
    }

    #[test]
    fn toolchains_of_workspace_files_count_where_no_module_has_one() {
        let text = "python_register_toolchains(name = 'py', python_version = '3.9')";
        assert_eq!(choice_with(text, &|_| None), Some(("3.9".to_owned(), "MODULE.bazel:1".to_owned())));
        let text =
            "python_register_multi_toolchains(name = 'py', default_version = '3.10.4', python_versions = ['3.9'])";
        assert_eq!(choice_with(text, &|_| None).unwrap().0, "3.10.4");
    }

    #[test]
    fn another_interpreter_is_seen_wherever_its_version_stands() {
        let said = |path: &str, text: &str| python_version_said(path, text.as_bytes());
        let toolchain = "py.toolchain(python_version = PYTHON_VERSION)";
        let module = |from: &str, to: &str| said("MODULE.bazel", &format!("{EXTENSION}{toolchain}").replace(from, to));
        assert_eq!(module("", "").as_deref(), Some("3.12.8"));
        assert_eq!(module("\"3.12\"", "\"3.13\"").as_deref(), Some("3.13.1"), "by its constant");
        assert_eq!(module("1.2.0", "1.4.0").as_deref(), Some("3.12.9"), "by rules_python");
        assert_eq!(module("name = \"rules_python\", ", "").as_deref(), Some("3.12"));
        assert_eq!(said("t/v.bzl", "PY_VERSION = '3.12'\nGO = '1.2'").as_deref(), Some("PY_VERSION=3.12"));
        assert_eq!(said(".python-version", "3.12.4\n").as_deref(), Some("3.12.4"));
        assert_eq!(said("MODULE.bazel", "bazel_dep("), None);
    }
}
