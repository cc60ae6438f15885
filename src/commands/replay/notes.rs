//! Notes on how to read the figures.

use crate::commands::replay::series::Replayed;
use crate::history::model::{History, HistoryStart};
use crate::rule_sets::dep_layers::macro_class::MacroClass;

pub(super) fn notes(replayed: &Replayed, history: &History) -> Vec<String> {
    let model = &replayed.model;
    let mut notes = vec![
        "The sums don't include the first pull, the base image or the certificates".to_owned(),
        "Every deploy uses today's sizes and dependencies".to_owned(),
    ];
    if let Err(why) = &model.layouts.current {
        notes.push(format!("The current layers are not known: {why}"));
    }
    if model.verdict.class != MacroClass::Partitions && !model.divides() {
        notes.push("`plan` and `suggested` need Layerwright's layer rules".to_owned());
    }
    let pending = &model.measures.deploys.pending;
    if !pending.is_empty() && pending.len() < model.measures.commits {
        let row = model.measures.commit_row(&model.contents.all);
        let waiting = pending.clone().filter(|&commit| row.get(commit)).count();
        if waiting > 0 {
            notes.push(format!("{waiting} commits that change the app come after the last deploy and are not counted"));
        }
    }
    if let HistoryStart::Shallow { boundary } = &history.start {
        notes.push(format!(
            "Shallow clone: the history before {} is missing (`git fetch --unshallow` adds it)",
            boundary.get(..10).unwrap_or(boundary)
        ));
    }
    notes.extend(model.notes.iter().cloned());
    notes
}
