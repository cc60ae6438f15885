//! Sizes in points: type scale, spacing on a 4-point grid, radii. Every size in the window is one of these.

use egui::{FontFamily, FontId};

use crate::ui::fonts::strong_family;

/// The smallest space: between an icon and its text.
pub(crate) const SPACE_XS: f32 = 4.0;
/// Between things that belong together.
pub(crate) const SPACE_S: f32 = 8.0;
/// Inside panels.
pub(crate) const SPACE_M: f32 = 12.0;
/// Between sections.
pub(crate) const SPACE_L: f32 = 16.0;
/// Between what stands for itself, such as an empty state's parts.
pub(crate) const SPACE_XL: f32 = 24.0;

/// Corners of small things: rows, chips.
pub(crate) const RADIUS_S: u8 = 4;
/// Corners of cards, menus and dialogs.
pub(crate) const RADIUS_M: u8 = 6;

/// Height of a row in a list.
pub(crate) const ROW: f32 = 24.0;
/// Height of a button, a field or a menu in a bar.
pub(crate) const CONTROL: f32 = 28.0;
/// Height of the header of a panel.
pub(crate) const HEADER: f32 = 36.0;
/// Side of an icon beside body text.
pub(crate) const ICON: f32 = 14.0;
/// Side of a colour chip.
pub(crate) const CHIP: f32 = 8.0;
/// Width of a node of the graph at its own size.
pub(crate) const CARD_WIDTH: f32 = 216.0;
/// Height of a node of the graph.
pub(crate) const CARD_HEIGHT: f32 = 52.0;
/// Height of a node that is a file.
pub(crate) const FILE_HEIGHT: f32 = 32.0;

/// Width of hairlines.
pub(crate) const HAIRLINE: f32 = 1.0;

const SMALL: f32 = 11.0;
const BODY: f32 = 13.0;
const HEADING: f32 = 15.0;
const TITLE: f32 = 20.0;
const LARGE: f32 = 28.0;
const DISPLAY: f32 = 52.0;
/// Plex Mono is wide: a point less makes it as large as the text around it.
const CODE: f32 = 12.0;

/// Captions, units of figures, badges.
#[must_use]
pub(crate) fn small() -> FontId {
    FontId::new(SMALL, FontFamily::Proportional)
}

/// Captions that lead, such as headers of panels.
#[must_use]
pub(crate) fn small_strong() -> FontId {
    FontId::new(SMALL, strong_family())
}

/// Everything that is read.
#[must_use]
pub(crate) fn body() -> FontId {
    FontId::new(BODY, FontFamily::Proportional)
}

/// Names and figures that lead.
#[must_use]
pub(crate) fn strong() -> FontId {
    FontId::new(BODY, strong_family())
}

/// Titles of dialogs and empty states.
#[must_use]
pub(crate) fn heading() -> FontId {
    FontId::new(HEADING, strong_family())
}

/// The figures that everything is about.
#[must_use]
pub(crate) fn title() -> FontId {
    FontId::new(TITLE, strong_family())
}

/// What is read from the other end of a room: beside the totals of a presentation.
#[must_use]
pub(crate) fn large() -> FontId {
    FontId::new(LARGE, strong_family())
}

/// The totals of a presentation.
#[must_use]
pub(crate) fn display() -> FontId {
    FontId::new(DISPLAY, strong_family())
}

/// Code and paths.
#[must_use]
pub(crate) fn code() -> FontId {
    FontId::new(CODE, FontFamily::Monospace)
}

/// Height of a layer in the image column below which its two lines can't be read.
pub(crate) const STRATUM: f32 = 56.0;
/// Height of a fixed layer of which no size is counted.
pub(crate) const STRATUM_THIN: f32 = 28.0;
/// Space between two layers: also where a drop makes a new one.
pub(crate) const STRATUM_GAP: f32 = 4.0;
/// Width of the edge in a layer's colour.
pub(crate) const STRATUM_EDGE: f32 = 4.0;
/// How far from the middle of a gap a drop still means the gap.
pub(crate) const GAP_REACH: f32 = 9.0;
/// Height of the place that stands for groups where there is none yet.
pub(crate) const STRATUM_EMPTY: f32 = 72.0;
