//! Writes SVG for a page: escaped text, rounded numbers, and classes instead of colours, so that the page's style gives a
//! picture its look, light or dark as the reader has it. Knows no picture and measures no font.

/// A rectangle in the picture's own units, from its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Area {
    /// Left edge.
    pub(super) x: f64,
    /// Upper edge.
    pub(super) y: f64,
    /// Width.
    pub(super) width: f64,
    /// Height.
    pub(super) height: f64,
}

/// A picture that is being written.
#[derive(Debug)]
pub(super) struct Svg {
    width: f64,
    height: f64,
    body: String,
}

impl Svg {
    /// An empty picture of this size.
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { width, height, body: String::new() }
    }

    /// A rectangle with rounded corners; `hint` is shown when the pointer rests on it.
    pub(super) fn rect(&mut self, class: &str, area: Area, radius: f64, hint: Option<&str>) {
        let [x, y, width, height, radius] =
            [area.x, area.y, area.width.max(0.0), area.height.max(0.0), radius].map(number);
        let start = format!(
            r#"<rect class="{}" x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}""#,
            escape(class)
        );
        match hint {
            Some(hint) => self.push(&format!("{start}><title>{}</title></rect>", escape(hint))),
            None => self.push(&format!("{start}/>")),
        }
    }

    /// A straight line.
    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
        self.push(&format!(r#"<line class="{}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>"#, escape(class)));
    }

    /// A line through `points`.
    pub(super) fn polyline(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
        self.push(&format!(r#"<polyline class="{}" points="{}"/>"#, escape(class), points.join(" ")));
    }

    /// Words on a base line; the class `end` sets them left of the point, `middle` around it.
    pub(super) fn text(&mut self, class: &str, at: (f64, f64), words: &str) {
        let [x, y] = [at.0, at.1].map(number);
        self.push(&format!(r#"<text class="{}" x="{x}" y="{y}">{}</text>"#, escape(class), escape(words)));
    }

    /// The picture as an element for an HTML page. `title` says in words what it shows.
    pub(super) fn inline(&self, title: &str) -> String {
        let [width, height] = [self.width, self.height].map(number);
        format!(
            "<svg class=\"picture\" role=\"img\" viewBox=\"0 0 {width} {height}\">\n<title>{}</title>\n{}</svg>",
            escape(title),
            self.body
        )
    }

    fn push(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }
}

/// Text as it stands in XML and HTML, between tags or in an attribute; characters that XML forbids are replaced.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\t' | '\n' => escaped.push(character),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            character if character.is_control() => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

/// `words` cut to about `width`, as a font of `size` sets them. Fonts differ, so this is a guess on the safe side.
pub(super) fn fit(words: &str, width: f64, size: f64) -> String {
    // The mean width of a letter of common sans-serif faces, in parts of the font's size.
    let room = (width / (size * 0.58)).max(1.0) as usize;
    if words.chars().count() <= room {
        return words.to_owned();
    }
    words.chars().take(room.saturating_sub(1)).chain(std::iter::once('…')).collect()
}

/// With one decimal at most; what is no number is zero.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    // Adding zero turns a negative zero into one.
    format!("{}", (value * 10.0).round() / 10.0 + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_not_leave_its_place() {
        let mut svg = Svg::new(10.0, 20.0);
        svg.text("name", (1.04, -0.01), "</text><script>&\u{0}");
        svg.rect("bar", Area { width: 1.0, height: -3.0, ..Area::default() }, f64::NAN, Some("\"a\" 'b'"));
        let text = svg.inline("<title>");
        assert_eq!(
            text,
            "<svg class=\"picture\" role=\"img\" viewBox=\"0 0 10 20\">\n<title>&lt;title&gt;</title>\n\
             <text class=\"name\" x=\"1\" y=\"0\">&lt;/text&gt;&lt;script&gt;&amp;\u{fffd}</text>\n\
             <rect class=\"bar\" x=\"0\" y=\"0\" width=\"1\" height=\"0\" rx=\"0\"><title>&quot;a&quot; &#39;b&#39;</title></rect>\n</svg>"
        );
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(fit("pip_deps", 100.0, 13.0), "pip_deps");
        assert_eq!(fit("a_very_long_name_of_a_layer", 100.0, 13.0), "a_very_long_…");
        assert_eq!(fit("ab", 0.0, 13.0), "…");
    }
}
