//! A report as one HTML page: no script, no external content, light, dark and print.

use crate::byte_count::ByteCount;
use crate::commands::report::colours::{css, in_page, layer_class};
use crate::commands::report::content::{LayerEvidence, MARK, Report, Way};
use crate::commands::report::prose::{Run, runs};
use crate::counted::counted;
use crate::engine::reports::figures::{how_known, percent, saving_words};
use crate::engine::reports::pictures::FIXED_LAYERS;
use crate::engine::reports::savings::Savings;
use crate::engine::reports::unit_sources::UnitKind;
use crate::engine::reports::units::UnitRow;
use crate::history::cost::Totals;
use crate::history::saving::Saving;
use crate::layers::findings::Severity;
use crate::picture::stack::{PicturedLayer, StackFrame, StackPicture, least_height};
use crate::picture::svg::escaped;
use crate::picture::theme::LIGHT;
use crate::size::known_bytes::{KnownBytes, SumOfKnown};

/// Width of a picture of layers.
const STACK_WIDTH: f32 = 460.0;
/// Least height of the tallest, and the part beyond what its layers need to be readable.
const LEAST_ROOM: f32 = 380.0;
const TO_SCALE: f32 = 100.0;

pub(super) fn page(report: &Report) -> String {
    let title = format!("Layers of {}", report.app);
    let sections = [
        header(report),
        totals(report),
        layers(report),
        replayed(report),
        findings(report),
        evidence(report),
        made(report),
        plan_file(report),
    ];
    format!(
        "<!doctype html>\n<!-- {MARK} -->\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"generator\" content=\"Layerwright {}\">\n<title>{}</title>\n<style>\n{}{}</style>\n</head>\n\
         <body>\n<main>\n{}</main>\n<footer>Made by Layerwright {}</footer>\n</body>\n</html>\n",
        env!("CARGO_PKG_VERSION"),
        escaped(&title),
        css(),
        include_str!("report.css"),
        sections.concat(),
        env!("CARGO_PKG_VERSION"),
    )
}

/// Labels and names become code.
fn sentence(text: &str) -> String {
    runs(text)
        .into_iter()
        .map(|run| match run {
            // A figure and its sign stay on one line.
            Run::Words(words) => escaped(words).replace(" %", "&nbsp;%"),
            Run::Code(code) => format!("<code>{}</code>", escaped(code)),
        })
        .collect()
}

fn section(class: &str, title: &str, body: &str) -> String {
    format!("<section class=\"{class}\">\n<h2>{}</h2>\n{body}</section>\n", escaped(title))
}

fn header(report: &Report) -> String {
    let facts: String = report.facts.iter().map(|fact| format!("<li>{}</li>", escaped(fact))).collect();
    let workspace =
        if report.workspace.is_empty() { String::new() } else { format!(" · {}", escaped(&report.workspace)) };
    let class = if report.numbers_hold { "good" } else { "warning" };
    let suggestion: String =
        report.suggestion.iter().take(1).map(|line| format!("<p>{}</p>\n", sentence(line))).collect();
    format!(
        "<header>\n<p class=\"kicker\">Layer report{workspace}</p>\n<h1>{}</h1>\n<ul class=\"facts\">{facts}</ul>\n\
         <p class=\"headline\">{}</p>\n<p class=\"callout {class}\">{}.{}</p>\n{suggestion}</header>\n",
        escaped(&report.app),
        sentence(&report.headline),
        sentence(report.macro_sentence.trim_end_matches('.')),
        if report.numbers_hold { " The figures apply." } else { " These savings need Layerwright's layer rules." },
    )
}

