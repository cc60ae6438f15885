//! Makes and checks the edits of a plan in memory. Reads the BUILD files.

use crate::engine::app_model::AppModel;
use crate::engine::kept::trust_file::trusted_bazel;
use crate::layers::plan::Plan;
use crate::rewrite::diff::SideBySide;
use crate::rewrite::refusal::Refusal;
use crate::rule_sets::dep_layers::left_library::LeftLibrary;
use std::collections::BTreeSet;
use std::path::PathBuf;

use std::collections::BTreeMap;
use std::path::Path;

use crate::engine::change::buildifier;
use crate::engine::change::check_by_evaluation::{check_by_evaluation, check_formatting};
use crate::engine::change::disk_source::DiskSource;
use crate::engine::change::reasons::reasons;
use crate::label::Label;

use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::confirmed_drops::ConfirmedDrops;
use crate::rewrite::diff::side_by_side;
use crate::rewrite::plan_edits;
use crate::rewrite::refusal::RefusalCode;
use crate::rewrite::request::{EditRequest, by_package};
use crate::rule_sets::dep_layers::left_library::{left_libraries, still_named};
use crate::rule_sets::dep_layers::migration::{Migration, migration};
use crate::rule_sets::oci_tars::order;
use crate::workspace::bazel::command::BazelCommand;
use crate::workspace::images::Targets;
use crate::workspace::model::Workspace;

/// What the user agreed to in the review.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agreed {
    /// Comments that a refusal named may be removed.
    pub(crate) drop_comments: bool,
    /// Libraries of former groups to remove if nothing else uses them.
    pub(crate) remove_libraries: BTreeSet<Label>,
    /// Formats the changed files; without it only the lines of the plan change.
    pub(crate) buildifier: Option<PathBuf>,
}

/// Makes the change set of `plan` and lists libraries without a layer.
///
/// # Errors
/// When the app can't be edited, or an edit is refused.
pub(crate) fn prepare(
    workspace: &Workspace,
    model: &AppModel,
    plan: &Plan,
    agreed: &Agreed,
) -> Result<Prepared, Refusal> {
    let source = DiskSource::new(workspace);
    let workspace = &*model.changes.applied(workspace);
    let none = BTreeSet::new();
    let mut left = left_libraries(&input(workspace, model, plan, &none, false));
    for library in left.iter_mut().filter(|library| library.stays_because.is_none()) {
        let alone = BTreeSet::from([library.label.clone()]);
        let without = input(workspace, model, plan, &alone, true);
        library.stays_because = match change_set(&source, model, &without) {
            Ok(made) => still_named(&source, &without, &made.change, &library.label),
            Err(refusal) => Some(refusal.message),
        };
    }
    let removable = left.iter().filter(|library| library.stays_because.is_none());
    let removed = removable
        .map(|library| library.label.clone())
        .filter(|label| agreed.remove_libraries.contains(label))
        .collect();
    let Made { change, why, requests } =
        change_set(&source, model, &input(workspace, model, plan, &removed, agreed.drop_comments))?;
    check_by_evaluation(&workspace.root, &requests, &change)?;
    let change = match agreed.buildifier.as_deref() {
        Some(program) => formatted(&workspace.root, program, &requests, change)?,
        None => change,
    };
    let shared = order::also_changed(Targets::new(&workspace.packages), model.layouts.of(plan), plan);
    Ok(Prepared {
        notes: shared
            .iter()
            .map(|(image, list)| format!("{image} takes its layers from {list} too, so its order changes as well"))
            .collect(),
        left,
        buildifier: buildifier::found(),
        bazel: trusted_bazel(&workspace.root),
        ..prepared(Made { change, why, requests })
    })
}

