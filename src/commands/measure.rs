//! `layerwright measure`: real sizes of an app's layers, from a build by the user's own Bazel.

use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use crate::byte_count::ByteCount;
use crate::commands::arguments::MeasureArguments;
use crate::commands::columns::name_column;
use crate::commands::failure::Failure;
use crate::commands::open::trusted_bazel;
use crate::commands::open::{Opened, open_app, tell};
use crate::commands::output::{print_json, print_text};
use crate::engine::kept::folders::cache_folder;
use crate::engine::sizes::measure::{
    Builder, BuiltLayerFile, MeasureError, Measurement, layer_targets, measure, remember,
};
use crate::label::Label;
use crate::workspace::bazel::process::TerminalKeys;

/// # Errors
/// When the workspace is not trusted, there is no Bazel, or it built no layer.
pub(crate) fn run(arguments: &MeasureArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let Opened { workspace, model, choices, .. } = open_app(&arguments.app)?;
    let (trusted, bazel) = trusted_bazel(&workspace.root, &arguments.app.workspace.source.bazel)?;
    let targets = layer_targets(&workspace, &model, &choices);
    let builder = Builder { workspace: &trusted, bazel: &bazel, flags: &arguments.flags, keys: TerminalKeys::Shared };
    let measurement = measure(&builder, &targets, &model.app.label, &tell).map_err(|error| match error {
        MeasureError::NoLayers(_) => Failure::Use(error.to_string()),
        _ => Failure::Outside(error.to_string()),
    })?;
    if let Err(error) = remember(&measurement, &workspace.root, &model, &choices, cache_folder().as_deref()) {
        tracing::warn!("the measured sizes were not saved: {error}");
    }
    if arguments.output.format.is_json() {
        print_json(output, &document(&model.app.label, &measurement))?;
    } else {
        print_text(output, &text(&model.app.label, &measurement))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Layers are in image order, the lowest first.
fn document(app: &Label, measurement: &Measurement) -> Value {
    let layer = |built: &BuiltLayerFile| {
        json!({
            "name": built.layer.name,
            "target": built.layer.target,
            "file": built.file,
            "digest": built.digest,
            "bytes": built.bytes,
            "compression": built.compression.as_str(),
            "provenance": "measured",
            "estimate": {
                "compressed_bytes": built.layer.estimate.compressed_bytes,
                "provenance": built.layer.estimate.provenance.as_str(),
            },
        })
    };
    let failed = |(target, reason): &(Label, String)| json!({"target": target, "reason": reason});
    json!({
        "schema": "layerwright.measure/1",
        "app": app,
        "layers": measurement.layers.iter().map(layer).collect::<Vec<_>>(),
        "failed": measurement.failed.iter().map(failed).collect::<Vec<_>>(),
    })
}

/// Layers are topmost first.
fn text(app: &Label, measurement: &Measurement) -> String {
    let width = name_column(measurement.layers.iter().map(|built| built.layer.name.as_str()));
    let mut lines = vec![
        format!("{app}  measured in a build; nothing was downloaded"),
        format!("{:<width$} {:>10} {:>10}  {:<12}  target", "layer", "measured", "before", "digest"),
    ];
    for built in measurement.layers.iter().rev() {
        let digest: String = built.digest.chars().take(12).collect();
        lines.push(format!(
            "{:<width$} {:>10} {:>10}  {digest:<12}  {}",
            built.layer.name, built.bytes, built.layer.estimate.compressed_bytes, built.layer.target
        ));
    }
    let total: ByteCount = measurement.layers.iter().map(|built| built.bytes).sum();
    lines.push(format!("total {total}"));
    lines.extend(measurement.failed.iter().map(|(target, reason)| format!("not built: {target}: {reason}")));
    lines.join("\n") + "\n"
}
