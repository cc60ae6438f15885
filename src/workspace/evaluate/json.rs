//! Bazel's `json` module (<https://bazel.build/rules/lib/core/json>).

use serde::Serialize;
use starlark::environment::GlobalsBuilder;
use starlark::eval::Evaluator;
use starlark::starlark_module;
use starlark::values::Value;

use super::values::opaque::Opaque;

pub fn json_module(builder: &mut GlobalsBuilder) {
    builder.namespace("json", functions);
}

fn indented(text: &str, prefix: &str, indent: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, formatter)).ok()?;
    Some(String::from_utf8_lossy(&bytes).replace('\n', &format!("\n{prefix}")))
}

/// The text, or an opaque value.
fn known<'v>(text: Option<String>, evaluator: &Evaluator<'v, '_, '_>) -> Value<'v> {
    match text {
        Some(text) => evaluator.heap().alloc(text),
        None => evaluator.heap().alloc(Opaque::new("json")),
    }
}

#[starlark_module]
fn functions(builder: &mut GlobalsBuilder) {
    fn encode<'v>(x: Value<'v>, eval: &mut Evaluator<'v, '_, '_>) -> starlark::Result<Value<'v>> {
        Ok(known(x.to_json().ok(), eval))
    }

    fn encode_indent<'v>(
        x: Value<'v>,
        #[starlark(default = "")] prefix: &str,
        #[starlark(default = "\t")] indent: &str,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        let text = x.to_json().ok().and_then(|text| indented(&text, prefix, indent));
        Ok(known(text, eval))
    }

    fn indent<'v>(
        s: &str,
        #[starlark(default = "")] prefix: &str,
        #[starlark(default = "\t")] indent: &str,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        Ok(known(indented(s, prefix, indent), eval))
    }

    fn decode<'v>(
        x: Value<'v>,
        default: Option<Value<'v>>,
        eval: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        let Some(text) = x.unpack_str() else {
            return Ok(eval.heap().alloc(Opaque::new("json")));
        };
        match (serde_json::from_str::<serde_json::Value>(text), default) {
            (Ok(value), _) => Ok(eval.heap().alloc(value)),
            (Err(_), Some(default)) => Ok(default),
            (Err(error), None) => Err(starlark::Error::new_value(error)),
        }
    }
}
