//! Edits of the items between brackets, with the smallest change of text. Kept items keep their bytes and comments;
//! comments of the list stay in place; those of a removed item go with it, if the caller allows it.

use super::BuildFile;
use super::bracket::{Bracket, Item};
use super::lexer::{self, TokenKind};
use super::new_text::{Layout, NewElement, NewText};
use super::span::Span;
use super::style;
use super::text_edit::{Overlap, TextEdit, TextEdits};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The old item with this index.
    Kept(usize),
    New(NewElement),
    /// Takes the place of the removed old item with this index.
    Instead(usize, NewElement),
}

/// When a list on one line is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// When anything is added.
    Break,
    /// When it had at most one item, grows, and the enclosing bracket is broken.
    BreakSmall,
    /// Only when a comment is added.
    StayOnLine,
}

#[derive(Clone, Debug)]
pub struct SequenceEdit<'a> {
    pub file: &'a BuildFile,
    pub bracket: &'a Bracket,
    pub enclosing: Option<&'a Bracket>,
    /// In order.
    pub wanted: Vec<Wanted>,
    /// Edits inside of kept items.
    pub inner: TextEdits,
    pub growth: Growth,
    /// Blanks of one level, if the bracket does not show them.
    pub unit: Vec<u8>,
}

impl<'a> SequenceEdit<'a> {
    /// For a bracket without an enclosing one; a list on one line stays there.
    #[must_use]
    pub fn on_its_line(file: &'a BuildFile, bracket: &'a Bracket, wanted: Vec<Wanted>) -> Self {
        let (inner, unit) = (TextEdits::default(), style::DEFAULT_UNIT.to_vec());
        Self { file, bracket, enclosing: None, wanted, inner, growth: Growth::StayOnLine, unit }
    }

    /// # Errors
    /// When no small edit of such text exists, which is rare.
    pub fn edits(&self) -> Result<TextEdits, Overlap> {
        let kept: Vec<usize> = self.wanted.iter().filter_map(Wanted::old).collect();
        let unchanged = kept.len() == self.wanted.len() && kept.iter().copied().eq(0..self.bracket.items.len());
        if unchanged {
            return Ok(self.inner.clone());
        }
        if self.must_break() {
            return TextEdits::new(vec![self.rewritten()]);
        }
        let edits = self.small_edits(&longest_ascending(&kept));
        match TextEdits::new(edits) {
            Err(_) if self.bracket.free_comments(self.file).next().is_none() => TextEdits::new(vec![self.rewritten()]),
            edits => edits,
        }
    }

    fn must_break(&self) -> bool {
        let grows = self.wanted.len() > self.bracket.items.len();
        if !self.bracket.one_line {
            return grows && self.growth == Growth::BreakSmall && self.hugs_its_item();
        }
        let new = || self.wanted.iter().filter_map(Wanted::new_element);
        if new().any(NewElement::has_comments) {
            return true;
        }
        let around = Span::new(self.bracket.open.start, self.bracket.close.end);
        let enclosing_broken = self.enclosing.is_none_or(|enclosing| enclosing.is_broken_around(self.file, around));
        let large = self.wanted.len() > 1 || new().any(|element| element.text.is_broken());
        match self.growth {
            Growth::Break => new().next().is_some(),
            Growth::BreakSmall => enclosing_broken && grows && large && self.bracket.items.len() <= 1,
            Growth::StayOnLine => false,
        }
    }

    /// Returns `true` if a single item over several lines shares its first and last with the brackets, as in `[{` and
    /// `}]`.
    fn hugs_its_item(&self) -> bool {
        let comments = self.bracket.free_comments(self.file).next().is_some();
        matches!(self.bracket.items.as_slice(), [item] if !item.starts_line && !item.ends_line && item.suffix.is_none())
            && !comments
    }

    fn unit(&self) -> Vec<u8> {
        self.bracket.indentation_unit(self.file).unwrap_or_else(|| self.unit.clone())
    }

    fn layout(&self, indentation: Vec<u8>, at: usize, one_line: bool) -> Layout {
        Layout { indentation, unit: self.unit(), line_end: style::line_end_before(self.file, at), one_line }
    }

