//! A suggestion never raises a finding of our own: made-up workspaces and histories, advised and then looked at as `check`
//! would look at the plan.

use crate::advice::objective::Objective;
use crate::advice::sample::Numbers;
use crate::advice::suggest::{Evidence, SuggestOptions};
use crate::advice::verdict::Verdict;
use crate::engine::advice::advise::{Advice, advise};
use crate::engine::app_model::AppModel;
use crate::engine::choices::Choices;
use crate::graph::contents::ItemKind;
use crate::history::cost::PullProfile;
use crate::history::model::{Commit, History};
use crate::jobs::Unwatched;
use crate::layers::partition::LayerKind;
use crate::workspace::fixture;
use crate::workspace::lock::PackageName;
use crate::workspace::model::Workspace;
use proptest::prelude::{ProptestConfig, any, proptest};

/// What a plan is to blame for; the other findings are of the workspace's rules, whatever the plan.
const OF_A_PLAN: [&str; 7] =
    ["order", "tiny_layer", "empty_layer", "shadowed_group", "outside_closure", "not_visible", "too_many_layers"];

struct Case {
    packages: usize,
    libraries: usize,
    workspace: Workspace,
}

impl Case {
    fn new(numbers: &mut Numbers) -> Self {
        let (packages, libraries) = (2 + numbers.below(9) as usize, 1 + numbers.below(5) as usize);
        let mut text = String::new();
        for place in 0..packages {
            let needs: String = (0..place).filter(|_| numbers.below(5) == 0).map(|need| format!(" p{need}")).collect();
            let bytes = (1 << (12 + numbers.below(14))) + numbers.below(9_000);
            text.push_str(&format!("@pypi p{place} {bytes}{needs}\n"));
        }
        let packages_of = |numbers: &mut Numbers| -> Vec<String> {
            (0..packages).filter(|_| numbers.below(3) == 0).map(|place| format!("@pypi//:p{place}")).collect()
        };
        for place in 0..libraries {
            let mut needs = packages_of(numbers);
            needs.extend((0..place).filter(|_| numbers.below(3) == 0).map(|need| format!("//l{need}:l{need}")));
            let files: Vec<String> = (0..1 + numbers.below(30)).map(|file| format!("f{file}.py")).collect();
            text.push_str(&format!(
                "//l{place}\n py_library l{place} srcs={} deps={}\n",
                files.join(","),
                needs.join(",")
            ));
        }
        let mut needs = packages_of(numbers);
        needs.extend((0..libraries).map(|place| format!("//l{place}:l{place}")));
        text.push_str(&format!(
            "//a\n py_binary bin srcs=main.py deps={}\n release_app app binary=:bin\n",
            needs.join(",")
        ));
        Self { packages, libraries, workspace: fixture::workspace(&text) }
    }

    fn history(&self, numbers: &mut Numbers, commits: u64) -> History {
        let commit = |numbers: &mut Numbers| {
            let mut commit = Commit::default();
            let mut files = Vec::new();
            if numbers.below(3) == 0 {
                let changed = commit.changed_packages.entry("uv.lock".to_owned()).or_default();
                let one_in = 1 + numbers.below(5);
                changed.extend(
                    (0..self.packages)
                        .filter(|_| numbers.below(one_in) == 0)
                        .map(|place| PackageName::new(&format!("p{place}"))),
                );
            }
            files.extend((0..self.libraries).filter(|_| numbers.below(4) == 0).map(|place| format!("l{place}/f0.py")));
            if numbers.below(2) == 0 {
                files.push("a/main.py".to_owned());
            }
            (commit, files)
        };
        let commits: Vec<_> = (0..commits).map(|_| commit(numbers)).collect();
        History::from_named_files(commits)
    }
}

fn advised(seed: u64, commits: u64, profile: PullProfile) -> (AppModel, Choices, Advice) {
    let mut numbers = Numbers::new(seed);
    let case = Case::new(&mut numbers);
    let history = case.history(&mut numbers, commits);
    let choices = Choices { profile, ..Choices::default() };
    let model = AppModel::new(&case.workspace, &history, &case.workspace.apps[0], &choices).unwrap();
    let options =
        SuggestOptions { objective: Objective { profile, ..Objective::default() }, ..SuggestOptions::default() };
    let advice = advise(&case.workspace, &model, options, &mut |_| {}, &Unwatched);
    (model, choices, advice)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_suggestion_never_raises_a_finding_of_our_own(seed in any::<u64>(), commits in 0_u64..60) {
        for profile in [PullProfile::Keep, PullProfile::Chain] {
            let (model, choices, advice) = advised(seed, commits, profile);
            let evaluation = model.evaluate(&advice.plan, &choices);
            let raised = evaluation.findings.iter().find(|finding| OF_A_PLAN.contains(&finding.code));
            assert_eq!(raised, None, "{profile:?}: {:?}", advice.plan);
            let layers = evaluation.partition.layers.iter().filter(|layer| matches!(layer.kind, LayerKind::Dependency(_)));
            for (layer, group) in layers.zip(&advice.suggestion.groups) {
                let is_package = |item| {
                    model.contents.item(item).is_some_and(|item| matches!(item.kind, ItemKind::Package { .. }))
                };
                let packages = layer.items.iter().filter(|&item| is_package(item)).count();
                let said = match group.contents.split_once(' ') {
                    Some(("One", _)) => 1,
                    Some((count, _)) => count.parse().unwrap_or(0),
                    None => 0,
                };
                assert_eq!(said, packages, "{}", group.contents);
            }
            let whole = advice.suggestion.whole;
            let mean = crate::engine::advice::advice_words::per_deploy(whole.suggested.repull, whole.deploys);
            if let (Some(mean), Some(repull)) = (mean, evaluation.numbers.totals.repull_per_deploy) {
                assert!(repull.bytes.0.abs_diff(mean.0) <= 1, "{profile:?}: {repull} and {mean}");
            }
        }
    }

    #[test]
    fn a_thin_history_makes_few_groups(seed in any::<u64>(), commits in 0_u64..60) {
        let (_, _, advice) = advised(seed, commits, PullProfile::Keep);
        let suggestion = &advice.suggestion;
        if let Evidence::Thin { package_deploys, most_groups } = suggestion.evidence {
            assert!(package_deploys < 4 && suggestion.groups.len() <= most_groups && most_groups == 2);
        }
        if suggestion.older.deploys < 4 {
            assert_ne!(suggestion.evidence, Evidence::Enough);
        }
        // What is found is what is suggested, but for order and what is too small.
        assert!(suggestion.groups.len() <= suggestion.found.len());
        if suggestion.verdict == Verdict::Same {
            assert!(suggestion.groups.is_empty());
        }
    }
}
