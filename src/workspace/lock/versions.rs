//! The order of versions.

use std::cmp::Ordering;
use std::str::FromStr;

use pep440_rs::Version;

/// By PEP 440. Invalid versions come first; equal ones with different spelling (`1.0`, `1.0.0`) are ordered as text, so
/// that the order is total.
pub(super) fn compare(left: &str, right: &str) -> Ordering {
    let parsed = |text: &str| Version::from_str(text).ok();
    parsed(left).cmp(&parsed(right)).then_with(|| left.cmp(right))
}

#[cfg(test)]
mod tests {
    use super::compare;
    use std::cmp::Ordering;

    #[test]
    fn numbers_count_as_numbers_and_words_stand_first() {
        assert_eq!(compare("0.9.0", "0.27.1"), Ordering::Less);
        assert_eq!(compare("2.0", "2.0rc1"), Ordering::Greater);
        assert_eq!(compare("2.0+cpu", "2.0"), Ordering::Greater);
        assert_eq!(compare("not a version", "0.0"), Ordering::Less);
        assert_eq!(compare("1.0", "1.0.0"), Ordering::Less);
        assert_eq!(compare("1.0", "1.0"), Ordering::Equal);
    }
}
