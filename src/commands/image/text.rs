//! An image as text. Control characters of the image are escaped, so that it can't steer a terminal.

use crate::built_image::compare::{Comparison, MatchedBy};
use crate::built_image::duplicates::{Copy, Duplicates};
use crate::built_image::model::{BuiltImage, BuiltLayer, EntryKind};
use crate::byte_count::ByteCount;
use crate::commands::columns::name_column;
use crate::commands::image::report::{Contents, Report, fetched};
use crate::commands::output::Lines;
use crate::engine::image::against_image::{Against, AgainstRow, error_permille};
use crate::history::cost::PullProfile;

const LISTED: usize = 5;
const WIDTH: usize = 100;

/// Layers are topmost first.
pub(super) fn text(report: &Report) -> String {
    let image = &report.image;
    let mut lines = Lines::default();
    let name = image.name.as_deref().map(|name| format!("{}  ", shown(name))).unwrap_or_default();
    let digest = image.digest.map(|digest| format!("  {digest}")).unwrap_or_default();
    lines.add(format_args!("{name}{}  {}{digest}", shown(&image.platform.to_string()), image.storage.as_str()));
    lines.add(format_args!(
        "{:>5} {:>10} {:>10} {:>8}  {:<5} {:<12}  made by",
        "layer", "stored", "tar", "files", "form", "sha256"
    ));
    for (position, layer) in image.layers.iter().enumerate().rev() {
        layer_line(&mut lines, position, layer);
    }
    let stored = image.layers.iter().map(|layer| layer.compressed_bytes).sum::<Option<ByteCount>>();
    match (stored, image.tar_bytes()) {
        (Some(stored), Some(tar)) => lines.add(format_args!("first pull {stored}, unpacked {tar}")),
        (Some(stored), None) => lines.add(format_args!("first pull {stored}")),
        (None, tar) => {
            lines.add(format_args!("unpacked {}; this archive doesn't say what is pulled", tar.unwrap_or_default()));
        }
    }
    if let Some(Contents { efficiency, duplicates }) = &report.contents {
        lines.add(format_args!(
            "efficiency {:.1} % (as dive counts): {} of {}",
            efficiency.score() * 100.0,
            efficiency.smallest_bytes,
            efficiency.all_bytes
        ));
        duplicate_lines(&mut lines, duplicates);
    }
    if let Some((other, comparison)) = &report.comparison {
        comparison_lines(&mut lines, other, comparison);
    }
    if let Some(against) = &report.against {
        against_lines(&mut lines, against);
    }
    for note in &image.notes {
        lines.add(format_args!("note: {note}"));
    }
    lines.0
}

fn layer_line(lines: &mut Lines, position: usize, layer: &BuiltLayer) {
    let digest: String = layer.digest.hex().chars().take(12).collect();
    let files = layer.unpacked.as_ref().map(|_| layer.count(EntryKind::is_file).to_string());
    lines.add(format_args!(
        "{position:>5} {:>10} {:>10} {:>8}  {:<5} {digest}  {}",
        or_dash(layer.compressed_bytes),
        or_dash(layer.tar_bytes()),
        or_dash(files),
        layer.compression.as_str(),
        made_by(layer),
    ));
}

/// The target or step that made a layer.
fn made_by(layer: &BuiltLayer) -> String {
    match (&layer.label, &layer.created_by) {
        (Some(label), _) => shown(&label.to_string()),
        (None, Some(step)) => shown(step),
        (None, None) => "unknown".to_owned(),
    }
}

fn or_dash(figure: Option<impl ToString>) -> String {
    figure.map_or_else(|| "-".to_owned(), |figure| figure.to_string())
}

fn duplicate_lines(lines: &mut Lines, duplicates: &Duplicates) {
    lines.add(format_args!(
        "hidden copies: {} paths, {} could be saved",
        duplicates.by_path.len(),
        duplicates.reclaimable_by_path()
    ));
    for hidden in duplicates.by_path.iter().take(LISTED) {
        let layers: Vec<String> = hidden.copies.iter().take(LISTED).map(|copy| copy.layer.to_string()).collect();
        let removed = if hidden.is_seen { "" } else { ", then removed" };
        lines.add(format_args!(
            "  {:>10}  {} in layers {}{removed}",
            hidden.reclaimable_bytes,
            shown(&hidden.path),
            layers.join(", ")
        ));
    }
    lines.add(format_args!(
        "duplicate contents: {}, {} could be saved",
        duplicates.by_content.len(),
        duplicates.reclaimable_by_content()
    ));
    for equal in duplicates.by_content.iter().take(LISTED) {
        let place = |copy: &Copy| format!("{} (layer {})", shown(&copy.path), copy.layer);
        let places: Vec<String> = equal.copies.iter().take(2).map(place).collect();
        let more = match equal.copies.len() {
            0..=2 => String::new(),
            count => format!(" and {} more", count - 2),
        };
        lines.add(format_args!("  {:>10}  {}{more}", equal.reclaimable_bytes, places.join(", ")));
    }
}

