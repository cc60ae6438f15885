//! A layer of `dep_layers`: value and text.

use crate::build_file::fold::FoldedValue;
use crate::build_file::new_text::{NewElement, NewText};
use crate::build_file::string_literal;

use crate::rewrite::labels::{self, DependencyKey};
use crate::rewrite::package_file::PackageFile;

pub(crate) const DEP_LAYERS: &str = "dep_layers";

/// With resolved targets.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub(crate) name: String,
    /// Without repetitions: key and text in the request.
    pub(crate) targets: Vec<(DependencyKey, String)>,
}

/// Without repeated targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LayerValue {
    pub(crate) name: String,
    pub(crate) targets: Vec<DependencyKey>,
}

impl Layer {
    pub(crate) fn value(&self) -> LayerValue {
        LayerValue { name: self.name.clone(), targets: self.targets.iter().map(|(key, _)| key.clone()).collect() }
    }
}

/// As buildifier writes it.
pub(crate) fn layer_text(name: &str, targets: Vec<NewElement>) -> NewText {
    NewText::Dict(vec![
        (string_literal::encode("name"), NewText::Verbatim(string_literal::encode(name))),
        (string_literal::encode("targets"), NewText::List(targets)),
    ])
}

pub(crate) fn target_text(package: &PackageFile<'_>, text: &str, from: &str, neighbours: &[String]) -> NewText {
    NewText::Verbatim(string_literal::encode(&labels::spell(text, from, &package.package, neighbours)))
}

/// `None` if a part is not known.
pub(crate) fn layers_of(value: &FoldedValue, package: &str) -> Option<Vec<LayerValue>> {
    value.as_list()?.iter().map(|layer| layer_of(layer, package)).collect()
}

pub(crate) fn layer_of(value: &FoldedValue, package: &str) -> Option<LayerValue> {
    let name = value.get("name")?.as_str()?.to_owned();
    let mut targets: Vec<DependencyKey> = Vec::new();
    let listed = match value.get("targets") {
        Some(targets) => targets.as_list()?,
        None if matches!(value, FoldedValue::Dict(_)) => &[],
        None => return None,
    };
    for target in listed {
        let key = DependencyKey::of_text(target.as_str()?, package);
        if !targets.contains(&key) {
            targets.push(key);
        }
    }
    Some(LayerValue { name, targets })
}
