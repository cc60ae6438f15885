//! `load()`: files of the workspace are evaluated once; files of other repositories are replaced by stand-ins with the
//! requested names.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use starlark::environment::{FrozenModule, Module};
use starlark::eval::{Evaluator, ReturnFileLoader};
use starlark::syntax::AstModule;
use starlark::values::{OwnedFrozenValue, ValueLike};

use super::dialect;
use super::evaluated::{EvaluationFailure, MacroSignature};
use super::evaluator::EvaluationSetup;
use super::globals::AllGlobals;
use super::models::Models;
use super::prepare::prepare;
use super::reads::{Reads, TracedTree};
use super::recorder::{Recorder, Subject};
use super::source_tree::SourceTree;
use super::values::macro_shim::MacroShim;
use super::values::opaque::Opaque;
use super::values::recorder_handle::RecorderHandle;
use super::values::requirement::{Requirement, hub_label};
use super::values::symbolic_macro::SymbolicMacro;
use super::{limits, operators};
use crate::label::Label;
use crate::workspace::repositories::Repositories;

/// Of files that load each other.
const LONGEST_CHAIN: usize = 60;
/// In characters: `fail()` can be given anything.
const LONGEST_REASON: usize = 400;

pub struct Library {
    /// Records what is read.
    pub tree: Rc<TracedTree>,
    pub globals: AllGlobals,
    pub setup: Rc<EvaluationSetup>,
    modules: BTreeMap<Label, Known>,
    models: Models,
    loading: Vec<Label>,
    /// Longest chain below the file being loaded.
    height: usize,
    /// The current chain of loads is too long.
    is_overlong: bool,
}

struct Known {
    result: Result<FrozenModule, EvaluationFailure>,
    /// By it and all that it loads.
    reads: Reads,
    /// Longest chain of loads from it.
    height: usize,
}

impl Library {
    /// # Errors
    /// When the predefined names can't be built.
    pub fn new(tree: Rc<dyn SourceTree>) -> starlark::Result<Self> {
        let globals = AllGlobals::new()?;
        Ok(Self {
            tree: Rc::new(TracedTree::new(tree)),
            globals,
            setup: Rc::default(),
            modules: BTreeMap::new(),
            models: Models::default(),
            loading: Vec::new(),
            height: 0,
            is_overlong: false,
        })
    }

    /// Drops all files.
    pub fn begin(&mut self, setup: EvaluationSetup) {
        self.setup = Rc::new(setup);
        self.modules.clear();
    }

    /// Modules that `ast` loads, by the text of the load. `package` is for relative labels.
    ///
    /// # Errors
    /// When a file of the workspace can't be loaded.
    pub fn loads_of(
        &mut self,
        ast: &AstModule,
        package: &str,
    ) -> Result<BTreeMap<String, FrozenModule>, EvaluationFailure> {
        let mut wanted: BTreeMap<&str, (BTreeSet<&str>, usize)> = BTreeMap::new();
        for load in ast.loads() {
            let line = load.span.resolve_span().begin.line + 1;
            let entry = wanted.entry(load.module_id).or_insert_with(|| (BTreeSet::new(), line));
            entry.0.extend(load.symbols.values().copied());
        }
        let mut modules = BTreeMap::new();
        for (text, (symbols, line)) in wanted {
            let module = self.load(text, package, &symbols).map_err(|mut failure| {
                failure.line = failure.line.or(Some(line));
                failure
            })?;
            modules.insert(text.to_owned(), module);
        }
        Ok(modules)
    }

    fn load(&mut self, text: &str, package: &str, symbols: &BTreeSet<&str>) -> Result<FrozenModule, EvaluationFailure> {
        let label = self
            .setup
            .repositories
            .parse(text, package)
            .map_err(|error| EvaluationFailure::new("not_loadable", "", format!("load(\"{text}\"): {error}")))?;
        match self.setup.repositories.file(&label) {
            None => self.stand_in(&label, symbols),
            Some(path) => {
                let module = self.file(&label, &path)?;
                shimmed(&module, &label, symbols).map_err(|error| self.failure_of(&error, &path))
            }
        }
    }

    /// A file, evaluated on first use. The result does not depend on who asks first, so the order of packages does not
    /// matter.
    fn file(&mut self, label: &Label, path: &str) -> Result<FrozenModule, EvaluationFailure> {
        if let Some(known) = self.modules.get(label) {
            self.tree.add(&known.reads);
            self.height = self.height.max(known.height);
            let too_long = self.loading.len() + known.height > LONGEST_CHAIN;
            return if too_long { Err(self.overlong(label)) } else { known.result.clone() };
        }
        if let Some(at) = self.loading.iter().position(|loading| loading == label) {
            return Err(self.cycle(at));
        }
        if self.loading.len() >= LONGEST_CHAIN {
            return Err(self.overlong(label));
        }
        self.is_overlong &= !self.loading.is_empty();
        let outer = (self.tree.take(), std::mem::take(&mut self.height));
        self.loading.push(label.clone());
        let result = self.evaluate(label, path);
        self.loading.pop();
        let (reads, height) = (self.tree.take(), self.height + 1);
        self.tree.add(&outer.0);
        self.tree.add(&reads);
        self.height = outer.1.max(height);
        // Loaded by a shorter chain, the file may be fine.
        if !self.is_overlong {
            self.modules.insert(label.clone(), Known { result: result.clone(), reads, height });
        }
        result
    }