fn comparison_lines(lines: &mut Lines, other: &BuiltImage, comparison: &Comparison) {
    let name = other.name.as_deref().map_or_else(|| "the other image".to_owned(), shown);
    let shared = comparison.is_shared.iter().filter(|is_shared| **is_shared).count();
    lines.add(format_args!("{name}: {shared} of {} layers are in the first image", comparison.is_shared.len()));
    for (position, (layer, is_shared)) in other.layers.iter().zip(&comparison.is_shared).enumerate().rev() {
        let word = if *is_shared { "there" } else { "new" };
        lines.add(format_args!("{position:>5} {:>10}  {word:<5}  {}", layer.fetched_bytes(), made_by(layer)));
    }
    for profile in PullProfile::ALL {
        let unpacks = comparison.unpacked_bytes.map(|bytes| format!(", unpacks {bytes}")).unwrap_or_default();
        lines.add(format_args!(
            "a node with the first image and {:<15} pulls {}{unpacks}",
            profile.runtime(),
            fetched(comparison, profile)
        ));
    }
    if comparison.matched_by == MatchedBy::DiffId {
        lines.add(format_args!(
            "note: layers were matched by their uncompressed tars, because this archive has no registry digests"
        ));
    }
}

fn against_lines(lines: &mut Lines, against: &Against) {
    lines.add(format_args!("{}, estimated and in this image:", against.app));
    let width = name_column(against.rows.iter().map(|row| row.planned.name.as_str()));
    lines.add(format_args!(
        "{:<width$} {:>10} {:>10} {:>8}  {:>10} {:>10} {:>8}",
        "layer", "estimate", "stored", "off by", "estimate", "tar", "off by"
    ));
    for row in against.rows.iter().rev() {
        against_line(lines, row, width);
    }
    for note in &against.notes {
        lines.add(format_args!("note: {note}"));
    }
}

fn against_line(lines: &mut Lines, row: &AgainstRow, width: usize) {
    let size = &row.planned.size;
    let Some(built) = row.built else {
        lines.add(format_args!(
            "{:<width$} {:>10} {:>10} {:>8}  {:>10} {:>10}",
            row.planned.name, size.compressed_bytes, "-", "", size.tar_bytes, "-"
        ));
        return;
    };
    let off = |estimate: ByteCount, truth: Option<ByteCount>| {
        let permille = truth.and_then(|truth| error_permille(estimate, truth));
        permille.map_or_else(|| "-".to_owned(), |permille| format!("{:+.1} %", permille as f64 / 10.0))
    };
    lines.add(format_args!(
        "{:<width$} {:>10} {:>10} {:>8}  {:>10} {:>10} {:>8}",
        row.planned.name,
        size.compressed_bytes,
        or_dash(built.compressed_bytes),
        off(size.compressed_bytes, built.compressed_bytes),
        size.tar_bytes,
        or_dash(built.tar_bytes),
        off(size.tar_bytes, built.tar_bytes),
    ));
}

/// Text from the image on one line, shortened, without anything that a terminal obeys.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (at, character) in text.chars().enumerate() {
        if at == WIDTH {
            shown.push('…');
            break;
        }
        if is_harmless(character) {
            shown.push(character);
        } else {
            shown.extend(character.escape_default());
        }
    }
    shown
}

/// Neither a control character nor one that changes the direction of writing.
fn is_harmless(character: char) -> bool {
    !character.is_control()
        && !matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_is_tamed() {
        assert_eq!(shown("app/häuser.py"), "app/häuser.py");
        assert_eq!(shown("a\u{1b}[2J\nb\u{202e}c"), "a\\u{1b}[2J\\nb\\u{202e}c");
        assert_eq!(shown(&"x".repeat(200)).chars().count(), WIDTH + 1);
    }
}
