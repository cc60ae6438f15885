//! Paints a node as a card.

use egui::{Align2, Color32, CornerRadius, FontId, Painter, Rect, Stroke, StrokeKind, Vec2, pos2, vec2};

use crate::graph::view::ViewKind;
use crate::size::known_bytes::KnownBytes;
use crate::ui::canvas::detail::Detail;
use crate::ui::canvas::pick::TOGGLE_WIDTH;
use crate::ui::icons::{self, Icon};
use crate::ui::theme::metrics::{CHIP, HAIRLINE, ICON, RADIUS_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{Palette, metrics};
use crate::ui::widgets::{figure, text};

/// Share of a dimmed card that is faded.
pub(crate) const DIM: f32 = 0.62;
const EDGE: f32 = 5.0;
/// At any zoom.
const LEAST_EDGE: f32 = 4.0;
/// Smallest figures.
const LEAST_FONT: f32 = 9.5;
/// Offset of the second card of a group.
const STACKED: f32 = 4.0;

#[derive(Clone, Debug)]
pub(crate) struct Card<'a> {
    pub title: &'a str,
    /// Its place, or the content of a group.
    pub subtitle: &'a str,
    pub kind: &'a ViewKind,
    /// What a registry stores of it; `None` where it has no bytes.
    pub stored: Option<KnownBytes>,
    /// The colour in words: layer, changes or share.
    pub word: String,
    /// From top to bottom with shares; empty if nothing of it is in the image.
    pub colours: Vec<(Color32, f32)>,
    pub is_selected: bool,
    pub is_hovered: bool,
    /// Has the keyboard's focus.
    pub is_current: bool,
    /// It or something in it was found or is selected.
    pub is_match: bool,
}

#[must_use]
pub(crate) fn radius(zoom: f32) -> CornerRadius {
    CornerRadius::same((f32::from(RADIUS_M) * zoom).round().clamp(1.0, 12.0) as u8)
}

pub(crate) fn outline(painter: &Painter, palette: &Palette, rect: Rect) {
    painter.rect_stroke(rect.expand(1.0), CornerRadius::same(2), Stroke::new(2.0, palette.accent), StrokeKind::Outside);
}

/// In half points: a size for every zoom would fill the font texture.
fn scaled(font: FontId, zoom: f32) -> FontId {
    FontId { size: (font.size * zoom * 2.0).round() / 2.0, ..font }
}

pub(crate) fn paint(painter: &Painter, palette: &Palette, rect: Rect, zoom: f32, detail: Detail, card: &Card<'_>) {
    ground(painter, palette, rect, zoom, card);
    match detail {
        Detail::Overview => {}
        Detail::Title => name_only(painter, palette, rect, zoom, card),
        Detail::Full => everything(painter, palette, rect, zoom, card),
    }
}

fn ground(painter: &Painter, palette: &Palette, rect: Rect, zoom: f32, card: &Card<'_>) {
    let corners = radius(zoom);
    let hairline = Stroke::new(HAIRLINE, palette.outline);
    if card.kind.is_group() {
        let behind = rect.translate(Vec2::splat(STACKED * zoom));
        painter.rect(behind, corners, palette.raised, hairline, StrokeKind::Inside);
    }
    let fill = if card.is_selected {
        palette.selected
    } else if card.is_hovered {
        palette.hover
    } else {
        palette.surface
    };
    let border = if card.is_selected || card.is_current {
        Stroke::new(2.0, palette.accent)
    } else if card.is_match {
        Stroke::new(1.5, palette.accent)
    } else if card.is_hovered {
        Stroke::new(HAIRLINE, palette.text_third)
    } else if *card.kind == ViewKind::Missing {
        Stroke::new(HAIRLINE, palette.bad)
    } else {
        hairline
    };
    painter.rect(rect, corners, fill, border, StrokeKind::Inside);
    edge(painter, rect, zoom, card);
}

/// Each colour as high as its share.
fn edge(painter: &Painter, rect: Rect, zoom: f32, card: &Card<'_>) {
    let strip = rect.with_max_x(rect.left() + (EDGE * zoom).max(LEAST_EDGE));
    let corners = radius(zoom);
    let mut top = strip.top();
    for (index, &(colour, share)) in card.colours.iter().enumerate() {
        let is_last = index + 1 == card.colours.len();
        let bottom = if is_last { strip.bottom() } else { (top + strip.height() * share).min(strip.bottom()) };
        let corners = CornerRadius {
            nw: if index == 0 { corners.nw } else { 0 },
            sw: if is_last { corners.sw } else { 0 },
            ne: 0,
            se: 0,
        };
        painter.rect_filled(Rect::from_min_max(pos2(strip.left(), top), pos2(strip.right(), bottom)), corners, colour);
        top = bottom;
    }
}

fn icon(kind: &ViewKind) -> Icon {
    match kind {
        ViewKind::Binary => Icon::Play,
        ViewKind::Package | ViewKind::Repository => Icon::Folder,
        ViewKind::Hub | ViewKind::LockedPackage => Icon::Package,
        ViewKind::More => Icon::More,
        ViewKind::Target(_) | ViewKind::External => Icon::Target,
        ViewKind::File => Icon::File,
        ViewKind::Missing => Icon::Warning,
    }
}

/// Groups and the binary stand out.
fn title_font(kind: &ViewKind) -> FontId {
    if kind.is_group() || *kind == ViewKind::Binary { metrics::strong() } else { metrics::body() }
}

fn title_colour(palette: &Palette, kind: &ViewKind) -> Color32 {
    if *kind == ViewKind::Missing { palette.bad } else { palette.text }
}

