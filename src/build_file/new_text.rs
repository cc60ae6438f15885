//! New text in buildifier's layout: two or more elements are broken over lines. Knows the file only by its [`Layout`].

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewText {
    Verbatim(Vec<u8>),
    List(Vec<NewElement>),
    /// `{key: value}`; keys are literals.
    Dict(Vec<(Vec<u8>, NewText)>),
    /// `key: value`; the key is a literal.
    Entry(Vec<u8>, Box<NewText>),
    Keyword(String, Box<NewText>),
    Call(String, Vec<NewText>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewElement {
    /// Each on a line of its own.
    pub above: Vec<Vec<u8>>,
    pub text: NewText,
    /// With the blanks before it.
    pub suffix: Option<Vec<u8>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Of the line on which the text begins.
    pub indentation: Vec<u8>,
    /// One more level.
    pub unit: Vec<u8>,
    /// LF or CRLF.
    pub line_end: Vec<u8>,
    /// Keep everything without comments on one line.
    pub one_line: bool,
}

impl NewElement {
    #[must_use]
    pub fn plain(text: NewText) -> Self {
        Self { above: Vec::new(), text, suffix: None }
    }

    #[must_use]
    pub fn has_comments(&self) -> bool {
        !self.above.is_empty() || self.suffix.is_some()
    }

    /// Whole lines, with the comma.
    #[must_use]
    pub fn lines(&self, layout: &Layout) -> Vec<u8> {
        let mut lines = Vec::new();
        for comment in &self.above {
            lines.extend([layout.indentation.as_slice(), comment, &layout.line_end].concat());
        }
        lines.extend_from_slice(&layout.indentation);
        lines.extend(self.text.render(layout));
        lines.push(b',');
        if let Some(comment) = &self.suffix {
            lines.extend_from_slice(comment);
        }
        lines.extend_from_slice(&layout.line_end);
        lines
    }
}

impl NewText {
    /// Returns `true` if the text needs several lines, unless forced onto one.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        match self {
            Self::Verbatim(bytes) => bytes.contains(&b'\n'),
            Self::List(elements) => {
                elements.len() > 1 || elements.iter().any(|element| element.has_comments() || element.text.is_broken())
            }
            Self::Dict(entries) => entries.len() > 1 || entries.iter().any(|(_, value)| value.is_broken()),
            Self::Entry(_, value) | Self::Keyword(_, value) => value.is_broken(),
            Self::Call(_, arguments) => arguments.len() > 1 || arguments.iter().any(Self::is_broken),
        }
    }

    fn needs_lines(&self) -> bool {
        match self {
            Self::Verbatim(_) => false,
            Self::List(elements) => elements.iter().any(|element| element.has_comments() || element.text.needs_lines()),
            Self::Dict(entries) => entries.iter().any(|(_, value)| value.needs_lines()),
            Self::Entry(_, value) | Self::Keyword(_, value) => value.needs_lines(),
            Self::Call(_, arguments) => arguments.iter().any(Self::needs_lines),
        }
    }

    /// The first line is not indented; no comma or line end follows.
    #[must_use]
    pub fn render(&self, layout: &Layout) -> Vec<u8> {
        let broken = if layout.one_line { self.needs_lines() } else { self.is_broken() };
        let plain = |text: Vec<u8>| NewElement::plain(Self::Verbatim(text));
        let inner = Layout { indentation: [layout.indentation.as_slice(), &layout.unit].concat(), ..layout.clone() };
        let inner = if broken { &inner } else { layout };
        match self {
            Self::Verbatim(bytes) => bytes.clone(),
            Self::Keyword(name, value) => [name.as_bytes(), b" = ", &value.render(layout)].concat(),
            Self::Entry(key, value) => [key.as_slice(), b": ", &value.render(layout)].concat(),
            Self::List(elements) => enclose(b"[", elements, b"]", broken, layout),
            Self::Call(function, arguments) => {
                let arguments: Vec<_> = arguments.iter().map(|argument| plain(argument.render(inner))).collect();
                enclose(format!("{function}(").as_bytes(), &arguments, b")", broken, layout)
            }
            Self::Dict(entries) => {
                let entry =
                    |(key, value): &(Vec<u8>, Self)| plain([key.as_slice(), b": ", &value.render(inner)].concat());
                enclose(b"{", &entries.iter().map(entry).collect::<Vec<_>>(), b"}", broken, layout)
            }
        }
    }
}

fn enclose(open: &[u8], elements: &[NewElement], close: &[u8], broken: bool, layout: &Layout) -> Vec<u8> {
    if !broken {
        let parts: Vec<Vec<u8>> = elements.iter().map(|element| element.text.render(layout)).collect();
        return [open, &parts.join(&b", "[..]), close].concat();
    }
    let inner = Layout { indentation: [layout.indentation.as_slice(), &layout.unit].concat(), ..layout.clone() };
    let lines: Vec<Vec<u8>> = elements.iter().map(|element| element.lines(&inner)).collect();
    [open, &layout.line_end, &lines.concat(), &layout.indentation, close].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> NewElement {
        NewElement::plain(NewText::Verbatim(format!("\"{text}\"").into_bytes()))
    }

    fn check(text: &NewText, one_line: bool, expected: &str) {
        let layout = Layout { indentation: b"  ".to_vec(), unit: b"    ".to_vec(), line_end: b"\n".to_vec(), one_line };
        assert_eq!(String::from_utf8(text.render(&layout)).unwrap(), expected);
    }

    #[test]
    fn breaks_as_buildifier_does() {
        let one = NewText::List(vec![string("a")]);
        check(&one, false, "[\"a\"]");
        let two = NewText::List(vec![string("a"), string("b")]);
        check(&two, false, "[\n      \"a\",\n      \"b\",\n  ]");
        check(&two, true, "[\"a\", \"b\"]");
        let with_comment = NewText::List(vec![NewElement { suffix: Some(b"  # c".to_vec()), ..string("a") }]);
        check(&with_comment, true, "[\n      \"a\",  # c\n  ]");
        let dict = NewText::Dict(vec![(b"\"n\"".to_vec(), one.clone()), (b"\"t\"".to_vec(), two)]);
        check(
            &dict,
            false,
            "{\n      \"n\": [\"a\"],\n      \"t\": [\n          \"a\",\n          \"b\",\n      ],\n  }",
        );
        check(&dict, true, "{\"n\": [\"a\"], \"t\": [\"a\", \"b\"]}");
        let call = NewText::Call("f".to_owned(), vec![NewText::Keyword("x".to_owned(), Box::new(one))]);
        check(&call, false, "f(x = [\"a\"])");
    }
}
