//! Writes SVG: shapes and text into one document. Knows nothing of what is drawn.

use std::fmt::Write as _;

use crate::picture::theme::Rgb;

/// The typefaces, with what stands in where they are not installed.
const SANS: &str = "IBM Plex Sans, Helvetica, Arial, sans-serif";
/// Width of a character against the size of the type: IBM Plex Sans on average, a little more to be safe.
const CHARACTER: f32 = 0.56;

/// Where a text stands against its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub size: f32,
    pub is_strong: bool,
    pub colour: Rgb,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    pub width: f32,
    pub colour: Rgb,
    /// Lengths of dash and gap; none for a solid line.
    pub dash: Option<(f32, f32)>,
}

/// A document that is being written.
#[derive(Debug)]
pub(super) struct Svg {
    text: String,
}

impl Svg {
    /// Starts a document of this size; `title` is what screen readers say of it.
    pub fn new(width: f32, height: f32, title: &str, ground: Rgb) -> Self {
        let (width, height) = (number(width), number(height));
        let mut svg = Self { text: String::new() };
        svg.add(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             role=\"img\" font-family=\"{SANS}\">\n<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n",
            escaped(title),
            colour(ground)
        ));
        svg
    }

    fn add(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A filled rectangle with round corners, and an outline where `line` is given.
    pub fn rect(&mut self, [left, top, width, height]: [f32; 4], radius: f32, fill: Rgb, line: Option<Rgb>) {
        let outline = line.map(|line| format!(" stroke=\"{}\"", colour(line))).unwrap_or_default();
        self.add(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" fill=\"{}\"{outline}/>\n",
            number(left),
            number(top),
            number(width.max(0.0)),
            number(height.max(0.0)),
            number(radius),
            colour(fill)
        ));
    }

    /// A line through points.
    pub fn line(&mut self, points: &[(f32, f32)], pen: Pen) {
        let mut path = String::new();
        for (at, (x, y)) in points.iter().enumerate() {
            let command = if at == 0 { 'M' } else { 'L' };
            // Writing to a string can't fail.
            write!(path, "{command}{} {}", number(*x), number(*y)).unwrap_or_default();
        }
        self.path(&path, pen);
    }

    /// A smooth line that leaves and reaches its points upright, as the graph draws its edges.
    pub fn curve(&mut self, points: &[(f32, f32)], pen: Pen) {
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
        self.path(&path, pen);
    }

    fn path(&mut self, path: &str, pen: Pen) {
        let dash = pen.dash.map(|(dash, gap)| format!(" stroke-dasharray=\"{} {}\"", number(dash), number(gap)));
        self.add(&format!(
            "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{}/>\n",
            colour(pen.colour),
            number(pen.width),
            dash.unwrap_or_default()
        ));
    }

    /// One line of text whose middle is at `y`, cut to `room` where it is longer.
    pub fn text(&mut self, (x, y): (f32, f32), anchor: Anchor, set: Type, room: f32, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if set.is_strong { " font-weight=\"600\"" } else { "" };
        self.add(&format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\" font-size=\"{}\"{weight} fill=\"{}\">{}</text>\n",
            number(x),
            // The middle of the small letters, as not every reader knows `dominant-baseline`.
            number(y + set.size * 0.35),
            number(set.size),
            colour(set.colour),
            escaped(&cut(text, room / (set.size * CHARACTER)))
        ));
    }

    /// The whole document.
    pub fn finish(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }
}

/// About how wide a text is at a size of type, with a space after it; nothing for no text.
pub(super) fn width_of(text: &str, size: f32) -> f32 {
    if text.is_empty() { 0.0 } else { (text.chars().count() as f32 + 1.0) * size * CHARACTER }
}

/// The text, or its beginning with an ellipsis where it has more than `room` characters.
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

/// At most two decimals, and none that says nothing. What is no number is zero.
fn number(value: f32) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Text as XML writes it. Characters that XML can't hold are left out.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_a_repository_can_not_break_out() {
        let mut svg = Svg::new(10.0, 10.0, "a < \"b\" & c", Rgb(0));
        let set = Type { size: 10.0, is_strong: false, colour: Rgb(0x00FF_0000) };
        svg.text((1.0, 2.0), Anchor::Start, set, 400.0, "</text><script>\u{7}x");
        let text = svg.finish();
        assert!(text.contains("<title>a &lt; &quot;b&quot; &amp; c</title>"));
        assert!(text.contains(">&lt;/text&gt;&lt;script&gt;x</text>"), "{text}");
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
