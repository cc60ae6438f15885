//! `set_order`: puts the elements of a list that an image takes its layers from into another order.
//!
//! Nothing comes in and nothing goes: lines change places, with the comments that belong to them. Where buildifier would sort them
//! back, `# do not sort` is written above the first.

use std::any::Any;
use std::sync::Arc;

use serde::Deserialize;

use crate::build_file::bracket::Bracket;
use crate::build_file::fold::FoldedValue;
use crate::build_file::sequence::Wanted;
use crate::build_file::text_edit::TextEdits;
use crate::build_file::tree::{ExpressionId, ExpressionKind};
use crate::label::Label;
use crate::rewrite::carried::Carried;
use crate::rewrite::labels::DependencyKey;
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::request::Edit;
use crate::rewrite::rule_set_edit::{RuleSetEdit, Scope, SharedEdit};
use crate::rewrite::value_place::Operand;
use crate::rule_sets::oci_tars::sorting;
use crate::workspace::model::Value;

/// Gives the elements of a list another order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SetOrder {
    /// Name or label of the image or filegroup.
    pub target: String,
    /// The list.
    pub attribute: ListAttribute,
    /// All its elements, lowest layer first.
    pub order: Vec<String>,
}

/// An attribute with layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListAttribute {
    /// Of `oci_image`.
    Tars,
    /// Of `image_manifest` and `container_image`.
    Layers,
    /// Of a filegroup.
    Srcs,
}

impl ListAttribute {
    /// Returns the attribute's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tars => "tars",
            Self::Layers => "layers",
            Self::Srcs => "srcs",
        }
    }

    /// Returns the attribute of this name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        [Self::Tars, Self::Layers, Self::Srcs].into_iter().find(|attribute| attribute.as_str() == name)
    }
}

impl From<SetOrder> for Edit {
    fn from(edit: SetOrder) -> Self {
        Self::OfRuleSet(SharedEdit(Arc::new(edit)))
    }
}

impl RuleSetEdit for SetOrder {
    fn target(&self) -> &str {
        &self.target
    }

    fn scope(&self) -> Scope {
        Scope::Argument(self.attribute.as_str())
    }

    fn new_comments(&self) -> &'static [&'static str] {
        &[sorting::DO_NOT_SORT]
    }

    fn text_edits(
        &self,
        package: &PackageFile<'_>,
        name: &str,
        from: &str,
        _carried: &mut Carried,
    ) -> Result<TextEdits, Refusal> {
        let attribute = self.attribute.as_str();
        let what = format!("`{attribute}` of {name}");
        let found = package.find_target(name, attribute)?;
        let Some(argument) = package.keyword(found.id, attribute) else {
            let at = found.call.span.start;
            let message = format!(
                "{name} at line {} of {} has no `{attribute}` to put in order.",
                package.line(at),
                package.path
            );
            return Err(package.refuse(RefusalCode::ParameterMissing, at, message));
        };
        let wanted: Vec<DependencyKey> = self.order.iter().map(|text| DependencyKey::of_text(text, from)).collect();
        let lists = Lists::read(package, &what, argument.value, &wanted)?;
        if lists.is_in_order(&wanted) {
            return Ok(TextEdits::default());
        }
        let edits = lists.edits(package, &what, &wanted, &[])?;
        match sorting::undone(package, found.id, attribute, &edits)?.as_slice() {
            [] => Ok(edits),
            undone => lists.edits(package, &what, &wanted, undone),
        }
    }

    fn is_wanted(&self, value: Option<&Value>, package: &str, from: &str) -> bool {
        let Some(Value::List(items)) = value else { return false };
        let key = |item: &Value| match item {
            Value::String(text) => DependencyKey::of_text(text, package),
            other => DependencyKey::Other(format!("{other:?}")),
        };
        items.iter().map(key).eq(self.order.iter().map(|text| DependencyKey::of_text(text, from)))
    }

    fn reason(&self, from: &str) -> String {
        let target = Label::parse(&self.target, from).map_or_else(|_| self.target.clone(), |label| label.to_string());
        format!("{target} lists its layers in another order, the lowest first")
    }

    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

