//! Bazel's functions that matter before analysis. All others are an [`super::values::opaque::Opaque`] by name.

use std::borrow::Cow;
use std::collections::BTreeMap;

use starlark::collections::SmallMap;
use starlark::environment::GlobalsBuilder;
use starlark::eval::Evaluator;
use starlark::starlark_module;
use starlark::values::dict::{AllocDict, DictRef};
use starlark::values::none::NoneType;
use starlark::values::tuple::UnpackTuple;
use starlark::values::{Value, ValueLike};
use thiserror::Error;

use super::attributes::{AttributeType, Declaration, DeclaredAttribute, LabelUse, Schema};
use super::evaluated::MadeTarget;
use super::recorder::Recorder;
use super::values::label_value::LabelValue;
use super::values::opaque::Opaque;
use super::values::rule_class::{AttributeDeclaration, RuleClass};
use super::values::selection::Selection;
use super::values::symbolic_macro::SymbolicMacro;
use super::{convert, glob, instantiate};
use crate::label::Label;
use crate::workspace::model;
use crate::workspace::repositories::Home;

#[derive(Debug, Error)]
enum CallError {
    #[error("fail: {0}")]
    Fail(String),
    #[error("`{0}` can only be used while a BUILD file is evaluated")]
    OutsidePackage(&'static str),
    #[error("glob matches nothing, and `allow_empty` is False")]
    EmptyGlob,
    #[error("`select` takes a dict")]
    SelectWithoutDict,
}

fn recorder_of<'a>(evaluator: &Evaluator<'_, 'a, '_>, function: &'static str) -> starlark::Result<&'a Recorder> {
    Recorder::of(evaluator).ok_or_else(|| starlark::Error::new_other(CallError::OutsidePackage(function)))
}

fn package_of<'a>(
    evaluator: &Evaluator<'_, 'a, '_>,
    function: &'static str,
) -> starlark::Result<(&'a Recorder, &'a str)> {
    let recorder = recorder_of(evaluator, function)?;
    match recorder.package() {
        Some(package) => Ok((recorder, package)),
        None => Err(starlark::Error::new_other(CallError::OutsidePackage(function))),
    }
}

