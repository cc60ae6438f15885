//! The plan compared with a built image.

use crate::app::state::image::{ImageAction, ImageDialog};
use crate::engine::image::compare_image::ImageRequest;

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::dialogs::Dialog;
use crate::app::state::end_work;
use crate::app::state::start_work;
use crate::app::state::work::Generation;
use crate::engine::image::against_image::Against;

pub(crate) fn act(state: &mut AppState, action: ImageAction) -> Vec<Effect> {
    match action {
        ImageAction::Type(name) => put_name(state, name),
        ImageAction::Pick { is_file } => vec![Effect::PickImage { is_file }],
        ImageAction::Picked(None) => Vec::new(),
        ImageAction::Picked(Some(path)) => put_name(state, path.display().to_string()),
        ImageAction::Compare => ask(state),
    }
}

/// A result for another image is dropped.
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

pub(crate) fn take(state: &mut AppState, generation: Generation, found: Result<Against, String>) {
    if end_work(state, generation)
        && let Some(Dialog::Image(dialog)) = &mut state.dialog
    {
        dialog.found = Some(found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::{Action, Answer};
    use crate::app::fixture;
    use crate::app::update::update;
    use crate::built_image::fixture::{Layout, tar_of, write_folder};
    use crate::engine::image::compare_image::compare_image;
    use crate::jobs::Unwatched;
    use crate::layers::compression::Compression;

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
        assert_eq!(state.work.get().unwrap().title, "Reading the image");
        let workspace = fixture::workspace("py_layers");
        let found = compare_image(&workspace, &request, &Unwatched);
        let rows: Vec<(String, bool)> =
            found.as_ref().unwrap().rows.iter().map(|row| (row.planned.name.clone(), row.built.is_some())).collect();
        assert!(rows.contains(&("pip_deps".to_owned(), true)), "{rows:?}");
        assert!(rows.contains(&("internal_libs".to_owned(), false)), "{rows:?}");
        update(&mut state, Action::Answer(Answer::ImageCompared(generation, found)));
        assert!(dialog(&state).found.as_ref().unwrap().is_ok());
        assert!(!state.work.is_active());
        update(&mut state, Action::Image(ImageAction::Type("another".to_owned())));
        assert!(dialog(&state).found.is_none(), "it says nothing of another image");
    }

    #[test]
    fn a_late_answer_and_an_image_that_is_not_there_change_nothing_else() {
        let mut state = fixture::state();
        let (generation, request) = asked(&mut state, "/no/such/image");
        let found = compare_image(&fixture::workspace("py_layers"), &request, &Unwatched);
        assert!(found.as_ref().unwrap_err().contains("/no/such/image"), "{found:?}");
        update(&mut state, Action::CancelWork);
        update(&mut state, Action::Answer(Answer::ImageCompared(generation, found)));
        assert!(dialog(&state).found.is_none());
        assert!(update(&mut state, Action::Image(ImageAction::Picked(None))).is_empty());
    }
}
