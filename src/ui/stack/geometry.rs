use egui::{Rect, pos2};

/// Stacks rectangles of these heights from the top, with `gap` between them.
#[must_use]
pub(crate) fn rects(heights: &[f32], area: Rect, gap: f32) -> Vec<Rect> {
    let mut top = area.top();
    heights
        .iter()
        .map(|height| {
            let rect = Rect::from_min_max(pos2(area.left(), top), pos2(area.right(), top + height));
            top += height + gap;
            rect
        })
        .collect()
}
