//! A report as Markdown for a pull request on GitHub or GitLab: short, with the evidence folded away.

use crate::byte_count::ByteCount;
use crate::commands::report::content::{LayerEvidence, MARK, Report, Way};
use crate::commands::report::prose::{Run, runs};
use crate::counted::counted;
use crate::engine::reports::figures::{how_known, percent, saving_words};
use crate::engine::reports::savings::Savings;
use crate::engine::reports::unit_sources::UnitKind;
use crate::history::cost::Totals;
use crate::history::saving::Saving;
use crate::layers::findings::{Finding, Severity};
use crate::picture::stack::PicturedLayer;
use crate::size::known_bytes::KnownBytes;

const BAR: u64 = 24;

pub(super) fn document(report: &Report) -> String {
    // Both stacks have one scale.
    let most = report.today.iter().chain(&report.plan).map(|layer| layer.stored.bytes).max().unwrap_or_default();
    let sections = [
        head(report),
        totals(report),
        stack("Current layers", &report.today, most),
        if report.is_today { String::new() } else { stack("Layers of the plan", &report.plan, most) },
        replayed(report),
        findings(report),
        evidence(report),
        made(report),
        plan_file(report),
    ];
    format!("<!-- {MARK}, {} -->\n{}", env!("CARGO_PKG_VERSION"), sections.concat())
}

/// Escapes markup.
fn words(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' => {
                escaped.push('\\');
                escaped.push(character);
            }
            character if character.is_control() => escaped.push(' '),
            character => escaped.push(character),
        }
    }
    escaped
}

/// Inline code, also in a table's cell.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{}{space}{fence}", text.replace('|', "\\|"))
}

fn sentence(text: &str) -> String {
    runs(text)
        .into_iter()
        .map(|run| match run {
            Run::Words(text) => words(text),
            Run::Code(text) => code(text),
        })
        .collect()
}

/// A figure with what is missing in it and its range.
fn figure(of: &KnownBytes) -> String {
    let range = of.range_words().map(|range| format!(" ({range})")).unwrap_or_default();
    words(&format!("{}{range}", of.with_missing()))
}

fn head(report: &Report) -> String {
    let sign = if report.numbers_hold { "✔" } else { "⚠" };
    let hold = if report.numbers_hold { "The figures apply." } else { "These savings need Layerwright's layer rules." };
    format!(
        "## Layers of {}\n\n**{}**\n\n{sign} {}. {hold}\n\n<sub>{}</sub>\n\n",
        code(&report.app),
        sentence(&report.headline),
        sentence(report.macro_sentence.trim_end_matches('.')),
        words(&report.facts.join(" · "))
    )
}

fn totals(report: &Report) -> String {
    let ways: Vec<&str> = report.totals.iter().map(|(way, _)| way.name()).collect();
    let row = |title: &str, of_totals: fn(&Totals) -> Option<KnownBytes>, saving: fn(&Savings) -> Saving| {
        let cell = |totals: &Totals| of_totals(totals).as_ref().map_or_else(|| "not known".to_owned(), figure);
        let cells: Vec<String> = report.totals.iter().map(|(_, totals)| cell(totals)).collect();
        let difference = report.savings.as_ref().map_or_else(String::new, |savings| saving_words(&saving(savings)));
        format!("| {title} | {} | {difference} |\n", cells.join(" | "))
    };
    format!(
        "| | {} | vs. {} |\n|---|{}--:|\n{}{}{}\n",
        ways.join(" | "),
        report.measure().name().to_lowercase(),
        "--:|".repeat(ways.len()),
        row("First pull", |totals| Some(totals.first_pull), |savings| savings.first_pull),
        row("Pulled per deploy", |totals| totals.repull_per_deploy, |savings| savings.per_deploy),
        row("Unpacked per deploy", |totals| totals.unpack_per_deploy, |savings| savings.unpacked),
    )
}

