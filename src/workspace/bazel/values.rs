//! Attribute values in Bazel's messages.

use super::names::{RepositoryNames, text};
use super::wire::attribute_type::{
    BOOLEAN, DISTRIBUTION_SET, INTEGER, INTEGER_LIST, LABEL, LABEL_DICT_UNARY, LABEL_KEYED_STRING_DICT, LABEL_LIST,
    LABEL_LIST_DICT, OUTPUT, SELECTOR_LIST, STRING, STRING_DICT, STRING_LIST, STRING_LIST_DICT, TRISTATE,
};
use super::wire::{Attribute, Entry, ListEntry, SelectorEntry};
use crate::label::Label;
use crate::workspace::model::Value;

const DEFAULT: &str = "//conditions:default";

/// A value without conditions.
struct Plain<'a> {
    value_type: i32,
    int: Option<i32>,
    string: Option<&'a [u8]>,
    boolean: Option<bool>,
    strings: &'a [Vec<u8>],
    ints: &'a [i32],
    string_dict: &'a [Entry],
    label_list_dict: &'a [ListEntry],
    string_list_dict: &'a [ListEntry],
    label_values: &'a [Entry],
    label_keys: &'a [Entry],
}

impl<'a> Plain<'a> {
    fn of(attribute: &'a Attribute) -> Self {
        Self {
            value_type: attribute.value_type.unwrap_or_default(),
            int: attribute.int_value,
            string: attribute.string_value.as_deref(),
            boolean: attribute.boolean_value,
            strings: &attribute.string_list_value,
            ints: &attribute.int_list_value,
            string_dict: &attribute.string_dict_value,
            label_list_dict: &attribute.label_list_dict_value,
            string_list_dict: &attribute.string_list_dict_value,
            label_values: &attribute.label_dict_unary_value,
            label_keys: &attribute.label_keyed_string_dict_value,
        }
    }

    fn of_branch(entry: &'a SelectorEntry, value_type: i32) -> Self {
        Self {
            value_type,
            int: entry.int_value,
            string: entry.string_value.as_deref(),
            boolean: entry.boolean_value,
            strings: &entry.string_list_value,
            ints: &entry.int_list_value,
            string_dict: &entry.string_dict_value,
            label_list_dict: &entry.label_list_dict_value,
            string_list_dict: &entry.string_list_dict_value,
            label_values: &entry.label_dict_unary_value,
            label_keys: &entry.label_keyed_string_dict_value,
        }
    }

    /// As printed; with `visibility`, a list of texts.
    fn labels(&self) -> Vec<&'a [u8]> {
        match self.value_type {
            LABEL => self.string.into_iter().collect(),
            LABEL_LIST | STRING_LIST => self.strings.iter().map(Vec::as_slice).collect(),
            LABEL_DICT_UNARY => self.label_values.iter().filter_map(|entry| entry.value.as_deref()).collect(),
            LABEL_KEYED_STRING_DICT => self.label_keys.iter().filter_map(|entry| entry.key.as_deref()).collect(),
            LABEL_LIST_DICT => self.label_list_dict.iter().flat_map(|entry| &entry.value).map(Vec::as_slice).collect(),
            _ => Vec::new(),
        }
    }

    /// `None` if it names labels.
    fn value(&self) -> Option<Value> {
        let strings = |values: &[Vec<u8>]| Value::List(values.iter().map(|value| Value::String(text(value))).collect());
        let entry_text = |bytes: &Option<Vec<u8>>| Value::String(text(bytes.as_deref().unwrap_or_default()));
        Some(match self.value_type {
            INTEGER | TRISTATE => Value::Int(i64::from(self.int?)),
            BOOLEAN => Value::Bool(self.boolean.or(self.int.map(|int| int != 0))?),
            // The name of a generated file tells its format: `//a:layer.tar.gz`.
            STRING | OUTPUT => Value::String(text(self.string?)),
            STRING_LIST | DISTRIBUTION_SET => strings(self.strings),
            INTEGER_LIST => Value::List(self.ints.iter().map(|int| Value::Int(i64::from(*int))).collect()),
            STRING_DICT => {
                let entries = self.string_dict.iter();
                Value::Dict(entries.map(|entry| (entry_text(&entry.key), entry_text(&entry.value))).collect())
            }
            STRING_LIST_DICT => {
                let entries = self.string_list_dict.iter();
                Value::Dict(entries.map(|entry| (entry_text(&entry.key), strings(&entry.value))).collect())
            }
            _ => return None,
        })
    }
}

/// With conditions; `None` for unconditional ones.
pub(super) fn labels_of(attribute: &Attribute, names: &RepositoryNames) -> Vec<(Label, Option<String>)> {
    let labels = |plain: Plain<'_>, condition: Option<String>| -> Vec<(Label, Option<String>)> {
        let labels = plain.labels().into_iter().filter_map(|printed| names.label(printed));
        labels.map(|label| (label, condition.clone())).collect()
    };
    let Some(list) = &attribute.selector_list else { return labels(Plain::of(attribute), None) };
    let value_type = list.value_type.unwrap_or_default();
    let mut found = Vec::new();
    for selector in &list.elements {
        for entry in &selector.entries {
            let condition = text(entry.label.as_deref().unwrap_or_default());
            // A select with only the default is how Bazel writes a value without one.
            let always = selector.entries.len() == 1 && condition == DEFAULT;
            found.extend(labels(Plain::of_branch(entry, value_type), (!always).then_some(condition)));
        }
    }
    found
}

/// `None` if it names labels.
pub(super) fn value_of(attribute: &Attribute) -> Option<Value> {
    let Some(list) = attribute.selector_list.as_ref().filter(|_| attribute.value_type == Some(SELECTOR_LIST)) else {
        return Plain::of(attribute).value();
    };
    let value_type = list.value_type.unwrap_or_default();
    let mut parts = Vec::new();
    for selector in &list.elements {
        let branch = |entry: &SelectorEntry| {
            let key = text(entry.label.as_deref().unwrap_or_default());
            // A branch may be None.
            (key, Plain::of_branch(entry, value_type).value().unwrap_or(Value::None))
        };
        match selector.entries.as_slice() {
            [only] if only.label.as_deref() == Some(DEFAULT.as_bytes()) => parts.push(branch(only).1),
            entries => parts.push(Value::Select(entries.iter().map(branch).collect())),
        }
    }
    let is_label =
        matches!(value_type, LABEL | LABEL_LIST | LABEL_DICT_UNARY | LABEL_KEYED_STRING_DICT | LABEL_LIST_DICT);
    match parts.len() {
        _ if is_label => None,
        0 | 1 => parts.pop(),
        _ => Some(Value::Concatenation(parts)),
    }
}
