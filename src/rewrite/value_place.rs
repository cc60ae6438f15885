//! Finds the text of a value: the argument itself, or a local variable with no other use.

use crate::build_file::bindings::{Binding, Bindings};
use crate::build_file::bracket::{Bracket, Item};
use crate::build_file::new_text::{NewElement, NewText};
use crate::build_file::sequence::{Growth, SequenceEdit, Wanted};
use crate::build_file::span::Span;
use crate::build_file::style;
use crate::build_file::text_edit::{Overlap, TextEdits};
use crate::build_file::tree::{ArgumentKind, ExpressionId, ExpressionKind};

use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};

const FOLLOW_LIMIT: usize = 20;

pub(crate) enum Operand {
    /// An editable list.
    Literal(ExpressionId),
    /// Anything else, with the reason why it can't be edited.
    Fixed(ExpressionId, Refusal),
}

impl PackageFile<'_> {
    /// From left to right; one for a value that is no sum.
    pub(crate) fn operands(&self, id: ExpressionId, what: &str) -> Vec<Operand> {
        match &self.file.tree.expression(id).kind {
            ExpressionKind::Chain { operands, operators } if operators.iter().all(|operator| *operator == "+") => {
                operands.iter().flat_map(|operand| self.operands(*operand, what)).collect()
            }
            _ => match self.follow(id, what) {
                Ok(place)
                    if matches!(self.file.tree.expression(place).kind, ExpressionKind::Chain { .. }) && place != id =>
                {
                    self.operands(place, what)
                }
                Ok(place) => match self.file.tree.expression(place).kind {
                    ExpressionKind::List { .. } => vec![Operand::Literal(place)],
                    _ => vec![Operand::Fixed(place, self.computed(place, what))],
                },
                Err(refusal) => vec![Operand::Fixed(id, refusal)],
            },
        }
    }

    /// Follows names to their text.
    ///
    /// # Errors
    /// When the text is elsewhere, or also used elsewhere.
    pub(crate) fn follow(&self, id: ExpressionId, what: &str) -> Result<ExpressionId, Refusal> {
        let bindings = Bindings::of(&self.file);
        let mut id = id;
        for _ in 0..FOLLOW_LIMIT {
            let expression = self.file.tree.expression(id);
            let ExpressionKind::Name(name) = &expression.kind else {
                return Ok(id);
            };
            if name == "None" && bindings.all(name).is_empty() {
                return Ok(id);
            }
            let at = expression.span.start;
            let line = self.line(at);
            match bindings.all(name) {
                [Binding::Load { module, .. }] => {
                    let message = format!(
                        "{what} at line {line} of {} uses {name}, which is defined in {module} and may serve other packages. Change it there, or \
                         write the value out here.",
                        self.path
                    );
                    return Err(self.refuse(RefusalCode::DefinedElsewhere, at, message));
                }
                [Binding::Assignment { value, span }] => {
                    let uses = self.file.uses(name);
                    if uses.len() > 1 {
                        return Err(self.shared(name, *span, &uses, what));
                    }
                    id = *value;
                }
                [] => {
                    let message = format!(
                        "{what} at line {line} of {} is {name}, which this file does not define. Write the value out.",
                        self.path
                    );
                    return Err(self.refuse(RefusalCode::ComputedValue, at, message));
                }
                _ => {
                    let message = format!(
                        "{what} at line {line} of {} is {name}, which is assigned more than once. Write the value out.",
                        self.path
                    );
                    return Err(self.refuse(RefusalCode::ComputedValue, at, message));
                }
            }
        }
        Err(self.computed(id, what))
    }

    fn shared(&self, name: &str, definition: Span, uses: &[Span], what: &str) -> Refusal {
        let used_by = |span: &Span| {
            let call = self.calls.iter().find(|call| call.span.contains(*span));
            let user = call.map(|call| call.name().unwrap_or(&call.function).to_owned());
            format!("{} (line {})", user.unwrap_or_else(|| "another statement".to_owned()), self.line(span.start))
        };
        let users: Vec<String> = uses.iter().map(used_by).collect();
        let message = format!(
            "{what} is {name}, defined at line {} of {} and used by {}. Changing it would change them all. Give each its own value, or edit \
             {name} by hand.",
            self.line(definition.start),
            self.path,
            users.join(" and ")
        );
        self.refuse(RefusalCode::SharedValue, uses.first().map_or(definition.start, |span| span.start), message)
    }

    /// Refuses a computed value.
    pub(crate) fn computed(&self, id: ExpressionId, what: &str) -> Refusal {
        let expression = self.file.tree.expression(id);
        let form = match &expression.kind {
            ExpressionKind::Comprehension { .. } => "a comprehension",
            ExpressionKind::Conditional { .. } => "a conditional expression",
            ExpressionKind::Tuple(_) => "a tuple",
            ExpressionKind::Call { function, .. }
                if self.file.text(self.file.tree.expression(*function).span) == "select" =>
            {
                "a select()"
            }
            ExpressionKind::Call { .. } => "the result of a call",
            ExpressionKind::Chain { .. } => "the result of an operator",
            _ => "no list",
        };
        let text: String =
            self.file.text(expression.span).split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
        let message = format!(
            "{what} at line {} of {} is {form}: `{text}`. Its text can't be edited safely; write it as a list first.",
            self.line(expression.span.start),
            self.path
        );
        self.refuse(RefusalCode::ComputedValue, expression.span.start, message)
    }

    /// The nearest brackets around `inner`.
    pub(crate) fn enclosing(&self, inner: Span) -> Option<Bracket> {
        let around = |id: &ExpressionId| {
            let inside = match &self.file.tree.expression(*id).kind {
                ExpressionKind::List { brackets, .. }
                | ExpressionKind::Dict { brackets, .. }
                | ExpressionKind::Call { brackets, .. } => Span::new(brackets.open.end, brackets.close.start),
                _ => return None,
            };
            inside.contains(inner).then_some((inside.end - inside.start, *id))
        };
        let (_, id) = self.file.tree.ids().filter_map(|id| around(&id)).min()?;
        Bracket::of_expression(&self.file, id)
    }

    /// Blanks of one level of indentation.
    pub(crate) fn unit_at(&self, place: Span) -> Vec<u8> {
        let mut place = place;
        while let Some(bracket) = self.enclosing(place) {
            if let Some(unit) = bracket.indentation_unit(&self.file) {
                return unit;
            }
            place = bracket.open.to(bracket.close);
        }
        style::DEFAULT_UNIT.to_vec()
    }

    pub(crate) fn edit_list(
        &self,
        bracket: &Bracket,
        wanted: Vec<Wanted>,
        inner: TextEdits,
    ) -> Result<TextEdits, Refusal> {
        let around = bracket.open.to(bracket.close);
        let enclosing = self.enclosing(around);
        let edit = SequenceEdit {
            file: &self.file,
            bracket,
            enclosing: enclosing.as_ref(),
            wanted,
            inner,
            growth: Growth::BreakSmall,
            unit: self.unit_at(around),
        };
        edit.edits().map_err(|overlap| self.overlapping(overlap))
    }

    /// Returns an item with its comments, to be put elsewhere.
    pub(crate) fn element_of(&self, item: &Item) -> NewElement {
        NewElement {
            above: item.above.iter().map(|span| self.file.bytes(*span).to_vec()).collect(),
            text: NewText::Verbatim(self.file.bytes(item.span).to_vec()),
            suffix: item.suffix_with_blanks(&self.file),
        }
    }

    /// At buildifier's place if the keywords are sorted, else after the last argument.
    pub(crate) fn insert_keyword(&self, call: ExpressionId, name: &str, value: NewText) -> Result<TextEdits, Refusal> {
        let Some(bracket) = Bracket::of_expression(&self.file, call) else {
            return Ok(TextEdits::default());
        };
        let arguments = self.written_arguments(call);
        let keywords: Vec<&str> = arguments
            .iter()
            .rev()
            .map_while(|argument| match &argument.kind {
                ArgumentKind::Keyword(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let first_keyword = arguments.len() - keywords.len();
        let orders: Vec<_> = keywords.iter().rev().map(|name| style::keyword_order(name)).collect();
        let at = match orders.iter().position(|order| *order > style::keyword_order(name)) {
            Some(position) if style::is_sorted(&orders) => first_keyword + position,
            _ => arguments.len(),
        };
        let new = Wanted::New(NewElement::plain(NewText::Keyword(name.to_owned(), Box::new(value))));
        let wanted = (0..at).map(Wanted::Kept).chain([new]).chain((at..arguments.len()).map(Wanted::Kept)).collect();
        let edit = SequenceEdit {
            file: &self.file,
            bracket: &bracket,
            enclosing: None,
            wanted,
            inner: TextEdits::default(),
            growth: Growth::Break,
            unit: style::DEFAULT_UNIT.to_vec(),
        };
        edit.edits().map_err(|overlap| self.overlapping(overlap))
    }

    pub(crate) fn overlapping(&self, overlap: Overlap) -> Refusal {
        overlapping(&self.path, self.line(overlap.at))
    }
}

pub(crate) fn overlapping(path: &str, line: usize) -> Refusal {
    let message = format!(
        "Line {line} of {path} is laid out so that the edit can't be made in place. Put each element on its own line first."
    );
    Refusal::at_line(RefusalCode::SelfCheck, path, line, message)
}
