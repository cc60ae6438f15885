//! A diff side by side.

use egui::{Align2, Color32, Rect, ScrollArea, Sense, Ui, pos2, vec2};

use crate::rewrite::diff::{DiffLineKind, DiffSide, SideBySide};
use crate::ui::theme::metrics::{SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

pub(super) const LINE: f32 = 17.0;
const GUTTER: f32 = 40.0;

/// Scrolls to the first changed line when first shown.
pub(super) fn show(ui: &mut Ui, diff: &SideBySide, height: f32, id: usize) {
    let first_change = diff.lines.iter().position(|line| line.kind != DiffLineKind::Same).unwrap_or(0);
    let start = (first_change.saturating_sub(4)) as f32 * LINE;
    let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
    ScrollArea::vertical()
        .id_salt(("diff", id))
        .auto_shrink([false, false])
        .max_height(height)
        .vertical_scroll_offset_once(ui, ("diff start", id), start)
        .show_rows(ui, LINE, diff.lines.len(), |ui, rows| {
            for line in diff.lines.get(rows).unwrap_or_default() {
                let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
                let middle = rect.center().x;
                let left = paint_side(ui, rect.with_max_x(middle - SPACE_XS), line.left.as_ref(), line.kind, true);
                let right = paint_side(ui, rect.with_min_x(middle + SPACE_XS), line.right.as_ref(), line.kind, false);
                let cut = [left.then_some(line.left.as_ref()), right.then_some(line.right.as_ref())];
                if let Some(side) = cut.into_iter().flatten().flatten().next_back() {
                    response.on_hover_text(text::rich(side.text.trim(), metrics::code(), theme::palette(ui).text));
                }
            }
        });
    ui.spacing_mut().item_spacing.y = spacing;
}

/// Sets a scroll offset in the first frame.
trait ScrollOnce {
    fn vertical_scroll_offset_once(self, ui: &Ui, id: (&str, usize), offset: f32) -> Self;
}

impl ScrollOnce for ScrollArea {
    fn vertical_scroll_offset_once(self, ui: &Ui, id: (&str, usize), offset: f32) -> Self {
        let id = ui.scope_id().with(id);
        let is_first = ui.data_mut(|data| !std::mem::replace(data.get_temp_mut_or_default::<bool>(id), true));
        if is_first { self.vertical_scroll_offset(offset) } else { self }
    }
}

/// Returns `true` if text was cut.
fn paint_side(ui: &Ui, rect: Rect, side: Option<&DiffSide>, kind: DiffLineKind, is_left: bool) -> bool {
    let palette = theme::palette(ui);
    let changed = kind != DiffLineKind::Same;
    let (ground, ink): (Color32, Color32) = match (side, changed, is_left) {
        (None, _, _) => (palette.raised, palette.text_third),
        (Some(_), false, _) => (Color32::TRANSPARENT, palette.text_second),
        (Some(_), true, true) => (palette.bad_ground, palette.text),
        (Some(_), true, false) => (palette.good_ground, palette.text),
    };
    ui.painter().rect_filled(rect, 0.0, ground);
    let Some(side) = side else { return false };
    let number = Rect::from_min_max(rect.min, pos2(rect.left() + GUTTER - SPACE_S, rect.bottom()));
    text::paint(
        ui.painter(),
        number,
        Align2::RIGHT_CENTER,
        &side.number.to_string(),
        metrics::code(),
        palette.text_third,
    );
    let mark = if !changed {
        " "
    } else if is_left {
        "-"
    } else {
        "+"
    };
    let code = format!("{mark} {}", side.text.replace('\t', "    "));
    let (_, is_cut) = text::paint(
        ui.painter(),
        rect.with_min_x(rect.left() + GUTTER),
        Align2::LEFT_CENTER,
        &code,
        metrics::code(),
        ink,
    );
    is_cut
}
