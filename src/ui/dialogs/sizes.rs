//! Asks before sizes come from the package index, or from a build by the workspace's own Bazel.

use egui::Ui;

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{NARROW, set_width};
use crate::ui::theme::metrics::SPACE_S;
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::{button, text};

pub(super) fn show(ui: &mut Ui, state: &AppState, source: SizeSource, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    let root = state.session.as_ref().map(|session| session.workspace.root.display().to_string()).unwrap_or_default();
    let (title, sentence, yes) = match source {
        SizeSource::Here | SizeSource::Index => (
            "Get sizes from the package index?",
            "Sends package names; receives file sizes. Asks the index of the lock file, else that of pip or uv, else \
             pypi.org. Nothing is downloaded, and packages from folders, URLs and repositories are left out."
                .to_owned(),
            "Get sizes",
        ),
        SizeSource::Build => (
            "Build the layers with Bazel?",
            format!(
                "Bazel runs code from {root}. It builds the layers of this app with the settings of the workspace, \
                 including remote execution, and reports their sizes; nothing is downloaded. This choice is saved: the \
                 workspace stays trusted until `layerwright trust --forget`."
            ),
            "Trust and build",
        ),
    };
    ui.label(text::rich(title, metrics::heading(), palette.text));
    ui.add_space(SPACE_S);
    ui.add(egui::Label::new(text::marked(&sentence, palette.text_second)).wrap());
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