/// Unknown parts give none.
fn texts(value: Option<Value<'_>>) -> Vec<String> {
    fn add(value: &model::Value, texts: &mut Vec<String>) {
        match value {
            model::Value::String(text) => texts.push(text.clone()),
            model::Value::List(items) | model::Value::Concatenation(items) => {
                items.iter().for_each(|item| add(item, texts));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Some(value) = value {
        add(&convert::to_model(value), &mut found);
    }
    found
}

fn folder_of_caller(recorder: &Recorder, evaluator: &Evaluator<'_, '_, '_>) -> String {
    let file = evaluator.call_stack_top_location().map(|span| span.filename().to_owned()).unwrap_or_default();
    let label = Label::parse_absolute(&file).ok();
    label.and_then(|label| recorder.setup.repositories.folder(&label).map(Cow::into_owned)).unwrap_or_default()
}

/// Kind and plain attributes, for `existing_rule`.
fn rule_as_dict<'v>(made: &MadeTarget, evaluator: &Evaluator<'v, '_, '_>) -> Value<'v> {
    let heap = evaluator.heap();
    let mut entries: BTreeMap<String, Value<'v>> = BTreeMap::new();
    let mut lists: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for dependency in &made.target.dependencies {
        lists.entry(&dependency.attribute).or_default().push(dependency.label.to_string());
    }
    for (attribute, labels) in lists {
        entries.insert(attribute.to_owned(), heap.alloc(labels));
    }
    for (attribute, value) in &made.target.attributes {
        entries.insert(attribute.clone(), convert::from_model(value, heap));
    }
    entries.insert("name".to_owned(), heap.alloc(made.name.as_str()));
    entries.insert("kind".to_owned(), heap.alloc(made.target.kind.as_str()));
    heap.alloc(AllocDict(entries))
}

/// Called by BUILD files by name, and by macros through `native`.
#[starlark_module]
pub fn package_functions(builder: &mut GlobalsBuilder) {
    fn glob<'v>(
        #[starlark(default = NoneType)] include: Value<'v>,
        #[starlark(default = NoneType)] exclude: Value<'v>,
        #[starlark(default = 1)] exclude_directories: i32,
        #[starlark(default = NoneType)] allow_empty: Value<'v>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Vec<String>> {
        let (recorder, package) = package_of(eval, "glob")?;
        let contents = recorder.tree.contents(package);
        let (include, exclude) = (texts(Some(include)), texts(Some(exclude)));
        let mut found = glob::select(&contents.files, &include, &exclude);
        if exclude_directories == 0 {
            found.extend(glob::select(&contents.folders, &include, &exclude));
            found.sort();
        }
        if found.is_empty() && allow_empty.unpack_bool() == Some(false) {
            return Err(starlark::Error::new_other(CallError::EmptyGlob));
        }
        Ok(found)
    }

    fn subpackages<'v>(
        include: Value<'v>,
        #[starlark(default = NoneType)] exclude: Value<'v>,
        #[starlark(default = false)] allow_empty: bool,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Vec<String>> {
        let (recorder, package) = package_of(eval, "subpackages")?;
        let contents = recorder.tree.contents(package);
        let found = glob::select(&contents.subpackages, &texts(Some(include)), &texts(Some(exclude)));
        if found.is_empty() && !allow_empty {
            return Err(starlark::Error::new_other(CallError::EmptyGlob));
        }
        Ok(found)
    }

    fn package<'v>(
        #[starlark(kwargs)] arguments: SmallMap<String, Value<'v>>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<NoneType> {
        let (recorder, package) = package_of(eval, "package")?;
        if let Some(visibility) = arguments.get("default_visibility").copied() {
            recorder.set_default_visibility(instantiate::labels(
                &convert::to_model(visibility),
                recorder.setup.repositories.at(package),
            ));
        }
        Ok(NoneType)
    }

    fn exports_files<'v>(
        srcs: Value<'v>,
        #[starlark(kwargs)] _arguments: SmallMap<String, Value<'v>>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<NoneType> {
        let (recorder, package) = package_of(eval, "exports_files")?;
        let files = instantiate::labels(&convert::to_model(srcs), recorder.setup.repositories.at(package));
        recorder.export_files(files.iter().map(|label| label.name().to_owned()));
        Ok(NoneType)
    }

    /// Licences decide nothing here.
    fn licenses<'v>(
        #[starlark(args)] _types: UnpackTuple<Value<'v>>,
        #[starlark(kwargs)] _named: SmallMap<String, Value<'v>>,
    ) -> starlark::Result<NoneType> {
        Ok(NoneType)
    }

    fn existing_rule<'v>(name: &str, eval: &mut Evaluator<'v, '_, '_>) -> starlark::Result<Value<'v>> {
        let recorder = recorder_of(eval, "existing_rule")?;
        Ok(recorder.target(name).map_or(Value::new_none(), |made| rule_as_dict(&made, eval)))
    }

    fn existing_rules<'v>(eval: &mut Evaluator<'v, '_, '_>) -> starlark::Result<Value<'v>> {
        let recorder = recorder_of(eval, "existing_rules")?;
        let rules: Vec<_> =
            recorder.targets().iter().map(|made| (made.name.clone(), rule_as_dict(made, eval))).collect();
        Ok(eval.heap().alloc(AllocDict(rules)))
    }

    fn package_name<'v>(eval: &mut Evaluator<'v, '_, '_>) -> starlark::Result<String> {
        let recorder = recorder_of(eval, "package_name")?;
        Ok(recorder.setup.repositories.package_path(recorder.package().unwrap_or_default()).to_owned())
    }

    /// Canonical.
    fn repository_name() -> starlark::Result<String> {
        Ok("@".to_owned())
    }

    /// Canonical, without `@`.
    fn repo_name() -> starlark::Result<String> {
        Ok(String::new())
    }

    fn module_name<'v>(eval: &mut Evaluator<'v, '_, '_>) -> starlark::Result<Value<'v>> {
        let name = recorder_of(eval, "module_name")?.setup.repositories.own_names.first().cloned();
        Ok(name.map_or(Value::new_none(), |name| eval.heap().alloc(name)))
    }

    fn package_relative_label<'v>(text: Value<'v>, eval: &mut Evaluator<'v, '_, '_>) -> starlark::Result<Value<'v>> {
        let (recorder, package) = package_of(eval, "package_relative_label")?;
        label_value(text, recorder.setup.repositories.at(package), eval)
    }

    fn package_default_visibility<'v>(eval: &mut Evaluator<'v, '_, '_>) -> starlark::Result<Vec<String>> {
        let visibility = recorder_of(eval, "package_default_visibility")?.default_visibility();
        Ok(visibility.iter().map(ToString::to_string).collect())
    }
}

