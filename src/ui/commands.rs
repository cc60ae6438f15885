//! Every command of the window, once: its words, its shortcut, whether it can be used now, and what it does.
//!
//! Buttons, menus, the palette and the keyboard all go through this table.

use egui::{Key, KeyboardShortcut, Modifiers};

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
use crate::app::state::view::BottomTab;
use crate::app::state::view::Look;
use crate::app::update::exporting::suggested_path;
use crate::engine::open::graph_source::GraphSource;
use crate::engine::sizes::asked_sizes::SizeSource;
use crate::layers::operations::Operation;
use crate::rule_sets::dep_layers::macro_class::MacroClass;
use crate::rule_sets::export::Dialect;
use crate::ui::selected::Selected;
use crate::ui::widgets::button::Enabled;

/// One command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Opens the dialog for another workspace.
    Open,
    /// Opens the bundled demo.
    OpenDemo,
    /// Reads the workspace again.
    Reload,
    /// Asks Bazel for the graph.
    AskBazel,
    /// Takes the graph from the files again.
    UseFiles,
    /// Back one step.
    Undo,
    /// Forward one step.
    Redo,
    /// Back to the plan on disk.
    Revert,
    /// Shows what Apply would write.
    Apply,
    /// Shows what an installation of the layer rules would change.
    InstallRules,
    /// Shows the plan in the words of another rule set.
    PlanInDialect,
    /// Takes the last Apply back.
    UndoOnDisk,
    /// Saves the plan to a file.
    SavePlan,
    /// Reads a plan from a file.
    LoadPlan,
    /// Adds an empty layer on top of the groups.
    AddLayer,
    /// Does something with what is selected.
    Selected(Selected),
    /// Looks for groups that cost less.
    Suggest,
    /// Puts the layers into their best order.
    BestOrder,
    /// Asks the package index for sizes.
    AskIndex,
    /// Has Bazel build the layers, to measure them.
    MeasureLayers,
    /// Sets the plan beside a built image.
    CompareImage,
    /// Takes all suggested groups.
    AcceptSuggestion,
    /// Takes the suggestion away.
    DismissSuggestion,
    /// Shows the advice.
    ShowAdvice,
    /// Puts the cursor into the search field.
    Search,
    /// Goes on to the next part of the window.
    NextPart,
    /// Shows the whole graph.
    FitGraph,
    /// Closes every group of the graph.
    CollapseAll,
    /// Shows or hides source files in the graph.
    ToggleFiles,
    /// Shows the replay.
    ShowReplay,
    /// Shows the findings.
    ShowFindings,
    /// Shows the BUILD file.
    ShowSource,
    /// Shows the replay in the whole window, or no more.
    Present,
    /// Writes the layers as a picture.
    ExportStack,
    /// Writes the replay as a picture.
    ExportReplay,
    /// Writes the graph as a picture.
    ExportGraph,
    /// Light theme.
    LightTheme,
    /// Dark theme.
    DarkTheme,
    /// The system's theme.
    SystemTheme,
    /// Everything larger.
    ZoomIn,
    /// Everything smaller.
    ZoomOut,
    /// Everything as large as the system says.
    ZoomReset,
    /// This list, with search.
    Palette,
    /// The shortcuts.
    Shortcuts,
    /// Ends the program.
    Quit,
}

/// What a command does.
#[derive(Debug)]
pub enum Outcome {
    /// Changes the state.
    Action(Box<Action>),
    /// Changes only what the window keeps for itself.
    Window(WindowCommand),
}

/// Commands that the state knows nothing of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WindowCommand {
    /// Puts the cursor into the search field.
    FocusSearch,
    /// Takes the keyboard to the next part of the window.
    NextPart,
    /// Shows the whole graph.
    FitGraph,
    /// Asks for a file for the graph as it is drawn.
    ExportGraph,
}

