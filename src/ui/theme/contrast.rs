//! How well two colours can be told apart: text from its ground by WCAG 2.2
//! (<https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>), areas from each other also by eyes that lack a kind of cones.

use egui::Color32;

/// From 1 (the same) to 21 (black on white). Both colours are taken as opaque.
pub(super) fn contrast(left: Color32, right: Color32) -> f32 {
    let (left, right) = (luminance(left), luminance(right));
    (left.max(right) + 0.05) / (left.min(right) + 0.05)
}

fn luminance(colour: Color32) -> f32 {
    let [red, green, blue] = linear(colour);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn linear(colour: Color32) -> [f32; 3] {
    let [red, green, blue, _] = colour.to_array().map(|channel| {
        let share = f32::from(channel) / 255.0;
        if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    [red, green, blue]
}

/// What eyes make of linear red, green and blue: all cones, without the long, the middle, and the short ones (Machado,
/// Oliveira and Fernandes 2009, severity 1: <https://doi.org/10.1109/TVCG.2009.113>).
const EYES: [[[f32; 3]; 3]; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
];

/// The distance of two colours (CIE94, of areas) for the eyes to which it is least.
pub(super) fn least_distance(left: Color32, right: Color32) -> f32 {
    let seen = |colour: Color32, eyes: &[[f32; 3]; 3]| {
        let parts = linear(colour);
        lab(eyes.map(|row| row.iter().zip(parts).map(|(share, part)| share * part).sum::<f32>().max(0.0)))
    };
    EYES.iter().map(|eyes| distance(seen(left, eyes), seen(right, eyes))).fold(f32::INFINITY, f32::min)
}

/// CIE L*a*b* of linear sRGB, white D65.
fn lab([red, green, blue]: [f32; 3]) -> [f32; 3] {
    let root = |part: f32| if part > 0.008856 { part.cbrt() } else { 7.787 * part + 16.0 / 116.0 };
    let x = root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
    let y = root(0.2126 * red + 0.7152 * green + 0.0722 * blue);
    let z = root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn distance([l1, a1, b1]: [f32; 3], [l2, a2, b2]: [f32; 3]) -> f32 {
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = ((a1 - a2).powi(2) + (b1 - b2).powi(2) - (c1 - c2).powi(2)).max(0.0).sqrt();
    let middle = (c1 * c2).sqrt();
    let (chroma, hue) = ((c1 - c2) / (1.0 + 0.045 * middle), hue / (1.0 + 0.015 * middle));
    ((l1 - l2).powi(2) + chroma.powi(2) + hue.powi(2)).sqrt()
}

#[test]
fn agrees_with_the_known_ends() {
    assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
    assert!((contrast(Color32::WHITE, Color32::WHITE) - 1.0).abs() < 0.01);
    // #767676 on white is the well-known grey that just passes AA.
    assert!((contrast(Color32::from_gray(0x76), Color32::WHITE) - 4.54).abs() < 0.01);
}

#[test]
fn red_and_green_are_near_for_some_eyes() {
    let (red, green) = (Color32::from_rgb(0xB8, 0x5C, 0x92), Color32::from_rgb(0x83, 0x8D, 0x9B));
    assert!(least_distance(red, green) < 6.0, "a rose and a grey that green-blind eyes mix up");
    assert!(least_distance(Color32::BLACK, Color32::WHITE) > 99.0);
}