    fn line_layout(&self, near: Option<&Item>, at: usize) -> Layout {
        let starts_line = |item: &&Item| item.starts_line;
        let model = near.filter(starts_line).or_else(|| self.bracket.items.iter().find(starts_line));
        let indentation = match model {
            Some(item) => self.file.indentation(item.span.start).to_vec(),
            None => [self.file.indentation(self.bracket.open.start), &self.unit()].concat(),
        };
        self.layout(indentation, at, false)
    }

    fn moved(&self, item: &Item) -> NewElement {
        let bytes = |span: &Span| self.file.bytes(*span).to_vec();
        NewElement {
            above: item.above.iter().map(bytes).collect(),
            text: NewText::Verbatim(self.inner.apply_within(&self.file.source, item.span)),
            suffix: item.suffix_with_blanks(self.file),
        }
    }

    fn element(&self, wanted: &Wanted) -> Option<NewElement> {
        match wanted {
            Wanted::Kept(index) => self.bracket.items.get(*index).map(|item| self.moved(item)),
            Wanted::New(element) | Wanted::Instead(_, element) => Some(element.clone()),
        }
    }

    /// Rewrites everything, each item on its own lines.
    fn rewritten(&self) -> TextEdit {
        let open = self.bracket.open;
        let outer = self.file.indentation(open.start).to_vec();
        let layout = self.layout([outer.as_slice(), &self.unit()].concat(), open.start, false);
        let element = |wanted: &Wanted| {
            let mut element = self.element(wanted)?;
            let item = wanted.old().and_then(|index| self.bracket.items.get(index));
            let deeper = item.and_then(|item| layout.indentation.strip_prefix(self.file.indentation(item.span.start)));
            if let (Some(deeper), NewText::Verbatim(text)) = (deeper, &element.text) {
                element.text = NewText::Verbatim(indented(text, deeper));
            }
            Some(element.lines(&layout))
        };
        let lines: Vec<Vec<u8>> = self.wanted.iter().filter_map(element).collect();
        let insert = [layout.line_end.as_slice(), &lines.concat(), &outer].concat();
        TextEdit { range: self.bracket.inside(), insert }
    }

    fn small_edits(&self, stationary: &[usize]) -> Vec<TextEdit> {
        let items = &self.bracket.items;
        let mut gone: Vec<bool> = (0..items.len()).map(|index| !stationary.contains(&index)).collect();
        if self.wanted.is_empty()
            && items.iter().all(|item| item.block.is_some())
            && self.bracket.free_comments(self.file).next().is_none()
        {
            return vec![TextEdit { range: self.bracket.inside(), insert: Vec::new() }];
        }
        let mut edits: Vec<TextEdit> = Vec::new();
        let starts_behind_bracket = !items.first().is_some_and(|item| item.starts_line);
        if let Some(edit) = self.fill().filter(|_| stationary.is_empty() && starts_behind_bracket) {
            return vec![edit];
        }
        let mut last: Option<Anchor<'_>> = None;
        for (at, wanted) in self.wanted.iter().enumerate() {
            match wanted {
                Wanted::Kept(index) if stationary.contains(index) => {
                    last = items.get(*index).map(|item| Anchor { item, index: *index, gone: false });
                }
                Wanted::Instead(index, element) if self.is_between(*index, last, at, stationary) => {
                    let Some(item) = items.get(*index) else { continue };
                    edits.extend(self.replacement(item, element, last));
                    if let (None, Some(gone)) = (item.block, gone.get_mut(*index)) {
                        *gone = false;
                    }
                    last = Some(Anchor { item, index: *index, gone: item.block.is_some() });
                }
                other => {
                    edits.extend(self.element(other).into_iter().flat_map(|element| self.insert_after(last, &element)));
                }
            }
        }
        dedupe_commas(&mut edits);
        let removals = self.removals(&gone, &edits);
        edits.extend(removals);
        let inner = self.inner.as_slice().iter();
        let stays = |edit: &&TextEdit| {
            stationary.iter().filter_map(|index| items.get(*index)).any(|item| item.span.contains(edit.range))
        };
        edits.extend(inner.filter(stays).cloned());
        edits
    }

