//! The commits that changed a unit or a layer.

use crate::engine::app_model::AppModel;
use crate::graph::item_set::ItemSet;
use crate::label::Label;
use crate::layers::partition::Partition;
use crate::layers::why::own_items;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// By name.
    Layer(String),
    /// A target's own files, a file, a package or the interpreter.
    Unit(Label),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangingCommit {
    /// Number in the history.
    pub commit: usize,
    /// Counted from the oldest; `None` after the last deploy.
    pub deploy: Option<usize>,
    /// Sorted files and packages.
    pub changed: Vec<Label>,
}

/// `None` if the image has no such layer or unit.
#[must_use]
pub fn items_of(model: &AppModel, partition: &Partition, subject: &Subject) -> Option<ItemSet> {
    match subject {
        Subject::Layer(name) => {
            partition.layers.iter().find(|layer| layer.name == *name).map(|layer| layer.items.clone())
        }
        Subject::Unit(label) => {
            let items = own_items(&model.graph, &model.contents, label);
            (!items.is_empty()).then_some(items)
        }
    }
}

/// Newest first.
#[must_use]
pub fn changing_commits(model: &AppModel, items: &ItemSet) -> Vec<ChangingCommit> {
    let measures = &model.measures;
    let deploys = &measures.deploys.deploys;
    let commit = |commit: usize| {
        let changes = |item: &crate::graph::item_set::ItemId| {
            measures.commit_rows.get(item.index()).is_some_and(|row| row.get(commit))
        };
        let mut changed: Vec<Label> = items
            .iter()
            .filter(changes)
            .filter_map(|item| model.contents.item(item))
            .map(|item| item.label.clone())
            .collect();
        changed.sort();
        let deploy = deploys.partition_point(|range| range.end <= commit);
        ChangingCommit { commit, deploy: (deploy < deploys.len()).then_some(deploy), changed }
    };
    let mut commits: Vec<ChangingCommit> = measures.commit_row(items).ones().map(commit).collect();
    commits.reverse();
    commits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::choices::Choices;
    use crate::engine::fixture;
    use crate::history::deploys::Cadence;
    use crate::history::model::{Commit, History};

    fn changing(
        model: &AppModel,
        partition: &Partition,
        subject: &Subject,
    ) -> Vec<(usize, Option<usize>, Vec<String>)> {
        let items = items_of(model, partition, subject).unwrap();
        let commits = changing_commits(model, &items).into_iter();
        let labels = |labels: Vec<Label>| labels.iter().map(ToString::to_string).collect();
        commits.map(|commit| (commit.commit, commit.deploy, labels(commit.changed))).collect()
    }

    #[test]
    fn every_counted_commit_is_there_with_what_it_changed() {
        let design = fixture::planned();
        let partition = &design.evaluation.partition;
        let unit = |text: &str| changing(&design.model, partition, &Subject::Unit(fixture::label(text)));
        assert_eq!(unit("@pypi//:fastapi"), [(4, Some(4), vec!["@pypi//:fastapi".to_owned()])]);
        let http: Vec<usize> = unit("//libs/http:http").iter().map(|(commit, ..)| *commit).collect();
        assert_eq!(http, [8, 6, 4, 2, 0]);
        for (layer, numbers) in partition.layers.iter().zip(&design.evaluation.numbers.layers) {
            let changing = changing(&design.model, partition, &Subject::Layer(layer.name.clone()));
            assert_eq!(changing.len() as u64, numbers.row.count(), "{}", layer.name);
        }
        assert_eq!(items_of(&design.model, partition, &Subject::Layer("nowhere".to_owned())), None);
        assert_eq!(items_of(&design.model, partition, &Subject::Unit(fixture::label("//no:where"))), None);
    }

    #[test]
    fn a_commit_after_the_last_deploy_is_in_none() {
        let design = fixture::planned();
        let model = design.model.with_cadence(&fixture::history(), &Cadence::EveryN(4)).unwrap();
        let changing =
            changing(&model, &design.evaluation.partition, &Subject::Unit(fixture::label("//libs/http:http")));
        let deploys: Vec<Option<usize>> = changing.iter().map(|(_, deploy, _)| *deploy).collect();
        assert_eq!(deploys, [None, Some(1), Some(1), Some(0), Some(0)]);
    }

    #[test]
    fn a_generated_file_changes_with_what_it_is_made_from() {
        let workspace = crate::workspace::fixture::workspace(
            "//a\n genrule gen srcs=table.txt,:maker outs=made\n py_binary maker srcs=maker.py\n py_library lib srcs=made\n py_binary bin srcs=main.py deps=:lib\n release_app app binary=:bin layers=libs=:lib",
        );
        let files = [&["a/table.txt"][..], &["a/BUILD.bazel", "a/maker.py"], &["a/main.py"]];
        let history = History::from_named_files(
            files.map(|files| (Commit::default(), files.iter().map(|&file| file.to_owned()).collect())),
        );
        // The BUILD file's first commit would be the app's birth.
        let history = History { start: crate::history::model::HistoryStart::Window, ..history };
        let choices = Choices::default();
        let model = AppModel::new(&workspace, &history, &workspace.apps[0], &choices).unwrap();
        let partition = model.evaluate(&model.on_disk, &choices).partition;
        let made = vec!["//a:made".to_owned()];
        assert_eq!(changing(&model, &partition, &Subject::Unit(fixture::label("//a:lib"))), [(0, Some(0), made)]);
        assert_eq!(model.measures.deploys.deploys.len(), 2, "an edit of a BUILD file alone is no deploy");
    }
}
