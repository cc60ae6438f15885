//! The content of a report, before it is HTML or Markdown.

use crate::byte_count::ByteCount;
use crate::commands::advice::advice_lines;
use crate::commands::open::Opened;
use crate::counted::counted;
use crate::engine::advice::advice_words::capitalised;
use crate::engine::advice::advise::Advice;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::choices::Choices;
use crate::engine::kept::plan_files::print_plan;
use crate::engine::reports::figures::{saving_not_known, saving_words};
use crate::engine::reports::pictures::{holds, one_layer, replay_picture, stack_layers};
use crate::engine::reports::replay_series::{Designs, ReplaySeries, replay_series};
use crate::engine::reports::savings::{Layers, Savings, saving_over_all, savings};
use crate::engine::reports::units::{UnitRow, units};
use crate::history::cost::Totals;
use crate::history::date::date;
use crate::history::model::{Commit, History};
use crate::history::saving::Saving;
use crate::layers::findings::Finding;
use crate::layers::partition::LayerKind;
use crate::layers::plan::Plan;
use crate::picture::replay::ReplayPicture;
use crate::picture::stack::PicturedLayer;
use crate::rule_sets::dep_layers::macro_class::MacroClass;
use crate::size::model::{Provenance, Size};

/// In the first bytes of every report, so that it may be overwritten.
pub(super) const MARK: &str = "Layerwright layer report";

#[derive(Debug)]
pub(super) enum PlanOrigin {
    Present,
    File(String),
    Suggested(Box<Advice>),
}

/// A layout of the same contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    OneLayer,
    Today,
    Plan,
    Floor,
}

