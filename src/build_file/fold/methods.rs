//! Pure and cheap built-in functions and methods that BUILD files use to make names.

use super::format;
use super::value::FoldedValue;

type Arguments = [(Option<String>, FoldedValue)];

/// `None` if only Bazel knows the result.
pub(super) fn builtin(function: &str, arguments: &Arguments) -> Option<FoldedValue> {
    match (function, arguments) {
        ("select", [(None, FoldedValue::Dict(branches)), ..]) => Some(FoldedValue::Select(branches.clone())),
        ("dict", arguments) => {
            let (first, keywords) = match arguments {
                [(None, FoldedValue::Dict(entries)), rest @ ..] => (entries.clone(), rest),
                all => (Vec::new(), all),
            };
            let mut entries = first;
            for (name, value) in keywords {
                let key = FoldedValue::String(name.clone()?);
                entries.retain(|(other, _)| *other != key);
                entries.push((key, value.clone()));
            }
            Some(FoldedValue::Dict(entries))
        }
        ("list" | "tuple", [(None, FoldedValue::List(elements))]) => Some(FoldedValue::List(elements.clone())),
        ("list" | "tuple", []) => Some(FoldedValue::List(Vec::new())),
        ("str", [(None, value)]) => format::plain(value).map(FoldedValue::String),
        ("sorted", [(None, FoldedValue::List(elements))]) => {
            let mut texts: Vec<&str> = elements.iter().map(FoldedValue::as_str).collect::<Option<_>>()?;
            texts.sort_unstable();
            Some(FoldedValue::List(texts.into_iter().map(|text| FoldedValue::String(text.to_owned())).collect()))
        }
        ("enumerate", [(None, FoldedValue::List(elements))]) => {
            let pair =
                |(index, value): (i64, &FoldedValue)| FoldedValue::List(vec![FoldedValue::Int(index), value.clone()]);
            Some(FoldedValue::List((0..).zip(elements).map(pair).collect()))
        }
        _ => None,
    }
}

/// `None` if the result is not known.
pub(super) fn method(object: &FoldedValue, name: &str, arguments: &Arguments) -> Option<FoldedValue> {
    match (object, name, arguments) {
        (FoldedValue::String(template), "format", arguments) => format::format(template, arguments),
        (FoldedValue::String(separator), "join", [(None, FoldedValue::List(parts))]) => {
            let parts: Vec<&str> = parts.iter().map(FoldedValue::as_str).collect::<Option<_>>()?;
            Some(FoldedValue::String(parts.join(separator)))
        }
        (
            FoldedValue::String(text),
            "replace",
            [(None, FoldedValue::String(from)), (None, FoldedValue::String(to))],
        ) => {
            // An empty pattern, or a long replacement of a short one, could make the result large.
            let cheap = !from.is_empty() && to.len() <= from.len() + 64 && text.len() < 10_000;
            cheap.then(|| FoldedValue::String(text.replace(from.as_str(), to)))
        }
        (FoldedValue::String(text), "lower", []) => Some(FoldedValue::String(text.to_ascii_lowercase())),
        (FoldedValue::String(text), "upper", []) => Some(FoldedValue::String(text.to_ascii_uppercase())),
        (FoldedValue::String(text), "strip", []) => Some(FoldedValue::String(text.trim().to_owned())),
        (FoldedValue::String(text), "split", [(None, FoldedValue::String(separator))]) if !separator.is_empty() => {
            Some(FoldedValue::List(
                text.split(separator.as_str()).map(|part| FoldedValue::String(part.to_owned())).collect(),
            ))
        }
        (FoldedValue::Dict(entries), "items", []) => Some(FoldedValue::List(
            entries.iter().map(|(key, value)| FoldedValue::List(vec![key.clone(), value.clone()])).collect(),
        )),
        (FoldedValue::Dict(entries), "keys", []) => {
            Some(FoldedValue::List(entries.iter().map(|(key, _)| key.clone()).collect()))
        }
        (FoldedValue::Dict(entries), "values", []) => {
            Some(FoldedValue::List(entries.iter().map(|(_, value)| value.clone()).collect()))
        }
        _ => None,
    }
}

/// `object[index]`; `None` if not known.
pub(super) fn index(object: FoldedValue, index: &FoldedValue) -> Option<FoldedValue> {
    match (object, index) {
        (FoldedValue::List(elements), FoldedValue::Int(number)) => {
            let length = i64::try_from(elements.len()).ok()?;
            let at = if *number < 0 { number.checked_add(length)? } else { *number };
            elements.into_iter().nth(usize::try_from(at).ok()?)
        }
        (FoldedValue::Dict(entries), key) => {
            entries.into_iter().rev().find(|(other, _)| other == key).map(|(_, value)| value)
        }
        _ => None,
    }
}
