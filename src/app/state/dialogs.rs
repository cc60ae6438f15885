use crate::app::state::bazel::BazelDialog;
use crate::app::state::export::Exportable;
use crate::app::state::image::ImageDialog;
use crate::app::state::review::Review;
use crate::app::state::session::WorkspaceSource;
use crate::engine::reports::evidence::Subject;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::label::Label;
use crate::rule_sets::export::Dialect;

#[derive(Debug)]
pub enum Dialog {
    Review(Review),
    /// Asks before Bazel runs.
    Bazel(BazelDialog),
    Image(ImageDialog),
    Open {
        path: String,
    },
    Discard {
        next: Box<DiscardNext>,
    },
    /// Saves or loads a plan.
    PlanFile {
        path: String,
        load: bool,
    },
    Export {
        path: String,
        is_dark: bool,
        picture: Exportable,
    },
    /// The plan, exported for another rule set.
    Dialect {
        dialect: Dialect,
        path: String,
    },
    Dependency {
        target: Label,
        search: String,
        is_added: bool,
    },
    /// Moves the selection to a layer.
    Move {
        search: String,
    },
    Palette {
        search: String,
    },
    /// Why something is in its layer, and the commits that changed it.
    Reasons(Subject),
    Shortcuts,
    /// Asks before sizes are looked up elsewhere.
    Sizes(SizeSource),
}

/// An action that an unsaved plan holds up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiscardNext {
    Open(WorkspaceSource),
    ChooseApp(Label),
    Quit,
}
