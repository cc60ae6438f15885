//! Colours of a report's pictures, as CSS variables for both themes.

use std::fmt::Write as _;

use crate::layers::partition::LayerKind;
use crate::layers::plan::LayerId;
use crate::picture::theme::{DARK, LIGHT, Rgb, Theme};

/// Colours of pages beside those of pictures: light, then dark.
const OF_PAGES: [(&str, Rgb, Rgb); 5] = [
    ("good-ground", Rgb(0x00E4_F4EB), Rgb(0x0018_3226)),
    ("warning", Rgb(0x008A_5A00), Rgb(0x00E8_B45A)),
    ("warning-ground", Rgb(0x00FC_F2DC), Rgb(0x0038_2D16)),
    ("bad", Rgb(0x00B4_2A1F), Rgb(0x00F4_8B80)),
    ("bad-ground", Rgb(0x00FC_E9E7), Rgb(0x0040_211E)),
];

pub(super) fn layer_class(kind: LayerKind) -> String {
    match kind {
        LayerKind::Dependency(id) => format!("layer{}", id.0 as usize % LIGHT.groups.len()),
        LayerKind::App => "layer-app".to_owned(),
        LayerKind::Interpreter => "layer-interpreter".to_owned(),
        LayerKind::Packages => "layer-packages".to_owned(),
        LayerKind::Written(place) => format!("layer{}", usize::from(place) % LIGHT.groups.len()),
        LayerKind::Base | LayerKind::Certificates | LayerKind::Other(_) => "layer-fixed".to_owned(),
    }
}

/// Paper uses the light theme.
pub(super) fn css() -> String {
    let mut css = String::from(":root {\n");
    variables(&mut css, &LIGHT);
    css.push_str("}\n@media screen and (prefers-color-scheme: dark) {\n:root {\n");
    variables(&mut css, &DARK);
    css.push_str("}\n}\n");
    for (kind, layer) in layers() {
        css.push_str(&format!(".{} {{ --layer: var(--{layer}); }}\n", layer_class(kind)));
    }
    css
}

/// Replaces the light theme's colours by variables, so that the picture follows the page.
pub(super) fn in_page(svg: &str) -> String {
    let mut text = svg.replacen("<svg ", "<svg class=\"picture\" ", 1);
    for (name, Rgb(rgb)) in named(&LIGHT) {
        for attribute in ["fill", "stroke"] {
            text = text.replace(&format!("{attribute}=\"#{rgb:06x}\""), &format!("{attribute}=\"var(--{name})\""));
        }
    }
    text
}

fn layers() -> Vec<(LayerKind, String)> {
    let groups = (0..LIGHT.groups.len() as u32).map(|id| (LayerKind::Dependency(LayerId(id)), format!("layer{id}")));
    let others = [
        (LayerKind::App, "app"),
        (LayerKind::Interpreter, "interpreter"),
        (LayerKind::Packages, "packages"),
        (LayerKind::Base, "fixed"),
    ];
    groups.chain(others.map(|(kind, name)| (kind, name.to_owned()))).collect()
}

fn named(theme: &Theme) -> Vec<(String, Rgb)> {
    let named = [
        ("ground", theme.ground),
        ("surface", theme.surface),
        ("raised", theme.raised),
        ("line", theme.line),
        ("outline", theme.outline),
        ("text", theme.text),
        ("text-second", theme.text_second),
        ("text-third", theme.text_third),
        ("accent", theme.accent),
        ("good", theme.good),
    ];
    let layers = layers()
        .into_iter()
        .flat_map(|(kind, name)| [(format!("{name}-ground"), theme.layer_ground(kind)), (name, theme.layer(kind))]);
    named.into_iter().map(|(name, rgb)| (name.to_owned(), rgb)).chain(layers).collect()
}

fn variables(css: &mut String, theme: &Theme) {
    let of_pages =
        OF_PAGES.iter().map(|(name, light, dark)| ((*name).to_owned(), if theme.is_dark { *dark } else { *light }));
    for (name, Rgb(rgb)) in named(theme).into_iter().chain(of_pages) {
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

    #[test]
    fn each_colour_of_a_picture_has_one_name() {
        let mut colours: Vec<u32> = named(&LIGHT).iter().map(|(_, Rgb(rgb))| *rgb).collect();
        let count = colours.len();
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), count);
        let picture = "<svg ><rect fill=\"#3a4658\"/><text fill=\"#1a212b\">fill=&quot;#1a212b&quot;</text></svg>";
        let page = in_page(picture);
        assert!(
            page.contains("var(--app)") && page.contains("var(--text)") && page.contains("fill=&quot;#1a212b&quot;")
        );
    }
}
