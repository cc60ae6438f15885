//! Passes `dep_layers` from the macro of a BUILD file to the function that packs the image: adds the parameter and
//! hands it on, unless that is done or `**kwargs` does it.

use crate::build_file::bracket::Bracket;
use crate::build_file::lexer::TokenKind;
use crate::build_file::new_text::{NewElement, NewText};
use crate::build_file::sequence::{SequenceEdit, Wanted};
use crate::build_file::span::Span;
use crate::build_file::text_edit::{TextEdit, TextEdits};
use crate::build_file::tree::{ArgumentKind, Brackets, ParameterKind};
use crate::build_file::{BuildFile, fold::LoadedFunction};

use crate::rewrite::macros::{Macro, resolve};
use crate::rewrite::refusal::Refusal;
use crate::rewrite::source_tree::SourceTree;
use crate::rule_sets::dep_layers::rules::body::{Call, lines};
use crate::rule_sets::dep_layers::rules::image_function::{makes_image, refuse};

const DEP_LAYERS: &str = "dep_layers";
const LONGEST_WAY: usize = 8;

/// Returns the functions from a macro to the one that makes the image.
///
/// # Errors
/// When there is none, or more than one path.
pub(crate) fn way_to_image(tree: &dyn SourceTree, from: Macro) -> Result<Vec<Macro>, Refusal> {
    let mut ways: Vec<Vec<Macro>> = Vec::new();
    collect(tree, vec![from], &mut ways);
    ways.sort_by_key(Vec::len);
    let Some(first) = ways.first() else {
        return Err(no_way(&[]));
    };
    let end = |way: &[Macro]| way.last().map(|of| (of.module.path.clone(), of.symbol.clone()));
    if first.last().is_none_or(|of| !makes_image(of)) {
        return Err(no_way(first));
    }
    let other = ways.iter().find(|way| way.last().is_some_and(makes_image) && end(way) != end(first));
    if let (Some(other), Some(of)) = (other.and_then(|way| way.last()), first.first()) {
        let what =
            format!("it makes images in more than one way (also by `{}` of {})", other.symbol, other.module.path);
        return Err(refuse(of, of.line, &what));
    }
    Ok(ways.swap_remove(0))
}

fn no_way(way: &[Macro]) -> Refusal {
    use crate::rewrite::refusal::RefusalCode;
    match way.first() {
        Some(of) => refuse(
            of,
            of.line,
            "neither it nor a function of the workspace that it calls uses `oci_image` of rules_oci",
        ),
        None => Refusal::of_file(RefusalCode::UnknownShape, "", "The macro can't be read."),
    }
}

/// Collects paths to functions that make an image.
fn collect(tree: &dyn SourceTree, way: Vec<Macro>, ways: &mut Vec<Vec<Macro>>) {
    let mut waiting = vec![way.clone()];
    let mut seen: Vec<(String, String)> = Vec::new();
    while let Some(way) = waiting.pop() {
        let Some(last) = way.last() else { continue };
        if makes_image(last) {
            ways.push(way);
            continue;
        }
        if way.len() > LONGEST_WAY {
            continue;
        }
        for next in callees(tree, last) {
            let key = (next.module.path.clone(), next.symbol.clone());
            if !seen.contains(&key) {
                seen.push(key);
                waiting.push(way.iter().cloned().chain([next]).collect());
            }
        }
    }
    if ways.is_empty() {
        ways.push(way);
    }
}

/// Functions of the workspace that are called in lines of their own.
fn callees(tree: &dyn SourceTree, of: &Macro) -> Vec<Macro> {
    let file = &of.module.file;
    let body = lines(file, of.definition.body);
    let mut names: Vec<String> = Vec::new();
    for line in body.iter().flat_map(super::body::Line::all) {
        let text = file.text(line.span);
        let name: String = text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        if text.get(name.len()..).is_some_and(|rest| rest.starts_with('(')) && !names.contains(&name) {
            names.push(name);
        }
    }
    names.into_iter().filter_map(|name| of.local_function(tree, &name)).collect()
}

impl Macro {
    fn local_function(&self, tree: &dyn SourceTree, name: &str) -> Option<Macro> {
        let label = self.module_label();
        let bound = LoadedFunction { module: label, symbol: name.to_owned() };
        resolve(tree, &bound, &self.module.package)
    }
}

