//! Adds or removes a dependency of a target, by search or label.

use egui::{Button, Key, ScrollArea, TextEdit, Ui, vec2};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::dialogs::Dialog;
use crate::engine::change::dependency_changes::{DependencyChange, candidates, removable};
use crate::label::Label;
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{NARROW, body_height, set_width};
use crate::ui::theme::metrics::{CONTROL, SPACE_S, SPACE_XS};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

const LISTED: usize = 200;

pub(super) fn show(
    ui: &mut Ui,
    state: &AppState,
    target: &Label,
    search: &str,
    is_added: bool,
    just_opened: bool,
    actions: &mut Vec<Action>,
) {
    let Some(session) = &state.session else { return };
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    ui.label(text::rich(
        if is_added { "Add dependency" } else { "Remove dependency" },
        metrics::heading(),
        palette.text,
    ));
    ui.add(egui::Label::new(text::rich(&target.to_string(), metrics::body(), palette.text_second)).truncate());
    ui.add_space(SPACE_S);
    let mut typed = search.to_owned();
    let field = TextEdit::singleline(&mut typed).hint_text(if is_added {
        "Search libraries and packages, or type a label"
    } else {
        "Find a dependency"
    });
    let field = ui.add(field.desired_width(f32::INFINITY));
    field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Dependency"));
    if just_opened {
        field.request_focus();
    }
    if field.changed() {
        let dialog = Dialog::Dependency { target: target.clone(), search: typed.clone(), is_added };
        actions.push(Action::ShowDialog(dialog));
    }
    let all = if is_added {
        candidates(&session.workspace, target)
    } else {
        let changes = session.design.as_ref().map(|design| design.plan.changes().clone()).unwrap_or_default();
        removable(&session.workspace, &changes, target)
    };
    let found: Vec<Label> = matches(all, &typed);
    let whole = Label::parse_absolute(typed.trim()).ok().filter(|label| is_added && !found.contains(label));
    let is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let mut choice = is_entered.then(|| whole.clone().or_else(|| found.first().cloned())).flatten();
    ui.add_space(SPACE_XS);
    ScrollArea::vertical().max_height(body_height(ui, 360.0)).auto_shrink([false, true]).show(ui, |ui| {
        let width = ui.available_width();
        // Enter takes the first one.
        let mut is_first = !typed.trim().is_empty();
        let mut entry = |ui: &mut Ui, label: &Label| {
            let is_marked = std::mem::take(&mut is_first);
            if ui.add(Button::selectable(is_marked, label.to_string()).min_size(vec2(width, CONTROL))).clicked() {
                choice = Some(label.clone());
            }
        };
        whole.iter().for_each(|label| entry(ui, label));
        found.iter().take(LISTED).for_each(|label| entry(ui, label));
        if found.is_empty() && whole.is_none() {
            let words = if is_added {
                "No matches. You can also type a full label, such as @pypi//:name"
            } else {
                "No matching unconditional dependency"
            };
            ui.label(text::rich(words, metrics::body(), palette.text_third));
        } else if found.len() > LISTED {
            let words = format!("and {} more: keep typing", found.len() - LISTED);
            ui.label(text::rich(&words, metrics::body(), palette.text_third));
        }
    });
    foot::show(ui, |_| {}, |ui| foot::leave(ui, "Cancel", actions));
    if let Some(dependency) = choice {
        let change = DependencyChange { target: target.clone(), dependency, is_added };
        actions.push(Action::ChangeDependency(change));
    }
}

/// Labels with every typed word.
fn matches(labels: Vec<Label>, typed: &str) -> Vec<Label> {
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let fits = |label: &Label| {
        let label = label.to_string().to_lowercase();
        words.iter().all(|word| label.contains(word.as_str()))
    };
    labels.into_iter().filter(fits).collect()
}
