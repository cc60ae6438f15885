//! What `rule()` and `attr.*()` return: the class of a rule of this workspace, with the types of its attributes.

use std::fmt;
use std::sync::OnceLock;

use allocative::Allocative;
use starlark::any::ProvidesStaticType;
use starlark::eval::{Arguments, Evaluator};
use starlark::starlark_simple_value;
use starlark::values::{Heap, NoSerialize, StarlarkPagablePanic, StarlarkValue, Value, starlark_value};

use super::super::attributes::{AttributeType, LabelUse, Schema};
use super::super::{convert, instantiate};
use crate::workspace::model;

/// What `attr.label_list(...)` and its siblings return.
#[derive(Debug, ProvidesStaticType, NoSerialize, StarlarkPagablePanic, Allocative)]
pub struct AttributeDeclaration {
    /// The attribute's type.
    #[allocative(skip)]
    pub attribute_type: AttributeType,
    /// Of labels: what they are for.
    #[allocative(skip)]
    pub label_use: LabelUse,
    /// What the attribute is when a call leaves it out.
    #[allocative(skip)]
    pub default: model::Value,
}

starlark_simple_value!(AttributeDeclaration);

impl AttributeDeclaration {
    /// The default as a Starlark value.
    #[must_use]
    pub fn default<'v>(&self, heap: Heap<'v>) -> Value<'v> {
        convert::from_model(&self.default, heap)
    }
}

impl fmt::Display for AttributeDeclaration {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<attr>")
    }
}

#[starlark_value(type = "Attribute")]
impl<'v> StarlarkValue<'v> for AttributeDeclaration {}

/// What `rule()` returns.
#[derive(Debug, ProvidesStaticType, NoSerialize, StarlarkPagablePanic, Allocative)]
pub struct RuleClass {
    /// The name under which the `.bzl` file first exports it: Bazel's name of the rule class.
    #[allocative(skip)]
    name: OnceLock<String>,
    #[allocative(skip)]
    schema: Schema,
}

starlark_simple_value!(RuleClass);

impl RuleClass {
    /// A class that has no name yet.
    #[must_use]
    pub fn new(schema: Schema) -> Self {
        Self { name: OnceLock::new(), schema }
    }

    fn kind(&self) -> &str {
        self.name.get().map_or("rule", String::as_str)
    }
}

impl fmt::Display for RuleClass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "<rule {}>", self.kind())
    }
}

#[starlark_value(type = "rule")]
impl<'v> StarlarkValue<'v> for RuleClass {
    fn export_as(&self, name: &str, _evaluator: &mut Evaluator<'v, '_, '_>) -> starlark::Result<()> {
        // A second name is only another binding of the same class.
        self.name.get_or_init(|| name.to_owned());
        Ok(())
    }

    fn invoke(
        &self,
        _me: Value<'v>,
        arguments: &Arguments<'v, '_>,
        evaluator: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        instantiate::call_rule(self.kind(), &self.schema, arguments, evaluator)?;
        Ok(Value::new_none())
    }

    fn name_for_call_stack(&self, _me: Value<'v>) -> String {
        self.kind().to_owned()
    }
}
