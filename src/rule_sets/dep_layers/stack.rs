//! The stack of the layer rules: interpreter, groups, program.

use crate::label::Label;
use crate::layers::compression::Compression;
use crate::layers::stack::{Claim, Holds, StackLayer};
use crate::rule_sets::view::{Carried, View, of_another, other, text, unknown};
use crate::workspace::images::labels;
use crate::workspace::model::{Target, Value};

#[must_use]
pub fn layer(view: &View<'_>, label: &Label, target: &Target) -> Option<StackLayer> {
    if target.kind != "py_layer_tar" {
        return None;
    }
    let compression = match text(target, "compression") {
        Some("none") => Some(Compression::None),
        Some("zstd") => Some(Compression::Zstd),
        _ => Some(Compression::Gzip),
    };
    let (division_label, division) = labels(target, "layers").next().and_then(|layers| view.targets.find(layers))?;
    match view.carried(division, "binary") {
        Carried::This => {}
        Carried::Another(program) => return Some(other(label, compression, of_another(label, &program))),
        Carried::None => return Some(unknown(label, compression, format!("{label}: its binary is not known here"))),
    }
    let name = text(target, "layer")?;
    let names = texts(division.attributes.get("layers"));
    let (holds, claim, claim_order) = match name {
        "interpreter" => (Holds::Interpreter, Claim::Interpreter, 0),
        "app" => (Holds::Program, Claim::Rest, names.len() + 1),
        name => {
            let order = names.iter().position(|known| *known == name)? + 1;
            (Holds::Group, Claim::Targets(members(division, &division_label, name)), order)
        }
    };
    let why = match holds {
        Holds::Group => "`dep_layers` puts the closures of its targets here, less what lower layers have".to_owned(),
        Holds::Interpreter => "the layer rules put the interpreter here".to_owned(),
        _ => "the layer rules put the program and the rest here".to_owned(),
    };
    let name = name.to_owned();
    Some(StackLayer { name, target: label.clone(), holds, claim, claim_order, compression, why })
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    let Some(Value::List(items)) = value else { return Vec::new() };
    let strings = items.iter().filter_map(|item| match item {
        Value::String(text) => Some(text.as_str()),
        _ => None,
    });
    strings.collect()
}

fn members(division: &Target, near: &Label, layer: &str) -> Vec<Label> {
    let Some(Value::Dict(entries)) = division.attributes.get("targets") else { return Vec::new() };
    let member = |(key, name): &(Value, Value)| match (key, name) {
        (Value::String(key), Value::String(name)) if name == layer => Label::parse(key, near.package()).ok(),
        _ => None,
    };
    entries.iter().filter_map(member).collect()
}
