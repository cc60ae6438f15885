//! Everything that can happen to the state: what the user does, and what effects answer.

use crate::app::state::session::Loaded;
use crate::app::state::view::Look;
use crate::engine::open::read_again::Refreshed;
use std::path::PathBuf;
use std::sync::Arc;

use crate::app::state::advice::AdviceAction;
use crate::app::state::bazel::BazelAction;
use crate::app::state::bazel::FoundBazel;
use crate::app::state::dialogs::Dialog;
use crate::app::state::drop::PlannedDrop;
use crate::app::state::export::Exportable;
use crate::app::state::image::ImageAction;
use crate::app::state::review::ReviewAction;
use crate::app::state::session::WorkspaceSource;
use crate::app::state::settings::ThemeChoice;
use crate::app::state::watching::WatchNews;
use crate::app::state::work::Generation;
use crate::engine::advice::advise::Advice;
use crate::engine::app_model::{AppError, AppModel};
use crate::engine::change::dependency_changes::DependencyChange;
use crate::engine::change::planned_text::SourceText;
use crate::engine::change::prepare::Prepared;
use crate::engine::change::rules::RulesError;
use crate::engine::image::against_image::Against;
use crate::engine::kept::draft_files::Kept;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::history::cost::PullProfile;
use crate::history::deploys::Cadence;
use crate::history::model::History;
use crate::history::request::Window;
use crate::jobs::Progress;
use crate::label::Label;
use crate::layers::compression::Compression;
use crate::layers::operations::Operation;
use crate::layers::plan::Plan;
use crate::rewrite::refusal::Refusal;
use crate::rewrite::write::Written;
use crate::rule_sets::export::Dialect;
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
    /// A drop hovers over a place that accepts it, or no longer does.
    Preview(Option<PlannedDrop>),
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
    /// Reviews a change set, or writes it.
    Review(ReviewAction),
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
    Prepared(Generation, Result<Box<Prepared>, RulesError>),
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
    /// Work failed without an answer of its own; the text says why.
    Failed(Option<Generation>, String),
}

impl From<Answer> for Action {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}
