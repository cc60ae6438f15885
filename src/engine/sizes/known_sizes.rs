//! Finds the sizes of an app's files: packs them, or reads their lists. Files of the workspace are always packed,
//! packages if their files are on this machine. Results are cached by content. Does IO off the window's thread; runs
//! nothing; can be cancelled at any file.

use crate::engine::sizes::packing::{key, packed_files, runfiles_folder};
use crate::engine::sizes::wanted::{places_of, wanted};
use std::path::{Path, PathBuf};

use crate::byte_count::ByteCount;
use crate::engine::app_model::{AppError, AppModel};
use crate::engine::choices::Choices;
use crate::engine::kept::folders::cache_folder;
use crate::engine::open::logged::Logged;
use crate::engine::sizes::built_sizes;
use crate::engine::sizes::index_sizes::{RememberedWheel, indexes_to_ask, remembered};
use crate::engine::sizes::measured_layers::MeasuredLayers;
use crate::engine::sizes::other_locks;
use crate::engine::sizes::packed_cache::PackedCache;
use crate::engine::sizes::source_sizes::pack_sources;
use crate::graph::contents::ItemKind;
use crate::history::model::History;
use crate::jobs::{Progress, Watch};
use crate::layers::compression::Compression;
use crate::size::bazel_build::built_binary;
use crate::size::installed::{Found, Wanted, find_packages};
use crate::size::known::{KnownPackage, KnownSizes};
use crate::size::package_layout::{LaidOut, Place, lay_out};
use crate::workspace::lock::PackageName;
use crate::workspace::model::{App, Workspace};

/// Returns the model of `app`, with sizes by local files.
///
/// # Errors
/// When the app has no Python binary in this workspace.
pub(crate) fn open_model(
    workspace: &Workspace,
    history: &History,
    app: &App,
    choices: &Choices,
    watch: &dyn Watch,
) -> Result<AppModel, AppError> {
    let watch = &Logged::new(watch);
    tracing::debug!("collecting what {} is made of", app.label);
    let model = AppModel::new(workspace, history, app, choices)?;
    let known = known_sizes(workspace, &model, choices, cache_folder().as_deref(), watch);
    Ok(model.with_known(&known))
}

/// Items without known files keep their estimates.
#[must_use]
pub(crate) fn known_sizes(
    workspace: &Workspace,
    model: &AppModel,
    choices: &Choices,
    cache_folder: Option<&Path>,
    watch: &dyn Watch,
) -> KnownSizes {
    let compression = model.compression.compression;
    let mut cache = PackedCache::load(cache_folder);
    let mut known = KnownSizes::default();
    pack_sources(workspace, model, &mut cache, &mut known, watch);
    let mut wanted = wanted(model);
    let all = wanted.len();
    if let Some(built) = model.app.binary.as_ref().and_then(|binary| built_binary(&workspace.root, binary, watch)) {
        built_sizes::add(model, built, &mut cache, &mut known, watch);
        wanted.retain(|wanted| !known.packages.contains_key(&(wanted.name.clone(), wanted.version.clone())));
        // With other packages, the launcher lists other paths.
        known.launcher.take_if(|_| !wanted.is_empty() || known.packages.len() != all);
    }
    if !wanted.is_empty() && !watch.is_cancelled() {
        watch.report(Progress { message: "Looking for installed packages".to_owned(), done: 0, total: 0 });
        let python = model.python.version;
        let places = places_of(workspace, choices, watch);
        let found = find_packages(&places, &wanted, &choices.platform, python, watch);
        let total = found.len() as u64;
        for (done, (key, package)) in (0_u64..).zip(found) {
            if watch.is_cancelled() {
                break;
            }
            watch.report(Progress { message: format!("Packing {}", key.0.as_str()), done, total });
            let place = place_of(workspace, model, &key);
            let laid_out = lay_out(&package, &place);
            let packed_bytes = packed_package(&package, &place, compression, &mut cache, watch);
            known.packages.insert(key, known_package(place, laid_out, packed_bytes, package.found_in));
        }
    }
    for wanted in &wanted {
        add_remembered(workspace, model, wanted, cache_folder, &mut known);
    }
    other_locks::add(workspace, model, &wanted, &mut known, watch);
    known.indexes = indexes_to_ask(workspace, model, &known);
    known.layers = MeasuredLayers::load(cache_folder).for_app(&workspace.root, model, choices);
    if let Err(error) = cache.save() {
        tracing::warn!("packed sizes were not saved: {error}");
    }
    known
}

