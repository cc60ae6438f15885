//! `add_py_library` and `remove_target`: whole statements come and go.
//!
//! A new library only names dependencies. A statement goes with the comments that touch it and with nothing else.

use std::collections::BTreeSet;

use crate::build_file::bindings::{Binding, Bindings};
use crate::build_file::bracket::statement_block;
use crate::build_file::fold::{FoldedCall, FoldedValue};
use crate::build_file::new_text::{Layout, NewElement, NewText};
use crate::build_file::span::Span;
use crate::build_file::string_literal;
use crate::build_file::style;
use crate::build_file::text_edit::{TextEdit, TextEdits};

use crate::rewrite::carried::Carried;
use crate::rewrite::deps::{self, DEPS};
use crate::rewrite::labels::DependencyKey;
use crate::rewrite::load;
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::request::Dependency;
use crate::rewrite::source_tree::Entry;

const PY_LIBRARY: &str = "py_library";
const DEFAULT_MODULE: &str = "@rules_python//python:defs.bzl";

/// A library that is asked for.
pub(super) struct WantedLibrary<'r> {
    pub(super) name: &'r str,
    pub(super) deps: &'r [Dependency],
    pub(super) before: Option<&'r str>,
    pub(super) load: Option<&'r str>,
    pub(super) visibility: Option<&'r [String]>,
}

/// Makes the edits that add the library; none when it is there already.
///
/// # Errors
/// A refusal that says what is in the way.
pub(super) fn add(
    package: &PackageFile<'_>,
    library: &WantedLibrary<'_>,
    from: &str,
    carried: &mut Carried,
) -> Result<TextEdits, Refusal> {
    if is_there(package, library, from)? {
        return Ok(TextEdits::default());
    }
    check_name(package, library.name)?;
    let (function, load_edits) = function(package, library.load)?;
    let keyword = |name: &str, value| NewText::Keyword(name.to_owned(), Box::new(value));
    let verbatim = |text: &str| NewText::Verbatim(string_literal::encode(text));
    let mut arguments = vec![keyword("name", verbatim(library.name))];
    if let Some(visibility) = library.visibility {
        let mut texts: Vec<String> = visibility.to_vec();
        texts.sort_by_key(|text| style::string_order(text));
        texts.dedup();
        let elements = texts.iter().map(|text| NewElement::plain(verbatim(text))).collect();
        arguments.push(keyword("visibility", NewText::List(elements)));
    }
    arguments.push(keyword(DEPS, deps::new_list(package, library.deps, from, carried)));
    let at = place(package, library.before)?;
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

/// Whether the library is there with exactly these dependencies and nothing else of its own.
fn is_there(package: &PackageFile<'_>, library: &WantedLibrary<'_>, from: &str) -> Result<bool, Refusal> {
    let named: Vec<&FoldedCall> = package.calls.iter().filter(|call| call.name() == Some(library.name)).collect();
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
        library.name,
        call.line,
        package.path,
        call.function,
        free_name(package, library.name)
    );
    Err(package.refuse(RefusalCode::NameTaken, call.span.start, message))
}

/// What else has the name: a target that a macro makes, an output, or a file.
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

/// What the file calls `py_library`, and the edits that make it known.
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
    let module = wanted_module.map(str::to_owned).or(beside).unwrap_or_else(|| DEFAULT_MODULE.to_owned());
    Ok((PY_LIBRARY.to_owned(), load::ensure(&package.file, &package.path, &module, PY_LIBRARY)?))
}

/// Where the statement of a target stands.
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

/// Makes the edits that remove a target's statement; none when there is no such target.
///
/// # Errors
/// A refusal that says what is in the way.
pub(super) fn remove(package: &PackageFile<'_>, name: &str) -> Result<TextEdits, Refusal> {
    let named: Vec<&FoldedCall> = package.calls.iter().filter(|call| call.name() == Some(name)).collect();
    let call = match named.as_slice() {
        [] => return Ok(TextEdits::default()),
        [call] => *call,
        [first, ..] => {
            let lines: Vec<String> = named.iter().map(|call| format!("line {}", call.line)).collect();
            let message = format!(
                "{} calls in {} are named {name}: {}. Remove the right one by hand.",
                named.len(),
                package.path,
                lines.join(", ")
            );
            return Err(package.refuse(RefusalCode::AmbiguousTarget, first.span.start, message));
        }
    };
    let own = package.file.tree.statements.iter().map(|statement| statement.span).find(|span| *span == call.span);
    let (Some(statement), None) = (own, call.comprehension_line) else {
        let message = format!(
            "{name} at line {} of {} is not a statement of its own. Remove it by hand.",
            call.line, package.path
        );
        return Err(package.refuse(RefusalCode::GeneratedCall, call.span.start, message));
    };
    let block = statement_block(&package.file, statement);
    let range = with_one_gap(package, block);
    TextEdits::new(vec![TextEdit { range, insert: Vec::new() }]).map_err(|overlap| package.overlapping(overlap))
}

/// The block with the blank lines on one of its sides, so that one gap stays.
fn with_one_gap(package: &PackageFile<'_>, block: Span) -> Span {
    let file = &package.file;
    let blank =
        |start: usize, end: usize| start < end && Span::new(start, end).slice(&file.source).trim_ascii().is_empty();
    let mut end = block.end;
    while end < file.source.len() && blank(end, file.line_end(end)) {
        end = file.line_end(end);
    }
    let mut start = block.start;
    if end == file.source.len() {
        while start > 0 && blank(file.line_start(start - 1), start) {
            start = file.line_start(start - 1);
        }
        end = block.end.max(end);
    }
    Span::new(start, end)
}
