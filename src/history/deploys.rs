//! Deployed commits, and change rows per deploy: ten commits in one deploy are pulled once.

use std::ops::Range;

use globset::Glob;
use thiserror::Error;

use crate::history::model::{ChangeRow, Commit, History};

const SECONDS_PER_DAY: i64 = 86_400;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cadence {
    #[default]
    EveryCommit,
    /// Counted from the oldest of the window; 0 counts as 1.
    EveryN(usize),
    /// The last commit of each day (UTC, committer's time).
    PerDay,
    /// Tags that match this glob; `*` also matches `/`, as in `git tag --list`.
    Tags(String),
}

impl Cadence {
    /// Reads after "deployed". A deploy that changes nothing of the app does not count.
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

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deploys {
    /// The commits of each deploy, oldest first, up to the deployed one. Not empty; together `0..` without gaps.
    pub deploys: Vec<Range<usize>>,
    /// Commits after the last deploy.
    pub pending: Range<usize>,
}

impl Deploys {
    /// Keeps deploys with a commit in `row`; the commits of others join the next one.
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

    #[must_use]
    pub fn deployed_commit(&self, deploy: usize) -> Option<usize> {
        self.deploys.get(deploy)?.end.checked_sub(1)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CadenceError {
    #[error("`{glob}` is not a pattern for tags ({reason}): write one such as `v*` or `release-[0-9]*`")]
    BadGlob { glob: String, reason: String },
}

/// # Errors
/// [`CadenceError::BadGlob`] for a malformed pattern.
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

/// Marks each deploy with a commit in `row`. Commits without a deploy are dropped.
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

/// Cuts after each deployed commit.
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

/// The last commit of each day, and the newest. A clock set back does not reopen a day.
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
