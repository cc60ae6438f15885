//! What a reader must know to take the figures for what they are.

use crate::commands::replay::series::Replayed;
use crate::history::model::{History, HistoryStart};
use crate::rule_sets::dep_layers::macro_class::MacroClass;

/// What a reader must know to take the figures for what they are.
pub(super) fn notes(replayed: &Replayed, history: &History) -> Vec<String> {
    let model = &replayed.model;
    let mut notes = vec![
        "The first pull comes on top of the sums; the base image and the certificates are not counted".to_owned(),
        "Every deploy is counted with the sizes and the dependencies of today".to_owned(),
    ];
    if model.verdict.class != MacroClass::Partitions {
        notes.push(format!("{}; `plan` and `suggested` hold with layer rules that partition", model.verdict.sentence));
    }
    let pending = &model.measures.deploys.pending;
    if !pending.is_empty() && pending.len() < model.measures.commits {
        let row = model.measures.commit_row(&model.contents.all);
        let waiting = pending.clone().filter(|&commit| row.get(commit)).count();
        if waiting > 0 {
            notes.push(format!("{waiting} commits that change the app come after the last deploy and are in none"));
        }
    }
    if let HistoryStart::Shallow { boundary } = &history.start {
        notes.push(format!(
            "The clone is shallow: nothing before {} is known (`git fetch --unshallow` brings it)",
            boundary.get(..10).unwrap_or(boundary)
        ));
    }
    notes.extend(model.notes.iter().cloned());
    notes
}