fn totals(report: &Report) -> String {
    let subject = report.subject();
    let (per_deploy, first_pull) = match (subject, report.numbers_hold) {
        (Way::Today, _) => ("A deploy pulls", "A first pull takes"),
        (_, true) => ("A deploy would pull", "A first pull would take"),
        (_, false) => {
            ("With Layerwright's rules, a deploy would pull", "With Layerwright's rules, a first pull would take")
        }
    };
    let tiles = [
        tile(report, per_deploy, |totals| totals.repull_per_deploy, |savings| savings.per_deploy),
        tile(report, first_pull, |totals| Some(totals.first_pull), |savings| savings.first_pull),
    ];
    let head: String = report.totals.iter().map(|(way, _)| format!("<th scope=\"col\">{}</th>", way.name())).collect();
    let rows = [
        figures(report, "First pull", |totals| Some(totals.first_pull)),
        figures(report, "Pulled per deploy", |totals| totals.repull_per_deploy),
        figures(report, "Unpacked per deploy", |totals| totals.unpack_per_deploy),
    ];
    let meanings: String = report
        .totals
        .iter()
        .map(|(way, _)| format!("<li><b>{}</b>: {}</li>", way.name(), escaped(way.meaning())))
        .collect();
    format!(
        "<section class=\"totals\">\n<div class=\"tiles\">\n{}</div>\n<div class=\"scroll\"><table>\n\
         <thead><tr><td></td>{head}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n<ul class=\"legend\">{meanings}</ul>\n</section>\n",
        tiles.concat(),
        rows.concat()
    )
}

fn tile(
    report: &Report,
    caption: &str,
    of_totals: fn(&Totals) -> Option<KnownBytes>,
    saving: fn(&Savings) -> Saving,
) -> String {
    let of = |way: Way| report.totals(way).and_then(of_totals);
    let (value, note) = match (of(report.subject()), of(report.measure())) {
        (Some(after), Some(before)) => {
            (figure(&after), comparison(report, &before, report.savings.as_ref().map(saving)))
        }
        (Some(after), None) => (figure(&after), String::new()),
        (None, _) => ("not known".to_owned(), "no commit in the history changes this app".to_owned()),
    };
    format!(
        "<div class=\"tile\"><p class=\"caption\">{caption}</p><p class=\"figure\">{value}</p><p class=\"note\">{note}</p></div>\n"
    )
}

/// The saving and the figure that it compares with. Green only if the macro in use builds it.
fn comparison(report: &Report, before: &KnownBytes, saving: Option<Saving>) -> String {
    let class = match saving {
        Some(Saving::Known { least: 1.., .. }) if report.numbers_hold => "good",
        Some(Saving::Known { most: ..=-1, .. }) => "bad",
        _ => "plain",
    };
    let change = saving.as_ref().map_or_else(String::new, saving_words);
    let what = if report.measure() == Way::OneLayer { "in one layer" } else { "now" };
    format!("<span class=\"chip {class}\">{}</span> {} {what}", escaped(&change), figure(before))
}

fn figures(report: &Report, title: &str, of_totals: fn(&Totals) -> Option<KnownBytes>) -> String {
    let subject = report.subject();
    let cell = |(way, totals): &(Way, Totals)| {
        let bytes = of_totals(totals).as_ref().map_or_else(|| "not known".to_owned(), figure);
        format!("<td{}>{bytes}</td>", if *way == subject { " class=\"strong\"" } else { "" })
    };
    let cells: String = report.totals.iter().map(cell).collect();
    format!("<tr><th scope=\"row\">{title}</th>{cells}</tr>\n")
}

/// A figure: quieter with its range on hover where it is typical, hatched where nothing says it, with what is missing in it.
fn figure(of: &KnownBytes) -> String {
    let class = match (of.is_unknown(), of.is_typical()) {
        (true, _) => "unknown",
        (false, true) => "typical",
        (false, false) => return missing(of.to_string(), of),
    };
    let range = of.range_words().map(|range| format!(": {range}")).unwrap_or_default();
    let title = format!("{}{range}", how_known(of.provenance));
    missing(format!("<span class=\"{class}\" title=\"{}\">{of}</span>", escaped(&title)), of)
}

