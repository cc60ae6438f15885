//! Patches the function that packs an image. Known is a `pkg_tar` with the binary and its runfiles, whose label goes
//! into `oci_image(tars = ...)` by a list that is filled line by line or written out. Anything else is refused with its
//! line.

use crate::build_file::fold::{self, Constants, FoldedValue};
use crate::build_file::new_text::{Layout, NewText};
use crate::build_file::span::Span;
use crate::build_file::style;
use crate::build_file::text_edit::TextEdit;
use crate::build_file::tree::{ArgumentKind, ExpressionKind, ParameterKind};

use crate::rewrite::macros::Macro;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rule_sets::dep_layers::rules::body::{Call, Line, lines};

pub(crate) const IMAGE_LAYERS: &str = "image_layers";
/// Stands for `name` while texts are compared.
const SAMPLE_NAME: &str = "NAME";
/// `pkg_tar` arguments that the layer rules support.
const KEPT_ARGUMENTS: [&str; 7] =
    ["name", "srcs", "package_dir", "include_runfiles", "tags", "extension", "visibility"];

pub(crate) struct Patch {
    pub edits: Vec<TextEdit>,
    /// Comments of removed lines.
    pub lost: Vec<Span>,
    /// It has no `dep_layers` yet.
    pub lacks_parameter: bool,
}

/// Local names of a function of an outside rule set.
pub(crate) fn local_names(of: &Macro, repository: &str, symbol: &str) -> Vec<String> {
    let file = &of.module.file;
    let from = format!("@{repository}//");
    let loads = file.loads().filter(|(load, _)| load.module_name.trim_start_matches('@').starts_with(&from[1..]));
    loads
        .flat_map(|(load, _)| &load.symbols)
        .filter(|loaded| loaded.original == symbol)
        .map(|loaded| loaded.local.clone())
        .collect()
}

/// Returns `true` if the function calls `oci_image`.
pub(crate) fn makes_image(of: &Macro) -> bool {
    let images = local_names(of, "rules_oci", "oci_image");
    let file = &of.module.file;
    let all = lines(file, of.definition.body);
    !images.is_empty() && all.iter().flat_map(Line::all).any(|line| line.call_of(file, &images).is_some())
}

struct View<'a> {
    of: &'a Macro,
    lines: Vec<Line>,
    constants: Constants,
}

/// The tar with the program.
struct ProgramTar {
    line: usize,
    call: Call,
    /// As the macro writes it.
    binary: String,
    /// The tar's name for the sample name.
    name: String,
}

/// Edits the function so that its image has true layers.
///
/// # Errors
/// A refusal with the line that is not in a known shape.
pub(crate) fn patch(of: &Macro) -> Result<Patch, Refusal> {
    let view = View::of(of)?;
    let tar = view.program_tar()?;
    view.check_arguments(&tar)?;
    let mut change = match view.filled_list(&tar)? {
        Some((append, list)) => view.by_list(&tar, append, &list)?,
        None => view.by_element(&tar)?,
    };
    change.lacks_parameter = !of.definition.parameters.iter().any(|parameter| parameter.name == "dep_layers");
    Ok(change)
}

impl<'a> View<'a> {
    fn of(of: &'a Macro) -> Result<Self, Refusal> {
        let lines = lines(&of.module.file, of.definition.body);
        let constants = Constants::from([("name".to_owned(), FoldedValue::String(SAMPLE_NAME.to_owned()))]);
        let view = Self { of, lines, constants };
        let named = |name: &str| of.definition.parameters.iter().any(|parameter| parameter.name == name);
        if !named("name") {
            return Err(view.refuse_whole("it has no parameter `name`, and the layers are named after it"));
        }
        if of.definition.parameters.iter().any(|parameter| {
            parameter.name == "dep_layers"
                && !matches!(parameter.kind, ParameterKind::Plain | ParameterKind::KeywordOnly)
        }) {
            return Err(view.refuse_whole("`dep_layers` is no plain parameter there"));
        }
        let images = local_names(of, "rules_oci", "oci_image");
        let file = &of.module.file;
        let is_image = |line: &&Line| line.call_of(file, &images).is_some();
        let found: Vec<&Line> = view.lines.iter().flat_map(Line::all).filter(is_image).collect();
        match found.as_slice() {
            [only] if view.lines.iter().any(|line| line.span == only.span) => Ok(view),
            [only] => Err(view.refuse(only.span, "the image is made inside of a block")),
            [_, second, ..] => Err(view.refuse(second.span, "a second image is made here")),
            [] => Err(view.refuse_whole("it makes no image with `oci_image`")),
        }
    }

