//! Writes SVG shapes and text.

use std::fmt::Write as _;

use crate::picture::theme::Rgb;

/// With fallbacks.
const SANS: &str = "IBM Plex Sans, Helvetica, Arial, sans-serif";
/// Width of a character relative to the size: the mean of common faces, and a little more.
const CHARACTER: f32 = 0.57;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// Attributes of an element, each with a space before it.
pub(crate) trait Look {
    fn attributes(&self) -> String;
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Fill {
    pub(crate) colour: Rgb,
    pub(crate) outline: Option<Rgb>,
}

impl Look for Fill {
    fn attributes(&self) -> String {
        let outline = self.outline.map(|line| format!(" stroke=\"{}\"", colour(line))).unwrap_or_default();
        format!(" fill=\"{}\"{outline}", colour(self.colour))
    }
}

impl Look for Rgb {
    fn attributes(&self) -> String {
        Fill { colour: *self, outline: None }.attributes()
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Pen {
    pub(crate) width: f32,
    pub(crate) colour: Rgb,
    /// Dash and gap; `None` for a solid line.
    pub(crate) dash: Option<(f32, f32)>,
}

impl Look for Pen {
    fn attributes(&self) -> String {
        let dash = self.dash.map(|(dash, gap)| format!(" stroke-dasharray=\"{} {}\"", number(dash), number(gap)));
        format!(
            " fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{}",
            colour(self.colour),
            number(self.width),
            dash.unwrap_or_default()
        )
    }
}

/// Invisible, for hover text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unseen;

impl Look for Unseen {
    fn attributes(&self) -> String {
        " fill=\"none\" pointer-events=\"all\"".to_owned()
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Type {
    pub(crate) size: f32,
    pub(crate) is_strong: bool,
    pub(crate) colour: Rgb,
}

impl Look for Type {
    fn attributes(&self) -> String {
        let weight = if self.is_strong { " font-weight=\"600\"" } else { "" };
        format!(" font-size=\"{}\"{weight} fill=\"{}\"", number(self.size), colour(self.colour))
    }
}

#[derive(Debug)]
pub(crate) struct Svg {
    width: f32,
    height: f32,
    body: String,
}

impl Svg {
    #[must_use]
    pub(crate) fn new(width: f32, height: f32) -> Self {
        Self { width, height, body: String::new() }
    }

    fn add(&mut self, text: &str) {
        self.body.push_str(text);
    }

    /// `hint` is the hover text.
    pub(crate) fn rect(
        &mut self,
        [left, top, width, height]: [f32; 4],
        radius: f32,
        look: impl Look,
        hint: Option<&str>,
    ) {
        let end = match hint {
            Some(hint) => format!("><title>{}</title></rect>", escaped(hint)),
            None => "/>".to_owned(),
        };
        self.add(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"{}{end}\n",
            number(left),
            number(top),
            number(width.max(0.0)),
            number(height.max(0.0)),
            number(radius),
            look.attributes()
        ));
    }

    pub(crate) fn line(&mut self, points: &[(f32, f32)], look: impl Look) {
        let mut path = String::new();
        for (at, (x, y)) in points.iter().enumerate() {
            let command = if at == 0 { 'M' } else { 'L' };
            write!(path, "{command}{} {}", number(*x), number(*y)).unwrap_or_default();
        }
        self.path(&path, &look);
    }

    /// A smooth line that is vertical at its points, as the graph draws edges.
    pub(crate) fn curve(&mut self, points: &[(f32, f32)], look: impl Look) {
        let Some(&(x, y)) = points.first() else { return };
        let mut path = format!("M{} {}", number(x), number(y));
        for pair in points.windows(2) {
            if let [(_, from), (x, y)] = pair {
                let middle = number((from + y) / 2.0);
                let before = pair.first().map_or(0.0, |(x, _)| *x);
                write!(path, "C{} {middle} {} {middle} {} {}", number(before), number(*x), number(*x), number(*y))
                    .unwrap_or_default();
            }
        }
        self.path(&path, &look);
    }

    fn path(&mut self, path: &str, look: &impl Look) {
        self.add(&format!("<path d=\"{path}\"{}/>\n", look.attributes()));
    }

    /// One line centred at `y`, cut to `room`.
    pub(crate) fn text(&mut self, (x, y): (f32, f32), anchor: Anchor, set: Type, room: f32, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        self.add(&format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\"{}>{}</text>\n",
            number(x),
            // Centred on small letters, because not every reader knows `dominant-baseline`.
            number(y + set.size * 0.35),
            set.attributes(),
            escaped(&cut(text, room / (set.size * CHARACTER)))
        ));
    }

    /// `title` is for screen readers.
    #[must_use]
    pub(crate) fn document(&self, title: &str, ground: Rgb) -> String {
        let (width, height) = (number(self.width), number(self.height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" font-family=\"{SANS}\">\n<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n{}</svg>\n",
            escaped(title),
            colour(ground),
            self.body
        )
    }
}

/// Estimated width with a space after it; zero for no text.
pub(super) fn width_of(text: &str, size: f32) -> f32 {
    if text.is_empty() { 0.0 } else { (text.chars().count() as f32 + 1.0) * size * CHARACTER }
}

/// Cut with an ellipsis after `room` characters.
fn cut(text: &str, room: f32) -> String {
    let room = room.max(1.0) as usize;
    if text.chars().count() <= room {
        return text.to_owned();
    }
    text.chars().take(room.saturating_sub(1)).chain(std::iter::once('…')).collect()
}

fn colour(Rgb(rgb): Rgb) -> String {
    format!("#{:06x}", rgb & 0x00FF_FFFF)
}

/// At most two decimals; zero for what is no number.
fn number(value: f32) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Escapes for XML and HTML, in text and attributes; replaces characters that XML forbids.
#[must_use]
pub(crate) fn escaped(text: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_a_repository_can_not_break_out() {
        let mut svg = Svg::new(10.0, 10.0);
        let set = Type { size: 10.0, is_strong: false, colour: Rgb(0x00FF_0000) };
        svg.text((1.0, 2.0), Anchor::Start, set, 400.0, "</text><script>\u{7}x");
        svg.rect([0.0, 0.0, 1.0, -3.0], f32::NAN, Unseen, Some("'b' & c"));
        let body = "<text x=\"1\" y=\"5.5\" text-anchor=\"start\" font-size=\"10\" fill=\"#ff0000\">&lt;/text&gt;&lt;script&gt;\u{fffd}x</text>\n\
                    <rect x=\"0\" y=\"0\" width=\"1\" height=\"0\" rx=\"0\" fill=\"none\" pointer-events=\"all\"><title>&#39;b&#39; &amp; c</title></rect>\n";
        let text = svg.document("a < \"b\"", Rgb(0));
        assert!(text.contains("<title>a &lt; &quot;b&quot;</title>") && text.contains(body), "{text}");
    }

    #[test]
    fn numbers_are_short_and_always_numbers() {
        for (value, text) in [
            (1.0, "1"),
            (0.5, "0.5"),
            (-0.0, "0"),
            (1.0 / 3.0, "0.33"),
            (f32::NAN, "0"),
            (f32::INFINITY, "0"),
            (-2.25, "-2.25"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn what_has_no_room_ends_in_an_ellipsis() {
        assert_eq!(cut("sales-report", 5.9), "sale…");
        assert_eq!(cut("sales", 5.0), "sales");
        assert_eq!(cut("größer", 3.0), "gr…");
    }
}