    /// A cycle, in the same words wherever it was entered.
    fn cycle(&self, start: usize) -> EvaluationFailure {
        let mut circle: Vec<&Label> = self.loading.iter().skip(start).collect();
        for label in &circle {
            // Everything in the cycle depends on all of it.
            drop(self.tree.read(&self.path_of(label)));
        }
        let first = circle.iter().enumerate().min_by_key(|(_, label)| **label).map_or(0, |(at, _)| at);
        circle.rotate_left(first);
        let path = circle.first().map_or_else(String::new, |label| self.path_of(label));
        let chain: Vec<String> = circle.iter().chain(circle.first()).map(ToString::to_string).collect();
        EvaluationFailure::new("load_cycle", &path, format!("files load each other: {}", chain.join(" -> ")))
    }

    fn overlong(&mut self, label: &Label) -> EvaluationFailure {
        self.is_overlong = true;
        let path = self.path_of(self.loading.first().unwrap_or(label));
        let reason = format!("{path} begins a chain of more than {LONGEST_CHAIN} files that load each other");
        EvaluationFailure::new("too_deep", &path, reason)
    }

    fn evaluate(&mut self, label: &Label, path: &str) -> Result<FrozenModule, EvaluationFailure> {
        let text =
            self.tree.read(path).map_err(|error| EvaluationFailure::new("not_loadable", path, error.to_string()))?;
        let text = prepare(path, text)?;
        let mut ast = AstModule::parse(&label.to_string(), text, &dialect::library())
            .map_err(|error| syntax_error(&error, path, &self.setup.repositories))?;
        operators::replace(&mut ast);
        let folder = self.setup.repositories.folder(label).map(Cow::into_owned).unwrap_or_default();
        let modules = self.loads_of(&ast, &folder)?;
        let recorder = RecorderHandle(Recorder::new(Subject::Library, self.source(), Rc::clone(&self.setup)));
        Module::with_temp_heap(|module| {
            let by_text: HashMap<&str, &FrozenModule> =
                modules.iter().map(|(text, module)| (text.as_str(), module)).collect();
            let loader = ReturnFileLoader { modules: &by_text };
            let mut evaluator = Evaluator::new(&module);
            limits::set(&mut evaluator).map_err(|error| self.failure_of(&error, path))?;
            evaluator.set_loader(&loader);
            evaluator.extra = Some(&recorder);
            evaluator.eval_module(ast, &self.globals.library).map_err(|error| self.failure_of(&error, path))?;
            drop(evaluator);
            let frozen = module.freeze();
            frozen.map_err(|error| self.failure_of(&starlark::Error::from(error), path))
        })
    }

    fn path_of(&self, label: &Label) -> String {
        self.setup.repositories.file(label).unwrap_or_else(|| label.path())
    }

    #[must_use]
    pub fn failure_of(&self, error: &starlark::Error, path: &str) -> EvaluationFailure {
        failure_of(error, path, &self.setup.repositories)
    }

    pub fn source(&self) -> Rc<dyn SourceTree> {
        Rc::clone(&self.tree) as Rc<dyn SourceTree>
    }

    /// A module of another repository with the requested names.
    fn stand_in(&mut self, label: &Label, symbols: &BTreeSet<&str>) -> Result<FrozenModule, EvaluationFailure> {
        let model = self.model(label);
        let is_skylib = label.repository_name() == Some("bazel_skylib") && label.package() == "lib";
        let hub = (label.name() == "requirements.bzl").then(|| label.repository_name()).flatten();
        Module::with_temp_heap(|module| {
            for symbol in symbols {
                let heap = module.heap();
                let skylib = is_skylib.then(|| self.globals.skylib.get_option(symbol).ok().flatten()).flatten();
                if let Some(value) = skylib {
                    module.set(symbol, module.frozen_heap().alloc(value).to_value());
                    continue;
                }
                let modelled = model.as_ref().and_then(|model| model.get_option(symbol).ok().flatten());
                if let Some(value) = modelled {
                    module.set(symbol, with_shim(&module, value, label, symbol, Origin::Model));
                    continue;
                }
                let requirement = hub.and_then(|hub| Requirement::of(symbol, hub));
                let value = match (requirement, hub) {
                    (Some(requirement), _) => heap.alloc(requirement),
                    (None, Some(hub)) if symbol.starts_with("all_") && symbol.ends_with("requirements") => {
                        heap.alloc(self.all_requirements(hub, symbol))
                    }
                    _ => heap.alloc(Opaque::new(format!("{label}%{symbol}"))),
                };
                module.set(symbol, value);
            }
            module.freeze().map_err(|error| self.failure_of(&starlark::Error::from(error), ""))
        })
    }

