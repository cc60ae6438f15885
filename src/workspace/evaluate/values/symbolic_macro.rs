//! `macro()`: a function with declared attributes, as in Bazel since version 8.

use std::fmt;

use allocative::Allocative;
use starlark::any::ProvidesStaticType;
use starlark::collections::SmallMap;
use starlark::eval::{Arguments, Evaluator};
use starlark::starlark_complex_value;
use starlark::values::dict::DictRef;
use starlark::values::{
    Coerce, Freeze, NoSerialize, StarlarkPagablePanic, StarlarkValue, Trace, Value, ValueLike, starlark_value,
};

use super::rule_class::AttributeDeclaration;

/// The implementation is called with every declared attribute.
#[derive(
    Clone, Copy, Debug, Trace, Coerce, Freeze, ProvidesStaticType, NoSerialize, StarlarkPagablePanic, Allocative,
)]
#[repr(C)]
pub struct SymbolicMacroGen<V> {
    implementation: V,
    /// Attribute names to declarations.
    attributes: V,
}

starlark_complex_value!(pub SymbolicMacro);

impl<'v> SymbolicMacro<'v> {
    #[must_use]
    pub fn new(implementation: Value<'v>, attributes: Value<'v>) -> Self {
        Self { implementation, attributes }
    }

    /// In order.
    #[must_use]
    pub fn attribute_names(&self) -> Vec<String> {
        let attributes = DictRef::from_value(self.attributes);
        let names = attributes.iter().flat_map(|attributes| attributes.keys().collect::<Vec<_>>());
        names.filter_map(|name| name.unpack_str().map(str::to_owned)).collect()
    }
}

impl<V> fmt::Display for SymbolicMacroGen<V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("<macro>")
    }
}

#[starlark_value(type = "macro")]
impl<'v, V: ValueLike<'v>> StarlarkValue<'v> for SymbolicMacroGen<V>
where
    Self: ProvidesStaticType<'v>,
{
    fn invoke(
        &self,
        _me: Value<'v>,
        arguments: &Arguments<'v, '_>,
        evaluator: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        let mut named: SmallMap<String, Value<'v>> = SmallMap::new();
        named.insert("visibility".to_owned(), Value::new_none());
        if let Some(attributes) = DictRef::from_value(self.attributes.to_value()) {
            for (name, declaration) in attributes.iter() {
                let declared = declaration.downcast_ref::<AttributeDeclaration>();
                let default = declared.map_or(Value::new_none(), |declared| declared.default(evaluator.heap()));
                named.insert(name.to_str(), default);
            }
        }
        for (name, value) in arguments.names_map()? {
            named.insert(name.as_str().to_owned(), value);
        }
        let named: Vec<(&str, Value<'v>)> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        evaluator.eval_function(self.implementation.to_value(), &[], &named)
    }
}
