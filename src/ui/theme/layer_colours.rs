//! Colours of layers (a palette for colour-blind people, after Okabe and Ito) and of churn (cool to warm). Text always
//! accompanies them.

use egui::Color32;

use crate::layers::partition::LayerKind;
use crate::picture::theme;
use crate::ui::theme::palette::{Palette, colour};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerColour {
    /// Stands out from every surface.
    pub solid: Color32,
    /// Behind text.
    pub tint: Color32,
}

/// From never changing to changing with every deploy.
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

impl Palette {
    /// By a group's identity, so that a moved group keeps its colour.
    #[must_use]
    pub(crate) fn layer(&self, kind: LayerKind) -> LayerColour {
        let theme = if self.is_dark { &theme::DARK } else { &theme::LIGHT };
        LayerColour { solid: colour(theme.layer(kind)), tint: colour(theme.layer_ground(kind)) }
    }

    /// `share` of deploys, from 0 to 1.
    #[must_use]
    pub(crate) fn churn(&self, share: f32) -> Color32 {
        let scale = if self.is_dark { &CHURN_DARK } else { &CHURN_LIGHT };
        // The root spreads the low end, because most things change rarely.
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
    use crate::ui::theme::contrast::{contrast, least_distance};
    use crate::ui::theme::palette::{self, Palette};

    fn colours(palette: &Palette) -> Vec<LayerColour> {
        let groups = (0..8).map(|id| LayerKind::Dependency(LayerId(id)));
        groups.chain([LayerKind::App, LayerKind::Interpreter]).map(|kind| palette.layer(kind)).collect()
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
                // A lock and the words of what a drop changes stand on it too.
                assert!(contrast(palette.text_third, tint) >= 4.5, "third text on {tint:?}");
                assert!(
                    contrast(palette.accent, tint) >= 4.5,
                    "accent on {tint:?}: {}",
                    contrast(palette.accent, tint)
                );
                assert!(contrast(palette.bad, tint) >= 4.5, "bad on {tint:?}: {}", contrast(palette.bad, tint));
            }
        }
    }

    #[test]
    fn no_two_layers_look_alike() {
        for palette in [&palette::LIGHT, &palette::DARK] {
            let mut colours = colours(palette);
            colours.push(palette.layer(LayerKind::Base));
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
                    let apart = least_distance(left.solid, right.solid);
                    assert!(apart >= 6.0, "{left:?} and {right:?}: {apart}");
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
