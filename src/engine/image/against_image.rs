//! Compares the estimated layers of a plan with those of a built image.

use crate::built_image::model::{BuiltImage, BuiltLayer};
use crate::built_image::planned::{LayerMatch, PlannedLayer, match_layers};
use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::engine::choices::Choices;
use crate::label::Label;
use crate::layers::compression::Compression;
use crate::layers::plan::Plan;

#[derive(Clone, Debug)]
pub struct Against {
    pub(crate) app: Label,
    /// Lowest first.
    pub(crate) rows: Vec<AgainstRow>,
    /// Layers that the plan does not have, by position: base image, certificates, or of another plan.
    pub(crate) unmatched: Vec<usize>,
    pub(crate) notes: Vec<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct AgainstRow {
    pub(crate) planned: PlannedLayer,
    pub(crate) built: Option<Built>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Built {
    /// Position in the image.
    pub(crate) layer: usize,
    pub(crate) is_moved: bool,
    /// If the layer was read.
    pub(crate) tar_bytes: Option<ByteCount>,
    pub(crate) compressed_bytes: Option<ByteCount>,
}

/// The compression of most bytes that Bazel built; gzip if unknown.
#[must_use]
pub(crate) fn compression(image: &BuiltImage) -> Compression {
    let bytes_of = |compression: Compression| -> ByteCount {
        let layers = image.layers.iter().filter(|layer| layer.label.is_some() && layer.compressed_bytes.is_some());
        layers.filter(|layer| layer.compression == compression).map(BuiltLayer::fetched_bytes).sum()
    };
    let all = [Compression::None, Compression::Zstd, Compression::Gzip];
    all.into_iter().max_by_key(|compression| bytes_of(*compression)).unwrap_or_default()
}

#[must_use]
pub(crate) fn against(model: &AppModel, plan: &Plan, choices: &Choices, image: &BuiltImage) -> Against {
    let evaluation = model.evaluate(plan, choices);
    let layers = evaluation.partition.layers.iter().zip(&evaluation.numbers.layers);
    let planned: Vec<PlannedLayer> = layers
        .map(|(layer, numbers)| PlannedLayer { kind: layer.kind, name: layer.name.clone(), size: numbers.size })
        .collect();
    let app = model.app.label.clone();
    let matches = match_layers(&image.layers, &planned, app.package());
    let row = |(position, planned): (usize, PlannedLayer)| {
        let found = matches.iter().find(|found| found.planned == position);
        AgainstRow { planned, built: found.and_then(|found| built(found, &image.layers)) }
    };
    let is_unmatched = |position: &usize| matches.iter().all(|found| found.built != *position);
    let unmatched = (0..image.layers.len()).filter(is_unmatched).collect();
    let mut notes = Vec::new();
    if matches.is_empty() {
        notes.push(format!(
            "no layer of this image names a target of {app}; build it with rules that write `bazel build <label>` into the image history"
        ));
    }
    if matches.iter().any(|found| found.is_moved) {
        notes.push("the image has its groups in another order than the workspace".to_owned());
    }
    Against { app, rows: planned.into_iter().enumerate().map(row).collect(), unmatched, notes }
}

fn built(found: &LayerMatch, layers: &[BuiltLayer]) -> Option<Built> {
    let layer = layers.get(found.built)?;
    Some(Built {
        layer: found.built,
        is_moved: found.is_moved,
        tar_bytes: layer.tar_bytes(),
        compressed_bytes: layer.compressed_bytes,
    })
}

/// Error of an estimate in thousandths of the truth; `None` if that is zero.
#[must_use]
pub(crate) fn error_permille(estimate: ByteCount, truth: ByteCount) -> Option<i64> {
    let difference = (i128::from(estimate.0) - i128::from(truth.0)) * 1_000;
    i64::try_from(difference.checked_div(i128::from(truth.0))?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::built_image::fixture::image;
    use crate::engine::fixture;

    fn against_on_disk(image: &BuiltImage) -> Against {
        let model = fixture::planned().model;
        against(&model, &model.on_disk, &Choices::default(), image)
    }

    fn labelled(text: &str, targets: &[&str]) -> BuiltImage {
        let mut image = image(text);
        for (layer, target) in image.layers.iter_mut().zip(targets) {
            layer.label = Label::parse_absolute(target).ok();
        }
        image
    }

    #[test]
    fn each_layer_of_the_plan_finds_its_built_one() {
        let image = labelled(
            "base 1 | pip 200 | libs 30 | app 4",
            &["", "//app:i_deplayer_0_pip_deps", "//app:i_deplayer_5_internal_libs", "//app:i_app_layer"],
        );
        let found = against_on_disk(&image);
        let print = |row: &AgainstRow| match row.built {
            Some(built) => format!(
                "{} {} {}{}",
                row.planned.name,
                built.layer,
                built.tar_bytes.unwrap().0,
                if built.is_moved { " moved" } else { "" }
            ),
            None => row.planned.name.clone(),
        };
        let rows: Vec<String> = found.rows.iter().map(print).filter(|row| !row.starts_with("interpreter")).collect();
        assert_eq!(rows, ["pip_deps 1 400", "internal_libs 2 60 moved", "app 3 8"]);
        assert_eq!((found.unmatched, found.notes.len()), (vec![0], 1));
    }

    #[test]
    fn an_image_of_something_else_is_said_to_be_one() {
        let found = against_on_disk(&labelled("a 1", &["//other:i_app_layer"]));
        assert!(found.rows.iter().all(|row| row.built.is_none()));
        assert!(found.notes[0].contains("//app:"), "{:?}", found.notes);
    }

    #[test]
    fn the_compression_is_that_of_most_bytes_that_bazel_made() {
        let mut image = labelled("base 900 | a 1 | b 20", &["", "//app:x", "//app:y"]);
        image.layers[2].compression = Compression::Zstd;
        assert_eq!(compression(&image), Compression::Zstd);
        image.layers[2].compressed_bytes = None;
        assert_eq!(compression(&image), Compression::Gzip);
        assert_eq!(compression(&labelled("a 1", &[])), Compression::Gzip);
    }

    #[test]
    fn errors_are_signed_thousandths() {
        let check = |estimate, truth, expected| {
            assert_eq!(error_permille(ByteCount(estimate), ByteCount(truth)), expected);
        };
        check(96, 100, Some(-40));
        check(101, 100, Some(10));
        check(1, 0, None);
        check(u64::MAX, 1, None);
    }
}
