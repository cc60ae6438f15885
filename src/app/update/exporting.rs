//! The content of exported pictures and texts.

use crate::app::effect::Effect;
use crate::app::state::AppState;
use crate::app::state::session::Session;
use crate::engine::reports::dialect_words::plan_words;
use crate::label::Label;
use crate::rule_sets::export::{Dialect, InDialect, write};
use std::path::PathBuf;

use crate::app::state::export::{Exportable, Picture};
use std::path::Path;
use std::sync::Arc;

use crate::app::state::design::Design;
use crate::engine::choices::Choices;
use crate::engine::kept::new_file::write_new;
use crate::engine::reports::pictures::{FIXED_LAYERS, replay_picture, stack_layers};
use crate::engine::reports::replay_series::{Designs, replay_series};
use crate::history::cost::Totals;
use crate::history::model::History;
use crate::rule_sets::dep_layers::macro_class::MacroClass;
use crate::size::known_bytes::KnownBytes;

use crate::picture::png::png;
use crate::picture::stack::{StackFrame, StackPicture};

#[must_use]
pub(crate) fn picture(of: &Exportable, design: &Design, history: &History, choices: &Choices) -> Picture {
    match of {
        Exportable::Stack => Picture::Stack(stack_picture(design, history, choices)),
        Exportable::Replay => {
            let designs = Designs {
                model: &design.model,
                current: design.current.as_ref(),
                plan: &design.evaluation,
                suggested: None,
            };
            let series = replay_series(designs, choices.profile);
            let title = design.model.app.label.to_string();
            Picture::Replay(replay_picture(title, caption(design, history, choices), &series, history, true))
        }
        Exportable::Graph(picture) => Picture::Graph(Arc::clone(picture)),
    }
}

#[must_use]
pub(crate) fn stack_picture(design: &Design, history: &History, choices: &Choices) -> StackPicture {
    let evaluation = &design.evaluation;
    let figure = |bytes: Option<KnownBytes>| bytes.map_or_else(|| "not known".to_owned(), |bytes| bytes.to_string());
    let current = design.current.as_ref().map(|current| current.numbers.totals);
    let columns = [Some(evaluation.numbers.single_layer), current, Some(evaluation.numbers.totals)];
    let line = |title: &str, of: fn(&Totals) -> Option<KnownBytes>| {
        (title.to_owned(), columns.iter().map(|totals| figure(totals.as_ref().and_then(of))).collect::<Vec<_>>())
    };
    StackPicture {
        title: design.model.app.label.to_string(),
        caption: caption(design, history, choices),
        frame: StackFrame::default(),
        layers: stack_layers(&design.model, evaluation),
        fixed: FIXED_LAYERS.map(str::to_owned).to_vec(),
        columns: ["One layer", "Current", "Plan"].map(str::to_owned).to_vec(),
        totals: vec![
            line("First pull", |totals| Some(totals.first_pull)),
            line("Pulled per deploy", |totals| totals.repull_per_deploy),
            line("Unpacked per deploy", |totals| totals.unpack_per_deploy),
        ],
    }
}

/// How the numbers were counted, for readers far from the window.
fn caption(design: &Design, history: &History, choices: &Choices) -> String {
    let sample = if history.is_sample { "Sample history. " } else { "" };
    let condition = match design.model.verdict.class {
        MacroClass::Partitions => "",
        _ => "With Layerwright's layer rules. ",
    };
    format!(
        "{sample}{condition}{} deploys in {} first-parent commits, {}, {}",
        design.evaluation.numbers.deploys,
        design.model.measures.commits,
        choices.profile.runtime(),
        choices.platform
    )
}

/// Writes a picture in the format of its file name's ending. Replaces nothing.
///
/// # Errors
/// A sentence with the way out.
pub(crate) fn write_picture(path: &Path, picture: &Picture, is_dark: bool) -> Result<PathBuf, String> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    let svg = || picture.svg(is_dark);
    let bytes = match extension.as_deref() {
        Some("svg") => svg().into_bytes(),
        Some("png") => png(&svg()).map_err(|error| error.to_string())?,
        _ => return Err("the file name must end in .svg or .png".to_owned()),
    };
    write_new(path, &bytes)
}

