//! Converts between Starlark and plain values, within bounds.

use starlark::values::dict::{AllocDict, DictRef};
use starlark::values::list::ListRef;
use starlark::values::tuple::TupleRef;
use starlark::values::{Heap, Value, ValueLike};

use super::values::label_value::LabelValue;
use super::values::opaque::Opaque;
use super::values::selection::Selection;
use crate::workspace::model;

const DEEPEST: usize = 40;
/// Over all levels.
const MOST_ITEMS: usize = 200_000;
/// Longer ones (scripts inside `cmd`) decide nothing.
const LONGEST_TEXT: usize = 64 * 1024;

/// Unknown values and those beyond the bounds become [`model::Value::Opaque`].
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

#[must_use]
pub fn from_model<'v>(value: &model::Value, heap: Heap<'v>) -> Value<'v> {
    match value {
        model::Value::None => Value::new_none(),
        model::Value::Bool(truth) => Value::new_bool(*truth),
        model::Value::Int(number) => heap.alloc(*number),
        model::Value::String(text) => heap.alloc(text.as_str()),
        model::Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| from_model(item, heap)).collect();
            heap.alloc(items)
        }
        model::Value::Dict(entries) => {
            let entries: Vec<_> = entries.iter().filter_map(|(key, item)| text_entry(key, item, heap)).collect();
            heap.alloc(AllocDict(entries))
        }
        model::Value::Opaque(name) => heap.alloc(Opaque::new(name.as_str())),
        model::Value::Select(_) | model::Value::Concatenation(_) => heap.alloc(Selection::new(value.clone())),
    }
}

/// An entry with a text key, as in all dicts of attributes.
fn text_entry<'v>(key: &model::Value, item: &model::Value, heap: Heap<'v>) -> Option<(String, Value<'v>)> {
    match key {
        model::Value::String(key) => Some((key.clone(), from_model(item, heap))),
        _ => None,
    }
}
