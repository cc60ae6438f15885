//! Sizes from Bazel's last build: packages, interpreter and launcher, with real paths and bytes. Reads and packs files.

use std::path::PathBuf;

use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::engine::sizes::packed_cache::PackedCache;
use crate::engine::sizes::packing::key;
use crate::engine::sizes::packing::packed_files;
use crate::engine::sizes::packing::runfiles_folder;
use crate::graph::contents::ItemKind;
use crate::jobs::{Progress, Watch};
use crate::rule_sets::dep_layers::macro_class::MacroClass;
use crate::size::bazel_build::{BuiltBinary, BuiltFolder};
use crate::size::known::{KnownPackage, KnownSizes};
use crate::size::launcher::bytes_between;
use crate::size::package_layout::entries_bytes;
use crate::size::range::Range;
use crate::size::tar;

type Files = Vec<(String, ByteCount, Option<PathBuf>)>;

/// Name of this source for users.
const FOUND_IN: &str = "Bazel's last build";

pub(crate) fn add(
    model: &AppModel,
    built: BuiltBinary,
    cache: &mut PackedCache,
    known: &mut KnownSizes,
    watch: &dyn Watch,
) {
    let is_wanted = |key: &(_, _)| {
        let is_it = |kind: &ItemKind| matches!(kind, ItemKind::Package { name, version, .. } if (name, version) == (&key.0, &key.1));
        model.contents.items.iter().any(|item| is_it(&item.kind))
    };
    let launcher = launcher(model, &built, cache, watch);
    let packages = built.packages;
    let total = packages.len() as u64;
    let is_complete = packages.keys().all(is_wanted);
    for (done, (key, folder)) in (0_u64..).zip(packages) {
        if watch.is_cancelled() {
            return;
        }
        if is_wanted(&key) {
            watch.report(Progress { message: format!("Packing {}", key.0.as_str()), done, total });
            known.packages.insert(key, folder_size(model, folder, cache, watch));
        }
    }
    known.launcher = launcher.filter(|_| is_complete);
    // A repository of another version has another name.
    let version = model.python.version;
    let spelled = [format!("{}_{}", version.0, version.1), format!("{}.{}", version.0, version.1)];
    let fits = |folder: &BuiltFolder| spelled.iter().any(|text| folder.folder.contains(text.as_str()));
    if let Some(folder) = built.interpreter.filter(fits) {
        watch.report(Progress { message: "Packing the interpreter".to_owned(), done: total, total });
        known.interpreter = Some(folder_size(model, folder, cache, watch));
    }
}

fn folder_size(model: &AppModel, folder: BuiltFolder, cache: &mut PackedCache, watch: &dyn Watch) -> KnownPackage {
    let whole = format!("{}/{}", runfiles_folder(model), folder.folder);
    let own = whole.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
    let (above, _) = whole.split_at_checked(own).unwrap_or_default();
    let listed: Vec<(String, ByteCount)> = folder.files.iter().map(|(path, bytes, _)| (path.clone(), *bytes)).collect();
    let tar_bytes = entries_bytes(&listed, &whole);
    let files: Files =
        folder.files.into_iter().map(|(path, bytes, place)| (format!("{whole}{path}"), bytes, place)).collect();
    KnownPackage {
        files: files.len() as u64,
        above: above.to_owned(),
        tar_bytes,
        tar_range: Range::exactly(tar_bytes),
        installed_bytes: listed.iter().map(|(_, bytes)| *bytes).sum(),
        packed_bytes: packed(files, model, cache, watch),
        heads: None,
        found_in: FOUND_IN.to_owned(),
    }
}

/// Packs files unless files of equal names, lengths and times were packed before.
fn packed(files: Files, model: &AppModel, cache: &mut PackedCache, watch: &dyn Watch) -> Option<ByteCount> {
    let compression = model.compression.compression;
    let mut words = String::new();
    for (path, bytes, place) in &files {
        let changed = place.as_ref().and_then(|place| std::fs::metadata(place).ok()?.modified().ok());
        words.push_str(&format!("{path}\n{bytes} {changed:?}\n"));
    }
    packed_files(files, key(compression, &[b"built", words.as_bytes()]), compression, cache, watch)
}

/// The launcher in the program's place and in the runfiles, with the links and the empty file beside it. The layer
/// rules put another interpreter in its first line.
fn launcher(model: &AppModel, built: &BuiltBinary, cache: &mut PackedCache, watch: &dyn Watch) -> Option<KnownPackage> {
    let binary = model.app.binary.as_ref().filter(|_| model.verdict.class == MacroClass::Partitions)?;
    let script = built.launcher.as_ref()?;
    let text = std::fs::read(script).ok()?;
    let length = ByteCount(text.len() as u64);
    let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_python = first.starts_with(b"#!") && first.windows(6).any(|word| word == b"python");
    let has_interpreter = built.interpreter.is_some();
    let beside = match is_python && has_interpreter {
        true => ByteCount((text.len() - first.len() + "#!/app/python3".len()) as u64),
        false => length,
    };
    let name = binary.name();
    let runfiles = runfiles_folder(model);
    let inside = format!("{}/{}/{name}", model.runfiles_root, binary.package());
    let mut files: Files = vec![
        (format!("app/{name}"), beside, Some(script.clone())),
        (format!("{runfiles}/__init__.py"), ByteCount::ZERO, None),
        (inside, length, Some(script.clone())),
    ];
    if let Some(mapping) = &built.repo_mapping {
        let bytes = ByteCount(std::fs::metadata(mapping).ok()?.len());
        files.push((format!("{runfiles}/_repo_mapping"), bytes, Some(mapping.clone())));
    }
    let entries: ByteCount = files.iter().map(|(path, bytes, _)| tar::entry_bytes(path, *bytes)).sum();
    // `<name>.runfiles`, and `python3` if there is an interpreter.
    let links = ByteCount(512).times(1 + u64::from(has_interpreter));
    let tar_bytes = entries + links;
    // Deflate finds the copy only nearby, so pack it as far away as in the layer.
    let between = bytes_between(&model.contents, binary.package(), name) + links.0;
    let count = files.len() as u64;
    files.insert(2, (format!("{runfiles}/between"), ByteCount(between), None));
    let packed_bytes = packed(files, model, cache, watch);
    Some(KnownPackage {
        files: count,
        above: format!("{}/{}/", model.runfiles_root, binary.package()),
        tar_bytes,
        tar_range: Range::exactly(tar_bytes),
        installed_bytes: length.times(2),
        packed_bytes,
        heads: None,
        found_in: FOUND_IN.to_owned(),
    })
}