/// `None` if no app is open.
#[must_use]
pub(crate) fn in_dialect(session: &Session, dialect: Dialect) -> Option<InDialect> {
    let design = session.design.as_ref()?;
    Some(write(dialect, &plan_words(&session.workspace, &design.model, &design.evaluation)))
}

#[must_use]
pub(crate) fn suggested_path(app: &Label, dialect: Dialect) -> String {
    match dialect {
        Dialect::Dockerfile => format!("{}.Dockerfile", app.name()),
        _ => format!("{}-{}.bazel", app.name(), dialect.as_str()),
    }
}

/// What the dialect can't express is listed at the top of the file.
pub(crate) fn save(state: &mut AppState, dialect: Dialect, path: PathBuf) -> Vec<Effect> {
    state.dialog = None;
    let written = state.session.as_ref().and_then(|session| in_dialect(session, dialect));
    written.into_iter().map(|written| Effect::SaveText { path: path.clone(), text: written.commented() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::Action;
    use crate::app::fixture;
    use crate::app::state::dialogs::Dialog;
    use crate::app::update::update;

    #[test]
    fn the_pictures_say_what_the_window_says() {
        let (design, history, choices) = (fixture::design(), fixture::history(), Choices::default());
        let stack = picture(&Exportable::Stack, &design, &history, &choices).svg(false);
        let per_deploy = design.evaluation.numbers.totals.repull_per_deploy.unwrap().to_string();
        for part in [">pip_deps<", ">internal_libs<", ">1 of 10 deploys<", &format!(">{per_deploy}<")] {
            assert!(stack.contains(part), "{part} in {stack}");
        }
        let replay = picture(&Exportable::Replay, &design, &history, &choices).svg(true);
        for part in ["10 deploys in 10 first-parent commits, containerd", ">Theoretical minimum<", ">2023-11-14<"] {
            assert!(replay.contains(part), "{part} in {replay}");
        }
    }

    #[test]
    fn the_name_says_the_kind_and_nothing_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (design, history, choices) = (fixture::design(), fixture::history(), Choices::default());
        let picture = picture(&Exportable::Stack, &design, &history, &choices);
        let write = |name: &str| write_picture(&folder.path().join(name), &picture, false);
        assert!(write("a.jpeg").unwrap_err().contains(".svg or .png"));
        write("a.svg").unwrap();
        write("a.PNG").unwrap();
        assert!(std::fs::read(folder.path().join("a.PNG")).unwrap().starts_with(b"\x89PNG"));
        assert!(write("a.svg").unwrap_err().contains("choose another name"));
        assert!(write("none/a.svg").is_err());
    }

    #[test]
    fn a_saved_text_begins_with_what_it_does_not_say() {
        let mut state = fixture::state();
        let path = PathBuf::from("a.bazel");
        state.dialog = Some(Dialog::Dialect { dialect: Dialect::RulesPy, path: String::new() });
        let effects = update(&mut state, Action::SaveDialect { dialect: Dialect::RulesPy, path: path.clone() });
        let [Effect::SaveText { path: to, text }] = effects.as_slice() else { panic!("{effects:?}") };
        let written = in_dialect(state.session.as_ref().unwrap(), Dialect::RulesPy).unwrap();
        assert_eq!(to, &path);
        assert!(text.starts_with(&format!("# {}\n", written.limits[0])) && text.ends_with(&written.text), "{text}");
        assert!(state.dialog.is_none());
    }

    #[test]
    fn without_an_app_nothing_is_saved() {
        let mut state = AppState::default();
        let save = Action::SaveDialect { dialect: Dialect::Dockerfile, path: PathBuf::from("Dockerfile") };
        assert!(update(&mut state, save).is_empty());
    }
}
