//! How well two colours can be told apart, by WCAG 2.2: <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>.

use egui::Color32;

/// From 1 (the same) to 21 (black on white). Both colours are taken as opaque.
pub(super) fn contrast(left: Color32, right: Color32) -> f32 {
    let (left, right) = (luminance(left), luminance(right));
    (left.max(right) + 0.05) / (left.min(right) + 0.05)
}

fn luminance(colour: Color32) -> f32 {
    let [red, green, blue, _] = colour.to_array().map(|channel| {
        let share = f32::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[test]
fn agrees_with_the_known_ends() {
    assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
    assert!((contrast(Color32::WHITE, Color32::WHITE) - 1.0).abs() < 0.01);
    // #767676 on white is the well-known grey that just passes AA.
    assert!((contrast(Color32::from_gray(0x76), Color32::WHITE) - 4.54).abs() < 0.01);
}
