//! Unapplied plans in the user's state folder, one file per workspace and app. Does IO.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::engine::app_model::AppModel;
use crate::engine::change::dependency_changes::DependencyChange;
use crate::engine::kept::plan_files::{parse_plan, print_plan};
use crate::hex::hex;
use crate::label::Label;
use crate::layers::plan::Plan;
use crate::whole_file::write_whole;

/// How long the program's end waits for pending writes.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Error)]
#[error("{}: {reason}", path.display())]
pub(crate) struct DraftError {
    path: PathBuf,
    reason: String,
}

#[derive(Serialize, Deserialize)]
struct File {
    workspace: String,
    app: String,
    /// A plan file.
    plan: String,
    /// Missing in older files.
    #[serde(default)]
    dependencies: Vec<KeptChange>,
}

#[derive(Serialize, Deserialize)]
struct KeptChange {
    target: String,
    dependency: String,
    is_added: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub(crate) plan: Plan,
    pub(crate) changes: Vec<DependencyChange>,
}

impl From<Plan> for Kept {
    fn from(plan: Plan) -> Self {
        Self { plan, changes: Vec::new() }
    }
}

#[must_use]
pub(crate) fn folder() -> PathBuf {
    crate::engine::kept::folders::state_folder().join("drafts")
}

fn path_of(folder: &Path, root: &Path, app: &str) -> PathBuf {
    let mut hash = Sha256::new();
    hash.update(root.as_os_str().as_encoded_bytes());
    hash.update([0]);
    hash.update(app.as_bytes());
    folder.join(format!("{}.toml", hex(&hash.finalize()[..16])))
}

/// Keeps a plan and its changed dependencies.
///
/// # Errors
/// When the folder or the file can't be written.
pub(crate) fn keep(folder: &Path, root: &Path, model: &AppModel, plan: &Plan) -> Result<(), DraftError> {
    let app = model.app.label.to_string();
    let path = path_of(folder, root, &app);
    let failed = |reason: String| DraftError { path: path.clone(), reason };
    let plan = print_plan(plan, model).map_err(failed)?;
    let kept = |change: DependencyChange| KeptChange {
        target: change.target.to_string(),
        dependency: change.dependency.to_string(),
        is_added: change.is_added,
    };
    let dependencies = model.changes.iter().map(kept).collect();
    let file = File { workspace: root.to_string_lossy().into_owned(), app, plan, dependencies };
    let text = toml::to_string(&file).map_err(|error| failed(error.to_string()))?;
    write_whole(&path, text.as_bytes()).map_err(|error| failed(error.to_string()))
}

/// # Errors
/// When the file can't be removed.
pub(crate) fn drop_draft(folder: &Path, root: &Path, app: &Label) -> Result<(), DraftError> {
    let path = path_of(folder, root, &app.to_string());
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(DraftError { path, reason: error.to_string() })
        }
        _ => Ok(()),
    }
}

/// # Errors
/// When the draft can't be read.
pub(crate) fn find(folder: &Path, root: &Path, model: &AppModel) -> Result<Option<Kept>, DraftError> {
    let path = path_of(folder, root, &model.app.label.to_string());
    let failed = |reason: String| DraftError { path: path.clone(), reason };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error.to_string())),
    };
    let file: File = toml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    let plan = parse_plan(&file.plan, model).map_err(failed)?;
    let label = |text: &str| Label::parse_absolute(text).map_err(|error| failed(error.to_string()));
    let change = |kept: &KeptChange| -> Result<DependencyChange, DraftError> {
        Ok(DependencyChange {
            target: label(&kept.target)?,
            dependency: label(&kept.dependency)?,
            is_added: kept.is_added,
        })
    };
    let changes = file.dependencies.iter().map(change).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(Kept { plan, changes }))
}

/// The app whose plan was kept last. Unreadable files are ignored.
#[must_use]
pub(crate) fn latest_app(folder: &Path, root: &Path) -> Option<String> {
    let root = root.to_string_lossy();
    let entries = std::fs::read_dir(folder).ok()?;
    let drafts = entries.filter_map(Result::ok).filter_map(|entry| {
        let time = entry.metadata().and_then(|metadata| metadata.modified()).ok()?;
        let file: File = toml::from_str(&std::fs::read_to_string(entry.path()).ok()?).ok()?;
        (file.workspace == root).then_some((time, file.app))
    });
    drafts.max().map(|(_, app)| app)
}

enum Task {
    Keep { root: PathBuf, model: Arc<AppModel>, plan: Plan },
    Drop { root: PathBuf, app: Label },
    Answer(Sender<()>),
}

/// Writes drafts on its own thread, in order; of several for one app only the last.
pub(crate) struct DraftKeeper {
    tasks: Sender<Task>,
}

impl DraftKeeper {
    /// `failed` is called from the thread.
    #[must_use]
    pub(crate) fn new(folder: PathBuf, failed: impl Fn(String) + Send + 'static) -> Self {
        let (tasks, receiver) = channel();
        thread::spawn(move || serve(&folder, &receiver, &failed));
        Self { tasks }
    }