fn stack(title: &str, layers: &[PicturedLayer], most: ByteCount) -> String {
    let row = |layer: &PicturedLayer| {
        let letters = usize::try_from(layer.stored.bytes.scaled(BAR, most.0).0.max(1)).unwrap_or(1);
        // Hatched: something of unknown size is in it.
        let unknown = if layer.stored.unknown.is_empty() { "" } else { "▨" };
        let (name, note) = (code(&layer.name), words(&layer.note));
        format!(
            "| {name} | {} | `{}{unknown}` | {} | {note} |
",
            figure(&layer.stored),
            "█".repeat(letters),
            layer.churn
        )
    };
    let rows: String = layers.iter().map(row).collect();
    format!("### {title}\n\n| layer, app on top | stored | | replaced by | contents |\n|---|--:|---|--:|---|\n{rows}\n")
}

fn replayed(report: &Report) -> String {
    if report.replay.is_none() {
        return String::new();
    }
    let row = |(way, sum): &(Way, ByteCount)| {
        let against = report.saved_of_one_layer(*way);
        format!("| {} | {sum} | {against} | {} |\n", way.name(), words(way.meaning()))
    };
    let rows: String = report.replayed.iter().map(row).collect();
    format!(
        "### Replay of {}\n\n| | total | vs. one layer | |\n|---|--:|--:|---|\n{rows}\n",
        counted(report.deploys, "deploy")
    )
}

fn findings(report: &Report) -> String {
    if report.findings.is_empty() {
        return String::new();
    }
    let line = |finding: &&Finding| {
        let word = match finding.severity {
            Severity::Problem => "**Problem**",
            Severity::Advice => "Advice",
        };
        format!("- {word}: {} ({})\n", sentence(&finding.message), code(finding.code))
    };
    let mut sorted: Vec<&Finding> = report.findings.iter().collect();
    sorted.sort_by_key(|finding| finding.severity);
    format!("### Findings\n\n{}\n", sorted.iter().map(line).collect::<String>())
}

/// GitHub wants empty lines around Markdown in HTML.
fn folded(title: &str, body: &str) -> String {
    format!("<details><summary>{title}</summary>\n\n{body}\n</details>\n\n")
}

fn evidence(report: &Report) -> String {
    let layers: String = report.layers.iter().map(|layer| layer_evidence(layer, report.deploys)).collect();
    folded("Evidence: what each layer holds", &layers)
}

fn layer_evidence(layer: &LayerEvidence, deploys: u64) -> String {
    let rows: String = layer
        .units
        .iter()
        .map(|unit| {
            let kind = match &unit.kind {
                UnitKind::Package { version } => format!("package {version}"),
                kind => kind.as_str().to_owned(),
            };
            let size = &unit.size;
            format!(
                "| {} | {} | {} | {} | {} |\n",
                code(&unit.label.to_string()),
                words(&kind),
                figure(&size.stored()),
                size.provenance.as_str(),
                times(unit.changes, deploys)
            )
        })
        .collect();
    format!(
        "#### {}: {} ({}), changed {}\n\n| unit | kind | stored | source | changed |\n|---|---|--:|---|--:|\n{rows}\n",
        code(&layer.name),
        figure(&layer.size.stored()),
        layer.size.provenance.as_str(),
        times(layer.changes, deploys)
    )
}

fn times(changes: u64, deploys: u64) -> String {
    if deploys == 0 { "not known".to_owned() } else { format!("{changes} of {deploys}") }
}

fn made(report: &Report) -> String {
    let whole: ByteCount = report.provenance.iter().map(|(_, bytes)| *bytes).sum();
    let shares = report
        .provenance
        .iter()
        .map(|(kind, bytes)| format!("- {} of the bytes. {}.\n", percent(bytes.0, whole.0), words(how_known(*kind))));
    let line = |line: &String| format!("- {}\n", sentence(line));
    let lines = report.made.iter().map(line).chain(shares);
    let lines = lines.chain(report.suggestion.iter().map(line)).chain(report.notes.iter().map(line));
    folded("How the numbers are made", &lines.collect::<String>())
}

fn plan_file(report: &Report) -> String {
    let Some(text) = &report.plan_file else { return String::new() };
    folded("The plan, for <code>layerwright apply --plan</code>", &format!("```toml\n{}\n```\n", text.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(words("a|b *c* <d>\n"), "a\\|b \\*c\\* \\<d\\> ");
        assert_eq!(code("@pypi//:a|b"), "`@pypi//:a\\|b`");
        assert_eq!(code("a``b`"), "``` a``b` ```");
        assert_eq!(sentence("Layer `pip` names @pypi//:x"), "Layer `pip` names `@pypi//:x`");
    }
}