    fn file(&self) -> &crate::build_file::BuildFile {
        &self.of.module.file
    }

    fn refuse(&self, at: Span, what: &str) -> Refusal {
        refuse(self.of, self.file().line(at.start), what)
    }

    fn refuse_whole(&self, what: &str) -> Refusal {
        refuse(self.of, self.of.line, what)
    }

    fn program_tar(&self) -> Result<ProgramTar, Refusal> {
        let tars = local_names(self.of, "rules_pkg", "pkg_tar");
        if tars.is_empty() {
            return Err(self.refuse_whole("it packs nothing with `pkg_tar` of rules_pkg"));
        }
        let mut found: Option<ProgramTar> = None;
        for (index, top) in self.lines.iter().enumerate() {
            for line in top.all() {
                let Some(call) = line.call_of(self.file(), &tars) else { continue };
                if call.value("include_runfiles", &self.constants) != Some(FoldedValue::Bool(true)) {
                    continue;
                }
                let Some(binary) = only_element(&call, "srcs") else { continue };
                if line.span != top.span {
                    return Err(self.refuse(line.span, "the program is packed inside of a block"));
                }
                if found.is_some() {
                    return Err(self.refuse(line.span, "a second `pkg_tar` packs a program with its runfiles"));
                }
                let name = call.value("name", &self.constants);
                let Some(FoldedValue::String(name)) = name.filter(|name| name.as_str().is_some_and(is_sample)) else {
                    return Err(self.refuse(line.span, "the tar's name is not made of `name` and fixed text"));
                };
                found = Some(ProgramTar { line: index, call, binary, name });
            }
        }
        found.ok_or_else(|| self.refuse_whole("no `pkg_tar` has one program in `srcs` and `include_runfiles = True`"))
    }

    /// Refuses arguments that the layer rules do not support.
    fn check_arguments(&self, tar: &ProgramTar) -> Result<(), Refusal> {
        let at = |span: Span| tar.call.place(span);
        for argument in &tar.call.arguments {
            let ArgumentKind::Keyword(name) = &argument.kind else {
                return Err(self.refuse(at(argument.span), "this argument has no name, so what it means is not known"));
            };
            if !KEPT_ARGUMENTS.contains(&name.as_str()) {
                let what = format!("`{name}` of the `pkg_tar` has no counterpart in the layer rules");
                return Err(self.refuse(at(argument.span), &what));
            }
        }
        let value = |name: &str| tar.call.value(name, &self.constants);
        match value("package_dir") {
            Some(FoldedValue::String(folder)) if folder.trim_matches('/') == "app" => {}
            _ => {
                let what = "the program is not packed below `/app` (`package_dir`), where the layer rules put it";
                return Err(self.refuse(at(tar.call.brackets.open), what));
            }
        }
        match value("extension") {
            None => Ok(()),
            Some(FoldedValue::String(extension)) if ["tar", "tar.gz", "tgz"].contains(&extension.as_str()) => Ok(()),
            Some(_) => {
                Err(self.refuse(at(tar.call.brackets.open), "the tar's `extension` is none of tar, tar.gz and tgz"))
            }
        }
    }

