//! Every state of the window as a picture, to be looked at after a change of how it looks:
//!
//! `LAYERWRIGHT_GALLERY=FOLDER cargo test --features snapshots --test snapshots`
//!
//! `LAYERWRIGHT_GALLERY_WORKSPACE` takes another workspace than the demo, `LAYERWRIGHT_GALLERY_APP` another app of it;
//! `LAYERWRIGHT_GALLERY_LOOKS` names what is wanted (`small-light,desk-dark`), `LAYERWRIGHT_GALLERY_SCENES` likewise.

use std::path::{Path, PathBuf};

use egui::{Key, Modifiers, Theme, vec2};

use layerwright::ui::shell;

use crate::stage::{Look, Stage};
use layerwright::app::action::Action;
use layerwright::app::state::AppState;
use layerwright::app::state::advice::AdviceAction;
use layerwright::app::state::bazel::BazelAction;
use layerwright::app::state::dialogs::Dialog;
use layerwright::app::state::review::ReviewAction;
use layerwright::app::state::session::WorkspaceSource;
use layerwright::app::state::view::BottomTab;
use layerwright::app::state::view::ColourBy;
use layerwright::app::state::view::Look as LookAt;
use layerwright::app::state::work::{Generation, Work};
use layerwright::app::update::opening::start;
use layerwright::engine::reports::evidence::Subject;
use layerwright::engine::sizes::asked_sizes::SizeSource;
use layerwright::jobs::Progress;
use layerwright::label::Label;

/// Name, points, pixels per point.
const SIZES: [(&str, (f32, f32), f32); 6] = [
    ("small", (900.0, 600.0), 1.0),
    ("laptop", (1280.0, 800.0), 1.0),
    ("laptop2", (1280.0, 720.0), 2.0),
    ("desk", (2560.0, 1440.0), 1.0),
    ("wall2", (1920.0, 1080.0), 2.0),
    ("wall", (3840.0, 2160.0), 1.0),
];

