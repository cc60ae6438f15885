//! Whether a change of plan pays: what it saves on commits that the suggestion has not seen, against the one full pull that
//! every re-shuffle costs.

use crate::advice::objective::{Bytes, Cost, Objective};
use crate::byte_count::ByteCount;

/// What a layering costs in one part of the history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartFigures {
    /// Deploys of this part: commits that change the app.
    pub deploys: u64,
    /// The present groups.
    pub present: Bytes,
    /// The suggested ones.
    pub suggested: Bytes,
    /// What no layering can go below.
    pub floor: Bytes,
}

impl PartFigures {
    /// What the suggestion saves of the present cost, in thousandths.
    #[must_use]
    pub fn gain_permille(&self, objective: Objective) -> i64 {
        objective.of(self.suggested).saving_permille(objective.of(self.present))
    }
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The suggested groups pay.
    Change {
        /// Deploys after which the full pull is paid back; `None` where nothing is saved in pulled bytes.
        break_even_deploys: Option<u64>,
    },
    /// The suggestion is what is there already.
    Same,
    /// It saves less than the threshold on the commits that it has not seen: the present groups stay.
    Keep,
    /// The history says too little: fewer deploys than it takes to judge.
    TooLittleHistory,
    /// The current layers are not known, so nothing is compared with them.
    CurrentNotKnown,
}

/// Fewer deploys than this in one part say nothing about it.
pub const FEWEST_DEPLOYS: u64 = 2;

/// Judges by the newer part; `threshold_permille` is what a change must save there. Only an app that has groups has
/// something to keep: where there are none, any saving pays.
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

/// What a request costs in bytes that could be fetched meanwhile: 5 ms at 100 Mbit/s.
pub const REQUEST: ByteCount = ByteCount(64_000);

/// The best for one number of groups, as `worthwhile` looks at it; or what one more group must save.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// How many groups.
    pub groups: usize,
    /// What the next deploys are expected to cost.
    pub expected: Cost,
    /// What the deploys that it was found on did cost.
    pub seen: Cost,
}

/// The position of the number of groups that is worth it: from there on, no larger number saves, for each group that it
/// adds, `gain_permille` of the cost and what `request` says, both as expected and as seen. Without a threshold every group
/// counts that is expected to save anything. `choices` are in the order of their groups.
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