    /// Returns `true` if the old item `index` is behind what was placed last and before what stays next.
    fn is_between(&self, index: usize, last: Option<Anchor<'_>>, at: usize, stationary: &[usize]) -> bool {
        let next = self.wanted.iter().skip(at).filter_map(Wanted::old).find(|old| stationary.contains(old));
        last.is_none_or(|last| last.index < index) && next.is_none_or(|next| index < next)
    }

    /// Puts an element at the place of an old item.
    fn replacement(&self, old: &Item, element: &NewElement, last: Option<Anchor<'_>>) -> Vec<TextEdit> {
        let Some(block) = old.block else {
            let indentation = self.file.indentation(old.span.start).to_vec();
            let layout = self.layout(indentation, old.span.start, self.bracket.one_line);
            return vec![TextEdit { range: old.span, insert: element.text.render(&layout) }];
        };
        let lines = insertion(block.start, element.lines(&self.line_layout(Some(old), block.start)));
        last.and_then(|last| last.missing_comma()).into_iter().chain([lines]).collect()
    }

    /// Replaces everything where nothing is kept and the first item does not start a line.
    fn fill(&self) -> Option<TextEdit> {
        if !self.bracket.one_line && self.bracket.items.is_empty() {
            let at = self.file.line_end(self.bracket.open.start);
            let layout = self.line_layout(None, at);
            let lines: Vec<Vec<u8>> =
                self.wanted.iter().filter_map(Wanted::new_element).map(|element| element.lines(&layout)).collect();
            return (at <= self.bracket.close.start).then(|| insertion(at, lines.concat()));
        }
        if !self.bracket.one_line {
            let free_of_comments = self.bracket.free_comments(self.file).next().is_none();
            let [Wanted::New(element) | Wanted::Instead(_, element)] = self.wanted.as_slice() else {
                return (free_of_comments && !self.wanted.is_empty()).then(|| self.rewritten());
            };
            let (first, last) = (self.bracket.items.first()?, self.bracket.items.last()?);
            let layout = self.layout(self.file.indentation(first.span.start).to_vec(), first.span.start, false);
            let edit = TextEdit { range: first.span.to(last.span), insert: element.text.render(&layout) };
            return (!element.has_comments()).then_some(edit);
        }
        let layout =
            self.layout(self.file.indentation(self.bracket.open.start).to_vec(), self.bracket.open.start, true);
        let parts: Vec<Vec<u8>> =
            self.wanted.iter().filter_map(Wanted::new_element).map(|element| element.text.render(&layout)).collect();
        let insert = parts.join([b",", self.separator().as_slice()].concat().as_slice());
        let range = match (self.bracket.items.first(), self.bracket.items.last()) {
            (Some(first), Some(last)) if !parts.is_empty() => first.span.to(last.span),
            _ => self.bracket.inside(),
        };
        Some(TextEdit { range, insert })
    }

    fn insert_after(&self, last: Option<Anchor<'_>>, element: &NewElement) -> Vec<TextEdit> {
        let items = &self.bracket.items;
        if let Some(anchor) = last {
            let last = anchor.item;
            if let Some(comma) = last.comma.filter(|_| last.ends_line && self.comma_stands_before_others(anchor.index))
            {
                let text = self.on_line(element, comma.start);
                return vec![insertion(comma.end, [self.separator().as_slice(), &text, b","].concat())];
            }
            if last.ends_line {
                let at = last.line_end(self.file);
                let line = insertion(at, element.lines(&self.line_layout(Some(last), at)));
                return anchor.missing_comma().into_iter().chain([line]).collect();
            }
            let text = self.on_line(element, last.span.start);
            return vec![insertion(last.span.end, [b",", self.separator().as_slice(), &text].concat())];
        }
        match items.first() {
            Some(first) if first.starts_line => {
                let at = first.first_line_start(self.file);
                vec![insertion(at, element.lines(&self.line_layout(Some(first), at)))]
            }
            Some(first) => {
                let text = self.on_line(element, first.span.start);
                vec![insertion(first.span.start, [text.as_slice(), b",", &self.separator()].concat())]
            }
            None => {
                let at = self.file.line_end(self.bracket.open.start);
                vec![insertion(at, element.lines(&self.line_layout(None, at)))]
            }
        }
    }

