use crate::build_file::bracket::Bracket;
use crate::build_file::new_text::{NewElement, NewText};
use crate::build_file::sequence::{Growth, SequenceEdit, Wanted};
use crate::build_file::string_literal;
use crate::build_file::style;
use crate::build_file::text_edit::{TextEdit, TextEdits};
use crate::build_file::tree::{ExpressionId, ExpressionKind};

use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::Refusal;
use crate::rule_sets::dep_layers::value::element::{self, Parts, Written};
use crate::rule_sets::dep_layers::value::layer::{Layer, layer_text};
use crate::rule_sets::dep_layers::value::targets::{self, Pool};

/// Sets the layers of a list.
pub(crate) fn edits(
    package: &PackageFile<'_>,
    what: &str,
    list: ExpressionId,
    wanted: &[Layer],
    from: &str,
) -> Result<TextEdits, Refusal> {
    let ExpressionKind::List { elements, .. } = &package.file.tree.expression(list).kind else {
        return Err(package.computed(list, what));
    };
    let Some(bracket) = Bracket::of_expression(&package.file, list) else {
        return Err(package.computed(list, what));
    };
    let old: Vec<Written> =
        elements.iter().map(|element| element::read(package, *element, what)).collect::<Result<_, _>>()?;
    let old_of = pair(&old, wanted);
    let wanted_of: Vec<Option<&Layer>> = (0..old.len())
        .map(|index| old_of.iter().position(|old| *old == Some(index)).and_then(|at| wanted.get(at)))
        .collect();
    let mut pool = Pool::of(package, &old, &wanted_of);
    let (mut inside, mut elsewhere) = (TextEdits::default(), TextEdits::default());
    let mut sequence = Vec::new();
    for (layer, old_index) in wanted.iter().zip(&old_of) {
        let Some((index, written)) = old_index.and_then(|index| Some((index, old.get(index)?))) else {
            let neighbours = targets::all_targets(package);
            let targets = layer.targets.iter().map(|target| pool.element(package, target, from, &neighbours)).collect();
            sequence.push(Wanted::New(NewElement::plain(layer_text(&layer.name, targets))));
            continue;
        };
        for edit in change(package, what, written, layer, from, &mut pool)?.as_slice() {
            let side =
                if element::is_inside(package, written.element, edit.range) { &mut inside } else { &mut elsewhere };
            let one = TextEdits::new(vec![edit.clone()]).map_err(|overlap| package.overlapping(overlap))?;
            *side = std::mem::take(side).union(one).map_err(|overlap| package.overlapping(overlap))?;
        }
        sequence.push(Wanted::Kept(index));
    }
    let edits = package.edit_list(&bracket, sequence, inside)?;
    edits.union(elsewhere).map_err(|overlap| package.overlapping(overlap))
}

/// Matches wanted layers to old ones, by name, then by targets.
fn pair(old: &[Written], wanted: &[Layer]) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = vec![None; wanted.len()];
    let mut free: Vec<bool> = vec![true; old.len()];
    let mut take = |pairs: &mut Vec<Option<usize>>, matches: &dyn Fn(usize, &Layer, usize, &Written) -> bool| {
        for (at, layer) in wanted.iter().enumerate() {
            let found = old.iter().enumerate().position(|(index, written)| {
                free.get(index).copied().unwrap_or_default() && matches(at, layer, index, written)
            });
            if let (Some(pair @ None), Some(index)) = (pairs.get_mut(at), found) {
                *pair = Some(index);
                if let Some(free) = free.get_mut(index) {
                    *free = false;
                }
            }
        }
    };
    take(&mut pairs, &|_, layer, _, written| layer.name == written.value.name);
    let same =
        |layer: &Layer, written: &Written| !layer.targets.is_empty() && layer.value().targets == written.value.targets;
    take(&mut pairs, &|_, layer, _, written| same(layer, written));
    // A layer at the same place that shares targets was renamed and changed.
    let some =
        |layer: &Layer, written: &Written| layer.targets.iter().any(|(key, _)| written.value.targets.contains(key));
    take(&mut pairs, &|at, layer, index, written| at == index && some(layer, written));
    pairs
}

/// Edits one layer.
fn change(
    package: &PackageFile<'_>,
    what: &str,
    written: &Written,
    layer: &Layer,
    from: &str,
    pool: &mut Pool,
) -> Result<TextEdits, Refusal> {
    if written.value == layer.value() {
        return Ok(TextEdits::default());
    }
    let parts = written.parts.as_ref().map_err(Clone::clone)?;
    let mut edits = TextEdits::default();
    if written.value.name != layer.name {
        edits = rename(package, what, parts, &layer.name)?;
    }
    if written.value.targets != layer.value().targets {
        let named = format!("`targets` of {} in {what}", written.value.name);
        let more = match parts.targets {
            Some(id) => targets::edits(package, &named, id, layer, from, pool)?,
            None => add_targets(package, parts, layer, from, pool)?,
        };
        edits = edits.union(more).map_err(|overlap| package.overlapping(overlap))?;
    }
    Ok(edits)
}

fn rename(package: &PackageFile<'_>, what: &str, parts: &Parts, name: &str) -> Result<TextEdits, Refusal> {
    let what = format!("The name of a layer in {what}");
    let Some(id) = parts.name else {
        return Err(package.computed(parts.holder, &what));
    };
    let place = package.follow(id, &what)?;
    let expression = package.file.tree.expression(place);
    if !matches!(expression.kind, ExpressionKind::String(_)) {
        return Err(package.computed(place, &what));
    }
    let edit = TextEdit { range: expression.span, insert: string_literal::encode(name) };
    TextEdits::new(vec![edit]).map_err(|overlap| package.overlapping(overlap))
}

fn add_targets(
    package: &PackageFile<'_>,
    parts: &Parts,
    layer: &Layer,
    from: &str,
    pool: &mut Pool,
) -> Result<TextEdits, Refusal> {
    let neighbours = targets::all_targets(package);
    let elements = layer.targets.iter().map(|target| pool.element(package, target, from, &neighbours)).collect();
    let value = NewText::List(elements);
    if parts.is_call(package) {
        return package.insert_keyword(parts.holder, "targets", value);
    }
    let Some(bracket) = parts.bracket(package) else {
        return Err(package.computed(parts.holder, "A layer"));
    };
    let unit = bracket.indentation_unit(&package.file).unwrap_or_else(|| style::DEFAULT_UNIT.to_vec());
    let new = NewElement::plain(NewText::Entry(string_literal::encode("targets"), Box::new(value)));
    let wanted = (0..bracket.items.len()).map(Wanted::Kept).chain([Wanted::New(new)]).collect();
    let edit = SequenceEdit {
        file: &package.file,
        bracket: &bracket,
        enclosing: None,
        wanted,
        inner: TextEdits::default(),
        growth: Growth::BreakSmall,
        unit,
    };
    edit.edits().map_err(|overlap| package.overlapping(overlap))
}
