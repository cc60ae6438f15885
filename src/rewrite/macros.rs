//! The function behind a call: load binding, module and parameters. Reads `.bzl` files as text and executes none; depth
//! and size are limited, and a module that can't be read is not guessed.

use std::collections::BTreeSet;

use crate::build_file::bindings::{Binding, Bindings};
use crate::build_file::fold::{self, Constants, FoldedCall, FoldedValue, LoadedFunction};
use crate::build_file::lexer::TokenKind;
use crate::build_file::span::Span;
use crate::build_file::tree::{Definition, ExpressionKind, ParameterKind, StatementKind};
use crate::build_file::{BuildFile, Dialect, parse};
use crate::label::Label;

use crate::rewrite::source_tree::{Entry, SIZE_LIMIT, SourceTree};

const LOAD_DEPTH: usize = 8;
const BODY_CALL_LIMIT: usize = 2_000;

#[derive(Clone)]
pub(crate) struct Module {
    pub(crate) package: String,
    pub(crate) path: String,
    pub(crate) file: BuildFile,
}

#[derive(Clone)]
pub(crate) struct Macro {
    pub(crate) module: Module,
    pub(crate) symbol: String,
    pub(crate) definition: Definition,
    pub(crate) line: usize,
}

/// `None` if the module is not in the workspace.
pub(crate) fn module_path(module: &str, package: &str) -> Option<(String, String)> {
    let label = Label::parse(module, package).ok().filter(Label::is_main)?;
    let folder = label.package().to_owned();
    let path = if folder.is_empty() { label.name().to_owned() } else { format!("{folder}/{}", label.name()) };
    Some((folder, path))
}

pub(crate) fn open_module(tree: &dyn SourceTree, module: &str, package: &str) -> Option<Module> {
    let (package, path) = module_path(module, package)?;
    match tree.entry(&path) {
        Entry::File { bytes, .. } if bytes.len() <= SIZE_LIMIT => {
            Some(Module { package, path, file: parse(&bytes, Dialect::Bzl) })
        }
        _ => None,
    }
}

/// `None` if the function is not of the workspace's own `.bzl` files.
pub(crate) fn resolve(tree: &dyn SourceTree, loaded: &LoadedFunction, package: &str) -> Option<Macro> {
    let (mut module, mut symbol) = (open_module(tree, &loaded.module, package)?, loaded.symbol.clone());
    for _ in 0..LOAD_DEPTH {
        let next = match Bindings::of(&module.file).single(&symbol)? {
            Binding::Definition(definition) => {
                let line = module
                    .file
                    .definitions()
                    .find(|(other, _)| other.name == definition.name)
                    .map_or(1, |(_, span)| module.file.line(span.start));
                let definition = definition.clone();
                return Some(Macro { module, symbol, definition, line });
            }
            Binding::Assignment { value, .. } => match &module.file.tree.expression(value).kind {
                ExpressionKind::Name(name) => (None, name.clone()),
                _ => return None,
            },
            Binding::Load { module: other, symbol, .. } => {
                (Some(open_module(tree, other, &module.package)?), symbol.to_owned())
            }
            Binding::Other { .. } => return None,
        };
        symbol = next.1;
        if let Some(other) = next.0 {
            module = other;
        }
    }
    None
}

/// Values that a file loads from the workspace.
pub(crate) fn loaded_constants(tree: &dyn SourceTree, package: &str, file: &BuildFile) -> Constants {
    let mut open = BTreeSet::new();
    constants_of_loads(tree, package, file, &mut open)
}

fn constants_of_loads(
    tree: &dyn SourceTree,
    package: &str,
    file: &BuildFile,
    open: &mut BTreeSet<String>,
) -> Constants {
    let mut constants = Constants::new();
    for (load, _) in file.loads() {
        let Some(module) = open_module(tree, &load.module_name, package) else {
            continue;
        };
        // Cyclic or too deep loads have no values.
        if open.len() >= LOAD_DEPTH || !open.insert(module.path.clone()) {
            continue;
        }
        let wants_value = load.symbols.iter().any(|symbol| {
            !matches!(Bindings::of(&module.file).single(&symbol.original), Some(Binding::Definition(_)) | None)
        });
        if wants_value {
            let outside = constants_of_loads(tree, &module.package, &module.file, open);
            let mut values = fold::constants(&module.file, &outside);
            for symbol in &load.symbols {
                if let Some(value) = values.remove(&symbol.original) {
                    constants.insert(symbol.local.clone(), value);
                }
            }
        }
        open.remove(&module.path);
    }
    constants
}

