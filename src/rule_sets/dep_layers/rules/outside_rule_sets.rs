//! Finds the outside rule sets that the layer rules load, in MODULE.bazel (and its includes) or else in WORKSPACE, as
//! text.

use crate::build_file::fold::{self, FoldedCall, FoldedValue};
use crate::build_file::span::Span;
use crate::build_file::style;
use crate::build_file::text_edit::{TextEdit, TextEdits};
use crate::build_file::{BuildFile, Dialect, parse};
use crate::label::Label;
use crate::path_text::join;

use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::source_tree::{Entry, SourceTree};

const MOST_INCLUDES: usize = 50;

/// With the version that was tested.
struct RuleSet {
    name: &'static str,
    version: &'static str,
}

const RULES_PYTHON: RuleSet = RuleSet { name: "rules_python", version: "1.6.1" };
const RULES_OCI: RuleSet = RuleSet { name: "rules_oci", version: "2.2.6" };

/// Local names of rule sets that differ from their own.
#[derive(Debug, Default, Clone)]
pub(crate) struct RuleSets {
    renamed: Vec<(&'static str, String)>,
}

pub(crate) struct Needed {
    pub rule_sets: RuleSets,
    /// MODULE.bazel with missing rule sets added: real path, bytes before, bytes after.
    pub module_file: Option<(String, Vec<u8>, Vec<u8>)>,
}

impl RuleSets {
    /// Renames the rule sets as in the workspace.
    pub fn renamed(&self, text: &str) -> String {
        self.renamed
            .iter()
            .fold(text.to_owned(), |text, (own, here)| text.replace(&format!("\"@{own}//"), &format!("\"@{here}//")))
    }
}

/// `images` requires rules_oci too.
///
/// # Errors
/// `rule_set_missing` if a workspace without MODULE.bazel lacks one.
pub(crate) fn needed(tree: &dyn SourceTree, images: bool) -> Result<Needed, Refusal> {
    let wanted: Vec<&RuleSet> = if images { vec![&RULES_PYTHON, &RULES_OCI] } else { vec![&RULES_PYTHON] };
    let mut rule_sets = RuleSets::default();
    let Entry::File { bytes, real_path } = tree.entry("MODULE.bazel") else {
        in_workspace_file(tree, &wanted)?;
        return Ok(Needed { rule_sets, module_file: None });
    };
    let file = parse(&bytes, Dialect::Build);
    let declared = declared(tree, &file);
    let mut missing = Vec::new();
    for rule_set in wanted {
        match declared.iter().find(|(name, _)| name == rule_set.name) {
            Some((name, here)) if name == here => {}
            Some((_, here)) => rule_sets.renamed.push((rule_set.name, here.clone())),
            None => missing.push(rule_set),
        }
    }
    let edits = missing_lines(&file, &missing);
    let after = edits.apply(&bytes);
    Ok(Needed { rule_sets, module_file: (after != bytes).then_some((real_path, bytes, after)) })
}

/// Every `bazel_dep`: its name and its local name.
fn declared(tree: &dyn SourceTree, module: &BuildFile) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut waiting = fold::calls(module);
    let mut included = 0;
    while let Some(call) = waiting.pop() {
        let text = |name: &str| call.argument(name).and_then(FoldedValue::as_str).map(str::to_owned);
        if call.function == "bazel_dep" {
            let Some(name) = text("name") else { continue };
            let here = text("repo_name").unwrap_or_else(|| name.clone());
            found.push((name, here));
        }
        let path = (call.function == "include").then(|| call.name()).flatten().and_then(included_path);
        if let Some(path) = path.filter(|_| included < MOST_INCLUDES)
            && let Entry::File { bytes, .. } = tree.entry(&path)
        {
            included += 1;
            waiting.extend(fold::calls(&parse(&bytes, Dialect::Build)));
        }
    }
    found
}

fn included_path(label: &str) -> Option<String> {
    let label = Label::parse(label, "").ok().filter(Label::is_main)?;
    Some(join(label.package(), label.name()))
}

