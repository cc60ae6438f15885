//! `select()` and sums with it: every branch is kept.

use std::fmt;

use allocative::Allocative;
use starlark::any::ProvidesStaticType;
use starlark::starlark_simple_value;
use starlark::values::{Heap, NoSerialize, StarlarkPagablePanic, StarlarkValue, Value, ValueLike, starlark_value};

use super::super::convert;
use super::opaque::Opaque;
use crate::workspace::model;

/// Macros can add to it but not look into it, as in Bazel.
#[derive(Debug, ProvidesStaticType, NoSerialize, StarlarkPagablePanic, Allocative)]
pub struct Selection {
    #[allocative(skip)]
    value: model::Value,
}

starlark_simple_value!(Selection);

impl Selection {
    /// `value` must be a `Select` or a `Concatenation`.
    #[must_use]
    pub fn new(value: model::Value) -> Self {
        Self { value }
    }

    #[must_use]
    pub fn value(&self) -> &model::Value {
        &self.value
    }
}

impl fmt::Display for Selection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("select(...)")
    }
}

#[starlark_value(type = "select")]
impl<'v> StarlarkValue<'v> for Selection {
    fn add(&self, other: Value<'v>, heap: Heap<'v>) -> Option<starlark::Result<Value<'v>>> {
        Some(Ok(sum(self.value.clone(), convert::to_model(other), heap)))
    }

    fn radd(&self, other: Value<'v>, heap: Heap<'v>) -> Option<starlark::Result<Value<'v>>> {
        Some(Ok(sum(convert::to_model(other), self.value.clone(), heap)))
    }

    fn bit_or(&self, other: Value<'v>, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        Ok(sum(self.value.clone(), convert::to_model(other), heap))
    }
}

/// `left + right` where one side is not known.
#[must_use]
pub fn concatenate<'v>(left: Value<'v>, right: Value<'v>, heap: Heap<'v>) -> Value<'v> {
    let is_text = |value: Value<'v>| value.unpack_str().is_some();
    if is_text(left) || is_text(right) {
        let known = left.downcast_ref::<Opaque>().or_else(|| right.downcast_ref::<Opaque>()).map(Opaque::name);
        return heap.alloc(Opaque::new(known.unwrap_or("text")));
    }
    sum(convert::to_model(left), convert::to_model(right), heap)
}

fn sum<'v>(left: model::Value, right: model::Value, heap: Heap<'v>) -> Value<'v> {
    let mut parts = Vec::new();
    for side in [left, right] {
        match side {
            model::Value::Concatenation(more) => parts.extend(more),
            model::Value::List(items) if items.is_empty() => {}
            part => parts.push(part),
        }
    }
    heap.alloc(Selection::new(model::Value::Concatenation(parts)))
}
