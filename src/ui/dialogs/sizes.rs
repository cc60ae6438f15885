//! Asks before sizes come from the package index, or from a build by the workspace's own Bazel.

use egui::Ui;

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::settings::FetchUnasked;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::ui::dialogs::foot;
use crate::ui::dialogs::frame::{NARROW, set_width};
use crate::ui::stack::offer;
use crate::ui::theme::metrics::{SPACE_M, SPACE_S};
use crate::ui::theme::{self, metrics};
use crate::ui::widgets::segments::{self, Segment};
use crate::ui::widgets::{button, text};

pub(super) fn show(ui: &mut Ui, state: &AppState, source: SizeSource, actions: &mut Vec<Action>) {
    set_width(ui, NARROW);
    let palette = theme::palette(ui);
    let root = state.session.as_ref().map(|session| session.workspace.root.display().to_string()).unwrap_or_default();
    let design = state.session.as_ref().and_then(|session| session.design.as_ref());
    let (title, sentence, yes) = match source {
        SizeSource::Here | SizeSource::Index => (
            "Fetch sizes from the package index",
            format!(
                "{} and lists of files. Asks the index of the lock file, else that of pip or uv, else pypi.org. Nothing is \
                 downloaded, and packages from folders, URLs and repositories are left out. Answers are kept, so each \
                 package is asked for once.",
                design.map_or_else(String::new, |design| {
                    offer::sends(design.model.unsized_packages.count(), &design.model.unsized_packages.indexes)
                })
            ),
            "Fetch sizes",
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
    if source != SizeSource::Build {
        unasked(ui, state, actions);
    }
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

/// Where the index may be asked without a click.
fn unasked(ui: &mut Ui, state: &AppState, actions: &mut Vec<Action>) {
    let Some(session) = &state.session else { return };
    let palette = theme::palette(ui);
    ui.add_space(SPACE_M);
    ui.horizontal(|ui| {
        ui.label(text::rich("Fetch without asking", metrics::body(), palette.text));
        ui.add_space(SPACE_S);
        let segment = |choice, word, hint| Segment { choice, word, hint };
        let segments = [
            segment(FetchUnasked::Never, "Never", "Only when you click"),
            segment(FetchUnasked::Here, "In this workspace", "Whenever one of its apps is opened"),
            segment(FetchUnasked::Always, "Always", "Whenever an app is opened"),
        ];
        let chosen = state.settings.fetch_unasked(&session.workspace.root);
        actions.extend(segments::show(ui, "fetch unasked", chosen, &segments).map(Action::SetFetchUnasked));
    });
}
