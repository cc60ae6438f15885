//! Colours of both themes by purpose. Those of pictures are in `picture::theme`.

use egui::Color32;

use crate::picture::theme::{self, Rgb};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    pub is_dark: bool,
    pub ground: Color32,
    pub surface: Color32,
    /// Controls at rest, the track of a bar.
    pub raised: Color32,
    pub hover: Color32,
    pub pressed: Color32,
    pub field: Color32,
    pub line: Color32,
    /// Contrast 3 to 1 only together with the text inside.
    pub outline: Color32,
    pub text: Color32,
    pub text_second: Color32,
    /// Captions and hints; contrast 4.5 to 1.
    pub text_third: Color32,
    /// The next possible action.
    pub accent: Color32,
    pub on_accent: Color32,
    pub selected: Color32,
    /// Fewer bytes, success.
    pub good: Color32,
    pub good_ground: Color32,
    pub warning: Color32,
    pub warning_ground: Color32,
    /// Errors, more bytes.
    pub bad: Color32,
    pub bad_ground: Color32,
    pub fixed: Color32,
    pub fixed_ground: Color32,
    pub shadow: Color32,
}

const fn hex(rgb: u32) -> Color32 {
    colour(Rgb(rgb))
}

pub(super) const fn colour(rgb: Rgb) -> Color32 {
    let [red, green, blue] = rgb.parts();
    Color32::from_rgb(red, green, blue)
}

pub(crate) static LIGHT: Palette = Palette {
    is_dark: false,
    ground: colour(theme::LIGHT.ground),
    surface: colour(theme::LIGHT.surface),
    raised: colour(theme::LIGHT.raised),
    hover: hex(0x00E9_ECF1),
    pressed: hex(0x00DF_E3EA),
    field: hex(0x00FF_FFFF),
    line: colour(theme::LIGHT.line),
    outline: colour(theme::LIGHT.outline),
    text: colour(theme::LIGHT.text),
    text_second: colour(theme::LIGHT.text_second),
    text_third: colour(theme::LIGHT.text_third),
    accent: colour(theme::LIGHT.accent),
    on_accent: hex(0x00FF_FFFF),
    selected: hex(0x00E3_E7FB),
    good: colour(theme::LIGHT.good),
    good_ground: hex(0x00E4_F4EB),
    warning: hex(0x008A_5A00),
    warning_ground: hex(0x00FC_F2DC),
    bad: hex(0x00B4_2A1F),
    bad_ground: hex(0x00FC_E9E7),
    fixed: colour(theme::LIGHT.fixed),
    fixed_ground: colour(theme::LIGHT.fixed_ground),
    shadow: Color32::from_black_alpha(28),
};

pub(crate) static DARK: Palette = Palette {
    is_dark: true,
    ground: colour(theme::DARK.ground),
    surface: colour(theme::DARK.surface),
    raised: colour(theme::DARK.raised),
    hover: hex(0x002A_3039),
    pressed: hex(0x0033_3A45),
    field: hex(0x0014_171C),
    line: colour(theme::DARK.line),
    outline: colour(theme::DARK.outline),
    text: colour(theme::DARK.text),
    text_second: colour(theme::DARK.text_second),
    text_third: colour(theme::DARK.text_third),
    accent: colour(theme::DARK.accent),
    on_accent: hex(0x0010_1430),
    selected: hex(0x002B_3358),
    good: colour(theme::DARK.good),
    good_ground: hex(0x0018_3226),
    warning: hex(0x00E8_B45A),
    warning_ground: hex(0x0038_2D16),
    bad: hex(0x00F4_8B80),
    bad_ground: hex(0x0040_211E),
    fixed: colour(theme::DARK.fixed),
    fixed_ground: colour(theme::DARK.fixed_ground),
    shadow: Color32::from_black_alpha(110),
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::theme::contrast::contrast;

    #[test]
    fn text_is_readable_on_everything_that_carries_it() {
        for palette in [&LIGHT, &DARK] {
            let grounds = [
                palette.ground,
                palette.surface,
                palette.raised,
                palette.hover,
                palette.field,
                palette.pressed,
                palette.selected,
                palette.fixed_ground,
                palette.good_ground,
                palette.warning_ground,
                palette.bad_ground,
            ];
            for ground in grounds {
                assert!(contrast(palette.text, ground) >= 7.0, "text on {ground:?}");
                assert!(contrast(palette.text_second, ground) >= 4.5, "second on {ground:?}");
                assert!(contrast(palette.text_third, ground) >= 4.5, "third on {ground:?}");
            }
            for (ink, ground) in [
                (palette.on_accent, palette.accent),
                (palette.good, palette.good_ground),
                (palette.warning, palette.warning_ground),
                (palette.bad, palette.bad_ground),
                (palette.good, palette.surface),
                (palette.warning, palette.surface),
                (palette.bad, palette.surface),
                (palette.accent, palette.surface),
                (palette.accent, palette.selected),
                (palette.warning, palette.raised),
                (palette.bad, palette.raised),
                (palette.good, palette.raised),
            ] {
                assert!(contrast(ink, ground) >= 4.5, "{ink:?} on {ground:?}: {}", contrast(ink, ground));
            }
            assert!(contrast(palette.fixed, palette.surface) >= 3.0);
        }
    }
}
