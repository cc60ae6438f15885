//! Which commits are deployed, and change rows folded to one bit per deploy.
//!
//! Pull bytes depend on how often an image is deployed: ten commits in one deploy are pulled once. Pure.

use std::ops::Range;

use globset::Glob;
use thiserror::Error;

use crate::history::model::{ChangeRow, Commit, History};

/// Seconds of a day without leap seconds, as Unix time counts them.
const SECONDS_PER_DAY: i64 = 86_400;

/// When an image is deployed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cadence {
    /// At every commit.
    #[default]
    EveryCommit,
    /// At every n-th commit, counted from the oldest of the window. 0 counts as 1.
    EveryN(usize),
    /// At the last commit of each day (UTC, committer's time).
    PerDay,
    /// At each commit with a tag that matches this glob; `*` also matches `/`, as in `git tag --list`.
    Tags(String),
}

impl Cadence {
    /// When that is, as it reads after "deployed". A deploy that changes nothing of the app is none.
    #[must_use]
    pub fn meaning(&self) -> String {
        match self {
            Self::EveryCommit | Self::EveryN(0 | 1) => "at every commit that changes the app".to_owned(),
            Self::EveryN(count) => format!("every {count} commits, where they change the app"),
            Self::PerDay => "at the end of every day (UTC) that changed the app".to_owned(),
            Self::Tags(glob) => format!("at every tag `{glob}` that brings a change of the app"),
        }
    }
}

/// The deploys of a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deploys {
    /// Per deploy, oldest first: the numbers of the commits that it brings, up to and with the deployed one. Never
    /// empty, and together they are `0..` up to the last deployed commit without gaps.
    pub deploys: Vec<Range<usize>>,
    /// The commits after the last deploy, which none brings.
    pub pending: Range<usize>,
}

impl Deploys {
    /// Those that bring one of the commits in `row`; what the others bring comes with the next one.
    #[must_use]
    pub fn changing(&self, row: &ChangeRow) -> Self {
        let changed = fold(row, self);
        let mut start = self.deploys.first().map_or(self.pending.start, |first| first.start);
        let mut kept = Vec::new();
        for end in changed.ones().filter_map(|deploy| self.deploys.get(deploy)).map(|range| range.end) {
            kept.push(start..end);
            start = end;
        }
        Self { deploys: kept, pending: start..self.pending.end }
    }

    /// The number of the commit that a deploy puts into service.
    #[must_use]
    pub fn deployed_commit(&self, deploy: usize) -> Option<usize> {
        self.deploys.get(deploy)?.end.checked_sub(1)
    }
}

