//! Predefined names of each kind of file.

use starlark::environment::{FrozenModule, Globals, GlobalsBuilder, LibraryExtension, Module};
use starlark::eval::Evaluator;
use starlark::syntax::{AstModule, Dialect};

use super::dialect;
use super::functions::{common_functions, library_functions, module_functions, package_functions};
use super::json::json_module;
use super::names::{LIBRARY_NAMES, MODULE_NAMES, NATIVE_RULES};
use super::operators::operator_functions;
use super::values::opaque::Opaque;

const PRELUDE: &str = include_str!("prelude.bzl");
/// Replacement of `@bazel_skylib//lib`.
const SKYLIB: &str = include_str!("skylib.bzl");

pub struct AllGlobals {
    pub package: Globals,
    pub library: Globals,
    /// For MODULE.bazel and WORKSPACE.
    pub module: Globals,
    pub skylib: FrozenModule,
}

impl AllGlobals {
    /// # Errors
    /// When the prelude does not evaluate.
    pub fn new() -> starlark::Result<Self> {
        let bare = common().with(library_functions).build();
        let prelude = built_in("prelude.bzl", PRELUDE, &bare)?;
        let library = library(&prelude)?;
        let skylib = built_in("skylib.bzl", SKYLIB, &library)?;
        Ok(Self { package: package(&prelude)?, library, module: module(), skylib })
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

fn package(prelude: &FrozenModule) -> starlark::Result<Globals> {
    let mut builder = common().with(package_functions).with(native_rules);
    take(&mut builder, prelude, &["depset"])?;
    Ok(builder.build())
}

fn take(builder: &mut GlobalsBuilder, module: &FrozenModule, names: &[&str]) -> starlark::Result<()> {
    for name in names {
        let value = module.get(name).map_err(starlark::Error::new_other)?;
        builder.set(name, value);
    }
    Ok(())
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
        for name in MODULE_NAMES {
            native.set(name, Opaque::new(format!("native.{name}")));
        }
        native_rules(native);
        native.set("bazel_version", "7.7.1");
    });
    take(&mut builder, prelude, &["attr", "depset", "provider"])?;
    Ok(builder.build())
}

fn built_in(name: &str, text: &str, globals: &Globals) -> starlark::Result<FrozenModule> {
    let dialect = Dialect { enable_load: false, ..dialect::library() };
    let ast = AstModule::parse(name, text.to_owned(), &dialect)?;
    Module::with_temp_heap(|module| {
        Evaluator::new(&module).eval_module(ast, globals)?;
        module.freeze().map_err(starlark::Error::from)
    })
}
