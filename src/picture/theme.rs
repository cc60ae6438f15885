//! The colours of pictures and of the window: named here once, so that a layer has one colour wherever it is drawn.

use crate::layers::partition::LayerKind;

/// A colour: red, green and blue, eight bits each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rgb(pub u32);

impl Rgb {
    /// Red, green and blue.
    #[must_use]
    pub(crate) const fn parts(self) -> [u8; 3] {
        let [_, red, green, blue] = self.0.to_be_bytes();
        [red, green, blue]
    }

    /// This much of the way to another colour, from 0 to 1.
    #[must_use]
    pub(crate) fn towards(self, other: Self, share: f32) -> Self {
        let share = share.clamp(0.0, 1.0);
        let mix = |from: u8, to: u8| (f32::from(from) + (f32::from(to) - f32::from(from)) * share).round() as u8;
        let ([a, b, c], [d, e, f]) = (self.parts(), other.parts());
        Self(u32::from_be_bytes([0, mix(a, d), mix(b, e), mix(c, f)]))
    }
}

/// What a picture needs of the window's colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Theme {
    /// `true` if text is light on dark.
    pub(crate) is_dark: bool,
    /// Behind everything.
    pub(crate) ground: Rgb,
    /// Cards.
    pub(crate) surface: Rgb,
    /// The track of a bar.
    pub(crate) raised: Rgb,
    /// Hairlines.
    pub(crate) line: Rgb,
    /// Outlines and edges.
    pub(crate) outline: Rgb,
    /// What is read.
    pub(crate) text: Rgb,
    /// What is read second.
    pub(crate) text_second: Rgb,
    /// Captions.
    pub(crate) text_third: Rgb,
    /// The plan.
    pub(crate) accent: Rgb,
    /// Less bytes than before.
    pub(crate) good: Rgb,
    /// Fixed layers.
    pub(crate) fixed: Rgb,
    /// Behind fixed layers.
    pub(crate) fixed_ground: Rgb,
    /// Of groups, in the order of their identity; after the last the first comes again.
    pub(crate) groups: [Rgb; 8],
    /// Of the app's layer: ink, as it is the one that every deploy is about and no hue of a group is mistaken for it.
    pub(crate) app: Rgb,
    /// Of the interpreter's layer: clay.
    pub(crate) interpreter: Rgb,
    /// Of the layer of packages that no group claims: a muted teal.
    pub(crate) packages: Rgb,
    /// How much of a layer's colour its ground has.
    pub(crate) tint: f32,
}

/// Dark on light. The first hues are those of Okabe and Ito, darkened until they stand out 3 to 1; the later ones differ in
/// lightness too, so that they are told apart without some of the colours.
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

/// Light on dark, likewise.
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
    /// The colour of a layer. A group keeps its colour while it is moved: it goes by the group's identity.
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

    /// The ground of a layer that carries text.
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
