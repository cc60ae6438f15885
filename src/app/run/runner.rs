//! Runs effects on threads of their own and turns their results into answers. Does IO.

use crate::engine::kept::folders::write_options;
use crate::engine::kept::plan_files::{load_plan, save_plan};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use crate::app::action::{Action, Answer};
use crate::app::effect::Effect;
use crate::app::run::settings_file::{self};
use crate::app::run::watch::Watch;
use crate::app::state::bazel::FoundBazel;
use crate::app::state::image::ImageAction;
use crate::app::state::session::Loaded;
use crate::app::state::session::WorkspaceSource;
use crate::app::state::work::Generation;
use crate::app::update::exporting::write_picture;
use crate::engine::advice::advise::advise;
use crate::engine::app_model::AppModel;
use crate::engine::change::ask_bazel::confirm_with_bazel;
use crate::engine::change::planned_text::preview_text;
use crate::engine::change::prepare::prepare;
use crate::engine::change::rules::{RulesError, prepare_rules};
use crate::engine::find_app::find_app;
use crate::engine::image::compare_image::compare_image;
use crate::engine::kept::draft_files::{self, DraftKeeper};
use crate::engine::kept::folders::cache_folder;
use crate::engine::kept::new_file::write_new;
use crate::engine::kept::trust_file::{remember_trust, remembered_trust};
use crate::engine::open::graph_source::GraphSource;
use crate::engine::open::load::{LoadedFolder, load_demo, load_folder, read_window};
use crate::engine::open::read_again::read_again;
use crate::engine::sizes::asked_sizes::ask_for_sizes;
use crate::engine::sizes::known_sizes::known_sizes;
use crate::jobs::{self, JobContext, JobEvent, JobId, Jobs};
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::write::{Written, undo, write_change_set};
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::find::find_bazel;
use crate::workspace::bazel::process::TerminalKeys;

/// How long the program waits at its end for child processes; Bazel gets five seconds to stop.
const LAST_WAIT: Duration = Duration::from_secs(7);

struct Running {
    generation: Option<Generation>,
    /// It starts programs.
    is_outside: bool,
    /// Its answer if it breaks off, so that no effect ends in silence.
    failed: Box<dyn FnOnce(String) -> Answer + Send>,
}

pub struct Runner {
    jobs: Jobs<Option<Action>>,
    running: BTreeMap<JobId, Running>,
    drafts: DraftKeeper,
    /// Folder of kept evaluations.
    cache: Option<PathBuf>,
    wake: Arc<dyn Fn() + Send + Sync>,
    watch: Option<Watch>,
    news: Receiver<Answer>,
    tell: Sender<Answer>,
    pub quits: bool,
    /// For tests: every job breaks off.
    #[cfg(test)]
    breaks_off: bool,
}

impl Runner {
    /// `wake` is called from another thread when there is something to collect. In the folder `cache` results of
    /// evaluation are kept for the next start.
    #[must_use]
    pub fn new(wake: Arc<dyn Fn() + Send + Sync>, cache: Option<PathBuf>) -> Self {
        let (tell, news) = channel();
        let (tell_of_draft, wake_for_draft) = (tell.clone(), Arc::clone(&wake));
        let draft_failed = move |problem| {
            // Nobody listens any more when the program ends.
            tell_of_draft.send(Answer::Failed(None, problem)).unwrap_or_default();
            wake_for_draft();
        };
        Self {
            jobs: Jobs::new(Arc::clone(&wake)),
            running: BTreeMap::new(),
            drafts: DraftKeeper::new(draft_files::folder(), draft_failed),
            cache,
            wake,
            watch: None,
            news,
            tell,
            quits: false,
            #[cfg(test)]
            breaks_off: false,
        }
    }

