//! The table of commands, in the order of menu and palette. Buttons, menus, palette, list of shortcuts and keyboard all
//! use it.

use egui::{Key, Modifiers};

use crate::app::action::Action;
use crate::app::state::AppState;
use crate::app::state::advice::AdviceAction;
use crate::app::state::bazel::BazelAction;
use crate::app::state::design::Design;
use crate::app::state::dialogs::Dialog;
use crate::app::state::export::Exportable;
use crate::app::state::image::ImageDialog;
use crate::app::state::review::ReviewAction;
use crate::app::state::session::WorkspaceSource;
use crate::app::state::settings::ThemeChoice;
use crate::app::state::view::{BottomTab, Look};
use crate::app::update::exporting::suggested_path;
use crate::engine::open::graph_source::GraphSource;
use crate::engine::reports::evidence::Subject as Evidence;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::layers::operations::Operation;
use crate::rule_sets::dep_layers::macro_class::MacroClass;
use crate::rule_sets::export::Dialect;
use crate::ui::commands::row::Does::{Action as Does, Window};
use crate::ui::commands::row::{Menu, Row, WindowCommand};
use crate::ui::commands::subject::Subject;
use crate::ui::widgets::button::Enabled;

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };
const NONE: Modifiers = Modifiers::NONE;

macro_rules! commands {
    ($($command:ident: $row:expr,)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Command {
            $($command,)*
        }

        impl Command {
            pub(crate) const ALL: &[Self] = &[$(Self::$command,)*];

            pub(super) fn row(self) -> &'static Row {
                match self {
                    $(Self::$command => {
                        const ROW: Row = $row;
                        &ROW
                    })*
                }
            }
        }
    };
}