impl Command {
    /// Every command, in the order of the palette.
    pub const ALL: [Self; 53] = [
        Self::Apply,
        Self::Undo,
        Self::Redo,
        Self::Revert,
        Self::InstallRules,
        Self::UndoOnDisk,
        Self::AddLayer,
        Self::Selected(Selected::MoveTo),
        Self::Selected(Selected::Rename),
        Self::Selected(Selected::Up),
        Self::Selected(Selected::Down),
        Self::Selected(Selected::Remove),
        Self::Selected(Selected::Why),
        Self::Selected(Selected::Neighbourhood),
        Self::Selected(Selected::AddDependency),
        Self::Selected(Selected::RemoveDependency),
        Self::Suggest,
        Self::BestOrder,
        Self::AskIndex,
        Self::MeasureLayers,
        Self::CompareImage,
        Self::AcceptSuggestion,
        Self::DismissSuggestion,
        Self::Search,
        Self::NextPart,
        Self::FitGraph,
        Self::CollapseAll,
        Self::ToggleFiles,
        Self::ShowReplay,
        Self::ShowFindings,
        Self::ShowAdvice,
        Self::ShowSource,
        Self::Present,
        Self::ExportStack,
        Self::ExportReplay,
        Self::ExportGraph,
        Self::SavePlan,
        Self::LoadPlan,
        Self::PlanInDialect,
        Self::Open,
        Self::OpenDemo,
        Self::Reload,
        Self::AskBazel,
        Self::UseFiles,
        Self::LightTheme,
        Self::DarkTheme,
        Self::SystemTheme,
        Self::ZoomIn,
        Self::ZoomOut,
        Self::ZoomReset,
        Self::Palette,
        Self::Shortcuts,
        Self::Quit,
    ];