/// One operand of the list's value.
struct Part {
    /// The list literal; `None` for a value whose text is elsewhere.
    literal: Option<ExpressionId>,
    /// Why there is no literal.
    refusal: Option<Refusal>,
    keys: Vec<DependencyKey>,
}

/// The value of the attribute, operand by operand.
struct Lists {
    parts: Vec<Part>,
}

impl Lists {
    /// Reads the list, which must have the elements of `wanted` and no others.
    fn read(
        package: &PackageFile<'_>,
        what: &str,
        value: ExpressionId,
        wanted: &[DependencyKey],
    ) -> Result<Self, Refusal> {
        let mut parts = Vec::new();
        for operand in package.operands(value, what) {
            let (id, literal, refusal) = match operand {
                Operand::Literal(id) => (id, Some(id), None),
                Operand::Fixed(id, refusal) => (id, None, Some(refusal)),
            };
            match (package.value(id), refusal) {
                (FoldedValue::List(elements), refusal) => parts.push(Part {
                    literal,
                    refusal,
                    keys: elements.iter().map(|element| DependencyKey::of_value(element, &package.package)).collect(),
                }),
                (_, Some(refusal)) => return Err(refusal),
                _ => return Err(package.computed(id, what)),
            }
        }
        let lists = Self { parts };
        let (mut present, mut asked) = (lists.keys(), wanted.to_vec());
        present.sort();
        asked.sort();
        if present == asked {
            return Ok(lists);
        }
        let at = package.file.tree.expression(value).span.start;
        let without =
            |all: &[DependencyKey], known: &[DependencyKey]| all.iter().find(|key| !known.contains(key)).map(text_of);
        let difference = match (without(&present, &asked), without(&asked, &present)) {
            (Some(left), _) => format!("it also has {left}"),
            (None, Some(more)) => format!("it does not have {more}"),
            (None, None) => "an element is there several times".to_owned(),
        };
        let message = format!(
            "The order for {what} at line {} of {} must name its elements, each once: {difference}.",
            package.line(at),
            package.path
        );
        Err(package.refuse(RefusalCode::AmbiguousTarget, at, message))
    }

    fn keys(&self) -> Vec<DependencyKey> {
        self.parts.iter().flat_map(|part| part.keys.iter().cloned()).collect()
    }

    fn is_in_order(&self, wanted: &[DependencyKey]) -> bool {
        self.keys() == wanted
    }

