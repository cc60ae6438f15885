//! Everything that can happen to the state: what the user does, and what effects answer.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::app::advice_state::AdviceAction;
use crate::app::advise::Advice;
use crate::app::against_image::Against;
use crate::app::app_model::{AppError, AppModel};
use crate::app::bazel_state::{BazelAction, FoundBazel};
use crate::app::compare_image::ImageAction;
use crate::app::dependency_changes::DependencyChange;
use crate::app::draft_files::Kept;
use crate::app::graph_source::GraphSource;
use crate::app::pictures::Exportable;
use crate::app::rules::{PreparedRules, RulesError};
use crate::app::rules_state::RulesAction;
use crate::app::settings::ThemeChoice;
use crate::app::state::{
    BottomTab, ColourBy, Dialog, Generation, ListOrder, Prepared, SizeSource, SourceText, WorkspaceSource,
};
use crate::app::watch::WatchNews;
use crate::graph::view::NodeFilter;
use crate::history::cost::PullProfile;
use crate::history::deploys::Cadence;
use crate::history::model::History;
use crate::history::request::Window;
use crate::jobs::Progress;
use crate::label::Label;
use crate::layers::operations::Operation;
use crate::layers::plan::{LayerId, Plan};
use crate::rewrite::dialects::Dialect;
use crate::rewrite::refusal::Refusal;
use crate::rewrite::write::Written;
use crate::size::item_sizes::Compression;
use crate::workspace::model::Workspace;
use crate::workspace::platform::Platform;

/// One thing that happens.
#[derive(Debug)]
pub enum Action {
    /// Opens a workspace; an unsaved plan is asked about first.
    Open(WorkspaceSource),
    /// Shows the platform's folder dialog.
    PickFolder,
    /// The folder dialog ended; `None` when nothing was chosen.
    FolderPicked(Option<PathBuf>),
    /// Reads the open workspace again.
    Reload,
    /// Stops what is under way.
    CancelWork,
    /// Agrees that sizes are asked from the package index, or from a build by the workspace's own Bazel.
    FindSizes(SizeSource),
    /// Stops finding out sizes; the app stays open with the estimates.
    StopSizing,
    /// Chooses an app; an unsaved plan is asked about first.
    ChooseApp(Label),
    /// Changes the plan: one undo step.
    Edit(Operation),
    /// A drop is in the air over a place that takes it, or is no more.
    Preview(Option<Operation>),
    /// One step back.
    Undo,
    /// One step forward.
    Redo,
    /// Gives a target a dependency, or takes one away: one undo step.
    ChangeDependency(DependencyChange),
    /// Back to the plan that stands in the BUILD file, as one undo step.
    Revert,
    /// Takes another plan, from a file or a suggestion, as one undo step.
    ReplacePlan(Plan),
    /// Looks for suggested groups, or does something with those that are offered.
    Advice(AdviceAction),
    /// Asks Bazel, or does something about it.
    Bazel(BazelAction),
    /// Changes what is looked at.
    Look(Look),
    /// Counts for another client.
    SetProfile(PullProfile),
    /// Deploys at other times.
    SetCadence(Cadence),
    /// Looks at more history, or less.
    SetWindow(Window),
    /// Counts for another platform.
    SetPlatform(Platform),
    /// Counts with another compression; `None` is what the workspace's own rules do.
    SetCompression(Option<Compression>),
    /// Light, dark, or as the system.
    SetTheme(ThemeChoice),
    /// Size of everything, in percent; zero means as the system says.
    SetScale(u32),
    /// Makes the change set and shows it.
    ReviewApply,
    /// Shows the diff of another file.
    ShowDiff(usize),
    /// Agrees that the named comments go, and makes the change set again.
    ConfirmDropComments,
    /// Agrees that a library which no layer needs any more goes, or stays, and makes the change set again.
    RemoveLibrary(Label, bool),
    /// Has the changed files formatted by this buildifier, or leaves them as they are, and makes the change set again.
    Format(Option<PathBuf>),
    /// Has Bazel load the result once it is written, or not.
    AskBazel(bool),
    /// Writes the change set that is shown.
    ConfirmApply,
    /// Looks at what an installation of the layer rules would change, or does it.
    Rules(RulesAction),
    /// Looks for a built image, or sets the plan beside it.
    Image(ImageAction),
    /// Takes the last written change back, on disk.
    UndoOnDisk,
    /// Saves the plan to a file.
    SavePlan(PathBuf),
    /// Reads a plan from a file.
    LoadPlan(PathBuf),
    /// Writes a picture to a file.
    Export {
        /// Where; its ending says the kind.
        path: PathBuf,
        /// Light on dark.
        is_dark: bool,
        /// What.
        picture: Exportable,
    },
    /// Writes the plan in the words of another rule set to a file.
    SaveDialect {
        /// Whose words.
        dialect: Dialect,
        /// Where.
        path: PathBuf,
    },
    /// Shows a dialog.
    ShowDialog(Dialog),
    /// Closes the dialog without doing what it offers.
    CloseDialog,
    /// Agrees to lose the plan.
    ConfirmDiscard,
    /// Says something at the window's edge that the window itself has done.
    Say(String),
    /// Takes a notice away.
    DismissNotice(u64),
    /// Ends the program; an unsaved plan is asked about first.
    Quit,
    /// An effect answered.
    Answer(Answer),
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// Selects one target alone.
    Select(Label),
    /// Adds a target to the selection, or takes it out.
    ToggleSelect(Label),
    /// Selects exactly these.
    SelectAll(Vec<Label>),
    /// Selects nothing.
    ClearSelection,
    /// Selects a layer of the stack, or none.
    SelectLayer(Option<LayerId>),
    /// Starts, goes on with, or ends (`None`) typing a layer's name.
    Rename(Option<(LayerId, String)>),
    /// Searches.
    Search(String),
    /// Opens or closes a group of the graph.
    ToggleGroup(String),
    /// Opens groups of the graph.
    OpenGroups(Vec<String>),
    /// Closes every group.
    CloseAllGroups,
    /// Shows the neighbourhood of one node alone, or everything again.
    Focus(Option<Label>),
    /// Shows source files as nodes, or not.
    ShowFiles(bool),
    /// Leaves nodes of a kind out of the graph, or shows them again.
    Hide(NodeFilter, bool),
    /// Colours nodes by something else.
    ColourBy(ColourBy),
    /// Shows something else at the bottom, or folds it away.
    Bottom(Option<BottomTab>),
    /// Shows the replay in the whole window, or no more.
    Present(bool),
    /// Orders the list of targets.
    ListOrder(ListOrder),
    /// Looks at one deploy of the replay, or at none.
    Deploy(Option<usize>),
}

