//! Calls of rules: arguments to targets.

use std::collections::{BTreeMap, BTreeSet};

use starlark::eval::{Arguments, Evaluator};

use super::attributes::{AttributeType, Declaration, FoundDependency, LabelWalk, Schema, has_unknown_part};
use super::evaluated::MacroSignature;
use super::recorder::{self, Recorder, Subject, plain_arguments, position_in_file};
use super::values::opaque::Opaque;
use crate::label::Label;
use crate::workspace::model::{CONDITIONS, Dependency, INPUT, PASSES_ON, TOOL, Target, Value};
use crate::workspace::module_call::ModuleCall;
use crate::workspace::repositories::Home;

/// A call of a value from another repository. With a `name` it counts as a rule.
///
/// # Errors
/// When the arguments are malformed.
pub fn call_opaque<'v>(
    callee: &Opaque,
    arguments: &Arguments<'v, '_>,
    evaluator: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<()> {
    let Some(recorder) = Recorder::of(evaluator) else {
        return Ok(());
    };
    match recorder.subject {
        Subject::Library => Ok(()),
        Subject::Module => {
            let (positional, named) = plain_arguments(arguments, evaluator)?;
            let (line, _) = position_in_file(evaluator);
            let function = callee.name().to_owned();
            recorder.add_module_call(ModuleCall { function, positional, named, line });
            Ok(())
        }
        Subject::Package(_) => {
            let signature = external_signature(callee);
            let is_app = signature.may_make_an_app();
            let call = if is_app { recorder::begin_call(&signature, arguments, evaluator)? } else { None };
            let result = call_rule(callee.symbol(), &Schema::Guessed, arguments, evaluator);
            recorder::end_call(call, evaluator);
            result
        }
    }
}

fn external_signature(callee: &Opaque) -> MacroSignature {
    let file = callee.name().split_once('%').and_then(|(file, _)| Label::parse_absolute(file).ok());
    MacroSignature { symbol: callee.symbol().to_owned(), file, parameters: None, takes_keywords: false }
}

/// Records the target of a rule. Without a constant name there is none.
///
/// # Errors
/// When the arguments are malformed.
pub fn call_rule<'v>(
    kind: &str,
    schema: &Schema,
    arguments: &Arguments<'v, '_>,
    evaluator: &mut Evaluator<'v, '_, '_>,
) -> starlark::Result<()> {
    let Some(recorder) = Recorder::of(evaluator) else {
        return Ok(());
    };
    let Some(package) = recorder.package() else {
        return Ok(());
    };
    let (_, named) = plain_arguments(arguments, evaluator)?;
    let (line, _) = position_in_file(evaluator);
    let Some((_, Value::String(name))) = named.iter().find(|(attribute, _)| attribute == "name") else {
        return Ok(());
    };
    let name = name.clone();
    let home = recorder.setup.repositories.at(package);
    let Draft { mut target, unsure, .. } = draft(kind, schema, home, named, recorder.default_visibility());
    target.line = line;
    target.macro_name = recorder.outermost_macro().or_else(|| function_below(evaluator));
    if !recorder.add_target(&name, target, unsure) && *schema != Schema::Guessed {
        recorder.note("duplicate_target", line, format!("`{name}` is made a second time; the first one counts"));
    }
    Ok(())
}

/// The function that the file called, if it was not loaded by name.
fn function_below(evaluator: &Evaluator<'_, '_, '_>) -> Option<String> {
    if evaluator.call_stack_count() <= 2 {
        return None;
    }
    evaluator.call_stack().into_frames().into_iter().next().map(|frame| frame.name)
}

/// The target of a rule by the attributes' usual meaning, and edges that hold only if the package has such a target or
/// file.
#[must_use]
pub fn target_of(
    kind: &str,
    home: Home<'_>,
    named: Vec<(String, Value)>,
    default_visibility: Vec<Label>,
) -> (Target, Vec<Dependency>) {
    let Draft { target, unsure, .. } = draft(kind, &Schema::Guessed, home, named, default_visibility);
    (target, unsure)
}

struct Draft<'a> {
    schema: &'a Schema,
    home: Home<'a>,
    target: Target,
    unsure: Vec<Dependency>,
}

fn draft<'a>(
    kind: &str,
    schema: &'a Schema,
    home: Home<'a>,
    mut named: Vec<(String, Value)>,
    default_visibility: Vec<Label>,
) -> Draft<'a> {
    let target = Target {
        kind: kind.to_owned(),
        dependencies: Vec::new(),
        outputs: Vec::new(),
        attributes: BTreeMap::new(),
        visibility: default_visibility,
        line: 0,
        macro_name: None,
    };
    let mut draft = Draft { schema, home, target, unsure: Vec::new() };
    draft.add_conditions(&named);
    named.sort_by(|left, right| left.0.cmp(&right.0));
    let mut given: BTreeSet<String> = named.iter().map(|(attribute, _)| attribute.clone()).collect();
    for (attribute, value) in named {
        match (attribute.as_str(), &value) {
            ("name", _) => {}
            (_, Value::None) => {
                given.remove(&attribute);
            }
            ("visibility", _) => draft.target.visibility = labels(&value, home),
            _ => draft.add(attribute, value),
        }
    }
    if let Schema::Declared(declaration) = schema {
        draft.add_defaults(declaration, &given);
    }
    draft
}

