//! The second proof of a change set: compares the evaluated packages before and after, macros included. The first reads
//! values from the text. Pure: the caller evaluates.

use std::collections::{BTreeMap, BTreeSet};

use crate::label::Label;
use crate::workspace::evaluate::evaluated::{EvaluatedPackage, MacroCall};
use crate::workspace::model::{Target, Value};

use crate::rewrite::calls::address;
use crate::rewrite::deps::keys::DEPS;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::request::{Edit, EditRequest};
use crate::rewrite::rule_set_edit::Scope;

/// Checks that the package has what `requests` want, and that every other target and call stays. `path` is its BUILD
/// file.
///
/// # Errors
/// A `self_check` refusal that names the target or call.
pub fn check_evaluated(
    requests: &[EditRequest],
    package: &str,
    path: &str,
    before: &EvaluatedPackage,
    after: &EvaluatedPackage,
) -> Result<(), Refusal> {
    let touched = Touched::of(requests, package);
    check_targets(&touched, package, path, before, after)?;
    check_calls(&touched, path, before, after)?;
    edits_in(requests, package).try_for_each(|(name, edit, from)| match (edit, edit.scope()) {
        (Edit::OfRuleSet(edit), Scope::Argument(argument)) => {
            let is_wanted = |value: Option<&Value>| edit.0.is_wanted(value, package, from);
            check_argument(&name, argument, &is_wanted, path, after)
        }
        _ => Ok(()),
    })
}

/// Everything that requests may change in one package: target names with parts of their calls.
#[derive(Default)]
struct Touched(BTreeSet<(String, Scope)>);

impl Touched {
    fn of(requests: &[EditRequest], package: &str) -> Self {
        Self(edits_in(requests, package).map(|(name, edit, _)| (name, edit.scope())).collect())
    }

    fn comes_or_goes(&self, name: &str) -> bool {
        self.0.contains(&(name.to_owned(), Scope::Call))
    }

    /// The arguments of a call that may change.
    fn arguments(&self, name: Option<&str>) -> impl Iterator<Item = &'static str> {
        let of_name = self.0.iter().filter(move |(other, _)| name == Some(other));
        of_name.filter_map(|(_, scope)| match scope {
            Scope::Argument(argument) => Some(*argument),
            Scope::Call => None,
        })
    }
}

/// Edits of one package: target name, edit, package of its relative labels.
fn edits_in<'a>(requests: &'a [EditRequest], package: &str) -> impl Iterator<Item = (String, &'a Edit, &'a str)> {
    let all = requests.iter().flat_map(|request| request.edits.iter().map(move |edit| (request, edit)));
    all.filter_map(move |(request, edit)| {
        let (folder, name) = address(edit.target(), &request.package);
        (folder == package).then_some((name, edit, request.package.as_str()))
    })
}

fn name_of(call: &MacroCall) -> Option<&str> {
    match call.argument("name").or_else(|| call.positional.first()) {
        Some(Value::String(name)) => Some(name),
        _ => None,
    }
}

fn failed(path: &str, what: &str) -> Refusal {
    let message = format!(
        "{path} was not changed: evaluated with the workspace's macros, {what}. Make this edit by hand, and please report it \
         with the file if no macro explains it."
    );
    Refusal::of_file(RefusalCode::SelfCheck, path, message)
}

fn check_targets(
    touched: &Touched,
    package: &str,
    path: &str,
    before: &EvaluatedPackage,
    after: &EvaluatedPackage,
) -> Result<(), Refusal> {
    let (old, new) = (other_targets(touched, before), other_targets(touched, after));
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let Some(name) = names.into_iter().find(|name| old.get(name) != new.get(name)) else {
        return Ok(());
    };
    let label = Label::main(package, name);
    let how = match (old.contains_key(name), new.contains_key(name)) {
        (true, true) => "would get other attributes",
        (true, false) => "would be gone",
        _ => "would come into being",
    };
    Err(failed(path, &format!("{label} {how}, which nobody asked for")))
}

/// Targets that must stay; of a rewired one all but its `deps`.
fn other_targets<'a>(touched: &Touched, evaluated: &'a EvaluatedPackage) -> BTreeMap<&'a str, Target> {
    let may_change = may_change(touched, evaluated);
    let mut targets = BTreeMap::new();
    for (index, made) in evaluated.targets.iter().enumerate() {
        if may_change.contains(&index) || touched.comes_or_goes(&made.name) {
            continue;
        }
        // Lines move with the text above them.
        let mut target = Target { line: 0, ..made.target.clone() };
        let changed: Vec<&str> = touched.arguments(Some(&made.name)).collect();
        target.dependencies.retain(|dependency| !changed.contains(&dependency.attribute.as_str()));
        targets.insert(made.name.as_str(), target);
    }
    targets
}

