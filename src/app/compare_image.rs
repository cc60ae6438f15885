//! The plan beside an image that was really built: what is asked for in the window, and the comparison itself, off its thread. Does IO.

use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::app::against_image::{Against, against, compression};
use crate::app::app_model::AppModel;
use crate::app::dependency_changes::DependencyChanges;
use crate::app::effect::Effect;
use crate::app::find_app::find_app;
use crate::app::open_image::open_image;
use crate::app::settings::Choices;
use crate::app::settings_file::cache_folder;
use crate::app::size_sources::known_sizes;
use crate::app::state::{AppState, Dialog, Generation};
use crate::app::update::{end_work, start_work};
use crate::history::model::History;
use crate::jobs::Progress;
use crate::label::Label;
use crate::layers::plan::Plan;
use crate::size::image::read::{ImageChoice, ImageProgress};
use crate::workspace::model::Workspace;
use crate::workspace::platform::{Platform, PlatformError};

/// What the user does with an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageAction {
    /// Types the image's path or name.
    Type(String),
    /// Shows the platform's dialog for a folder, or for a file.
    Pick {
        /// A file rather than a folder.
        is_file: bool,
    },
    /// That dialog ended.
    Picked(Option<PathBuf>),
    /// Reads the image and compares.
    Compare,
}

/// The comparison as the window shows it.
#[derive(Debug, Default)]
pub struct ImageDialog {
    /// The image's path or name, as it was typed so far.
    pub name: String,
    /// The comparison, or why there is none; `None` before it was asked for.
    pub found: Option<Result<Against, String>>,
}

/// Everything that a comparison is made from.
#[derive(Clone, Debug)]
pub struct ImageRequest {
    /// The image's path or name.
    pub name: String,
    /// The app.
    pub app: Label,
    /// Dependencies that are changed and not written.
    pub changes: DependencyChanges,
    /// The plan.
    pub plan: Plan,
    /// How numbers are counted; platform and compression are the image's own.
    pub choices: Choices,
}

/// Carries out one of these actions.
pub(super) fn act(state: &mut AppState, action: ImageAction) -> Vec<Effect> {
    match action {
        ImageAction::Type(name) => put_name(state, name),
        ImageAction::Pick { is_file } => vec![Effect::PickImage { is_file }],
        ImageAction::Picked(None) => Vec::new(),
        ImageAction::Picked(Some(path)) => put_name(state, path.display().to_string()),
        ImageAction::Compare => ask(state),
    }
}

/// Another image: what was found of the one before says nothing of it.
fn put_name(state: &mut AppState, name: String) -> Vec<Effect> {
    if let Some(Dialog::Image(dialog)) = &mut state.dialog {
        *dialog = ImageDialog { name, found: None };
    }
    Vec::new()
}

fn ask(state: &mut AppState) -> Vec<Effect> {
    let Some(Dialog::Image(dialog)) = &mut state.dialog else { return Vec::new() };
    let name = dialog.name.trim().to_owned();
    let Some(session) = &state.session else { return Vec::new() };
    let Some(design) = session.design.as_ref().filter(|_| !name.is_empty()) else { return Vec::new() };
    dialog.found = None;
    let request = ImageRequest {
        name,
        app: design.model.app.label.clone(),
        changes: design.plan.changes().clone(),
        plan: design.plan.present().clone(),
        choices: state.choices.clone(),
    };
    let workspace = std::sync::Arc::clone(&session.workspace);
    let generation = start_work(state, "Reading the image", true);
    vec![Effect::CompareImage { generation, workspace, request: Box::new(request) }]
}

/// Takes the answer. A later request makes it worthless.
pub(super) fn take(state: &mut AppState, generation: Generation, found: Result<Against, String>) {
    if end_work(state, generation)
        && let Some(Dialog::Image(dialog)) = &mut state.dialog
    {
        dialog.found = Some(found);
    }
}

