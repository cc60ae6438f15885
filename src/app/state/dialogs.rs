//! Dialogs.

use crate::app::state::bazel::BazelDialog;
use crate::app::state::export::Exportable;
use crate::app::state::image::ImageDialog;
use crate::app::state::review::Review;
use crate::app::state::session::WorkspaceSource;
use crate::engine::reports::evidence::Subject;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::label::Label;
use crate::rule_sets::export::Dialect;

/// What lies over the window.
#[derive(Debug)]
pub enum Dialog {
    /// A change set before it is written.
    Review(Review),
    /// Whether Bazel may run here.
    Bazel(BazelDialog),
    /// The plan beside a built image.
    Image(ImageDialog),
    /// A path to open.
    Open {
        /// What was typed so far.
        path: String,
    },
    /// An action that would lose the plan.
    Discard {
        /// What happens after a yes.
        next: Box<DiscardNext>,
    },
    /// A path to save the plan to, or to read one from.
    PlanFile {
        /// What was typed so far.
        path: String,
        /// Reading rather than saving.
        load: bool,
    },
    /// A path to write a picture to.
    Export {
        /// What was typed so far.
        path: String,
        /// Light on dark.
        is_dark: bool,
        /// What.
        picture: Exportable,
    },
    /// The plan in the words of another rule set.
    Dialect {
        /// Whose words.
        dialect: Dialect,
        /// A path to save it to, as typed so far.
        path: String,
    },
    /// A dependency to give to a target, or to take from it.
    Dependency {
        /// The target.
        target: Label,
        /// What was typed so far.
        search: String,
        /// Whether it is given.
        is_added: bool,
    },
    /// A layer for what is selected.
    Move {
        /// What was typed so far.
        search: String,
    },
    /// Every command, with search.
    Palette {
        /// What was typed so far.
        search: String,
    },
    /// Why something is in its layer, and which commits changed it.
    Reasons(Subject),
    /// The keyboard shortcuts.
    Shortcuts,
    /// Whether sizes may be asked from elsewhere.
    Sizes(SizeSource),
}

/// What was about to happen when an unsaved plan was in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiscardNext {
    /// Another workspace.
    Open(WorkspaceSource),
    /// Another app.
    ChooseApp(Label),
    /// The end of the program.
    Quit,
}
