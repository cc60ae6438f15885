//! `set_dep_layers`: sets an app's layers by the smallest change of text. Layers are matched by name, targets by
//! resolved label. Equal parts keep their bytes and comments, unknown keys stay, and what can't be edited is left alone
//! or refused.

use std::any::Any;
use std::sync::Arc;

use serde::Deserialize;

use crate::build_file::fold::FoldedValue;
use crate::build_file::new_text::{Layout, NewElement, NewText};
use crate::build_file::style;
use crate::build_file::text_edit::{TextEdit, TextEdits};
use crate::build_file::tree::{ArgumentKind, ExpressionId, ExpressionKind};
use crate::label::Label;
use crate::layers::layer_name::name_problem;
use crate::rewrite::calls::FoundCall;
use crate::rewrite::carried::Carried;
use crate::rewrite::confirmed_drops::ConfirmedDrops;
use crate::rewrite::labels::DependencyKey;
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::request::Edit;
use crate::rewrite::rule_set_edit::{RuleSetEdit, Scope, SharedEdit};
use crate::rewrite::value_place::Operand;
use crate::rule_sets::dep_layers::value::layer::{DEP_LAYERS, Layer, LayerValue, layer_text, layers_of, target_text};
use crate::rule_sets::dep_layers::value::{chain, list, targets};
use crate::workspace::apps::written_groups;
use crate::workspace::model::{Value, WrittenGroup};
use crate::workspace::repositories::Repositories;

/// The app's layers, in order. None is written as `dep_layers = []`, or left out if the argument is missing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SetDepLayers {
    /// Name or label.
    pub app: String,
    pub layers: Vec<WantedLayer>,
    #[serde(default)]
    pub drop_comments_confirmed: ConfirmedDrops,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct WantedLayer {
    pub name: String,
    /// In order.
    pub targets: Vec<String>,
}

impl From<SetDepLayers> for Edit {
    fn from(edit: SetDepLayers) -> Self {
        Self::OfRuleSet(SharedEdit(Arc::new(edit)))
    }
}

impl RuleSetEdit for SetDepLayers {
    fn target(&self) -> &str {
        &self.app
    }

    fn scope(&self) -> Scope {
        Scope::Argument(DEP_LAYERS)
    }

    fn confirmed_drops(&self) -> &ConfirmedDrops {
        &self.drop_comments_confirmed
    }

    fn text_edits(
        &self,
        package: &PackageFile<'_>,
        name: &str,
        from: &str,
        _carried: &mut Carried,
    ) -> Result<TextEdits, Refusal> {
        edits(package, name, &self.layers, from)
    }

    fn is_wanted(&self, value: Option<&Value>, package: &str, from: &str) -> bool {
        let label = |text: &String| Label::parse(text, from).ok();
        let group = |layer: &WantedLayer| WrittenGroup {
            name: layer.name.clone(),
            targets: layer.targets.iter().filter_map(label).collect(),
        };
        match value {
            Some(Value::None) | None => self.layers.is_empty(),
            Some(value) => written_groups(value, Repositories::default().at(package))
                .is_some_and(|groups| groups.into_iter().eq(self.layers.iter().map(group))),
        }
    }

    fn reason(&self, from: &str) -> String {
        let app = Label::parse(&self.app, from).map_or_else(|_| self.app.clone(), |app| app.to_string());
        match self.layers.len() {
            0 => format!("{app} gets no dependency layers any more"),
            1 => format!("{app} gets one dependency layer"),
            count => format!("{app} gets {count} dependency layers, the lowest first"),
        }
    }

    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }
}

/// `package` is that of relative labels.
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

/// # Errors
/// A refusal with the obstacle.
fn edits(package: &PackageFile<'_>, app: &str, layers: &[WantedLayer], from: &str) -> Result<TextEdits, Refusal> {
    let found = package.find_call(app, DEP_LAYERS)?;
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
    let insert = new_list(package, wanted, from).render(&Layout {
        indentation: package.file.indentation(span.start).to_vec(),
        unit: package.unit_at(span),
        line_end: style::line_end_before(&package.file, span.start),
        one_line: false,
    });
    TextEdits::new(vec![TextEdit { range: span, insert }]).map_err(|overlap| package.overlapping(overlap))
}

fn new_list(package: &PackageFile<'_>, wanted: &[Layer], from: &str) -> NewText {
    let neighbours = targets::all_targets(package);
    let element = |layer: &Layer| {
        let texts =
            layer.targets.iter().map(|(_, text)| NewElement::plain(target_text(package, text, from, &neighbours)));
        NewElement::plain(layer_text(&layer.name, texts.collect()))
    };
    NewText::List(wanted.iter().map(element).collect())
}

/// The positional value, if the macro's parameters tell that there is one.
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
        package.line(at),
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
                package.line(argument.span.start),
                package.path
            );
            Err(package.refuse(RefusalCode::Kwargs, argument.span.start, message))
        }
    }
}

/// New names must be valid and unique; existing ones may stay.
fn check_names(
    package: &PackageFile<'_>,
    found: &FoundCall<'_>,
    wanted: &[Layer],
    old: &[LayerValue],
) -> Result<(), Refusal> {
    let refuse = |message: String| Err(package.refuse(RefusalCode::BadLayerName, found.call.span.start, message));
    for (index, Layer { name, .. }) in wanted.iter().enumerate() {
        if wanted.iter().take(index).any(|other| other.name == *name) {
            return refuse(format!("Two layers are named `{name}`; each layer needs a name of its own."));
        }
        let is_new = old.iter().all(|old| old.name != *name);
        if let Some(problem) = name_problem(name).filter(|_| is_new) {
            return refuse(format!("`{name}` can't be the name of a layer: {problem}."));
        }
    }
    Ok(())
}