/// Reads the image and sets the plan beside it, counted for the image's own platform and compression.
///
/// # Errors
/// One sentence: there is no such image, it can't be read, or the app can't be planned for on its platform.
pub fn compare_image(
    workspace: &Workspace,
    request: &ImageRequest,
    progress: &mut dyn FnMut(Progress),
    cancelled: &dyn Fn() -> bool,
) -> Result<Against, String> {
    let name = request.name.clone();
    let mut watch = |read: ImageProgress| {
        progress(Progress { message: format!("Reading {name}"), done: read.done, total: read.total });
        if cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    // Of an image for several platforms the one that is planned for, else the one that is there.
    let wanted = ImageChoice { platform: request.choices.platform.to_string().parse().ok(), name: None };
    let read = open_image(&request.name, &wanted, false, &mut watch)
        .or_else(|_| open_image(&request.name, &ImageChoice::default(), false, &mut watch));
    let image = read.map_err(|error| error.to_string())?.image;
    let platform = image.platform.to_string();
    let platform: Platform = platform
        .parse()
        .map_err(|error: PlatformError| format!("the image's platform can't be planned for: {error}"))?;
    let choices = Choices { platform, compression: Some(compression(&image)), ..request.choices.clone() };
    let workspace = request.changes.applied(workspace);
    let app = find_app(&workspace, &request.app.to_string())?;
    let model = AppModel::new(&workspace, &History::default(), &app, &choices).map_err(|error| error.to_string())?;
    let known = known_sizes(&workspace, &model, &choices, cache_folder().as_deref(), progress, cancelled);
    let model = model.with_known(&known);
    Ok(against(&model, &request.plan, &choices, &image))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::{Action, Answer};
    use crate::app::fixture;
    use crate::app::update::update;
    use crate::size::image::fixture::{Layout, tar_of, write_folder};
    use crate::size::item_sizes::Compression;

    fn dialog(state: &AppState) -> &ImageDialog {
        match &state.dialog {
            Some(Dialog::Image(dialog)) => dialog,
            other => panic!("{other:?}"),
        }
    }

    /// Types a name and asks; what is asked for.
    fn asked(state: &mut AppState, name: &str) -> (Generation, Box<ImageRequest>) {
        update(state, Action::ShowDialog(Dialog::Image(ImageDialog::default())));
        update(state, Action::Image(ImageAction::Type(name.to_owned())));
        let mut effects = update(state, Action::Image(ImageAction::Compare));
        match effects.remove(0) {
            Effect::CompareImage { generation, request, .. } => (generation, request),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_plan_stands_beside_the_image() {
        let folder = tempfile::tempdir().unwrap();
        let mut layout = Layout::new();
        let layers = [
            (tar_of(&[("base", b"base".as_slice())]), Compression::Gzip, "ADD base"),
            (tar_of(&[("a.py", b"import b".as_slice())]), Compression::None, "bazel build //app:i_deplayer_0_pip_deps"),
            (tar_of(&[("main.py", b"print".as_slice())]), Compression::None, "bazel build //app:i_app_layer"),
        ];
        let manifest = layout.image("amd64", &layers);
        write_folder(folder.path(), &layout.files(&[manifest + "}"]));
        let mut state = fixture::state();
        let (generation, request) = asked(&mut state, &folder.path().display().to_string());
        assert_eq!(state.work.as_ref().unwrap().title, "Reading the image");
        let workspace = fixture::workspace("py_layers");
        let found = compare_image(&workspace, &request, &mut |_| {}, &|| false);
        let rows: Vec<(String, bool)> =
            found.as_ref().unwrap().rows.iter().map(|row| (row.planned.name.clone(), row.built.is_some())).collect();
        assert!(rows.contains(&("pip_deps".to_owned(), true)), "{rows:?}");
        assert!(rows.contains(&("internal_libs".to_owned(), false)), "{rows:?}");
        update(&mut state, Action::Answer(Answer::ImageCompared(generation, found)));
        assert!(dialog(&state).found.as_ref().unwrap().is_ok());
        assert!(state.work.is_none());
        update(&mut state, Action::Image(ImageAction::Type("another".to_owned())));
        assert!(dialog(&state).found.is_none(), "it says nothing of another image");
    }

    #[test]
    fn a_late_answer_and_an_image_that_is_not_there_change_nothing_else() {
        let mut state = fixture::state();
        let (generation, request) = asked(&mut state, "/no/such/image");
        let found = compare_image(&fixture::workspace("py_layers"), &request, &mut |_| {}, &|| false);
        assert!(found.as_ref().unwrap_err().contains("/no/such/image"), "{found:?}");
        update(&mut state, Action::CancelWork);
        update(&mut state, Action::Answer(Answer::ImageCompared(generation, found)));
        assert!(dialog(&state).found.is_none());
        assert!(update(&mut state, Action::Image(ImageAction::Picked(None))).is_empty());
    }
}
