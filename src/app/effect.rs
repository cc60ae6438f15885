//! Effects: requests of the state to the outside world, as values.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::advice::suggest::SuggestOptions;
use crate::app::state::export::Picture;
use crate::app::state::session::WorkspaceSource;
use crate::app::state::settings::Settings;
use crate::app::state::work::Generation;
use crate::engine::app_model::AppModel;
use crate::engine::change::dependency_changes::DependencyChanges;
use crate::engine::change::prepare::Agreed;
use crate::engine::change::rules::RulesRequest;
use crate::engine::choices::Choices;
use crate::engine::image::compare_image::ImageRequest;
use crate::engine::open::graph_source::GraphSource;
use crate::engine::open::read_again::Known;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::history::model::History;
use crate::history::request::Window;
use crate::label::Label;
use crate::layers::plan::Plan;
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::write::Written;
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::model::Workspace;

#[derive(Clone, Debug)]
pub enum Effect {
    Load {
        generation: Generation,
        source: WorkspaceSource,
        graph: GraphSource,
        /// The app to open first, as typed.
        app: Option<String>,
        window: Window,
        /// The history read before, if the workspace was open: only what it lacks is read. Without it the demo is
        /// unpacked anew.
        known: Option<Arc<History>>,
    },
    ReadHistory {
        generation: Generation,
        workspace: Arc<Workspace>,
        known: Arc<History>,
        window: Window,
    },
    OpenApp {
        generation: Generation,
        workspace: Arc<Workspace>,
        history: Arc<History>,
        app: Label,
        /// Changed dependencies of the plan.
        changes: DependencyChanges,
        choices: Choices,
    },
    FindSizes {
        generation: Generation,
        workspace: Arc<Workspace>,
        model: Arc<AppModel>,
        choices: Choices,
        ask: SizeSource,
    },
    PrepareChange {
        generation: Generation,
        workspace: Arc<Workspace>,
        model: Arc<AppModel>,
        plan: Plan,
        agreed: Agreed,
    },
    PrepareRules {
        generation: Generation,
        workspace: Arc<Workspace>,
        request: RulesRequest,
    },
    /// The app's BUILD file after Apply.
    PreviewText {
        generation: Generation,
        workspace: Arc<Workspace>,
        model: Arc<AppModel>,
        plan: Plan,
        /// `None` for the app's file.
        path: Option<PathBuf>,
    },
    CompareImage {
        generation: Generation,
        workspace: Arc<Workspace>,
        request: Box<ImageRequest>,
    },
    PickImage {
        is_file: bool,
    },
    /// Writes all files or none.
    Write {
        generation: Generation,
        root: PathBuf,
        change: ChangeSet,
        /// Loads the result; if that fails, the write is undone.
        bazel: Option<BazelCommand>,
    },
    UndoWrite {
        generation: Generation,
        root: PathBuf,
        written: Arc<Written>,
    },
    Suggest {
        generation: Generation,
        workspace: Arc<Workspace>,
        model: Arc<AppModel>,
        options: SuggestOptions,
    },
    /// Watches another workspace for changes outside, instead of the current one.
    Watch {
        generation: Generation,
        root: PathBuf,
        /// Changes before this moment are ignored.
        since: SystemTime,
    },
    /// Reads a workspace and its app again after a change outside.
    Refresh {
        generation: Generation,
        known: Known,
    },
    /// Finds Bazel and the workspace's trust. Runs nothing.
    FindBazel {
        generation: Generation,
        root: PathBuf,
    },
    RememberTrust(PathBuf),
    Cancel(Generation),
    PickFolder,
    SavePlan {
        path: PathBuf,
        model: Arc<AppModel>,
        plan: Plan,
    },
    LoadPlan {
        path: PathBuf,
        model: Arc<AppModel>,
    },
    /// Keeps an unapplied plan in case the program ends.
    KeepDraft {
        root: PathBuf,
        model: Arc<AppModel>,
        plan: Plan,
    },
    DropDraft {
        root: PathBuf,
        app: Label,
    },
    /// Looks for a plan that an earlier start kept.
    FindDraft {
        root: PathBuf,
        model: Arc<AppModel>,
    },
    Export {
        path: PathBuf,
        picture: Picture,
        is_dark: bool,
    },
    SaveText {
        path: PathBuf,
        text: String,
    },
    SaveSettings(Settings),
    Quit,
}
