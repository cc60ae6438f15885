//! Findings that need sizes, change rows, visibility, or the rules that make the tars.

use std::collections::BTreeSet;

use crate::advice::verdict::BYTES_PER_REQUEST;
use crate::byte_count::ByteCount;
use crate::graph::build::target;
use crate::graph::model::{Graph, NodeKind};
use crate::history::cost::{LayerNumbers, PlanNumbers, PullProfile, layer_costs, totals};
use crate::label::Label;
use crate::layers::compression::Compression;
use crate::layers::findings::{Finding, Fix, Severity, remove_layer};
use crate::layers::operations::Operation;
use crate::layers::partition::{LayerContents, LayerKind, Partition};
use crate::rule_sets::dep_layers::macro_class::{MacroClass, MacroVerdict};
use crate::workspace::model::{App, Target, Value, Workspace};
use crate::workspace::visibility::is_visible;

/// Least gain, in percent, at which a swap of two layers is reported.
const ORDER_GAIN_PERCENT: u64 = 5;

/// Facts about the workspace that findings need, collected once per app.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleFacts {
    /// Targets that the app's package may not name.
    pub hidden: BTreeSet<Label>,
    /// Other apps made by the same macro.
    pub sister_apps: usize,
    /// Targets whose tar can differ between builds of the same files, with the reason.
    pub unsteady_tars: Vec<(Label, String)>,
}

impl RuleFacts {
    #[must_use]
    pub fn new(workspace: &Workspace, app: &App, graph: &Graph) -> Self {
        let is_hidden = |label: &Label| {
            target(workspace, label).is_some_and(|found| !is_visible(workspace, label, found, app.label.package()))
        };
        let rules = graph.nodes_by_label().filter(|(_, node)| matches!(node.kind, NodeKind::Rule(_)));
        let is_sister = |other: &&App| {
            other.label != app.label && other.macro_name == app.macro_name && other.macro_file == app.macro_file
        };
        let made = app.made_targets.iter().filter_map(|label| Some((label, target(workspace, label)?)));
        Self {
            hidden: rules.map(|(_, node)| node.label.clone()).filter(is_hidden).collect(),
            sister_apps: workspace.apps.iter().filter(is_sister).count(),
            unsteady_tars: made.filter_map(|(label, made)| Some((label.clone(), unsteady(made)?))).collect(),
        }
    }
}

/// Returns why two builds of the same files can make different tars.
fn unsteady(target: &Target) -> Option<String> {
    let text = |name: &str| match target.attributes.get(name) {
        Some(Value::String(text)) => Some(text.as_str()),
        _ => None,
    };
    match target.kind.as_str() {
        "pkg_tar" | "pkg_tar_impl" => match (target.attributes.get("stamp"), target.attributes.get("portable_mtime")) {
            (Some(Value::Int(1) | Value::Bool(true)), _) => {
                Some("`stamp = 1` writes the time of the build into it: set `stamp = 0`".to_owned())
            }
            (_, Some(Value::Int(0) | Value::Bool(false))) if !target.attributes.contains_key("mtime") => {
                Some("`portable_mtime = False` without `mtime` leaves the time open: take it out".to_owned())
            }
            _ => None,
        },
        "genrule" => {
            let command = text("cmd").or_else(|| text("cmd_bash"))?;
            let words: Vec<&str> = command.split(|letter: char| letter.is_whitespace() || letter == ';').collect();
            let creates = words.windows(2).any(|pair| {
                matches!(pair, [program, option] if (*program == "tar" || program.ends_with("/tar"))
                    && (option.trim_start_matches('-').starts_with('c') || *option == "--create"))
            });
            let is_steady = command.contains("--mtime") && command.contains("--sort");
            (creates && !is_steady).then(|| {
                "its command calls `tar` without `--sort=name` and `--mtime`, so order and times of files can differ"
                    .to_owned()
            })
        }
        _ => None,
    }
}