    pub fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Load { generation, source, graph, app, window, known } => {
                let is_outside = graph != GraphSource::Files;
                let cache = self.cache.clone();
                self.start_outside(generation, is_outside, move |watch| {
                    let (cache, read_at) = (cache.as_deref(), SystemTime::now());
                    let loaded = match &source {
                        WorkspaceSource::Demo => load_demo(known.is_none(), &graph, window, cache, watch),
                        WorkspaceSource::Folder(path) => {
                            load_folder(path, &graph, Some(window), known.as_deref(), cache, watch)
                        }
                    };
                    (!watch.is_cancelled()).then(|| {
                        Answer::Loaded(
                            generation,
                            loaded
                                .map(|loaded| Box::new(opened(source, graph, app, loaded, read_at)))
                                .map_err(|error| error.to_string()),
                        )
                    })
                });
            }
            Effect::ReadHistory { generation, workspace, known, window } => {
                self.start(generation, move |watch| {
                    let read = read_window(&workspace, &known, window, watch);
                    (!watch.is_cancelled()).then_some(Answer::HistoryRead(generation, window, read.map(Arc::new)))
                });
            }
            Effect::OpenApp { generation, workspace, history, app, changes, choices } => {
                self.start(generation, move |watch| {
                    let workspace = changes.applied(&workspace).into_owned();
                    let found = find_app(&workspace, &app.to_string());
                    let answer = match found {
                        Ok(found) => Answer::AppOpened(
                            generation,
                            app,
                            AppModel::new(&workspace, &history, &found, &choices)
                                .map(|model| Arc::new(AppModel { changes, ..model })),
                        ),
                        Err(problem) => Answer::Failed(Some(generation), problem),
                    };
                    (!watch.is_cancelled()).then_some(answer)
                })
            }
            Effect::FindSizes { generation, workspace, model, choices, ask } => {
                self.start(generation, move |watch| {
                    let said = ask_for_sizes(&workspace, &model, &choices, ask, watch);
                    let known = known_sizes(&workspace, &model, &choices, cache_folder().as_deref(), watch);
                    let model = Arc::new(AppModel::clone(&model).with_known(&known));
                    (!watch.is_cancelled()).then_some(Answer::SizesFound(generation, model, said))
                });
            }
            Effect::PrepareChange { generation, workspace, model, plan, agreed } => self.start(generation, move |_| {
                let prepared = prepare(&workspace, &model, &plan, &agreed);
                Some(Answer::Prepared(generation, prepared.map(Box::new).map_err(RulesError::from)))
            }),
            Effect::PrepareRules { generation, workspace, request } => self.start(generation, move |watch| {
                let prepared = prepare_rules(&workspace, &request, watch);
                (!watch.is_cancelled())
                    .then(|| Answer::Prepared(generation, prepared.map(|rules| Box::new(rules.into()))))
            }),
            Effect::CompareImage { generation, workspace, request } => {
                self.start(generation, move |watch| {
                    let found = compare_image(&workspace, &request, watch);
                    (!watch.is_cancelled()).then_some(Answer::ImageCompared(generation, found))
                });
            }
            Effect::PreviewText { generation, workspace, model, plan, path } => self.start(generation, move |_| {
                let (text, refusal) = preview_text(&workspace, &model, &plan, path.as_deref());
                Some(Answer::TextPreviewed(generation, text, refusal))
            }),
            Effect::Write { generation, root, change, bazel } => {
                let is_outside = bazel.is_some();
                self.start_outside(generation, is_outside, move |watch| {
                    let written = write(&root, &change, bazel.as_ref(), watch);
                    Some(Answer::Written(generation, written.map(Arc::new)))
                });
            }
            Effect::UndoWrite { generation, root, written } => self.start(generation, move |_| {
                Some(Answer::UndoneOnDisk(
                    generation,
                    undo(&root, &written, &write_options()).map(|_| ()).map_err(|error| error.to_string()),
                ))
            }),
            Effect::Suggest { generation, workspace, model, options } => {
                let job = Running::of(generation, false);
                self.start_job(job, move |context| {
                    let so_far = |advice| Some(Action::Answer(Answer::AdviceSoFar(generation, Arc::new(advice))));
                    let advice =
                        advise(&workspace, &model, options, &mut |advice| context.publish(so_far(advice)), context);
                    Some(Action::Answer(Answer::Advised(generation, Arc::new(advice))))
                });
            }
            Effect::Watch { generation, root, since } => self.watch(generation, &root, since),
            Effect::Refresh { generation, known } => {
                let cache = self.cache.clone();
                self.start(generation, move |watch| {
                    let refreshed = read_again(known, cache.as_deref(), watch);
                    Some(Answer::Refreshed(generation, refreshed.map(Box::new)))
                });
            }
            Effect::FindBazel { generation, root } => self.start(generation, move |_| {
                let found = find_bazel(&root, None).map_err(|error| error.to_string());
                let found = found.map(|command| FoundBazel { command, trusted: remembered_trust(&root) });
                Some(Answer::BazelFound(generation, found))
            }),
            Effect::RememberTrust(root) => {
                self.start_alone(
                    |problem| Answer::Failed(None, problem),
                    move || remember_trust(&root).err().map(|problem| Answer::Failed(None, problem).into()),
                );
            }
            Effect::Cancel(generation) => {
                let jobs: Vec<JobId> = self
                    .running
                    .iter()
                    .filter(|(_, of)| of.generation == Some(generation))
                    .map(|(job, _)| *job)
                    .collect();
                jobs.into_iter().for_each(|job| self.jobs.cancel(job));
            }
            Effect::PickFolder => {
                // The platform's dialog can hang, or return nothing without a portal.
                self.start_alone(dialog_failed, || {
                    Some(Action::FolderPicked(rfd::FileDialog::new().set_title("Open a Bazel workspace").pick_folder()))
                });
            }
            Effect::PickImage { is_file } => {
                self.start_alone(dialog_failed, move || {
                    let dialog = rfd::FileDialog::new().set_title("Choose a built image");
                    let picked = if is_file { dialog.pick_file() } else { dialog.pick_folder() };
                    Some(Action::Image(ImageAction::Picked(picked)))
                });
            }
            Effect::SavePlan { path, model, plan } => {
                let to = path.clone();
                self.start_alone(
                    |problem| Answer::PlanSaved(to, Err(problem)),
                    move || {
                        let saved = save_plan(&path, &model, &plan);
                        Some(Answer::PlanSaved(path, saved).into())
                    },
                );
            }
            Effect::LoadPlan { path, model } => {
                let from = path.clone();
                self.start_alone(
                    |problem| Answer::PlanLoaded(from, Err(problem)),
                    move || {
                        let loaded = load_plan(&path, &model);
                        Some(Answer::PlanLoaded(path, loaded).into())
                    },
                );
            }
            Effect::Export { path, picture, is_dark } => {
                self.export(path, move |path| write_picture(path, &picture, is_dark));
            }
            Effect::SaveText { path, text } => self.export(path, move |path| write_new(path, text.as_bytes())),
            Effect::SaveSettings(settings) => self.start_alone(
                |problem| Answer::Failed(None, format!("Couldn't save the settings: {problem}")),
                move || settings_file::save(&settings).err().map(|problem| Answer::Failed(None, problem).into()),
            ),
            Effect::KeepDraft { root, model, plan } => self.drafts.keep(root, model, plan),
            Effect::DropDraft { root, app } => self.drafts.drop_draft(root, app),
            Effect::FindDraft { root, model } => {
                let app = model.app.label.clone();
                self.start_alone(
                    |problem| Answer::DraftFound(app, Err(problem)),
                    move || {
                        let found = draft_files::find(&draft_files::folder(), &root, &model);
                        let found = found.map_err(|error| error.to_string());
                        Some(Answer::DraftFound(model.app.label.clone(), found).into())
                    },
                );
            }
            Effect::Quit => {
                self.drafts.settle();
                self.quits = true;
            }
        }
    }

    /// Stops all work and waits for child processes, which must not outlive the program.
    pub fn end(&mut self) {
        self.jobs.cancel_all();
        let begun = Instant::now();
        while begun.elapsed() < LAST_WAIT && self.runs_programs() {
            std::thread::sleep(Duration::from_millis(10));
            drop(self.jobs.collect());
        }
    }

    fn runs_programs(&self) -> bool {
        self.jobs.running().any(|job| self.running.get(&job).is_some_and(|running| running.is_outside))
    }

    pub fn collect(&mut self) -> Vec<Action> {
        let mut actions: Vec<Action> = self.news.try_iter().map(Action::Answer).collect();
        for event in self.jobs.collect() {
            match event {
                JobEvent::Progress(job, progress) => {
                    let generation = self.running.get(&job).and_then(|running| running.generation);
                    actions.extend(generation.map(|generation| Answer::Progress(generation, progress).into()));
                }
                JobEvent::Partial(_, action) => actions.extend(action),
                JobEvent::Done(job, action) => {
                    self.running.remove(&job);
                    actions.extend(action);
                }
                JobEvent::Failed(job, problem) => {
                    let running = self.running.remove(&job);
                    actions.extend(running.map(|running| (running.failed)(problem).into()));
                }
            }
        }
        actions
    }

    fn watch(&mut self, generation: Generation, root: &Path, since: SystemTime) {
        let (tell, wake) = (self.tell.clone(), Arc::clone(&self.wake));
        let started = Watch::start(root, since, move |news| {
            // The receiver is gone when the program ends.
            tell.send(Answer::Watched(generation, news)).unwrap_or_default();
            wake();
        });
        self.watch = match started {
            Ok(watch) => Some(watch),
            Err(error) => {
                let problem = format!("Couldn't watch the workspace, so edits made outside won't show up: {error}");
                self.tell.send(Answer::Failed(None, problem)).unwrap_or_default();
                None
            }
        };
    }

    /// Starts work that is waited for.
    fn start(
        &mut self,
        generation: Generation,
        work: impl FnOnce(&dyn jobs::Watch) -> Option<Answer> + Send + 'static,
    ) {
        self.start_outside(generation, false, work);
    }

    /// Like `start`, for work that starts programs.
    fn start_outside(
        &mut self,
        generation: Generation,
        is_outside: bool,
        work: impl FnOnce(&dyn jobs::Watch) -> Option<Answer> + Send + 'static,
    ) {
        self.start_job(Running::of(generation, is_outside), move |context| work(context).map(Action::Answer));
    }

    /// Starts work that is not waited for; `failed` makes the answer if it breaks off.
    fn start_alone(
        &mut self,
        failed: impl FnOnce(String) -> Answer + Send + 'static,
        work: impl FnOnce() -> Option<Action> + Send + 'static,
    ) {
        let running = Running { generation: None, is_outside: false, failed: Box::new(failed) };
        self.start_job(running, move |_| work());
    }

    fn export(&mut self, path: PathBuf, write: impl FnOnce(&Path) -> Result<PathBuf, String> + Send + 'static) {
        let to = path.clone();
        self.start_alone(
            |problem| Answer::Exported(to, Err(problem)),
            move || {
                let written = write(&path);
                Some(Answer::Exported(path, written).into())
            },
        );
    }

    fn start_job(
        &mut self,
        running: Running,
        work: impl FnOnce(&JobContext<Option<Action>>) -> Option<Action> + Send + 'static,
    ) {
        #[cfg(test)]
        let breaks_off = self.breaks_off;
        let job = self.jobs.start(move |context| {
            #[cfg(test)]
            assert!(!breaks_off, "broken on purpose");
            work(context)
        });
        self.running.insert(job, running);
    }
}