/// Makes `caller` hand `dep_layers` to `callee`.
///
/// # Errors
/// When the call is not a line of its own, or there are several.
pub(crate) fn hand_on(tree: &dyn SourceTree, caller: &Macro, callee: &Macro) -> Result<Vec<TextEdit>, Refusal> {
    let call = the_call(tree, caller, callee)?;
    let named = |argument: &crate::build_file::tree::Argument| matches!(&argument.kind, ArgumentKind::Keyword(name) if name == DEP_LAYERS);
    let has_parameter = caller.definition.parameters.iter().any(|parameter| parameter.name == DEP_LAYERS);
    if call.arguments.iter().any(named) {
        return Ok(if has_parameter { Vec::new() } else { parameter(caller)? });
    }
    let rest = caller.definition.parameters.iter().find(|parameter| parameter.kind == ParameterKind::StarStar);
    let hands_rest_on = call.arguments.iter().any(|argument| {
        argument.kind == ArgumentKind::StarStar && rest.is_some_and(|rest| call.text(argument.value) == rest.name)
    });
    if hands_rest_on && !has_parameter {
        return Ok(Vec::new());
    }
    let spans: Vec<Span> = call.arguments.iter().map(|argument| argument.span).collect();
    let at = call.arguments.iter().position(|argument| argument.kind == ArgumentKind::StarStar);
    let text = NewText::Keyword(DEP_LAYERS.to_owned(), Box::new(NewText::Verbatim(DEP_LAYERS.into())));
    let edits = insertion(&call.file, call.brackets, &spans, at.unwrap_or(spans.len()), text);
    let edits =
        edits.ok_or_else(|| refuse(caller, caller.line, "a call is laid out so that no argument can be added"))?;
    let mut edits: Vec<TextEdit> = edits
        .as_slice()
        .iter()
        .map(|edit| TextEdit { range: call.place(edit.range), insert: edit.insert.clone() })
        .collect();
    if !has_parameter {
        edits.extend(parameter(caller)?);
    }
    Ok(edits)
}

fn the_call(tree: &dyn SourceTree, caller: &Macro, callee: &Macro) -> Result<Call, Refusal> {
    let file = &caller.module.file;
    let body = lines(file, caller.definition.body);
    let mut found: Vec<Call> = Vec::new();
    for line in body.iter().flat_map(super::body::Line::all) {
        let text = file.text(line.span);
        let name: String = text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        let Some(call) = line.call_of(file, std::slice::from_ref(&name)) else { continue };
        let is_callee = caller
            .local_function(tree, &name)
            .is_some_and(|other| other.symbol == callee.symbol && other.module.path == callee.module.path);
        if is_callee {
            found.push(call);
        }
    }
    match found.len() {
        1 => Ok(found.swap_remove(0)),
        0 => Err(refuse(caller, caller.line, &format!("its call of `{}` is no line of its own", callee.symbol))),
        _ => Err(refuse(caller, caller.line, &format!("it calls `{}` several times", callee.symbol))),
    }
}

/// Adds the parameter to a function.
///
/// # Errors
/// When its parameters can't be parsed.
pub(crate) fn parameter(of: &Macro) -> Result<Vec<TextEdit>, Refusal> {
    let file = &of.module.file;
    let failed = || refuse(of, of.line, "its parameters are laid out so that none can be added");
    let (brackets, spans) = parameters(file, of).ok_or_else(failed)?;
    let is_rest = |span: &&Span| file.bytes(**span).starts_with(b"**");
    let at = spans.iter().position(|span| is_rest(&span)).unwrap_or(spans.len());
    let text = NewText::Verbatim(b"dep_layers = None".to_vec());
    let edits = insertion(file, brackets, &spans, at, text).ok_or_else(failed)?;
    Ok(edits.as_slice().to_vec())
}

fn parameters(file: &BuildFile, of: &Macro) -> Option<(Brackets, Vec<Span>)> {
    let (_, whole) = file.definitions().find(|(other, _)| other.body == of.definition.body)?;
    let mut spans: Vec<Span> = Vec::new();
    let (mut depth, mut open, mut current) = (0_usize, None, None::<Span>);
    for token in file.tokens_in(Span::new(whole.start, of.definition.body.start)) {
        match token.kind {
            TokenKind::Space | TokenKind::Newline | TokenKind::Comment | TokenKind::Continuation => continue,
            TokenKind::Open => {
                depth += 1;
                if depth == 1 {
                    open = Some(token.span);
                    continue;
                }
            }
            TokenKind::Close => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    spans.extend(current);
                    return Some((Brackets { open: open?, close: token.span }, spans));
                }
            }
            _ => {}
        }
        if depth == 1 && file.bytes(token.span) == b"," {
            spans.extend(current.take());
        } else if depth > 0 {
            current = Some(current.map_or(token.span, |span| span.to(token.span)));
        }
    }
    None
}

/// Inserts an item before the one at `at`.
fn insertion(file: &BuildFile, brackets: Brackets, spans: &[Span], at: usize, text: NewText) -> Option<TextEdits> {
    let bracket = Bracket::of(file, brackets, spans);
    let kept = |range: std::ops::Range<usize>| range.map(Wanted::Kept);
    let wanted = kept(0..at).chain([Wanted::New(NewElement::plain(text))]).chain(kept(at..spans.len())).collect();
    let edit = SequenceEdit::on_its_line(file, &bracket, wanted);
    edit.edits().ok()
}