fn missing(figure: String, of: &KnownBytes) -> String {
    match of.is_unknown() || of.unknown.is_empty() {
        true => figure,
        false => format!("{figure} <small class=\"unknown\">+ {}</small>", of.unknown),
    }
}

/// The compared layouts, to one scale.
fn layers(report: &Report) -> String {
    let stored = |layers: &[PicturedLayer]| layers.iter().map(|layer| layer.stored).collect::<SumOfKnown>().total();
    let shown: Vec<(&str, &[PicturedLayer])> = if !report.is_today {
        vec![("Current", report.today.as_slice()), ("Plan", report.plan.as_slice())]
    } else if report.layers.len() > 1 {
        vec![("One layer", report.one_layer.as_slice()), ("Current", report.today.as_slice())]
    } else {
        vec![("Current", report.today.as_slice())]
    };
    let most = shown.iter().map(|(_, layers)| stored(layers).bytes).max().unwrap_or_default().0.max(1);
    // Without room beyond the readable minimum no layer would be to scale.
    let room = shown.iter().map(|(_, layers)| least_height(layers) + TO_SCALE).fold(LEAST_ROOM, f32::max);
    let figure = |(title, layers): &(&str, &[PicturedLayer])| {
        let sum = stored(layers);
        let picture = StackPicture {
            title: (*title).to_owned(),
            caption: sum.with_missing(),
            frame: StackFrame { width: STACK_WIDTH, layers: room * (sum.bytes.0 as f64 / most as f64) as f32 },
            layers: layers.to_vec(),
            fixed: FIXED_LAYERS.map(str::to_owned).to_vec(),
            columns: Vec::new(),
            totals: Vec::new(),
        };
        format!("<figure>\n{}</figure>\n", in_page(&picture.svg(&LIGHT)))
    };
    let figures: String = shown.iter().map(figure).collect();
    let note = "Heights show stored bytes; layers too small to read are drawn taller. The app is on top.";
    section("layers", "Layers", &format!("<div class=\"stacks\">\n{figures}</div>\n<p class=\"hint\">{note}</p>\n"))
}

fn replayed(report: &Report) -> String {
    let Some(picture) = &report.replay else {
        return section("replay", "Replay", "<p>Nothing to replay: no commit in the history changes this app.</p>\n");
    };
    let row = |(way, sum): &(Way, ByteCount)| {
        let against = escaped(&report.saved_of_one_layer(*way));
        let strong = if *way == report.subject() { " class=\"strong\"" } else { "" };
        format!(
            "<tr{strong}><th scope=\"row\">{}</th><td>{sum}</td><td>{against}</td><td class=\"words\">{}</td></tr>\n",
            way.name(),
            escaped(way.meaning())
        )
    };
    let rows: String = report.replayed.iter().map(row).collect();
    let deploys = counted(report.deploys, "deploy");
    let body = format!(
        "<p class=\"hint\">Bytes that a node would have pulled over {deploys}, and below which deploys replaced which layer.</p>\n\
         <figure class=\"scroll chart\">\n{}\n</figure>\n<div class=\"scroll\"><table>\n\
         <thead><tr><td></td><th scope=\"col\">Total</th><th scope=\"col\">Vs. one layer</th><td></td></tr></thead>\n\
         <tbody>\n{rows}</tbody></table></div>\n",
        in_page(&picture.svg(&LIGHT))
    );
    section("replay", "Replay", &body)
}

fn findings(report: &Report) -> String {
    if report.findings.is_empty() {
        return section("findings", "Findings", "<p>No problems found.</p>\n");
    }
    let item = |finding: &crate::layers::findings::Finding| {
        let (class, word) = match finding.severity {
            Severity::Problem => ("bad", "Problem"),
            Severity::Advice => ("plain", "Advice"),
        };
        format!(
            "<li><span class=\"chip {class}\">{word}</span><div>{} <span class=\"code\">{}</span></div></li>\n",
            sentence(&finding.message),
            escaped(finding.code)
        )
    };
    let mut sorted: Vec<_> = report.findings.iter().collect();
    sorted.sort_by_key(|finding| finding.severity);
    let items: String = sorted.into_iter().map(item).collect();
    section("findings", "Findings", &format!("<ul class=\"findings\">\n{items}</ul>\n"))
}

