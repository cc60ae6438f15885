//! Models: our own files that make the targets of published macros, chosen by the pinned module and version. A model
//! runs like the real file, so wrapping macros and list arithmetic work. A rule without a macro needs no model.

use std::collections::BTreeMap;
use std::rc::Rc;

use starlark::environment::{FrozenModule, Globals, Module as StarlarkModule};
use starlark::eval::Evaluator;
use starlark::syntax::{AstModule, Dialect};

use super::values::opaque::Opaque;
use super::{dialect, operators};
use crate::label::Label;
use crate::workspace::modules::Module;

struct Model {
    /// In the registry.
    module: &'static str,
    /// Lowest version.
    from: [u64; 3],
    /// First version that is too new.
    to: [u64; 3],
    /// Version to assume if unknown, if this is the model for that.
    newest: Option<[u64; 3]>,
    /// Files that export its symbols: package and name.
    files: &'static [(&'static str, &'static str)],
    name: &'static str,
    text: &'static str,
}

#[rustfmt::skip] // a table
const MODELS: &[Model] = &[
    Model {
        module: "aspect_rules_py", from: [1, 0, 0], to: [2, 0, 0], newest: Some([1, 12, 0]),
        files: &[("py", "defs.bzl"), ("py/private", "py_image_layer.bzl")],
        name: "aspect_rules_py_1.bzl", text: include_str!("../../../assets/models/aspect_rules_py_1.bzl"),
    },
    Model {
        module: "aspect_rules_py", from: [2, 0, 0], to: [3, 0, 0], newest: None,
        files: &[("py", "defs.bzl")],
        name: "aspect_rules_py_2.bzl", text: include_str!("../../../assets/models/aspect_rules_py_2.bzl"),
    },
    Model {
        module: "rules_img", from: [0, 3, 0], to: [2, 0, 0], newest: Some([0, 3, 19]),
        files: &[("img", "image.bzl")],
        name: "rules_img.bzl", text: include_str!("../../../assets/models/rules_img.bzl"),
    },
    Model {
        module: "io_bazel_rules_docker", from: [0, 1, 0], to: [2, 0, 0], newest: Some([0, 25, 0]),
        files: &[("python3", "image.bzl"), ("python", "image.bzl")],
        name: "rules_docker.bzl", text: include_str!("../../../assets/models/rules_docker.bzl"),
    },
    Model {
        module: "pycross_image", from: [0, 0, 0], to: [2, 0, 0], newest: Some([0, 1, 0]),
        files: &[("bazel/rules", "oci.bzl")],
        name: "pycross_image.bzl", text: include_str!("../../../assets/models/pycross_image.bzl"),
    },
];

/// The model of what `label` names in `module`, and the version to assume.
fn model_of(module: &Module, label: &Label) -> Option<(&'static Model, [u64; 3])> {
    let numbers = module.numbers();
    let mut models = MODELS
        .iter()
        .filter(|model| model.module == module.name && model.files.contains(&(label.package(), label.name())));
    let fits = |model: &&Model| numbers.is_some_and(|numbers| model.from <= numbers && numbers < model.to);
    match numbers {
        Some(numbers) => models.find(fits).map(|model| (model, numbers)),
        None => models.find_map(|model| model.newest.map(|newest| (model, newest))),
    }
}

/// Returns `true` if a model decides what files of `module` export.
#[must_use]
pub fn is_modelled(module: &str) -> bool {
    MODELS.iter().any(|model| model.module == module)
}

#[derive(Default)]
pub struct Models {
    loaded: BTreeMap<(&'static str, [u64; 3]), Option<Rc<FrozenModule>>>,
}

impl Models {
    pub fn load(&mut self, module: &Module, label: &Label, globals: &Globals) -> Option<Rc<FrozenModule>> {
        let (model, version) = model_of(module, label)?;
        let evaluate = || match evaluate(model, version, globals) {
            Ok(frozen) => Some(Rc::new(frozen)),
            Err(error) => {
                tracing::error!("the model {} does not evaluate: {error}", model.name);
                None
            }
        };
        self.loaded.entry((model.name, version)).or_insert_with(evaluate).clone()
    }
}

fn evaluate(model: &Model, version: [u64; 3], globals: &Globals) -> starlark::Result<FrozenModule> {
    let dialect = Dialect { enable_load: false, ..dialect::library() };
    let mut ast = AstModule::parse(model.name, model.text.to_owned(), &dialect)?;
    operators::replace(&mut ast);
    StarlarkModule::with_temp_heap(|module| {
        let heap = module.heap();
        let [major, minor, patch] = version.map(|number| i32::try_from(number).unwrap_or(i32::MAX));
        module.set("VERSION", heap.alloc((major, minor, patch)));
        module.set("rules", heap.alloc(Opaque::new("rules")));
        Evaluator::new(&module).eval_module(ast, globals)?;
        module.freeze().map_err(starlark::Error::from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::evaluate::globals::AllGlobals;

    #[test]
    fn every_model_evaluates() {
        let globals = AllGlobals::new().unwrap();
        for model in MODELS {
            for version in [Some(model.from), model.newest].into_iter().flatten() {
                evaluate(model, version, &globals.library).unwrap_or_else(|error| panic!("{}: {error}", model.name));
            }
            assert!(model.from < model.to && model.to[0] > 0);
        }
    }

    #[test]
    fn the_version_decides_which_model_is_taken() {
        let label = Label::parse_absolute("@aspect_rules_py//py:defs.bzl").unwrap();
        let of = |version: Option<&str>| {
            let module =
                Module { name: "aspect_rules_py".to_owned(), version: version.map(str::to_owned), changed: None };
            model_of(&module, &label).map(|(model, version)| (model.name, version))
        };
        assert_eq!(of(Some("1.6.4-rc1")), Some(("aspect_rules_py_1.bzl", [1, 6, 4])));
        assert_eq!(of(None), Some(("aspect_rules_py_1.bzl", [1, 12, 0])));
        assert_eq!(of(Some("0.7.3")), None);
    }
}