impl Running {
    fn of(generation: Generation, is_outside: bool) -> Self {
        let failed = move |problem| Answer::Failed(Some(generation), problem);
        Self { generation: Some(generation), is_outside, failed: Box::new(failed) }
    }
}

fn dialog_failed(problem: String) -> Answer {
    Answer::Failed(None, format!("Couldn't open the file dialog: {problem}"))
}

fn opened(
    source: WorkspaceSource,
    graph: GraphSource,
    app: Option<String>,
    loaded: LoadedFolder,
    read_at: SystemTime,
) -> Loaded {
    let LoadedFolder { workspace, history, history_problem, recovered } = loaded;
    let app = app.map(|text| find_app(&workspace, &text).map(|app| app.label));
    // By default the app opens whose plan an earlier start left.
    let app = app.or_else(|| {
        let left = draft_files::latest_app(&draft_files::folder(), &workspace.root)?;
        find_app(&workspace, &left).ok().map(|app| Ok(app.label))
    });
    let (workspace, history) = (Arc::new(workspace), Arc::new(history));
    Loaded { source, graph, workspace, history, history_problem, recovered, app, read_at }
}

fn write(
    root: &Path,
    change: &ChangeSet,
    bazel: Option<&BazelCommand>,
    watch: &dyn jobs::Watch,
) -> Result<Written, String> {
    let written = write_change_set(root, change, &write_options()).map_err(|error| error.to_string())?;
    if let (Some(bazel), Some(workspace)) = (bazel, remembered_trust(root)) {
        confirm_with_bazel(&workspace, bazel, TerminalKeys::Apart, change, &written, watch)?;
    }
    Ok(written)
}

#[cfg(test)]
#[path = "runner_tests.rs"]
mod tests;
