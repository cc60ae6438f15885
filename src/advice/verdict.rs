//! Decides if a change of plan pays: compares its saving on newer deploys with the full pull that every re-arrangement
//! costs.

use crate::advice::objective::{Bytes, Cost, Objective};
use crate::byte_count::ByteCount;
use crate::history::saving::Saving;

/// Costs in one part of the history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartFigures {
    /// Commits that change the app.
    pub deploys: u64,
    pub present: Bytes,
    pub suggested: Bytes,
    /// Theoretical minimum.
    pub floor: Bytes,
    /// What the suggestion saves of the pulled bytes, with its range; `None` before it is set against the current layers.
    pub saving: Option<Saving>,
}

impl PartFigures {
    /// Saving over the present cost, in thousandths.
    #[must_use]
    pub fn gain_permille(&self, objective: Objective) -> i64 {
        objective.of(self.suggested).saving_permille(objective.of(self.present))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Change {
        /// Deploys after which the full pull is paid back; `None` if no pulled bytes are saved.
        break_even_deploys: Option<u64>,
    },
    /// The suggestion is the present plan.
    Same,
    /// It saves less than the threshold on newer deploys.
    Keep,
    /// Too few deploys to judge.
    TooLittleHistory,
    /// The current layers are not known.
    CurrentNotKnown,
}

/// Least deploys in one part.
pub const FEWEST_DEPLOYS: u64 = 2;

/// Judges by the newer part. Without present groups any saving pays; otherwise it must reach `threshold_permille`.
#[must_use]
pub fn verdict(
    objective: Objective,
    newer: &PartFigures,
    whole: &PartFigures,
    is_same: bool,
    threshold_permille: u32,
) -> Verdict {
    if is_same {
        return Verdict::Same;
    }
    if newer.deploys < FEWEST_DEPLOYS {
        return Verdict::TooLittleHistory;
    }
    if newer.gain_permille(objective) < i64::from(threshold_permille) {
        return Verdict::Keep;
    }
    let saved = whole.present.repull.saturating_sub(whole.suggested.repull);
    let break_even = (whole.suggested.first_pull * u128::from(whole.deploys)).checked_div(saved);
    Verdict::Change { break_even_deploys: break_even.and_then(|deploys| u64::try_from(deploys + 1).ok()) }
}

/// Bytes that could be fetched in the time of a request: 5 ms at 100 Mbit/s.
pub const BYTES_PER_REQUEST: ByteCount = ByteCount(64_000);

/// The best result for one number of groups, or the least saving of one more group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub groups: usize,
    /// Of the next deploys.
    pub expected: Cost,
    /// Of the deploys it was found on.
    pub seen: Cost,
}

/// Returns the position of the last choice that is worth it: no larger one saves `gain_permille` and `request` for each
/// added group, both expected and seen. Without a threshold every group counts that is expected to save anything.
/// `choices` are sorted by number of groups.
#[must_use]
pub fn worthwhile(choices: &[Choice], gain_permille: u32, request: &Choice) -> usize {
    let saves = |from: Cost, to: Cost, request: Cost, added: usize| {
        let share = from.0.saturating_mul(u128::from(gain_permille));
        let wanted = share.max(request.0.saturating_mul(1_000)).saturating_mul(added as u128);
        to < from && (from.0 - to.0).saturating_mul(1_000) >= wanted
    };
    let pays = |from: &Choice, to: &Choice| {
        let added = to.groups.saturating_sub(from.groups);
        if gain_permille == 0 {
            return to.expected < from.expected;
        }
        saves(from.expected, to.expected, request.expected, added) && saves(from.seen, to.seen, request.seen, added)
    };
    let stays = |place: &usize| !choices.iter().skip(place + 1).any(|later| pays(&choices[*place], later));
    (0..choices.len()).find(stays).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_must_pay_for_itself() {
        let mut request = Choice::default();
        let check = |costs: &[(u128, u128)], gain: u32, request: &Choice, expected: usize| {
            let choice = |(groups, (expected, seen)): (usize, &(u128, u128))| Choice {
                groups,
                expected: Cost(*expected),
                seen: Cost(*seen),
            };
            let choices: Vec<Choice> = costs.iter().enumerate().map(choice).collect();
            assert_eq!(worthwhile(&choices, gain, request), expected, "{costs:?}");
        };
        check(&[(1_000, 1_000)], 10, &request, 0);
        check(&[(1_000, 1_000), (300, 300), (299, 299)], 10, &request, 1);
        check(&[(1_000, 1_000), (300, 300), (290, 290)], 10, &request, 2);
        // The second alone brings nothing, the third with it does.
        check(&[(1_000, 1_000), (300, 300), (299, 299), (200, 200)], 10, &request, 3);
        check(&[(1_000, 1_000), (1_000, 1_000)], 10, &request, 0);
        // Expected, but never seen: no evidence for a layer.
        check(&[(1_000, 1_000), (300, 300), (200, 300)], 10, &request, 1);
        check(&[(1_000, 1_000), (300, 300), (200, 300)], 0, &request, 2);
        // A share of next to nothing is not worth a request.
        request = Choice { groups: 1, expected: Cost(20), seen: Cost(20) };
        check(&[(1_000, 1_000), (30, 30), (15, 15)], 10, &request, 1);
        check(&[(1_000, 1_000), (300, 300), (280, 280)], 10, &request, 2);
        check(&[(1_000, 1_000), (300, 300), (299, 299)], 0, &request, 2);
    }

    #[test]
    fn a_change_must_pay_on_commits_that_it_has_not_seen() {
        let objective = Objective::default();
        let bytes = |repull: u128| Bytes { first_pull: 1_000, repull, unpack: 0 };
        let part = |present, suggested| PartFigures {
            deploys: 10,
            present: bytes(present),
            suggested: bytes(suggested),
            floor: Bytes::default(),
            saving: None,
        };
        let whole = part(10_000, 5_000);
        let check = |newer: PartFigures, expected: Verdict| {
            assert_eq!(verdict(objective, &newer, &whole, false, 50), expected);
        };
        check(part(10_000, 9_400), Verdict::Change { break_even_deploys: Some(3) });
        check(part(10_000, 9_600), Verdict::Keep);
        check(part(10_000, 12_000), Verdict::Keep);
        check(PartFigures { deploys: 1, ..part(10_000, 0) }, Verdict::TooLittleHistory);
        assert_eq!(verdict(objective, &whole, &whole, true, 50), Verdict::Same);
    }
}
