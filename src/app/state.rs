//! The state of the program: one value from which the window is drawn.
//!
//! Only `update` changes it. Nothing here draws, reads or writes.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::app::advice_state::AdviceState;
use crate::app::app_model::{AppModel, Evaluation};
use crate::app::bazel_state::BazelDialog;
use crate::app::compare_image::ImageDialog;
use crate::app::draft::DraftState;
use crate::app::evidence::Subject;
use crate::app::graph_source::GraphSource;
use crate::app::pictures::Exportable;
use crate::app::prepare::Agreed;
use crate::app::refresh::Watching;
use crate::app::rules_state::RulesDialog;
use crate::app::settings::{Choices, Settings};
use crate::app::undoable_plan::UndoablePlan;
use crate::graph::view::NodeFilter;
use crate::history::model::History;
use crate::jobs::Progress;
use crate::label::Label;
use crate::layers::operations::Operation;
use crate::layers::plan::{LayerId, Plan};
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::dialects::Dialect;
use crate::rewrite::diff::SideBySide;
use crate::rewrite::left_library::LeftLibrary;
use crate::rewrite::refusal::Refusal;
use crate::rewrite::write::Written;
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::model::Workspace;

/// Numbers the requests of one kind, so that a late answer to an earlier one is recognised and dropped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(pub u64);

/// Everything that the window shows.
#[derive(Debug, Default)]
pub struct AppState {
    /// The open workspace, if there is one.
    pub session: Option<Session>,
    /// What is under way, with its progress.
    pub work: Option<Work>,
    /// Sizes that are being found out while the app can be used already.
    pub sizing: Option<Work>,
    /// A question or a report that lies over the window.
    pub dialog: Option<Dialog>,
    /// Short messages at the window's edge, the latest last.
    pub notices: Vec<Notice>,
    /// What is looked at.
    pub view: View,
    /// The app's BUILD file, as it is or as the plan would make it; `None` until it was read.
    pub source_text: Option<SourceText>,
    /// Suggested groups for the open app.
    pub advice: Option<AdviceState>,
    /// How numbers are counted.
    pub choices: Choices,
    /// What is kept between starts.
    pub settings: Settings,
    /// What is known of changes that are made outside.
    pub watching: Watching,
    /// The latest generation handed out.
    pub(super) generation: Generation,
    /// The generation of the text that is awaited.
    pub(super) text_generation: Generation,
    /// What is kept of the plan, in case the program ends before it is applied.
    pub(super) draft: DraftState,
    /// The next notice's number.
    pub(super) next_notice: u64,
}

/// The text of a BUILD file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// Path relative to the workspace's root, with `/`.
    pub path: String,
    /// The whole text.
    pub text: Arc<str>,
    /// The line of the app's call, counted from 1; 1 in other files.
    pub line: usize,
    /// Whether it is the text that the plan would make, rather than the one on disk.
    pub is_planned: bool,
    /// The lines that the plan adds or changes, counted from 1.
    pub changed_lines: BTreeSet<usize>,
    /// Where the file's targets begin: lines, counted from 1, in their order.
    pub targets: Vec<(usize, Label)>,
}

/// Work that the user waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Whose answer is awaited.
    pub generation: Generation,
    /// What it is, such as `Reading the workspace`.
    pub title: String,
    /// How far it is.
    pub progress: Progress,
    /// Whether it can be stopped half way.
    pub can_cancel: bool,
}

/// Where a workspace comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkspaceSource {
    /// The demo that is bundled with the program.
    Demo,
    /// A folder.
    Folder(PathBuf),
}

/// One open workspace.
#[derive(Debug)]
pub struct Session {
    /// Where it comes from.
    pub source: WorkspaceSource,
    /// Who said what its targets are.
    pub graph: GraphSource,
    /// As it was read.
    pub workspace: Arc<Workspace>,
    /// Its history; empty, with the reason beside it, where there is none.
    pub history: Arc<History>,
    /// Why there is no history.
    pub history_problem: Option<String>,
    /// When its reading began: it shows every change before that.
    pub read_at: SystemTime,
    /// The app that is being planned for.
    pub design: Option<Design>,
    /// Why the app that was chosen can't be planned for.
    pub app_problem: Option<(Label, String)>,
    /// The last change that was written, for undo on disk.
    pub last_written: Option<Arc<Written>>,
    /// The plan as it was when that change was written, with its app: taking the change back leaves it to go on with.
    pub written_plan: Option<(Label, UndoablePlan)>,
}

impl Session {
    /// The app that is being planned for, or that should be.
    #[must_use]
    pub fn open_app(&self) -> Option<Label> {
        let planned = self.design.as_ref().map(|design| &design.model.app.label);
        planned.or(self.app_problem.as_ref().map(|(label, _)| label)).cloned()
    }
}