    /// The line that appends the tar's label to a list, and the list.
    fn filled_list(&self, tar: &ProgramTar) -> Result<Option<(usize, String)>, Refusal> {
        let mut found = None;
        for (index, line) in self.lines.iter().enumerate() {
            let Some((list, alone, value)) = line.append(self.file()) else { continue };
            if !tar.is_label(&fold::value(&alone, value, &self.constants)) {
                continue;
            }
            if found.is_some() {
                return Err(self.refuse(line.span, "the tar is put into a list twice"));
            }
            found = Some((index, list));
        }
        Ok(found)
    }

    /// The shape `tars = []`, blocks that fill it, `tars.append(...)`.
    fn by_list(&self, tar: &ProgramTar, append: usize, list: &str) -> Result<Patch, Refusal> {
        let groups = self.group_blocks(list)?;
        let mut removed: Vec<usize> = groups.clone();
        let is_start = |(_, line): &(usize, &Line)| line.assignment(self.file()).is_some_and(|(name, ..)| name == list);
        let start = self.lines.iter().enumerate().find(is_start).map(|(index, _)| index);
        let others = (0..append).filter(|index| !groups.contains(index) && *index != tar.line && Some(*index) != start);
        let is_empty = |index: usize| {
            let line = self.lines.get(index);
            line.and_then(|line| line.assignment(self.file())).is_some_and(|(_, alone, value)| {
                matches!(&alone.tree.expression(value).kind, ExpressionKind::List { elements, .. } if elements.is_empty())
            })
        };
        let holds_others =
            others.filter_map(|index| self.lines.get(index)).any(|line| line.mentions(self.file(), list));
        let starts_anew = start.is_some_and(is_empty) && !holds_others;
        if starts_anew {
            removed.extend(start);
        }
        // The new line replaces the append, or the tar directly before it.
        let place = if append == tar.line + 1 { tar.line } else { append };
        removed.extend([tar.line, append].into_iter().filter(|index| *index != place));
        let call = |layout: &Layout| {
            let layers = layers_call(tar);
            if starts_anew {
                [format!("{list} = ").into_bytes(), layers.render(layout)].concat()
            } else {
                NewText::Call(format!("{list}.extend"), vec![layers]).render(layout)
            }
        };
        self.check_locals(&removed, &[place], list)?;
        self.patched(&removed, place, &call, Vec::new())
    }

    /// Blocks that make the tars of `dep_layers` and append them.
    fn group_blocks(&self, list: &str) -> Result<Vec<usize>, Refusal> {
        let tars = local_names(self.of, "rules_pkg", "pkg_tar");
        let mut found = Vec::new();
        for (index, block) in self.lines.iter().enumerate().filter(|(_, line)| !line.below.is_empty()) {
            let header = Line { below: Vec::new(), ..block.clone() };
            let inner = block.all();
            let packs = inner.iter().any(|line| line.call_of(self.file(), &tars).is_some());
            if !packs || !header.mentions(self.file(), "dep_layers") {
                continue;
            }
            let foreign =
                inner.into_iter().find(|line| line.below.is_empty() && !self.makes_a_group(line, list, &tars));
            if let Some(line) = foreign {
                let what = "this line of the block that packs `dep_layers` does something else than pack";
                return Err(self.refuse(line.span, what));
            }
            found.push(index);
        }
        Ok(found)
    }

    fn makes_a_group(&self, line: &Line, list: &str, tars: &[String]) -> bool {
        let file = self.file();
        line.call_of(file, tars).is_some()
            || line.assignment(file).is_some()
            || line.append(file).is_some_and(|(other, ..)| other == list)
    }

