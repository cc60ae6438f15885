//! From Starlark values to plain values, within bounds: no value is too deep or too large to convert.

use starlark::values::dict::DictRef;
use starlark::values::list::ListRef;
use starlark::values::tuple::TupleRef;
use starlark::values::{Value, ValueLike};

use super::values::label_value::LabelValue;
use super::values::opaque::Opaque;
use super::values::selection::Selection;
use crate::workspace::model;

/// Deepest nesting that is kept.
const DEEPEST: usize = 40;
/// Most items of one value that are kept, counted over all levels.
const MOST_ITEMS: usize = 200_000;
/// Longest text that is kept; longer ones (scripts inside `cmd`) decide nothing here.
const LONGEST_TEXT: usize = 64 * 1024;

/// Converts `value`; what can't be known or exceeds the bounds becomes [`model::Value::Opaque`].
#[must_use]
pub fn to_model(value: Value<'_>) -> model::Value {
    let mut budget = MOST_ITEMS;
    convert(value, 0, &mut budget)
}

fn convert(value: Value<'_>, depth: usize, budget: &mut usize) -> model::Value {
    if depth > DEEPEST || *budget == 0 {
        return model::Value::Opaque("too large".to_owned());
    }
    *budget -= 1;
    if value.is_none() {
        return model::Value::None;
    }
    if let Some(truth) = value.unpack_bool() {
        return model::Value::Bool(truth);
    }
    if let Some(text) = value.unpack_str() {
        return if text.len() > LONGEST_TEXT {
            model::Value::Opaque("long text".to_owned())
        } else {
            model::Value::String(text.to_owned())
        };
    }
    if let Some(items) = ListRef::from_value(value) {
        return model::Value::List(items.iter().map(|item| convert(item, depth + 1, budget)).collect());
    }
    if let Some(items) = TupleRef::from_value(value) {
        return model::Value::List(items.iter().map(|item| convert(item, depth + 1, budget)).collect());
    }
    if let Some(entries) = DictRef::from_value(value) {
        let pairs = entries.iter();
        return model::Value::Dict(
            pairs.map(|(key, item)| (convert(key, depth + 1, budget), convert(item, depth + 1, budget))).collect(),
        );
    }
    convert_own_type(value)
}

fn convert_own_type(value: Value<'_>) -> model::Value {
    if let Some(selection) = value.downcast_ref::<Selection>() {
        return selection.value().clone();
    }
    if let Some(label) = value.downcast_ref::<LabelValue>() {
        return model::Value::String(label.label().to_string());
    }
    if let Some(opaque) = value.downcast_ref::<Opaque>() {
        return model::Value::Opaque(opaque.name().to_owned());
    }
    let integer = (value.get_type() == "int").then(|| value.to_str().parse().ok()).flatten();
    match integer {
        Some(number) => model::Value::Int(number),
        None => model::Value::Opaque(value.get_type().to_owned()),
    }
}
