//! What is written down while a file is evaluated: targets, calls and notes, in their order.
//!
//! One recorder stands behind one evaluation; the values and functions that Starlark sees write to it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use starlark::codemap::ResolvedPos;
use starlark::eval::{Arguments, Evaluator};

use super::convert;
use super::evaluated::{EvaluatedPackage, EvaluationNote, MacroCall, MacroSignature, MadeTarget};
use super::evaluator::EvaluationSetup;
use super::source_tree::SourceTree;
use super::values::recorder_handle::RecorderHandle;
use crate::label::Label;
use crate::workspace::model::{Dependency, Target, Value};
use crate::workspace::module_call::ModuleCall;

/// Most calls and targets of one package; what goes beyond is not a BUILD file that somebody wrote.
const MOST_RECORDS: usize = 200_000;

/// What kind of file is evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The BUILD file of this package.
    Package(String),
    /// A `.bzl` file: its functions are defined, nothing is made.
    Library,
    /// MODULE.bazel or WORKSPACE: each call is written down.
    Module,
}

/// The notes of one evaluation.
pub struct Recorder {
    /// What is evaluated.
    pub subject: Subject,
    /// The files of the workspace.
    pub tree: Rc<dyn SourceTree>,
    /// What is known beforehand.
    pub setup: Rc<EvaluationSetup>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    package: EvaluatedPackage,
    module_calls: Vec<ModuleCall>,
    /// Indices of the calls that are running, outermost first.
    running: Vec<usize>,
    names: BTreeSet<String>,
    /// Edges that hold only if what they lead to turns out to exist, with the index of the target that has them.
    unsure: Vec<(usize, Dependency)>,
    default_visibility: Vec<Label>,
}

impl Recorder {
    /// A recorder that has nothing yet.
    #[must_use]
    pub fn new(subject: Subject, tree: Rc<dyn SourceTree>, setup: Rc<EvaluationSetup>) -> Self {
        Self { subject, tree, setup, state: RefCell::default() }
    }

    /// The recorder behind `evaluator`.
    #[must_use]
    pub fn of<'a>(evaluator: &Evaluator<'_, 'a, '_>) -> Option<&'a Self> {
        evaluator.extra.and_then(|extra| extra.downcast_ref::<RecorderHandle>()).map(|handle| &handle.0)
    }

    /// The package whose BUILD file is evaluated.
    #[must_use]
    pub fn package(&self) -> Option<&str> {
        match &self.subject {
            Subject::Package(path) => Some(path),
            Subject::Library | Subject::Module => None,
        }
    }

    /// What was recorded.
    #[must_use]
    pub fn into_parts(self) -> (EvaluatedPackage, Vec<ModuleCall>) {
        let package = self.package().unwrap_or_default().to_owned();
        let mut state = self.state.into_inner();
        // Listing a package is not free, and most need no listing.
        let contents = if state.unsure.is_empty() { Rc::default() } else { self.tree.contents(&package) };
        for (index, dependency) in state.unsure {
            let name = dependency.label.name();
            let is_file = || contents.files.binary_search_by(|file| file.as_str().cmp(name)).is_ok();
            if !state.names.contains(name)
                && !is_file()
                && let Some(made) = state.package.targets.get_mut(index)
                && let Some(at) = made.target.dependencies.iter().position(|found| *found == dependency)
            {
                made.target.dependencies.remove(at);
            }
        }
        for made in &mut state.package.targets {
            made.target.dependencies.sort_by(|left, right| left.attribute.cmp(&right.attribute));
        }
        (state.package, state.module_calls)
    }

    /// Records a target and the running calls that made it. A name that exists already is left as it is: `false`.
    /// `unsure` are those of its edges that hold only if the package has such a target or file.
    pub fn add_target(&self, name: &str, target: Target, unsure: Vec<Dependency>) -> bool {
        let mut state = self.state.borrow_mut();
        if state.package.targets.len() >= MOST_RECORDS || !state.names.insert(name.to_owned()) {
            return false;
        }
        let index = state.package.targets.len();
        state.package.targets.push(MadeTarget { name: name.to_owned(), target });
        let state = &mut *state;
        state.unsure.extend(unsure.into_iter().map(|dependency| (index, dependency)));
        for call in &state.running {
            if let Some(call) = state.package.calls.get_mut(*call) {
                call.made.push(index);
            }
        }
        true
    }

    /// The targets so far.
    #[must_use]
    pub fn targets(&self) -> Vec<MadeTarget> {
        self.state.borrow().package.targets.clone()
    }

    /// One target so far.
    #[must_use]
    pub fn target(&self, name: &str) -> Option<MadeTarget> {
        self.state.borrow().package.targets.iter().find(|made| made.name == name).cloned()
    }

    /// The function that the BUILD file called and that is running now.
    #[must_use]
    pub fn outermost_macro(&self) -> Option<String> {
        let state = self.state.borrow();
        let call = state.package.calls.get(*state.running.first()?)?;
        Some(call.signature.symbol.clone())
    }

    /// Records a note.
    pub fn note(&self, code: &str, line: usize, message: String) {
        self.state.borrow_mut().package.notes.push(EvaluationNote { code: code.to_owned(), line, message });
    }

    /// Records exported files.
    pub fn export_files(&self, files: impl IntoIterator<Item = String>) {
        self.state.borrow_mut().package.exported_files.extend(files);
    }

    /// Sets what `package(default_visibility = ...)` says.
    pub fn set_default_visibility(&self, visibility: Vec<Label>) {
        self.state.borrow_mut().default_visibility = visibility;
    }

    /// What `package(default_visibility = ...)` said.
    #[must_use]
    pub fn default_visibility(&self) -> Vec<Label> {
        self.state.borrow().default_visibility.clone()
    }

    /// Records a call of MODULE.bazel or WORKSPACE.
    pub fn add_module_call(&self, call: ModuleCall) {
        let mut state = self.state.borrow_mut();
        if state.module_calls.len() < MOST_RECORDS {
            state.module_calls.push(call);
        }
    }
}

