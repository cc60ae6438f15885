//! Evaluates in the calling thread, for the child process and tests. A hostile file can exhaust memory or time here, so
//! the program uses the child process.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use starlark::environment::{FrozenModule, Globals, Module};
use starlark::eval::{Evaluator, ReturnFileLoader};
use starlark::syntax::AstModule;

use super::call_forms::mark_calls;
use super::evaluated::{EvaluatedPackage, EvaluationFailure};
use super::evaluator::{EvaluationSetup, PackageEvaluator};
use super::load::{Library, failure_of, syntax_error};
use super::prepare::prepare;
use super::reads::{Evaluation, Reads};
use super::recorder::{Recorder, Subject};
use super::source_tree::SourceTree;
use super::values::recorder_handle::RecorderHandle;
use super::{dialect, limits, operators};
use crate::workspace::fallback;
use crate::workspace::module_call::ModuleCall;
use crate::workspace::repositories::Repositories;

pub struct InProcessEvaluator {
    library: Library,
}

impl InProcessEvaluator {
    /// # Errors
    /// When the predefined names can't be built.
    pub fn new(tree: Rc<dyn SourceTree>) -> Result<Self, EvaluationFailure> {
        let library = Library::new(tree).map_err(|error| failure_of(&error, "", &Repositories::default()))?;
        Ok(Self { library })
    }

    fn evaluate(&mut self, path: &str, package: &str, subject: Subject) -> Result<Evaluated, EvaluationFailure> {
        let tree = self.library.source();
        let text = tree.read(path).map_err(|error| EvaluationFailure::new("unreadable", path, error.to_string()))?;
        let prepared = prepare(path, text.clone())?;
        let mut ast = AstModule::parse(path, prepared, &dialect::package())
            .map_err(|error| syntax_error(&error, path, &self.library.setup.repositories))?;
        operators::replace(&mut ast);
        let modules = self.library.loads_of(&ast, package).map_err(|failure| at_path(failure, path))?;
        let globals = match subject {
            Subject::Module => &self.library.globals.module,
            Subject::Package(_) | Subject::Library => &self.library.globals.package,
        };
        let recorder = Recorder::new(subject, tree, Rc::clone(&self.library.setup));
        let handle = RecorderHandle(recorder);
        run(ast, &modules, globals, &handle).map_err(|error| self.library.failure_of(&error, path))?;
        Ok(Evaluated { recorder: handle.0, text })
    }

    /// Does `work`, or `by_text` if it fails, and records what was read.
    fn traced<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, EvaluationFailure>,
        by_text: impl FnOnce(&Self) -> Option<T>,
    ) -> Evaluation<T> {
        // Earlier reads are unrelated.
        drop(self.library.tree.take());
        let result = work(self);
        let by_text = if result.is_err() { by_text(self) } else { None };
        let repositories = self.library.setup.repositories.clone();
        Evaluation { result, by_text, reads: Some(Reads { repositories, ..self.library.tree.take() }) }
    }
}

/// A file that was evaluated, with the text that was read.
struct Evaluated {
    recorder: Recorder,
    text: String,
}

fn at_path(mut failure: EvaluationFailure, path: &str) -> EvaluationFailure {
    if failure.path.is_empty() {
        path.clone_into(&mut failure.path);
    }
    failure
}

fn run(
    ast: AstModule,
    modules: &BTreeMap<String, FrozenModule>,
    globals: &Globals,
    recorder: &RecorderHandle,
) -> starlark::Result<()> {
    Module::with_temp_heap(|module| {
        let by_text: HashMap<&str, &FrozenModule> =
            modules.iter().map(|(text, module)| (text.as_str(), module)).collect();
        let loader = ReturnFileLoader { modules: &by_text };
        let mut evaluator = Evaluator::new(&module);
        limits::set(&mut evaluator)?;
        evaluator.set_loader(&loader);
        evaluator.extra = Some(recorder);
        evaluator.eval_module(ast, globals)?;
        Ok(())
    })
}

impl PackageEvaluator for InProcessEvaluator {
    fn begin(&mut self, setup: &EvaluationSetup) {
        self.library.begin(setup.clone());
    }

    fn package(&mut self, package: &str, path: &str) -> Evaluation<EvaluatedPackage> {
        let evaluate = |evaluator: &mut Self| {
            let subject = Subject::Package(package.to_owned());
            let Evaluated { recorder, text } = evaluator.evaluate(path, package, subject)?;
            let mut evaluated = recorder.into_parts().0;
            if !evaluated.calls.is_empty() {
                mark_calls(&mut evaluated, &text);
            }
            Ok(evaluated)
        };
        self.traced(evaluate, |evaluator| {
            let tree = &*evaluator.library.tree;
            let home = evaluator.library.setup.repositories.at(package);
            Some(fallback::read_package(tree, home, &tree.read(path).unwrap_or_default()))
        })
    }

    fn module_file(&mut self, path: &str) -> Evaluation<Vec<ModuleCall>> {
        let evaluate = |evaluator: &mut Self| {
            let Evaluated { recorder, .. } = evaluator.evaluate(path, "", Subject::Module)?;
            Ok(recorder.into_parts().1)
        };
        self.traced(evaluate, |_| None)
    }
}
