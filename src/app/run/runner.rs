//! Runs effects: on threads of their own, with progress and cancellation, and turns what they end in into answers. Does IO.

use crate::engine::kept::folders::write_options;
use crate::engine::kept::plan_files::{load_plan, save_plan};
use std::collections::{BTreeMap, BTreeSet};
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
use crate::engine::change::rules::prepare_rules;
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
use crate::jobs::{self, JobEvent, JobId, Jobs};
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::write::{Written, undo, write_change_set};
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::find::find_bazel;
use crate::workspace::bazel::process::TerminalKeys;

/// How long the program waits at its end for programs that it started; Bazel gets five seconds to stop by itself.
const LAST_WAIT: Duration = Duration::from_secs(7);

/// Runs effects and hands their answers back as actions.
pub struct Runner {
    jobs: Jobs<Option<Action>>,
    generations: BTreeMap<JobId, Generation>,
    /// Jobs that start programs.
    outside: BTreeSet<JobId>,
    drafts: DraftKeeper,
    /// Where results of evaluation are kept.
    cache: Option<PathBuf>,
    wake: Arc<dyn Fn() + Send + Sync>,
    watch: Option<Watch>,
    news: Receiver<Answer>,
    tell: Sender<Answer>,
    /// Whether the program was asked to end.
    pub quits: bool,
}

impl Runner {
    /// `wake` is called from another thread when there is something to collect. In the folder `cache` results of
    /// evaluation are kept for the next start.
    #[must_use]
    pub fn new(wake: Arc<dyn Fn() + Send + Sync>, cache: Option<PathBuf>) -> Self {
        let (tell, news) = channel();
        Self {
            jobs: Jobs::new(Arc::clone(&wake)),
            generations: BTreeMap::new(),
            outside: BTreeSet::new(),
            drafts: DraftKeeper::new(draft_files::folder()),
            cache,
            wake,
            watch: None,
            news,
            tell,
            quits: false,
        }
    }

    /// Starts one effect.
    pub fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Load { generation, source, graph, app, window, known } => {
                let is_outside = graph != GraphSource::Files;
                let cache = self.cache.clone();
                let job = self.start_job(generation, move |watch| {
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
                if is_outside {
                    self.outside.insert(job);
                }
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
                        Err(problem) => Answer::Failed(generation, problem),
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
                Some(Answer::ChangePrepared(generation, prepare(&workspace, &model, &plan, &agreed)))
            }),
            Effect::PrepareRules { generation, workspace, request } => self.start(generation, move |watch| {
                let prepared = prepare_rules(&workspace, &request, watch);
                (!watch.is_cancelled()).then_some(Answer::RulesPrepared(generation, prepared))
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
                let job = self.start_job(generation, move |watch| {
                    let written = write(&root, &change, bazel.as_ref(), watch);
                    Some(Answer::Written(generation, written.map(Arc::new)))
                });
                if is_outside {
                    self.outside.insert(job);
                }
            }
            Effect::UndoWrite { generation, root, written } => self.start(generation, move |_| {
                Some(Answer::UndoneOnDisk(
                    generation,
                    undo(&root, &written, &write_options()).map(|_| ()).map_err(|error| error.to_string()),
                ))
            }),
            Effect::Suggest { generation, workspace, model, wish } => {
                let job = self.jobs.start(move |context| {
                    let so_far = |advice| Some(Action::Answer(Answer::AdviceSoFar(generation, Arc::new(advice))));
                    let advice =
                        advise(&workspace, &model, wish, &mut |advice| context.publish(so_far(advice)), context);
                    Some(Action::Answer(Answer::Advised(generation, Arc::new(advice))))
                });
                self.generations.insert(job, generation);
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
                self.jobs.start(move |_| {
                    remember_trust(&root).err().map(|problem| Action::Answer(Answer::TrustNotRemembered(problem)))
                });
            }
            Effect::Cancel(generation) => {
                let jobs: Vec<JobId> =
                    self.generations.iter().filter(|(_, of)| **of == generation).map(|(job, _)| *job).collect();
                jobs.into_iter().for_each(|job| self.jobs.cancel(job));
            }
            Effect::PickFolder => {
                // The platform's dialog can hang or return nothing without a portal: it never holds the window up.
                self.jobs.start(|_| {
                    Some(Action::FolderPicked(rfd::FileDialog::new().set_title("Open a Bazel workspace").pick_folder()))
                });
            }
            Effect::PickImage { is_file } => {
                self.jobs.start(move |_| {
                    let dialog = rfd::FileDialog::new().set_title("A built image");
                    let picked = if is_file { dialog.pick_file() } else { dialog.pick_folder() };
                    Some(Action::Image(ImageAction::Picked(picked)))
                });
            }
            Effect::SavePlan { path, model, plan } => {
                self.jobs.start(move |_| {
                    Some(Action::Answer(Answer::PlanSaved(path.clone(), save_plan(&path, &model, &plan))))
                });
            }
            Effect::LoadPlan { path, model } => {
                self.jobs
                    .start(move |_| Some(Action::Answer(Answer::PlanLoaded(path.clone(), load_plan(&path, &model)))));
            }
            Effect::Export { path, picture, is_dark } => {
                self.jobs.start(move |_| {
                    let written = write_picture(&path, &picture, is_dark);
                    Some(Action::Answer(Answer::Exported(path, written)))
                });
            }
            Effect::SaveText { path, text } => {
                self.jobs.start(move |_| {
                    let written = write_new(&path, text.as_bytes());
                    Some(Action::Answer(Answer::Exported(path, written)))
                });
            }
            Effect::SaveSettings(settings) => {
                self.jobs.start(move |_| {
                    if let Err(problem) = settings_file::save(&settings) {
                        tracing::warn!("{problem}");
                    }
                    None
                });
            }
            Effect::KeepDraft { root, model, plan } => self.drafts.keep(root, model, plan),
            Effect::DropDraft { root, app } => self.drafts.drop_draft(root, app),
            Effect::FindDraft { root, model } => {
                self.jobs.start(move |_| {
                    let found = draft_files::find(&draft_files::folder(), &root, &model);
                    let found = found.map_err(|error| error.to_string());
                    Some(Action::Answer(Answer::DraftFound(model.app.label.clone(), found)))
                });
            }
            Effect::Quit => {
                self.drafts.settle();
                self.quits = true;
            }
        }
    }

