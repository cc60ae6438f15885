use egui::text::{CCursor, CCursorRange};
use egui::{Align2, Id, Key, Margin, Rect, TextEdit, Ui};

use crate::app::action::Action;
use crate::app::state::view::Look;
use crate::engine::advice::advice_words::capitalised;
use crate::layers::operations::{Operation, OperationError, apply};
use crate::layers::plan::LayerId;
use crate::ui::stack::memory::StackMemory;
use crate::ui::stack::view::View;
use crate::ui::theme::metrics::SPACE_XS;
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::text;

/// `below` is the place for the reason why a name is refused.
pub(super) fn name(
    ui: &mut Ui,
    view: &View<'_>,
    id: LayerId,
    place: &Rect,
    below: &Rect,
    memory: &mut StackMemory,
    actions: &mut Vec<Action>,
) {
    match &view.state.view.renaming {
        Some((renamed, typed)) if *renamed == id => field(ui, view, id, typed, *place, *below, memory, actions),
        _ => {
            if memory.rename_focused == Some(id) {
                memory.rename_focused = None;
            }
            let palette = theme::palette(ui);
            text::paint(
                ui.painter(),
                *place,
                Align2::LEFT_CENTER,
                &view.contents.name,
                metrics::strong(),
                palette.text,
            );
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "a view's parts, each used once")]
fn field(
    ui: &mut Ui,
    view: &View<'_>,
    id: LayerId,
    typed: &str,
    place: Rect,
    below: Rect,
    memory: &mut StackMemory,
    actions: &mut Vec<Action>,
) {
    let palette = theme::palette(ui);
    let mut name = typed.to_owned();
    let rename = |name: &str| Operation::Rename { layer: id, name: name.trim().to_owned() };
    let outcome = apply(view.design.plan.present(), &view.design.model.library_names, &rename(&name));
    let problem = match outcome {
        Ok(_) | Err(OperationError::NothingToDo) => None,
        Err(OperationError::BadName { reason, .. }) => Some(capitalised(&reason)),
        Err(error) => Some(capitalised(&error.to_string())),
    };
    let edit = TextEdit::singleline(&mut name)
        .id(Id::unique(("rename", id)))
        .font(metrics::strong())
        .margin(Margin::symmetric(SPACE_XS as i8, 1))
        .text_color(if problem.is_some() { palette.bad } else { palette.text })
        .desired_width(f32::INFINITY);
    let response = ui.put(place.translate(egui::vec2(-SPACE_XS, 0.0)), edit).accessible_name("Layer name");
    let response = match &problem {
        Some(problem) => response.on_hover_text(problem),
        None => response,
    };
    if memory.rename_focused != Some(id) {
        memory.rename_focused = Some(id);
        response.request_focus();
        select_all(ui, response.id, &name);
    }
    if let Some(problem) = &problem {
        // The rest of the reason is shown on hover.
        let short = problem.split(':').next().unwrap_or_default().replace('`', "");
        text::paint(ui.painter(), below, Align2::LEFT_CENTER, &short, metrics::small(), palette.bad);
    }
    if response.changed() {
        actions.push(Action::Look(Look::Rename(Some((id, name.clone())))));
    }
    if !response.lost_focus() {
        return;
    }
    let is_cancelled = ui.input(|input| input.key_pressed(Key::Escape));
    let is_same = view.design.plan.present().group(id).is_some_and(|group| group.name == name.trim());
    if !is_cancelled && !is_same && problem.is_none() {
        actions.push(Action::Edit(rename(&name)));
    } else if problem.is_some() && ui.input(|input| input.key_pressed(Key::Enter)) {
        // The name is refused: typing goes on.
        response.request_focus();
    } else {
        actions.push(Action::Look(Look::Rename(None)));
    }
}

fn select_all(ui: &Ui, id: Id, name: &str) {
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let range = CCursorRange::two(CCursor::new(0), CCursor::new(name.chars().count()));
    state.cursor.set_char_range(Some(range));
    TextEdit::store_state(ui.ctx(), id, state);
}
