//! The look of a report's pictures: the colours of all pictures, as variables of CSS for both themes.

use std::fmt::Write as _;

use crate::layers::partition::LayerKind;
use crate::picture::theme::{DARK, LIGHT, Rgb, Theme};

/// What a page has beside what all pictures have: words of warning, and what stands behind them. Light, then dark.
const OF_PAGES: [(&str, Rgb, Rgb); 5] = [
    ("good-ground", Rgb(0x00E4_F4EB), Rgb(0x0018_3226)),
    ("warning", Rgb(0x008A_5A00), Rgb(0x00E8_B45A)),
    ("warning-ground", Rgb(0x00FC_F2DC), Rgb(0x0038_2D16)),
    ("bad", Rgb(0x00B4_2A1F), Rgb(0x00F4_8B80)),
    ("bad-ground", Rgb(0x00FC_E9E7), Rgb(0x0040_211E)),
];

/// The class that gives a layer its colour.
pub(super) fn layer_class(kind: LayerKind) -> String {
    match kind {
        LayerKind::Dependency(id) => format!("layer{}", id.0 as usize % LIGHT.groups.len()),
        LayerKind::App => "layer-app".to_owned(),
        LayerKind::Interpreter => "layer-interpreter".to_owned(),
        LayerKind::Base | LayerKind::Certificates => "layer-fixed".to_owned(),
    }
}

/// The variables of both themes and the classes of pictures. On paper the light theme is used.
pub(super) fn css() -> String {
    let mut css = String::from(":root {\n");
    variables(&mut css, &LIGHT);
    css.push_str("}\n@media screen and (prefers-color-scheme: dark) {\n:root {\n");
    variables(&mut css, &DARK);
    css.push_str("}\n}\n");
    let groups = (0..LIGHT.groups.len()).map(|group| format!("layer{group}"));
    let layers = groups.chain(["app", "interpreter", "fixed"].map(|name| format!("layer-{name}")));
    for layer in layers {
        css.push_str(&format!(".{layer} {{ --layer: var(--{}); }}\n", layer.trim_start_matches("layer-")));
    }
    css.push_str(include_str!("picture.css"));
    css
}

fn variables(css: &mut String, theme: &Theme) {
    let named = [
        ("ground", theme.ground),
        ("surface", theme.surface),
        ("raised", theme.raised),
        ("line", theme.line),
        ("text", theme.text),
        ("text-second", theme.text_second),
        ("text-third", theme.text_third),
        ("accent", theme.accent),
        ("good", theme.good),
        ("app", theme.app),
        ("interpreter", theme.interpreter),
        ("fixed", theme.fixed),
        ("fixed-ground", theme.fixed_ground),
    ];
    let named = named.into_iter().map(|(name, rgb)| (name.to_owned(), rgb));
    let groups = theme.groups.iter().enumerate().map(|(group, rgb)| (format!("layer{group}"), *rgb));
    let of_pages =
        OF_PAGES.iter().map(|(name, light, dark)| ((*name).to_owned(), if theme.is_dark { *dark } else { *light }));
    for (name, Rgb(rgb)) in named.chain(groups).chain(of_pages) {
        // Writing to a string can't fail.
        writeln!(css, "--{name}: #{rgb:06x};").unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_that_is_used_has_a_value_in_both_themes() {
        let css = format!("{}{}", css(), include_str!("report.css"));
        for (at, found) in css.match_indices("var(--") {
            let rest = &css[at + found.len()..];
            let name = rest.split([')', ',']).next().unwrap();
            let values = css.matches(&format!("--{name}: #")).count();
            assert!(values == 2 || name == "layer", "--{name} has {values} values");
        }
    }
}