    /// Names bound only by removed lines must not be read elsewhere.
    fn check_locals(&self, removed: &[usize], replaced: &[usize], list: &str) -> Result<(), Refusal> {
        let goes = |index: &usize| removed.contains(index) || replaced.contains(index);
        let gone = removed.iter().filter_map(|index| self.lines.get(*index)).flat_map(Line::all);
        let bound: Vec<String> = gone.flat_map(|line| self.bound(line)).filter(|name| name != list).collect();
        for (index, line) in self.lines.iter().enumerate().filter(|(index, _)| !goes(index)) {
            let binds_again = |name: &String| line.assignment(self.file()).is_some_and(|(other, ..)| other == *name);
            let used = bound.iter().find(|name| !binds_again(name) && line.mentions(self.file(), name));
            if let Some(name) = used.filter(|_| removed.iter().any(|gone| *gone < index)) {
                return Err(self.refuse(
                    line.span,
                    &format!("this line needs `{name}`, which is bound where `dep_layers` are packed"),
                ));
            }
        }
        Ok(())
    }

    fn bound(&self, line: &Line) -> Vec<String> {
        if let Some((name, ..)) = line.assignment(self.file()) {
            return vec![name];
        }
        // `for a, b in c:` binds the text between `for` and `in`.
        let text = self.file().text(line.span);
        let names = text.strip_prefix("for ").and_then(|rest| rest.split_once(" in ")).map(|(names, _)| names);
        let words = names.unwrap_or_default().split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    /// The shape `tars = [..., ":" + name + "_layer"]`, in the image or in a list variable.
    fn by_element(&self, tar: &ProgramTar) -> Result<Patch, Refusal> {
        let variable = ["layer_tars", "image_layer_tars", "layers_of_image"]
            .into_iter()
            .find(|name| !self.lines.iter().any(|line| line.mentions(self.file(), name)))
            .ok_or_else(|| self.refuse_whole("every name for a new variable is taken"))?;
        let mut edits = Vec::new();
        for line in self.lines.iter().skip(tar.line + 1).flat_map(Line::all) {
            let Some((alone, _)) = line.statement(self.file()) else { continue };
            for id in alone.tree.ids() {
                let ExpressionKind::List { brackets, elements } = &alone.tree.expression(id).kind else { continue };
                let is_tar = |element: &&crate::build_file::tree::ExpressionId| {
                    tar.is_label(&fold::value(&alone, **element, &self.constants))
                };
                let Some(at) = elements.iter().position(|element| is_tar(&element)) else { continue };
                let whole = Span::new(brackets.open.start + line.span.start, brackets.close.end + line.span.start);
                let spans: Vec<Span> = elements.iter().map(|id| alone.tree.expression(*id).outer).collect();
                if alone.comments().any(|comment| {
                    whole.contains(Span::new(comment.start + line.span.start, comment.end + line.span.start))
                }) {
                    return Err(self.refuse(whole, "comments stand inside of the list of tars; put them above it"));
                }
                edits.push(TextEdit { range: whole, insert: joined(&alone, &spans, at, variable) });
            }
        }
        match edits.len() {
            1 => {}
            0 => return Err(self.refuse(tar.call.place(tar.call.brackets.open), "no list of tars names this one")),
            _ => return Err(self.refuse(tar.call.place(tar.call.brackets.open), "several lists of tars name this one")),
        }
        let call = |layout: &Layout| [format!("{variable} = ").into_bytes(), layers_call(tar).render(layout)].concat();
        self.patched(&[], tar.line, &call, edits)
    }

    /// Combines removed lines, the line replaced by the new call, and other edits.
    fn patched(
        &self,
        removed: &[usize],
        place: usize,
        call: &dyn Fn(&Layout) -> Vec<u8>,
        mut edits: Vec<TextEdit>,
    ) -> Result<Patch, Refusal> {
        let file = self.file();
        let mut lost = Vec::new();
        for line in removed.iter().filter_map(|index| self.lines.get(*index)) {
            lost.extend(line.all_comments());
            edits.push(TextEdit { range: self.with_blank_lines(line), insert: Vec::new() });
        }
        if let Some(line) = self.lines.get(place) {
            lost.extend(line.all_comments());
            let start = self.first_byte(line);
            let indentation = file.indentation(line.span.start).to_vec();
            let line_end = style::line_end_before(file, start);
            let layout = Layout {
                indentation: indentation.clone(),
                unit: style::DEFAULT_UNIT.to_vec(),
                line_end,
                one_line: false,
            };
            let text = [indentation, call(&layout)].concat();
            let end = file.line_end(line.whole().end.max(1) - 1);
            let line_end = if file.source.get(..end).is_some_and(|before| before.ends_with(b"\n")) {
                layout.line_end
            } else {
                Vec::new()
            };
            edits.push(TextEdit { range: Span::new(start, end), insert: [text, line_end].concat() });
        }
        lost.sort();
        Ok(Patch { edits, lost, lacks_parameter: false })
    }

    /// Start of a line with its comments.
    fn first_byte(&self, line: &Line) -> usize {
        let first = line.comments.iter().map(|comment| comment.start).chain([line.span.start]).min();
        self.file().line_start(first.unwrap_or(line.span.start))
    }

    /// A line with its comments and the blank lines above.
    fn with_blank_lines(&self, line: &Line) -> Span {
        let file = self.file();
        let mut start = self.first_byte(line);
        while start > 0 {
            let before = file.line_start(start - 1);
            if !file.bytes(Span::new(before, start)).trim_ascii().is_empty() {
                break;
            }
            start = before;
        }
        Span::new(start, file.line_end(line.whole().end.max(1) - 1))
    }
}

impl ProgramTar {
    fn is_label(&self, value: &FoldedValue) -> bool {
        value.as_str().is_some_and(|text| text.strip_prefix(':').unwrap_or(text) == self.name)
    }
}

/// `[a] + tars + [c]`, without empty lists.
fn joined(file: &crate::build_file::BuildFile, elements: &[Span], at: usize, variable: &str) -> Vec<u8> {
    let list = |part: &[Span]| {
        let texts: Vec<String> = part.iter().map(|span| file.text(*span)).collect();
        (!texts.is_empty()).then(|| format!("[{}]", texts.join(", ")))
    };
    let (before, after) = (elements.get(..at).unwrap_or_default(), elements.get(at + 1..).unwrap_or_default());
    let parts = [list(before), Some(variable.to_owned()), list(after)];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" + ").into_bytes()
}

