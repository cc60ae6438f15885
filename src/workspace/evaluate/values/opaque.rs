//! An unknown value: from another repository, or only meaningful during analysis. Supports every operation that macros
//! apply to such values, and keeps its name, so that a foreign rule still makes a target of that kind. Never fails.

use std::fmt;

use allocative::Allocative;
use starlark::any::ProvidesStaticType;
use starlark::collections::StarlarkHasher;
use starlark::eval::{Arguments, Evaluator};
use starlark::starlark_simple_value;
use starlark::values::{Heap, NoSerialize, StarlarkPagablePanic, StarlarkValue, Value, ValueLike, starlark_value};

use super::super::instantiate;

/// A longer name is not extended.
const LONGEST_NAME: usize = 400;

/// The name is a load path and symbol (`@rules_oci//oci:defs.bzl%oci_image`), extended by `.attribute` and `()`.
#[derive(Debug, ProvidesStaticType, NoSerialize, StarlarkPagablePanic, Allocative)]
pub struct Opaque {
    name: String,
}

starlark_simple_value!(Opaque);

impl Opaque {
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The last part of the name: the kind of a rule.
    #[must_use]
    pub fn symbol(&self) -> &str {
        self.name.rsplit(['%', '.']).next().unwrap_or(&self.name)
    }

    fn extended(&self, suffix: fmt::Arguments<'_>) -> Self {
        if self.name.len() > LONGEST_NAME {
            return Self::new(self.name.clone());
        }
        Self::new(format!("{}{suffix}", self.name))
    }
}

impl fmt::Display for Opaque {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "<{}>", self.name)
    }
}

#[starlark_value(type = "opaque")]
impl<'v> StarlarkValue<'v> for Opaque {
    fn write_hash(&self, hasher: &mut StarlarkHasher) -> starlark::Result<()> {
        std::hash::Hash::hash(&self.name, hasher);
        Ok(())
    }

    fn equals(&self, other: Value<'v>) -> starlark::Result<bool> {
        Ok(other.downcast_ref::<Self>().is_some_and(|other| other.name == self.name))
    }

    fn compare(&self, other: Value<'v>) -> starlark::Result<std::cmp::Ordering> {
        let other = other.downcast_ref::<Self>().map(Self::name);
        Ok(Some(self.name.as_str()).cmp(&other))
    }

    fn invoke(
        &self,
        _me: Value<'v>,
        arguments: &Arguments<'v, '_>,
        evaluator: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        instantiate::call_opaque(self, arguments, evaluator)?;
        Ok(evaluator.heap().alloc(self.extended(format_args!("()"))))
    }

    fn name_for_call_stack(&self, _me: Value<'v>) -> String {
        self.symbol().to_owned()
    }

    fn get_attr(&self, attribute: &str, heap: Heap<'v>) -> Option<Value<'v>> {
        Some(heap.alloc(self.extended(format_args!(".{attribute}"))))
    }

    fn has_attr(&self, _attribute: &str, _heap: Heap<'v>) -> bool {
        true
    }

    fn at(&self, _index: Value<'v>, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        Ok(heap.alloc(self.extended(format_args!("[]"))))
    }

    fn slice(
        &self,
        _start: Option<Value<'v>>,
        _stop: Option<Value<'v>>,
        _stride: Option<Value<'v>>,
        heap: Heap<'v>,
    ) -> starlark::Result<Value<'v>> {
        Ok(heap.alloc(self.extended(format_args!("[]"))))
    }

    fn iterate_collect(&self, _heap: Heap<'v>) -> starlark::Result<Vec<Value<'v>>> {
        Ok(Vec::new())
    }

    fn length(&self) -> starlark::Result<i32> {
        Ok(0)
    }

    fn is_in(&self, _other: Value<'v>) -> starlark::Result<bool> {
        Ok(false)
    }

    // A list keeps its known items beside the unknown part; a partly known text is unknown.
    fn add(&self, other: Value<'v>, heap: Heap<'v>) -> Option<starlark::Result<Value<'v>>> {
        Some(Ok(super::selection::concatenate(heap.alloc(Self::new(self.name.clone())), other, heap)))
    }

    fn radd(&self, other: Value<'v>, heap: Heap<'v>) -> Option<starlark::Result<Value<'v>>> {
        Some(Ok(super::selection::concatenate(other, heap.alloc(Self::new(self.name.clone())), heap)))
    }

    fn percent(&self, _other: Value<'v>, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        Ok(heap.alloc(Self::new(self.name.clone())))
    }

    fn mul(&self, _other: Value<'v>, heap: Heap<'v>) -> Option<starlark::Result<Value<'v>>> {
        Some(Ok(heap.alloc(Self::new(self.name.clone()))))
    }

    fn bit_or(&self, _other: Value<'v>, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        Ok(heap.alloc(Self::new(self.name.clone())))
    }

    fn bit_and(&self, _other: Value<'v>, heap: Heap<'v>) -> starlark::Result<Value<'v>> {
        Ok(heap.alloc(Self::new(self.name.clone())))
    }
}
