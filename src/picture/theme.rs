//! The colours of pictures and of the window.

use crate::layers::partition::LayerKind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb(pub u32);

impl Rgb {
    #[must_use]
    pub(crate) const fn parts(self) -> [u8; 3] {
        let [_, red, green, blue] = self.0.to_be_bytes();
        [red, green, blue]
    }

    /// This share of the way to another colour.
    #[must_use]
    pub(crate) fn towards(self, other: Self, share: f32) -> Self {
        let share = share.clamp(0.0, 1.0);
        let mix = |from: u8, to: u8| (f32::from(from) + (f32::from(to) - f32::from(from)) * share).round() as u8;
        let ([a, b, c], [d, e, f]) = (self.parts(), other.parts());
        Self(u32::from_be_bytes([0, mix(a, d), mix(b, e), mix(c, f)]))
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Theme {
    pub(crate) is_dark: bool,
    pub(crate) ground: Rgb,
    pub(crate) surface: Rgb,
    pub(crate) raised: Rgb,
    pub(crate) line: Rgb,
    pub(crate) outline: Rgb,
    pub(crate) text: Rgb,
    pub(crate) text_second: Rgb,
    pub(crate) text_third: Rgb,
    pub(crate) accent: Rgb,
    pub(crate) good: Rgb,
    pub(crate) fixed: Rgb,
    pub(crate) fixed_ground: Rgb,
    /// By identity of the group, repeating after the last.
    pub(crate) groups: [Rgb; 8],
    /// Ink: every deploy is about this layer, and no hue of a group can be mistaken for it.
    pub(crate) app: Rgb,
    pub(crate) interpreter: Rgb,
    pub(crate) packages: Rgb,
    /// Share of a layer's colour in its background.
    pub(crate) tint: f32,
}

/// The first hues are those of Okabe and Ito, darkened until their contrast is 3 to 1; the later ones differ in
/// lightness too, for colour-blind people.
pub(crate) const LIGHT: Theme = Theme {
    is_dark: false,
    ground: Rgb(0x00F4_F5F7),
    surface: Rgb(0x00FD_FDFE),
    raised: Rgb(0x00EE_F0F3),
    line: Rgb(0x00E1_E4E9),
    outline: Rgb(0x00C6_CCD5),
    text: Rgb(0x001A_212B),
    text_second: Rgb(0x0046_505F),
    text_third: Rgb(0x005C_6675),
    accent: Rgb(0x003F_51C5),
    good: Rgb(0x0017_7245),
    fixed: Rgb(0x0083_8D9B),
    fixed_ground: Rgb(0x00F0_F2F5),
    groups: [
        Rgb(0x0000_72B2),
        Rgb(0x00BA_7200),
        Rgb(0x0000_866A),
        Rgb(0x00A9_4F8C),
        Rgb(0x00D6_336C),
        Rgb(0x003A_7BEF),
        Rgb(0x005F_3A12),
        Rgb(0x004F_2898),
    ],
    app: Rgb(0x003A_4658),
    interpreter: Rgb(0x008C_6146),
    packages: Rgb(0x004E_7F86),
    tint: 0.10,
};

pub(crate) const DARK: Theme = Theme {
    is_dark: true,
    ground: Rgb(0x0013_161B),
    surface: Rgb(0x001A_1E24),
    raised: Rgb(0x0026_2B33),
    line: Rgb(0x002C_323B),
    outline: Rgb(0x0042_4A56),
    text: Rgb(0x00E7_EAEF),
    text_second: Rgb(0x00B5_BECA),
    text_third: Rgb(0x009C_A6B3),
    accent: Rgb(0x0096_A4FF),
    good: Rgb(0x005F_CB94),
    fixed: Rgb(0x007A_8595),
    fixed_ground: Rgb(0x0021_262D),
    groups: [
        Rgb(0x003F_9BDC),
        Rgb(0x00E6_9F00),
        Rgb(0x0022_B488),
        Rgb(0x00DB_8CBA),
        Rgb(0x00C4_552D),
        Rgb(0x009C_CBFF),
        Rgb(0x00B8_E08A),
        Rgb(0x006A_62E8),
    ],
    app: Rgb(0x00C9_D2DE),
    interpreter: Rgb(0x00B8_937C),
    packages: Rgb(0x0085_B3BA),
    tint: 0.16,
};

impl Theme {
    /// A group's colour goes by its identity, so it is kept when moved.
    #[must_use]
    pub(crate) fn layer(&self, kind: LayerKind) -> Rgb {
        match kind {
            LayerKind::Dependency(id) => {
                self.groups.get(id.0 as usize % self.groups.len()).copied().unwrap_or(self.fixed)
            }
            LayerKind::App => self.app,
            LayerKind::Interpreter => self.interpreter,
            LayerKind::Packages => self.packages,
            LayerKind::Written(place) => {
                self.groups.get(usize::from(place) % self.groups.len()).copied().unwrap_or(self.fixed)
            }
            LayerKind::Base | LayerKind::Certificates | LayerKind::Other(_) => self.fixed,
        }
    }

    /// Background of a layer with text.
    #[must_use]
    pub(crate) fn layer_ground(&self, kind: LayerKind) -> Rgb {
        match kind {
            LayerKind::Base | LayerKind::Certificates | LayerKind::Other(_) => self.fixed_ground,
            LayerKind::App
            | LayerKind::Interpreter
            | LayerKind::Packages
            | LayerKind::Written(_)
            | LayerKind::Dependency(_) => self.surface.towards(self.layer(kind), self.tint),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_mix_by_parts() {
        assert_eq!(Rgb(0x0000_0000).towards(Rgb(0x00FF_8000), 0.5), Rgb(0x0080_4000));
        assert_eq!(Rgb(0x0012_3456).towards(Rgb(0x00FF_FFFF), 0.0), Rgb(0x0012_3456));
        assert_eq!(Rgb(0x0012_3456).towards(Rgb(0x00FF_FFFF), 7.0), Rgb(0x00FF_FFFF));
    }
}
