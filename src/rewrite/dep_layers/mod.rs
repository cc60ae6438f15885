//! `set_dep_layers`: gives an app exactly the wanted layers, by the smallest change of the text that holds them.
//!
//! Layers are matched by name, targets by resolved label. What is equal keeps its bytes and its comments, keys that are not known here
//! stay, and what is written in a way that can't be edited is left alone or refused.

mod chain;
mod element;
mod list;
mod targets;

pub(super) use targets::element_of;

use crate::build_file::fold::FoldedValue;
use crate::build_file::new_text::{NewElement, NewText};
use crate::build_file::string_literal;
use crate::build_file::text_edit::{TextEdit, TextEdits};
use crate::build_file::tree::{ArgumentKind, ExpressionId, ExpressionKind};

use crate::rewrite::calls::{DEP_LAYERS, FoundCall};
use crate::rewrite::labels::{self, DependencyKey};
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::request::WantedLayer;
use crate::rewrite::value_place::Operand;

/// A wanted layer with resolved targets.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) name: String,
    /// Targets without repetitions: what each is compared by, and its text in the request.
    pub(super) targets: Vec<(DependencyKey, String)>,
}

/// What a layer's value is: its name and its targets, repetitions left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LayerValue {
    pub(super) name: String,
    pub(super) targets: Vec<DependencyKey>,
}

impl Layer {
    pub(super) fn value(&self) -> LayerValue {
        LayerValue { name: self.name.clone(), targets: self.targets.iter().map(|(key, _)| key.clone()).collect() }
    }
}

/// Resolves wanted layers as `package` sees them.
fn resolve(layers: &[WantedLayer], package: &str) -> Vec<Layer> {
    let resolve_one = |layer: &WantedLayer| {
        let mut targets: Vec<(DependencyKey, String)> = Vec::new();
        for text in &layer.targets {
            let key = DependencyKey::of_text(text, package);
            if !targets.iter().any(|(other, _)| *other == key) {
                targets.push((key, text.clone()));
            }
        }
        Layer { name: layer.name.clone(), targets }
    };
    layers.iter().map(resolve_one).collect()
}

/// Makes the text edits that give `app` these layers.
///
/// # Errors
/// A refusal that says what is in the way.
pub(super) fn edits(
    package: &PackageFile<'_>,
    app: &str,
    layers: &[WantedLayer],
    from: &str,
) -> Result<TextEdits, Refusal> {
    let found = package.find_app(app)?;
    let wanted = resolve(layers, from);
    let written = package.keyword(found.id, DEP_LAYERS).map(|argument| argument.value);
    let positional = positional_value(package, &found);
    let present = written.or(positional);
    let value = present.map(|id| package.value(id));
    let old = value.as_ref().and_then(|value| layers_of(value, &package.package));
    if old.as_ref().is_some_and(|old| *old == wanted.iter().map(Layer::value).collect::<Vec<_>>()) {
        return Ok(TextEdits::default());
    }
    if matches!(value, None | Some(FoldedValue::None)) && wanted.is_empty() {
        return Ok(TextEdits::default());
    }
    check_names(package, &found, &wanted, old.as_deref().unwrap_or_default())?;
    refuse_stars(package, &found)?;
    match (written, positional) {
        (None, Some(id)) => Err(refuse_positional(package, app, &found, id)),
        (None, None) => package.insert_keyword(found.id, DEP_LAYERS, new_list(package, &wanted, from)),
        (Some(id), _) => edit_value(package, app, id, &wanted, from),
    }
}

fn edit_value(
    package: &PackageFile<'_>,
    app: &str,
    id: ExpressionId,
    wanted: &[Layer],
    from: &str,
) -> Result<TextEdits, Refusal> {
    let what = format!("{DEP_LAYERS} of {app}");
    let expression = package.file.tree.expression(id);
    if matches!(&expression.kind, ExpressionKind::Name(name) if name == "None") {
        return replace_none(package, id, wanted, from);
    }
    let mut operands = package.operands(id, &what);
    if operands.len() > 1 {
        return chain::edits(package, &what, operands, wanted, from);
    }
    match operands.pop() {
        Some(Operand::Literal(list)) => list::edits(package, &what, list, wanted, from),
        Some(Operand::Fixed(place, _)) if package.value(place) == FoldedValue::None => {
            replace_none(package, place, wanted, from)
        }
        Some(Operand::Fixed(_, refusal)) => Err(refusal),
        None => Err(package.computed(id, &what)),
    }
}

fn replace_none(
    package: &PackageFile<'_>,
    id: ExpressionId,
    wanted: &[Layer],
    from: &str,
) -> Result<TextEdits, Refusal> {
    let span = package.file.tree.expression(id).outer;
    let insert = new_list(package, wanted, from).render(&crate::build_file::new_text::Layout {
        indentation: package.file.indentation(span.start).to_vec(),
        unit: package.unit_at(span),
        line_end: crate::build_file::style::line_end_before(&package.file, span.start),
        one_line: false,
    });
    TextEdits::new(vec![TextEdit { range: span, insert }]).map_err(|overlap| package.overlapping(overlap))
}

