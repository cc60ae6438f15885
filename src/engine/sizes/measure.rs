//! Builds an app's layers with the user's Bazel, remote execution included, and reads their lengths from the build's
//! events. Downloads nothing. Does IO: runs Bazel, so only in a trusted workspace.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::built_image::planned::{PlannedLayer, planned_layer};
use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::engine::choices::Choices;
use crate::engine::sizes::measured_layers::{MeasuredLayers, Remembered, fingerprint};
use crate::graph::build::target;
use crate::graph::item_set::ItemSet;
use crate::jobs::{Progress, Watch};
use crate::label::Label;
use crate::layers::compression::Compression;
use crate::rule_sets::compression::makes_layer;
use crate::size::build_events::{BuildEvents, BuiltFile, BuiltTarget, EventsError};
use crate::size::model::Size;
use crate::workspace::bazel::command::{BazelCommand, BazelError};
use crate::workspace::bazel::process::{BazelCall, Output, TerminalKeys, run_bazel};
use crate::workspace::bazel::trust::TrustedWorkspace;
use crate::workspace::model::Workspace;

/// Longest line of the events.
const LONGEST_LINE: u64 = 64 << 20;
/// Quoted lines of Bazel when it built nothing.
const QUOTED: usize = 5;

pub(crate) struct Builder<'a> {
    /// Includes the proof that Bazel may run.
    pub(crate) workspace: &'a TrustedWorkspace,
    pub(crate) bazel: &'a BazelCommand,
    pub(crate) flags: &'a [String],
    pub(crate) keys: TerminalKeys,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LayerTarget {
    pub(crate) target: Label,
    pub(crate) name: String,
    pub(crate) items: ItemSet,
    pub(crate) estimate: Size,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BuiltLayerFile {
    pub(crate) layer: LayerTarget,
    /// Relative to the folder of outputs.
    pub(crate) file: String,
    /// As Bazel names it.
    pub(crate) digest: String,
    pub(crate) bytes: ByteCount,
    /// By the file's ending.
    pub(crate) compression: Compression,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Measurement {
    pub(crate) layers: Vec<BuiltLayerFile>,
    /// Layers that were not built, with the reason.
    pub(crate) failed: Vec<(Label, String)>,
}

#[derive(Debug, Error)]
pub(crate) enum MeasureError {
    #[error(
        "no target that makes a layer of {0} was found: its macro makes none named `..._app_layer` or `..._deplayer_0_name` by pkg_tar, tar or py_layer_tar; build the image and compare it with `layerwright image IMAGE --against WORKSPACE --app LABEL`"
    )]
    NoLayers(Label),
    #[error(transparent)]
    Bazel(#[from] BazelError),
    #[error(transparent)]
    Events(#[from] EventsError),
    #[error("{}: the build's events can't be read: {source}", path.display())]
    Disk { path: PathBuf, source: io::Error },
    #[error("Bazel built none of the layers: {0}")]
    NothingBuilt(String),
    #[error("Bazel says neither digest nor length of {0}; that takes Bazel 6 or later")]
    NoLength(String),
}

/// For the app as in its BUILD file, lowest first.
#[must_use]
pub(crate) fn layer_targets(workspace: &Workspace, model: &AppModel, choices: &Choices) -> Vec<LayerTarget> {
    let Some(evaluation) = model.evaluate_current(choices) else { return Vec::new() };
    let made = evaluation.partition.layers.iter().zip(&evaluation.numbers.layers);
    let planned: Vec<PlannedLayer> = made
        .map(|(layer, numbers)| PlannedLayer { kind: layer.kind, name: layer.name.clone(), size: numbers.size })
        .collect();
    let is_layer = |label: &&Label| target(workspace, label).is_some_and(|target| makes_layer(&target.kind));
    let mut targets: BTreeMap<usize, &Label> = BTreeMap::new();
    for label in model.app.made_targets.iter().filter(is_layer) {
        if let Some((position, false)) = planned_layer(label.name(), &planned) {
            targets.insert(position, label);
        }
    }
    let layer = |(position, label): (usize, &Label)| {
        let layer = evaluation.partition.layers.get(position)?;
        let estimate = evaluation.numbers.layers.get(position)?.size;
        Some(LayerTarget { target: label.clone(), name: layer.name.clone(), items: layer.items.clone(), estimate })
    };
    targets.into_iter().filter_map(layer).collect()
}

/// The user's flags come last and take precedence.
#[must_use]
pub(crate) fn build_arguments(targets: &[LayerTarget], events: &Path, flags: &[String]) -> Vec<String> {
    let mut arguments = vec![
        "build".to_owned(),
        format!("--build_event_json_file={}", events.display()),
        "--build_event_json_file_path_conversion=false".to_owned(),
        "--remote_download_minimal".to_owned(),
        "--keep_going".to_owned(),
        "--color=no".to_owned(),
        "--curses=no".to_owned(),
        "--show_progress_rate_limit=1".to_owned(),
    ];
    arguments.extend(flags.iter().cloned());
    arguments.push("--".to_owned());
    arguments.extend(targets.iter().map(|layer| layer.target.to_string()));
    arguments
}

/// Builds the layers and reads their sizes.
///
/// # Errors
/// When there is nothing to build, or Bazel can't be run, is stopped, or built none of them.
pub(crate) fn measure(
    builder: &Builder<'_>,
    targets: &[LayerTarget],
    app: &Label,
    watch: &dyn Watch,
) -> Result<Measurement, MeasureError> {
    if targets.is_empty() {
        return Err(MeasureError::NoLayers(app.clone()));
    }
    let folder = tempfile::Builder::new().prefix("layerwright-measure-").tempdir();
    let disk = |path: &Path, source| MeasureError::Disk { path: path.to_owned(), source };
    let folder = folder.map_err(|source| disk(&std::env::temp_dir(), source))?;
    let events_path = folder.path().join("events.json");
    let arguments = build_arguments(targets, &events_path, builder.flags);
    let call = BazelCall { workspace: builder.workspace, bazel: builder.bazel, arguments, keys: builder.keys };
    let mut last = Progress { message: "Bazel starts".to_owned(), done: 0, total: 0 };
    let ended = run_bazel(
        &call,
        &mut |output| {
            match output {
                Output::Line(line) => last = line_progress(line, &last),
                Output::Beat(_) | Output::Bytes(_) => {}
            }
            watch.report(last.clone());
            Ok(())
        },
        watch,
    )?;
    let said = || {
        let errors = ended.lines.iter().filter(|line| line.starts_with("ERROR") || line.starts_with("FATAL"));
        let first: Vec<&str> = errors.take(QUOTED).map(String::as_str).collect();
        if first.is_empty() { ended.lines.last().cloned().unwrap_or_default() } else { first.join("; ") }
    };
    let events = match File::open(&events_path) {
        Ok(file) => read_events(file).map_err(|error| error.of(&events_path))?,
        // Bazel writes no events if its flags are wrong.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(MeasureError::NothingBuilt(said())),
        Err(error) => return Err(disk(&events_path, error)),
    };
    let measurement = measured(targets, &events)?;
    if measurement.layers.is_empty() { Err(MeasureError::NothingBuilt(said())) } else { Ok(measurement) }
}

/// Progress from a line such as `[12 / 34] PyLayerTar ...`.
fn line_progress(line: &str, before: &Progress) -> Progress {
    let counts = line.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let number = |text: &str| text.trim().replace(',', "").parse::<u64>().ok();
    let counted = counts.and_then(|(counts, rest)| {
        let (done, total) = counts.split_once('/')?;
        Some(Progress { message: rest.trim().to_owned(), done: number(done)?, total: number(total)? })
    });
    counted.unwrap_or_else(|| Progress { message: line.trim().to_owned(), ..*before })
}

enum ReadError {
    Disk(io::Error),
    Events(EventsError),
}

impl ReadError {
    fn of(self, path: &Path) -> MeasureError {
        match self {
            Self::Disk(source) => MeasureError::Disk { path: path.to_owned(), source },
            Self::Events(error) => MeasureError::Events(error),
        }
    }
}

fn read_events(file: File) -> Result<BuildEvents, ReadError> {
    let mut events = BuildEvents::default();
    let mut file = BufReader::new(file);
    let mut line = String::new();
    loop {
        line.clear();
        let read = io::Read::by_ref(&mut file).take(LONGEST_LINE).read_line(&mut line).map_err(ReadError::Disk)?;
        if read == 0 {
            return Ok(events);
        }
        events.take(&line).map_err(ReadError::Events)?;
    }
}

fn measured(targets: &[LayerTarget], events: &BuildEvents) -> Result<Measurement, MeasureError> {
    let mut measurement = Measurement::default();
    for layer in targets {
        let files = match events.target(&layer.target) {
            Some(BuiltTarget::Built(files)) => files,
            Some(BuiltTarget::Failed(why)) => {
                measurement.failed.push((layer.target.clone(), why));
                continue;
            }
            None => {
                measurement.failed.push((layer.target.clone(), "Bazel says nothing of it".to_owned()));
                continue;
            }
        };
        match files.iter().filter_map(|file| Some((file, compression_of(&file.name)?))).next() {
            Some((BuiltFile { name, digest: Some(digest), bytes: Some(bytes) }, compression)) => {
                measurement.layers.push(BuiltLayerFile {
                    layer: layer.clone(),
                    file: name.clone(),
                    digest: digest.clone(),
                    bytes: *bytes,
                    compression,
                });
            }
            Some((file, _)) => return Err(MeasureError::NoLength(file.name.clone())),
            None => measurement.failed.push((layer.target.clone(), "it made no tar".to_owned())),
        }
    }
    Ok(measurement)
}

/// By the tar's name; `None` if it is no tar.
fn compression_of(name: &str) -> Option<Compression> {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&[".tar"]) {
        Some(Compression::None)
    } else if ends(&[".tar.gz", ".tgz"]) {
        Some(Compression::Gzip)
    } else if ends(&[".tar.zst", ".tar.zstd"]) {
        Some(Compression::Zstd)
    } else {
        None
    }
}

/// Keeps the measurement for plans with the same layers.
///
/// # Errors
/// When it can't be written.
pub(crate) fn remember(
    measurement: &Measurement,
    root: &Path,
    model: &AppModel,
    choices: &Choices,
    folder: Option<&Path>,
) -> io::Result<()> {
    let mut layers = MeasuredLayers::load(folder);
    for built in measurement.layers.iter().filter(|built| !built.layer.items.is_empty()) {
        let tar_bytes = (built.compression == Compression::None).then_some(built.bytes);
        if let Some(known) = fingerprint(root, model, choices, built.compression, &built.layer.items) {
            layers.put(known, Remembered { compressed_bytes: built.bytes, tar_bytes, digest: built.digest.clone() });
        }
    }
    layers.save()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::item_set::ItemId;
    use crate::size::model::Provenance;

    fn targets(names: &[&str]) -> Vec<LayerTarget> {
        let estimate = Size::exactly(ByteCount(1), ByteCount(1), Provenance::Estimated);
        let target = |(at, name): (u32, &&str)| LayerTarget {
            target: Label::parse_absolute(&format!("//demo/sales_report:sales-report_image_base_{name}")).unwrap(),
            name: (*name).to_owned(),
            items: std::iter::once(ItemId(at)).collect(),
            estimate,
        };
        (0..).zip(names).map(target).collect()
    }

    fn recorded() -> BuildEvents {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/measure/sales_report.bep.jsonl");
        match read_events(File::open(path).unwrap()) {
            Ok(events) => events,
            Err(_) => panic!("the recorded events can't be read"),
        }
    }

    #[test]
    fn digests_and_lengths_of_a_real_build_are_read() {
        let wanted =
            targets(&["interpreter_layer", "deplayer_0_pip_deps", "deplayer_1_internal_libs", "app_layer", "gone"]);
        let found = measured(&wanted, &recorded()).unwrap();
        let print = |built: &BuiltLayerFile| format!("{} {} {}", built.layer.name, built.bytes.0, &built.digest[..8]);
        assert_eq!(
            found.layers.iter().map(print).collect::<Vec<_>>(),
            [
                "interpreter_layer 296 e6c4ac6f",
                "deplayer_0_pip_deps 1723 2c1211ef",
                "deplayer_1_internal_libs 3951 6b5703f0",
                "app_layer 17769 58eca396"
            ]
        );
        assert!(found.layers.iter().all(|built| built.compression == Compression::Gzip));
        assert_eq!(found.failed.len(), 1);
    }

    #[test]
    fn the_users_flags_stand_last_and_targets_behind_two_dashes() {
        let arguments = build_arguments(&targets(&["app_layer"]), Path::new("/x"), &["--config=remote".to_owned()]);
        assert_eq!(arguments[0], "build");
        let end = arguments.len();
        assert_eq!(arguments[end - 3..end - 1], ["--config=remote", "--"]);
        assert!(arguments.contains(&"--remote_download_minimal".to_owned()));
    }

    #[test]
    fn progress_is_read_from_what_bazel_says() {
        let before = Progress::default();
        let counted = line_progress("[1,012 / 2,034] PyLayerTar a.tar; 3s remote", &before);
        assert_eq!(
            (counted.done, counted.total, counted.message.as_str()),
            (1_012, 2_034, "PyLayerTar a.tar; 3s remote")
        );
        let other = line_progress("Analyzing: 4 targets", &counted);
        assert_eq!((other.done, other.message.as_str()), (1_012, "Analyzing: 4 targets"));
    }

    #[test]
    fn tars_are_told_by_their_endings() {
        let found = ["a.tar", "a.tar.gz", "a.tgz", "a.tar.zst", "a.json"].map(compression_of);
        let gzip = Some(Compression::Gzip);
        assert_eq!(found, [Some(Compression::None), gzip, gzip, Some(Compression::Zstd), None]);
    }
}