/// Returns the finding that the program's own layer lies below others, which clients that keep no compressed layers pull
/// again with each of its changes (`ChainID` hashes all parents, OCI image-spec, config.md).
fn program_below(partition: &Partition, numbers: &PlanNumbers) -> Option<Finding> {
    let layers: Vec<(&LayerContents, &LayerNumbers)> =
        partition.layers.iter().zip(&numbers.layers).filter(|(layer, _)| !layer.items.is_empty()).collect();
    let program = layers.iter().position(|(layer, _)| layer.kind == LayerKind::App)?;
    let (below, above) = layers.split_at_checked(program + 1)?;
    let (own, own_numbers) = below.last()?;
    if above.is_empty() || numbers.deploys == 0 {
        return None;
    }
    let fetched = |order: &[&LayerNumbers]| -> ByteCount {
        let order: Vec<LayerNumbers> = order.iter().map(|&layer| layer.clone()).collect();
        layer_costs(&order, PullProfile::Chain).iter().map(|cost| cost.fetched).sum()
    };
    let present: Vec<&LayerNumbers> = layers.iter().map(|(_, numbers)| *numbers).collect();
    let mut moved = present.clone();
    let program_numbers = moved.remove(program);
    moved.push(program_numbers);
    let (now, then) = (fetched(&present), fetched(&moved));
    let saved = if then < now { (now - then).scaled(1, numbers.deploys) } else { ByteCount::ZERO };
    if saved < BYTES_PER_REQUEST {
        return None;
    }
    let names: Vec<String> = above.iter().map(|(layer, _)| format!("`{}`", layer.name)).collect();
    Some(Finding {
        severity: Severity::Advice,
        code: "program_below",
        message: format!(
            "`{}` changes with {} of {} deploys and is below {}. List it last: saves {saved} per deploy on classic Docker",
            own.name,
            own_numbers.row.count(),
            numbers.deploys,
            names.join(", ")
        ),
        labels: Vec::new(),
        fix: None,
    })
}

/// Returns all findings. `compression` is that of the stored layers.
#[must_use]
pub fn findings_with_numbers(
    partition: &Partition,
    numbers: &PlanNumbers,
    facts: &RuleFacts,
    verdict: &MacroVerdict,
    compression: Compression,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    not_visible(partition, facts, &mut findings);
    order(partition, numbers, &mut findings);
    findings.extend(program_below(partition, numbers));
    tiny_layers(partition, numbers, &mut findings);
    duplicate_files(partition, numbers, verdict, &mut findings);
    let advice = |code, message, labels| Finding { severity: Severity::Advice, code, message, labels, fix: None };
    if compression == Compression::None {
        findings.push(advice(
            "uncompressed_layers",
            format!(
                "Layers are stored uncompressed, so a first pull is {}: give the tars `extension = \"tar.gz\"` or a compressor",
                numbers.totals.first_pull
            ),
            Vec::new(),
        ));
    }
    let names_binary = matches!(verdict.class, MacroClass::RepeatsEverything | MacroClass::DoesNotBuild);
    if names_binary && facts.sister_apps > 0 {
        findings.push(advice(
            "root_per_binary",
            format!(
                "The macro puts files below `<binary>.runfiles/`, so equal dependencies have other bytes in each of its {} apps and no layer is shared: one common root would share them",
                facts.sister_apps + 1
            ),
            Vec::new(),
        ));
    }
    findings.extend(facts.unsteady_tars.iter().map(|(label, reason)| {
        let message = format!("{label} can be another tar at every build, which re-pulls an unchanged layer: {reason}");
        advice("not_reproducible_tar", message, vec![label.clone()])
    }));
    findings
}

fn not_visible(partition: &Partition, facts: &RuleFacts, findings: &mut Vec<Finding>) {
    for layer in &partition.layers {
        for label in layer.targets.iter().filter(|label| facts.hidden.contains(label)) {
            findings.push(Finding {
                severity: Severity::Problem,
                code: "not_visible",
                message: format!(
                    "Layer `{}` names {label}, which is not visible to the app's package: add that package to its `visibility`",
                    layer.name
                ),
                labels: vec![label.clone()],
                fix: None,
            });
        }
    }
}