/// Positional and named arguments as plain values.
pub type PlainArguments = (Vec<Value>, Vec<(String, Value)>);

/// Converts the arguments of a call.
///
/// # Errors
/// When a name is given twice.
pub fn plain_arguments<'v>(
    arguments: &Arguments<'v, '_>,
    evaluator: &Evaluator<'v, '_, '_>,
) -> starlark::Result<PlainArguments> {
    let positional = arguments.positions(evaluator.heap())?.map(convert::to_model).collect();
    let names = arguments.names_map()?;
    let named = names.iter().map(|(name, value)| (name.as_str().to_owned(), convert::to_model(*value))).collect();
    Ok((positional, named))
}

/// Where the evaluated file itself calls what is running now; line and column counted from 1.
#[must_use]
pub fn position_in_file(evaluator: &Evaluator<'_, '_, '_>) -> (usize, usize) {
    // The lowest frame is the file, the one above it is what the file called.
    let depth = evaluator.call_stack_count();
    let location = depth.checked_sub(2).and_then(|frame| evaluator.call_stack_nth_location(frame));
    let ResolvedPos { line, column } = location.map_or(ResolvedPos::default(), |span| span.resolve_span().begin);
    (line + 1, column + 1)
}

/// Begins the record of a call; `None` where calls are not recorded.
///
/// # Errors
/// When the arguments can't be taken apart.
pub fn begin_call<'v>(
    signature: &MacroSignature,
    arguments: &Arguments<'v, '_>,
    evaluator: &Evaluator<'v, '_, '_>,
) -> starlark::Result<Option<usize>> {
    let Some(recorder) = Recorder::of(evaluator).filter(|recorder| recorder.package().is_some()) else {
        return Ok(None);
    };
    let within = recorder.state.borrow().running.last().copied();
    // Helpers that macros call are no news; what makes an image is, however deep.
    if within.is_some() && !signature.may_make_an_app() {
        return Ok(None);
    }
    let (positional, named) = plain_arguments(arguments, evaluator)?;
    let (line, column) = position_in_file(evaluator);
    let direct = evaluator.call_stack_count() == 2;
    let signature = signature.clone();
    let call = MacroCall { signature, positional, named, line, column, within, direct, ..MacroCall::default() };
    let mut state = recorder.state.borrow_mut();
    if state.package.calls.len() >= MOST_RECORDS {
        return Ok(None);
    }
    let index = state.package.calls.len();
    state.package.calls.push(call);
    state.running.push(index);
    Ok(Some(index))
}

/// Ends the record of a call.
pub fn end_call(call: Option<usize>, evaluator: &Evaluator<'_, '_, '_>) {
    if let (Some(index), Some(recorder)) = (call, Recorder::of(evaluator)) {
        let mut state = recorder.state.borrow_mut();
        while state.running.pop().is_some_and(|last| last != index) {}
    }
}