    /// Its words, and one sentence more.
    #[must_use]
    pub fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Open => ("Open workspace…", "Open a folder with MODULE.bazel or WORKSPACE"),
            Self::OpenDemo => ("Open the demo", "A small workspace with three apps and a sample history"),
            Self::Reload => ("Read the workspace again", "Takes in what changed on disk; the plan stays"),
            Self::AskBazel => {
                ("Ask Bazel for the graph…", "`bazel query`, in a workspace that you trust; the plan stays")
            }
            Self::UseFiles => ("Read the graph from the files", "Without Bazel; the plan stays"),
            Self::Undo => ("Undo", "Take the last change of the plan back"),
            Self::Redo => ("Redo", "Make the change again that was taken back"),
            Self::Revert => ("Back to the BUILD file", "Drop the plan and start from what is written"),
            Self::Apply => ("Review and apply…", "See every line that would change, then write"),
            Self::InstallRules => (
                "Install layer rules…",
                "Wire the workspace's own macro to rules that put each file into one layer only",
            ),
            Self::PlanInDialect => {
                ("Plan in another rule set…", "The plan as text for rules_py, rules_img, rules_oci or a Dockerfile")
            }
            Self::UndoOnDisk => ("Take Apply back", "Put the files back as they were before the last change"),
            Self::SavePlan => ("Save the plan…", "Write the plan to a file that the commands read"),
            Self::LoadPlan => ("Load a plan…", "Take a plan from a file"),
            Self::Selected(selected) => selected.text(),
            Self::AddLayer => ("Add a layer", "An empty layer on top of the others"),
            Self::Suggest => ("Suggest layers", "Find groups that cost less over the repository's own commits"),
            Self::BestOrder => {
                ("Put layers in their best order", "Exact over the repository's own commits, with the reasons")
            }
            Self::AskIndex => {
                ("Ask the package index for sizes…", "Lengths of wheels and files that nothing here knows")
            }
            Self::MeasureLayers => {
                ("Measure layers with Bazel…", "Real sizes from a build of your own, nothing downloaded")
            }
            Self::CompareImage => {
                ("Compare with a built image…", "The planned sizes beside the real ones, layer by layer")
            }
            Self::AcceptSuggestion => ("Accept the suggestion", "Make the plan what is suggested"),
            Self::DismissSuggestion => ("Dismiss the suggestion", "Keep the plan as it is"),
            Self::ShowAdvice => ("Advice", "What suggested layers cost, by their number"),
            Self::Search => ("Search", "Find a target, a package or a file"),
            Self::NextPart => ("Go to the next part", "From the contents to the graph, to the image, and round again"),
            Self::FitGraph => ("Fit the graph", "Show the whole graph"),
            Self::CollapseAll => ("Close all groups", "Show packages and hubs as one node each"),
            Self::ToggleFiles => ("Show or hide files", "Source files as nodes of the graph"),
            Self::ShowReplay => ("Replay", "Bytes pulled over the repository's own commits"),
            Self::ShowFindings => ("Findings", "What is worth saying about this plan"),
            Self::ShowSource => ("BUILD source", "The app's BUILD file"),
            Self::Present => ("Present the replay", "The replay in the whole window, to show to others"),
            Self::ExportStack => ("Export the layers…", "The layers of the image as SVG or PNG"),
            Self::ExportReplay => ("Export the replay…", "The replay as SVG or PNG"),
            Self::ExportGraph => ("Export the graph…", "The graph as it is drawn, as SVG or PNG"),
            Self::LightTheme => ("Light theme", "Dark text on light ground"),
            Self::DarkTheme => ("Dark theme", "Light text on dark ground"),
            Self::SystemTheme => ("Theme of the system", "Light or dark as the system has it"),
            Self::ZoomIn => ("Larger", "Make everything larger"),
            Self::ZoomOut => ("Smaller", "Make everything smaller"),
            Self::ZoomReset => ("Normal size", "As large as the system says"),
            Self::Palette => ("All commands…", "Find a command by its name"),
            Self::Shortcuts => ("Keyboard shortcuts", "Every shortcut in one list"),
            Self::Quit => ("Quit", "End the program"),
        }
    }

    /// Its keyboard shortcut.
    #[must_use]
    pub fn shortcut(self) -> Option<KeyboardShortcut> {
        const SHIFT: Modifiers = Modifiers { shift: true, ..Modifiers::COMMAND };
        let (modifiers, key) = match self {
            Self::Open => (Modifiers::COMMAND, Key::O),
            Self::Reload => (Modifiers::COMMAND, Key::R),
            Self::Undo => (Modifiers::COMMAND, Key::Z),
            Self::Redo => (SHIFT, Key::Z),
            Self::Apply => (Modifiers::COMMAND, Key::Enter),
            Self::SavePlan => (Modifiers::COMMAND, Key::S),
            Self::AddLayer => (Modifiers::COMMAND, Key::L),
            Self::Selected(selected) => return selected.shortcut(),
            Self::Suggest => (Modifiers::COMMAND, Key::G),
            Self::AcceptSuggestion => (SHIFT, Key::G),
            Self::ShowAdvice => (Modifiers::COMMAND, Key::Num4),
            Self::Search => (Modifiers::COMMAND, Key::F),
            Self::NextPart => (Modifiers::NONE, Key::F6),
            Self::FitGraph => (Modifiers::COMMAND, Key::Num9),
            Self::ShowReplay => (Modifiers::COMMAND, Key::Num1),
            Self::ShowFindings => (Modifiers::COMMAND, Key::Num2),
            Self::ShowSource => (Modifiers::COMMAND, Key::Num3),
            Self::Present => (Modifiers::NONE, Key::F5),
            Self::ZoomIn => (Modifiers::COMMAND, Key::Plus),
            Self::ZoomOut => (Modifiers::COMMAND, Key::Minus),
            Self::ZoomReset => (Modifiers::COMMAND, Key::Num0),
            Self::Palette => (Modifiers::COMMAND, Key::K),
            Self::Shortcuts => (Modifiers::NONE, Key::F1),
            Self::Quit => (Modifiers::COMMAND, Key::Q),
            Self::OpenDemo
            | Self::AskBazel
            | Self::UseFiles
            | Self::InstallRules
            | Self::PlanInDialect
            | Self::BestOrder
            | Self::AskIndex
            | Self::MeasureLayers
            | Self::CompareImage
            | Self::DismissSuggestion
            | Self::Revert
            | Self::UndoOnDisk
            | Self::LoadPlan
            | Self::CollapseAll
            | Self::ToggleFiles
            | Self::ExportStack
            | Self::ExportReplay
            | Self::ExportGraph
            | Self::LightTheme
            | Self::DarkTheme
            | Self::SystemTheme => return None,
        };
        Some(KeyboardShortcut::new(modifiers, key))
    }

    /// Whether it can be used now, and why not.
    #[must_use]
    pub fn enabled(self, state: &AppState) -> Enabled {
        let session = state.session.as_ref();
        let design = session.and_then(|session| session.design.as_ref());
        let with_design =
            |check: &dyn Fn(&Design) -> Enabled| design.map_or_else(|| Enabled::No("No app is open".to_owned()), check);
        let when =
            |condition: bool, reason: &str| if condition { Enabled::Yes } else { Enabled::No(reason.to_owned()) };
        match self {
            Self::Selected(selected) => selected.enabled(state),
            Self::Undo => with_design(&|design| when(design.plan.can_undo(), "Nothing was changed yet")),
            Self::Redo => with_design(&|design| when(design.plan.can_redo(), "Nothing was taken back")),
            Self::Revert => with_design(&|design| when(design.is_changed(), "The plan is what the BUILD file says")),
            Self::Apply => with_design(&apply_enabled),
            Self::InstallRules => with_design(&|design| {
                when(
                    design.model.verdict.class != MacroClass::Partitions,
                    "The macro of this app puts each file into one layer only already",
                )
            }),
            Self::UndoOnDisk => when(
                session.is_some_and(|session| session.last_written.is_some()),
                "Nothing was applied since this workspace was opened",
            ),
            Self::Suggest => with_design(&|design| {
                when(
                    design.evaluation.numbers.deploys > 0,
                    "Suggestions rest on the history, and no commit of it changes this app",
                )
            }),
            Self::BestOrder => with_design(&|design| {
                when(design.plan.present().groups.len() > 1, "It takes two layers to have an order")
            }),
            Self::AcceptSuggestion => {
                when(state.advice.as_ref().is_some_and(|advice| !advice.open().is_empty()), "Nothing is suggested")
            }
            Self::DismissSuggestion => when(state.advice.is_some(), "Nothing is suggested"),
            Self::Reload | Self::AskBazel => when(session.is_some(), "No workspace is open"),
            Self::UseFiles => when(
                session.is_some_and(|session| session.graph != GraphSource::Files),
                "The graph comes from the files already",
            ),
            Self::SavePlan
            | Self::LoadPlan
            | Self::PlanInDialect
            | Self::AddLayer
            | Self::AskIndex
            | Self::MeasureLayers
            | Self::CompareImage
            | Self::Search
            | Self::NextPart
            | Self::FitGraph
            | Self::CollapseAll
            | Self::ToggleFiles
            | Self::ExportStack
            | Self::ExportReplay
            | Self::Present
            | Self::ExportGraph => with_design(&|_| Enabled::Yes),
            Self::Open
            | Self::OpenDemo
            | Self::ShowReplay
            | Self::ShowFindings
            | Self::ShowAdvice
            | Self::ShowSource
            | Self::LightTheme
            | Self::DarkTheme
            | Self::SystemTheme
            | Self::ZoomIn
            | Self::ZoomOut
            | Self::ZoomReset
            | Self::Palette
            | Self::Shortcuts
            | Self::Quit => Enabled::Yes,
        }
    }

    /// What it does now; `None` where it can't be used.
    #[must_use]
    pub fn outcome(self, state: &AppState) -> Option<Outcome> {
        if self.enabled(state) != Enabled::Yes {
            return None;
        }
        let design = state.session.as_ref().and_then(|session| session.design.as_ref());
        let action = match self {
            Self::Open => Action::ShowDialog(Dialog::Open { path: String::new() }),
            Self::OpenDemo => Action::Open(WorkspaceSource::Demo),
            Self::Reload => Action::Reload,
            Self::AskBazel => BazelAction::Ask.into(),
            Self::UseFiles => BazelAction::UseFiles.into(),
            Self::Undo => Action::Undo,
            Self::Redo => Action::Redo,
            Self::Revert => Action::Revert,
            Self::Apply => Action::Review(ReviewAction::Plan),
            Self::InstallRules => Action::Review(ReviewAction::Rules),
            Self::PlanInDialect => {
                let path = suggested_path(&design?.model.app.label, Dialect::RulesPy);
                Action::ShowDialog(Dialog::Dialect { dialect: Dialect::RulesPy, path })
            }
            Self::UndoOnDisk => Action::UndoOnDisk,
            Self::SavePlan => Action::ShowDialog(Dialog::PlanFile { path: suggested_plan_path(design?), load: false }),
            Self::LoadPlan => Action::ShowDialog(Dialog::PlanFile { path: suggested_plan_path(design?), load: true }),
            Self::Selected(selected) => selected.action(state)?,
            Self::AddLayer => Action::Edit(Operation::AddGroup {
                name: "new_layer".to_owned(),
                position: design?.plan.present().groups.len(),
                targets: Vec::new(),
            }),
            Self::Suggest => AdviceAction::Suggest.into(),
            Self::BestOrder => AdviceAction::BestOrder.into(),
            Self::AskIndex => Action::ShowDialog(Dialog::Sizes(SizeSource::Index)),
            Self::MeasureLayers => Action::ShowDialog(Dialog::Sizes(SizeSource::Build)),
            Self::CompareImage => Action::ShowDialog(Dialog::Image(ImageDialog::default())),
            Self::AcceptSuggestion => AdviceAction::AcceptAll.into(),
            Self::DismissSuggestion => AdviceAction::DismissAll.into(),
            Self::ShowAdvice => Action::Look(Look::Bottom(toggled(state, BottomTab::Advice))),
            Self::Search => return Some(Outcome::Window(WindowCommand::FocusSearch)),
            Self::NextPart => return Some(Outcome::Window(WindowCommand::NextPart)),
            Self::FitGraph => return Some(Outcome::Window(WindowCommand::FitGraph)),
            Self::CollapseAll => Action::Look(Look::CloseAllGroups),
            Self::ToggleFiles => Action::Look(Look::ShowFiles(!state.view.show_files)),
            Self::ShowReplay => Action::Look(Look::Bottom(toggled(state, BottomTab::Replay))),
            Self::ShowFindings => Action::Look(Look::Bottom(toggled(state, BottomTab::Findings))),
            Self::ShowSource => Action::Look(Look::Bottom(toggled(state, BottomTab::Source))),
            Self::Present => Action::Look(Look::Present(!state.view.is_presenting)),
            Self::ExportStack => export(state, design?, Exportable::Stack),
            Self::ExportReplay => export(state, design?, Exportable::Replay),
            Self::ExportGraph => return Some(Outcome::Window(WindowCommand::ExportGraph)),
            Self::LightTheme => Action::SetTheme(ThemeChoice::Light),
            Self::DarkTheme => Action::SetTheme(ThemeChoice::Dark),
            Self::SystemTheme => Action::SetTheme(ThemeChoice::System),
            Self::ZoomIn => Action::SetScale(scale(state) + 10),
            Self::ZoomOut => Action::SetScale(scale(state).saturating_sub(10)),
            Self::ZoomReset => Action::SetScale(0),
            Self::Palette => Action::ShowDialog(Dialog::Palette { search: String::new() }),
            Self::Shortcuts => Action::ShowDialog(Dialog::Shortcuts),
            Self::Quit => Action::Quit,
        };
        Some(Outcome::Action(Box::new(action)))
    }
}