impl Draft<'_> {
    /// Conditions of every `select()`, in any attribute.
    fn add_conditions(&mut self, named: &[(String, Value)]) {
        let mut keys = BTreeSet::new();
        named.iter().for_each(|(_, value)| collect_conditions(value, &mut keys));
        let labels = keys.into_iter().filter(|key| *key != DEFAULT_CONDITION);
        let labels = labels.filter_map(|key| self.home.parse(key).ok());
        let edge = |label| Dependency { attribute: CONDITIONS.to_owned(), label, condition: None };
        self.target.dependencies.extend(labels.map(edge));
    }

    /// The declaration's defaults of omitted attributes and of the rule.
    fn add_defaults(&mut self, declaration: &Declaration, given: &BTreeSet<String>) {
        if declaration.passes_on {
            self.target.attributes.insert(PASSES_ON.to_owned(), Value::Bool(true));
        }
        for (name, declared) in declaration.attributes.iter().filter(|(name, _)| !given.contains(*name)) {
            let attribute = match declared.attribute_type {
                AttributeType::Tools => TOOL,
                AttributeType::Inputs => INPUT,
                _ => name,
            };
            let edge =
                |label: &Label| Dependency { attribute: attribute.to_owned(), label: label.clone(), condition: None };
            self.target.dependencies.extend(declared.default.iter().map(edge));
        }
    }

    fn add(&mut self, attribute: String, value: Value) {
        let attribute_type = self.schema.attribute_type(&self.target.kind, &attribute);
        match attribute_type {
            AttributeType::Plain => {
                self.target.attributes.insert(attribute, value);
            }
            AttributeType::Outputs => {
                let outputs = labels(&value, self.home);
                self.target.outputs.extend(outputs.iter().map(|label| label.name().to_owned()));
            }
            AttributeType::Inputs => {
                let input = |label| Dependency { attribute: INPUT.to_owned(), label, condition: None };
                self.target.dependencies.extend(labels(&value, self.home).into_iter().map(input));
            }
            AttributeType::Tools => {
                let tool = |label| Dependency { attribute: TOOL.to_owned(), label, condition: None };
                self.target.dependencies.extend(labels(&value, self.home).into_iter().map(tool));
                // The tool itself may matter, such as the compressor of a tar.
                self.target.attributes.insert(attribute, value);
            }
            AttributeType::Labels | AttributeType::LabelKeys | AttributeType::LabelValues | AttributeType::Perhaps => {
                let guessed = *self.schema == Schema::Guessed && !is_core_attribute(&attribute);
                let walk = LabelWalk { home: self.home, attribute: &attribute, attribute_type, guessed };
                let mut found = Vec::new();
                walk.collect(&value, None, &mut found);
                let is_plain = found.is_empty() && attribute_type == AttributeType::Perhaps;
                for FoundDependency { dependency, unsure } in found {
                    if unsure {
                        self.unsure.push(dependency.clone());
                    }
                    self.target.dependencies.push(dependency);
                }
                // The values of a dict with label keys matter too.
                let is_mapped = attribute_type == AttributeType::LabelKeys && matches!(value, Value::Dict(_));
                if is_plain || is_mapped || has_unknown_part(&value) {
                    self.target.attributes.insert(attribute, value);
                }
            }
        }
    }
}

/// It is no target.
const DEFAULT_CONDITION: &str = "//conditions:default";

fn collect_conditions<'a>(value: &'a Value, keys: &mut BTreeSet<&'a str>) {
    match value {
        Value::Select(branches) => keys.extend(branches.iter().map(|(key, _)| key.as_str())),
        Value::List(items) | Value::Concatenation(items) => {
            items.iter().for_each(|item| collect_conditions(item, keys))
        }
        _ => {}
    }
}

/// Attributes with labels in every rule, so a bare word there is a label too.
fn is_core_attribute(attribute: &str) -> bool {
    matches!(
        attribute,
        "srcs" | "deps" | "data" | "hdrs" | "src" | "main" | "actual" | "embed" | "tools" | "runtime_deps" | "exports"
    )
}

#[must_use]
pub fn labels(value: &Value, home: Home<'_>) -> Vec<Label> {
    edges(value, home, "", AttributeType::Labels).into_iter().map(|edge| edge.label).collect()
}

#[must_use]
pub fn edges(value: &Value, home: Home<'_>, attribute: &str, attribute_type: AttributeType) -> Vec<Dependency> {
    let walk = LabelWalk { home, attribute, attribute_type, guessed: false };
    let mut found = Vec::new();
    walk.collect(value, None, &mut found);
    found.into_iter().map(|found| found.dependency).collect()
}
