//! What the state asks of the outside world. An effect is a value; who runs it is decided elsewhere.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::advice::suggest::Wish;
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

/// One thing to do outside the state.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Read a workspace and its history.
    Load {
        /// Answers carry it.
        generation: Generation,
        /// Which workspace.
        source: WorkspaceSource,
        /// Who says what its targets are.
        graph: GraphSource,
        /// The app to open first, as a person names it.
        app: Option<String>,
        /// How much history.
        window: Window,
        /// The history that was read before, where it was open already: what it holds is not read again. (And the
        /// demo is unpacked anew only when it is opened.)
        known: Option<Arc<History>>,
    },
    /// Read another window of the history.
    ReadHistory {
        /// Answers carry it.
        generation: Generation,
        /// The workspace as it was read.
        workspace: Arc<Workspace>,
        /// The history so far.
        known: Arc<History>,
        /// How much of it.
        window: Window,
    },
    /// Collect what is known of one app.
    OpenApp {
        /// Answers carry it.
        generation: Generation,
        /// The workspace.
        workspace: Arc<Workspace>,
        /// Its history.
        history: Arc<History>,
        /// Which app.
        app: Label,
        /// Dependencies that are changed already.
        changes: DependencyChanges,
        /// How numbers are counted.
        choices: Choices,
    },
    /// Find out the sizes of an app that is open.
    FindSizes {
        /// Answers carry it.
        generation: Generation,
        /// The workspace.
        workspace: Arc<Workspace>,
        /// The app, with sizes as far as they are known.
        model: Arc<AppModel>,
        /// How numbers are counted.
        choices: Choices,
        /// Who is asked first.
        ask: SizeSource,
    },
    /// Make the change set that brings the BUILD files to the plan.
    PrepareChange {
        /// Answers carry it.
        generation: Generation,
        /// The workspace as it was read.
        workspace: Arc<Workspace>,
        /// The app.
        model: Arc<AppModel>,
        /// The plan.
        plan: Plan,
        /// What the user agreed to.
        agreed: Agreed,
    },
    /// Make the change set that puts the layer rules into the workspace.
    PrepareRules {
        /// Answers carry it.
        generation: Generation,
        /// The workspace as it was read.
        workspace: Arc<Workspace>,
        /// What is wanted.
        request: RulesRequest,
    },
    /// Make the app's BUILD file as the plan would have it, to be looked at.
    PreviewText {
        /// Answers carry it.
        generation: Generation,
        /// The workspace as it was read.
        workspace: Arc<Workspace>,
        /// The app.
        model: Arc<AppModel>,
        /// The plan.
        plan: Plan,
        /// The file to show; the app's where it is `None`.
        path: Option<PathBuf>,
    },
    /// Read a built image and set the plan beside it.
    CompareImage {
        /// Answers carry it.
        generation: Generation,
        /// The workspace as it was read.
        workspace: Arc<Workspace>,
        /// What is compared.
        request: Box<ImageRequest>,
    },
    /// Show the platform's dialog for an image.
    PickImage {
        /// For a file rather than a folder.
        is_file: bool,
    },
    /// Write a change set, whole or not at all.
    Write {
        /// Answers carry it.
        generation: Generation,
        /// The workspace's root.
        root: PathBuf,
        /// What to write.
        change: ChangeSet,
        /// The Bazel that loads the result, or has it taken back.
        bazel: Option<BazelCommand>,
    },
    /// Take a written change back.
    UndoWrite {
        /// Answers carry it.
        generation: Generation,
        /// The workspace's root.
        root: PathBuf,
        /// What was written.
        written: Arc<Written>,
    },
    /// Look for groups that cost less.
    Suggest {
        /// Answers carry it.
        generation: Generation,
        /// The workspace as it was read.
        workspace: Arc<Workspace>,
        /// The app.
        model: Arc<AppModel>,
        /// What is asked for.
        wish: Wish,
    },
    /// Watch a workspace for changes that are made outside, instead of the one that was watched.
    Watch {
        /// Answers carry it.
        generation: Generation,
        /// The workspace's root.
        root: PathBuf,
        /// Changes after this moment count.
        since: SystemTime,
    },
    /// Read a workspace again after a change outside, and collect again what is known of the app.
    Refresh {
        /// Answers carry it.
        generation: Generation,
        /// What was read before.
        known: Known,
    },
    /// Look which Bazel there is, and whether this workspace is trusted. Runs nothing.
    FindBazel {
        /// Answers carry it.
        generation: Generation,
        /// The workspace's root.
        root: PathBuf,
    },
    /// Remember that the workspace with this root is trusted.
    RememberTrust(PathBuf),
    /// Stop the work of a generation.
    Cancel(Generation),
    /// Show the platform's folder dialog.
    PickFolder,
    /// Write a plan file.
    SavePlan {
        /// Where.
        path: PathBuf,
        /// The app it is for.
        model: Arc<AppModel>,
        /// The plan.
        plan: Plan,
    },
    /// Read a plan file.
    LoadPlan {
        /// Where.
        path: PathBuf,
        /// The app it is for.
        model: Arc<AppModel>,
    },
    /// Keep a plan that is not applied, in case the program ends.
    KeepDraft {
        /// The workspace's root.
        root: PathBuf,
        /// The app it is for.
        model: Arc<AppModel>,
        /// The plan.
        plan: Plan,
    },
    /// Drop what was kept.
    DropDraft {
        /// The workspace's root.
        root: PathBuf,
        /// The app it was for.
        app: Label,
    },
    /// Look for a plan that an earlier start kept.
    FindDraft {
        /// The workspace's root.
        root: PathBuf,
        /// The app.
        model: Arc<AppModel>,
    },
    /// Write a picture.
    Export {
        /// Where.
        path: PathBuf,
        /// What.
        picture: Picture,
        /// Light on dark.
        is_dark: bool,
    },
    /// Write a text to a new file.
    SaveText {
        /// Where.
        path: PathBuf,
        /// What.
        text: String,
    },
    /// Keep the settings.
    SaveSettings(Settings),
    /// End the program.
    Quit,
}