/// Targets of a macro whose arguments the requests change.
fn may_change(touched: &Touched, evaluated: &EvaluatedPackage) -> BTreeSet<usize> {
    let mut indices = BTreeSet::new();
    for call in &evaluated.calls {
        let name = name_of(call);
        let is_macro = call.made.len() > 1 || call.signature.file.as_ref().is_some_and(Label::is_main);
        let changes = |argument| match argument {
            // What a macro does with `deps` is its own affair; a rule puts them into `deps`.
            DEPS => is_macro,
            argument => takes(call, argument),
        };
        if name.is_some_and(|name| touched.comes_or_goes(name)) || touched.arguments(name).any(changes) {
            indices.extend(call.made.iter().copied());
        }
    }
    indices
}

fn takes(call: &MacroCall, argument: &str) -> bool {
    call.argument(argument).is_some()
        || call.signature.takes_keywords
        || call.signature.parameters.iter().flatten().any(|name| name == argument)
}

/// Every call must keep its arguments, except for those in the requests.
fn check_calls(
    touched: &Touched,
    path: &str,
    before: &EvaluatedPackage,
    after: &EvaluatedPackage,
) -> Result<(), Refusal> {
    let (old, new) = (other_arguments(touched, before), other_arguments(touched, after));
    match old.iter().zip(&new).find(|(old, new)| old != new) {
        Some((old, _)) => Err(failed(path, &format!("a call of `{}` would get other arguments", old.symbol))),
        None if old.len() != new.len() => Err(failed(path, "a call would come or go")),
        None => Ok(()),
    }
}

#[derive(PartialEq)]
struct Arguments<'a> {
    symbol: &'a str,
    positional: &'a [Value],
    named: Vec<&'a (String, Value)>,
}

fn other_arguments<'a>(touched: &Touched, evaluated: &'a EvaluatedPackage) -> Vec<Arguments<'a>> {
    let stays = |call: &MacroCall| !name_of(call).is_some_and(|name| touched.comes_or_goes(name));
    let of_call = |call: &'a MacroCall| {
        let is_spoken_of = |name: &str| touched.arguments(name_of(call)).any(|argument| argument == name);
        let named = call.named.iter().filter(|(name, _)| !is_spoken_of(name)).collect();
        Arguments { symbol: &call.signature.symbol, positional: &call.positional, named }
    };
    evaluated.calls.iter().filter(|call| call.direct && stays(call)).map(of_call).collect()
}

/// A call that takes the argument must get the wanted value.
fn check_argument(
    name: &str,
    argument: &str,
    is_wanted: &dyn Fn(Option<&Value>) -> bool,
    path: &str,
    after: &EvaluatedPackage,
) -> Result<(), Refusal> {
    let mut calls =
        after.calls.iter().filter(|call| call.direct && name_of(call) == Some(name) && takes(call, argument));
    if calls.any(|call| is_wanted(call.argument(argument))) {
        return Ok(());
    }
    // A rule that Bazel has built in leaves no call, only its target.
    let made = after.targets.iter().filter(|made| made.name == name);
    for dependencies in made.map(|made| &made.target.dependencies) {
        let of_argument = dependencies.iter().filter(|dependency| dependency.attribute == argument);
        let labels: Vec<Value> = of_argument.map(|dependency| Value::String(dependency.label.to_string())).collect();
        if !labels.is_empty() && is_wanted(Some(&Value::List(labels))) {
            return Ok(());
        }
    }
    Err(failed(path, &format!("`{name}` would not get the layers that were asked for")))
}

/// Checks that a formatter changed only the order inside lists.
///
/// # Errors
/// A `self_check` refusal that names the target or call.
pub fn same_but_for_order(
    package: &str,
    path: &str,
    before: &EvaluatedPackage,
    after: &EvaluatedPackage,
) -> Result<(), Refusal> {
    let (before, after) = (in_order(before), in_order(after));
    check_targets(&Touched::default(), package, path, &before, &after)?;
    check_calls(&Touched::default(), path, &before, &after)
}

/// Sorts and deduplicates arguments and lists of names.
fn in_order(evaluated: &EvaluatedPackage) -> EvaluatedPackage {
    let mut evaluated = evaluated.clone();
    for made in &mut evaluated.targets {
        made.target.dependencies.sort();
        made.target.dependencies.dedup();
        made.target.visibility.sort();
        made.target.attributes.values_mut().for_each(put_in_order);
    }
    for call in &mut evaluated.calls {
        call.named.iter_mut().for_each(|(_, value)| put_in_order(value));
        call.named.sort_by(|(left, _), (right, _)| left.cmp(right));
    }
    evaluated
}

fn put_in_order(value: &mut Value) {
    match value {
        Value::List(items) => {
            items.iter_mut().for_each(put_in_order);
            if items.iter().all(|item| matches!(item, Value::String(_))) {
                items.sort_by(|left, right| text_of(left).cmp(text_of(right)));
                items.dedup();
            }
        }
        Value::Dict(entries) => entries.iter_mut().for_each(|(_, value)| put_in_order(value)),
        Value::Select(branches) => branches.iter_mut().for_each(|(_, value)| put_in_order(value)),
        Value::Concatenation(parts) => parts.iter_mut().for_each(put_in_order),
        Value::None | Value::Bool(_) | Value::Int(_) | Value::String(_) | Value::Opaque(_) => {}
    }
}

fn text_of(value: &Value) -> &str {
    if let Value::String(text) = value { text } else { "" }
}