    /// Returns `true` if an item's comma shares a later line with what follows, as in `,)`.
    fn comma_stands_before_others(&self, index: usize) -> bool {
        let next = self.bracket.items.get(index + 1).map_or(self.bracket.close.start, |next| next.span.start);
        self.bracket.items.get(index).is_some_and(|item| item.line_end(self.file) > next)
    }

    fn on_line(&self, element: &NewElement, near: usize) -> Vec<u8> {
        element.text.render(&self.layout(self.file.indentation(near).to_vec(), near, self.bracket.one_line))
    }

    /// The blanks after a comma here, or in the enclosing bracket.
    fn separator(&self) -> Vec<u8> {
        let between = |bracket: &Bracket, allow_lines: bool| {
            bracket.items.iter().zip(bracket.items.iter().skip(1)).rev().find_map(|(first, second)| {
                let gap = Span::new(first.comma?.end, second.span.start).slice(&self.file.source);
                let blank = gap
                    .iter()
                    .all(|byte| matches!(byte, b' ' | b'\t') || (allow_lines && matches!(byte, b'\r' | b'\n')));
                blank.then(|| gap.to_vec())
            })
        };
        let own = between(self.bracket, true);
        own.or_else(|| between(self.enclosing?, false)).unwrap_or_else(|| b" ".to_vec())
    }

    fn removals(&self, gone: &[bool], others: &[TextEdit]) -> Vec<TextEdit> {
        let items = &self.bracket.items;
        let mut edits = Vec::new();
        let mut index = 0;
        while let Some(item) = items.get(index) {
            let whole_lines = item.block.is_some();
            let run = items.iter().zip(gone).skip(index);
            let length = run.take_while(|(item, gone)| **gone && item.block.is_some() == whole_lines).count();
            let last = index + length.max(1) - 1;
            match (length, whole_lines) {
                (0, _) => {}
                (_, true) => edits.extend(self.blocks(items.get(index..=last).unwrap_or_default(), others)),
                (_, false) => edits.push(removal(self.run_of(index, last))),
            }
            index = last + 1;
        }
        edits
    }

    /// Removes items with their own lines, and the blank lines around them where nothing else changes.
    fn blocks(&self, items: &[Item], others: &[TextEdit]) -> Vec<TextEdit> {
        let blocks: Vec<Span> = items.iter().filter_map(|item| item.block).collect();
        let (Some(first), Some(last)) = (blocks.first(), blocks.last()) else {
            return Vec::new();
        };
        let is_blank = |span: Span| span.slice(&self.file.source).trim_ascii().is_empty();
        let together =
            blocks.iter().zip(blocks.iter().skip(1)).all(|(one, next)| is_blank(Span::new(one.end, next.start)));
        let whole = Span::new(self.start_with_blank_lines(first.start, last.end), last.end);
        let alone = !others.iter().any(|edit| whole.start < edit.range.start && edit.range.start < whole.end);
        if together && alone { vec![removal(whole)] } else { blocks.into_iter().map(removal).collect() }
    }

    /// Where to start removing lines so that no blank line is left that separates nothing. A comment of the list keeps
    /// its distance from what follows.
    fn start_with_blank_lines(&self, start: usize, end: usize) -> usize {
        let line = |at: usize| Span::new(at, self.file.line_end(at)).slice(&self.file.source).trim_ascii();
        let mut first = start;
        while first > self.bracket.open.end {
            let previous = self.file.line_start(first - 1);
            if !line(previous).is_empty() || previous < self.bracket.open.end {
                break;
            }
            first = previous;
        }
        let at_close = self.file.line_start(self.bracket.close.start) == end;
        let behind_comment = first > 0 && line(self.file.line_start(first - 1)).starts_with(b"#");
        let separates = line(end).starts_with(b"#") || behind_comment;
        if at_close || !separates { first } else { start }
    }

