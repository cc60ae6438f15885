//! `Label(...)` in macros.

use std::fmt;

use allocative::Allocative;
use starlark::any::ProvidesStaticType;
use starlark::collections::StarlarkHasher;
use starlark::environment::{Methods, MethodsBuilder};
use starlark::starlark_simple_value;
use starlark::values::{Heap, NoSerialize, StarlarkPagablePanic, StarlarkValue, Value, ValueLike, starlark_value};

use crate::label::Label;

#[derive(Debug, ProvidesStaticType, NoSerialize, StarlarkPagablePanic, Allocative)]
pub struct LabelValue {
    #[allocative(skip)]
    label: Label,
}

starlark_simple_value!(LabelValue);

impl LabelValue {
    #[must_use]
    pub fn new(label: Label) -> Self {
        Self { label }
    }

    #[must_use]
    pub fn label(&self) -> &Label {
        &self.label
    }
}

impl fmt::Display for LabelValue {
    /// Bazel writes labels of the main repository as `@@//pkg:name`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.label.is_main() {
            formatter.write_str("@@")?;
        }
        write!(formatter, "{}", self.label)
    }
}

#[starlark_value(type = "Label")]
impl<'v> StarlarkValue<'v> for LabelValue {
    fn write_hash(&self, hasher: &mut StarlarkHasher) -> starlark::Result<()> {
        std::hash::Hash::hash(&self.label, hasher);
        Ok(())
    }

    fn equals(&self, other: Value<'v>) -> starlark::Result<bool> {
        Ok(other.downcast_ref::<Self>().is_some_and(|other| other.label == self.label))
    }

    fn compare(&self, other: Value<'v>) -> starlark::Result<std::cmp::Ordering> {
        let other = other.downcast_ref::<Self>().map(Self::label);
        Ok(Some(&self.label).cmp(&other))
    }

    fn get_attr(&self, attribute: &str, heap: Heap<'v>) -> Option<Value<'v>> {
        let repository = self.label.repository_name().unwrap_or_default();
        let text = match attribute {
            "name" => self.label.name().to_owned(),
            "package" => self.label.package().to_owned(),
            "repo_name" | "workspace_name" => repository.to_owned(),
            "workspace_root" if repository.is_empty() => String::new(),
            "workspace_root" => format!("external/{repository}"),
            _ => return None,
        };
        Some(heap.alloc(text))
    }

    fn dir_attr(&self) -> Vec<String> {
        ["name", "package", "repo_name", "workspace_name", "workspace_root"].map(str::to_owned).to_vec()
    }

    fn get_methods() -> Option<&'static Methods> {
        Some(LABEL_METHODS.methods())
    }
}

starlark::methods_static!(LABEL_METHODS = methods);

#[starlark::starlark_module]
fn methods(builder: &mut MethodsBuilder) {
    fn same_package_label(this: &LabelValue, #[starlark(require = pos)] name: &str) -> starlark::Result<LabelValue> {
        Ok(LabelValue::new(this.label.sibling(name)))
    }

    fn relative(this: &LabelValue, #[starlark(require = pos)] text: &str) -> starlark::Result<LabelValue> {
        let own = &this.label;
        Label::parse_in(text, own.repository(), own.package()).map(LabelValue::new).map_err(starlark::Error::new_other)
    }
}
