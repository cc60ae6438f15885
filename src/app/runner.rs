//! Runs effects: on threads of their own, with progress and cancellation, and turns what they end in into answers. Does IO.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::app::action::{Action, Answer, Loaded};
use crate::app::advise::advise;
use crate::app::app_model::AppModel;
use crate::app::ask_bazel::confirm_with_bazel;
use crate::app::draft_files::{self, DraftKeeper};
use crate::app::effect::Effect;
use crate::app::find_app::find_app;
use crate::app::load::{LoadedFolder, load_demo, load_folder, read_window};
use crate::app::pictures::write_picture;
use crate::app::prepare::prepare;
use crate::app::rules::prepare_rules;
use crate::app::settings_file::{self, cache_folder, state_folder};
use crate::app::size_sources::known_sizes;
use crate::app::source_pane::preview_text;
use crate::app::state::{Generation, WorkspaceSource};
use crate::app::trust_file::remembered_trust;
use crate::jobs::{JobEvent, JobId, Jobs, Progress};
use crate::layers::plan::Plan;
use crate::layers::plan_file;
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::write::{WriteOptions, Written, undo, write_change_set};
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::bazel::process::TerminalKeys;

/// Runs effects and hands their answers back as actions.
pub struct Runner {
    jobs: Jobs<Option<Action>>,
    generations: BTreeMap<JobId, Generation>,
    drafts: DraftKeeper,
    /// Whether the program was asked to end.
    pub quits: bool,
}

impl Runner {
    /// `wake` is called from another thread when there is something to collect.
    #[must_use]
    pub fn new(wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self {
            jobs: Jobs::new(wake),
            generations: BTreeMap::new(),
            drafts: DraftKeeper::new(draft_files::folder()),
            quits: false,
        }
    }