    /// The elements of `wanted` that each part gets. A part whose text is elsewhere must keep its own; the others keep their
    /// lengths as far as that allows.
    fn shares<'w>(
        &self,
        package: &PackageFile<'_>,
        what: &str,
        wanted: &'w [DependencyKey],
    ) -> Result<Vec<&'w [DependencyKey]>, Refusal> {
        let mut shares = Vec::with_capacity(self.parts.len());
        let mut start = 0;
        for (index, part) in self.parts.iter().enumerate() {
            let rest = wanted.get(start..).unwrap_or_default();
            let later = self.parts.get(index + 1..).unwrap_or_default();
            let length = match later.iter().find(|part| part.literal.is_none()) {
                _ if part.literal.is_none() => part.keys.len(),
                // The next part that can't change says where this one must end, if nothing else stands between.
                Some(fixed) if later.first().is_some_and(|next| next.literal.is_none()) => {
                    let starts = |at: &usize| rest.get(*at..*at + fixed.keys.len()) == Some(fixed.keys.as_slice());
                    (0..=rest.len()).find(starts).unwrap_or(part.keys.len())
                }
                _ if later.is_empty() => rest.len(),
                _ => part.keys.len(),
            };
            let share = rest.get(..length).unwrap_or(rest);
            if part.literal.is_none() && share != part.keys {
                return Err(Self::not_movable(package, what, part));
            }
            shares.push(share);
            start += length;
        }
        if start < wanted.len() {
            let fixed = self.parts.iter().find(|part| part.literal.is_none()).or(self.parts.first());
            let none = || Refusal::of_file(RefusalCode::ComputedValue, &package.path, format!("{what} is empty."));
            return Err(fixed.map_or_else(none, |part| Self::not_movable(package, what, part)));
        }
        Ok(shares)
    }

    fn not_movable(package: &PackageFile<'_>, what: &str, part: &Part) -> Refusal {
        let message = || format!("{what} in {} has no list that could be put in order.", package.path);
        part.refusal.clone().unwrap_or_else(|| Refusal::of_file(RefusalCode::ComputedValue, &package.path, message()))
    }

    /// Makes the edits; the lists of `commented` get the comment that keeps buildifier from sorting them.
    fn edits(
        &self,
        package: &PackageFile<'_>,
        what: &str,
        wanted: &[DependencyKey],
        commented: &[ExpressionId],
    ) -> Result<TextEdits, Refusal> {
        let shares = self.shares(package, what, wanted)?;
        let mut brackets = Vec::new();
        for part in &self.parts {
            let bracket = match part.literal {
                Some(id) => {
                    check_elements(package, what, id)?;
                    Some(Bracket::of_expression(&package.file, id).ok_or_else(|| package.computed(id, what))?)
                }
                None => None,
            };
            brackets.push(bracket);
        }
        // Where each element stands now: the first of equal ones goes first.
        let mut free: Vec<(usize, usize, &DependencyKey)> = Vec::new();
        for (part, of) in self.parts.iter().enumerate() {
            free.extend(of.keys.iter().enumerate().map(|(index, key)| (part, index, key)));
        }
        let mut edits = TextEdits::default();
        for ((part, share), bracket) in shares.iter().enumerate().zip(&brackets) {
            let mut sequence = Vec::with_capacity(share.len());
            for key in *share {
                // Of equal elements the own one is taken first.
                let own = free.iter().position(|(of, _, known)| *of == part && known == &key);
                let Some(at) = own.or_else(|| free.iter().position(|(_, _, known)| known == &key)) else { continue };
                let (of, index, _) = free.remove(at);
                let item = brackets.get(of).and_then(Option::as_ref).and_then(|bracket| bracket.items.get(index));
                match item {
                    Some(item) if of != part => sequence.push(Wanted::New(package.element_of(item))),
                    _ => sequence.push(Wanted::Kept(index)),
                }
            }
            let Some(bracket) = bracket else { continue };
            let is_commented =
                self.parts.get(part).and_then(|part| part.literal).is_some_and(|id| commented.contains(&id));
            let comment = if !is_commented {
                Vec::new()
            } else if bracket.one_line {
                break_with_comment(package, bracket, &mut sequence);
                Vec::new()
            } else {
                sorting::comment(package, bracket)
            };
            let moves = package.edit_list(bracket, sequence, TextEdits::default())?;
            let more = TextEdits::new(comment).and_then(|comment| comment.union(moves));
            edits = more.and_then(|more| edits.union(more)).map_err(|overlap| package.overlapping(overlap))?;
        }
        Ok(edits)
    }
}

/// Gives the first element of a list on one line the comment, which breaks the list over lines.
fn break_with_comment(package: &PackageFile<'_>, bracket: &Bracket, sequence: &mut [Wanted]) {
    let Some(first) = sequence.first_mut() else { return };
    let mut element = match first {
        Wanted::New(element) | Wanted::Instead(_, element) => element.clone(),
        Wanted::Kept(index) => match bracket.items.get(*index) {
            Some(item) => package.element_of(item),
            None => return,
        },
    };
    element.above.push(sorting::DO_NOT_SORT.as_bytes().to_vec());
    *first = Wanted::New(element);
}

/// Refuses elements that are no single label, such as the result of a call that could be several.
fn check_elements(package: &PackageFile<'_>, what: &str, list: ExpressionId) -> Result<(), Refusal> {
    let ExpressionKind::List { elements, .. } = &package.file.tree.expression(list).kind else {
        return Err(package.computed(list, what));
    };
    match elements.iter().find(|element| !matches!(package.value(**element), FoldedValue::String(_))) {
        Some(element) => Err(package.computed(*element, &format!("An element of {what}"))),
        None => Ok(()),
    }
}

fn text_of(key: &DependencyKey) -> String {
    match key {
        DependencyKey::Label(label) => label.to_string(),
        DependencyKey::Other(text) => text.clone(),
    }
}
