//! `rewire_deps` and `set_deps`: what a target depends on.
//!
//! Only lists that are written out are changed. A `select()` is never touched, and what holds under a condition is never moved.

use crate::build_file::bracket::Bracket;
use crate::build_file::fold::FoldedValue;
use crate::build_file::new_text::{NewElement, NewText};
use crate::build_file::sequence::Wanted;
use crate::build_file::string_literal;
use crate::build_file::style::{self, OrderWish};
use crate::build_file::text_edit::{TextEdit, TextEdits};
use crate::build_file::tree::{ArgumentKind, ExpressionId, ExpressionKind};

use super::carried::Carried;
use super::labels::{self, DependencyKey};
use super::package_file::PackageFile;
use super::refusal::{Refusal, RefusalCode};
use super::request::Dependency;
use super::value_place::Operand;

pub(super) const DEPS: &str = "deps";

/// A dependency that comes in.
struct Addition {
    key: DependencyKey,
    element: NewElement,
    /// The text of a string, for its place in a sorted list.
    text: Option<String>,
}

/// The lists of a target's dependencies that are written out, with what each element is compared by.
pub(super) fn literal_lists(package: &PackageFile<'_>, target: &str) -> Vec<(ExpressionId, Vec<DependencyKey>)> {
    let Ok(found) = package.find_target(target, DEPS) else {
        return Vec::new();
    };
    let Some(argument) = package.keyword(found.id, DEPS) else {
        return Vec::new();
    };
    let operands = package.operands(argument.value, DEPS).into_iter();
    operands
        .filter_map(|operand| match operand {
            Operand::Literal(list) => Some((list, keys_of(package, list))),
            Operand::Fixed(..) => None,
        })
        .collect()
}

/// What each element of a written list is compared by.
pub(super) fn keys_of(package: &PackageFile<'_>, list: ExpressionId) -> Vec<DependencyKey> {
    match &package.file.tree.expression(list).kind {
        ExpressionKind::List { elements, .. } => {
            elements.iter().map(|element| DependencyKey::of_value(&package.value(*element), &package.package)).collect()
        }
        _ => Vec::new(),
    }
}

/// Makes the edits that give `target` exactly these dependencies, those under conditions aside.
///
/// # Errors
/// A refusal that says what is in the way.
pub(super) fn set(
    package: &PackageFile<'_>,
    target: &str,
    wanted: &[Dependency],
    from: &str,
    carried: &mut Carried,
) -> Result<TextEdits, Refusal> {
    let keys: Vec<DependencyKey> =
        wanted.iter().map(|dependency| DependencyKey::of(dependency, from, &package.constants)).collect();
    let present = literal_lists(package, target).into_iter().flat_map(|(_, keys)| keys);
    let remove: Vec<DependencyKey> = present.filter(|key| !keys.contains(key)).collect();
    change(package, target, &remove, wanted, from, carried)
}

/// Makes the edits that take `remove` from `target` and give it `add`.
///
/// # Errors
/// A refusal that says what is in the way.
pub(super) fn rewire(
    package: &PackageFile<'_>,
    target: &str,
    remove: &[Dependency],
    add: &[Dependency],
    from: &str,
    carried: &mut Carried,
) -> Result<TextEdits, Refusal> {
    let added: Vec<DependencyKey> =
        add.iter().map(|dependency| DependencyKey::of(dependency, from, &package.constants)).collect();
    let remove: Vec<DependencyKey> = remove
        .iter()
        .map(|dependency| DependencyKey::of(dependency, from, &package.constants))
        .filter(|key| !added.contains(key))
        .collect();
    change(package, target, &remove, add, from, carried)
}