    /// The removed text of items that share lines with others.
    fn run_of(&self, first: usize, last: usize) -> Span {
        let items = &self.bracket.items;
        let (Some(first_item), Some(last_item)) = (items.get(first), items.get(last)) else {
            return Span::default();
        };
        let plain = |span: Span| !self.file.tokens_in(span).iter().any(|token| token.kind == TokenKind::Comment);
        if first_item.starts_line && last_item.ends_line && !self.comma_stands_before_others(last) {
            return Span::new(first_item.first_line_start(self.file), last_item.line_end(self.file));
        }
        let before = first.checked_sub(1).and_then(|before| items.get(before));
        if let (true, Some(comma), Some(last_comma)) =
            (last_item.ends_line, before.and_then(|before| before.comma), last_item.comma)
        {
            let end_of_line = Span::new(comma.end, last_comma.end);
            if plain(end_of_line) && !first_item.starts_line {
                return end_of_line;
            }
        }
        let next = items.get(last + 1).map(|next| Span::new(last_item.span.end, next.span.start));
        if let Some(gap) = next.filter(|gap| plain(*gap)) {
            return Span::new(first_item.span.start, gap.end);
        }
        let before = before.map(|before| Span::new(before.span.end, first_item.span.start));
        match before {
            Some(gap) if next.is_none() && plain(gap) => Span::new(gap.start, last_item.span.end),
            _ => Span::new(first_item.span.start, last_item.comma.map_or(last_item.span.end, |comma| comma.end)),
        }
    }
}

/// An old item behind which new ones go.
#[derive(Clone, Copy)]
struct Anchor<'i> {
    item: &'i Item,
    index: usize,
    /// Its lines are removed.
    gone: bool,
}

impl Anchor<'_> {
    /// The comma that a kept item needs before a new one.
    fn missing_comma(&self) -> Option<TextEdit> {
        (self.item.comma.is_none() && !self.gone).then(|| insertion(self.item.span.end, b",".to_vec()))
    }
}

impl Wanted {
    fn old(&self) -> Option<usize> {
        match self {
            Self::Kept(index) => Some(*index),
            Self::New(_) | Self::Instead(..) => None,
        }
    }

    fn new_element(&self) -> Option<&NewElement> {
        match self {
            Self::Kept(_) => None,
            Self::New(element) | Self::Instead(_, element) => Some(element),
        }
    }
}

/// Indents all lines but the first, except inside strings.
fn indented(text: &[u8], deeper: &[u8]) -> Vec<u8> {
    let (tokens, _) = lexer::lex(text);
    let mut result = Vec::with_capacity(text.len());
    for (index, token) in tokens.iter().enumerate() {
        result.extend_from_slice(token.span.slice(text));
        let blank = tokens.get(index + 1).is_some_and(|next| next.kind == TokenKind::Newline);
        if token.kind == TokenKind::Newline && !blank {
            result.extend_from_slice(deeper);
        }
    }
    result
}

fn insertion(at: usize, insert: Vec<u8>) -> TextEdit {
    TextEdit { range: Span::new(at, at), insert }
}

fn removal(range: Span) -> TextEdit {
    TextEdit { range, insert: Vec::new() }
}

/// A missing comma is added once, however many items follow.
fn dedupe_commas(edits: &mut Vec<TextEdit>) {
    let mut seen = Vec::new();
    edits.retain(|edit| {
        let comma = edit.insert == b"," && edit.range.start == edit.range.end;
        let new = !seen.contains(&edit.range.start);
        if comma {
            seen.push(edit.range.start);
        }
        !comma || new
    });
}

/// A longest ascending subsequence: items that need not move.
fn longest_ascending(values: &[usize]) -> Vec<usize> {
    // ends[k]: index of the smallest value that ends an ascending subsequence of length k + 1.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let length = ends.partition_point(|end| values.get(*end) < Some(value));
        previous.push(length.checked_sub(1).and_then(|length| ends.get(length)).copied());
        match ends.get_mut(length) {
            Some(end) => *end = index,
            None => ends.push(index),
        }
    }
    let mut part = Vec::new();
    let mut at = ends.last().copied();
    while let Some(index) = at {
        part.extend(values.get(index));
        at = previous.get(index).copied().flatten();
    }
    part.reverse();
    part
}
