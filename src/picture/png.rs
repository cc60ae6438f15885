//! SVG to PNG, with the window's typefaces.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use thiserror::Error;

static FONTS: [&[u8]; 2] = [
    include_bytes!("../../assets/fonts/IBMPlexSans-Regular.ttf"),
    include_bytes!("../../assets/fonts/IBMPlexSans-SemiBold.ttf"),
];

/// Pixels per point: sharp on dense screens and in print.
const SCALE: f32 = 2.0;
/// Larger drawings are scaled down instead of failing.
const MOST_PIXELS: f32 = 12_000.0;

#[derive(Debug, Error)]
pub(crate) enum PngError {
    #[error("the picture can't be read: {0}")]
    Svg(#[from] resvg::usvg::Error),
    #[error("a picture of {width} by {height} points can't be drawn")]
    Size { width: f32, height: f32 },
    #[error("the picture can't be written as PNG: {0}")]
    Encode(String),
}

/// # Errors
/// When the document can't be read or is too large.
pub(crate) fn png(svg: &str) -> Result<Vec<u8>, PngError> {
    let mut fonts = fontdb::Database::new();
    FONTS.into_iter().for_each(|font| fonts.load_font_data(font.to_vec()));
    let options = Options { fontdb: Arc::new(fonts), font_family: "IBM Plex Sans".to_owned(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = SCALE.min(MOST_PIXELS / width.max(height));
    let pixels = |points: f32| (points * scale).ceil().max(1.0) as u32;
    let mut pixmap = Pixmap::new(pixels(width), pixels(height)).ok_or(PngError::Size { width, height })?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| PngError::Encode(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::svg::{Anchor, Svg, Type};
    use crate::picture::theme::Rgb;

    #[test]
    fn draws_text_with_its_own_typeface() {
        let picture = |text: &str| {
            let mut svg = Svg::new(60.0, 30.0);
            svg.text((5.0, 15.0), Anchor::Start, Type { size: 12.0, is_strong: false, colour: Rgb(0) }, 50.0, text);
            png(&svg.document("test", Rgb(0x00FF_FFFF))).unwrap()
        };
        let (with, without) = (picture("MB"), picture(" "));
        assert!(with.starts_with(b"\x89PNG") && with != without);
    }

    #[test]
    fn what_is_no_picture_is_an_error() {
        assert!(matches!(png("<svg"), Err(PngError::Svg(_))));
    }
}
