//! What is worth saying about a plan: each finding has a code, a sentence and the labels that it concerns.
//!
//! Findings here follow from the plan, the graph and the macro alone; those that need sizes are made where sizes are.

use crate::label::Label;
use crate::layers::macro_class::{MacroClass, MacroVerdict};
use crate::layers::partition::{LayerKind, Partition};

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
        for label in &layer.outside {
            findings.push(Finding {
                severity: Severity::Problem,
                code: "outside_closure",
                message: format!(
                    "Layer `{}` names {label}, which the binary does not depend on: take it out, or add the dependency",
                    layer.name
                ),
                labels: vec![label.clone()],
            });
        }
        if layer.targets.is_empty() {
            findings.push(Finding {
                severity: Severity::Problem,
                code: "empty_layer",
                message: format!("Layer `{}` has no targets: drag some in, or remove it", layer.name),
                labels: Vec::new(),
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
        });
    }
    findings
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
    findings.push(Finding { severity, code, message: verdict.sentence.clone(), labels: Vec::new() });
}