/// The whole value as new text.
fn new_list(package: &PackageFile<'_>, wanted: &[Layer], from: &str) -> NewText {
    let neighbours = targets::all_targets(package);
    let element = |layer: &Layer| {
        let texts =
            layer.targets.iter().map(|(_, text)| NewElement::plain(target_text(package, text, from, &neighbours)));
        NewElement::plain(layer_text(&layer.name, texts.collect()))
    };
    NewText::List(wanted.iter().map(element).collect())
}

/// A layer as buildifier writes it.
fn layer_text(name: &str, targets: Vec<NewElement>) -> NewText {
    NewText::Dict(vec![
        (string_literal::encode("name"), NewText::Verbatim(string_literal::encode(name))),
        (string_literal::encode("targets"), NewText::List(targets)),
    ])
}

fn target_text(package: &PackageFile<'_>, text: &str, from: &str, neighbours: &[String]) -> NewText {
    NewText::Verbatim(string_literal::encode(&labels::spell(text, from, &package.package, neighbours)))
}

/// The layers that a value stands for; `None` where a part of it is not known.
pub(super) fn layers_of(value: &FoldedValue, package: &str) -> Option<Vec<LayerValue>> {
    value.as_list()?.iter().map(|layer| layer_of(layer, package)).collect()
}

/// The layer that a value stands for.
fn layer_of(value: &FoldedValue, package: &str) -> Option<LayerValue> {
    let name = value.get("name")?.as_str()?.to_owned();
    let mut targets: Vec<DependencyKey> = Vec::new();
    let listed = match value.get("targets") {
        Some(targets) => targets.as_list()?,
        None if matches!(value, FoldedValue::Dict(_)) => &[],
        None => return None,
    };
    for target in listed {
        let key = DependencyKey::of_text(target.as_str()?, package);
        if !targets.contains(&key) {
            targets.push(key);
        }
    }
    Some(LayerValue { name, targets })
}

/// The value that is given by position, when the macro's parameters tell that there is one.
fn positional_value(package: &PackageFile<'_>, found: &FoundCall<'_>) -> Option<ExpressionId> {
    let position = found.function.as_ref()?.position_of(DEP_LAYERS)?;
    let argument = package.written_arguments(found.id).get(position)?;
    let before = package.written_arguments(found.id).iter().take(position + 1);
    before.map(|argument| &argument.kind).all(|kind| *kind == ArgumentKind::Positional).then_some(argument.value)
}

fn refuse_positional(package: &PackageFile<'_>, app: &str, found: &FoundCall<'_>, id: ExpressionId) -> Refusal {
    let position =
        found.function.as_ref().and_then(|function| function.position_of(DEP_LAYERS)).unwrap_or_default() + 1;
    let at = package.file.tree.expression(id).outer.start;
    let message = format!(
        "{app} gives {DEP_LAYERS} by position: it is the value at position {position}, at line {} of {}. Write `{DEP_LAYERS} = ` before it, \
         and names before the values behind it.",
        package.file.line(at),
        package.path
    );
    package.refuse(RefusalCode::PositionalValue, at, message)
}

fn refuse_stars(package: &PackageFile<'_>, found: &FoundCall<'_>) -> Result<(), Refusal> {
    let star = |kind: &ArgumentKind| matches!(kind, ArgumentKind::Star | ArgumentKind::StarStar);
    match package.written_arguments(found.id).iter().find(|argument| star(&argument.kind)) {
        None => Ok(()),
        Some(argument) => {
            let message = format!(
                "`{}` at line {} of {} could hold {DEP_LAYERS} already. Write the arguments out.",
                package.file.text(argument.span),
                package.file.line(argument.span.start),
                package.path
            );
            Err(package.refuse(RefusalCode::Kwargs, argument.span.start, message))
        }
    }
}

/// Layer names become parts of target names and of folder names, so new ones are kept to letters, digits, `_`, `-`, `.` and `+`.
fn check_names(
    package: &PackageFile<'_>,
    found: &FoundCall<'_>,
    wanted: &[Layer],
    old: &[LayerValue],
) -> Result<(), Refusal> {
    let refuse = |message: String| Err(package.refuse(RefusalCode::BadLayerName, found.call.span.start, message));
    for (index, layer) in wanted.iter().enumerate() {
        let name = &layer.name;
        if wanted.iter().take(index).any(|other| other.name == *name) {
            return refuse(format!("Two layers are named `{name}`; each layer needs a name of its own."));
        }
        if old.iter().any(|old| old.name == *name) {
            continue;
        }
        if name.is_empty() {
            return refuse("A layer has no name. Give it one of letters, digits, `_`, `-`, `.` and `+`.".to_owned());
        }
        let bad = name.chars().find(|character| !character.is_ascii_alphanumeric() && !"_-.+".contains(*character));
        if let Some(character) = bad {
            return refuse(format!(
                "`{name}` can't be the name of a layer, because it becomes part of a target's name: `{character}` is not one of letters, \
                 digits, `_`, `-`, `.` and `+`."
            ));
        }
        if !name.starts_with(|character: char| character.is_ascii_alphanumeric() || character == '_') {
            return refuse(format!(
                "`{name}` can't be the name of a layer: it must start with a letter, a digit or `_`."
            ));
        }
    }
    Ok(())
}