commands! {
    Apply: Row::new(
        Menu::Plan,
        "Review and apply…",
        "Shows every changed line before anything is written",
        Does(|_| Some(Action::Review(ReviewAction::Plan))),
    ).key(CTRL, Key::Enter).when(can_apply),
    Undo: Row::new(Menu::Plan, "Undo", "Undoes the last change of the plan", Does(|_| Some(Action::Undo)))
        .key(CTRL, Key::Z)
        .when(|of| with_design(of, |design| when(design.plan.can_undo(), "Nothing to undo"))),
    Redo: Row::new(Menu::Plan, "Redo", "Redoes what was undone", Does(|_| Some(Action::Redo)))
        .key(CTRL_SHIFT, Key::Z)
        .when(|of| with_design(of, |design| when(design.plan.can_redo(), "Nothing to redo"))),
    Revert: Row::new(
        Menu::Plan,
        "Revert to the BUILD file",
        "Drops the plan and starts from the BUILD file",
        Does(|_| Some(Action::Revert)),
    ).when(|of| with_design(of, |design| when(design.is_changed(), "The plan already matches the BUILD file"))),
    UndoOnDisk: Row::new(
        Menu::Plan,
        "Undo Apply",
        "Restores the files as they were before the last Apply",
        Does(|_| Some(Action::UndoOnDisk)),
    ).when(|of| when(of.session().is_some_and(|session| session.last_written.is_some()), "Nothing has been applied yet")),

    AddLayer: Row::new(
        Menu::Layers,
        "Add layer",
        "Adds an empty layer on top of the dependency layers",
        Does(|of| {
            let position = of.design()?.plan.present().groups.len();
            Some(Action::Edit(Operation::AddGroup { name: "new_layer".to_owned(), position, targets: Vec::new() }))
        }),
    ).key(CTRL, Key::L).when(has_design),
    SavePlan: Row::new(
        Menu::Layers,
        "Save plan…",
        "Saves the plan as a file that the command line reads too",
        Does(|of| Some(Action::ShowDialog(Dialog::PlanFile { path: plan_path(of.design()?), load: false }))),
    ).key(CTRL, Key::S).when(has_design),
    LoadPlan: Row::new(
        Menu::Layers,
        "Load plan…",
        "Replaces the plan with one from a file",
        Does(|of| Some(Action::ShowDialog(Dialog::PlanFile { path: plan_path(of.design()?), load: true }))),
    ).when(has_design),
    PlanInDialect: Row::new(
        Menu::Layers,
        "Export for other rules…",
        "The plan for rules_py, rules_img, rules_oci or a Dockerfile",
        Does(|of| {
            let dialect = Dialect::RulesPy;
            let path = suggested_path(&of.design()?.model.app.label, dialect);
            Some(Action::ShowDialog(Dialog::Dialect { dialect, path }))
        }),
    ).when(has_design),

    Suggest: Row::new(
        Menu::Suggestions,
        "Suggest layers",
        "Finds layers that would have cost less over the repository's history",
        Does(|_| Some(AdviceAction::Suggest.into())),
    ).key(CTRL, Key::G).when(|of| with_design(of, |design| {
        when(design.evaluation.numbers.deploys > 0, "No deploys to learn from")
    })),
    BestOrder: Row::new(
        Menu::Suggestions,
        "Optimize order",
        "Puts the layers into the order that costs least over the repository's history",
        Does(|_| Some(AdviceAction::BestOrder.into())),
    ).when(|of| with_design(of, |design| {
        when(design.plan.present().groups.len() > 1, "Needs at least two dependency layers")
    })),
    AcceptSuggestion: Row::new(
        Menu::Suggestions,
        "Accept suggestion",
        "Takes all suggested layers into the plan",
        Does(|_| Some(AdviceAction::AcceptAll.into())),
    ).key(CTRL_SHIFT, Key::G).when(|of| {
        when(of.state.advice.as_ref().is_some_and(|advice| !advice.open().is_empty()), "No suggestion")
    }),
    DismissSuggestion: Row::new(
        Menu::Suggestions,
        "Dismiss suggestion",
        "Leaves the plan as it is",
        Does(|_| Some(AdviceAction::DismissAll.into())),
    ).when(|of| when(of.state.advice.is_some(), "No suggestion")),

    AskIndex: Row::new(
        Menu::Sizes,
        "Fetch sizes from the package index…",
        "Sends package names; receives file sizes",
        Does(|_| Some(Action::ShowDialog(Dialog::Sizes(SizeSource::Index)))),
    ).when(has_design),
    MeasureLayers: Row::new(
        Menu::Sizes,
        "Measure layers with Bazel…",
        "Builds the layers and reads their real sizes",
        Does(|_| Some(Action::ShowDialog(Dialog::Sizes(SizeSource::Build)))),
    ).when(has_design),
    CompareImage: Row::new(
        Menu::Sizes,
        "Compare with a built image…",
        "Planned and real sizes side by side, layer by layer",
        Does(|_| Some(Action::ShowDialog(Dialog::Image(ImageDialog::default())))),
    ).when(has_design),
    InstallRules: Row::new(
        Menu::Sizes,
        "Install layer rules…",
        "Makes your macro put each file into exactly one layer",
        Does(|_| Some(Action::Review(ReviewAction::Rules))),
    ).when(|of| with_design(of, |design| when(
        design.model.verdict.class != MacroClass::Partitions,
        "This image already has each file in exactly one layer",
    ))),

    Open: Row::new(
        Menu::Workspace,
        "Open workspace…",
        "Opens a folder with MODULE.bazel or WORKSPACE",
        Does(|_| Some(Action::ShowDialog(Dialog::Open { path: String::new() }))),
    ).key(CTRL, Key::O),
    OpenDemo: Row::new(
        Menu::Workspace,
        "Open the demo",
        "A small workspace with three apps and a sample history",
        Does(|_| Some(Action::Open(WorkspaceSource::Demo))),
    ),
    Reload: Row::new(
        Menu::Workspace,
        "Reload",
        "Reads the workspace again; your plan stays",
        Does(|_| Some(Action::Reload)),
    ).key(CTRL, Key::R).when(has_session),
    AskBazel: Row::new(
        Menu::Workspace,
        "Load the graph from Bazel…",
        "Runs `bazel query` in a workspace you trust; your plan stays",
        Does(|_| Some(BazelAction::Ask.into())),
    ).when(has_session),
    UseFiles: Row::new(
        Menu::Workspace,
        "Load the graph from files",
        "Without Bazel; your plan stays",
        Does(|_| Some(BazelAction::UseFiles.into())),
    ).when(|of| when(
        of.session().is_some_and(|session| session.graph != GraphSource::Files),
        "The graph is already loaded from files",
    )),

    MoveTo: Row::new(
        Menu::Selected,
        "Move to layer…",
        "Does what a drag to the image does",
        Does(|_| Some(Action::ShowDialog(Dialog::Move { search: String::new() }))),
    ).key(CTRL, Key::M).when(|of| with_design(of, |_| when(of.has_targets(), "Select targets or packages first"))),
    Why: Row::new(
        Menu::Selected,
        "Why is it here?",
        "Shows its layer, what depends on it, and the commits that changed it",
        Does(|of| Some(Action::ShowDialog(Dialog::Reasons(Evidence::Unit(of.only()?.clone()))))),
    ).key(CTRL, Key::I).when(has_one_target),
    Neighbourhood: Row::new(
        Menu::Selected,
        "Focus on neighbours",
        "Shows only what it depends on and what depends on it, or everything again",
        Does(|of| {
            let (focus, only) = (of.state.view.focus.as_ref(), of.only());
            let next = only.filter(|only| focus != Some(*only));
            Some(Action::Look(Look::Focus(next.cloned())))
        }),
    ).key(CTRL, Key::E).when(|of| with_design(of, |_| {
        when(of.only().is_some() || of.state.view.focus.is_some(), "Select one target or package first")
    })),
    ShowAll: Row::new(
        Menu::Selected,
        "Show the whole graph",
        "Shows all nodes again",
        Does(|_| Some(Action::Look(Look::Focus(None)))),
    ).when(|of| when(of.state.view.focus.is_some(), "The whole graph is shown")),
    AddDependency: Row::new(
        Menu::Selected,
        "Add dependency…",
        "Adds to the deps of the selected target",
        Does(|of| dependency(of, true)),
    ).when(|of| with_design(of, |_| when(of.python_target().is_some(), "Select one Python target first"))),
    RemoveDependency: Row::new(
        Menu::Selected,
        "Remove dependency…",
        "Removes from the deps of the selected target",
        Does(|of| dependency(of, false)),
    ).when(|of| with_design(of, |_| match of.python_target() {
        None => no("Select one Python target first"),
        Some(_) => when(of.has_removable(), "It has no unconditional dependency"),
    })),
    Rename: Row::new(
        Menu::Selected,
        "Rename layer…",
        "Edits the name of the selected layer",
        Does(|of| {
            let (layer, _) = of.layer_at()?;
            let name = of.design()?.plan.present().group(layer)?.name.clone();
            Some(Action::Look(Look::Rename(Some((layer, name)))))
        }),
    ).local_key(NONE, Key::F2).when(has_layer),
    Up: Row::new(
        Menu::Selected,
        "Move layer up",
        "One place towards the app",
        Does(|of| {
            let (layer, position) = of.layer_at()?;
            Some(Action::Edit(Operation::Reorder { layer, position: position + 1 }))
        }),
    ).local_key(Modifiers::ALT, Key::ArrowUp).when(|of| with_design(of, |design| match of.layer_at() {
        None => no("Select a dependency layer first"),
        Some((_, position)) => when(position + 1 < design.plan.present().groups.len(), "Already at the top"),
    })),
    Down: Row::new(
        Menu::Selected,
        "Move layer down",
        "One place towards the base image",
        Does(|of| {
            let (layer, position) = of.layer_at()?;
            Some(Action::Edit(Operation::Reorder { layer, position: position.checked_sub(1)? }))
        }),
    ).local_key(Modifiers::ALT, Key::ArrowDown).when(|of| with_design(of, |_| match of.layer_at() {
        None => no("Select a dependency layer first"),
        Some((_, position)) => when(position > 0, "Already at the bottom"),
    })),
    Merge: Row::new(
        Menu::Selected,
        "Merge into the layer below",
        "Moves everything in the layer into the one below it",
        Does(|of| {
            let (from, position) = of.layer_at()?;
            let into = of.design()?.plan.present().groups.get(position.checked_sub(1)?)?.id;
            Some(Action::Edit(Operation::Merge { into, from }))
        }),
    ).when(|of| with_design(of, |_| match of.layer_at() {
        None => no("Select a dependency layer first"),
        Some((_, position)) => when(position > 0, "There is no dependency layer below"),
    })),
    Split: Row::new(
        Menu::Selected,
        "Split off selected targets",
        "Moves the selected targets of the layer into a new one",
        Does(|of| {
            let (layer, _) = of.layer_at()?;
            let name = format!("{}_split", of.design()?.plan.present().group(layer)?.name);
            Some(Action::Edit(Operation::Split { layer, targets: of.of_layer().0, name }))
        }),
    ).when(|of| with_design(of, |_| match (of.layer_at(), of.of_layer()) {
        (None, _) => no("Select a dependency layer first"),
        (Some(_), (targets, _)) if targets.is_empty() => no("Select some of the targets listed in this layer first"),
        (Some(_), (targets, all)) => when(targets.len() < all, "Leave at least one target in the layer"),
    })),
    LayerCommits: Row::new(
        Menu::Selected,
        "Commits that changed the layer…",
        "Lists the commits that changed the content of the layer",
        Does(|of| {
            let (layer, _) = of.layer_at()?;
            let name = of.design()?.plan.present().group(layer)?.name.clone();
            Some(Action::ShowDialog(Dialog::Reasons(Evidence::Layer(name))))
        }),
    ).when(has_layer),
    Remove: Row::new(
        Menu::Selected,
        "Remove from the plan",
        "Removes the layer, or the targets from their layers",
        Does(|of| Some(Action::Edit(match of.layer_at() {
            Some((layer, _)) => Operation::Remove { layer },
            None => Operation::Unassign { targets: of.named() },
        }))),
    ).local_key(NONE, Key::Delete).when(|of| with_design(of, |_| when(
        of.layer_at().is_some() || !of.named().is_empty(),
        "Select a dependency layer, or targets that a layer lists",
    ))),

    Search: Row::new(Menu::View, "Search", "Finds targets, packages and files", Window(WindowCommand::FocusSearch))
        .key(CTRL, Key::F)
        .when(has_design),
    NextPart: Row::new(
        Menu::View,
        "Next panel",
        "Moves the keyboard from contents to graph to image",
        Window(WindowCommand::NextPart),
    ).key(NONE, Key::F6).when(has_design),
    FitGraph: Row::new(Menu::View, "Fit graph", "Zooms to the whole graph", Window(WindowCommand::FitGraph))
        .key(CTRL, Key::Num9)
        .when(has_design),
    CollapseAll: Row::new(
        Menu::View,
        "Collapse all groups",
        "Shows each package and hub as one node",
        Does(|_| Some(Action::Look(Look::CloseAllGroups))),
    ).when(|of| with_design(of, |_| when(!of.state.view.expanded.is_empty(), "All groups are collapsed"))),
    ToggleFiles: Row::new(
        Menu::View,
        "Show or hide files",
        "Source files as nodes of the graph",
        Does(|of| Some(Action::Look(Look::ShowFiles(!of.state.view.show_files)))),
    ).when(has_design),
    Present: Row::new(
        Menu::View,
        "Present replay",
        "The replay in the whole window",
        Does(|of| Some(Action::Look(Look::Present(!of.state.view.is_presenting)))),
    ).key(NONE, Key::F5).when(has_design),
    ShowReplay: Row::new(
        Menu::View,
        "Replay",
        "Bytes pulled over the repository's history",
        Does(|of| tab(of.state, BottomTab::Replay)),
    ).key(CTRL, Key::Num1),
    ShowFindings: Row::new(
        Menu::View,
        "Findings",
        "Problems and hints for this plan",
        Does(|of| tab(of.state, BottomTab::Findings)),
    ).key(CTRL, Key::Num2),
    ShowAdvice: Row::new(
        Menu::View,
        "Advice",
        "What suggested layers cost, by their number",
        Does(|of| tab(of.state, BottomTab::Advice)),
    ).key(CTRL, Key::Num4),
    ShowSource: Row::new(
        Menu::View,
        "BUILD source",
        "The BUILD file with the plan",
        Does(|of| tab(of.state, BottomTab::Source)),
    ).key(CTRL, Key::Num3),

    ExportStack: Row::new(
        Menu::Export,
        "Export layers…",
        "The layers of the image as SVG or PNG",
        Does(|of| Some(export(of.state, of.design()?, Exportable::Stack))),
    ).when(has_design),
    ExportReplay: Row::new(
        Menu::Export,
        "Export replay…",
        "The replay as SVG or PNG",
        Does(|of| Some(export(of.state, of.design()?, Exportable::Replay))),
    ).when(has_design),
    ExportGraph: Row::new(
        Menu::Export,
        "Export graph…",
        "The graph as it is drawn, as SVG or PNG",
        Window(WindowCommand::ExportGraph),
    ).when(has_design),

    LightTheme: Row::new(
        Menu::Appearance,
        "Light theme",
        "Dark text on a light background",
        Does(|_| Some(Action::SetTheme(ThemeChoice::Light))),
    ),
    DarkTheme: Row::new(
        Menu::Appearance,
        "Dark theme",
        "Light text on a dark background",
        Does(|_| Some(Action::SetTheme(ThemeChoice::Dark))),
    ),
    SystemTheme: Row::new(
        Menu::Appearance,
        "System theme",
        "Light or dark as the system is",
        Does(|_| Some(Action::SetTheme(ThemeChoice::System))),
    ),
    ZoomIn: Row::new(
        Menu::Appearance,
        "Larger",
        "Makes everything larger",
        Does(|of| Some(Action::SetScale(scale(of.state) + 10))),
    ).key(CTRL, Key::Plus),
    ZoomOut: Row::new(
        Menu::Appearance,
        "Smaller",
        "Makes everything smaller",
        Does(|of| Some(Action::SetScale(scale(of.state).saturating_sub(10)))),
    ).key(CTRL, Key::Minus),
    ZoomReset: Row::new(
        Menu::Appearance,
        "Actual size",
        "Uses the scale of the system",
        Does(|_| Some(Action::SetScale(0))),
    ).key(CTRL, Key::Num0),

    Palette: Row::new(
        Menu::Program,
        "All commands…",
        "Finds a command by name",
        Does(|_| Some(Action::ShowDialog(Dialog::Palette { search: String::new() }))),
    ).key(CTRL, Key::K),
    Shortcuts: Row::new(
        Menu::Program,
        "Keyboard shortcuts",
        "Lists every shortcut and gesture",
        Does(|_| Some(Action::ShowDialog(Dialog::Shortcuts))),
    ).key(NONE, Key::F1),
    Quit: Row::new(Menu::Program, "Quit", "Closes the window", Does(|_| Some(Action::Quit))).key(CTRL, Key::Q),
}

