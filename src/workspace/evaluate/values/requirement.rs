//! `requirement("x")` of a hub's `requirements.bzl`, which rules_python generates.

use std::fmt;

use allocative::Allocative;
use starlark::any::ProvidesStaticType;
use starlark::eval::{Arguments, Evaluator};
use starlark::starlark_simple_value;
use starlark::values::{NoSerialize, StarlarkPagablePanic, StarlarkValue, Value, starlark_value};

/// Returns a plain text, as with rules_python.
#[derive(Debug, ProvidesStaticType, NoSerialize, StarlarkPagablePanic, Allocative)]
pub struct Requirement {
    hub: String,
    target: &'static str,
}

starlark_simple_value!(Requirement);

impl Requirement {
    /// The function `symbol` in the `requirements.bzl` of `hub`.
    #[must_use]
    pub fn of(symbol: &str, hub: &str) -> Option<Self> {
        let target = match symbol {
            "requirement" => "pkg",
            "data_requirement" => "data",
            "whl_requirement" => "whl",
            "dist_info_requirement" => "dist_info",
            _ => return None,
        };
        Some(Self { hub: hub.to_owned(), target })
    }
}

/// Lower case, with `_` for all that is neither letter nor digit.
#[must_use]
pub fn hub_label(hub: &str, name: &str, target: &str) -> String {
    let bare = name.split('[').next().unwrap_or(name).trim();
    let clean: String =
        bare.chars().map(|each| if each.is_alphanumeric() { each.to_ascii_lowercase() } else { '_' }).collect();
    format!("@{hub}//{clean}:{target}")
}

#[must_use]
pub fn requirement_label(hub: &str, name: &str) -> String {
    hub_label(hub, name, "pkg")
}

impl fmt::Display for Requirement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<function requirement>")
    }
}

#[starlark_value(type = "function")]
impl<'v> StarlarkValue<'v> for Requirement {
    fn invoke(
        &self,
        _me: Value<'v>,
        arguments: &Arguments<'v, '_>,
        evaluator: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        let heap = evaluator.heap();
        let by_position = arguments.positions(heap)?.next();
        let name = match by_position {
            Some(name) => Some(name),
            None => arguments.names_map()?.values().next().copied(),
        };
        let name = name.and_then(Value::unpack_str).unwrap_or_default();
        Ok(heap.alloc(hub_label(&self.hub, name, self.target)))
    }
}