fn layers_call(tar: &ProgramTar) -> NewText {
    let argument = |name: &str, text: &str| NewText::Keyword(name.to_owned(), Box::new(NewText::Verbatim(text.into())));
    let arguments =
        vec![argument("name", "name"), argument("binary", &tar.binary), argument("dep_layers", "dep_layers")];
    NewText::Call(IMAGE_LAYERS.to_owned(), arguments)
}

/// The only element of a list argument.
fn only_element(call: &Call, name: &str) -> Option<String> {
    match &call.file.tree.expression(call.argument(name)?).kind {
        ExpressionKind::List { elements, .. } if elements.len() == 1 => Some(call.text(*elements.first()?)),
        _ => None,
    }
}

fn is_sample(name: &str) -> bool {
    name.starts_with(SAMPLE_NAME)
}

pub(crate) fn refuse(of: &Macro, line: usize, what: &str) -> Refusal {
    let message = format!(
        "`{}` can't be patched: {what}. Give `oci_image(tars = ...)` what `{IMAGE_LAYERS}(name = name, binary = binary, dep_layers = dep_layers)` \
         returns, by hand; the rules alone can be installed all the same (`--files-only` on the command line).",
        of.symbol
    );
    Refusal::at_line(RefusalCode::UnknownShape, &of.module.path, line, message)
}

/// Returns `true` if a name is read outside of `gone`, load statements aside.
pub(crate) fn is_used_outside(of: &Macro, name: &str, gone: &[Span]) -> bool {
    use crate::build_file::lexer::TokenKind;
    let file = &of.module.file;
    let loads: Vec<Span> = file.loads().map(|(_, span)| span).collect();
    file.tokens
        .iter()
        .filter(|token| token.kind == TokenKind::Identifier && file.bytes(token.span) == name.as_bytes())
        .any(|token| !loads.iter().chain(gone).any(|span| span.contains(token.span)))
}
