//! What is to be least: a weighted sum of first pull, re-pull and unpacking, for one pull profile.

use crate::history::cost::PullProfile;

/// How much a byte of each kind counts, as whole numbers: only their ratios matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    /// A byte that a node with nothing fetches. Every partition of the same files costs the same here, so this weight
    /// only says how much the other two matter beside it.
    pub first_pull: u32,
    /// A byte that a node with the version before fetches.
    pub repull: u32,
    /// A byte of tar that is unpacked again.
    pub unpack: u32,
}

impl Default for Weights {
    /// Fetched bytes; unpacking decides where these are equal, or nearly so.
    fn default() -> Self {
        Self { first_pull: 0, repull: 100, unpack: 1 }
    }
}

/// What the advice makes least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Objective {
    /// The client that pulls.
    pub profile: PullProfile,
    /// What counts how much.
    pub weights: Weights,
}

/// A weighted sum of bytes over all deploys of a history. Exact: no history makes it overflow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cost(pub u128);

impl Cost {
    /// `(other - self) / other` in thousandths: what is saved by `self` where `other` is paid now. Negative where `self`
    /// costs more; zero where `other` costs nothing.
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

/// The parts of a cost, in bytes over all deploys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bytes {
    /// Fetched by a node with nothing.
    pub first_pull: u128,
    /// Fetched again, all deploys together.
    pub repull: u128,
    /// Unpacked again, all deploys together.
    pub unpack: u128,
}

impl Objective {
    /// The weighted sum.
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

    /// Adds one layer to `bytes`: `own` deploys change it, `at_or_below` change it or one below.
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
