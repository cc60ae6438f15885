//! A sum of lists, of which some can't be edited: shares the wanted layers among the operands.

use crate::build_file::text_edit::TextEdits;
use crate::build_file::tree::ExpressionId;

use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::value_place::Operand;
use crate::rule_sets::dep_layers::value::layer::{Layer, LayerValue, layers_of};
use crate::rule_sets::dep_layers::value::list;

struct Part {
    operand: Operand,
    value: Vec<LayerValue>,
}

/// Edits the literal operands so that the sum has the wanted value.
pub(crate) fn edits(
    package: &PackageFile<'_>,
    what: &str,
    operands: Vec<Operand>,
    wanted: &[Layer],
    from: &str,
) -> Result<TextEdits, Refusal> {
    let mut parts = Vec::new();
    for operand in operands {
        let (Operand::Literal(id) | Operand::Fixed(id, _)) = operand;
        match layers_of(&package.value(id), &package.package) {
            Some(value) => parts.push(Part { operand, value }),
            None => return Err(unknown(package, what, operand)),
        }
    }
    let Some(shares) = share_out(&parts, wanted) else {
        return Err(refuse(package, what, &parts, wanted));
    };
    let mut edits = TextEdits::default();
    for (part, share) in parts.iter().zip(shares) {
        let Operand::Literal(id) = part.operand else { continue };
        let values: Vec<LayerValue> = share.iter().map(Layer::value).collect();
        if values != part.value {
            let more = list::edits(package, what, id, share, from)?;
            edits = edits.union(more).map_err(|overlap| package.overlapping(overlap))?;
        }
    }
    Ok(edits)
}

/// The slice of wanted layers for each operand; `None` if an uneditable one would have to change.
fn share_out<'w>(parts: &[Part], wanted: &'w [Layer]) -> Option<Vec<&'w [Layer]>> {
    let mut shares: Vec<&[Layer]> = Vec::new();
    let mut rest = wanted;
    let mut index = 0;
    while index < parts.len() {
        let run = parts.get(index..)?.iter().take_while(|part| matches!(part.operand, Operand::Literal(_))).count();
        let fixed = parts.get(index + run);
        let length = match fixed {
            Some(fixed) => position_of(&fixed.value, rest).filter(|at| run > 0 || *at == 0)?,
            None => rest.len(),
        };
        let (mine, others) = rest.split_at_checked(length)?;
        shares.extend(split_run(parts.get(index..index + run)?, mine));
        rest = others;
        if let Some(fixed) = fixed {
            let (same, others) = rest.split_at_checked(fixed.value.len())?;
            shares.push(same);
            rest = others;
        }
        index += run + 1;
    }
    rest.is_empty().then_some(shares)
}

/// Where the layers of `value` occur in a row.
fn position_of(value: &[LayerValue], wanted: &[Layer]) -> Option<usize> {
    let values: Vec<LayerValue> = wanted.iter().map(Layer::value).collect();
    (0..=values.len()).find(|at| values.get(*at..).is_some_and(|rest| rest.starts_with(value)))
}

/// Shares layers among adjacent lists: each keeps what it holds and takes what comes before.
fn split_run<'w>(parts: &[Part], mut wanted: &'w [Layer]) -> Vec<&'w [Layer]> {
    let mut shares = Vec::new();
    for (index, _) in parts.iter().enumerate() {
        let later = parts.get(index + 1..).unwrap_or_default();
        let of_later = |layer: &Layer| later.iter().any(|part| part.value.iter().any(|value| value.name == layer.name));
        let length =
            if later.is_empty() { wanted.len() } else { wanted.iter().take_while(|layer| !of_later(layer)).count() };
        let (mine, rest) = wanted.split_at_checked(length).unwrap_or((wanted, &[]));
        shares.push(mine);
        wanted = rest;
    }
    shares
}

fn unknown(package: &PackageFile<'_>, what: &str, operand: Operand) -> Refusal {
    match operand {
        Operand::Fixed(_, refusal) if refusal.code == RefusalCode::ComputedValue => refusal,
        Operand::Fixed(id, _) | Operand::Literal(id) => package.computed(id, &format!("A part of {what}")),
    }
}

fn refuse(package: &PackageFile<'_>, what: &str, parts: &[Part], wanted: &[Layer]) -> Refusal {
    let text = |id: ExpressionId| package.file.text(package.file.tree.expression(id).span);
    let place = |id: ExpressionId| package.file.tree.expression(id).span.start;
    let fixed = parts.iter().find_map(|part| match &part.operand {
        Operand::Fixed(id, _) if !part.value.is_empty() && !unchanged(&part.value, wanted) => Some((*id, part)),
        _ => None,
    });
    let fixed = fixed.or_else(|| {
        parts.iter().find_map(|part| match &part.operand {
            Operand::Fixed(id, _) => Some((*id, part)),
            Operand::Literal(_) => None,
        })
    });
    let Some((id, part)) = fixed else {
        return package.refuse(
            RefusalCode::ComputedValue,
            0,
            format!("{what} is a sum whose parts can't be told apart."),
        );
    };
    let names: Vec<&str> = part.value.iter().map(|layer| layer.name.as_str()).collect();
    let message = format!(
        "{} comes from {} at line {} of {}, which can't be changed here, and the wanted layers would change or move it ({what} is a sum). Keep \
         it unchanged and in its place, or write the whole list out.",
        names.join(", "),
        text(id),
        package.line(place(id)),
        package.path
    );
    package.refuse(RefusalCode::ComputedValue, place(id), message)
}

/// Returns `true` if the wanted layers start with these.
fn unchanged(value: &[LayerValue], wanted: &[Layer]) -> bool {
    position_of(value, wanted) == Some(0)
}
