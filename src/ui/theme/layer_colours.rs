//! The colours that mean something: of layers (a qualitative palette that colour-blind people can tell apart, after
//! Okabe and Ito) and of churn (one scale, cool to warm). Neither is ever the only sign: a name stands beside it.

use egui::Color32;

use crate::layers::partition::LayerKind;
use crate::ui::theme::palette::Palette;

/// The colours of one layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerColour {
    /// Chips, bars, edges: stands out from every surface.
    pub solid: Color32,
    /// Behind text: a hint of the colour on the surface.
    pub tint: Color32,
}

/// Hues of Okabe and Ito, darkened or lightened until they stand out 3 to 1 from the surface of their theme.
const LIGHT: [Color32; 8] = [
    Color32::from_rgb(0x00, 0x72, 0xB2),
    Color32::from_rgb(0xB9, 0x71, 0x00),
    Color32::from_rgb(0x00, 0x86, 0x61),
    Color32::from_rgb(0xB8, 0x5C, 0x92),
    Color32::from_rgb(0xC6, 0x4B, 0x0C),
    Color32::from_rgb(0x2E, 0x8F, 0xC4),
    Color32::from_rgb(0x83, 0x7A, 0x0A),
    Color32::from_rgb(0x6F, 0x62, 0xC4),
];

const DARK: [Color32; 8] = [
    Color32::from_rgb(0x3F, 0x9B, 0xDC),
    Color32::from_rgb(0xE6, 0x9F, 0x00),
    Color32::from_rgb(0x22, 0xB4, 0x88),
    Color32::from_rgb(0xDB, 0x8C, 0xBA),
    Color32::from_rgb(0xEE, 0x7B, 0x3A),
    Color32::from_rgb(0x7F, 0xC9, 0xF3),
    Color32::from_rgb(0xDD, 0xD2, 0x4A),
    Color32::from_rgb(0xA7, 0x9C, 0xF0),
];

/// The scale of churn in both themes: never changes, to changes with every deploy.
const CHURN_LIGHT: [Color32; 4] = [
    Color32::from_rgb(0x5B, 0x86, 0xB4),
    Color32::from_rgb(0x8E, 0x86, 0x8C),
    Color32::from_rgb(0xC0, 0x7A, 0x3E),
    Color32::from_rgb(0xC2, 0x3B, 0x22),
];

const CHURN_DARK: [Color32; 4] = [
    Color32::from_rgb(0x6F, 0x9C, 0xCB),
    Color32::from_rgb(0xA3, 0x9C, 0xA0),
    Color32::from_rgb(0xD8, 0x99, 0x5C),
    Color32::from_rgb(0xEF, 0x6B, 0x4E),
];

/// How much of a layer's colour its tint has.
const TINT_LIGHT: f32 = 0.10;
const TINT_DARK: f32 = 0.16;

impl Palette {
    /// The colour of a layer. A group keeps its colour while it is moved: it goes by the group's identity, which is its
    /// position when the plan is read.
    #[must_use]
    pub fn layer(&self, kind: LayerKind) -> LayerColour {
        let LayerKind::Dependency(id) = kind else {
            return LayerColour { solid: self.fixed, tint: self.fixed_ground };
        };
        let colours = if self.is_dark { &DARK } else { &LIGHT };
        let solid = colours.get(id.0 as usize % colours.len()).copied().unwrap_or(self.fixed);
        LayerColour {
            solid,
            tint: self.surface.lerp_to_gamma(solid, if self.is_dark { TINT_DARK } else { TINT_LIGHT }),
        }
    }

    /// The colour of how often something changes: `share` of the deploys, from 0 to 1.
    #[must_use]
    pub fn churn(&self, share: f32) -> Color32 {
        let scale = if self.is_dark { &CHURN_DARK } else { &CHURN_LIGHT };
        // Most things change rarely: the root spreads the low end, where differences matter.
        let place = share.clamp(0.0, 1.0).sqrt() * (scale.len() - 1) as f32;
        let low = (place.floor() as usize).min(scale.len() - 2);
        match (scale.get(low), scale.get(low + 1)) {
            (Some(from), Some(to)) => from.lerp_to_gamma(*to, place - low as f32),
            _ => self.fixed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::plan::LayerId;
    use crate::ui::theme::contrast::contrast;
    use crate::ui::theme::palette::{self, Palette};

    fn colours(palette: &Palette) -> Vec<LayerColour> {
        (0..8).map(|id| palette.layer(LayerKind::Dependency(LayerId(id)))).collect()
    }

    #[test]
    fn layers_stand_out_and_carry_text() {
        for palette in [&palette::LIGHT, &palette::DARK] {
            for LayerColour { solid, tint } in colours(palette) {
                assert!(
                    contrast(solid, palette.surface) >= 3.0,
                    "{solid:?} on the surface: {}",
                    contrast(solid, palette.surface)
                );
                assert!(
                    contrast(solid, palette.ground) >= 3.0,
                    "{solid:?} on the ground: {}",
                    contrast(solid, palette.ground)
                );
                assert!(contrast(palette.text, tint) >= 7.0, "text on {tint:?}");
                assert!(
                    contrast(palette.text_second, tint) >= 4.5,
                    "second text on {tint:?}: {}",
                    contrast(palette.text_second, tint)
                );
            }
        }
    }

    #[test]
    fn no_two_layers_look_alike() {
        for palette in [&palette::LIGHT, &palette::DARK] {
            let colours = colours(palette);
            for (index, left) in colours.iter().enumerate() {
                for right in &colours[index + 1..] {
                    let apart: i32 = left
                        .solid
                        .to_array()
                        .iter()
                        .zip(right.solid.to_array())
                        .map(|(a, b)| (i32::from(*a) - i32::from(b)).abs())
                        .sum();
                    assert!(apart >= 60, "{left:?} and {right:?}");
                }
            }
        }
    }

    #[test]
    fn churn_stands_out_and_takes_any_number() {
        for palette in [&palette::LIGHT, &palette::DARK] {
            for share in [0.0, 0.01, 0.1, 0.33, 0.5, 1.0, -1.0, 7.0] {
                assert!(contrast(palette.churn(share), palette.surface) >= 3.0, "{share}");
            }
            assert_ne!(palette.churn(0.0), palette.churn(1.0));
        }
    }
}