fn no(reason: &str) -> Enabled {
    Enabled::No(reason.to_owned())
}

fn when(condition: bool, reason: &str) -> Enabled {
    if condition { Enabled::Yes } else { no(reason) }
}

fn with_design(of: &Subject<'_>, check: impl FnOnce(&Design) -> Enabled) -> Enabled {
    of.design().map_or_else(|| no("No app is open"), check)
}

fn has_design(of: &Subject<'_>) -> Enabled {
    with_design(of, |_| Enabled::Yes)
}

fn has_session(of: &Subject<'_>) -> Enabled {
    when(of.session().is_some(), "No workspace is open")
}

fn has_layer(of: &Subject<'_>) -> Enabled {
    with_design(of, |_| when(of.layer_at().is_some(), "Select a dependency layer first"))
}

fn has_one_target(of: &Subject<'_>) -> Enabled {
    with_design(of, |_| when(of.only().is_some(), "Select one target or package first"))
}

fn can_apply(of: &Subject<'_>) -> Enabled {
    with_design(of, |design| {
        let has_other_groups = !design.plan.present().same_design(&design.model.on_disk);
        match design.model.app.why_not.as_ref().filter(|_| has_other_groups || !design.is_changed()) {
            Some(why) => no(&why.message),
            None => when(design.is_changed(), "The BUILD file already matches the plan"),
        }
    })
}

fn dependency(of: &Subject<'_>, is_added: bool) -> Option<Action> {
    let target = of.python_target()?.clone();
    Some(Action::ShowDialog(Dialog::Dependency { target, search: String::new(), is_added }))
}

/// In the window's colours unless these follow the system.
pub(crate) fn export(state: &AppState, design: &Design, picture: Exportable) -> Action {
    let path = format!("{}-{}.svg", design.model.app.label.name(), picture.name());
    Action::ShowDialog(Dialog::Export { path, is_dark: state.settings.theme == ThemeChoice::Dark, picture })
}

fn plan_path(design: &Design) -> String {
    format!("{}.layers.toml", design.model.app.label.name())
}

/// Folds the tab away if it is already shown.
fn tab(state: &AppState, tab: BottomTab) -> Option<Action> {
    Some(Action::Look(Look::Bottom((state.view.bottom != Some(tab)).then_some(tab))))
}

fn scale(state: &AppState) -> u32 {
    if state.settings.scale_percent == 0 { 100 } else { state.settings.scale_percent }
}
