//! Reads edit requests, with the edits of rule sets.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::rewrite::request::{Edit, EditRequest};
use crate::rule_sets::registry::RULE_SETS;

#[derive(Deserialize)]
struct Written {
    package: String,
    edits: Vec<Value>,
}

impl<'de> Deserialize<'de> for EditRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { package, edits } = Written::deserialize(deserializer)?;
        let edits = edits.into_iter().map(edit).collect::<Result<_, _>>().map_err(D::Error::custom)?;
        Ok(Self { package, edits })
    }
}

fn edit(fields: Value) -> serde_json::Result<Edit> {
    let op = fields.get("op").and_then(Value::as_str).unwrap_or_default();
    match RULE_SETS.iter().flat_map(|rule_set| rule_set.edits()).find(|kind| kind.op == op) {
        Some(kind) => (kind.read)(fields),
        None => serde_json::from_value(fields),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rewrite::dependency::Dependency;

    #[test]
    fn reads_the_request_format() {
        let text = r##"{"package": "a", "title": "more fields", "edits": [
            {"op": "set_dep_layers", "app": "x", "layers": [{"name": "n", "targets": [":t"]}], "drop_comments_confirmed": true},
            {"op": "add_py_library", "name": "n", "deps": ["@p//:a", {"expr": "requirement(\"b\")"}], "before": "x"},
            {"op": "rewire_deps", "target": "x", "remove": [], "add": [":n"]},
            {"op": "set_deps", "target": "x", "deps": [], "drop_comments_confirmed": ["# gone"]},
            {"op": "remove_target", "target": "x"}]}"##;
        let request: EditRequest = serde_json::from_str(text).unwrap();
        assert_eq!(request.edits.len(), 5);
        let allows = |index: usize, comment| request.edits[index].confirmed_drops().allows(comment);
        assert!(allows(0, "# any") && !allows(2, "# any") && allows(3, "# gone") && !allows(3, "# other"));
        let expected = Dependency::Expression { expr: "requirement(\"b\")".to_owned() };
        assert_eq!(request.edits[1].written_dependencies()[1], expected);
    }
}