fn change(
    package: &PackageFile<'_>,
    target: &str,
    remove: &[DependencyKey],
    add: &[Dependency],
    from: &str,
    carried: &mut Carried,
) -> Result<TextEdits, Refusal> {
    let found = package.find_target(target, DEPS)?;
    let what = format!("{DEPS} of {target}");
    let star = |kind: &ArgumentKind| matches!(kind, ArgumentKind::Star | ArgumentKind::StarStar);
    if let Some(argument) = package.written_arguments(found.id).iter().find(|argument| star(&argument.kind)) {
        let message = format!(
            "`{}` at line {} of {} could hold {DEPS}. Write the arguments out.",
            package.file.text(argument.span),
            package.file.line(argument.span.start),
            package.path
        );
        return Err(package.refuse(RefusalCode::Kwargs, argument.span.start, message));
    }
    let Some(argument) = package.keyword(found.id, DEPS) else {
        let mut additions = additions(package, add, &[], from, carried, &[]);
        if additions.is_empty() {
            return Ok(TextEdits::default());
        }
        sort_additions(&mut additions);
        let list = NewText::List(additions.into_iter().map(|addition| addition.element).collect());
        return package.insert_keyword(found.id, DEPS, list);
    };
    let operands = package.operands(argument.value, &what);
    let present = present_keys(package, &operands);
    check_removals(package, &what, &operands, remove)?;
    let lists: Vec<(ExpressionId, Vec<DependencyKey>)> = operands
        .iter()
        .filter_map(|operand| match operand {
            Operand::Literal(list) => Some((*list, keys_of(package, *list))),
            Operand::Fixed(..) => None,
        })
        .collect();
    let stays: Vec<DependencyKey> = present.into_iter().filter(|key| !remove.contains(key)).collect();
    let neighbours = strings_of(package, argument.value);
    let additions = additions(package, add, &neighbours, from, carried, &stays);
    let home = lists.iter().position(|(_, keys)| keys.iter().any(|key| remove.contains(key))).unwrap_or_default();
    if lists.is_empty() && !additions.is_empty() {
        return before_all(package, argument.value, &operands, additions);
    }
    let mut edits = TextEdits::default();
    let mut additions = Some(additions);
    for (index, (list, keys)) in lists.iter().enumerate() {
        let mine = if index == home { additions.take().unwrap_or_default() } else { Vec::new() };
        let more = edit_list(package, &what, *list, keys, remove, mine)?;
        edits = edits.union(more).map_err(|overlap| package.overlapping(overlap))?;
    }
    Ok(edits)
}

/// Every dependency that holds without a condition, as far as it is known.
fn present_keys(package: &PackageFile<'_>, operands: &[Operand]) -> Vec<DependencyKey> {
    let values = operands.iter().map(|operand| match operand {
        Operand::Literal(id) | Operand::Fixed(id, _) => package.value(*id),
    });
    values
        .filter_map(|value| value.as_list().map(<[FoldedValue]>::to_vec))
        .flatten()
        .map(|value| DependencyKey::of_value(&value, &package.package))
        .collect()
}

/// Refuses to remove what stands where nothing can be edited.
fn check_removals(
    package: &PackageFile<'_>,
    what: &str,
    operands: &[Operand],
    remove: &[DependencyKey],
) -> Result<(), Refusal> {
    for operand in operands {
        let Operand::Fixed(id, refusal) = operand else { continue };
        let line = package.file.line(package.file.tree.expression(*id).span.start);
        let value = package.value(*id);
        if let FoldedValue::Select(branches) = &value {
            let holds = |value: &FoldedValue, wanted: &DependencyKey| {
                value
                    .as_list()
                    .unwrap_or_default()
                    .iter()
                    .any(|value| DependencyKey::of_value(value, &package.package) == *wanted)
            };
            let found = remove.iter().find_map(|key| {
                let conditions: Vec<String> = branches
                    .iter()
                    .filter(|(_, value)| holds(value, key))
                    .map(|(condition, _)| condition.as_str().unwrap_or("(computed)").to_owned())
                    .collect();
                (!conditions.is_empty()).then_some((key, conditions))
            });
            if let Some((key, conditions)) = found {
                let message = format!(
                    "{what} has {} in a select() at line {line} of {}, under {}. Moving it to an unconditional place would change what other \
                     platforms build. Leave it where it is, or take it out of the select() by hand.",
                    key_text(key),
                    package.path,
                    conditions.join(", ")
                );
                return Err(package.refuse(
                    RefusalCode::ConditionalDep,
                    package.file.tree.expression(*id).span.start,
                    message,
                ));
            }
            continue;
        }
        let in_value = |key: &&DependencyKey| {
            value
                .as_list()
                .unwrap_or_default()
                .iter()
                .any(|value| DependencyKey::of_value(value, &package.package) == **key)
        };
        let in_a_list = |key: &&DependencyKey| {
            operands
                .iter()
                .any(|operand| matches!(operand, Operand::Literal(list) if keys_of(package, *list).contains(key)))
        };
        let known = value.as_list().is_some();
        if remove.iter().any(|key| if known { in_value(&key) } else { !in_a_list(&key) }) {
            return Err(refusal.clone());
        }
    }
    Ok(())
}

