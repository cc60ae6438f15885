//! `rule()` and `attr.*()`: rule classes with their attributes' types.

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

/// `attr.label_list(...)` and the like.
#[derive(Debug, ProvidesStaticType, NoSerialize, StarlarkPagablePanic, Allocative)]
pub struct AttributeDeclaration {
    #[allocative(skip)]
    pub attribute_type: AttributeType,
    /// For labels.
    #[allocative(skip)]
    pub label_use: LabelUse,
    /// The value if a call leaves it out.
    #[allocative(skip)]
    pub default: model::Value,
}

starlark_simple_value!(AttributeDeclaration);

impl AttributeDeclaration {
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

/// `rule()`.
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
        // A second name is only another binding of the class.
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
