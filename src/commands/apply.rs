//! `layerwright apply`: writes a plan into the BUILD files.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;

use crate::commands::advice::advice_lines;
use crate::commands::arguments::ApplyArguments;
use crate::commands::change::{finish, refused};
use crate::commands::failure::Failure;
use crate::commands::open::trusted_bazel;
use crate::commands::open::{Opened, open_app, read_plan};
use crate::engine::advice::advise::advise;
use crate::engine::app_model::AppModel;
use crate::engine::change::prepare::{Agreed, prepare};
use crate::jobs::Unwatched;
use crate::label::Label;
use crate::rule_sets::dep_layers::left_library::LeftLibrary;
use crate::rule_sets::dep_layers::macro_class::MacroClass;

/// # Errors
/// When there is no such app, the plan can't be written, or the disk fails.
pub(crate) fn run(arguments: &ApplyArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let Opened { workspace, model, choices, .. } = open_app(&arguments.app)?;
    // Fails before anything is written.
    let bazel = arguments
        .ask_bazel
        .then(|| trusted_bazel(&workspace.root, &arguments.app.workspace.source.bazel))
        .transpose()?;
    let plan = match &arguments.plan {
        Some(path) => read_plan(path, &model)?,
        None => {
            let advice = advise(&workspace, &model, arguments.advice.options(&choices), &mut |_| {}, &Unwatched);
            for line in advice_lines(&advice, &choices) {
                tracing::info!("{line}");
            }
            advice.recommended(&model.on_disk).clone()
        }
    };
    if model.verdict.class != MacroClass::Partitions {
        tracing::warn!("{}", model.verdict.sentence);
    }
    let format = arguments.output.format;
    let remove_libraries = if arguments.remove_unused_libraries { former_libraries(&model) } else { BTreeSet::new() };
    let agreed = Agreed {
        drop_comments: arguments.drop_comments,
        remove_libraries,
        buildifier: arguments.formatting.buildifier.clone(),
    };
    match prepare(&workspace, &model, &plan, &agreed) {
        Ok(prepared) => {
            prepared.left.iter().for_each(|library| report(library, arguments.remove_unused_libraries));
            finish(&workspace.root, &prepared.change, arguments.dry_run, bazel.as_ref(), format, output)
        }
        Err(refusal) => refused(refusal, format, output),
    }
}

/// Libraries of former groups. Those still used are kept later.
fn former_libraries(model: &AppModel) -> BTreeSet<Label> {
    model.on_disk.groups.iter().filter_map(|group| group.library().cloned()).collect()
}

fn report(library: &LeftLibrary, removes: bool) {
    let place = format!("{} ({}:{})", library.label, library.path.display(), library.line);
    match &library.stays_because {
        Some(reason) => tracing::warn!("{place} has no layer any more and stays: {reason}"),
        None if removes => tracing::info!("{place} goes: nothing else in the workspace uses it"),
        None => tracing::warn!(
            "{place} has no layer any more, and nothing else in the workspace uses it; --remove-unused-libraries removes it"
        ),
    }
}