/// Finds neighbours where the lower one makes clients that fetch all above a change fetch the upper one again. Layers
/// that hold what others need can't be swapped without moving files.
fn order(partition: &Partition, numbers: &PlanNumbers, findings: &mut Vec<Finding>) {
    if numbers.deploys == 0 {
        return;
    }
    let cost = |layers: &[_]| {
        totals(layers, numbers.deploys, PullProfile::Chain).repull_per_deploy.map_or(ByteCount::ZERO, |mean| mean.bytes)
    };
    let present = cost(&numbers.layers);
    for (lower, pair) in partition.layers.windows(2).enumerate() {
        let [below, above] = pair else { continue };
        let are_groups = [below, above].iter().all(|layer| matches!(layer.kind, LayerKind::Dependency(_)));
        if !are_groups || !above.claimed_below.is_empty() || above.items.is_empty() || below.items.is_empty() {
            continue;
        }
        let mut swapped = numbers.layers.clone();
        swapped.swap(lower, lower + 1);
        let saved = present - cost(&swapped);
        if saved.times(100) >= present.times(ORDER_GAIN_PERCENT) && saved > BYTES_PER_REQUEST {
            findings.push(Finding {
                severity: Severity::Advice,
                code: "order",
                message: format!(
                    "Layer `{}` changes more than `{}` for its bytes and stands below it: the other way round saves {saved} per deploy where clients fetch all above a change",
                    below.name, above.name
                ),
                labels: Vec::new(),
                fix: lower_by_one(partition, below, above),
            });
        }
    }
}

/// Finds groups that save less than one request: their bytes, and what merging them upwards would re-pull, are both
/// below [`BYTES_PER_REQUEST`]. Needs history.
fn tiny_layers(partition: &Partition, numbers: &PlanNumbers, findings: &mut Vec<Finding>) {
    let figures = numbers.layers.windows(2).zip(partition.layers.windows(2));
    for (pair, layers) in figures {
        let ([small, above], [layer, next]) = (pair, layers) else { continue };
        let is_group = matches!(layer.kind, LayerKind::Dependency(_)) && !layer.items.is_empty();
        if !is_group || small.size.compressed_bytes >= BYTES_PER_REQUEST || numbers.deploys == 0 {
            continue;
        }
        let mut both = small.row.clone();
        both.merge(&above.row);
        let more =
            |layer: &LayerNumbers| layer.size.compressed_bytes.times(both.count().saturating_sub(layer.row.count()));
        let merged = (more(small) + more(above)).scaled(1, numbers.deploys);
        if merged < BYTES_PER_REQUEST {
            findings.push(Finding {
                severity: Severity::Advice,
                code: "tiny_layer",
                message: format!(
                    "Layer `{}` has {} and saves {merged} per deploy over being part of `{}`: less than the request for it costs",
                    layer.name, small.size.compressed_bytes, next.name
                ),
                labels: layer.targets.clone(),
                fix: merge_upwards(layer, next),
            });
        }
    }
}

fn lower_by_one(partition: &Partition, below: &LayerContents, above: &LayerContents) -> Option<Fix> {
    let LayerKind::Dependency(layer) = above.kind else { return None };
    let mut groups = partition.layers.iter().filter(|layer| matches!(layer.kind, LayerKind::Dependency(_)));
    let position = groups.position(|group| group.kind == below.kind)?;
    Some(Fix {
        words: format!("Put layer {} below {}", above.name, below.name),
        operation: Operation::Reorder { layer, position },
    })
}

fn merge_upwards(layer: &LayerContents, above: &LayerContents) -> Option<Fix> {
    let LayerKind::Dependency(from) = layer.kind else { return None };
    Some(match above.kind {
        LayerKind::Dependency(into) => Fix {
            words: format!("Merge layer {} into {}", layer.name, above.name),
            operation: Operation::Merge { into, from },
        },
        _ => remove_layer(from, &layer.name),
    })
}

