//! Records targets, calls and notes during one evaluation.

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

/// Of one package: more is no BUILD file that somebody wrote.
const MOST_RECORDS: usize = 200_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Package(String),
    /// Defines functions, makes nothing.
    Library,
    /// MODULE.bazel or WORKSPACE: each call is recorded.
    Module,
}

pub struct Recorder {
    pub subject: Subject,
    pub tree: Rc<dyn SourceTree>,
    pub setup: Rc<EvaluationSetup>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    package: EvaluatedPackage,
    module_calls: Vec<ModuleCall>,
    /// Indices of running calls, outermost first.
    running: Vec<usize>,
    names: BTreeSet<String>,
    /// Edges that hold only if their target exists, by the index of the dependent.
    unsure: Vec<(usize, Dependency)>,
    default_visibility: Vec<Label>,
}

impl Recorder {
    #[must_use]
    pub fn new(subject: Subject, tree: Rc<dyn SourceTree>, setup: Rc<EvaluationSetup>) -> Self {
        Self { subject, tree, setup, state: RefCell::default() }
    }

    #[must_use]
    pub fn of<'a>(evaluator: &Evaluator<'_, 'a, '_>) -> Option<&'a Self> {
        evaluator.extra.and_then(|extra| extra.downcast_ref::<RecorderHandle>()).map(|handle| &handle.0)
    }

    #[must_use]
    pub fn package(&self) -> Option<&str> {
        match &self.subject {
            Subject::Package(path) => Some(path),
            Subject::Library | Subject::Module => None,
        }
    }

    #[must_use]
    pub fn into_parts(self) -> (EvaluatedPackage, Vec<ModuleCall>) {
        let package = self.package().unwrap_or_default().to_owned();
        let mut state = self.state.into_inner();
        // Most packages need no listing, which is expensive.
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

    /// Records a target of the running calls. An existing name is kept: `false`. `unsure` edges hold only if the
    /// package has such a target or file.
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

    #[must_use]
    pub fn targets(&self) -> Vec<MadeTarget> {
        self.state.borrow().package.targets.clone()
    }

    #[must_use]
    pub fn target(&self, name: &str) -> Option<MadeTarget> {
        self.state.borrow().package.targets.iter().find(|made| made.name == name).cloned()
    }

    /// The running function that the BUILD file called.
    #[must_use]
    pub fn outermost_macro(&self) -> Option<String> {
        let state = self.state.borrow();
        let call = state.package.calls.get(*state.running.first()?)?;
        Some(call.signature.symbol.clone())
    }

    pub fn note(&self, code: &str, line: usize, message: String) {
        self.state.borrow_mut().package.notes.push(EvaluationNote { code: code.to_owned(), line, message });
    }

    pub fn export_files(&self, files: impl IntoIterator<Item = String>) {
        self.state.borrow_mut().package.exported_files.extend(files);
    }

    pub fn set_default_visibility(&self, visibility: Vec<Label>) {
        self.state.borrow_mut().default_visibility = visibility;
    }

    #[must_use]
    pub fn default_visibility(&self) -> Vec<Label> {
        self.state.borrow().default_visibility.clone()
    }

    pub fn add_module_call(&self, call: ModuleCall) {
        let mut state = self.state.borrow_mut();
        if state.module_calls.len() < MOST_RECORDS {
            state.module_calls.push(call);
        }
    }
}

pub type PlainArguments = (Vec<Value>, Vec<(String, Value)>);

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

/// The place in the evaluated file of the running call, counted from 1.
#[must_use]
pub fn position_in_file(evaluator: &Evaluator<'_, '_, '_>) -> (usize, usize) {
    // The lowest frame is the file, the next what it called.
    let depth = evaluator.call_stack_count();
    let location = depth.checked_sub(2).and_then(|frame| evaluator.call_stack_nth_location(frame));
    let ResolvedPos { line, column } = location.map_or(ResolvedPos::default(), |span| span.resolve_span().begin);
    (line + 1, column + 1)
}

/// `None` if calls are not recorded.
///
/// # Errors
/// When the arguments are malformed.
pub fn begin_call<'v>(
    signature: &MacroSignature,
    arguments: &Arguments<'v, '_>,
    evaluator: &Evaluator<'v, '_, '_>,
) -> starlark::Result<Option<usize>> {
    let Some(recorder) = Recorder::of(evaluator).filter(|recorder| recorder.package().is_some()) else {
        return Ok(None);
    };
    let within = recorder.state.borrow().running.last().copied();
    // Helpers called by macros are uninteresting; image macros are recorded at any depth.
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

pub fn end_call(call: Option<usize>, evaluator: &Evaluator<'_, '_, '_>) {
    if let (Some(index), Some(recorder)) = (call, Recorder::of(evaluator)) {
        let mut state = recorder.state.borrow_mut();
        while state.running.pop().is_some_and(|last| last != index) {}
    }
}