/// One state, and the way there from an open app.
type Scene = (&'static str, fn(&mut Stage));

const SCENES: &[Scene] = &[
    ("main", |_| {}),
    ("expanded", |stage| {
        let groups = groups(stage);
        stage.act(Action::Look(LookAt::OpenGroups(groups)));
        stage.settle();
    }),
    ("churn", |stage| stage.act(Action::Look(LookAt::ColourBy(ColourBy::Churn)))),
    ("size", |stage| stage.act(Action::Look(LookAt::ColourBy(ColourBy::Size)))),
    ("files", |stage| {
        stage.act(Action::Look(LookAt::ShowFiles(true)));
        stage.settle();
    }),
    ("focus", |stage| {
        let label = some_target(stage);
        stage.act(Action::Look(LookAt::Focus(Some(label))));
        stage.settle();
    }),
    ("search", |stage| {
        stage.key(Modifiers::COMMAND, Key::F);
        stage.type_text("py");
        stage.settle();
    }),
    ("search-nothing", |stage| {
        stage.key(Modifiers::COMMAND, Key::F);
        stage.type_text("zzz");
        stage.settle();
    }),
    ("suggested", |stage| {
        suggest(stage);
    }),
    ("layers", |stage| {
        suggest(stage);
        stage.act(AdviceAction::AcceptAll.into());
        stage.settle();
    }),
    ("layers-open", |stage| {
        suggest(stage);
        stage.act(AdviceAction::AcceptAll.into());
        stage.settle();
        stage.press("Show units of app");
        let names = dependency_layers(stage);
        for name in names {
            stage.press(&format!("Show units of {name}"));
        }
        stage.press("held by layers below");
    }),
    ("renaming", |stage| {
        stage.press("Add layer");
        stage.settle();
        let Some((id, _)) = first_layer(stage) else { return };
        stage.act(Action::Look(LookAt::Rename(Some((id, "no name!".to_owned())))));
    }),
    ("drag-yes", |stage| {
        let labels = packages(stage, 3);
        stage.act(Action::Look(LookAt::SelectAll(labels.clone())));
        drag(stage, &labels, "Add layer");
    }),
    ("drag-no", |stage| {
        let labels = packages(stage, 3);
        stage.act(Action::Look(LookAt::SelectAll(labels.clone())));
        drag(stage, &labels, "Layer interpreter");
    }),
    ("packages", |stage| {
        stage.press("Package");
    }),
    ("replay-hover", |stage| {
        let size = stage.size();
        stage.hover(egui::pos2(size.x * 0.6, size.y - 90.0));
    }),
    ("deploy", |stage| stage.act(Action::Look(LookAt::Deploy(Some(1))))),
    ("present", |stage| stage.act(Action::Look(LookAt::Present(true)))),
    ("present-deploy", |stage| {
        stage.act(Action::Look(LookAt::Present(true)));
        stage.act(Action::Look(LookAt::Deploy(Some(1))));
    }),
    ("source", |stage| {
        suggest(stage);
        stage.act(AdviceAction::AcceptAll.into());
        stage.act(Action::Look(LookAt::Bottom(Some(BottomTab::Source))));
        stage.settle();
    }),
    ("findings", |stage| {
        stage.press("Add layer");
        stage.act(Action::Look(LookAt::Bottom(Some(BottomTab::Findings))));
        stage.settle();
    }),
    ("advice", |stage| {
        suggest(stage);
        stage.act(Action::Look(LookAt::Bottom(Some(BottomTab::Advice))));
    }),
    ("advice-empty", |stage| stage.act(Action::Look(LookAt::Bottom(Some(BottomTab::Advice))))),
    ("review", |stage| {
        suggest(stage);
        stage.act(AdviceAction::AcceptAll.into());
        stage.settle();
        stage.act(Action::Review(ReviewAction::Plan));
        stage.settle();
    }),
    ("refused", |stage| {
        stage.press("Add layer");
        stage.settle();
        stage.act(Action::Review(ReviewAction::Plan));
        stage.settle();
    }),
    ("rules", |stage| {
        stage.act(Action::Review(ReviewAction::Rules));
        stage.settle();
    }),
    ("reasons", |stage| {
        let label = packages(stage, 1);
        let Some(label) = label.into_iter().next() else { return };
        stage.act(Action::ShowDialog(Dialog::Reasons(Subject::Unit(label))));
    }),
    ("evidence", |stage| {
        stage.act(Action::ShowDialog(Dialog::Reasons(Subject::Layer("app".to_owned()))));
    }),
    ("ask-index", |stage| stage.act(Action::ShowDialog(Dialog::Sizes(SizeSource::Index)))),
    ("ask-build", |stage| stage.act(Action::ShowDialog(Dialog::Sizes(SizeSource::Build)))),
    ("ask-bazel", |stage| {
        stage.act(BazelAction::Ask.into());
        stage.settle();
    }),
    ("palette", |stage| stage.key(Modifiers::COMMAND, Key::K)),
    ("shortcuts", |stage| stage.key(Modifiers::NONE, Key::F1)),
    ("menu", |stage| {
        stage.press("Menu");
    }),
    ("export", |stage| {
        stage.key(Modifiers::COMMAND, Key::K);
        stage.type_text("export the layers");
        stage.key(Modifiers::NONE, Key::Enter);
    }),
    ("dialect", |stage| {
        stage.key(Modifiers::COMMAND, Key::K);
        stage.type_text("another rule set");
        stage.key(Modifiers::NONE, Key::Enter);
    }),
    ("image", |stage| {
        stage.key(Modifiers::COMMAND, Key::K);
        stage.type_text("built image");
        stage.key(Modifiers::NONE, Key::Enter);
    }),
    ("save-plan", |stage| stage.key(Modifiers::COMMAND, Key::S)),
    ("open", |stage| stage.key(Modifiers::COMMAND, Key::O)),
    ("discard", |stage| {
        stage.press("Add layer");
        stage.act(Action::Open(WorkspaceSource::Demo));
    }),
    ("add-dependency", |stage| {
        let target = some_target(stage);
        stage.act(Action::ShowDialog(Dialog::Dependency { target, search: String::new(), is_added: true }));
    }),
    ("chooser", |stage| {
        let label = stage.state().session.as_ref().and_then(|session| session.open_app()).unwrap();
        stage.press(&label.to_string());
    }),
    ("notices", |stage| {
        stage.act(Action::Say("Description copied".to_owned()));
        stage.act(Action::LoadPlan(PathBuf::from("/no/such/plan.toml")));
        stage.settle();
    }),
    ("work", |stage| {
        let progress = Progress { message: "libs/python/BUILD.bazel".to_owned(), done: 61, total: 179 };
        let work = Work { title: "Reading the workspace".to_owned(), progress: progress.clone(), can_cancel: true };
        let sizing = Work {
            title: "Packing the app".to_owned(),
            progress: Progress { message: "pandas".to_owned(), ..progress },
            ..work
        };
        stage.state_mut().work.start(Generation(0), work);
        stage.state_mut().sizing.start(Generation(0), sizing);
        stage.steps(3);
    }),
    ("hover-node", |stage| {
        let groups = groups(stage);
        let place = groups.first().and_then(|group| stage.place(&format!("{group}, ")));
        if let Some(place) = place {
            stage.hover(place);
        }
    }),
    ("hover-row", |stage| {
        let label = packages(stage, 1).into_iter().next().unwrap();
        if let Some(place) = stage.place(&label.to_string()) {
            stage.hover(place);
        }
    }),
    ("closed-bottom", |stage| stage.act(Action::Look(LookAt::Bottom(None)))),
];

fn groups(stage: &Stage) -> Vec<String> {
    let session = stage.state().session.as_ref().unwrap();
    session.workspace.hubs.values().map(|hub| format!("@{}", hub.repository)).collect()
}

fn units(stage: &Stage) -> layerwright::engine::reports::units::Units {
    let design = stage.state().session.as_ref().unwrap().design.as_ref().unwrap();
    layerwright::engine::reports::units::units(&design.model, &design.evaluation.partition)
}

fn packages(stage: &Stage, count: usize) -> Vec<Label> {
    let units = units(stage);
    let packages = units
        .rows
        .iter()
        .filter(|unit| matches!(unit.kind, layerwright::engine::reports::unit_sources::UnitKind::Package { .. }));
    packages.take(count).map(|unit| unit.label.clone()).collect()
}

fn some_target(stage: &Stage) -> Label {
    let units = units(stage);
    let mut targets = units
        .rows
        .iter()
        .filter(|unit| matches!(unit.kind, layerwright::engine::reports::unit_sources::UnitKind::Target { .. }));
    targets.next().unwrap().label.clone()
}

fn first_layer(stage: &Stage) -> Option<(layerwright::layers::plan::LayerId, String)> {
    let design = stage.state().session.as_ref()?.design.as_ref()?;
    design.plan.present().groups.first().map(|group| (group.id, group.name.clone()))
}

fn dependency_layers(stage: &Stage) -> Vec<String> {
    let design = stage.state().session.as_ref().unwrap().design.as_ref().unwrap();
    design.plan.present().groups.iter().map(|group| group.name.clone()).collect()
}

fn suggest(stage: &mut Stage) {
    stage.act(AdviceAction::Suggest.into());
    for _ in 0..200 {
        std::thread::sleep(std::time::Duration::from_millis(20));
        stage.collect();
        stage.steps(1);
        if stage.state().advice.as_ref().is_some_and(|advice| advice.advice.is_some()) {
            break;
        }
    }
    stage.settle();
}

fn drag(stage: &mut Stage, labels: &[Label], to: &str) {
    let Some(from) = labels.first().and_then(|label| stage.place(&label.to_string())) else { return };
    let Some(to) = stage.place(to) else { return };
    stage.lift(from, to);
}

fn wanted(variable: &str, name: &str) -> bool {
    std::env::var(variable).is_ok_and(|names| names.split(',').any(|wanted| wanted == name))
        || std::env::var_os(variable).is_none()
}

/// Makes the pictures that are wanted.
pub fn make(folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let source = std::env::var_os("LAYERWRIGHT_GALLERY_WORKSPACE")
        .map_or(WorkspaceSource::Demo, |path| WorkspaceSource::Folder(path.into()));
    let app = std::env::var("LAYERWRIGHT_GALLERY_APP").ok();
    for (size_name, (width, height), scale) in SIZES {
        for (theme_name, theme) in [("light", Theme::Light), ("dark", Theme::Dark)] {
            let look_name = format!("{size_name}-{theme_name}");
            if !wanted("LAYERWRIGHT_GALLERY_LOOKS", &look_name) {
                continue;
            }
            let look = Look { size: vec2(width, height), scale, theme };
            for (name, go) in SCENES.iter().filter(|(name, _)| wanted("LAYERWRIGHT_GALLERY_SCENES", name)) {
                let mut state = AppState::default();
                state.view.bottom = Some(BottomTab::Replay);
                let effects = start(&mut state, source.clone(), app.clone());
                let mut stage = Stage::live(state, effects, look, shell::draw);
                go(&mut stage);
                stage.save(&folder.join(format!("{look_name}-{name}.png")));
                stage.forget();
            }
        }
    }
}
