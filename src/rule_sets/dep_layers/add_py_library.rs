//! `add_py_library`: adds a library that only names dependencies.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;

use crate::build_file::bindings::{Binding, Bindings};
use crate::build_file::bracket::statement_block;
use crate::build_file::fold::{FoldedCall, FoldedValue};
use crate::build_file::new_text::{Layout, NewElement, NewText};
use crate::build_file::span::Span;
use crate::build_file::string_literal;
use crate::build_file::style;
use crate::build_file::text_edit::{TextEdit, TextEdits};

use crate::label::Label;
use crate::rewrite::carried::Carried;
use crate::rewrite::dependency::Dependency;
use crate::rewrite::deps::additions::new_list;
use crate::rewrite::deps::keys::DEPS;
use crate::rewrite::labels::DependencyKey;
use crate::rewrite::load;
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::request::Edit;
use crate::rewrite::rule_set_edit::{RuleSetEdit, Scope, SharedEdit};
use crate::rewrite::source_tree::Entry;
use crate::workspace::model::Value;

const PY_LIBRARY: &str = "py_library";
const DEFAULT_MODULE: &str = "@rules_python//python:defs.bzl";

/// An existing library with these dependencies stays.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AddPyLibrary {
    /// Name or label.
    pub name: String,
    /// Strings are sorted as by buildifier.
    pub deps: Vec<Dependency>,
    /// The target above which it goes, with that target's comments; `None` for the end of the file.
    #[serde(default)]
    pub before: Option<String>,
    /// The module of `py_library`, if the file does not load it yet.
    #[serde(default)]
    pub load: Option<String>,
    /// `None` for the package's default.
    #[serde(default)]
    pub visibility: Option<Vec<String>>,
}

impl From<AddPyLibrary> for Edit {
    fn from(edit: AddPyLibrary) -> Self {
        Self::OfRuleSet(SharedEdit(Arc::new(edit)))
    }
}

impl RuleSetEdit for AddPyLibrary {
    fn target(&self) -> &str {
        &self.name
    }

    fn scope(&self) -> Scope {
        Scope::Call
    }

    fn written_dependencies(&self) -> &[Dependency] {
        &self.deps
    }

    fn text_edits(
        &self,
        package: &PackageFile<'_>,
        name: &str,
        from: &str,
        carried: &mut Carried,
    ) -> Result<TextEdits, Refusal> {
        add(package, name, self, from, carried)
    }

    fn is_wanted(&self, _value: Option<&Value>, _package: &str, _from: &str) -> bool {
        true
    }

