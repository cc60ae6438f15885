//! Reads a package that can't be evaluated from its text: constants are folded, macros not expanded.

use std::collections::BTreeMap;

use super::evaluate::evaluated::{EvaluatedPackage, MacroCall, MacroSignature, MadeTarget};
use super::evaluate::source_tree::SourceTree;
use super::evaluate::{glob, instantiate, names, requirement_label};
use super::model::Value;
use super::repositories::Home;
use crate::build_file::bindings::{Binding, Bindings};
use crate::build_file::fold::{self, Constants, FoldedCall, FoldedValue};
use crate::build_file::tree::ParameterKind;
use crate::build_file::{BuildFile, Dialect, parse};
use crate::label::{Label, Repository};

/// Longest chain of files that re-export a function.
const LONGEST_CHAIN: usize = 10;

/// Never fails: what can't be understood gives no target.
#[must_use]
pub fn read_package(tree: &dyn SourceTree, home: Home<'_>, text: &str) -> EvaluatedPackage {
    let file = parse(text.as_bytes(), Dialect::Build);
    let outside = loaded_constants(tree, home, &file);
    let mut reader = Reader {
        tree,
        home,
        bindings: Bindings::of(&file),
        result: EvaluatedPackage::default(),
        visibility: Vec::new(),
        signatures: BTreeMap::new(),
    };
    for call in fold::calls_with(&file, &outside) {
        let column = file.position(call.span.start).column;
        reader.read(&call, column);
    }
    reader.result
}

/// By local name.
fn loaded_constants(tree: &dyn SourceTree, home: Home<'_>, file: &BuildFile) -> Constants {
    let mut outside = Constants::new();
    for (load, _) in file.loads() {
        let path = home.parse(&load.module_name).ok().and_then(|label| home.repositories.file(&label));
        let Some(text) = path.and_then(|path| tree.read(&path).ok()) else { continue };
        let constants = fold::constants(&parse(text.as_bytes(), Dialect::Bzl), &Constants::new());
        for symbol in &load.symbols {
            if let Some(value) = constants.get(&symbol.original) {
                outside.insert(symbol.local.clone(), value.clone());
            }
        }
    }
    outside
}

struct Reader<'a> {
    tree: &'a dyn SourceTree,
    home: Home<'a>,
    bindings: Bindings<'a>,
    result: EvaluatedPackage,
    visibility: Vec<Label>,
    signatures: BTreeMap<(String, String), MacroSignature>,
}