    fn model(&mut self, label: &Label) -> Option<Rc<FrozenModule>> {
        let repository = label.repository_name()?;
        let module = self.setup.modules.get(repository);
        self.tree.note_module(repository, module);
        self.models.load(module?, label, &self.globals.library)
    }

    fn all_requirements(&self, hub: &str, symbol: &str) -> Vec<String> {
        let target = match symbol {
            "all_data_requirements" => "data",
            "all_whl_requirements" => "whl",
            _ => "pkg",
        };
        let packages = self.setup.hubs.get(hub).map(Vec::as_slice).unwrap_or_default();
        self.tree.note_hub(hub, packages);
        packages.iter().map(|name| hub_label(hub, name, target)).collect()
    }
}

/// Wraps each function so that its calls are recorded.
fn shimmed(module: &FrozenModule, label: &Label, symbols: &BTreeSet<&str>) -> starlark::Result<FrozenModule> {
    Module::with_temp_heap(|shim| {
        for symbol in symbols {
            // Missing and private names stay missing, for Bazel's own error.
            let Some(owned) = module.get_option(symbol).map_err(starlark::Error::new_other)? else {
                continue;
            };
            shim.set(symbol, with_shim(&shim, owned, label, symbol, Origin::Workspace));
        }
        shim.freeze().map_err(starlark::Error::from)
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// In the file, or in one that it loads.
    Workspace,
    /// In a model, where it may have another name.
    Model,
}

/// Copies a value into `module`; functions are wrapped so that calls are recorded.
fn with_shim<'v>(
    module: &Module<'v>,
    owned: OwnedFrozenValue,
    label: &Label,
    symbol: &str,
    origin: Origin,
) -> starlark::values::Value<'v> {
    let function = module.frozen_heap().alloc(owned.clone());
    match signature(&owned, label, symbol) {
        Some(mut signature) => {
            if origin == Origin::Model {
                symbol.clone_into(&mut signature.symbol);
            }
            module.heap().alloc(MacroShim::new(signature, function))
        }
        None => function.to_value(),
    }
}

/// `None` for anything but a function. A re-exported function keeps the signature of its own file.
fn signature(value: &OwnedFrozenValue, label: &Label, symbol: &str) -> Option<MacroSignature> {
    let value = value.value();
    if value.downcast_ref::<MacroShim>().is_some() {
        return None;
    }
    if let Some(declared) = SymbolicMacro::from_value(value) {
        let mut names = vec!["name".to_owned(), "visibility".to_owned()];
        names.extend(declared.attribute_names());
        let (symbol, file) = (symbol.to_owned(), Some(label.clone()));
        return Some(MacroSignature { symbol, file, parameters: Some(names), takes_keywords: false });
    }
    let parameters = value.parameters_spec()?.parameters_str();
    let mut names = Vec::new();
    let mut takes_keywords = false;
    for part in parameters.split(',').map(str::trim) {
        match part.split('=').next().map_or(part, str::trim) {
            "" | "*" | "/" => {}
            keywords if keywords.starts_with("**") => takes_keywords = true,
            positional if positional.starts_with('*') => {}
            name => names.push(name.to_owned()),
        }
    }
    let symbol = value.function_name().filter(|name| *name != "lambda").unwrap_or(symbol).to_owned();
    Some(MacroSignature { symbol, file: Some(label.clone()), parameters: Some(names), takes_keywords })
}

#[must_use]
pub fn syntax_error(error: &starlark::Error, path: &str, repositories: &Repositories) -> EvaluationFailure {
    let mut failure = failure_of(error, path, repositories);
    failure.code = "syntax_error".to_owned();
    failure
}

#[must_use]
pub fn failure_of(error: &starlark::Error, path: &str, repositories: &Repositories) -> EvaluationFailure {
    let span = error.span();
    let line = span.map(|span| span.resolve_span().begin.line + 1);
    let file = span
        .and_then(|span| repositories.file(&Label::parse_absolute(span.filename()).ok()?))
        .unwrap_or_else(|| path.to_owned());
    let message = error.without_diagnostic().to_string();
    let first_line: String =
        message.lines().next().unwrap_or("evaluation failed").trim().chars().take(LONGEST_REASON).collect();
    let place = line.map_or(file.clone(), |line| format!("{file}:{line}"));
    EvaluationFailure { code: "not_evaluated".to_owned(), reason: format!("{place}: {first_line}"), path: file, line }
}
