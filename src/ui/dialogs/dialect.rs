//! The plan, exported for another rule set: limits and text.

use std::path::PathBuf;

use egui::{Frame, Key, Label, ScrollArea, TextEdit, TextWrapMode, Ui};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::dialogs::Dialog;
use crate::app::update::exporting::in_dialect;
use crate::app::update::exporting::suggested_path;
use crate::rule_sets::export::{Dialect, InDialect};
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{remember_others, rest_height, set_width};
use crate::ui::icons::Icon;
use crate::ui::theme::metrics::{RADIUS_M, SPACE_M, SPACE_S};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::segments::{self, Segment};
use crate::ui::widgets::{button, text};

/// Key of the remembered height.
const KEY: &str = "dialect";
/// Maximum height of the text.
const MOST: f32 = 460.0;

pub(super) fn show(ui: &mut Ui, state: &AppState, dialect: Dialect, path: &str, actions: &mut Vec<Action>) {
    set_width(ui, 860.0);
    let palette = theme::palette(ui);
    ui.label(text::rich("Export for other rules", metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    let Some(session) = &state.session else { return };
    let (Some(app), Some(written)) = (session.open_app(), in_dialect(session, dialect)) else { return };
    let words = Dialect::ALL.map(|other| Segment { choice: other, word: other.title(), hint: other.summary() });
    if let Some(other) = segments::show(ui, "dialect", dialect, &words) {
        let path = suggested_path(&app, other);
        actions.push(Action::ShowDialog(Dialog::Dialect { dialect: other, path }));
    }
    ui.add_space(SPACE_S);
    limits(ui, dialect, &written);
    ui.add_space(SPACE_S);
    let height = rest_height(ui, KEY, MOST);
    code(ui, dialect, &written.text, height);
    ui.add_space(SPACE_S);
    ways_out(ui, dialect, path, &written, actions);
    remember_others(ui, KEY, height);
}

/// One sentence per line.
fn limits(ui: &mut Ui, dialect: Dialect, written: &InDialect) {
    let palette = theme::palette(ui);
    let mut line = |icon: Icon, ink, words: &str| {
        ui.horizontal_top(|ui| {
            text::icon(ui, icon, ink);
            ui.add(Label::new(text::marked(words, palette.text)).wrap());
        });
    };
    if written.limits.is_empty() {
        line(Icon::Ok, palette.good, &format!("{} can express the whole plan", dialect.title()));
    }
    for limit in &written.limits {
        line(Icon::Warning, palette.warning, limit);
    }
}

fn code(ui: &mut Ui, dialect: Dialect, words: &str, height: f32) {
    let palette = theme::palette(ui);
    Frame::NONE.fill(palette.ground).corner_radius(RADIUS_M).inner_margin(SPACE_M).show(ui, |ui| {
        let area = ScrollArea::both().id_salt(("dialect", dialect.as_str())).auto_shrink([false, false]);
        area.max_height(height - 2.0 * SPACE_M).show(ui, |ui| {
            let words = text::rich(words, metrics::code(), palette.text);
            ui.add(Label::new(words).wrap_mode(TextWrapMode::Extend).selectable(true));
        });
    });
}

fn ways_out(ui: &mut Ui, dialect: Dialect, path: &str, written: &InDialect, actions: &mut Vec<Action>) {
    let palette = theme::palette(ui);
    if !written.limits.is_empty() {
        let words = "What it can't express is included as comments at the top";
        ui.label(text::rich(words, metrics::small(), palette.text_third));
    }
    let mut typed = path.to_owned();
    let (mut is_copied, mut is_entered) = (false, false);
    let (mut is_saved, mut is_closed) = (false, false);
    foot::show(
        ui,
        |ui| {
            is_copied = button::secondary(ui, "Copy").clicked();
            ui.add_space(SPACE_M);
            let name = ui.label(text::rich("New file", metrics::body(), palette.text_second));
            let field = ui.add(TextEdit::singleline(&mut typed).desired_width(280.0)).labelled_by(name.id);
            if field.changed() {
                actions.push(Action::ShowDialog(Dialog::Dialect { dialect, path: typed.clone() }));
            }
            is_entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            is_saved = ui.add_enabled_ui(!typed.trim().is_empty(), |ui| button::secondary(ui, "Save")).inner.clicked();
        },
        |ui| is_closed = button::secondary(ui, "Close").clicked(),
    );
    if is_copied {
        ui.ctx().copy_text(written.commented());
        actions.push(Action::Say(format!("Text for {} copied", dialect.title())));
    }
    if (is_saved || is_entered) && !typed.trim().is_empty() {
        actions.push(Action::SaveDialect { dialect, path: PathBuf::from(typed.trim()) });
    }
    if is_closed {
        actions.push(Action::CloseDialog);
    }
}

#[cfg(test)]
mod tests {
    use egui::vec2;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::app::fixture;
    use crate::app::update::update;
    use crate::ui::commands::{Command, Subject};

    /// What the test looks at.
    struct Seen {
        state: AppState,
        copied: Vec<String>,
        effects: Vec<String>,
    }

    fn draw(ui: &mut Ui, seen: &mut Seen) {
        let mut actions = Vec::new();
        if let Some(Dialog::Dialect { dialect, path }) = &seen.state.dialog {
            show(ui, &seen.state, *dialect, path, &mut actions);
        }
        let copied = ui.output(|output| output.commands.clone());
        seen.copied.extend(copied.into_iter().filter_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text),
            _ => None,
        }));
        for action in actions {
            seen.effects.extend(update(&mut seen.state, action).iter().map(|effect| format!("{effect:?}")));
        }
    }

    fn open() -> Harness<'static, Seen> {
        let mut state = fixture::state();
        let action = Command::PlanInDialect.action(&Subject::selected(&state)).unwrap();
        assert!(update(&mut state, action).is_empty());
        let seen = Seen { state, copied: Vec::new(), effects: Vec::new() };
        let mut harness = Harness::builder()
            .with_size(vec2(1000.0, 800.0))
            .with_context_setup(theme::install)
            .build_ui_state(draw, seen);
        harness.run_steps(3);
        harness
    }

    fn press(harness: &mut Harness<'static, Seen>, name: &str) {
        harness.get_by_label(name).click();
        harness.run_steps(3);
    }

    #[test]
    fn limits_stand_above_the_text() {
        let harness = open();
        let order = harness.get_by_label_contains("Order can't be said").rect();
        let words = harness.get_by_label_contains("py_image_layer(").rect();
        assert!(order.bottom() <= words.top(), "{order} {words}");
    }

    #[test]
    fn another_dialect_is_copied_and_saved_with_its_limits() {
        let mut harness = open();
        press(&mut harness, "Dockerfile");
        assert!(harness.query_by_label_contains("COPY --from=").is_some());
        press(&mut harness, "Copy");
        let written = in_dialect(harness.state().state.session.as_ref().unwrap(), Dialect::Dockerfile).unwrap();
        assert_eq!(harness.state().copied, [written.commented()]);
        assert!(harness.state().state.notices.last().unwrap().text.contains("copied"));
        press(&mut harness, "Save");
        let [effect] = harness.state().effects.as_slice() else { panic!("{:?}", harness.state().effects) };
        assert!(effect.starts_with("SaveText") && effect.contains(".Dockerfile"), "{effect}");
        assert!(harness.state().state.dialog.is_none());
    }
}