/// Adds an earlier answer of the package index.
fn add_remembered(
    workspace: &Workspace,
    model: &AppModel,
    wanted: &Wanted,
    cache_folder: Option<&Path>,
    known: &mut KnownSizes,
) {
    let key = (wanted.name.clone(), wanted.version.clone());
    if known.packages.contains_key(&key) {
        return;
    }
    let wheel = wanted.wheel.as_ref().map(|wheel| (wheel.file_name.as_str(), wheel.hash.as_str()));
    let said = remembered(cache_folder, &wanted.name, &wanted.version, wheel, &model.platform, model.python.version);
    let Some(RememberedWheel { host, bytes, files, heads, .. }) = said else { return };
    known.wheels.insert(key.clone(), bytes);
    if let Some(files) = files {
        let is_there = |part: &str| files.iter().any(|(path, _)| path.contains(part));
        let entry_points = (!is_there(".dist-info/entry_points.txt")).then(String::new);
        let is_whole = !is_there(".data/scripts/");
        let found_in = format!("the index {host}");
        let found = Found { files, folder: None, fingerprint: Vec::new(), found_in, entry_points, is_whole };
        let place = place_of(workspace, model, &key);
        let laid_out = lay_out(&found, &place);
        known.packages.insert(key, KnownPackage { heads, ..known_package(place, laid_out, None, found.found_in) });
    }
}

fn known_package(place: Place, laid_out: LaidOut, packed_bytes: Option<ByteCount>, found_in: String) -> KnownPackage {
    KnownPackage {
        files: laid_out.files.len() as u64,
        above: place.above,
        tar_bytes: laid_out.tar_bytes,
        tar_range: laid_out.tar_range,
        installed_bytes: laid_out.files.iter().map(|(_, bytes)| *bytes).sum(),
        packed_bytes,
        heads: None,
        found_in,
    }
}

fn place_of(workspace: &Workspace, model: &AppModel, key: &(PackageName, String)) -> Place {
    let runfiles = runfiles_folder(model);
    let is_it = |kind: &ItemKind| matches!(kind, ItemKind::Package { name, version, .. } if (name, version) == (&key.0, &key.1));
    let item = model.contents.items.iter().find(|item| is_it(&item.kind));
    let hub = item.and_then(|item| workspace.hubs.get(item.label.repository_name()?));
    let (rule_set, name) = hub.map_or(("", "pypi"), |hub| (hub.rule_set.as_str(), hub.repository.as_str()));
    Place::new(runfiles, rule_set, name, key.0.as_str(), &key.1, model.python.version)
}