fn key_text(key: &DependencyKey) -> String {
    match key {
        DependencyKey::Label(label) => {
            // `@pypi//:x` reads as people write it; only a repeated name is left out.
            let text = label.to_string();
            let repeated = label.package().rsplit('/').next() == Some(label.name());
            if repeated { text.rsplit_once(':').map_or(text.clone(), |(text, _)| text.to_owned()) } else { text }
        }
        DependencyKey::Other(text) => text.clone(),
    }
}

fn additions(
    package: &PackageFile<'_>,
    add: &[Dependency],
    neighbours: &[String],
    from: &str,
    carried: &mut Carried,
    present: &[DependencyKey],
) -> Vec<Addition> {
    let mut additions: Vec<Addition> = Vec::new();
    for dependency in add {
        let key = DependencyKey::of(dependency, from, &package.constants);
        if present.contains(&key) || additions.iter().any(|other| other.key == key) {
            continue;
        }
        let (text, literal) = match dependency {
            Dependency::Label(label) => {
                let text = labels::spell(label, from, &package.package, neighbours);
                (Some(text.clone()), string_literal::encode(&text))
            }
            Dependency::Expression { expr } => (None, expr.clone().into_bytes()),
        };
        let element = carried.give(&key, NewElement::plain(NewText::Verbatim(literal)));
        additions.push(Addition { key, element, text });
    }
    additions
}

/// Strings in buildifier's order before everything else, which keeps its order.
fn sort_additions(additions: &mut [Addition]) {
    additions.sort_by_key(|addition| match &addition.text {
        Some(text) => (0, Some(style::string_order(text))),
        None => (1, None),
    });
}

/// A new list of dependencies as buildifier writes it.
pub(super) fn new_list(package: &PackageFile<'_>, deps: &[Dependency], from: &str, carried: &mut Carried) -> NewText {
    let mut additions = additions(package, deps, &[], from, carried, &[]);
    if additions.iter().all(|addition| addition.text.is_some()) {
        sort_additions(&mut additions);
    }
    NewText::List(additions.into_iter().map(|addition| addition.element).collect())
}

/// Puts a list before a value that has none, such as a lone `select()`.
fn before_all(
    package: &PackageFile<'_>,
    value: ExpressionId,
    operands: &[Operand],
    mut additions: Vec<Addition>,
) -> Result<TextEdits, Refusal> {
    for operand in operands {
        if let Operand::Fixed(id, refusal) = operand {
            if !matches!(package.value(*id), FoldedValue::Select(_)) {
                return Err(refusal.clone());
            }
        }
    }
    sort_additions(&mut additions);
    let span = package.file.tree.expression(value).outer;
    let layout = crate::build_file::new_text::Layout {
        indentation: package.file.indentation(span.start).to_vec(),
        unit: package.unit_at(span),
        line_end: style::line_end_before(&package.file, span.start),
        one_line: false,
    };
    let list = NewText::List(additions.into_iter().map(|addition| addition.element).collect());
    let insert = [list.render(&layout).as_slice(), b" + "].concat();
    let range = crate::build_file::span::Span::new(span.start, span.start);
    TextEdits::new(vec![TextEdit { range, insert }]).map_err(|overlap| package.overlapping(overlap))
}

