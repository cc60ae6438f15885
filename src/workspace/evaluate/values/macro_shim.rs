//! A loaded function, wrapped to record its arguments before it runs.

use std::fmt;

use allocative::Allocative;
use starlark::any::ProvidesStaticType;
use starlark::eval::{Arguments, Evaluator};
use starlark::starlark_simple_value;
use starlark::values::{
    FrozenValue, NoSerialize, StarlarkPagablePanic, StarlarkValue, Value, ValueLike, starlark_value,
};

use super::super::evaluated::MacroSignature;
use super::super::recorder;

#[derive(Debug, ProvidesStaticType, NoSerialize, StarlarkPagablePanic, Allocative)]
pub struct MacroShim {
    #[allocative(skip)]
    signature: MacroSignature,
    /// The module that holds this shim keeps its heap alive.
    #[allocative(skip)]
    function: FrozenValue,
}

starlark_simple_value!(MacroShim);

impl MacroShim {
    #[must_use]
    pub fn new(signature: MacroSignature, function: FrozenValue) -> Self {
        Self { signature, function }
    }

    #[must_use]
    pub fn signature(&self) -> &MacroSignature {
        &self.signature
    }
}

impl fmt::Display for MacroShim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "<function {}>", self.signature.symbol)
    }
}

#[starlark_value(type = "function")]
impl<'v> StarlarkValue<'v> for MacroShim {
    fn invoke(
        &self,
        _me: Value<'v>,
        arguments: &Arguments<'v, '_>,
        evaluator: &mut Evaluator<'v, '_, '_>,
    ) -> starlark::Result<Value<'v>> {
        let call = recorder::begin_call(&self.signature, arguments, evaluator)?;
        let result = self.function.to_value().invoke(arguments, evaluator);
        recorder::end_call(call, evaluator);
        result
    }

    fn name_for_call_stack(&self, _me: Value<'v>) -> String {
        self.signature.symbol.clone()
    }
}