    pub(crate) fn keep(&self, root: PathBuf, model: Arc<AppModel>, plan: Plan) {
        self.tell(Task::Keep { root, model, plan });
    }

    pub(crate) fn drop_draft(&self, root: PathBuf, app: Label) {
        self.tell(Task::Drop { root, app });
    }

    /// Waits for pending writes, up to a limit.
    pub(crate) fn settle(&self) {
        let (answer, done) = channel();
        self.tell(Task::Answer(answer));
        if done.recv_timeout(PATIENCE).is_err() {
            tracing::warn!("the plan that is not applied could not be put in order in time");
        }
    }

    fn tell(&self, task: Task) {
        if self.tasks.send(task).is_err() {
            tracing::warn!("the plan that is not applied is not kept: its thread has ended");
        }
    }
}

fn serve(folder: &Path, tasks: &Receiver<Task>, failed: &dyn Fn(String)) {
    let mut next = tasks.recv().ok();
    while let Some(task) = next.take() {
        let following = tasks.try_recv().ok();
        let done = match (&task, &following) {
            // A later plan replaces an earlier one.
            (Task::Keep { root, model, .. }, Some(Task::Keep { root: later_root, model: later, .. }))
                if root == later_root && model.app.label == later.app.label =>
            {
                Ok(())
            }
            (Task::Keep { root, model, plan }, _) => keep(folder, root, model, plan),
            (Task::Drop { root, app }, _) => drop_draft(folder, root, app),
            (Task::Answer(answer), _) => {
                if answer.send(()).is_err() {
                    tracing::debug!("nobody waits for the plan to be kept any more");
                }
                Ok(())
            }
        };
        if let Err(problem) = done {
            failed(format!("Couldn't keep a copy of your plan. {problem}"));
        }
        next = following.or_else(|| tasks.recv().ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::change::dependency_changes::DependencyChanges;
    use crate::engine::fixture;

    #[test]
    fn what_is_kept_is_found_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let design = fixture::planned();
        let (root, model, plan) = (Path::new("/workspace"), &design.model, &design.plan);
        assert_eq!(find(folder.path(), root, model).unwrap(), None);
        keep(folder.path(), root, model, plan).unwrap();
        assert!(find(folder.path(), root, model).unwrap().unwrap().plan.same_design(plan));
        assert_eq!(latest_app(folder.path(), root).as_deref(), Some("//app:app"));
        assert_eq!(latest_app(folder.path(), Path::new("/other")), None);
        assert_eq!(find(folder.path(), Path::new("/other"), model).unwrap(), None);
        drop_draft(folder.path(), root, &model.app.label).unwrap();
        drop_draft(folder.path(), root, &model.app.label).unwrap();
        assert_eq!(find(folder.path(), root, model).unwrap(), None);
    }

    #[test]
    fn changed_dependencies_are_kept_too() {
        let folder = tempfile::tempdir().unwrap();
        let design = fixture::planned();
        let change = DependencyChange {
            target: fixture::label("//libs/core:core"),
            dependency: fixture::label("@pypi//:numpy"),
            is_added: true,
        };
        let plan = &design.plan;
        let changes = DependencyChanges::default().with(&fixture::workspace("py_layers"), plan, &change).unwrap();
        let model = AppModel { changes, ..AppModel::clone(&design.model) };
        let root = Path::new("/workspace");
        keep(folder.path(), root, &model, plan).unwrap();
        assert_eq!(find(folder.path(), root, &model).unwrap().unwrap().changes, [change]);
    }

    #[test]
    fn the_keeper_ends_with_the_last_wish() {
        let folder = tempfile::tempdir().unwrap();
        let design = fixture::planned();
        let keeper = DraftKeeper::new(folder.path().to_owned(), |problem| panic!("{problem}"));
        let root = PathBuf::from("/workspace");
        for _ in 0..20 {
            keeper.keep(root.clone(), Arc::clone(&design.model), Plan::default());
        }
        keeper.keep(root.clone(), Arc::clone(&design.model), design.plan.clone());
        keeper.settle();
        assert!(find(folder.path(), &root, &design.model).unwrap().unwrap().plan.same_design(&design.plan));
        keeper.drop_draft(root.clone(), design.model.app.label.clone());
        keeper.settle();
        assert_eq!(find(folder.path(), &root, &design.model).unwrap(), None);
    }

    #[test]
    fn a_file_that_is_no_draft_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let design = fixture::planned();
        let root = Path::new("/workspace");
        let path = path_of(folder.path(), root, "//app:app");
        std::fs::write(&path, "nonsense").unwrap();
        let error = find(folder.path(), root, &design.model).unwrap_err().to_string();
        assert!(error.contains(path.to_str().unwrap()), "{error}");
        assert_eq!(latest_app(folder.path(), root), None);
    }
}
