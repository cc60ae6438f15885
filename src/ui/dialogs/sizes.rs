//! Asks before sizes are asked from elsewhere: from the package index, or from a build by the workspace's own Bazel.

use egui::Ui;

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{NARROW, set_width};
use crate::ui::theme::metrics::SPACE_S;
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, text};

/// Draws the question.
pub(super) fn show(ui: &mut Ui, state: &AppState, source: SizeSource, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    let root = state.session.as_ref().map(|session| session.workspace.root.display().to_string()).unwrap_or_default();
    let (title, story, yes) = match source {
        SizeSource::Here | SizeSource::Index => (
            "Ask the package index for sizes?",
            "The index that the lock names, else the one that pip or uv asks, else pypi.org, hears the names of this app's \
             packages and says the lengths of their wheels and files. No wheel is downloaded. Packages from folders, \
             addresses and repositories are not named."
                .to_owned(),
            "Ask the index",
        ),
        SizeSource::Build => (
            "Build the layers with Bazel?",
            format!(
                "Bazel runs the code of {root}. It builds this app's layers with the workspace's own settings, remote \
                 execution and cache included, and their sizes are read from its build events; nothing is downloaded. Your \
                 yes is remembered: this workspace counts as trusted until `layerwright trust --forget`."
            ),
            "Trust it and build",
        ),
    };
    ui.label(text::rich(title, metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    ui.add(egui::Label::new(text::marked(&story, palette.text_second)).wrap());
    foot::show(
        ui,
        |_| {},
        |ui| {
            if button::primary(ui, yes, true).clicked() {
                actions.push(Action::FindSizes(source));
            }
            foot::leave(ui, "Not now", actions);
        },
    );
}