impl Way {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::OneLayer => "One layer",
            Self::Today => "Current",
            Self::Plan => "Plan",
            Self::Floor => "Theoretical minimum",
        }
    }

    pub(super) fn meaning(self) -> &'static str {
        match self {
            Self::OneLayer => "everything in one layer; each deploy pulls all of it",
            Self::Today => "the layers that the BUILD files give today",
            Self::Plan => "the plan of this report",
            Self::Floor => "only the changed files and packages; no layering can pull less",
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct LayerEvidence {
    pub(super) kind: LayerKind,
    pub(super) name: String,
    pub(super) holds: String,
    pub(super) size: Size,
    pub(super) changes: u64,
    /// Largest first.
    pub(super) units: Vec<UnitRow>,
}

#[derive(Clone, Debug)]
pub(super) struct Report {
    pub(super) app: String,
    /// The folder's name only.
    pub(super) workspace: String,
    /// Platform, pull profile and history.
    pub(super) facts: Vec<String>,
    pub(super) headline: String,
    /// The macro in use builds what is planned.
    pub(super) numbers_hold: bool,
    pub(super) macro_sentence: String,
    /// Only if a suggestion was requested.
    pub(super) suggestion: Vec<String>,
    /// The plan is the current one, and the macro builds it.
    pub(super) is_today: bool,
    pub(super) totals: Vec<(Way, Totals)>,
    /// What the subject saves against what it is compared with; `None` where that is not known.
    pub(super) savings: Option<Savings>,
    /// Per way what it saves over all deploys against one layer.
    pub(super) against_one_layer: Vec<(Way, Saving)>,
    pub(super) deploys: u64,
    /// Layers topmost first.
    pub(super) one_layer: Vec<PicturedLayer>,
    pub(super) today: Vec<PicturedLayer>,
    pub(super) plan: Vec<PicturedLayer>,
    /// `None` if nothing was deployed.
    pub(super) replay: Option<ReplayPicture>,
    /// Sums over all deploys.
    pub(super) replayed: Vec<(Way, ByteCount)>,
    pub(super) findings: Vec<Finding>,
    /// Topmost first.
    pub(super) layers: Vec<LayerEvidence>,
    /// Bytes of the image by provenance.
    pub(super) provenance: Vec<(Provenance, ByteCount)>,
    /// How the numbers are made, one sentence each.
    pub(super) made: Vec<String>,
    pub(super) notes: Vec<String>,
    /// The plan as a file, if it differs from the BUILD file.
    pub(super) plan_file: Option<String>,
}

impl Report {
    pub(super) fn new(opened: &Opened, plan: &Plan, origin: &PlanOrigin) -> Self {
        let Opened { workspace, history, model, choices } = opened;
        let evaluation = model.evaluate(plan, choices);
        let today = model.evaluate_current(choices);
        let numbers_hold = model.verdict.class == MacroClass::Partitions || model.divides();
        let is_today = today.as_ref().is_some_and(|today| today.partition == evaluation.partition);
        let mut totals = vec![(Way::OneLayer, evaluation.numbers.single_layer)];
        totals.extend(today.as_ref().map(|today| (Way::Today, today.numbers.totals)));
        if !is_today {
            totals.push((Way::Plan, evaluation.numbers.totals));
        }
        let before = if is_today { None } else { today.as_ref() };
        let compared = (is_today || today.is_some()).then(|| savings(model, before, &evaluation, choices.profile));
        let designs = Designs { model, current: today.as_ref(), plan: &evaluation, suggested: None };
        let series = replay_series(designs, choices.profile);
        let layers = evidence(model, &evaluation);
        let deploys = evaluation.numbers.deploys;
        let mut findings = evaluation.findings.clone();
        // The sentence stands above everything else.
        findings.retain(|finding| finding.message != model.verdict.sentence);
        Self {
            app: model.app.label.to_string(),
            workspace: workspace.root.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            facts: facts(history, choices, deploys),
            headline: headline(&totals, compared.as_ref().map(|savings| &savings.per_deploy), numbers_hold, is_today),
            against_one_layer: against_one_layer(model, today.as_ref(), (!is_today).then_some(&evaluation), choices),
            savings: compared,
            numbers_hold,
            macro_sentence: model.verdict.sentence.clone(),
            suggestion: match origin {
                PlanOrigin::Suggested(advice) => suggestion_lines(advice, choices),
                PlanOrigin::Present | PlanOrigin::File(_) => Vec::new(),
            },
            is_today,
            deploys,
            one_layer: one_layer(&evaluation),
            today: today.as_ref().map(|today| stack_layers(model, today)).unwrap_or_default(),
            plan: stack_layers(model, &evaluation),
            replayed: replayed(&series, is_today),
            replay: (!series.commits.is_empty()).then(|| {
                let title = format!("Pulled over {}", counted(deploys, "deploy"));
                replay_picture(
                    title,
                    "summed up; below, which deploys replaced which layer".to_owned(),
                    &series,
                    history,
                    !is_today,
                )
            }),
            findings,
            provenance: provenance(&layers),
            layers,
            made: made(model, history, choices, origin),
            notes: notes(model, compared.as_ref()),
            plan_file: (!plan.same_design(&model.on_disk)).then(|| print_plan(plan, model).ok()).flatten(),
            totals,
        }
    }

    pub(super) fn totals(&self, way: Way) -> Option<&Totals> {
        self.totals.iter().find(|(of, _)| *of == way).map(|(_, totals)| totals)
    }

    /// Returns what a way saves over all deploys against one layer, in words.
    pub(super) fn saved_of_one_layer(&self, way: Way) -> String {
        let saving = self.against_one_layer.iter().find(|(of, _)| *of == way);
        saving.map_or_else(String::new, |(_, saving)| saving_words(saving))
    }

    /// The reported layout.
    pub(super) fn subject(&self) -> Way {
        if self.is_today { Way::Today } else { Way::Plan }
    }

    /// The layout that it is compared with.
    pub(super) fn measure(&self) -> Way {
        if self.is_today { Way::OneLayer } else { Way::Today }
    }
}

fn against_one_layer(
    model: &AppModel,
    today: Option<&Evaluation>,
    plan: Option<&Evaluation>,
    choices: &Choices,
) -> Vec<(Way, Saving)> {
    let ways =
        [(Way::Today, today.map(Layers::Of)), (Way::Plan, plan.map(Layers::Of)), (Way::Floor, Some(Layers::Each))];
    let saving = |layers: Layers<'_>| saving_over_all(model, Layers::One, layers, choices.profile);
    ways.into_iter().filter_map(|(way, layers)| Some((way, saving(layers?)))).collect()
}

fn notes(model: &AppModel, savings: Option<&Savings>) -> Vec<String> {
    let unknown = model.layouts.current.as_ref().err();
    let unknown = unknown.map(|why| format!("The current layers are not known: {why}"));
    let no_percentage = savings.and_then(|savings| saving_not_known(&savings.per_deploy));
    unknown.into_iter().chain(no_percentage).chain(model.notes.iter().cloned()).collect()
}

/// The sentences of `plan --suggest`; names of layers stay as written.
fn suggestion_lines(advice: &Advice, choices: &Choices) -> Vec<String> {
    let names: Vec<&str> = advice.suggestion.groups.iter().map(|group| group.name.as_str()).collect();
    let sentence = |line: &String| match line.trim_start().split_once(": ") {
        Some((name, reason)) if names.contains(&name) => format!("`{name}`: {reason}"),
        _ => capitalised(line.trim_start()),
    };
    advice_lines(advice, choices).iter().map(sentence).collect()
}

fn headline(totals: &[(Way, Totals)], saving: Option<&Saving>, numbers_hold: bool, is_today: bool) -> String {
    let per_deploy =
        |way: Way| totals.iter().find(|(of, _)| *of == way).and_then(|(_, totals)| totals.repull_per_deploy);
    let difference = saving.map_or_else(String::new, saving_words);
    let Some(single) = per_deploy(Way::OneLayer) else {
        return "What a deploy pulls is unknown: no commit in the history changes this app.".to_owned();
    };
    let Some(today) = per_deploy(Way::Today) else {
        let planned = per_deploy(Way::Plan).unwrap_or(single);
        return format!("With this plan a deploy would pull {planned}. What it pulls today is not known.");
    };
    if is_today {
        return format!("A deploy pulls {today}; in one layer it would pull {single} ({difference}).");
    }
    let planned = per_deploy(Way::Plan).unwrap_or(today);
    if numbers_hold {
        format!("With this plan a deploy would pull {planned} instead of {today} ({difference}).")
    } else {
        format!(
            "A deploy currently pulls {today}. With Layerwright's layer rules, this plan would make it {planned} ({difference})."
        )
    }
}

fn facts(history: &History, choices: &Choices, deploys: u64) -> Vec<String> {
    let mut facts = vec![choices.platform.to_string(), choices.profile.runtime().to_owned()];
    let commits = counted(history.commits.len() as u64, if history.is_sample { "sample commit" } else { "commit" });
    match (history.commits.first(), history.commits.last()) {
        (Some(first), Some(last)) => {
            facts.push(format!("{} in {commits}", counted(deploys, "deploy")));
            let (from, to) = (date(first.time), date(last.time));
            facts.push(if from == to { from } else { format!("{from} to {to}") });
            facts.push(format!("at {}", short(last)));
        }
        _ => facts.push("no history".to_owned()),
    }
    facts
}

fn short(commit: &Commit) -> &str {
    commit.id.get(..10).unwrap_or(&commit.id)
}

/// The most important last.
fn ways(series: &ReplaySeries, is_today: bool) -> Vec<(Way, &[ByteCount])> {
    let mut ways =
        vec![(Way::OneLayer, series.single_layer.fetched.as_slice()), (Way::Floor, series.floor.fetched.as_slice())];
    ways.extend(series.current.as_ref().map(|current| (Way::Today, current.fetched.as_slice())));
    if !is_today {
        ways.push((Way::Plan, series.plan.fetched.as_slice()));
    }
    ways
}

fn replayed(series: &ReplaySeries, is_today: bool) -> Vec<(Way, ByteCount)> {
    let mut sums: Vec<(Way, ByteCount)> =
        ways(series, is_today).into_iter().map(|(way, bytes)| (way, bytes.iter().copied().sum())).collect();
    // The theoretical minimum comes last.
    sums.sort_by_key(|(way, _)| *way == Way::Floor);
    sums
}

/// Topmost first.
fn evidence(model: &AppModel, evaluation: &Evaluation) -> Vec<LayerEvidence> {
    let units = units(model, &evaluation.partition);
    let layers = evaluation.partition.layers.iter().zip(&evaluation.numbers.layers).rev();
    layers
        .map(|(layer, numbers)| LayerEvidence {
            kind: layer.kind,
            name: layer.name.clone(),
            holds: holds(&units, layer.kind),
            size: numbers.size,
            changes: numbers.row.count(),
            units: units.rows_of(layer.kind).to_vec(),
        })
        .collect()
}

fn provenance(layers: &[LayerEvidence]) -> Vec<(Provenance, ByteCount)> {
    let bytes = |kind: Provenance| {
        let units = layers.iter().flat_map(|layer| &layer.units).filter(|unit| unit.size.provenance == kind);
        units.map(|unit| unit.size.compressed_bytes).sum::<ByteCount>()
    };
    Provenance::ALL.into_iter().map(|kind| (kind, bytes(kind))).filter(|(_, bytes)| *bytes > ByteCount::ZERO).collect()
}

fn made(model: &AppModel, history: &History, choices: &Choices, origin: &PlanOrigin) -> Vec<String> {
    let mut made = vec![match origin {
        PlanOrigin::Present => "The plan is `dep_layers` in the BUILD file.".to_owned(),
        PlanOrigin::File(name) => format!("The plan is the file `{name}`."),
        PlanOrigin::Suggested(_) => {
            "The plan is Layerwright's suggestion if it saves enough, else `dep_layers`. Suggestions are tuned on the older half of the history and tested on the newer half.".to_owned()
        }
    }];
    made.push(
        "A layer contains what its targets need at run time, except what the layers below contain. Each file is in exactly one layer.".to_owned(),
    );
    made.push(format!("{}.", model.compression.sentence.trim_end_matches('.')));
    if history.is_sample {
        made.push("The history is a made-up sample.".to_owned());
    } else if !history.commits.is_empty() {
        made.push("Changes come from the repository's history: changed files for its own code, changed versions or wheels for packages.".to_owned());
        made.push(format!("Deploys: {}, with today's sizes and dependencies.", choices.cadence.meaning()));
    }
    made.push(format!("Bytes are counted as a runtime pulls them. {}.", choices.profile.meaning()));
    made.push("The base image and the CA certificates are not counted.".to_owned());
    made
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture;

    fn report(layer_rule: &str, plan: impl Fn(&Plan) -> Plan) -> Report {
        let choices = Choices::default();
        let (workspace, history) = (fixture::workspace(layer_rule), fixture::history());
        let model = AppModel::new(&workspace, &history, &workspace.apps[0], &choices).unwrap();
        let plan = plan(&model.on_disk);
        Report::new(&Opened { workspace, history, model, choices }, &plan, &PlanOrigin::Present)
    }

    fn without_groups(_: &Plan) -> Plan {
        Plan::default()
    }

    #[test]
    fn a_report_on_what_is_compares_with_one_layer() {
        let report = report("py_layers", Plan::clone);
        assert!(report.is_today && report.plan_file.is_none());
        assert_eq!(report.totals.iter().map(|(way, _)| *way).collect::<Vec<_>>(), [Way::OneLayer, Way::Today]);
        assert!(report.headline.starts_with("A deploy pulls "), "{}", report.headline);
        assert_eq!(report.layers.len(), 4);
        assert_eq!(report.layers[0].name, "app");
    }

    #[test]
    fn another_plan_is_compared_with_today() {
        let report = report("py_layers", without_groups);
        assert!(!report.is_today && report.plan_file.is_some());
        assert!(report.headline.starts_with("With this plan a deploy would pull "), "{}", report.headline);
        assert!(report.headline.contains(" more)"), "{}", report.headline);
    }

    #[test]
    fn a_saving_that_the_macro_would_not_give_is_never_the_first_thing_said() {
        let report = report("pkg_tar", Plan::clone);
        assert!(!report.numbers_hold && !report.is_today);
        assert!(report.headline.starts_with("A deploy currently pulls "), "{}", report.headline);
        assert!(report.headline.contains("With Layerwright's layer rules"), "{}", report.headline);
        assert!(report.findings.iter().all(|finding| finding.message != report.macro_sentence));
    }

    #[test]
    fn every_figure_is_one_of_the_plan_and_of_the_replay() {
        let report = report("py_layers", Plan::clone);
        let design = fixture::planned();
        let totals = design.evaluation.numbers.totals;
        assert_eq!(report.totals(Way::Today), Some(&totals));
        let (_, sum) = report.replayed.iter().find(|(way, _)| *way == Way::Today).unwrap();
        assert_eq!(Some(sum.scaled(1, report.deploys)), totals.repull_per_deploy.map(|mean| mean.bytes));
        let layers: Vec<Size> = report.layers.iter().rev().map(|layer| layer.size).collect();
        assert_eq!(layers, design.evaluation.numbers.layers.iter().map(|layer| layer.size).collect::<Vec<_>>());
    }
}
