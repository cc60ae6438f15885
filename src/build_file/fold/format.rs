//! `"..." % value` and `"...".format(...)` with plain placeholders; others are not known.

use super::value::FoldedValue;

/// `str(value)` for plain values.
pub(super) fn plain(value: &FoldedValue) -> Option<String> {
    match value {
        FoldedValue::String(text) => Some(text.clone()),
        FoldedValue::Int(number) => Some(number.to_string()),
        FoldedValue::Bool(true) => Some("True".to_owned()),
        FoldedValue::Bool(false) => Some("False".to_owned()),
        FoldedValue::None => Some("None".to_owned()),
        _ => None,
    }
}

/// `left % right` with `%s`, `%d` and `%%`.
pub(super) fn percent(left: &FoldedValue, right: &FoldedValue) -> Option<FoldedValue> {
    let FoldedValue::String(template) = left else {
        return None;
    };
    let mut values = match right {
        FoldedValue::List(elements) => elements.iter(),
        single => std::slice::from_ref(single).iter(),
    };
    let mut pieces = Pieces::default();
    let mut characters = template.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            pieces.text(character);
            continue;
        }
        match characters.next()? {
            '%' => pieces.text('%'),
            's' | 'd' => pieces.value(values.next()?),
            _ => return None,
        }
    }
    if values.next().is_some() { None } else { Some(pieces.done()) }
}

/// `template.format(arguments)` with `{}`, `{0}`, `{name}`, `{{` and `}}`.
pub(super) fn format(template: &str, arguments: &[(Option<String>, FoldedValue)]) -> Option<FoldedValue> {
    let positional: Vec<&FoldedValue> =
        arguments.iter().filter(|(name, _)| name.is_none()).map(|(_, value)| value).collect();
    let mut pieces = Pieces::default();
    let mut next = 0;
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        before.chars().for_each(|character| pieces.text(character));
        if let Some(after) = from.strip_prefix("{{").or_else(|| from.strip_prefix("}}")) {
            pieces.text(from.chars().next()?);
            rest = after;
            continue;
        }
        let (field, after) = from.strip_prefix('{')?.split_once('}')?;
        let value = if field.is_empty() {
            next += 1;
            *positional.get(next - 1)?
        } else if let Ok(index) = field.parse::<usize>() {
            *positional.get(index)?
        } else {
            arguments.iter().find(|(name, _)| name.as_deref() == Some(field)).map(|(_, value)| value)?
        };
        pieces.value(value);
        rest = after;
    }
    rest.chars().for_each(|character| pieces.text(character));
    Some(pieces.done())
}

/// Joins known pieces and values that may be unknown.
#[derive(Default)]
struct Pieces {
    done: Vec<FoldedValue>,
    text: String,
}

impl Pieces {
    fn text(&mut self, character: char) {
        self.text.push(character);
    }

    fn value(&mut self, value: &FoldedValue) {
        match plain(value) {
            Some(text) => self.text.push_str(&text),
            None => {
                self.flush();
                self.done.push(value.clone());
            }
        }
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.done.push(FoldedValue::String(std::mem::take(&mut self.text)));
        }
    }

    fn done(mut self) -> FoldedValue {
        if self.done.is_empty() {
            return FoldedValue::String(self.text);
        }
        self.flush();
        FoldedValue::Concatenation(self.done)
    }
}
