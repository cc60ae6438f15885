//! The colours of both themes, by what they are for. What pictures have too is named in `picture::theme`, all else here.

use egui::Color32;

use crate::picture::theme::{self, Rgb};

/// The colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Whether text is light on dark.
    pub is_dark: bool,
    /// Behind everything: the canvas.
    pub ground: Color32,
    /// Panels, bars and dialogs.
    pub surface: Color32,
    /// What lies on a surface: controls at rest, the track of a bar.
    pub raised: Color32,
    /// A row or control under the pointer.
    pub hover: Color32,
    /// A row or control that is pressed.
    pub pressed: Color32,
    /// Fields that are typed into.
    pub field: Color32,
    /// Hairlines between parts.
    pub line: Color32,
    /// Outlines of controls; stands out 3 to 1 only together with the text inside.
    pub outline: Color32,
    /// What is read.
    pub text: Color32,
    /// What is read second.
    pub text_second: Color32,
    /// Captions and hints; still 4.5 to 1.
    pub text_third: Color32,
    /// What can be done next: the one accent.
    pub accent: Color32,
    /// Text on the accent.
    pub on_accent: Color32,
    /// Behind what is selected.
    pub selected: Color32,
    /// Less bytes than before, all well.
    pub good: Color32,
    /// Behind a message that all is well.
    pub good_ground: Color32,
    /// Worth a look.
    pub warning: Color32,
    /// Behind a warning.
    pub warning_ground: Color32,
    /// Wrong, or more bytes than before.
    pub bad: Color32,
    /// Behind an error.
    pub bad_ground: Color32,
    /// Fixed layers: present, and not to be changed.
    pub fixed: Color32,
    /// Behind fixed layers.
    pub fixed_ground: Color32,
    /// Under what lies over the window.
    pub shadow: Color32,
}

const fn hex(rgb: u32) -> Color32 {
    colour(Rgb(rgb))
}

/// A colour that pictures have too.
pub(super) const fn colour(rgb: Rgb) -> Color32 {
    let [red, green, blue] = rgb.parts();
    Color32::from_rgb(red, green, blue)
}

/// Dark text on light surfaces.
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

/// Light text on dark surfaces.
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
