//! Typefaces: IBM Plex Sans, whose default figures are tabular (egui has no OpenType features), and IBM Plex Mono for
//! code.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

const STRONG: &str = "strong";

static SANS: &[u8] = include_bytes!("../../assets/fonts/IBMPlexSans-Regular.ttf");
static SANS_STRONG: &[u8] = include_bytes!("../../assets/fonts/IBMPlexSans-SemiBold.ttf");
static MONO: &[u8] = include_bytes!("../../assets/fonts/IBMPlexMono-Regular.ttf");

#[must_use]
pub(crate) fn strong_family() -> FontFamily {
    FontFamily::Name(STRONG.into())
}

/// egui's own typefaces are fallbacks.
#[must_use]
pub(crate) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    for (name, bytes) in [("IBM Plex Sans", SANS), ("IBM Plex Sans SemiBold", SANS_STRONG), ("IBM Plex Mono", MONO)] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let families = [
        (FontFamily::Proportional, ["IBM Plex Sans", "IBM Plex Mono"]),
        (strong_family(), ["IBM Plex Sans SemiBold", "IBM Plex Sans"]),
        (FontFamily::Monospace, ["IBM Plex Mono", "IBM Plex Sans"]),
    ];
    for (family, names) in families {
        let names = names.iter().map(|&name| name.to_owned());
        fonts.families.insert(family, names.chain(fallback.iter().cloned()).collect());
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_equally_wide_in_every_family() {
        let context = egui::Context::default();
        context.set_fonts(definitions());
        let mut widths = Vec::new();
        let mut output = context.run_ui(egui::RawInput::default(), |ui| {
            for family in [FontFamily::Proportional, strong_family(), FontFamily::Monospace] {
                let font = egui::FontId::new(13.0, family);
                widths.push(
                    "0123456789"
                        .chars()
                        .map(|figure| ui.fonts_mut(|fonts| fonts.glyph_width(&font, figure)))
                        .collect::<Vec<_>>(),
                );
            }
        });
        // Nothing draws here: the textures are not wanted.
        output.textures_delta.clear();
        assert!(!widths.is_empty());
        for family in widths {
            assert!(family.iter().all(|width| *width > 0.0 && (width - family[0]).abs() < f32::EPSILON), "{family:?}");
        }
    }
}