/// Formats the change with the user's buildifier and checks it again.
///
/// # Errors
/// When the program fails, or more than order and white space would differ.
pub(crate) fn formatted(
    root: &Path,
    program: &Path,
    requests: &[EditRequest],
    change: ChangeSet,
) -> Result<ChangeSet, Refusal> {
    if change.is_empty() {
        return Ok(change);
    }
    let formatted = buildifier::format(program, &change)?;
    check_formatting(root, requests, &change, &formatted)?;
    Ok(formatted)
}

pub(crate) fn input<'a>(
    workspace: &'a Workspace,
    model: &'a AppModel,
    plan: &'a Plan,
    removed: &'a BTreeSet<Label>,
    drop_comments: bool,
) -> Migration<'a> {
    let drops = ConfirmedDrops::All(drop_comments);
    Migration { workspace, app: &model.app, graph: &model.graph, contents: &model.contents, plan, removed, drops }
}

/// Makes the edits in memory. Comments that would be lost are reported for all files together.
pub(crate) fn change_set(source: &DiskSource<'_>, model: &AppModel, input: &Migration<'_>) -> Result<Made, Refusal> {
    // Dependencies can be changed where the app itself can't: then the groups are left as they are.
    let of_order = order::edits(model.layouts.of(input.plan), input.plan);
    let has_same_groups = input.plan.same_groups(&model.on_disk) && input.removed.is_empty();
    let keeps_groups = has_same_groups && (!model.changes.is_empty() || !of_order.is_empty());
    if let Some(why) = input.app.why_not.as_ref().filter(|_| !keeps_groups) {
        return Err(Refusal::at_line(why.code, &input.app.path, input.app.line, why.message.clone()));
    }
    let mut change = ChangeSet::default();
    let mut why = BTreeMap::new();
    let mut lost: Option<Refusal> = None;
    let mut of_plan = if keeps_groups { Vec::new() } else { migration(input)? };
    of_plan.extend(of_order);
    let mut requests = Vec::new();
    for request in by_package(model.changes.among(of_plan, &input.drops)) {
        let sentences: Vec<String> =
            request.edits.iter().flat_map(|edit| reasons(edit, &request.package, &model.changes)).collect();
        let made = plan_edits(source, &request);
        requests.push(request);
        match made {
            Ok(more) => {
                why.extend(more.files.iter().map(|file| (file.path.clone(), sentences.clone())));
                change.files.extend(more.files);
            }
            Err(refusal) if refusal.code == RefusalCode::WouldDropComments => match &mut lost {
                Some(first) => first.message = format!("{} {}", first.message, refusal.message),
                None => lost = Some(refusal),
            },
            Err(refusal) => return Err(refusal),
        }
    }
    if let Some(refusal) = lost {
        return Err(refusal);
    }
    change.files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(Made { change, why, requests })
}

#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) change: ChangeSet,
    pub(crate) why: BTreeMap<PathBuf, Vec<String>>,
    pub(crate) requests: Vec<EditRequest>,
}

#[must_use]
pub(crate) fn prepared(mut made: Made) -> Prepared {
    let diffs = made.change.files.iter().map(side_by_side).collect();
    let why = made.change.files.iter().map(|file| made.why.remove(&file.path).unwrap_or_default()).collect();
    Prepared { change: made.change, diffs, why, left: Vec::new(), notes: Vec::new(), buildifier: None, bazel: None }
}

#[derive(Clone, Debug)]
pub struct Prepared {
    pub(crate) change: ChangeSet,
    /// In the order of the files.
    pub(crate) diffs: Vec<SideBySide>,
    /// One sentence per edit, in the order of the files.
    pub(crate) why: Vec<Vec<String>>,
    /// Libraries that no layer needs any more.
    pub(crate) left: Vec<LeftLibrary>,
    /// Further sentences for the user.
    pub(crate) notes: Vec<String>,
    /// The user's buildifier, as an offer.
    pub(crate) buildifier: Option<PathBuf>,
    /// `None` if the workspace is not trusted.
    pub(crate) bazel: Option<BazelCommand>,
}