fn duplicate_files(partition: &Partition, numbers: &PlanNumbers, verdict: &MacroVerdict, findings: &mut Vec<Finding>) {
    if verdict.class != MacroClass::RepeatsEverything {
        return;
    }
    let groups = partition.layers.iter().zip(&numbers.layers);
    let twice: ByteCount = groups
        .filter(|(layer, _)| matches!(layer.kind, LayerKind::Dependency(_)))
        .map(|(_, figures)| figures.size.compressed_bytes)
        .sum();
    if twice > ByteCount::ZERO {
        findings.push(Finding {
            severity: Severity::Problem,
            code: "duplicate_files",
            message: format!(
                "{twice} of files are in a group and again in the app layer: both are pushed and pulled; layer rules that partition hold each file once"
            ),
            labels: Vec::new(),
            fix: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::item_set::{ItemId, ItemSet};
    use crate::history::model::ChangeRow;
    use crate::layers::plan::LayerId;
    use crate::size::model::{Provenance, Size};
    use crate::workspace::fixture;

    fn label(text: &str) -> Label {
        Label::parse_absolute(text).unwrap()
    }

    /// Layers from the bottom: name, bytes, commits that change it. The last one is the app.
    fn design(layers: &[(&str, u64, &[usize])]) -> (Partition, PlanNumbers) {
        let mut contents = Vec::new();
        let mut numbers = Vec::new();
        let mut whole = ChangeRow::default();
        for (index, (name, bytes, changes)) in (0_u32..).zip(layers) {
            let is_app = index as usize + 1 == layers.len();
            let mut items = ItemSet::default();
            items.insert(ItemId(index));
            contents.push(LayerContents {
                kind: if is_app { LayerKind::App } else { LayerKind::Dependency(LayerId(index)) },
                name: (*name).to_owned(),
                targets: vec![label(&format!("//libs:{name}"))],
                items,
                claimed_below: ItemSet::default(),
                outside: Vec::new(),
            });
            let mut row = ChangeRow::default();
            changes.iter().for_each(|commit| row.set(*commit));
            whole.merge(&row);
            let bytes = ByteCount(*bytes);
            let size = Size::exactly(bytes, bytes, Provenance::Listed);
            numbers.push(LayerNumbers { size, row });
        }
        let deploys = whole.count();
        let totals = totals(&numbers, deploys, PullProfile::Keep);
        (Partition { layers: contents }, PlanNumbers { layers: numbers, totals, single_layer: totals, deploys })
    }

    fn codes(
        layers: &[(&str, u64, &[usize])],
        facts: &RuleFacts,
        class: MacroClass,
        compression: Compression,
    ) -> Vec<&'static str> {
        let (partition, numbers) = design(layers);
        let verdict = MacroVerdict { class, sentence: String::new() };
        let findings = findings_with_numbers(&partition, &numbers, facts, &verdict, compression);
        findings.iter().map(|finding| finding.code).collect()
    }

    const GOOD: [(&str, u64, &[usize]); 3] =
        [("cold", 30_000_000, &[0]), ("warm", 5_000_000, &[1, 2]), ("app", 10_000, &[3, 4, 5, 6])];

    fn check(layers: &[(&str, u64, &[usize])], expected: &[&str]) {
        let found = codes(layers, &RuleFacts::default(), MacroClass::Partitions, Compression::Gzip);
        assert_eq!(found, expected, "{layers:?}");
    }

    #[test]
    fn a_good_design_has_no_findings() {
        check(&GOOD, &[]);
    }

    #[test]
    fn order() {
        check(&[("hot", 1_000_000, &[0, 1, 2, 3, 4]), ("cold", 30_000_000, &[5]), ("app", 10_000, &[6])], &["order"]);
        let (mut partition, numbers) =
            design(&[("hot", 1_000_000, &[0, 1, 2]), ("cold", 30_000_000, &[5]), ("app", 10_000, &[6])]);
        // What the upper layer needs lies in the lower one: a swap would move it.
        partition.layers[1].claimed_below.insert(ItemId(0));
        let mut found = Vec::new();
        crate::advice::findings::order(&partition, &numbers, &mut found);
        assert_eq!(found, []);
    }

    #[test]
    fn the_program_below_its_packages_is_said_with_what_the_other_order_saves() {
        let (mut partition, mut numbers) = design(&GOOD);
        assert_eq!(program_below(&partition, &numbers), None);
        // By name, as buildifier sorts the list: the program is the lowest.
        partition.layers.rotate_right(1);
        numbers.layers.rotate_right(1);
        let finding = program_below(&partition, &numbers).unwrap();
        // Four of seven deploys change the program: each pulls the 35 MB above it, and so do those of the layer between.
        assert!(
            finding.message.contains("`app` changes with 4 of 7 deploys and is below `cold`, `warm`"),
            "{finding:?}"
        );
        assert!(finding.message.ends_with("saves 20.0 MB per deploy on classic Docker"), "{finding:?}");
    }

    #[test]
    fn tiny_layer() {
        check(&[("cold", 30_000_000, &[0]), ("bits", 3_000, &[1]), ("app", 10_000, &[2, 3])], &["tiny_layer"]);
        // Small, but it keeps a large layer from being fetched again.
        check(&[("bits", 3_000, &[1, 2, 3]), ("app", 30_000_000, &[0])], &[]);
    }

    #[test]
    fn fixes_move_and_merge() {
        let fix = |layers: &[(&str, u64, &[usize])]| {
            let (partition, numbers) = design(layers);
            let verdict = MacroVerdict { class: MacroClass::Partitions, sentence: String::new() };
            let findings =
                findings_with_numbers(&partition, &numbers, &RuleFacts::default(), &verdict, Compression::Gzip);
            findings.into_iter().find_map(|finding| finding.fix).unwrap()
        };
        let order = fix(&[("hot", 1_000_000, &[0, 1, 2, 3, 4]), ("cold", 30_000_000, &[5]), ("app", 10_000, &[6])]);
        assert_eq!(order.words, "Put layer cold below hot");
        assert_eq!(order.operation, Operation::Reorder { layer: LayerId(1), position: 0 });
        let last = fix(&[("cold", 30_000_000, &[0]), ("bits", 3_000, &[1]), ("app", 10_000, &[2, 3])]);
        assert_eq!(last.operation, Operation::Remove { layer: LayerId(1) });
        let merge = fix(&[("bits", 3_000, &[1]), ("warm", 40_000, &[1]), ("app", 10_000, &[2, 3])]);
        assert_eq!(merge.operation, Operation::Merge { into: LayerId(1), from: LayerId(0) });
    }

    #[test]
    fn not_visible() {
        let facts = RuleFacts { hidden: BTreeSet::from([label("//libs:warm")]), ..RuleFacts::default() };
        assert_eq!(codes(&GOOD, &facts, MacroClass::Partitions, Compression::Gzip), ["not_visible"]);
    }

    #[test]
    fn uncompressed_layers() {
        let found = codes(&GOOD, &RuleFacts::default(), MacroClass::Partitions, Compression::None);
        assert_eq!(found, ["uncompressed_layers"]);
    }

    #[test]
    fn duplicate_files_and_root_per_binary() {
        let facts = RuleFacts { sister_apps: 2, ..RuleFacts::default() };
        let found = codes(&GOOD, &facts, MacroClass::RepeatsEverything, Compression::Gzip);
        assert_eq!(found, ["duplicate_files", "root_per_binary"]);
        assert_eq!(codes(&GOOD, &facts, MacroClass::Partitions, Compression::Gzip), [""; 0]);
    }

    #[test]
    fn not_reproducible_tar() {
        let mut workspace = fixture::workspace("//a\n genrule tar outs=a.tar");
        let made = workspace.packages.get_mut("a").unwrap().targets.get_mut("tar").unwrap();
        let mut check = |kind: &str, attribute: &str, value: Value, is_unsteady: bool| {
            kind.clone_into(&mut made.kind);
            made.attributes = [(attribute.to_owned(), value)].into();
            assert_eq!(unsteady(made).is_some(), is_unsteady, "{kind} {attribute}");
        };
        let text = |text: &str| Value::String(text.to_owned());
        check("genrule", "cmd", text("tar -cf $@ $(SRCS)"), true);
        check("genrule", "cmd", text("tar --sort=name --mtime=@0 -cf $@ $(SRCS)"), false);
        check("genrule", "cmd", text("tar -xf $(SRCS)"), false);
        check("pkg_tar", "stamp", Value::Int(1), true);
        check("pkg_tar", "portable_mtime", Value::Bool(false), true);
        check("pkg_tar", "stamp", Value::Int(0), false);
        let facts = RuleFacts { unsteady_tars: vec![(label("//a:tar"), String::new())], ..RuleFacts::default() };
        assert_eq!(codes(&GOOD, &facts, MacroClass::Partitions, Compression::Gzip), ["not_reproducible_tar"]);
    }
}