impl Macro {
    /// As an absolute label.
    pub(crate) fn module_label(&self) -> String {
        let name = self.module.path.strip_prefix(&format!("{}/", self.module.package)).unwrap_or(&self.module.path);
        format!("//{}:{name}", self.module.package)
    }

    /// Position of a positional parameter, counted from 0.
    pub(crate) fn position_of(&self, parameter: &str) -> Option<usize> {
        self.definition
            .parameters
            .iter()
            .position(|other| other.name == parameter && other.kind == ParameterKind::Plain)
    }

    /// Returns `true` if the function takes the argument, itself or by passing `**kwargs` on.
    pub(crate) fn takes(&self, tree: &dyn SourceTree, argument: &str) -> bool {
        self.takes_within(tree, argument, LOAD_DEPTH)
    }

    fn takes_within(&self, tree: &dyn SourceTree, argument: &str, depth: usize) -> bool {
        let parameters = &self.definition.parameters;
        let named = |kind| matches!(kind, ParameterKind::Plain | ParameterKind::KeywordOnly);
        if parameters.iter().any(|parameter| parameter.name == argument && named(parameter.kind)) {
            return true;
        }
        let rest = parameters.iter().find(|parameter| parameter.kind == ParameterKind::StarStar);
        let (Some(rest), true) = (rest, depth > 0) else {
            return false;
        };
        let passed_on = format!("**{}", rest.name);
        self.body_calls().iter().any(|call| {
            let text = String::from_utf8_lossy(call.file.source.as_slice());
            text.contains(&passed_on)
                && self.callee(tree, call).is_some_and(|callee| callee.takes_within(tree, argument, depth - 1))
        })
    }

    /// A called function of the workspace that takes the argument, and the line of the call.
    pub(crate) fn calls_one_that_takes(&self, tree: &dyn SourceTree, argument: &str) -> Option<(Macro, usize)> {
        self.calls_within(tree, argument, LOAD_DEPTH)
    }

    fn calls_within(&self, tree: &dyn SourceTree, argument: &str, depth: usize) -> Option<(Macro, usize)> {
        for call in self.body_calls() {
            let Some(callee) = self.callee(tree, &call) else {
                continue;
            };
            if callee.takes(tree, argument) {
                return Some((callee, call.line));
            }
            let deeper = if depth > 0 && callee.symbol != self.symbol {
                callee.calls_within(tree, argument, depth / 2)
            } else {
                None
            };
            if let Some((found, _)) = deeper {
                return Some((found, call.line));
            }
        }
        None
    }

    fn callee(&self, tree: &dyn SourceTree, call: &BodyCall) -> Option<Macro> {
        let bindings = Bindings::of(&self.module.file);
        match bindings.single(&call.function)? {
            Binding::Load { module, symbol, .. } => {
                let loaded = LoadedFunction { module: module.to_owned(), symbol: symbol.to_owned() };
                resolve(tree, &loaded, &self.module.package)
            }
            Binding::Definition(_) => {
                let loaded = LoadedFunction { module: self.module_label(), symbol: call.function.clone() };
                resolve(tree, &loaded, &self.module.package)
            }
            _ => None,
        }
    }

    /// Statement calls of the body, each parsed on its own.
    fn body_calls(&self) -> Vec<BodyCall> {
        let file = &self.module.file;
        let tokens: Vec<_> = file
            .tokens_in(self.definition.body)
            .iter()
            .filter(|token| {
                !matches!(
                    token.kind,
                    TokenKind::Space | TokenKind::Newline | TokenKind::Comment | TokenKind::Continuation
                )
            })
            .collect();
        let mut calls = Vec::new();
        let mut before: Option<Span> = None;
        for (index, pair) in tokens.windows(2).enumerate() {
            let [name, open] = pair else { continue };
            let after_dot = before.is_some_and(|span| matches!(file.bytes(span), b"." | b"def"));
            before = Some(name.span);
            if name.kind != TokenKind::Identifier
                || file.bytes(open.span) != b"("
                || after_dot
                || calls.len() >= BODY_CALL_LIMIT
            {
                continue;
            }
            let mut depth = 0_usize;
            let close = tokens.iter().skip(index + 1).find(|token| {
                match token.kind {
                    TokenKind::Open => depth += 1,
                    TokenKind::Close => depth = depth.saturating_sub(1),
                    _ => {}
                }
                depth == 0
            });
            if let Some(close) = close {
                let text = file.bytes(name.span.to(close.span));
                let call = BodyCall {
                    function: file.text(name.span),
                    line: file.line(name.span.start),
                    file: parse(text, Dialect::Bzl),
                };
                calls.push(call);
            }
        }
        calls
    }

