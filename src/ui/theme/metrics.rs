//! Sizes in points: type scale, spacing on a 4-point grid, radii. Every size in the window is one of these.

use egui::{FontFamily, FontId};

use crate::ui::fonts::strong_family;

/// Between an icon and its text.
pub(crate) const SPACE_XS: f32 = 4.0;
/// Between related things.
pub(crate) const SPACE_S: f32 = 8.0;
/// Inside panels.
pub(crate) const SPACE_M: f32 = 12.0;
/// Between sections.
pub(crate) const SPACE_L: f32 = 16.0;
/// Between independent parts.
pub(crate) const SPACE_XL: f32 = 24.0;

/// Of rows and chips.
pub(crate) const RADIUS_S: u8 = 4;
/// Of cards, menus and dialogs.
pub(crate) const RADIUS_M: u8 = 6;

pub(crate) const ROW: f32 = 24.0;
pub(crate) const CONTROL: f32 = 28.0;
pub(crate) const HEADER: f32 = 36.0;
pub(crate) const ICON: f32 = 14.0;
pub(crate) const CHIP: f32 = 8.0;
/// At natural size.
pub(crate) const CARD_WIDTH: f32 = 216.0;
pub(crate) const CARD_HEIGHT: f32 = 52.0;
pub(crate) const FILE_HEIGHT: f32 = 32.0;

pub(crate) const HAIRLINE: f32 = 1.0;

const SMALL: f32 = 11.0;
const BODY: f32 = 13.0;
const HEADING: f32 = 15.0;
const TITLE: f32 = 20.0;
const LARGE: f32 = 28.0;
const DISPLAY: f32 = 52.0;
/// Plex Mono is wide: a point less looks as large.
const CODE: f32 = 12.0;

/// Captions, units, badges.
#[must_use]
pub(crate) fn small() -> FontId {
    FontId::new(SMALL, FontFamily::Proportional)
}

/// Headers of panels.
#[must_use]
pub(crate) fn small_strong() -> FontId {
    FontId::new(SMALL, strong_family())
}

#[must_use]
pub(crate) fn body() -> FontId {
    FontId::new(BODY, FontFamily::Proportional)
}

/// Important names and figures.
#[must_use]
pub(crate) fn strong() -> FontId {
    FontId::new(BODY, strong_family())
}

/// Titles of dialogs and empty states.
#[must_use]
pub(crate) fn heading() -> FontId {
    FontId::new(HEADING, strong_family())
}

/// The main figures.
#[must_use]
pub(crate) fn title() -> FontId {
    FontId::new(TITLE, strong_family())
}

/// Beside the totals of a presentation.
#[must_use]
pub(crate) fn large() -> FontId {
    FontId::new(LARGE, strong_family())
}

/// Totals of a presentation.
#[must_use]
pub(crate) fn display() -> FontId {
    FontId::new(DISPLAY, strong_family())
}

#[must_use]
pub(crate) fn code() -> FontId {
    FontId::new(CODE, FontFamily::Monospace)
}

/// Least height for two lines.
pub(crate) const STRATUM: f32 = 56.0;
/// For a layer without counted size.
pub(crate) const STRATUM_THIN: f32 = 28.0;
/// Also the place of a new layer.
pub(crate) const STRATUM_GAP: f32 = 4.0;
pub(crate) const STRATUM_EDGE: f32 = 4.0;
/// Distance from the middle of a gap that still hits it.
pub(crate) const GAP_REACH: f32 = 9.0;
/// The place for the first group.
pub(crate) const STRATUM_EMPTY: f32 = 72.0;
