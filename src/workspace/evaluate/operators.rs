//! Operators in which Starlark evaluators differ, or that a small file could exhaust the machine with: replaced by
//! functions after parsing.

use std::collections::HashMap;

use starlark::environment::GlobalsBuilder;
use starlark::eval::Evaluator;
use starlark::starlark_module;
use starlark::syntax::AstModule;
use starlark::values::dict::DictRef;
use starlark::values::{Value, ValueLike};
use thiserror::Error;

use super::values::opaque::Opaque;

/// Of a repetition, in items or bytes.
const LONGEST_REPETITION: i64 = 50_000_000;
/// Of a factor.
const MOST_DIGITS: usize = 60;

#[derive(Debug, Error)]
enum OperatorError {
    #[error("the result of `*` or `<<` is larger than anything a BUILD file needs")]
    TooLarge,
}

/// The functions' names can't be written in a file.
const REPLACED: [(&str, &str); 5] =
    [("in", "contains "), ("not in", "lacks "), ("|", "unite "), ("*", "multiply "), ("<<", "shift ")];

pub fn replace(ast: &mut AstModule) {
    let replaced: HashMap<String, String> =
        REPLACED.iter().map(|(operator, function)| ((*operator).to_owned(), (*function).to_owned())).collect();
    ast.replace_binary_operators(&replaced);
}

/// For [`replace`].
pub fn operator_functions(builder: &mut GlobalsBuilder) {
    let functions = GlobalsBuilder::new().with(functions).build();
    builder.frozen_heap().add_reference(functions.heap());
    for (name, value) in functions.iter() {
        builder.set(&format!("{name} "), value);
    }
}

fn is_member<'v>(item: Value<'v>, container: Value<'v>, evaluator: &Evaluator<'v, '_, '_>) -> starlark::Result<bool> {
    // In Bazel, `elems()` and the like return a sequence.
    if container.get_type() == "iterator" {
        for each in container.iterate(evaluator.heap())? {
            if each.equals(item)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    container.is_in(item)
}

/// Refuses an enormous product.
fn check_product(left: Value<'_>, right: Value<'_>) -> starlark::Result<()> {
    let number = |value: Value<'_>| (value.get_type() == "int").then(|| value.to_str());
    let too_large = match (number(left), number(right)) {
        (Some(left), Some(right)) => left.len() > MOST_DIGITS || right.len() > MOST_DIGITS,
        (Some(count), None) => repeats_too_often(&count, right),
        (None, Some(count)) => repeats_too_often(&count, left),
        (None, None) => false,
    };
    if too_large { Err(starlark::Error::new_value(OperatorError::TooLarge)) } else { Ok(()) }
}

fn repeats_too_often(count: &str, value: Value<'_>) -> bool {
    let length = i64::from(value.length().unwrap_or(1));
    count.parse::<i64>().ok().and_then(|count| count.checked_mul(length)).is_none_or(|total| total > LONGEST_REPETITION)
}

#[starlark_module]
fn functions(builder: &mut GlobalsBuilder) {
    fn contains<'v>(
        #[starlark(require = pos)] item: Value<'v>,
        #[starlark(require = pos)] container: Value<'v>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<bool> {
        is_member(item, container, eval)
    }

    fn lacks<'v>(
        #[starlark(require = pos)] item: Value<'v>,
        #[starlark(require = pos)] container: Value<'v>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<bool> {
        Ok(!is_member(item, container, eval)?)
    }

    fn unite<'v>(
        #[starlark(require = pos)] left: Value<'v>,
        #[starlark(require = pos)] right: Value<'v>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        // A dict united with an unknown value keeps its known entries.
        if right.downcast_ref::<Opaque>().is_some() && DictRef::from_value(left).is_some() {
            return Ok(left);
        }
        left.bit_or(right, eval.heap())
    }

    fn multiply<'v>(
        #[starlark(require = pos)] left: Value<'v>,
        #[starlark(require = pos)] right: Value<'v>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        check_product(left, right)?;
        left.mul(right, eval.heap())
    }

    fn shift<'v>(
        #[starlark(require = pos)] left: Value<'v>,
        #[starlark(require = pos)] right: Value<'v>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        if right.unpack_i32().is_none_or(|distance| distance > 1_000) {
            return Err(starlark::Error::new_value(OperatorError::TooLarge));
        }
        left.left_shift(right, eval.heap())
    }
}
