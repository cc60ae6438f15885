use crate::graph::model::Graph;
use crate::label::Label;

/// Exact names first, then prefixes, then parts of names, then the rest, each sorted by label.
#[must_use]
pub(crate) fn found(graph: &Graph, search: &str) -> Vec<Label> {
    let search = search.trim().to_lowercase();
    if search.is_empty() {
        return Vec::new();
    }
    let labels = graph.nodes_by_label().map(|(_, node)| &node.label);
    let mut found: Vec<Label> =
        labels.filter(|label| label.to_string().to_lowercase().contains(&search)).cloned().collect();
    found.sort_by_cached_key(|label| {
        let name = label.name().to_lowercase();
        match name.find(&search) {
            Some(0) if name == search => 0,
            Some(0) => 1,
            Some(_) => 2,
            None => 3,
        }
    });
    found
}
