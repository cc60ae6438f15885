//! Figures in words, for the window and reports.

use crate::history::saving::{Saving, WHOLE};
use crate::size::model::{Provenance, Size};

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

/// Returns how far a layer's bytes may be off; `None` where there is nothing to say.
#[must_use]
pub(crate) fn range_words(size: &Size) -> Option<String> {
    let stored = size.stored().range_words().map(|words| format!("stored {words}"));
    let tar = size.tar().range_words().map(|words| format!("tar {words}"));
    let words: Vec<String> = stored.into_iter().chain(tar).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Ranges of a saving that are narrower than this, in millionths, are shown as one figure.
const NARROW: i64 = 30_000;

/// Returns `true` where a saving is shown as a range.
#[must_use]
pub(crate) fn is_wide(saving: &Saving) -> bool {
    matches!(saving, Saving::Known { least, most, .. } if most.saturating_sub(*least) >= NARROW)
}

/// Returns a saving in words: `57 % less`, `60 to 75 % less`, `3 % more`; with no percentage where unknown sizes could turn it
/// around.
#[must_use]
pub(crate) fn saving_words(saving: &Saving) -> String {
    let Saving::Known { least, likely, most } = *saving else { return "saving not known".to_owned() };
    let share = |part: i64| percent(part.unsigned_abs(), WHOLE.unsigned_abs());
    if !is_wide(saving) {
        return match likely {
            0 => "no change".to_owned(),
            1.. => format!("{} less", share(likely)),
            _ => format!("{} more", share(likely)),
        };
    }
    let span = |from: i64, to: i64| format!("{} to {}", share(from).trim_end_matches(" %"), share(to));
    match (least, most) {
        (0.., _) => format!("{} less", span(least, most)),
        (_, ..=0) => format!("{} more", span(most, least)),
        _ => format!("{} more to {} less", share(least), share(most)),
    }
}

/// Returns why there is no percentage; `None` where there is one.
#[must_use]
pub(crate) fn saving_not_known(saving: &Saving) -> Option<String> {
    match saving {
        Saving::Known { .. } => None,
        Saving::CouldTurn(unknown) => Some(format!("No percentage: {unknown} could turn it around")),
        Saving::NothingFetched => Some("No percentage: nothing is pulled again".to_owned()),
    }
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
    use crate::size::model::Unknown;

    #[test]
    fn a_saving_has_its_range_where_that_is_wide_and_no_figure_where_it_could_turn() {
        let known = |least, likely, most| saving_words(&Saving::Known { least, likely, most });
        assert_eq!(known(570_000, 575_000, 580_000), "58 % less");
        assert_eq!(known(600_000, 700_000, 750_000), "60 to 75 % less");
        assert_eq!(known(-50_000, 10_000, 100_000), "5 % more to 10 % less");
        assert_eq!(known(-100_000, -50_000, -30_000), "3 to 10 % more");
        assert_eq!((known(0, 0, 0).as_str(), known(-9, -9, -9).as_str()), ("no change", "<0.1 % more"));
        let turns = Saving::CouldTurn(Unknown { packages: 3, others: 0 });
        assert_eq!(saving_words(&turns), "saving not known");
        let why = saving_not_known(&turns).unwrap();
        assert_eq!(why, "No percentage: 3 packages of unknown size could turn it around");
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