fn label_value<'v>(text: Value<'v>, home: Home<'_>, evaluator: &Evaluator<'v, '_, '_>) -> starlark::Result<Value<'v>> {
    match text.unpack_str() {
        None => Ok(text),
        Some(text) => {
            let label = home.parse(text).map_err(starlark::Error::new_other)?;
            Ok(evaluator.heap().alloc(LabelValue::new(label)))
        }
    }
}

#[starlark_module]
pub fn common_functions(builder: &mut GlobalsBuilder) {
    fn select<'v>(
        branches: Value<'v>,
        #[starlark(kwargs)] _named: SmallMap<String, Value<'v>>,
    ) -> starlark::Result<Selection> {
        let model::Value::Dict(entries) = convert::to_model(branches) else {
            if branches.downcast_ref::<Opaque>().is_some() || branches.downcast_ref::<Selection>().is_some() {
                return Ok(Selection::new(convert::to_model(branches)));
            }
            return Err(starlark::Error::new_other(CallError::SelectWithoutDict));
        };
        let branches = entries.into_iter().map(|(key, value)| (condition(&key), value)).collect();
        Ok(Selection::new(model::Value::Select(branches)))
    }

    #[allow(non_snake_case, reason = "Bazel's name")]
    fn Label<'v>(text: Value<'v>, eval: &mut Evaluator<'v, '_, '_>) -> starlark::Result<Value<'v>> {
        let recorder = recorder_of(eval, "Label")?;
        label_value(text, recorder.setup.repositories.at(&folder_of_caller(recorder, eval)), eval)
    }

    fn fail<'v>(
        #[starlark(args)] parts: UnpackTuple<Value<'v>>,
        #[starlark(kwargs)] named: SmallMap<String, Value<'v>>,
    ) -> starlark::Result<NoneType> {
        let mut texts: Vec<String> = parts.items.iter().map(|part| part.to_str()).collect();
        if let Some(message) = named.get("msg") {
            texts.push(message.to_str());
        }
        Err(starlark::Error::new_other(CallError::Fail(texts.join(" "))))
    }

    /// Silent: a workspace's messages are for those who build it.
    fn print<'v>(
        #[starlark(args)] _parts: UnpackTuple<Value<'v>>,
        #[starlark(kwargs)] _named: SmallMap<String, Value<'v>>,
    ) -> starlark::Result<NoneType> {
        Ok(NoneType)
    }
}

fn condition(key: &model::Value) -> String {
    match key {
        model::Value::String(text) | model::Value::Opaque(text) => text.clone(),
        // Skylib's `selects.with_or` takes several keys for one branch.
        model::Value::List(keys) => keys.iter().map(condition).collect::<Vec<_>>().join(" or "),
        other => format!("{other:?}"),
    }
}

#[starlark_module]
pub fn library_functions(builder: &mut GlobalsBuilder) {
    fn rule<'v>(
        #[starlark(args)] positional: UnpackTuple<Value<'v>>,
        #[starlark(kwargs)] named: SmallMap<String, Value<'v>>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<RuleClass> {
        let implementation = named.get("implementation").or_else(|| positional.items.first()).copied();
        let recorder = recorder_of(eval, "rule")?;
        let passes_on = implementation.is_some_and(|implementation| runs_no_action(implementation, recorder, eval));
        let Some(attributes) = named.get("attrs") else {
            return Ok(RuleClass::new(Schema::Declared(Declaration { passes_on, ..Declaration::default() })));
        };
        let folder = folder_of_caller(recorder, eval);
        let declared = declared_attributes(*attributes, recorder.setup.repositories.at(&folder), passes_on);
        let declaration = declared.map(|attributes| Declaration { attributes, passes_on });
        Ok(RuleClass::new(declaration.map_or(Schema::Guessed, Schema::Declared)))
    }

    fn declare_attribute<'v>(
        #[starlark(require = pos)] kind: &str,
        #[starlark(require = pos)] r#use: &str,
        #[starlark(require = pos)] default: Value<'v>,
    ) -> starlark::Result<AttributeDeclaration> {
        let attribute_type = match kind {
            "label" | "label_list" => AttributeType::Labels,
            "label_keyed_string_dict" => AttributeType::LabelKeys,
            "string_keyed_label_dict" => AttributeType::LabelValues,
            "output" | "output_list" => AttributeType::Outputs,
            _ => AttributeType::Plain,
        };
        let label_use = match r#use {
            "tool" => LabelUse::Tool,
            "built for the build" => LabelUse::BuiltForBuild,
            "file" => LabelUse::File,
            _ => LabelUse::Any,
        };
        Ok(AttributeDeclaration { attribute_type, label_use, default: convert::to_model(default) })
    }

    fn r#macro<'v>(
        implementation: Value<'v>,
        attrs: Option<Value<'v>>,
        #[starlark(kwargs)] _named: SmallMap<String, Value<'v>>,
    ) -> starlark::Result<SymbolicMacro<'v>> {
        Ok(SymbolicMacro::new(implementation, attrs.unwrap_or_else(Value::new_none)))
    }
}