/// One app with its plan.
#[derive(Debug)]
pub struct Design {
    /// What is known of the app.
    pub model: Arc<AppModel>,
    /// The plan with its past.
    pub plan: UndoablePlan,
    /// What follows from the plan.
    pub evaluation: Evaluation,
    /// What follows from the plan that stands in the BUILD file.
    pub on_disk: Evaluation,
    /// What would follow from the drop that is in the air.
    pub preview: Option<Preview>,
    /// Why the plan can't be written, as far as that is known before Apply.
    pub refusal: Option<Refusal>,
    /// Whether its Apply is being taken back: the plan then stays, though the files say something else again.
    pub is_taken_back: bool,
}

/// A drop in the air.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// What the drop would do.
    pub operation: Operation,
    /// The plan after it.
    pub plan: Plan,
    /// What would follow.
    pub evaluation: Evaluation,
}

impl Design {
    /// The evaluation to draw: of the drop in the air if there is one, else of the plan.
    #[must_use]
    pub fn shown(&self) -> &Evaluation {
        self.preview.as_ref().map_or(&self.evaluation, |preview| &preview.evaluation)
    }

    /// The plan to draw, likewise.
    #[must_use]
    pub fn shown_plan(&self) -> &Plan {
        self.preview.as_ref().map_or_else(|| self.plan.present(), |preview| &preview.plan)
    }

    /// Whether the plan, or a dependency, differs from what stands in the BUILD files.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        !self.plan.present().same_design(&self.model.on_disk) || !self.plan.changes().is_empty()
    }
}

/// What lies over the window.
#[derive(Debug)]
pub enum Dialog {
    /// The change set, ready to be written, or the reason why there is none.
    Apply(ApplyDialog),
    /// Whether Bazel may run here.
    Bazel(BazelDialog),
    /// The plan beside a built image.
    Image(ImageDialog),
    /// The layer rules, ready to be installed, or the reason why they can't be.
    Rules(RulesDialog),
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

/// Where better sizes come from, when the user says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SizeSource {
    /// This machine alone, which needs no asking.
    #[default]
    Here,
    /// The package index.
    Index,
    /// A build by the workspace's own Bazel.
    Build,
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

/// The change set before it is written.
#[derive(Debug)]
pub struct ApplyDialog {
    /// The change with its diffs, or why there is none; `None` while it is being made.
    pub prepared: Option<Result<Prepared, Refusal>>,
    /// The file whose diff is shown.
    pub file: usize,
    /// What the user agreed to.
    pub agreed: Agreed,
}

/// A change set with its diffs.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// What would be written.
    pub change: ChangeSet,
    /// One diff per file, in the same order.
    pub diffs: Vec<SideBySide>,
    /// Why each file changes, in the same order: one sentence per edit.
    pub why: Vec<Vec<String>>,
    /// Libraries that no layer of the plan needs any more.
    pub left: Vec<LeftLibrary>,
    /// The buildifier that the user has, to be offered.
    pub buildifier: Option<PathBuf>,
    /// The Bazel that may be asked about the result; `None` where the workspace is not trusted.
    pub bazel: Option<BazelCommand>,
}

/// A short message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Identifies it.
    pub id: u64,
    /// Whether something went wrong.
    pub is_error: bool,
    /// One or two sentences.
    pub text: String,
    /// Whether it offers to take the last Apply back.
    pub offers_undo: bool,
}

/// What nodes are coloured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColourBy {
    /// The layer that holds them.
    #[default]
    Layer,
    /// How often they change.
    Churn,
    /// How many bytes they bring.
    Size,
}

/// What stands at the bottom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BottomTab {
    /// Bytes over the commits.
    #[default]
    Replay,
    /// What is worth saying.
    Findings,
    /// Suggested groups: what they cost, by the number of layers.
    Advice,
    /// The BUILD file as it would be.
    Source,
}

/// How the list of targets is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ListOrder {
    /// By the layer that holds them.
    #[default]
    Layer,
    /// By package.
    Package,
}

/// What is looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Selected targets and packages.
    pub selection: BTreeSet<Label>,
    /// Selected layer of the stack.
    pub selected_layer: Option<LayerId>,
    /// The layer whose name is being typed, with what was typed so far.
    pub renaming: Option<(LayerId, String)>,
    /// Search text.
    pub search: String,
    /// Groups of the graph that are open: package paths (`//libs/python`) and hubs (`@pypi`).
    pub expanded: BTreeSet<String>,
    /// The node whose neighbourhood alone is shown.
    pub focus: Option<Label>,
    /// Whether source files are shown as nodes.
    pub show_files: bool,
    /// Kinds of nodes that the graph leaves out.
    pub hidden: BTreeSet<NodeFilter>,
    /// What nodes are coloured by.
    pub colour_by: ColourBy,
    /// What stands at the bottom; `None` when it is folded away.
    pub bottom: Option<BottomTab>,
    /// How the list of targets is ordered.
    pub list_order: ListOrder,
    /// Whether the replay fills the window.
    pub is_presenting: bool,
    /// The deploy of the replay that is looked at, counted from the oldest.
    pub deploy: Option<usize>,
}
