//! The layers of an image as strata on top of each other, to scale of the bytes that the registry stores.

use crate::byte_count::ByteCount;
use crate::commands::report::colours::layer_class;
use crate::engine::app_model::{AppModel, Evaluation};
use crate::engine::reports::figures::percent;
use crate::engine::reports::unit_sources::UnitKind;
use crate::engine::reports::units::{Units, units};
use crate::layers::partition::LayerKind;
use crate::picture::scale::{Wish, heights};
use crate::picture::svg::{Anchor, Class, Svg, Words};

/// Width of the picture.
pub(super) const WIDTH: f32 = 340.0;
/// The height that the largest image of a picture gets, and how much of it is beyond what its layers need to be read: without
/// that none of them would be to scale.
const ROOM: f32 = 380.0;
const TO_SCALE: f32 = 100.0;
/// The height below which a layer can't be read, and that of a layer whose bytes are not known here.
const LEAST: f32 = 46.0;
const LEAST_FIXED: f32 = 24.0;
const GAP: f32 = 3.0;
const EDGE: f32 = 5.0;
const MARGIN: f32 = 14.0;

/// One layer as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stratum {
    /// Which layer.
    pub(super) kind: LayerKind,
    /// Its name.
    pub(super) name: String,
    /// What it holds, in a few words.
    pub(super) holds: String,
    /// Bytes as the registry stores them; `None` for the base image and the certificates, which come from elsewhere.
    pub(super) bytes: Option<ByteCount>,
    /// How many of how many deploys replace it.
    pub(super) changes: Option<(u64, u64)>,
}

/// The layers of an evaluated plan, the app on top, the base image at the bottom.
pub(super) fn strata(model: &AppModel, evaluation: &Evaluation) -> Vec<Stratum> {
    let units = units(model, &evaluation.partition);
    let made = evaluation.partition.layers.iter().zip(&evaluation.numbers.layers).rev();
    let made = made.map(|(layer, numbers)| Stratum {
        kind: layer.kind,
        name: layer.name.clone(),
        holds: holds(&units, layer.kind),
        bytes: Some(numbers.size.compressed_bytes),
        changes: (evaluation.numbers.deploys > 0).then(|| (numbers.row.count(), evaluation.numbers.deploys)),
    });
    with_fixed(made)
}

/// The same contents in one layer.
pub(super) fn one_layer(evaluation: &Evaluation) -> Vec<Stratum> {
    let deploys = evaluation.numbers.deploys;
    let everything = Stratum {
        kind: LayerKind::App,
        name: "app".to_owned(),
        holds: "everything".to_owned(),
        bytes: Some(evaluation.numbers.single_layer.first_pull),
        changes: (deploys > 0).then_some((deploys, deploys)),
    };
    with_fixed(std::iter::once(everything))
}

fn with_fixed(made: impl Iterator<Item = Stratum>) -> Vec<Stratum> {
    let fixed = [(LayerKind::Certificates, "CA certificates"), (LayerKind::Base, "Base image")];
    let fixed = fixed.map(|(kind, name)| Stratum {
        kind,
        name: name.to_owned(),
        holds: String::new(),
        bytes: None,
        changes: None,
    });
    made.chain(fixed).collect()
}

/// `5 targets, 12 packages, interpreter`.
fn holds(units: &Units, kind: LayerKind) -> String {
    let rows = units.rows_of(kind);
    let count = |is_meant: fn(&UnitKind) -> bool| rows.iter().filter(|row| is_meant(&row.kind)).count();
    let counted = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        count => Some(format!("{count} {what}s")),
    };
    let parts = [
        counted(count(|kind| matches!(kind, UnitKind::Target { .. } | UnitKind::File)), "target"),
        counted(count(|kind| matches!(kind, UnitKind::Package { .. })), "package"),
        (count(|kind| matches!(kind, UnitKind::Interpreter)) > 0).then(|| "interpreter".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { "empty".to_owned() } else { parts.join(", ") }
}

/// The height for the largest of these images.
pub(super) fn room<'a>(images: impl Iterator<Item = &'a [Stratum]>) -> f32 {
    let least = |strata: &[Stratum]| strata.iter().map(|stratum| wish(stratum).least + GAP).sum::<f32>();
    images.map(|strata| least(strata) + TO_SCALE).fold(ROOM, f32::max)
}