/// Adds a `bazel_dep(...)` for each, below the last one.
fn missing_lines(file: &BuildFile, missing: &[&RuleSet]) -> TextEdits {
    let calls = fold::calls(file);
    let is = |wanted: &'static str| move |call: &&FoldedCall| call.function == wanted;
    let last = calls.iter().rfind(is("bazel_dep")).or_else(|| calls.iter().find(is("module")));
    let at = last.map_or(file.source.len(), |call| file.line_end(call.span.end.max(1) - 1));
    let line_end = String::from_utf8_lossy(&style::line_end_before(file, at)).into_owned();
    let line = |set: &&RuleSet| format!("bazel_dep(name = \"{}\", version = \"{}\"){line_end}", set.name, set.version);
    let text: String = missing.iter().map(line).collect();
    let is_complete = at == 0 || file.source.get(..at).is_some_and(|before| before.ends_with(b"\n"));
    let insert = if text.is_empty() || is_complete { text } else { format!("{line_end}{text}") };
    TextEdits::new(vec![TextEdit { range: Span::new(at, at), insert: insert.into_bytes() }]).unwrap_or_default()
}

/// A WORKSPACE downloads with checksums, which only its owner should write.
fn in_workspace_file(tree: &dyn SourceTree, wanted: &[&RuleSet]) -> Result<(), Refusal> {
    let files = ["WORKSPACE.bazel", "WORKSPACE"];
    let found = files.iter().find_map(|path| match tree.entry(path) {
        Entry::File { bytes, .. } => Some((*path, bytes)),
        _ => None,
    });
    let (path, bytes) = found.unwrap_or(("WORKSPACE", Vec::new()));
    let calls = fold::calls(&parse(&bytes, Dialect::Build));
    let missing = wanted.iter().find(|set| !calls.iter().any(|call| call.name() == Some(set.name)));
    let Some(missing) = missing else { return Ok(()) };
    let message = format!(
        "{path} declares no repository `{name}`, which the layer rules load from. Add the lines that the release notes of {name} {version} \
         or a later version give, then install the rules again.",
        name = missing.name,
        version = missing.version
    );
    Err(Refusal::of_file(RefusalCode::RuleSetMissing, path, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    struct Files(Vec<(&'static str, &'static str)>);

    impl SourceTree for Files {
        fn entry(&self, path: &str) -> Entry {
            let found = self.0.iter().find(|(other, _)| *other == path);
            found.map_or(Entry::Missing, |(_, text)| Entry::File {
                bytes: text.as_bytes().to_vec(),
                real_path: path.to_owned(),
            })
        }

        fn bzl_files(&self) -> Vec<String> {
            Vec::new()
        }

        fn known_names(&self, _package: &str) -> BTreeMap<String, String> {
            BTreeMap::new()
        }
    }

    #[test]
    fn adds_what_is_missing_below_the_others() {
        let tree = Files(vec![
            (
                "MODULE.bazel",
                "module(name = \"m\")\n\nbazel_dep(name = \"rules_pkg\", version = \"1.0.1\")\ninclude(\"//:more.MODULE.bazel\")\n",
            ),
            ("more.MODULE.bazel", "bazel_dep(name = \"rules_python\", version = \"1\", repo_name = \"py\")\n"),
        ]);
        let needed = needed(&tree, true).unwrap();
        assert_eq!(
            needed.rule_sets.renamed("load(\"@rules_python//python:defs.bzl\", \"x\")"),
            "load(\"@py//python:defs.bzl\", \"x\")"
        );
        let after = String::from_utf8(needed.module_file.unwrap().2).unwrap();
        assert_eq!(
            after,
            "module(name = \"m\")\n\nbazel_dep(name = \"rules_pkg\", version = \"1.0.1\")\nbazel_dep(name = \"rules_oci\", version = \"2.2.6\")\ninclude(\"//:more.MODULE.bazel\")\n"
        );
    }

    #[test]
    fn a_workspace_file_is_its_owners() {
        let tree = Files(vec![("WORKSPACE", "http_archive(name = \"rules_python\")\n")]);
        assert!(needed(&tree, false).is_ok());
        let refusal = needed(&tree, true).err().unwrap();
        assert_eq!((refusal.code, refusal.path.as_str()), (RefusalCode::RuleSetMissing, "WORKSPACE"));
    }

    #[test]
    fn an_empty_module_file_gets_its_lines() {
        let needed = needed(&Files(vec![("MODULE.bazel", "")]), false).unwrap();
        assert_eq!(needed.module_file.unwrap().2, b"bazel_dep(name = \"rules_python\", version = \"1.6.1\")\n");
    }
}