/// What an effect answers. A generation that is not the latest one is dropped.
#[derive(Debug)]
pub enum Answer {
    /// How far work is.
    Progress(Generation, Progress),
    /// A workspace was read.
    Loaded(Generation, Result<Box<Loaded>, String>),
    /// Another window of the history was read.
    HistoryRead(Generation, Window, Result<Arc<History>, String>),
    /// An app is ready to be planned for.
    AppOpened(Generation, Label, Result<Arc<AppModel>, AppError>),
    /// The sizes of the open app were found out: what is known of it, with them, and what those say who were asked.
    SizesFound(Generation, Arc<AppModel>, Option<Result<String, String>>),
    /// A change set is ready, or refused.
    ChangePrepared(Generation, Result<Prepared, Refusal>),
    /// The layer rules are ready to be reviewed, or refused.
    RulesPrepared(Generation, Result<PreparedRules, RulesError>),
    /// The app's BUILD file as the plan would have it, and why it can't be written where it can't.
    TextPreviewed(Generation, Option<SourceText>, Option<Refusal>),
    /// The plan was set beside a built image, or why it could not be.
    ImageCompared(Generation, Result<Against, String>),
    /// A change set was written, or nothing was.
    Written(Generation, Result<Arc<Written>, String>),
    /// The last change was taken back, or nothing was.
    UndoneOnDisk(Generation, Result<(), String>),
    /// A plan file was written.
    PlanSaved(PathBuf, Result<(), String>),
    /// A picture or a text was written; the whole path, or why it was not.
    Exported(PathBuf, Result<PathBuf, String>),
    /// A plan file was read.
    PlanLoaded(PathBuf, Result<Plan, String>),
    /// The plan that an earlier start kept for an app, if there is one.
    DraftFound(Label, Result<Option<Kept>, String>),
    /// The best groups that were found so far.
    AdviceSoFar(Generation, Arc<Advice>),
    /// The search for groups is over.
    Advised(Generation, Arc<Advice>),
    /// Something was changed outside, or can only be looked for from time to time.
    Watched(Generation, WatchNews),
    /// The workspace was read again after a change outside.
    Refreshed(Generation, Result<Box<Refreshed>, String>),
    /// Bazel was looked for: which one it is, or why there is none.
    BazelFound(Generation, Result<FoundBazel, String>),
    /// That a workspace is trusted could not be remembered; the text says why.
    TrustNotRemembered(String),
    /// Work broke off; the text says why.
    Failed(Generation, String),
}

/// A workspace with its history.
#[derive(Debug)]
pub struct Loaded {
    /// Where it comes from.
    pub source: WorkspaceSource,
    /// Who said what its targets are.
    pub graph: GraphSource,
    /// As it was read.
    pub workspace: Arc<Workspace>,
    /// Its history.
    pub history: Arc<History>,
    /// Why there is no history.
    pub history_problem: Option<String>,
    /// What became of a write that was cut short, where there was one.
    pub recovered: Option<String>,
    /// The app to open first, where one was asked for, or why there is none.
    pub app: Option<Result<Label, String>>,
    /// When the reading began.
    pub read_at: SystemTime,
}

/// A workspace that was read again, with the app that is open.
#[derive(Debug)]
pub struct Refreshed {
    /// As it is now.
    pub workspace: Arc<Workspace>,
    /// Its history as it is now.
    pub history: Arc<History>,
    /// Why there is no history.
    pub history_problem: Option<String>,
    /// The app, or why it can't be planned for any more.
    pub app: Option<(Label, Result<Arc<AppModel>, String>)>,
    /// When the reading began.
    pub read_at: SystemTime,
}