    /// Stops what is under way and waits a little for it: a program that was started for it must not live on alone.
    pub fn end(&mut self) {
        self.jobs.cancel_all();
        let begun = Instant::now();
        while begun.elapsed() < LAST_WAIT && self.jobs.running().any(|job| self.outside.contains(&job)) {
            std::thread::sleep(Duration::from_millis(10));
            drop(self.jobs.collect());
        }
    }

    /// The answers since the last call, in order.
    pub fn collect(&mut self) -> Vec<Action> {
        let mut actions: Vec<Action> = self.news.try_iter().map(Action::Answer).collect();
        for event in self.jobs.collect() {
            match event {
                JobEvent::Progress(job, progress) => {
                    let generation = self.generations.get(&job).copied();
                    actions.extend(generation.map(|generation| Action::Answer(Answer::Progress(generation, progress))));
                }
                JobEvent::Partial(_, action) => actions.extend(action),
                JobEvent::Done(job, action) => {
                    self.generations.remove(&job);
                    self.outside.remove(&job);
                    actions.extend(action);
                }
                JobEvent::Failed(job, problem) => {
                    if let Some(generation) = self.generations.remove(&job) {
                        actions.push(Action::Answer(Answer::Failed(generation, problem)));
                    }
                }
            }
        }
        actions
    }

    /// Watches another workspace, or says why it can't.
    fn watch(&mut self, generation: Generation, root: &Path, since: SystemTime) {
        let (tell, wake) = (self.tell.clone(), Arc::clone(&self.wake));
        let started = Watch::start(root, since, move |news| {
            // Nobody listens any more when the program ends.
            tell.send(Answer::Watched(generation, news)).unwrap_or_default();
            wake();
        });
        self.watch = started.map_err(|error| tracing::warn!("changes outside are not noticed: {error}")).ok();
    }

    fn start(
        &mut self,
        generation: Generation,
        work: impl FnOnce(&dyn jobs::Watch) -> Option<Answer> + Send + 'static,
    ) {
        self.start_job(generation, work);
    }

    fn start_job(
        &mut self,
        generation: Generation,
        work: impl FnOnce(&dyn jobs::Watch) -> Option<Answer> + Send + 'static,
    ) -> JobId {
        let job = self.jobs.start(move |context| work(context).map(Action::Answer));
        self.generations.insert(job, generation);
        job
    }
}

/// What was read, with the app that was asked for.
fn opened(
    source: WorkspaceSource,
    graph: GraphSource,
    app: Option<String>,
    loaded: LoadedFolder,
    read_at: SystemTime,
) -> Loaded {
    let LoadedFolder { workspace, history, history_problem, recovered } = loaded;
    let app = app.map(|text| find_app(&workspace, &text).map(|app| app.label));
    // Without a wish the app comes first whose plan an earlier start left.
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
