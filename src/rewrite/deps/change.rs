//! `rewire_deps` and `set_deps`. Only literal lists are changed. A `select()` is never touched, and what is conditional
//! is never moved.

use crate::build_file::fold::FoldedValue;
use crate::build_file::new_text::NewText;
use crate::build_file::style;
use crate::build_file::text_edit::{TextEdit, TextEdits};
use crate::build_file::tree::{ArgumentKind, ExpressionId};

use crate::rewrite::carried::Carried;
use crate::rewrite::dependency::Dependency;
use crate::rewrite::deps::additions::{Addition, additions, sort_additions};
use crate::rewrite::deps::keys::{DEPS, keys_of, literal_lists};
use crate::rewrite::deps::list;
use crate::rewrite::labels::DependencyKey;
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::value_place::Operand;

/// Sets the unconditional dependencies of `target`.
///
/// # Errors
/// A refusal with the obstacle.
pub(crate) fn set(
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

/// Removes and adds dependencies of `target`.
///
/// # Errors
/// A refusal with the obstacle.
pub(crate) fn rewire(
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
            package.line(argument.span.start),
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
    let known = present_keys(package, &operands);
    let added = |dependency: &Dependency| known.contains(&DependencyKey::of(dependency, from, &package.constants));
    let done = !add.is_empty() && add.iter().all(added);
    check_removals(package, &what, &operands, remove, add.is_empty(), done)?;
    let lists: Vec<(ExpressionId, Vec<DependencyKey>)> = operands
        .iter()
        .filter_map(|operand| match operand {
            Operand::Literal(list) => Some((*list, keys_of(package, *list))),
            Operand::Fixed(..) => None,
        })
        .collect();
    let stays: Vec<DependencyKey> = known.into_iter().filter(|key| !remove.contains(key)).collect();
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
        let more = list::edits(package, &what, *list, keys, remove, mine)?;
        edits = edits.union(more).map_err(|overlap| package.overlapping(overlap))?;
    }
    Ok(edits)
}

/// Unconditional dependencies, as far as known.
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

/// Refuses to remove what can't be edited. An operand of unknown value could hold anything: beside one, list elements
/// can be moved, but a mere removal proves nothing, and what is in no list is not known to be gone unless its
/// replacement is there.
/// and what is not in a list is not known to be gone unless its replacement is there already.
fn check_removals(
    package: &PackageFile<'_>,
    what: &str,
    operands: &[Operand],
    remove: &[DependencyKey],
    only_removes: bool,
    done: bool,
) -> Result<(), Refusal> {
    let in_a_list = |key: &DependencyKey| {
        operands
            .iter()
            .any(|operand| matches!(operand, Operand::Literal(list) if keys_of(package, *list).contains(key)))
    };
    for operand in operands {
        let Operand::Fixed(id, refusal) = operand else { continue };
        let value = package.value(*id);
        if let FoldedValue::Select(branches) = &value {
            check_select(package, what, *id, branches, remove)?;
            continue;
        }
        let held = value.as_list().map(|elements| {
            elements.iter().map(|element| DependencyKey::of_value(element, &package.package)).collect::<Vec<_>>()
        });
        let in_the_way = |key: &DependencyKey| match &held {
            Some(held) => held.contains(key),
            None => !done && (only_removes || !in_a_list(key)),
        };
        if remove.iter().any(in_the_way) {
            return Err(refusal.clone());
        }
    }
    Ok(())
}

/// Refuses to remove what is conditional.
fn check_select(
    package: &PackageFile<'_>,
    what: &str,
    id: ExpressionId,
    branches: &[(FoldedValue, FoldedValue)],
    remove: &[DependencyKey],
) -> Result<(), Refusal> {
    let holds = |value: &FoldedValue, wanted: &DependencyKey| {
        let elements = value.as_list().unwrap_or_default();
        elements.iter().any(|value| DependencyKey::of_value(value, &package.package) == *wanted)
    };
    for key in remove {
        let conditions: Vec<&str> = branches
            .iter()
            .filter(|(_, value)| holds(value, key))
            .map(|(condition, _)| condition.as_str().unwrap_or("(computed)"))
            .collect();
        if !conditions.is_empty() {
            let at = package.file.tree.expression(id).span.start;
            let message = format!(
                "{what} has {} in a select() at line {} of {}, under {}. Moving it to an unconditional place would change what other platforms \
                 build. Leave it where it is, or take it out of the select() by hand.",
                key_text(key),
                package.line(at),
                package.path,
                conditions.join(", ")
            );
            return Err(package.refuse(RefusalCode::ConditionalDep, at, message));
        }
    }
    Ok(())
}

fn key_text(key: &DependencyKey) -> String {
    match key {
        DependencyKey::Label(label) => {
            // Only a repeated name is left out, as people write labels.
            let text = label.to_string();
            let repeated = label.package().rsplit('/').next() == Some(label.name());
            if repeated { text.rsplit_once(':').map_or(text.clone(), |(text, _)| text.to_owned()) } else { text }
        }
        DependencyKey::Other(text) => text.clone(),
    }
}

/// Adds a list before a value without one, such as a lone `select()`.
fn before_all(
    package: &PackageFile<'_>,
    value: ExpressionId,
    operands: &[Operand],
    mut additions: Vec<Addition>,
) -> Result<TextEdits, Refusal> {
    for operand in operands {
        if let Operand::Fixed(id, refusal) = operand
            && !matches!(package.value(*id), FoldedValue::Select(_))
        {
            return Err(refusal.clone());
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

/// Strings in a value's lists, as examples of spelling.
fn strings_of(package: &PackageFile<'_>, id: ExpressionId) -> Vec<String> {
    let tree = &package.file.tree;
    let span = tree.expression(id).outer;
    let lists = tree.ids().filter(|list| span.contains(tree.expression(*list).span));
    lists.flat_map(|list| list::texts_of(package, list)).flatten().collect()
}