/// Packs the files of an installed package under their names in the image; `None` if one is missing or truncated.
fn packed_package(
    package: &Found,
    place: &Place,
    compression: Compression,
    cache: &mut PackedCache,
    watch: &dyn Watch,
) -> Option<ByteCount> {
    let folder: &PathBuf = package.folder.as_ref()?;
    let prefix = format!("{}{}site-packages/", place.above, place.own);
    let key = key(compression, &[b"package", prefix.as_bytes(), &package.fingerprint]);
    let files =
        package.files.iter().map(|(path, length)| (format!("{prefix}{path}"), *length, Some(folder.join(path))));
    packed_files(files.collect(), key, compression, cache, watch)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::AtomicBool;

    use tempfile::TempDir;

    use super::*;
    use crate::engine::find_app::find_app;
    use crate::jobs::Unwatched;
    use crate::size::model::{Provenance, Unknown};
    use crate::workspace::fixture;
    use crate::workspace::lock::LockedFile;

    fn choices() -> Choices {
        Choices { compression: Some(Compression::Gzip), ..Choices::default() }
    }

    fn model(root: &Path) -> (Workspace, AppModel) {
        let mut workspace = fixture::workspace(
            "@pypi demo 1000\n//a\n py_library lib srcs=one.py,two.py\n py_binary bin srcs=main.py deps=:lib,@pypi//:demo\n release_app app binary=:bin",
        );
        root.clone_into(&mut workspace.root);
        let app = find_app(&workspace, "app").unwrap();
        let model = AppModel::new(&workspace, &History::default(), &app, &choices()).unwrap();
        (workspace, model)
    }

    fn folder() -> TempDir {
        let folder = TempDir::new().unwrap();
        fs::create_dir_all(folder.path().join("a")).unwrap();
        for name in ["main", "one", "two"] {
            let line = |index: usize| format!("def {name}_{index}(request):\n    return request.{name}({index})\n");
            let text: String = (0..20).map(line).collect();
            fs::write(folder.path().join(format!("a/{name}.py")), text).unwrap();
        }
        folder
    }

    #[test]
    fn own_files_are_packed_and_their_sum_is_near_one_stream() {
        let folder = folder();
        let (workspace, model) = model(folder.path());
        let known = known_sizes(&workspace, &model, &choices(), None, &Unwatched);
        assert_eq!(known.files.len(), 3);
        let gap = known.gap.unwrap();
        let off = gap.one_by_one.0.abs_diff(gap.together.0) * 100 / gap.together.0;
        assert!(off <= 15, "{gap:?}");
        let model = model.with_known(&known);
        let app = model.evaluate(&model.on_disk, &choices());
        let row = crate::engine::reports::units::units(&model, &app.partition);
        let own = row.rows.iter().find(|row| row.label.name() == "lib").unwrap();
        assert_eq!(own.size.provenance, Provenance::Packed);
        assert!(model.notes.iter().any(|note| note.contains("one stream")));
    }

    #[test]
    fn what_was_packed_is_remembered_by_content() {
        let (folder, cache) = (folder(), TempDir::new().unwrap());
        let (workspace, model) = model(folder.path());
        let run = || known_sizes(&workspace, &model, &choices(), Some(cache.path()), &Unwatched);
        let first = run();
        let kept = fs::read_dir(cache.path()).unwrap().count();
        assert!(kept > 0);
        assert_eq!(run(), first);
        fs::write(folder.path().join("a/one.py"), "x = 1\n").unwrap();
        assert_ne!(run(), first);
    }

    #[test]
    fn a_stop_is_obeyed_and_missing_files_are_left_to_the_formula() {
        let folder = folder();
        let (workspace, model) = model(folder.path());
        let stopped = known_sizes(&workspace, &model, &choices(), None, &AtomicBool::new(true));
        assert_eq!(stopped, KnownSizes::default());
        fs::remove_file(folder.path().join("a/one.py")).unwrap();
        let known = known_sizes(&workspace, &model, &choices(), None, &Unwatched);
        assert_eq!(known.files.len(), 2);
    }

    #[test]
    fn an_installed_package_is_packed() {
        let folder = folder();
        let site = folder.path().join(".venv/lib/python3.13/site-packages");
        fs::create_dir_all(site.join("demo-1.0.dist-info")).unwrap();
        fs::write(site.join("demo.py"), "print('demo')\n".repeat(100)).unwrap();
        fs::write(site.join("demo-1.0.dist-info/WHEEL"), "Tag: py3-none-any\n").unwrap();
        let record = "demo.py,sha256=x,1400\ndemo-1.0.dist-info/WHEEL,sha256=y,18\n";
        fs::write(site.join("demo-1.0.dist-info/RECORD"), record).unwrap();
        let (workspace, model) = model(folder.path());
        let known = known_sizes(&workspace, &model, &choices(), None, &Unwatched);
        let package = known.packages.values().next().unwrap();
        assert_eq!((package.files, package.installed_bytes), (2, ByteCount(1_418)));
        assert_eq!(package.provenance(), Provenance::Packed);
        assert!(package.packed_bytes.unwrap().0 < 600);
    }

    #[test]
    fn another_lock_of_the_workspace_says_the_size_of_the_same_wheel() {
        let folder = folder();
        let lock = |folder: &Path, hash: &str| {
            fs::create_dir_all(folder).unwrap();
            let text = format!(
                "version = 1\n[[package]]\nname = \"demo\"\nversion = \"1.0\"\nsource = {{ registry = \"https://x/simple\" }}\n\
                 wheels = [{{ url = \"https://x/demo-1.0-py3-none-any.whl\", hash = \"{hash}\", size = 4242 }}]\n"
            );
            fs::write(folder.join("uv.lock"), text).unwrap();
        };
        let (mut workspace, _) = model(folder.path());
        let hub = workspace.hubs.get_mut("pypi").unwrap();
        let package = hub.lock.packages.first_mut().unwrap();
        package.wheels.clear();
        package.other_files = vec![LockedFile { file_name: String::new(), bytes: None, hash: "sha256:01".to_owned() }];
        let app = find_app(&workspace, "app").unwrap();
        let model = AppModel::new(&workspace, &History::default(), &app, &choices()).unwrap();
        let sizes =
            || known_sizes(&workspace, &model, &choices(), None, &Unwatched).wheels.into_values().collect::<Vec<_>>();
        assert_eq!(sizes(), []);
        // Of the same version, and yet another file.
        lock(&folder.path().join("b"), "sha256:02");
        assert_eq!(sizes(), []);
        lock(&folder.path().join("tools/c"), "sha256:01");
        assert_eq!(sizes(), [ByteCount(4_242)]);
        let known = known_sizes(&workspace, &model, &choices(), None, &Unwatched);
        let model = model.with_known(&known);
        assert!(model.notes.iter().any(|note| note.contains("1 from tools/c/uv.lock")), "{:?}", model.notes);
    }

    #[test]
    fn what_a_rule_makes_is_packed_where_bazel_left_it_and_else_unknown() {
        let folder = folder();
        let mut workspace = fixture::workspace(
            "//a\n genrule made outs=made.py\n py_binary bin srcs=main.py,made.py\n release_app app binary=:bin",
        );
        workspace.packages.get_mut("a").unwrap().source_files.remove("made.py");
        folder.path().clone_into(&mut workspace.root);
        let app = find_app(&workspace, "app").unwrap();
        let model = AppModel::new(&workspace, &History::default(), &app, &choices()).unwrap();
        let size = |model: &AppModel| model.measures.sizes.layer(&model.contents.all);
        assert_eq!(size(&model).unknown, Unknown::OTHER);
        fs::create_dir_all(folder.path().join("bazel-bin/a")).unwrap();
        fs::write(folder.path().join("bazel-bin/a/made.py"), "x = 1\n").unwrap();
        let known = known_sizes(&workspace, &model, &choices(), None, &Unwatched);
        assert_eq!(known.generated.get("a/made.py"), Some(&ByteCount(6)));
        assert!(size(&model.with_known(&known)).unknown.is_empty());
    }
}