    /// Returns `true` if this function, called as `call`, would make a target of this name, as far as its text tells.
    /// Includes `native.x(name = ...)`.
    pub(crate) fn makes(&self, call: &FoldedCall, name: &str) -> bool {
        let file = &self.module.file;
        let mut constants = Constants::new();
        for (index, parameter) in self.definition.parameters.iter().enumerate() {
            let by_position =
                call.arguments.get(index).filter(|(keyword, _)| keyword.is_none()).map(|(_, value)| value);
            if let Some(FoldedValue::String(text)) = call.argument(&parameter.name).or(by_position) {
                constants.insert(parameter.name.clone(), FoldedValue::String(text.clone()));
            }
        }
        let tokens = file.tokens_in(self.definition.body);
        let names =
            tokens.iter().filter(|token| token.kind == TokenKind::Identifier && file.bytes(token.span) == b"name");
        names.take(BODY_CALL_LIMIT).any(|token| {
            let rest = Span::new(token.span.end, self.definition.body.end).slice(&file.source);
            let Some(value) = rest.trim_ascii_start().strip_prefix(b"=").filter(|rest| !rest.starts_with(b"=")) else {
                return false;
            };
            name_pattern(value, &constants).is_some_and(|pieces| matches(&pieces, name))
        })
    }
}

struct BodyCall {
    function: String,
    line: usize,
    file: BuildFile,
}

/// Parts of the name expression at the start of `text`; `None` for unknown parts.
fn name_pattern(text: &[u8], constants: &Constants) -> Option<Vec<Option<String>>> {
    // An argument ends at a comma or bracket of its level; in parentheses, line ends don't matter.
    let mut depth = 0_usize;
    let (tokens, _) = crate::build_file::lexer::lex(text.get(..text.len().min(2_000))?);
    let end = tokens.iter().find_map(|token| {
        let bytes = token.span.slice(text);
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close if depth == 0 => return Some(token.span.start),
            TokenKind::Close => depth -= 1,
            TokenKind::Operator if depth == 0 && bytes == b"," => return Some(token.span.start),
            _ => {}
        }
        None
    })?;
    let source = [b"(".as_slice(), text.get(..end)?, b")"].concat();
    let file = parse(&source, Dialect::Bzl);
    let StatementKind::Expression(id) = file.tree.statements.first()?.kind else {
        return None;
    };
    match fold::value(&file, id, constants) {
        FoldedValue::String(text) => Some(vec![Some(text)]),
        FoldedValue::Concatenation(parts) if file.problems.is_empty() => {
            Some(parts.into_iter().map(|part| part.as_str().map(str::to_owned)).collect())
        }
        _ => None,
    }
}

/// Returns `true` if `name` consists of the known parts in order. Unknown parts alone match nothing.
fn matches(pieces: &[Option<String>], name: &str) -> bool {
    let starts_known = pieces.first().is_some_and(Option::is_some);
    let mut rest = name;
    for (index, piece) in pieces.iter().enumerate() {
        let Some(text) = piece else { continue };
        let after_unknown = index > 0 && pieces.get(index - 1).is_some_and(Option::is_none);
        let last = index + 1 == pieces.len();
        let found = match (after_unknown, last) {
            (true, true) => rest.ends_with(text.as_str()).then_some(""),
            (true, false) => rest.split_once(text.as_str()).map(|(_, rest)| rest),
            (false, _) => rest.strip_prefix(text.as_str()),
        };
        match found {
            Some(left) => rest = left,
            None => return false,
        }
    }
    starts_known && (rest.is_empty() || pieces.last().is_some_and(Option::is_none))
}
