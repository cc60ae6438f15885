//! The names that each kind of file starts with.

use starlark::environment::{FrozenModule, Globals, GlobalsBuilder, LibraryExtension, Module};
use starlark::eval::Evaluator;
use starlark::syntax::{AstModule, Dialect};

use super::dialect;
use super::functions::{common_functions, library_functions, module_functions, package_functions};
use super::json::json_module;
use super::names::{LIBRARY_NAMES, MODULE_NAMES, NATIVE_RULES};
use super::operators::operator_functions;
use super::values::opaque::Opaque;

/// Starlark that defines what needs no Rust.
const PRELUDE: &str = include_str!("prelude.bzl");

/// The starting names of the three kinds of files.
pub struct AllGlobals {
    /// For BUILD files.
    pub package: Globals,
    /// For `.bzl` files.
    pub library: Globals,
    /// For MODULE.bazel and WORKSPACE.
    pub module: Globals,
}

impl AllGlobals {
    /// Builds all of them.
    ///
    /// # Errors
    /// When the prelude itself does not evaluate.
    pub fn new() -> starlark::Result<Self> {
        let prelude = prelude()?;
        Ok(Self { package: package(), library: library(&prelude)?, module: module() })
    }
}

fn common() -> GlobalsBuilder {
    GlobalsBuilder::extended_by(&[LibraryExtension::StructType, LibraryExtension::SetType])
        .with(common_functions)
        .with(operator_functions)
        .with(json_module)
}

fn native_rules(builder: &mut GlobalsBuilder) {
    for name in NATIVE_RULES {
        builder.set(name, Opaque::new(format!("native.{name}")));
    }
}

fn package() -> Globals {
    common().with(package_functions).with(native_rules).build()
}

fn module() -> Globals {
    let mut builder = common().with(module_functions);
    for name in MODULE_NAMES {
        builder.set(name, Opaque::new(*name));
    }
    builder.build()
}

fn library(prelude: &FrozenModule) -> starlark::Result<Globals> {
    let mut builder = common().with(library_functions);
    for name in LIBRARY_NAMES {
        builder.set(name, Opaque::new(*name));
    }
    builder.namespace("native", |native| {
        package_functions(native);
        native_rules(native);
        native.set("bazel_version", "7.7.1");
    });
    for name in ["attr", "depset", "provider"] {
        let value = prelude.get(name).map_err(starlark::Error::new_other)?;
        builder.set(name, value);
    }
    Ok(builder.build())
}

fn prelude() -> starlark::Result<FrozenModule> {
    let globals = common().with(library_functions).build();
    let ast =
        AstModule::parse("prelude.bzl", PRELUDE.to_owned(), &Dialect { enable_load: false, ..dialect::library() })?;
    Module::with_temp_heap(|module| {
        Evaluator::new(&module).eval_module(ast, &globals)?;
        module.freeze().map_err(starlark::Error::from)
    })
}