/// `None` if a part of the dict is not known. `home` is where defaults are written.
fn declared_attributes(
    attributes: Value<'_>,
    home: Home<'_>,
    passes_on: bool,
) -> Option<BTreeMap<String, DeclaredAttribute>> {
    let attributes = DictRef::from_value(attributes)?;
    let entries = attributes.iter().filter_map(|(name, declaration)| {
        let name = name.unpack_str()?;
        let Some(declared) = declaration.downcast_ref::<AttributeDeclaration>() else {
            let unknown = DeclaredAttribute { attribute_type: AttributeType::Perhaps, default: Vec::new() };
            return Some((name.to_owned(), unknown));
        };
        let is_implicit = name.starts_with('_');
        let attribute_type = declared.label_use.attribute_type(declared.attribute_type, is_implicit, passes_on);
        let default = match declared.attribute_type {
            AttributeType::Labels | AttributeType::LabelKeys | AttributeType::LabelValues => {
                let found = instantiate::edges(&declared.default, home, name, declared.attribute_type);
                found.into_iter().map(|edge| edge.label).collect()
            }
            _ => Vec::new(),
        };
        Some((name.to_owned(), DeclaredAttribute { attribute_type, default }))
    });
    Some(entries.collect())
}

/// Returns `true` if a rule only passes on its inputs. Its implementation mentions no actions and passes its context to
/// no other function.
fn runs_no_action(implementation: Value<'_>, recorder: &Recorder, evaluator: &Evaluator<'_, '_, '_>) -> bool {
    let Some(name) = implementation.function_name() else { return false };
    let file = evaluator.call_stack_top_location().map(|span| span.filename().to_owned()).unwrap_or_default();
    let path = Label::parse_absolute(&file).ok().and_then(|label| recorder.setup.repositories.file(&label));
    let text = path.and_then(|path| recorder.tree.read(&path).ok()).unwrap_or_default();
    let body = definition(&text, name);
    let gives_away =
        ["(ctx)", "(ctx,", " ctx,", " ctx)", "= ctx\n", "=ctx)"].iter().any(|use_of| body.contains(use_of));
    !body.is_empty() && !body.contains("actions") && !gives_away
}

/// The body of a top-level function; empty if there is none.
fn definition<'a>(text: &'a str, name: &str) -> &'a str {
    let head = format!("def {name}(");
    let starts = text.match_indices(head.as_str()).map(|(at, _)| at);
    let at_line_start = |at: &usize| *at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n');
    let Some(start) = starts.into_iter().find(at_line_start) else { return "" };
    let rest = text.get(start..).unwrap_or_default();
    let rest = rest.get(rest.find(":\n").unwrap_or(rest.len())..).unwrap_or_default();
    let is_next = |after: &str| after.starts_with(|first: char| !first.is_whitespace() && first != '#');
    let end = rest.match_indices('\n').map(|(at, _)| at).find(|at| rest.get(at + 1..).is_some_and(is_next));
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
}

/// Functions of MODULE.bazel that refer to other repositories.
#[starlark_module]
pub fn module_functions(builder: &mut GlobalsBuilder) {
    /// Its tags are attributes of the value.
    fn use_extension<'v>(
        file: &str,
        name: &str,
        #[starlark(kwargs)] _named: SmallMap<String, Value<'v>>,
    ) -> starlark::Result<Opaque> {
        Ok(Opaque::new(format!("{file}%{name}")))
    }

    fn use_repo_rule(file: &str, name: &str) -> starlark::Result<Opaque> {
        Ok(Opaque::new(format!("{file}%{name}")))
    }
}