fn evidence(report: &Report) -> String {
    let layers: String = report.layers.iter().map(|layer| layer_evidence(report, layer)).collect();
    let hint = "What each layer contains, largest first. A layer's bytes include directories.";
    section("evidence", "Evidence", &format!("<p class=\"hint\">{hint}</p>\n{layers}"))
}

fn layer_evidence(report: &Report, layer: &LayerEvidence) -> String {
    let rows: String = layer.units.iter().map(|unit| unit_row(report, unit)).collect();
    format!(
        "<details open class=\"{}\">\n<summary><b>{}</b> <span>{}</span> <span>{} ({})</span> <span>{}</span></summary>\n\
         <div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">Unit</th><th scope=\"col\">Kind</th>\
         <th scope=\"col\">Stored</th><th scope=\"col\">Tar</th><th scope=\"col\">Source</th><th scope=\"col\">Changed</th></tr></thead>\n\
         <tbody>\n{rows}</tbody></table></div>\n</details>\n",
        layer_class(layer.kind),
        escaped(&layer.name),
        escaped(&layer.holds),
        figure(&layer.size.stored()),
        layer.size.provenance.as_str(),
        replaced(layer.changes, report.deploys),
    )
}

fn replaced(changes: u64, deploys: u64) -> String {
    if deploys == 0 {
        "unknown how often it is replaced".to_owned()
    } else {
        format!("replaced by {changes} of {deploys} deploys")
    }
}

fn unit_row(report: &Report, unit: &UnitRow) -> String {
    let kind = match &unit.kind {
        UnitKind::Package { version } => format!("package {version}"),
        kind => kind.as_str().to_owned(),
    };
    format!(
        "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        escaped(&unit.label.to_string()),
        escaped(&kind),
        figure(&unit.size.stored()),
        figure(&unit.size.tar()),
        unit.size.provenance.as_str(),
        times(unit.changes, report.deploys)
    )
}

fn times(changes: u64, deploys: u64) -> String {
    if deploys == 0 { "not known".to_owned() } else { format!("{changes} of {deploys}") }
}

fn made(report: &Report) -> String {
    let whole: ByteCount = report.provenance.iter().map(|(_, bytes)| *bytes).sum();
    let sizes: String = report
        .provenance
        .iter()
        .map(|(kind, bytes)| {
            format!(
                "<li><b>{}</b> of the bytes. {}.</li>",
                escaped(&percent(bytes.0, whole.0)),
                escaped(how_known(*kind))
            )
        })
        .collect();
    let items = |lines: &[String]| lines.iter().map(|line| format!("<li>{}</li>", sentence(line))).collect::<String>();
    let notes = if report.notes.is_empty() {
        String::new()
    } else {
        format!("<h3>Notes</h3>\n<ul>{}</ul>\n", items(&report.notes))
    };
    let suggestion = if report.suggestion.is_empty() {
        String::new()
    } else {
        format!("<h3>The suggestion</h3>\n<ul>{}</ul>\n", items(&report.suggestion))
    };
    let body = format!("<ul>{}</ul>\n<h3>Sizes</h3>\n<ul>{sizes}</ul>\n{suggestion}{notes}", items(&report.made));
    section("made", "How the numbers are made", &body)
}

fn plan_file(report: &Report) -> String {
    let Some(text) = &report.plan_file else { return String::new() };
    let body = format!(
        "<p>Save it as <code>plan.toml</code> and run <code>layerwright apply . --app {} --plan plan.toml</code>.</p>\n<pre>{}</pre>\n",
        escaped(&report.app),
        escaped(text.trim_end())
    );
    section("plan", "The plan", &body)
}
