//! What is worth saying about a plan: each finding has a code, a sentence and the labels that it concerns.
//!
//! Findings here follow from the plan, the graph and the macro alone; those that need sizes are made where sizes are.

use crate::label::Label;
use crate::layers::macro_class::{MacroClass, MacroVerdict};
use crate::layers::operations::Operation;
use crate::layers::partition::{LayerKind, Partition};
use crate::layers::plan::LayerId;

/// Docker refuses images with more than 127 layers, some stores with more than 125; the fixed layers need some too.
pub const LAYER_LIMIT: usize = 120;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The design can't do what it is made for.
    Problem,
    /// It works, and something is given away.
    Advice,
}

impl Severity {
    /// The word in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Advice => "advice",
        }
    }
}

/// A change of the plan that settles a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the words of a button: `Remove layer tests`.
    pub words: String,
    /// The change.
    pub operation: Operation,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// Stable code.
    pub code: &'static str,
    /// One sentence, with the way out where there is one.
    pub message: String,
    /// The labels that it concerns.
    pub labels: Vec<Label>,
    /// The change of the plan that settles it, where there is one.
    pub fix: Option<Fix>,
}

/// Everything to say about a partition and the macro that would carry it out.
#[must_use]
pub fn findings(partition: &Partition, verdict: &MacroVerdict) -> Vec<Finding> {
    let mut findings = Vec::new();
    macro_finding(verdict, &mut findings);
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

/// The change that takes a group out of the plan.
#[must_use]
pub fn remove_layer(layer: LayerId, name: &str) -> Fix {
    Fix { words: format!("Remove layer {name}"), operation: Operation::Remove { layer } }
}

fn macro_finding(verdict: &MacroVerdict, findings: &mut Vec<Finding>) {
    let (code, severity) = match verdict.class {
        MacroClass::Partitions => return,
        MacroClass::DoesNotBuild => ("macro_does_not_build", Severity::Problem),
        MacroClass::RepeatsEverything => ("macro_repeats_everything", Severity::Problem),
        MacroClass::NoParameter => ("macro_without_dep_layers", Severity::Problem),
        MacroClass::NoMacro => ("no_macro", Severity::Advice),
        MacroClass::Unknown => ("macro_unknown", Severity::Advice),
    };
    findings.push(Finding { severity, code, message: verdict.sentence.clone(), labels: Vec::new(), fix: None });
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
    fn found(layers: Vec<LayerContents>, class: MacroClass) -> Vec<(&'static str, Option<String>)> {
        let verdict = MacroVerdict { class, sentence: "As it is".to_owned() };
        let findings = findings(&Partition { layers }, &verdict);
        findings.into_iter().map(|finding| (finding.code, finding.fix.map(|fix| fix.words))).collect()
    }

    #[test]
    fn each_defect_of_a_group_has_its_code_and_its_fix() {
        let good = || layer(0, &["//a:a"], &[0], &[], &[]);
        assert_eq!(found(vec![good()], MacroClass::Partitions), []);
        let fix = |words: &str| Some(words.to_owned());
        assert_eq!(
            found(
                vec![
                    good(),
                    layer(1, &["//a:b", "//o:o"], &[1], &[], &["//o:o"]),
                    layer(2, &[], &[], &[], &[]),
                    layer(3, &["//a:a"], &[], &[0], &[]),
                ],
                MacroClass::Partitions
            ),
            [
                ("outside_closure", fix("Take //o:o out of its layer")),
                ("empty_layer", fix("Remove layer layer_2")),
                ("shadowed_group", fix("Remove layer layer_3")),
            ]
        );
        let many = (0..=u32::try_from(LAYER_LIMIT).unwrap()).map(|id| layer(id, &["//a:a"], &[id], &[], &[]));
        assert_eq!(found(many.collect(), MacroClass::Partitions), [("too_many_layers", None)]);
    }

    #[test]
    fn what_the_macro_does_is_a_finding_unless_it_partitions() {
        let code = |class| found(Vec::new(), class).first().map(|(code, _)| *code);
        assert_eq!(code(MacroClass::Partitions), None);
        assert_eq!(code(MacroClass::DoesNotBuild), Some("macro_does_not_build"));
        assert_eq!(code(MacroClass::RepeatsEverything), Some("macro_repeats_everything"));
        assert_eq!(code(MacroClass::NoParameter), Some("macro_without_dep_layers"));
        assert_eq!(code(MacroClass::NoMacro), Some("no_macro"));
        assert_eq!(code(MacroClass::Unknown), Some("macro_unknown"));
    }
}