/// A long path loses its first folders, because the last ones say more.
fn title(painter: &Painter, palette: &Palette, rect: Rect, font: FontId, card: &Card<'_>) {
    let colour = title_colour(palette, card.kind);
    let mut rest = card.title;
    let mut galley = text::line(painter, rest, font.clone(), colour, rect.width());
    while galley.elided && *card.kind == ViewKind::Package {
        let Some((_, shorter)) = rest.trim_start_matches('/').split_once('/') else { break };
        rest = shorter;
        galley = text::line(painter, &format!("…/{rest}"), font.clone(), colour, rect.width());
    }
    let place = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect);
    painter.galley(place.min, galley, colour);
}

/// From far away: only the name, larger than to scale.
fn name_only(painter: &Painter, palette: &Palette, rect: Rect, zoom: f32, card: &Card<'_>) {
    let font = title_font(card.kind);
    let size = (font.size * zoom * 1.5).clamp(9.0, font.size);
    let font = FontId { size: (size * 2.0).round() / 2.0, ..font };
    let toggle = if card.kind.is_group() { TOGGLE_WIDTH * zoom } else { SPACE_S * zoom };
    let inner = Rect::from_min_max(
        pos2(rect.left() + (EDGE + SPACE_S) * zoom, rect.top()),
        pos2(rect.right() - toggle, rect.bottom()),
    );
    let inner = bytes_beside(painter, palette, inner, &font, card);
    title(painter, palette, inner, font, card);
    chevron(painter, palette, rect, zoom, card);
}

/// Returns the remaining room for the name.
fn bytes_beside(painter: &Painter, palette: &Palette, room: Rect, font: &FontId, card: &Card<'_>) -> Rect {
    let small = FontId { size: font.size - 1.5, ..metrics::small() };
    let Some(stored) = card.stored.filter(|_| small.size >= LEAST_FONT) else { return room };
    let name = text::line(painter, card.title, font.clone(), palette.text, f32::INFINITY).size().x;
    let left = room.right() - figure::width(painter, &stored, small.clone());
    if room.left() + name + SPACE_S > left {
        return room;
    }
    figure::paint(painter, palette, room, &stored, small, palette.text_second);
    room.with_max_x(left - SPACE_XS)
}

fn everything(painter: &Painter, palette: &Palette, rect: Rect, zoom: f32, card: &Card<'_>) {
    let pad = SPACE_S * zoom;
    let right = rect.right() - if card.kind.is_group() { TOGGLE_WIDTH * zoom } else { pad };
    let left = rect.left() + EDGE * zoom + pad;
    let is_file = *card.kind == ViewKind::File;
    let rows = if is_file { 1.0 } else { 2.0 };
    let inner = rect.shrink2(vec2(0.0, 6.0 * zoom));
    let row_height = inner.height() / rows;
    let upper = Rect::from_min_max(pos2(left, inner.top()), pos2(right, inner.top() + row_height));
    let icon_side = ICON * zoom;
    let icon_rect = Rect::from_center_size(pos2(left + icon_side / 2.0, upper.center().y), Vec2::splat(icon_side));
    let icon_colour = if *card.kind == ViewKind::Missing { palette.bad } else { palette.text_second };
    icons::paint(painter, icon_rect, icon(card.kind), icon_colour);

    let small = scaled(metrics::small(), zoom);
    let bytes_left = card.stored.map_or(upper.right(), |stored| {
        figure::paint(painter, palette, upper, &stored, small, palette.text_second).left()
    });
    let room = upper.with_min_x(icon_rect.right() + (SPACE_XS + 2.0) * zoom).with_max_x(bytes_left - SPACE_XS * zoom);
    title(painter, palette, room, scaled(title_font(card.kind), zoom), card);
    if !is_file {
        let lower = Rect::from_min_max(pos2(left, upper.bottom()), pos2(right, inner.bottom()));
        lower_row(painter, palette, lower, zoom, card);
    }
    chevron(painter, palette, rect, zoom, card);
}

/// Its place on the left; the colour in words, with a chip, on the right.
fn lower_row(painter: &Painter, palette: &Palette, row: Rect, zoom: f32, card: &Card<'_>) {
    let font = scaled(metrics::small(), zoom);
    let word = text::line(painter, &card.word, font.clone(), palette.text_second, row.width() * 0.55);
    let word_rect = Align2::RIGHT_CENTER.align_size_within_rect(word.size(), row);
    painter.galley(word_rect.min, word, palette.text_second);
    let chip = Rect::from_center_size(
        pos2(word_rect.left() - (SPACE_XS + CHIP / 2.0) * zoom, row.center().y),
        Vec2::splat(CHIP * zoom),
    );
    if let Some(&(colour, _)) = card.colours.first().filter(|_| !card.word.is_empty()) {
        painter.rect_filled(chip, CornerRadius::same(2), colour);
    }
    let subtitle = row.with_max_x(chip.left() - SPACE_S * zoom);
    text::paint(painter, subtitle, Align2::LEFT_CENTER, card.subtitle, font, palette.text_third);
}

fn chevron(painter: &Painter, palette: &Palette, rect: Rect, zoom: f32, card: &Card<'_>) {
    if !card.kind.is_group() {
        return;
    }
    let centre = pos2(rect.right() - TOGGLE_WIDTH * zoom / 2.0, rect.center().y);
    let colour = if card.is_hovered { palette.text } else { palette.text_third };
    icons::paint(painter, Rect::from_center_size(centre, Vec2::splat(ICON * zoom)), Icon::ChevronRight, colour);
}
