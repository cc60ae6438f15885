//! Why something is in its layer, and the commits that changed it.

use egui::{Label, ScrollArea, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::design::Design;
use crate::engine::reports::evidence::{ChangingCommit, Subject, changing_commits, items_of};
use crate::graph::item_set::ItemSet;
use crate::history::date::date;
use crate::history::model::History;
use crate::layers::why::{Claim, why};
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{MIDDLE, body_height, set_width};
use crate::ui::theme::metrics::{SPACE_M, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// The command line lists more.
const MOST_COMMITS: usize = 200;

/// By the present plan.
pub(super) fn show(ui: &mut Ui, state: &AppState, subject: &Subject, actions: &mut Vec<Action>) {
    set_width(ui, MIDDLE);
    let palette = theme::palette(ui);
    let title = match subject {
        Subject::Layer(name) => format!("Layer {name}"),
        Subject::Unit(label) => label.to_string(),
    };
    ui.label(text::rich(&title, metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    let session = state.session.as_ref();
    let design = session.and_then(|session| session.design.as_ref());
    if let (Some(session), Some(design)) = (session, design) {
        match items_of(&design.model, &design.evaluation.partition, subject) {
            Some(items) => body(ui, design, &session.history, subject, &items),
            None => sentence(ui, "It adds no files to the image"),
        }
    }
    foot::close(ui, actions);
}

fn body(ui: &mut Ui, design: &Design, history: &History, subject: &Subject, items: &ItemSet) {
    if matches!(subject, Subject::Unit(_)) {
        claims(ui, design, items);
        ui.add_space(SPACE_M);
    }
    let commits = changing_commits(&design.model, items);
    let looked_at = design.model.measures.commits;
    let words = match commits.len() {
        0 if looked_at == 0 => "There is no history".to_owned(),
        0 => format!("None of {looked_at} commits changed it"),
        1 => format!("1 of {looked_at} commits changed it"),
        count => format!("{count} of {looked_at} commits changed it"),
    };
    sentence(ui, &words);
    ui.add_space(SPACE_XS);
    ScrollArea::vertical().max_height(body_height(ui, 420.0)).auto_shrink([false, true]).show(ui, |ui| {
        for changing in commits.iter().take(MOST_COMMITS) {
            commit(ui, history, subject, changing);
        }
        if commits.len() > MOST_COMMITS {
            sentence(ui, "Run `layerwright plan --evidence` for older ones");
        }
    });
}

/// Claims with their dependency paths.
fn claims(ui: &mut Ui, design: &Design, items: &ItemSet) {
    let found = why(&design.model.graph, &design.model.contents, &design.evaluation.partition, items);
    let Some(found) = found else { return };
    let way = |claim: &Claim| claim.path.iter().map(ToString::to_string).collect::<Vec<_>>();
    for claim in &found.held {
        sentence(ui, &format!("In layer `{}`{}", claim.name, if claim.path.is_empty() { "" } else { ", needed by" }));
        path(ui, &way(claim));
    }
    for claim in &found.wanted {
        sentence(ui, &format!("Layer `{}` above needs it too, for", claim.name));
        path(ui, &way(claim));
    }
}

/// Each label one step further in.
fn path(ui: &mut Ui, labels: &[String]) {
    let palette = theme::palette(ui);
    for (depth, label) in (1_u8..=12).zip(labels) {
        ui.horizontal(|ui| {
            ui.add_space(f32::from(depth) * SPACE_M);
            ui.add(Label::new(text::rich(label, metrics::code(), palette.text_second)).truncate());
        });
    }
}

fn sentence(ui: &mut Ui, words: &str) {
    let palette = theme::palette(ui);
    ui.add(Label::new(text::marked(words, palette.text)).wrap());
}

/// Returns `true` if only the subject itself was changed.
fn is_itself(subject: &Subject, changed: &[crate::label::Label]) -> bool {
    matches!((subject, changed), (Subject::Unit(unit), [only]) if unit == only)
}

fn commit(ui: &mut Ui, history: &History, subject: &Subject, changing: &ChangingCommit) {
    let Some(commit) = history.commits.get(changing.commit) else { return };
    let palette = theme::palette(ui);
    let short = commit.id.get(..10).unwrap_or(&commit.id);
    let first = changing.changed.iter().take(2).map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let more = changing.changed.len().saturating_sub(2);
    let what = if more > 0 { format!("{first} and {more} more") } else { first };
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = SPACE_M;
        ui.spacing_mut().interact_size.y = 0.0;
        ui.label(text::rich(&date(commit.time), metrics::body(), palette.text_second));
        ui.label(text::rich(short, metrics::code(), palette.text_second));
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(Label::new(text::rich(&commit.subject, metrics::body(), palette.text)).truncate());
            // A single subject is already named above.
            if !is_itself(subject, &changing.changed) {
                let all: Vec<String> = changing.changed.iter().take(40).map(ToString::to_string).collect();
                let response = ui.add(Label::new(text::rich(&what, metrics::small(), palette.text_second)).truncate());
                response.on_hover_text(all.join("\n"));
            }
        });
    });
    ui.add_space(SPACE_XS);
}
