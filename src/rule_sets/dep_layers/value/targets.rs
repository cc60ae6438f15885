//! The targets of a layer, compared as resolved labels.

use crate::build_file::bracket::Bracket;
use crate::build_file::new_text::NewElement;
use crate::build_file::sequence::Wanted;
use crate::build_file::text_edit::TextEdits;
use crate::build_file::tree::{ExpressionId, ExpressionKind};

use crate::rewrite::deps::keys::keys_of;
use crate::rewrite::labels::DependencyKey;
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::Refusal;
use crate::rewrite::value_place::Operand;
use crate::rule_sets::dep_layers::value::element::Written;
use crate::rule_sets::dep_layers::value::layer::{DEP_LAYERS, Layer, layers_of, target_text};

/// Targets that leave a layer and may move to another, with spelling and comments.
#[derive(Default)]
pub(crate) struct Pool(Vec<(DependencyKey, NewElement)>);

impl Pool {
    /// Collects targets that leave the old layers.
    pub(crate) fn of(package: &PackageFile<'_>, old: &[Written], wanted_of: &[Option<&Layer>]) -> Self {
        let mut pool = Self::default();
        for (written, wanted) in old.iter().zip(wanted_of) {
            let list = written.parts.as_ref().ok().and_then(|parts| literal_targets(package, parts.targets?));
            let Some((bracket, keys)) = list else { continue };
            for (item, key) in bracket.items.iter().zip(keys) {
                if wanted.is_none_or(|wanted| !wanted.targets.iter().any(|(other, _)| *other == key)) {
                    pool.0.push((key, package.element_of(item)));
                }
            }
        }
        pool
    }

    /// A target as written elsewhere.
    fn take(&mut self, key: &DependencyKey) -> Option<NewElement> {
        let at = self.0.iter().position(|(other, _)| other == key)?;
        Some(self.0.remove(at).1)
    }

    /// As written elsewhere, else spelled like `neighbours`.
    pub(crate) fn element(
        &mut self,
        package: &PackageFile<'_>,
        target: &(DependencyKey, String),
        from: &str,
        neighbours: &[String],
    ) -> NewElement {
        let (key, text) = target;
        self.take(key).unwrap_or_else(|| NewElement::plain(target_text(package, text, from, neighbours)))
    }
}

/// Brackets and keys of a literal list.
fn literal_targets(package: &PackageFile<'_>, id: ExpressionId) -> Option<(Bracket, Vec<DependencyKey>)> {
    let place = package.follow(id, "").ok()?;
    if !matches!(package.file.tree.expression(place).kind, ExpressionKind::List { .. }) {
        return None;
    }
    let keys = keys_of(package, place);
    Some((Bracket::of_expression(&package.file, place)?, keys))
}

/// Sets the targets of the list at `id`, in order.
pub(crate) fn edits(
    package: &PackageFile<'_>,
    what: &str,
    id: ExpressionId,
    layer: &Layer,
    from: &str,
    pool: &mut Pool,
) -> Result<TextEdits, Refusal> {
    let mut operands = package.operands(id, what);
    let list = match (operands.pop(), operands.is_empty()) {
        (Some(Operand::Literal(list)), true) => list,
        (Some(Operand::Fixed(_, refusal)), true) => return Err(refusal),
        _ => return Err(package.computed(id, what)),
    };
    let Some((bracket, keys)) = literal_targets(package, list) else {
        return Err(package.computed(list, what));
    };
    let own: Vec<String> = spelled(package, list);
    let neighbours = if own.is_empty() { all_targets(package) } else { own };
    let is_wanted = |key: &DependencyKey| layer.targets.iter().any(|(other, _)| other == key);
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut place_of_last: Option<usize> = None;
    let mut replaced: Vec<usize> = Vec::new();
    for target in &layer.targets {
        if let Some(index) = keys.iter().position(|key| *key == target.0) {
            place_of_last = Some(index);
            wanted.push(Wanted::Kept(index));
            continue;
        }
        let element = pool.element(package, target, from, &neighbours);
        // A new target takes the place of a removed one.
        let next = place_of_last.map_or(0, |last| last + 1);
        let goes = keys.get(next).is_some_and(|key| !is_wanted(key)) && !replaced.contains(&next);
        wanted.push(if goes { Wanted::Instead(next, element) } else { Wanted::New(element) });
        if goes {
            replaced.push(next);
            place_of_last = Some(next);
        }
    }
    keep_repetitions(&keys, &mut wanted);
    package.edit_list(&bracket, wanted, TextEdits::default())
}

/// Repetitions of a wanted label stay.
fn keep_repetitions(keys: &[DependencyKey], wanted: &mut Vec<Wanted>) {
    for (index, key) in keys.iter().enumerate() {
        let first = keys.iter().position(|other| other == key);
        let kept = wanted.iter().any(|wanted| matches!(wanted, Wanted::Kept(other) if Some(*other) == first));
        if first == Some(index) || !kept {
            continue;
        }
        let before = |wanted: &Wanted| matches!(wanted, Wanted::Kept(other) if *other < index);
        let at = wanted.iter().rposition(before).map_or(0, |at| at + 1);
        wanted.insert(at, Wanted::Kept(index));
    }
}

fn spelled(package: &PackageFile<'_>, list: ExpressionId) -> Vec<String> {
    let value = package.value(list);
    value.as_list().unwrap_or_default().iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// Targets of every layer of the file, as examples of spelling.
pub(crate) fn all_targets(package: &PackageFile<'_>) -> Vec<String> {
    let values = package.calls.iter().filter_map(|call| call.argument(DEP_LAYERS));
    let known = values.filter(|value| layers_of(value, &package.package).is_some());
    known
        .flat_map(|value| value.as_list().unwrap_or_default())
        .filter_map(|layer| layer.get("targets")?.as_list())
        .flatten()
        .filter_map(|target| target.as_str().map(str::to_owned))
        .collect()
}
