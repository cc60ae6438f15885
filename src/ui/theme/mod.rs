//! All colours and sizes of the window.

#[cfg(test)]
mod contrast;
pub(crate) mod layer_colours;
pub(crate) mod metrics;
pub(crate) mod palette;
mod style;

use egui::{Context, Theme, Ui};

pub use palette::Palette;

use crate::ui::fonts;

/// Once, when the window opens.
pub fn install(context: &Context) {
    context.set_fonts(fonts::definitions());
    context.set_style_of(Theme::Light, style::style(&palette::LIGHT));
    context.set_style_of(Theme::Dark, style::style(&palette::DARK));
}

#[must_use]
pub fn palette(ui: &Ui) -> &'static Palette {
    if ui.visuals().dark_mode { &palette::DARK } else { &palette::LIGHT }
}
