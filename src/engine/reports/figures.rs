//! Figures in words, for the window and reports.

use crate::byte_count::ByteCount;
use crate::size::model::{Provenance, Size};
use crate::size::range::Range;

/// The provenance as a sentence.
#[must_use]
pub(crate) fn how_known(provenance: Provenance) -> &'static str {
    match provenance {
        Provenance::Measured => "Measured: from a built image",
        Provenance::Packed => "Packed: compressed on this machine",
        Provenance::Listed => "Listed: by a lock file, a RECORD or a wheel",
        Provenance::Estimated => "Estimated: by formula, until the image is built and measured",
        Provenance::Typical => "Typical: what this package usually weighs, from public lock files",
        Provenance::Unknown => "Unknown: nothing says its size",
    }
}

/// Compressed bytes: `12.3 MB`, `~12.3 MB` if typical, `unknown`.
#[must_use]
pub(crate) fn stored_words(size: &Size) -> String {
    bytes_words(size.compressed_bytes, size.provenance)
}

/// Bytes of the tar, in the same form.
#[must_use]
pub(crate) fn tar_words(size: &Size) -> String {
    bytes_words(size.tar_bytes, size.provenance)
}

fn bytes_words(bytes: ByteCount, provenance: Provenance) -> String {
    match provenance {
        Provenance::Unknown => "unknown".to_owned(),
        Provenance::Typical => format!("~{bytes}"),
        Provenance::Measured | Provenance::Packed | Provenance::Listed | Provenance::Estimated => bytes.to_string(),
    }
}

/// What a sum lacks: ` + 3 of unknown size`, or nothing.
#[must_use]
pub(crate) fn unknown_words(count: u32) -> String {
    if count == 0 { String::new() } else { format!(" + {count} of unknown size") }
}

/// The possible range of a layer's bytes if it is over a twentieth or the tar is estimated.
#[must_use]
pub(crate) fn range_words(size: &Size) -> Option<String> {
    let is_wide = |bytes: u64, range: Range| (range.most.0 - range.least.0.min(range.most.0)) / 10 > bytes / 100;
    let stored = is_wide(size.compressed_bytes.0, size.compressed_range)
        .then(|| format!("stored {} to {}", size.compressed_range.least, size.compressed_range.most));
    let tar = (!size.tar_range.is_exact()).then(|| format!("tar {} to {}", size.tar_range.least, size.tar_range.most));
    let words: Vec<String> = stored.into_iter().chain(tar).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Percent with a decimal at both ends: something is never 0 %, and not all is never 100 %.
#[must_use]
pub(crate) fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "0 %".to_owned();
    }
    let rounded = |steps: u128| (u128::from(part) * steps * 2 + u128::from(whole)) / (u128::from(whole) * 2);
    let thousandths = rounded(1_000);
    match thousandths {
        0 if part > 0 => "<0.1 %".to_owned(),
        1..=9 | 991..=999 => format!("{}.{} %", thousandths / 10, thousandths % 10),
        1_000 if part < whole => ">99.9 %".to_owned(),
        _ => format!("{} %", rounded(100)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typical_or_unknown_says_so() {
        let bytes = ByteCount(12_300_000);
        let words = |provenance| stored_words(&Size::exactly(bytes, bytes, provenance));
        assert_eq!(
            (words(Provenance::Listed), words(Provenance::Typical)),
            ("12.3 MB".to_owned(), "~12.3 MB".to_owned())
        );
        assert_eq!(stored_words(&Size::unknown()), "unknown");
        assert_eq!((unknown_words(0), unknown_words(3)), (String::new(), " + 3 of unknown size".to_owned()));
    }

    #[test]
    fn percent_never_rounds_something_to_nothing() {
        for (part, whole, text) in [
            (0, 10, "0 %"),
            (1, 10_000, "<0.1 %"),
            (4, 1_000, "0.4 %"),
            (46, 100, "46 %"),
            (995, 1_000, "99.5 %"),
            (99_999, 100_000, ">99.9 %"),
            (7, 7, "100 %"),
            (0, 0, "0 %"),
            (1, 3, "33 %"),
            (2, 3, "67 %"),
            (1, 100, "1 %"),
        ] {
            assert_eq!(percent(part, whole), text, "{part} of {whole}");
        }
    }
}
