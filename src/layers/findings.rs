//! Findings about a plan and the graph. Those that need sizes are in `advice`.

use crate::label::Label;
use crate::layers::operations::Operation;
use crate::layers::partition::{LayerKind, Partition};
use crate::layers::plan::LayerId;

/// Docker refuses over 127 layers, some stores over 125; the fixed layers need some too.
pub const LAYER_LIMIT: usize = 120;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The design can't do what it is made for.
    Problem,
    /// It works, but wastes something.
    Advice,
}

impl Severity {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Advice => "advice",
        }
    }
}

/// A change of the plan that resolves a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The text of its button: `Remove layer tests`.
    pub words: String,
    pub operation: Operation,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    pub code: &'static str,
    /// One sentence, with the way out if there is one.
    pub message: String,
    pub labels: Vec<Label>,
    pub fix: Option<Fix>,
}

#[must_use]
pub fn findings(partition: &Partition) -> Vec<Finding> {
    let mut findings = Vec::new();
    let groups = partition.layers.iter().filter(|layer| matches!(layer.kind, LayerKind::Dependency(_)));
    let mut group_count = 0;
    for layer in groups {
        group_count += 1;
        let remove = || match layer.kind {
            LayerKind::Dependency(id) => Some(remove_layer(id, &layer.name)),
            _ => None,
        };
        for label in &layer.outside {
            findings.push(Finding {
                severity: Severity::Problem,
                code: "outside_closure",
                message: format!(
                    "Layer `{}` names {label}, which the binary does not depend on: take it out, or add the dependency",
                    layer.name
                ),
                labels: vec![label.clone()],
                fix: Some(Fix {
                    words: format!("Take {label} out of its layer"),
                    operation: Operation::Unassign { targets: vec![label.clone()] },
                }),
            });
        }
        if layer.targets.is_empty() {
            findings.push(Finding {
                severity: Severity::Problem,
                code: "empty_layer",
                message: format!("Layer `{}` has no targets: drag some in, or remove it", layer.name),
                labels: Vec::new(),
                fix: remove(),
            });
        } else if layer.items.is_empty() && !layer.claimed_below.is_empty() {
            findings.push(Finding {
                severity: Severity::Problem,
                code: "shadowed_group",
                message: format!(
                    "Layer `{}` ends up empty: layers below it already hold all that its targets need",
                    layer.name
                ),
                labels: layer.targets.clone(),
                fix: remove(),
            });
        }
    }
    if group_count > LAYER_LIMIT {
        findings.push(Finding {
            severity: Severity::Problem,
            code: "too_many_layers",
            message: format!(
                "{group_count} groups are more than an image can have (127 layers in Docker, with the fixed ones)"
            ),
            labels: Vec::new(),
            fix: None,
        });
    }
    findings
}

#[must_use]
pub fn remove_layer(layer: LayerId, name: &str) -> Fix {
    Fix { words: format!("Remove layer {name}"), operation: Operation::Remove { layer } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::item_set::{ItemId, ItemSet};
    use crate::layers::partition::LayerContents;

    fn layer(id: u32, targets: &[&str], items: &[u32], below: &[u32], outside: &[&str]) -> LayerContents {
        let labels = |texts: &[&str]| texts.iter().map(|text| Label::parse_absolute(text).unwrap()).collect();
        let set = |items: &[u32]| items.iter().map(|&item| ItemId(item)).collect::<ItemSet>();
        LayerContents {
            kind: LayerKind::Dependency(LayerId(id)),
            name: format!("layer_{id}"),
            targets: labels(targets),
            items: set(items),
            claimed_below: set(below),
            outside: labels(outside),
        }
    }

    /// Codes with the words of their fixes.
    fn found(layers: Vec<LayerContents>) -> Vec<(&'static str, Option<String>)> {
        let findings = findings(&Partition { layers });
        findings.into_iter().map(|finding| (finding.code, finding.fix.map(|fix| fix.words))).collect()
    }

    #[test]
    fn each_defect_of_a_group_has_its_code_and_its_fix() {
        let good = || layer(0, &["//a:a"], &[0], &[], &[]);
        assert_eq!(found(vec![good()]), []);
        let fix = |words: &str| Some(words.to_owned());
        assert_eq!(
            found(vec![
                good(),
                layer(1, &["//a:b", "//o:o"], &[1], &[], &["//o:o"]),
                layer(2, &[], &[], &[], &[]),
                layer(3, &["//a:a"], &[], &[0], &[]),
            ],),
            [
                ("outside_closure", fix("Take //o:o out of its layer")),
                ("empty_layer", fix("Remove layer layer_2")),
                ("shadowed_group", fix("Remove layer layer_3")),
            ]
        );
        let many = (0..=u32::try_from(LAYER_LIMIT).unwrap()).map(|id| layer(id, &["//a:a"], &[id], &[], &[]));
        assert_eq!(found(many.collect()), [("too_many_layers", None)]);
    }
}
