//! A count of bytes. Sums are integers, so that they are exact and independent of order.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// Sums saturate instead of wrapping: no input may make a size small by being too large.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ByteCount(pub u64);

impl ByteCount {
    pub const ZERO: Self = Self(0);

    /// `self x numerator / denominator`, rounded; zero when the denominator is zero.
    #[must_use]
    pub fn scaled(self, numerator: u64, denominator: u64) -> Self {
        if denominator == 0 {
            return Self::ZERO;
        }
        let product = u128::from(self.0) * u128::from(numerator) + u128::from(denominator) / 2;
        Self(u64::try_from(product / u128::from(denominator)).unwrap_or(u64::MAX))
    }

    #[must_use]
    pub fn times(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

impl Add for ByteCount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for ByteCount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for ByteCount {
    type Output = Self;
    /// Saturates at zero.
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Sum for ByteCount {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for ByteCount {
    /// Decimal units with three significant digits, as registries show them: `0 B`, `512 B`, `25.8 MB`, `1.02 GB`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
        if self.0 < 1_000 {
            return formatter.pad(&format!("{} B", self.0));
        }
        let mut divisor = 1_000_u64;
        let mut unit = 0;
        // 999,500 would print as "1000 kB".
        while unit + 1 < UNITS.len() && self.0 >= divisor.saturating_mul(1_000) - divisor / 2 {
            divisor = divisor.saturating_mul(1_000);
            unit += 1;
        }
        // Rounding twice would make 999,499 a thousand.
        let rounded =
            |parts: u64| (u128::from(self.0) * u128::from(parts) + u128::from(divisor) / 2) / u128::from(divisor);
        let (hundredths, tenths) = (rounded(100), rounded(10));
        let text = if hundredths < 1_000 {
            format!("{}.{:02} {}", hundredths / 100, hundredths % 100, UNITS[unit])
        } else if tenths < 1_000 {
            format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
        } else {
            format!("{} {}", rounded(1), UNITS[unit])
        };
        formatter.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_three_significant_digits() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.00 kB"),
            (10_240, "10.2 kB"),
            (999_499, "999 kB"),
            (999_500, "1.00 MB"),
            (25_800_000, "25.8 MB"),
            (1_022_000_000, "1.02 GB"),
            (99_960, "100 kB"),
            (9_996, "10.0 kB"),
        ] {
            assert_eq!(ByteCount(bytes).to_string(), text, "{bytes}");
        }
    }

    #[test]
    fn never_wraps() {
        assert_eq!(ByteCount(u64::MAX) + ByteCount(1), ByteCount(u64::MAX));
        assert_eq!(ByteCount(1) - ByteCount(2), ByteCount::ZERO);
        assert_eq!(ByteCount(100).scaled(96, 100), ByteCount(96));
        assert_eq!(ByteCount(u64::MAX).scaled(2, 1), ByteCount(u64::MAX));
        assert_eq!(ByteCount(1).scaled(1, 0), ByteCount::ZERO);
    }
}