    fn reason(&self, from: &str) -> String {
        let brought = match self.deps.as_slice() {
            [Dependency::Label(only)] => absolute(only, from),
            several => format!("{} dependencies", several.len()),
        };
        format!("{} is new: the layer names it, and it brings {brought}", absolute(&self.name, from))
    }

    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

fn absolute(label: &str, from: &str) -> String {
    Label::parse(label, from).map_or_else(|_| label.to_owned(), |label| label.to_string())
}

/// Returns no edits if it is already there.
///
/// # Errors
/// A refusal with the obstacle.
fn add(
    package: &PackageFile<'_>,
    name: &str,
    library: &AddPyLibrary,
    from: &str,
    carried: &mut Carried,
) -> Result<TextEdits, Refusal> {
    if is_there(package, name, library, from)? {
        return Ok(TextEdits::default());
    }
    check_name(package, name)?;
    let (function, load_edits) = function(package, library.load.as_deref())?;
    let keyword = |name: &str, value| NewText::Keyword(name.to_owned(), Box::new(value));
    let verbatim = |text: &str| NewText::Verbatim(string_literal::encode(text));
    let mut arguments = vec![keyword("name", verbatim(name))];
    if let Some(visibility) = &library.visibility {
        let mut texts = visibility.clone();
        texts.sort_by_key(|text| style::string_order(text));
        texts.dedup();
        let elements = texts.iter().map(|text| NewElement::plain(verbatim(text))).collect();
        arguments.push(keyword("visibility", NewText::List(elements)));
    }
    arguments.push(keyword(DEPS, new_list(package, &library.deps, from, carried)));
    let at = place(package, library.before.as_deref())?;
    let line_end = style::line_end_before(&package.file, at);
    let layout = Layout { indentation: Vec::new(), unit: style::DEFAULT_UNIT.to_vec(), line_end, one_line: false };
    let text = NewText::Call(function, arguments).render(&layout);
    let edit = TextEdit { range: Span::new(at, at), insert: with_blank_lines(package, at, &text, &layout.line_end) };
    let edits = TextEdits::new(vec![edit]).map_err(|overlap| package.overlapping(overlap))?;
    load_edits.union(edits).map_err(|overlap| package.overlapping(overlap))
}

fn with_blank_lines(package: &PackageFile<'_>, at: usize, text: &[u8], line_end: &[u8]) -> Vec<u8> {
    let before = package.file.source.get(..at).unwrap_or_default();
    let after = package.file.source.get(at..).unwrap_or_default();
    let ends_line = before.is_empty() || before.ends_with(b"\n");
    let previous_line = Span::new(package.file.line_start(at.saturating_sub(1)), at).slice(&package.file.source);
    let after_blank = before.is_empty() || (ends_line && previous_line.trim_ascii().is_empty());
    let mut insert = Vec::new();
    if !ends_line {
        insert.extend_from_slice(line_end);
    }
    if !after_blank {
        insert.extend_from_slice(line_end);
    }
    insert.extend_from_slice(text);
    if !after.is_empty() {
        insert.extend([line_end, line_end].concat());
    } else if ends_line {
        insert.extend_from_slice(line_end);
    }
    insert
}

/// Returns `true` if the library exists with exactly these dependencies and nothing else.
fn is_there(package: &PackageFile<'_>, target: &str, library: &AddPyLibrary, from: &str) -> Result<bool, Refusal> {
    let named: Vec<&FoldedCall> = package.calls.iter().filter(|call| call.name() == Some(target)).collect();
    let Some(call) = named.first() else {
        return Ok(false);
    };
    let wanted: BTreeSet<DependencyKey> =
        library.deps.iter().map(|dependency| DependencyKey::of(dependency, from, &package.constants)).collect();
    let present: Option<BTreeSet<DependencyKey>> = match call.argument(DEPS) {
        None => Some(BTreeSet::new()),
        Some(value) => value.as_list().map(|elements| {
            elements.iter().map(|element| DependencyKey::of_value(element, &package.package)).collect()
        }),
    };
    let symbol = call.loaded.as_ref().map_or(call.function.as_str(), |loaded| loaded.symbol.as_str());
    let only_deps = |name: &Option<String>| {
        matches!(name.as_deref(), None | Some("name" | DEPS | "visibility" | "tags" | "testonly"))
    };
    let plain = call.arguments.iter().all(|(name, _)| only_deps(name)) && call.comprehension_line.is_none();
    if named.len() == 1 && symbol == PY_LIBRARY && plain && present == Some(wanted) {
        return Ok(true);
    }
    let message = format!(
        "{} is taken: line {} of {} has a {} of that name with other contents. Choose another name, such as {}.",
        target,
        call.line,
        package.path,
        call.function,
        free_name(package, target)
    );
    Err(package.refuse(RefusalCode::NameTaken, call.span.start, message))
}

/// Returns a target of a macro, an output, or a file with the name.
fn taken_by(package: &PackageFile<'_>, name: &str) -> Option<(String, Option<usize>)> {
    let output = package.calls.iter().find(|call| {
        let in_value = |value: &FoldedValue| match value {
            FoldedValue::String(text) => text.trim_start_matches(':') == name,
            FoldedValue::List(elements) => elements.iter().any(|element| element.as_str() == Some(name)),
            _ => false,
        };
        ["out", "outs", "output"].iter().filter_map(|argument| call.argument(argument)).any(in_value)
    });
    if let Some(call) = output {
        return Some((
            format!("an output of {} at line {} of {}", call.name().unwrap_or(&call.function), call.line, package.path),
            Some(call.line),
        ));
    }
    if let Some(call) = package.maker_of(name) {
        let maker = call.name().unwrap_or_default();
        let by = format!(
            "a target that the macro {} makes for {maker} (line {} of {})",
            call.function, call.line, package.path
        );
        return Some((by, Some(call.line)));
    }
    if let Some(maker) = package.tree.known_names(&package.package).get(name) {
        return Some((maker.clone(), None));
    }
    let path = if package.package.is_empty() { name.to_owned() } else { format!("{}/{name}", package.package) };
    match package.tree.entry(&path) {
        Entry::Missing => None,
        Entry::Folder => None,
        Entry::File { .. } | Entry::Outside { .. } => Some((format!("the file {path}"), None)),
    }
}

fn free_name(package: &PackageFile<'_>, name: &str) -> String {
    let is_free =
        |name: &String| package.calls.iter().all(|call| call.name() != Some(name)) && taken_by(package, name).is_none();
    (2..1_000).map(|number| format!("{name}_{number}")).find(is_free).unwrap_or_else(|| format!("{name}_layer"))
}

fn check_name(package: &PackageFile<'_>, name: &str) -> Result<(), Refusal> {
    let good = |character: char| character.is_ascii_alphanumeric() || "_-.+=@~".contains(character);
    if name.is_empty() || !name.chars().all(good) {
        let message = format!("`{name}` can't be the name of a library: use letters, digits, `_`, `-` and `.`.");
        return Err(Refusal::new(RefusalCode::BadLayerName, &package.path, None, message));
    }
    match taken_by(package, name) {
        None => Ok(()),
        Some((by, line)) => {
            let free = free_name(package, name);
            let message = format!("{name} is taken: it is {by}. Choose another name, such as {free}.");
            Err(Refusal::new(RefusalCode::NameTaken, &package.path, line, message))
        }
    }
}

/// Returns the local name of `py_library`, and the edits that load it.
fn function(package: &PackageFile<'_>, wanted_module: Option<&str>) -> Result<(String, TextEdits), Refusal> {
    let loaded = package.file.loads().flat_map(|(load, _)| &load.symbols).find(|symbol| symbol.original == PY_LIBRARY);
    if let Some(symbol) = loaded {
        return Ok((symbol.local.clone(), TextEdits::default()));
    }
    let native = package.calls.iter().any(|call| call.function == PY_LIBRARY && call.loaded.is_none());
    if wanted_module.is_none() && native && Bindings::of(&package.file).all(PY_LIBRARY).is_empty() {
        return Ok((PY_LIBRARY.to_owned(), TextEdits::default()));
    }
    let bindings = Bindings::of(&package.file);
    let beside = ["py_binary", "py_test"].iter().find_map(|rule| match bindings.single(rule) {
        Some(Binding::Load { module, .. }) if module.ends_with(":defs.bzl") => Some(module.to_owned()),
        _ => None,
    });
    let place = load::Place { path: &package.path, line: &|at| package.line(at) };
    let module = wanted_module.map(str::to_owned).or(beside).unwrap_or_else(|| DEFAULT_MODULE.to_owned());
    Ok((PY_LIBRARY.to_owned(), load::ensure(&package.file, &place, &module, PY_LIBRARY)?))
}

fn statement_of(package: &PackageFile<'_>, name: &str) -> Option<Span> {
    let call = package.calls.iter().find(|call| call.name() == Some(name))?;
    package.file.tree.statements.iter().map(|statement| statement.span).find(|span| span.contains(call.span))
}

fn place(package: &PackageFile<'_>, before: Option<&str>) -> Result<usize, Refusal> {
    let Some(before) = before else {
        return Ok(package.file.source.len());
    };
    let (_, name) = crate::rewrite::calls::address(before, &package.package);
    match statement_of(package, &name) {
        Some(span) => Ok(statement_block(&package.file, span).start),
        None => {
            let message = format!(
                "{} has no target named {name} before which the library could go. Check the name.",
                package.path
            );
            Err(Refusal::new(RefusalCode::AmbiguousTarget, &package.path, None, message))
        }
    }
}