    /// Starts one effect.
    pub fn run(&mut self, effect: Effect) {
        match effect {
            Effect::Load { generation, source, app, window, known } => {
                self.start(generation, move |progress, cancelled| {
                    let loaded = match &source {
                        WorkspaceSource::Demo => load_demo(known.is_none(), window, progress, cancelled),
                        WorkspaceSource::Folder(path) => {
                            load_folder(path, Some(window), known.as_deref(), progress, cancelled)
                        }
                    };
                    (!cancelled()).then(|| {
                        Answer::Loaded(
                            generation,
                            loaded
                                .map(|loaded| Box::new(opened(source, app, loaded)))
                                .map_err(|error| error.to_string()),
                        )
                    })
                });
            }
            Effect::ReadHistory { generation, workspace, known, window } => {
                self.start(generation, move |progress, cancelled| {
                    let read = read_window(&workspace, &known, window, progress, cancelled);
                    (!cancelled()).then_some(Answer::HistoryRead(generation, window, read.map(Arc::new)))
                });
            }
            Effect::OpenApp { generation, workspace, history, app, changes, choices } => {
                self.start(generation, move |_, cancelled| {
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
                    (!cancelled()).then_some(answer)
                })
            }
            Effect::FindSizes { generation, workspace, model, choices } => {
                self.start(generation, move |progress, cancelled| {
                    let known =
                        known_sizes(&workspace, &model, &choices, cache_folder().as_deref(), progress, cancelled);
                    let model = Arc::new(AppModel::clone(&model).with_known(&known));
                    (!cancelled()).then_some(Answer::SizesFound(generation, model))
                });
            }
            Effect::PrepareChange { generation, workspace, model, plan, agreed } => self
                .start(generation, move |_, _| {
                    Some(Answer::ChangePrepared(generation, prepare(&workspace, &model, &plan, &agreed)))
                }),
            Effect::PrepareRules { generation, workspace, request } => {
                self.start(generation, move |progress, cancelled| {
                    let prepared = prepare_rules(&workspace, &request, progress, cancelled);
                    (!cancelled()).then_some(Answer::RulesPrepared(generation, prepared))
                })
            }
            Effect::PreviewText { generation, workspace, model, plan, path } => self.start(generation, move |_, _| {
                let (text, refusal) = preview_text(&workspace, &model, &plan, path.as_deref());
                Some(Answer::TextPreviewed(generation, text, refusal))
            }),
            Effect::Write { generation, root, change, bazel } => {
                self.start(generation, move |progress, cancelled| {
                    let written = write(&root, &change, bazel.as_ref(), progress, cancelled);
                    Some(Answer::Written(generation, written.map(Arc::new)))
                });
            }
            Effect::UndoWrite { generation, root, written } => self.start(generation, move |_, _| {
                Some(Answer::UndoneOnDisk(
                    generation,
                    undo(&root, &written, &write_options()).map(|_| ()).map_err(|error| error.to_string()),
                ))
            }),
            Effect::Suggest { generation, workspace, model, wish } => {
                let job = self.jobs.start(move |context| {
                    let so_far = |advice| Some(Action::Answer(Answer::AdviceSoFar(generation, Arc::new(advice))));
                    let advice =
                        advise(&workspace, &model, wish, &mut |advice| context.publish(so_far(advice)), &|| {
                            context.is_cancelled()
                        });
                    Some(Action::Answer(Answer::Advised(generation, Arc::new(advice))))
                });
                self.generations.insert(job, generation);
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

    /// The answers since the last call, in order.
    pub fn collect(&mut self) -> Vec<Action> {
        let mut actions = Vec::new();
        for event in self.jobs.collect() {
            match event {
                JobEvent::Progress(job, progress) => {
                    let generation = self.generations.get(&job).copied();
                    actions.extend(generation.map(|generation| Action::Answer(Answer::Progress(generation, progress))));
                }
                JobEvent::Partial(_, action) => actions.extend(action),
                JobEvent::Done(job, action) => {
                    self.generations.remove(&job);
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

    fn start(
        &mut self,
        generation: Generation,
        work: impl FnOnce(&mut dyn FnMut(Progress), &dyn Fn() -> bool) -> Option<Answer> + Send + 'static,
    ) {
        let job = self.jobs.start(move |context| {
            let answer = work(&mut |progress| context.report(progress), &|| context.is_cancelled());
            answer.map(Action::Answer)
        });
        self.generations.insert(job, generation);
    }
}

/// What was read, with the app that was asked for.
fn opened(source: WorkspaceSource, app: Option<String>, loaded: LoadedFolder) -> Loaded {
    let LoadedFolder { workspace, history, history_problem, recovered } = loaded;
    let app = app.map(|text| find_app(&workspace, &text).map(|app| app.label));
    // Without a wish the app comes first whose plan an earlier start left.
    let app = app.or_else(|| {
        let left = draft_files::latest_app(&draft_files::folder(), &workspace.root)?;
        find_app(&workspace, &left).ok().map(|app| Ok(app.label))
    });
    Loaded { source, workspace: Arc::new(workspace), history: Arc::new(history), history_problem, recovered, app }
}

/// How change sets are written by this program: journals lie outside the workspace.
#[must_use]
pub fn write_options() -> WriteOptions {
    WriteOptions { state_dir: state_folder() }
}

fn write(
    root: &Path,
    change: &ChangeSet,
    bazel: Option<&BazelCommand>,
    progress: &mut dyn FnMut(Progress),
    cancelled: &dyn Fn() -> bool,
) -> Result<Written, String> {
    let written = write_change_set(root, change, &write_options()).map_err(|error| error.to_string())?;
    if let (Some(bazel), Some(workspace)) = (bazel, remembered_trust(root)) {
        confirm_with_bazel(&workspace, bazel, TerminalKeys::Apart, change, &written, progress, cancelled)?;
    }
    Ok(written)
}

fn save_plan(path: &Path, model: &AppModel, plan: &Plan) -> Result<(), String> {
    let text = plan_file::print(plan, &model.library_names).map_err(|error| error.to_string())?;
    std::fs::write(path, text).map_err(|error| error.to_string())
}

fn load_plan(path: &Path, model: &AppModel) -> Result<Plan, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    plan_file::parse(&text, &model.app.label, &model.library_names).map_err(|error| error.to_string())
}