/// A cadence that means nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CadenceError {
    /// The glob of [`Cadence::Tags`] is malformed.
    #[error("`{glob}` is not a pattern for tags ({reason}): write one such as `v*` or `release-[0-9]*`")]
    BadGlob {
        /// As given.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// The deploys that `cadence` makes of `history`.
///
/// # Errors
/// [`CadenceError::BadGlob`] for a pattern that can't be compiled.
pub fn deploys(history: &History, cadence: &Cadence) -> Result<Deploys, CadenceError> {
    let commits = &history.commits;
    Ok(match cadence {
        Cadence::EveryCommit => grouped(commits, |_, _| true),
        Cadence::EveryN(count) => grouped(commits, |index, _| (index + 1).is_multiple_of((*count).max(1))),
        Cadence::PerDay => {
            let last_of_day = last_of_each_day(commits);
            grouped(commits, |index, _| last_of_day.get(index))
        }
        Cadence::Tags(glob) => {
            let bad =
                |error: globset::Error| CadenceError::BadGlob { glob: glob.clone(), reason: error.kind().to_string() };
            let matcher = Glob::new(glob).map_err(bad)?.compile_matcher();
            grouped(commits, |_, commit| commit.tags.iter().any(|tag| matcher.is_match(tag)))
        }
    })
}

/// One bit per deploy: whether one of its commits is marked in `row`. Commits that no deploy brings are left out.
#[must_use]
pub fn fold(row: &ChangeRow, deploys: &Deploys) -> ChangeRow {
    let mut folded = ChangeRow::default();
    for commit in row.ones() {
        // The first deploy that ends after the commit brings it.
        let deploy = deploys.deploys.partition_point(|range| range.end <= commit);
        if deploy >= deploys.deploys.len() {
            break;
        }
        folded.set(deploy);
    }
    folded
}

/// Cuts the commits after each one for which `is_deployed` holds.
fn grouped(commits: &[Commit], is_deployed: impl Fn(usize, &Commit) -> bool) -> Deploys {
    let mut deploys = Vec::new();
    let mut start = 0;
    for (index, commit) in commits.iter().enumerate() {
        if is_deployed(index, commit) {
            deploys.push(start..index + 1);
            start = index + 1;
        }
    }
    Deploys { deploys, pending: start..commits.len() }
}

/// The commits after which the day changes, and the newest. A clock that was set back does not reopen a day.
fn last_of_each_day(commits: &[Commit]) -> ChangeRow {
    let mut last = ChangeRow::default();
    let mut today = i64::MIN;
    for (index, commit) in commits.iter().enumerate() {
        let day = commit.time.div_euclid(SECONDS_PER_DAY);
        if day > today {
            if index > 0 {
                last.set(index - 1);
            }
            today = day;
        }
    }
    if !commits.is_empty() {
        last.set(commits.len() - 1);
    }
    last
}

#[cfg(test)]
mod tests {
    use std::slice;

    use proptest::prelude::*;

    use super::*;

    /// A history of commits at these hours, with these tags.
    fn history(commits: &[(i64, &[&str])]) -> History {
        History::from_named_files(commits.iter().map(|(hour, tags)| {
            let tags = tags.iter().map(|&tag| tag.to_owned()).collect();
            (Commit { time: hour * 3_600, tags, ..Commit::default() }, Vec::new())
        }))
    }

    fn row(ones: &[usize]) -> ChangeRow {
        let mut row = ChangeRow::default();
        ones.iter().for_each(|&index| row.set(index));
        row
    }

    fn check(commits: &[(i64, &[&str])], cadence: &Cadence, expected: &[Range<usize>], pending: Range<usize>) {
        let expected = Deploys { deploys: expected.to_vec(), pending };
        assert_eq!(deploys(&history(commits), cadence), Ok(expected), "{cadence:?}");
    }

    #[test]
    fn each_cadence_cuts_after_its_commits() {
        let plain: &[(i64, &[&str])] = &[(0, &[]), (1, &[]), (2, &[]), (3, &[]), (4, &[])];
        check(plain, &Cadence::EveryCommit, &[0..1, 1..2, 2..3, 3..4, 4..5], 5..5);
        check(plain, &Cadence::EveryN(2), &[0..2, 2..4], 4..5);
        check(plain, &Cadence::EveryN(0), &[0..1, 1..2, 2..3, 3..4, 4..5], 5..5);
        check(&[], &Cadence::PerDay, &[], 0..0);
    }

    #[test]
    fn a_day_ends_at_midnight_utc_and_is_not_reopened() {
        // Day 0, day 1 twice, a clock back in day 0, day 3; then a day before 1970 counts as the same stretch.
        check(
            &[(23, &[]), (24, &[]), (47, &[]), (1, &[]), (72, &[]), (-1, &[])],
            &Cadence::PerDay,
            &[0..1, 1..4, 4..6],
            6..6,
        );
    }

    #[test]
    fn tags_match_by_glob() {
        let tagged: &[(i64, &[&str])] =
            &[(0, &["v1"]), (1, &["nightly"]), (2, &["x", "app/v2"]), (3, &["v3-rc/1"]), (4, &[])];
        check(tagged, &Cadence::Tags("v*".to_owned()), &[0..1, 1..4], 4..5);
        check(tagged, &Cadence::Tags("app/*".to_owned()), slice::from_ref(&(0..3)), 3..5);
        let error = deploys(&history(tagged), &Cadence::Tags("v[".to_owned()));
        assert!(matches!(error, Err(CadenceError::BadGlob { ref glob, .. }) if glob == "v["), "{error:?}");
    }

    #[test]
    fn deploys_that_bring_nothing_are_left_to_the_next() {
        let deploys = Deploys { deploys: vec![0..2, 2..3, 3..6, 6..7], pending: 7..9 };
        let expected = Deploys { deploys: vec![0..2, 2..6], pending: 6..9 };
        assert_eq!(deploys.changing(&row(&[1, 4, 5, 8])), expected);
        assert_eq!(deploys.changing(&row(&[])), Deploys { deploys: Vec::new(), pending: 0..9 });
        assert_eq!((expected.deployed_commit(1), expected.deployed_commit(2)), (Some(5), None));
    }

    #[test]
    fn a_fold_marks_each_deploy_once_and_drops_what_is_pending() {
        let deploys = Deploys { deploys: vec![0..2, 2..3, 3..6], pending: 6..8 };
        assert_eq!(fold(&row(&[0, 1, 4, 6, 7]), &deploys), row(&[0, 2]));
        assert_eq!(fold(&row(&[]), &deploys), row(&[]));
    }

    proptest! {
        #[test]
        fn folding_agrees_with_looking_at_each_commit(marks in proptest::collection::vec(any::<bool>(), 0..200), every in 1..20_usize) {
            let times: Vec<(i64, &[&str])> = marks.iter().map(|_| (0, &[] as &[&str])).collect();
            let found = deploys(&history(&times), &Cadence::EveryN(every))?;
            let ones: Vec<usize> = (0..marks.len()).filter(|&at| marks.get(at) == Some(&true)).collect();
            let folded = fold(&row(&ones), &found);
            for (at, range) in found.deploys.iter().enumerate() {
                prop_assert_eq!(folded.get(at), ones.iter().any(|one| range.contains(one)));
            }
            prop_assert!(folded.ones().all(|at| at < found.deploys.len()));
        }
    }
}
