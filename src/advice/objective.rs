//! The cost to minimise: a weighted sum of first pull, re-pull and unpacking for one pull profile.

use crate::history::cost::PullProfile;

/// Weights of a byte of each kind. Only their ratios matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// Constant for the same files; it only scales the other two.
    pub first_pull: u32,
    pub repull: u32,
    pub unpack: u32,
}

impl Default for Weights {
    /// Fetched bytes decide; unpacking only where these are almost equal.
    fn default() -> Self {
        Self { first_pull: 0, repull: 100, unpack: 1 }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Objective {
    pub profile: PullProfile,
    pub weights: Weights,
}

/// A weighted sum of bytes over all deploys. No history makes it overflow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cost(pub u128);

impl Cost {
    /// Returns the saving of `self` over `other` in thousandths of `other`. Negative where `self` costs more; zero
    /// where `other` is zero.
    #[must_use]
    pub fn saving_permille(self, other: Self) -> i64 {
        if other.0 == 0 {
            return 0;
        }
        let (larger, smaller, sign) = if self <= other { (other.0, self.0, 1) } else { (self.0, other.0, -1) };
        let share = (larger - smaller).saturating_mul(1_000) / other.0;
        i64::try_from(share).unwrap_or(i64::MAX).saturating_mul(sign)
    }
}

/// Bytes over all deploys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    pub first_pull: u128,
    pub repull: u128,
    pub unpack: u128,
}

impl Objective {
    #[must_use]
    pub fn of(&self, bytes: Bytes) -> Cost {
        let Weights { first_pull, repull, unpack } = self.weights;
        let weighed = |bytes: u128, weight: u32| bytes.saturating_mul(u128::from(weight));
        Cost(
            weighed(bytes.first_pull, first_pull)
                .saturating_add(weighed(bytes.repull, repull))
                .saturating_add(weighed(bytes.unpack, unpack)),
        )
    }

    /// Adds one layer: `own` deploys change it, `at_or_below` change it or one below.
    pub(super) fn add_layer(&self, bytes: &mut Bytes, compressed: u64, tar: u64, own: u64, at_or_below: u64) {
        let fetches = match self.profile {
            PullProfile::Keep | PullProfile::Reuse => own,
            PullProfile::Chain => at_or_below,
        };
        bytes.first_pull += u128::from(compressed);
        bytes.repull += u128::from(compressed) * u128::from(fetches);
        bytes.unpack += u128::from(tar) * u128::from(at_or_below);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn savings_are_shares_of_what_is_paid_now() {
        let check = |new: u128, now: u128, expected: i64| assert_eq!(Cost(new).saving_permille(Cost(now)), expected);
        check(75, 100, 250);
        check(100, 100, 0);
        check(150, 100, -500);
        check(1, 0, 0);
    }
}