fn apply_enabled(design: &Design) -> Enabled {
    let has_other_groups = !design.plan.present().same_design(&design.model.on_disk);
    if let Some(why) = design.model.app.why_not.as_ref().filter(|_| has_other_groups || !design.is_changed()) {
        return Enabled::No(why.message.clone());
    }
    if !design.is_changed() {
        return Enabled::No("The BUILD file says this already".to_owned());
    }
    Enabled::Yes
}

/// The dialog for a picture; its colours are those of the window unless that follows the system.
pub fn export(state: &AppState, design: &Design, picture: Exportable) -> Action {
    let path = format!("{}-{}.svg", design.model.app.label.name(), picture.name());
    Action::ShowDialog(Dialog::Export { path, is_dark: state.settings.theme == ThemeChoice::Dark, picture })
}

fn suggested_plan_path(design: &Design) -> String {
    format!("{}.layers.toml", design.model.app.label.name())
}

/// The tab, or nothing when it is shown already.
fn toggled(state: &AppState, tab: BottomTab) -> Option<BottomTab> {
    (state.view.bottom != Some(tab)).then_some(tab)
}

fn scale(state: &AppState) -> u32 {
    if state.settings.scale_percent == 0 { 100 } else { state.settings.scale_percent }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_commands_share_a_name_or_a_shortcut() {
        let names: BTreeSet<&str> = Command::ALL.iter().map(|command| command.text().0).collect();
        assert_eq!(names.len(), Command::ALL.len());
        let shortcuts: Vec<String> = Command::ALL
            .iter()
            .filter_map(|command| command.shortcut())
            .map(|shortcut| format!("{shortcut:?}"))
            .collect();
        assert_eq!(shortcuts.iter().collect::<BTreeSet<_>>().len(), shortcuts.len());
    }

    #[test]
    fn without_a_workspace_every_no_has_a_reason() {
        let state = AppState::default();
        for command in Command::ALL {
            match command.enabled(&state) {
                Enabled::Yes => assert!(command.outcome(&state).is_some(), "{command:?}"),
                Enabled::No(reason) => assert!(!reason.is_empty() && command.outcome(&state).is_none(), "{command:?}"),
            }
        }
    }
}