fn wish(stratum: &Stratum) -> Wish {
    match stratum.bytes {
        Some(bytes) => Wish { least: LEAST, bytes: bytes.0 },
        None => Wish { least: LEAST_FIXED, bytes: 0 },
    }
}

/// Draws `strata` into `room`, or into more where they can't be read in that.
pub(super) fn stack(strata: &[Stratum], room: f32) -> Svg {
    let wishes: Vec<Wish> = strata.iter().map(wish).collect();
    let gaps = GAP * strata.len().saturating_sub(1) as f32;
    let heights = heights(&wishes, room - gaps);
    let sum: f32 = heights.iter().sum();
    let mut svg = Svg::new(WIDTH, sum + gaps);
    let mut y = 0.0;
    for (stratum, height) in strata.iter().zip(heights) {
        draw(&mut svg, stratum, [0.0, y, WIDTH, height]);
        y += height + GAP;
    }
    svg
}

fn draw(svg: &mut Svg, stratum: &Stratum, area: [f32; 4]) {
    let [x, y, width, height] = area;
    let (left, right) = (x + EDGE + MARGIN, x + width - MARGIN);
    let Some(bytes) = stratum.bytes else {
        const QUIET: Words = Words("small quiet", 12.0);
        svg.rect(area, 3.0, Class("stratum-fixed"), None);
        svg.text((left, y + height / 2.0), Anchor::Start, QUIET, WIDTH, &stratum.name);
        svg.text((right, y + height / 2.0), Anchor::End, QUIET, WIDTH, "not counted");
        return;
    };
    const NAME: Words = Words("name", 13.0);
    const SMALL: Words = Words("small", 12.0);
    let class = layer_class(stratum.kind);
    let hint = format!("{}: {}", stratum.name, stratum.holds);
    svg.rect(area, 3.0, Class(&format!("stratum {class}")), Some(&hint));
    svg.rect([x, y, EDGE, height], 2.0, Class(&format!("stratum-edge {class}")), None);
    svg.text((left, y + 15.5), Anchor::Start, NAME, 190.0, &stratum.name);
    svg.text((right, y + 15.5), Anchor::End, NAME, WIDTH, &bytes.to_string());
    svg.text((left, y + 33.0), Anchor::Start, SMALL, 205.0, &stratum.holds);
    if let Some((changes, deploys)) = stratum.changes {
        let words = format!("{} of deploys", percent(changes, deploys));
        svg.text((right, y + 33.0), Anchor::End, SMALL, WIDTH, &words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::fixture;

    #[test]
    fn the_app_lies_on_top_and_what_is_not_counted_at_the_bottom() {
        let design = fixture::planned();
        let strata = strata(&design.model, &design.evaluation);
        let words: Vec<String> =
            strata.iter().map(|stratum| format!("{}: {} {:?}", stratum.name, stratum.holds, stratum.changes)).collect();
        assert_eq!(
            words,
            [
                "app: 1 target Some((10, 10))",
                "internal_libs: 2 targets, 2 packages Some((5, 10))",
                "pip_deps: 3 packages Some((1, 10))",
                "interpreter: interpreter Some((0, 10))",
                "CA certificates:  None",
                "Base image:  None"
            ]
        );
    }

    #[test]
    fn a_name_from_a_build_file_stays_text() {
        let stratum = Stratum {
            kind: LayerKind::App,
            name: "<b>&".to_owned(),
            holds: "1 target".to_owned(),
            bytes: Some(ByteCount(12_000_000)),
            changes: Some((1, 3)),
        };
        let text = stack(&[stratum], 100.0).element("Layers");
        assert!(text.contains("&lt;b&gt;&amp;</text>") && text.contains("12.0 MB") && text.contains("33 % of deploys"));
    }
}
