//! Actions: user input, and answers of effects.

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
use crate::app::state::settings::{FetchUnasked, ThemeChoice};
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

#[derive(Debug)]
pub enum Action {
    /// An unsaved plan is asked about first.
    Open(WorkspaceSource),
    PickFolder,
    FolderPicked(Option<PathBuf>),
    Reload,
    CancelWork,
    /// The user agreed to ask the package index, or a build by the workspace's own Bazel.
    FindSizes(SizeSource),
    /// Allows or forbids that the package index is asked for sizes without a click.
    SetFetchUnasked(FetchUnasked),
    /// The estimates stay.
    StopSizing,
    /// An unsaved plan is asked about first.
    ChooseApp(Label),
    /// One undo step.
    Edit(Operation),
    /// A drop hovers over a target that accepts it, or no longer does.
    Preview(Option<PlannedDrop>),
    Undo,
    Redo,
    /// One undo step.
    ChangeDependency(DependencyChange),
    /// Back to the plan in the BUILD file, as one undo step.
    Revert,
    Advice(AdviceAction),
    Bazel(BazelAction),
    Look(Look),
    SetProfile(PullProfile),
    SetCadence(Cadence),
    SetWindow(Window),
    SetPlatform(Platform),
    /// `None` counts with what the workspace's own rules do.
    SetCompression(Option<Compression>),
    SetTheme(ThemeChoice),
    /// In percent; zero follows the system.
    SetScale(u32),
    Review(ReviewAction),
    Image(ImageAction),
    /// Takes the last written change back.
    UndoOnDisk,
    SavePlan(PathBuf),
    LoadPlan(PathBuf),
    Export {
        /// The file name's ending selects the format.
        path: PathBuf,
        is_dark: bool,
        picture: Exportable,
    },
    SaveDialect {
        dialect: Dialect,
        path: PathBuf,
    },
    ShowDialog(Dialog),
    CloseDialog,
    ConfirmDiscard,
    /// Shows a notice.
    Say(String),
    DismissNotice(u64),
    /// An unsaved plan is asked about first.
    Quit,
    Answer(Answer),
}

/// Answers of effects. One of an outdated generation is dropped.
#[derive(Debug)]
pub enum Answer {
    Progress(Generation, Progress),
    Loaded(Generation, Result<Box<Loaded>, String>),
    /// Another window of the history.
    HistoryRead(Generation, Window, Result<Arc<History>, String>),
    AppOpened(Generation, Label, Result<Arc<AppModel>, AppError>),
    /// The open app with sizes, and a summary by the source that was asked.
    SizesFound(Generation, Arc<AppModel>, Option<Result<String, String>>),
    Prepared(Generation, Result<Box<Prepared>, RulesError>),
    /// The app's BUILD file after Apply, and the reason if the plan can't be written.
    TextPreviewed(Generation, Option<SourceText>, Option<Refusal>),
    ImageCompared(Generation, Result<Against, String>),
    Written(Generation, Result<Arc<Written>, String>),
    UndoneOnDisk(Generation, Result<(), String>),
    PlanSaved(PathBuf, Result<(), String>),
    /// The absolute path, or an error.
    Exported(PathBuf, Result<PathBuf, String>),
    PlanLoaded(PathBuf, Result<Plan, String>),
    /// The plan that an earlier start kept for an app.
    DraftFound(Label, Result<Option<Kept>, String>),
    /// An intermediate result.
    AdviceSoFar(Generation, Arc<Advice>),
    Advised(Generation, Arc<Advice>),
    Watched(Generation, WatchNews),
    /// The workspace was read again after a change outside.
    Refreshed(Generation, Result<Box<Refreshed>, String>),
    BazelFound(Generation, Result<FoundBazel, String>),
    /// Work broke off without an answer of its own.
    Failed(Option<Generation>, String),
}

impl From<Answer> for Action {
    fn from(answer: Answer) -> Self {
        Self::Answer(answer)
    }
}
