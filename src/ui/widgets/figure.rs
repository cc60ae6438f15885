//! Figures with provenance.

use egui::{Align2, Color32, FontId, Painter, Rect};

use crate::byte_count::ByteCount;
use crate::engine::reports::figures::range_words;
pub(crate) use crate::engine::reports::figures::{how_known, percent};
use crate::size::model::Size;
use crate::ui::widgets::text;

/// Both counts of bytes and their provenance.
#[must_use]
pub(crate) fn size_summary(size: &Size) -> String {
    let range = range_words(size).map(|words| format!("\nRange: {words}")).unwrap_or_default();
    format!(
        "{} compressed, in the registry\n{} unpacked\n{}{range}",
        size.compressed_bytes,
        size.tar_bytes,
        how_known(size.provenance)
    )
}

/// Right-aligned.
pub(crate) fn paint_bytes(painter: &Painter, rect: Rect, bytes: ByteCount, font: FontId, colour: Color32) -> Rect {
    text::paint(painter, rect, Align2::RIGHT_CENTER, &bytes.to_string(), font, colour).0
}

/// The bytes, or `not known`.
#[must_use]
pub fn known(bytes: Option<ByteCount>) -> String {
    bytes.map_or_else(|| "not known".to_owned(), |bytes| bytes.to_string())
}

/// `+1.20 MB`, `−340 kB`; `None` without a difference.
#[must_use]
pub(crate) fn difference(before: ByteCount, after: ByteCount) -> Option<String> {
    match after.cmp(&before) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(format!("+{}", after - before)),
        std::cmp::Ordering::Less => Some(format!("−{}", before - after)),
    }
}

/// With its sign.
#[must_use]
pub(crate) fn saving(before: ByteCount, after: ByteCount) -> Option<String> {
    let saved = (after < before).then(|| percent((before - after).0, before.0))?;
    // Claims no more than is certain.
    let saved = saved.trim_start_matches('>');
    Some(if saved.starts_with('<') { saved.to_owned() } else { format!("−{saved}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saving_is_less_or_is_none() {
        let saving = |before, after| saving(ByteCount(before), ByteCount(after));
        assert_eq!(saving(100, 13).as_deref(), Some("−87 %"));
        assert_eq!(saving(100_000, 99_999).as_deref(), Some("<0.1 %"));
        assert_eq!(saving(100_000, 1).as_deref(), Some("−99.9 %"));
        assert_eq!((saving(5, 5), saving(5, 6), saving(0, 0)), (None, None, None));
    }

    #[test]
    fn a_difference_has_a_sign_or_is_not_there() {
        assert_eq!(difference(ByteCount(10), ByteCount(10)), None);
        assert_eq!(difference(ByteCount(0), ByteCount(1_200_000)).as_deref(), Some("+1.20 MB"));
        assert_eq!(difference(ByteCount(340_000), ByteCount(0)).as_deref(), Some("−340 kB"));
    }
}