impl Reader<'_> {
    fn read(&mut self, call: &FoldedCall, column: usize) {
        match call.function.as_str() {
            "package" => {
                if let Some(value) = call.argument("default_visibility") {
                    self.visibility = instantiate::labels(&self.value(value), self.home);
                }
            }
            "exports_files" => {
                let files = call.argument("srcs").or_else(|| call.arguments.first().map(|(_, value)| value));
                let files = files.map(|value| instantiate::labels(&self.value(value), self.home)).unwrap_or_default();
                self.result.exported_files.extend(files.iter().map(|label| label.name().to_owned()));
            }
            _ => self.read_rule(call, column),
        }
    }

    fn read_rule(&mut self, call: &FoldedCall, column: usize) {
        let Some(name) = call.name() else { return };
        let named: Vec<(String, Value)> =
            call.arguments.iter().filter_map(|(keyword, value)| Some((keyword.clone()?, self.value(value)))).collect();
        let signature = self.signature(call);
        let local_macro = signature.file.as_ref().is_some_and(|file| self.home.repositories.folder(file).is_some());
        let is_known_rule = call.loaded.is_none() && names::NATIVE_RULES.contains(&call.function.as_str());
        if !is_known_rule && !local_macro && call.loaded.is_none() {
            return;
        }
        let is_app = signature.may_make_an_app();
        let mut made = Vec::new();
        // The targets of an app's macro are not known; other macros are assumed to make a rule of that name.
        if !is_app && !self.result.targets.iter().any(|target| target.name == name) {
            let (mut target, unsure) =
                instantiate::target_of(&signature.symbol, self.home, named.clone(), self.visibility.clone());
            let contents = self.tree.contents(self.home.folder);
            target.dependencies.retain(|dependency| {
                let name = dependency.label.name();
                !unsure.contains(dependency) || contents.files.binary_search_by(|file| file.as_str().cmp(name)).is_ok()
            });
            target.line = call.line;
            target.macro_name = local_macro.then(|| signature.symbol.clone());
            made.push(self.result.targets.len());
            self.result.targets.push(MadeTarget { name: name.to_owned(), target });
        }
        if call.loaded.is_some() {
            let positional = call
                .arguments
                .iter()
                .filter(|(keyword, _)| keyword.is_none())
                .map(|(_, value)| self.value(value))
                .collect();
            self.result.calls.push(MacroCall {
                signature,
                positional,
                named,
                line: call.line,
                column,
                within: None,
                direct: true,
                made,
                open_ended: call.open_ended,
                in_comprehension: call.comprehension_line.is_some(),
            });
        }
    }

    /// Cached, because each look-up parses a file.
    fn signature(&mut self, call: &FoldedCall) -> MacroSignature {
        let key = call.loaded.as_ref().map_or_else(
            || (String::new(), call.function.clone()),
            |loaded| (loaded.module.clone(), loaded.symbol.clone()),
        );
        if let Some(known) = self.signatures.get(&key) {
            return known.clone();
        }
        let signature = self.look_up(call);
        self.signatures.insert(key, signature.clone());
        signature
    }

    fn look_up(&self, call: &FoldedCall) -> MacroSignature {
        let Some(loaded) = &call.loaded else {
            return MacroSignature { symbol: call.function.clone(), ..MacroSignature::default() };
        };
        let mut symbol = loaded.symbol.clone();
        let mut file = self.home.parse(&loaded.module).ok();
        for _ in 0..LONGEST_CHAIN {
            let repositories = self.home.repositories;
            let Some(folder) = file.as_ref().and_then(|label| repositories.folder(label)) else { break };
            let path = file.as_ref().and_then(|label| repositories.file(label)).unwrap_or_default();
            let Ok(text) = self.tree.read(&path) else { break };
            let parsed = parse(text.as_bytes(), Dialect::Bzl);
            match Bindings::of(&parsed).single(&symbol) {
                Some(Binding::Definition(definition)) => {
                    let parameters = definition.parameters.iter();
                    let takes_keywords = parameters.clone().any(|parameter| parameter.kind == ParameterKind::StarStar);
                    let named = parameters
                        .filter(|parameter| matches!(parameter.kind, ParameterKind::Plain | ParameterKind::KeywordOnly))
                        .map(|parameter| parameter.name.clone());
                    let parameters = Some(named.collect());
                    return MacroSignature { symbol, file, parameters, takes_keywords };
                }
                Some(Binding::Load { module, symbol: original, .. }) => {
                    file = repositories.parse(module, &folder).ok();
                    original.clone_into(&mut symbol);
                }
                _ => break,
            }
        }
        MacroSignature { symbol, file, parameters: None, takes_keywords: false }
    }

    fn value(&self, value: &FoldedValue) -> Value {
        let all = |values: &[FoldedValue]| values.iter().map(|value| self.value(value)).collect();
        match value {
            FoldedValue::None => Value::None,
            FoldedValue::Bool(truth) => Value::Bool(*truth),
            FoldedValue::Int(number) => Value::Int(*number),
            FoldedValue::String(text) => Value::String(text.clone()),
            FoldedValue::List(values) => Value::List(all(values)),
            FoldedValue::Concatenation(values) => Value::Concatenation(all(values)),
            FoldedValue::Dict(entries) => {
                Value::Dict(entries.iter().map(|(key, value)| (self.value(key), self.value(value))).collect())
            }
            FoldedValue::Select(branches) => {
                let key = |key: &FoldedValue| key.as_str().map_or_else(|| "?".to_owned(), str::to_owned);
                Value::Select(branches.iter().map(|(name, value)| (key(name), self.value(value))).collect())
            }
            FoldedValue::Call { function, arguments } => self.call(function, arguments),
            FoldedValue::Opaque(text) => Value::Opaque(text.clone()),
        }
    }

    /// A call inside an argument: `glob`, `requirement` and `Label` are known.
    fn call(&self, function: &str, arguments: &[(Option<String>, FoldedValue)]) -> Value {
        let argument = |name: &str, at: usize| {
            let named = arguments.iter().find(|(keyword, _)| keyword.as_deref() == Some(name));
            let by_position = || arguments.get(at).filter(|(keyword, _)| keyword.is_none());
            named.or_else(by_position).map(|(_, value)| value)
        };
        let loaded_from = match self.bindings.single(function) {
            Some(Binding::Load { module, symbol, .. }) => Some((module, symbol)),
            _ => None,
        };
        match (function, loaded_from) {
            ("glob", None) => {
                let patterns = |value: Option<&FoldedValue>| value.map(texts).unwrap_or_default();
                let contents = self.tree.contents(self.home.folder);
                let found =
                    glob::select(&contents.files, &patterns(argument("include", 0)), &patterns(argument("exclude", 1)));
                Value::List(found.into_iter().map(Value::String).collect())
            }
            ("Label", None) => argument("label_string", 0).map_or(Value::None, |value| self.value(value)),
            (_, Some((module, "requirement"))) => {
                let hub = self.home.parse(module).ok();
                let hub = hub.as_ref().and_then(|label| match label.repository() {
                    Repository::Main => None,
                    Repository::Apparent(name) | Repository::Canonical(name) => Some(name.as_ref()),
                });
                match (hub, argument("name", 0).and_then(FoldedValue::as_str)) {
                    (Some(hub), Some(name)) => Value::String(requirement_label(hub, name)),
                    _ => Value::Opaque(function.to_owned()),
                }
            }
            _ => Value::Opaque(function.to_owned()),
        }
    }
}