fn edit_list(
    package: &PackageFile<'_>,
    what: &str,
    list: ExpressionId,
    keys: &[DependencyKey],
    remove: &[DependencyKey],
    mut additions: Vec<Addition>,
) -> Result<TextEdits, Refusal> {
    let Some(bracket) = Bracket::of_expression(&package.file, list) else {
        return Err(package.computed(list, what));
    };
    let goes = |index: &usize| keys.get(*index).is_some_and(|key| remove.contains(key));
    let texts = texts_of(package, list);
    let strings: Vec<_> = texts.iter().flatten().map(|text| style::string_order(text)).collect();
    let wish = style::order_wish(&package.file, package.file.tree.expression(list).span);
    let sorted = match wish {
        OrderWish::Sorted => true,
        OrderWish::AsWritten => false,
        OrderWish::Silent => style::is_sorted(&strings),
    };
    if sorted {
        sort_additions(&mut additions);
    }
    let first_removed = (0..keys.len()).find(|index| goes(index));
    let mut wanted: Vec<Wanted> = (0..keys.len()).filter(|index| !goes(index)).map(Wanted::Kept).collect();
    let text_at = |wanted: &Wanted| match wanted {
        Wanted::Kept(index) => texts.get(*index).cloned().flatten(),
        Wanted::New(_) | Wanted::Instead(..) => None,
    };
    let mut unplaced: Vec<NewElement> = Vec::new();
    for addition in additions {
        let place = addition.text.as_ref().filter(|_| sorted).and_then(|text| {
            let order = style::string_order(text);
            let before = |wanted: &Wanted| text_at(wanted).is_some_and(|other| style::string_order(&other) <= order);
            let after = |wanted: &Wanted| text_at(wanted).is_some_and(|other| style::string_order(&other) > order);
            let kept_before = wanted.iter().rposition(before).map(|at| at + 1);
            kept_before.or_else(|| wanted.iter().position(after))
        });
        match place {
            Some(mut at) => {
                // Behind the new ones that were placed here before: they come in ascending order.
                while matches!(wanted.get(at), Some(Wanted::New(_))) {
                    at += 1;
                }
                wanted.insert(at, Wanted::New(addition.element));
            }
            None => unplaced.push(addition.element),
        }
    }
    let at = match first_removed {
        Some(removed) => wanted
            .iter()
            .position(|wanted| matches!(wanted, Wanted::Kept(index) if *index > removed))
            .unwrap_or(wanted.len()),
        None => wanted.len(),
    };
    let mut replaced = first_removed;
    for (offset, element) in unplaced.into_iter().enumerate() {
        let element = match replaced.take() {
            Some(removed) => Wanted::Instead(removed, element),
            None => Wanted::New(element),
        };
        wanted.insert(at + offset, element);
    }
    package.edit_list(&bracket, wanted, TextEdits::default())
}

/// The text of each element that is a string literal.
fn texts_of(package: &PackageFile<'_>, list: ExpressionId) -> Vec<Option<String>> {
    let ExpressionKind::List { elements, .. } = &package.file.tree.expression(list).kind else {
        return Vec::new();
    };
    let text = |id: &ExpressionId| match &package.file.tree.expression(*id).kind {
        ExpressionKind::String(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    };
    elements.iter().map(text).collect()
}

/// Every string that is an element of a list in a value: how labels are spelled there.
fn strings_of(package: &PackageFile<'_>, id: ExpressionId) -> Vec<String> {
    let tree = &package.file.tree;
    let span = tree.expression(id).outer;
    let lists = tree.ids().filter(|list| span.contains(tree.expression(*list).span));
    lists.flat_map(|list| texts_of(package, list)).flatten().collect()
}
