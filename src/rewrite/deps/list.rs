//! Edits of one list of dependencies. Sorted lists stay sorted as by buildifier (each run of strings); in others an
//! addition takes the place of the first removed dependency, else the end. `# keep sorted` and `# do not sort` are
//! obeyed.

use std::ops::Range;

use crate::build_file::bracket::Bracket;
use crate::build_file::new_text::NewElement;
use crate::build_file::sequence::Wanted;
use crate::build_file::style::{self, OrderDirective};
use crate::build_file::text_edit::TextEdits;
use crate::build_file::tree::{ExpressionId, ExpressionKind};

use crate::rewrite::deps::additions::{Addition, sort_additions};
use crate::rewrite::labels::DependencyKey;
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::Refusal;

/// `keys` are those of the elements.
pub(super) fn edits(
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
    let first_removed = (0..keys.len()).find(|index| goes(index));
    let mut wanted: Vec<Wanted> = (0..keys.len()).filter(|index| !goes(index)).map(Wanted::Kept).collect();
    let texts = texts_of(package, list);
    let directive = style::order_directive(&package.file, package.file.tree.expression(list).span);
    let sorted = sorted_part(&texts, directive, first_removed);
    if sorted.is_some() {
        sort_additions(&mut additions);
    }
    let mut unplaced: Vec<NewElement> = Vec::new();
    for addition in additions {
        let place = match (&addition.text, &sorted) {
            (Some(text), Some(part)) => place_in(&wanted, &texts, part, text),
            _ => None,
        };
        match place {
            Some(at) => wanted.insert(at, Wanted::New(addition.element)),
            None => unplaced.push(addition.element),
        }
    }
    let behind =
        |wanted: &Wanted| matches!((wanted, first_removed), (Wanted::Kept(index), Some(removed)) if *index > removed);
    let at = wanted.iter().position(behind).unwrap_or(wanted.len());
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

/// The part with sorted strings, if any.
fn sorted_part(
    texts: &[Option<String>],
    directive: OrderDirective,
    first_removed: Option<usize>,
) -> Option<Range<usize>> {
    let orders =
        |texts: &[Option<String>]| texts.iter().flatten().map(|text| style::string_order(text)).collect::<Vec<_>>();
    match directive {
        OrderDirective::Sorted => return Some(0..texts.len()),
        OrderDirective::AsWritten => return None,
        OrderDirective::Silent if style::is_sorted(&orders(texts)) => return Some(0..texts.len()),
        OrderDirective::Silent => {}
    }
    let runs: Vec<Range<usize>> = texts
        .split(Option::is_none)
        .scan(0, |start, run| {
            let range = *start..*start + run.len();
            *start = range.end + 1;
            Some(range)
        })
        .filter(|run| !run.is_empty())
        .collect();
    let all_sorted = runs.iter().all(|run| texts.get(run.clone()).is_some_and(|run| style::is_sorted(&orders(run))));
    let of_removed = runs.iter().find(|run| first_removed.is_some_and(|removed| run.contains(&removed)));
    of_removed.or(runs.last()).filter(|_| all_sorted).cloned()
}

/// The sorted place of a string in `part`, after earlier additions, which come in ascending order.
fn place_in(wanted: &[Wanted], texts: &[Option<String>], part: &Range<usize>, text: &str) -> Option<usize> {
    let order = style::string_order(text);
    let order_of = |wanted: &Wanted| match wanted {
        Wanted::Kept(index) if part.contains(index) => texts.get(*index)?.as_deref().map(style::string_order),
        _ => None,
    };
    let before =
        wanted.iter().rposition(|wanted| order_of(wanted).is_some_and(|other| other <= order)).map(|at| at + 1);
    let at = before.or_else(|| wanted.iter().position(|wanted| order_of(wanted).is_some_and(|other| other > order)))?;
    let placed = wanted.iter().skip(at).take_while(|wanted| matches!(wanted, Wanted::New(_))).count();
    Some(at + placed)
}

pub(super) fn texts_of(package: &PackageFile<'_>, list: ExpressionId) -> Vec<Option<String>> {
    let ExpressionKind::List { elements, .. } = &package.file.tree.expression(list).kind else {
        return Vec::new();
    };
    let text = |id: &ExpressionId| match &package.file.tree.expression(*id).kind {
        ExpressionKind::String(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    };
    elements.iter().map(text).collect()
}