fn texts(value: &FoldedValue) -> Vec<String> {
    match value {
        FoldedValue::String(text) => vec![text.clone()],
        FoldedValue::List(values) | FoldedValue::Concatenation(values) => values.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::evaluate::memory_tree::MemoryTree;
    use crate::workspace::repositories::Repositories;

    fn read(files: &[(&str, &str)]) -> EvaluatedPackage {
        let tree = MemoryTree::new(files);
        read_package(&tree, Repositories::default().at("p"), &tree.read("p/BUILD").unwrap())
    }

    fn edges(package: &EvaluatedPackage, name: &str) -> Vec<String> {
        let made = package.targets.iter().find(|made| made.name == name).unwrap();
        made.target.dependencies.iter().map(|dependency| dependency.label.to_string()).collect()
    }

    #[test]
    fn folds_constants_globs_and_requirements() {
        let package = read(&[
            (
                "p/BUILD",
                r#"
load("@pip//:requirements.bzl", req = "requirement")
load("//tools:constants.bzl", "COMMON")
package(default_visibility = ["//q:__pkg__"])
py_library(name = "lib", srcs = glob(["*.py"], exclude = ["skip*"]), deps = COMMON + [req("Flask-Login[x]"), ":other"])
exports_files(["data.txt"])
this is no Starlark
"#,
            ),
            ("p/a.py", ""),
            ("p/skip.py", ""),
            ("tools/constants.bzl", "COMMON = ['//libs:common']"),
        ]);
        assert_eq!(edges(&package, "lib"), ["//libs:common", "@pip//flask_login:pkg", "//p:other", "//p:a.py"]);
        assert_eq!(package.targets[0].target.visibility, [Label::main("q", "__pkg__")]);
        assert_eq!(package.exported_files, ["data.txt"]);
    }

    #[test]
    fn knows_a_macro_by_its_definition_even_when_renamed() {
        let package = read(&[
            ("p/BUILD", "load('//tools:all.bzl', app = 'ship')\napp(name = 'x', dep_layers = [])"),
            ("tools/all.bzl", "load(':release.bzl', 'release')\nload(':release.bzl', ship = 'release_app')"),
            ("tools/release.bzl", "def release_app(name, *, dep_layers = None, **kwargs):\n    fail(name)"),
        ]);
        let signature = &package.calls[0].signature;
        assert_eq!(signature.symbol, "release_app");
        assert_eq!(signature.parameters.as_deref().unwrap(), ["name", "dep_layers"]);
        assert!(signature.takes_keywords);
        assert!(package.targets.is_empty());
    }
}
