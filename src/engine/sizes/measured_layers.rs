//! Lengths of layers that were built, by content. A layer is recognised by its files' content, its packages' versions
//! and wheels, platform and compression; outputs of the build by path, and the interpreter by version. Reads the
//! workspace's files and one file of its own; an unreadable one counts as empty.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::byte_count::ByteCount;
use crate::engine::app_model::AppModel;
use crate::engine::choices::Choices;
use crate::graph::contents::ItemKind;
use crate::graph::item_set::ItemSet;
use crate::hex::hex;
use crate::layers::compression::Compression;
use crate::layers::partition::Partition;
use crate::size::known::MeasuredLayer;
use crate::whole_file::write_whole;

/// Beyond this only the latest stay.
const MOST_ENTRIES: usize = 20_000;
const FILE: &str = "measured-layers.json";
/// Larger files are ignored.
const LARGEST_FILE: u64 = 16 * 1024 * 1024;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    pub(crate) compressed_bytes: ByteCount,
    pub(crate) tar_bytes: Option<ByteCount>,
    pub(crate) digest: String,
}

pub(crate) struct MeasuredLayers {
    folder: Option<PathBuf>,
    entries: BTreeMap<String, Remembered>,
}

impl MeasuredLayers {
    /// Without a folder nothing is kept.
    #[must_use]
    pub(crate) fn load(folder: Option<&Path>) -> Self {
        let path = folder.map(|folder| folder.join(FILE));
        let is_readable = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|facts| facts.len() <= LARGEST_FILE);
        let text = path.filter(is_readable).and_then(|path| std::fs::read_to_string(path).ok()).unwrap_or_default();
        Self { folder: folder.map(Path::to_owned), entries: serde_json::from_str(&text).unwrap_or_default() }
    }

    pub(crate) fn put(&mut self, fingerprint: String, layer: Remembered) {
        if self.entries.len() >= MOST_ENTRIES {
            self.entries.clear();
        }
        self.entries.insert(fingerprint, layer);
    }

    /// # Errors
    /// When the folder can't be written.
    pub(crate) fn save(&self) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let text = serde_json::to_string(&self.entries).map_err(io::Error::other)?;
        write_whole(&folder.join(FILE), text.as_bytes())
    }

    /// Measured layers that the workspace would build now.
    #[must_use]
    pub(crate) fn for_app(&self, root: &Path, model: &AppModel, choices: &Choices) -> Vec<MeasuredLayer> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let compression = model.compression.compression;
        let mut found: Vec<MeasuredLayer> = Vec::new();
        // All empty layers are alike, so they prove nothing.
        let built = built_partition(model, choices);
        let layers = built.iter().flat_map(|built| &built.layers);
        for layer in layers.filter(|layer| !layer.items.is_empty()) {
            let known = fingerprint(root, model, choices, compression, &layer.items);
            if let Some(known) = known.and_then(|known| self.entries.get(&known)) {
                found.push(MeasuredLayer {
                    items: layer.items.clone(),
                    compressed_bytes: known.compressed_bytes,
                    tar_bytes: known.tar_bytes,
                });
            }
        }
        found
    }
}

/// The current layers; `None` if not known.
#[must_use]
pub(crate) fn built_partition(model: &AppModel, choices: &Choices) -> Option<Arc<Partition>> {
    Some(model.evaluate_current(choices)?.partition)
}

/// Identifies a layer's content; `None` if a file can't be read.
#[must_use]
pub(crate) fn fingerprint(
    root: &Path,
    model: &AppModel,
    choices: &Choices,
    compression: Compression,
    items: &ItemSet,
) -> Option<String> {
    let mut hash = Sha256::new();
    let mut add = |words: String| {
        hash.update((words.len() as u64).to_le_bytes());
        hash.update(words);
    };
    add(format!("{} {} {}", compression.as_str(), choices.platform, model.runfiles_root));
    for item in items.iter().filter_map(|id| model.contents.item(id)) {
        add(match &item.kind {
            ItemKind::File { path, .. } => format!("file {path} {}", content_hash(&root.join(path)).ok()?),
            ItemKind::Generated { path, .. } => format!("generated {path}"),
            ItemKind::Package { name, version, wheel, .. } => {
                let wheel = wheel.as_ref().map(|wheel| format!("{} {}", wheel.file_name, wheel.hash));
                format!("package {} {version} {}", name.as_str(), wheel.unwrap_or_default())
            }
            ItemKind::EmptyInit { path } => format!("empty {path}"),
            ItemKind::Launcher => "launcher".to_owned(),
            ItemKind::Interpreter { version, full } => format!("interpreter {version:?} {full:?}"),
        });
    }
    Some(hex(&hash.finalize()))
}

fn content_hash(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("no file"));
    }
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => hash.update(buffer.get(..read).unwrap_or_default()),
        }
    }
    Ok(hex(&hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::find_app::find_app;
    use crate::engine::sizes::known_sizes::known_sizes;
    use crate::graph::item_set::ItemId;
    use crate::history::model::History;
    use crate::jobs::Unwatched;
    use crate::layers::partition::{FixedClaim, Layout};
    use crate::size::model::Provenance;
    use crate::workspace::fixture;
    use crate::workspace::model::Workspace;

    fn choices() -> Choices {
        Choices { compression: Some(Compression::Gzip), ..Choices::default() }
    }

    fn opened(root: &Path) -> (Workspace, AppModel) {
        let text = "@pypi demo 100000\n//a\n py_library lib srcs=one.py\n py_binary bin srcs=main.py deps=:lib,@pypi//:demo\n release_app app binary=:bin";
        let mut workspace = fixture::workspace(text);
        root.clone_into(&mut workspace.root);
        let app = find_app(&workspace, "app").unwrap();
        let mut model = AppModel::new(&workspace, &History::default(), &app, &choices()).unwrap();
        model.layouts.current = Ok(Layout::one_layer(FixedClaim::Rest));
        (workspace, model)
    }

    #[test]
    fn a_measured_layer_counts_until_something_in_it_changes() {
        let (folder, cache) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::create_dir_all(folder.path().join("a")).unwrap();
        for name in ["main", "one"] {
            std::fs::write(folder.path().join(format!("a/{name}.py")), format!("print('{name}')\n")).unwrap();
        }
        let (workspace, model) = opened(folder.path());
        let items = built_partition(&model, &choices()).unwrap().layers[0].items.clone();
        let known = |compression| fingerprint(folder.path(), &model, &choices(), compression, &items).unwrap();
        assert_ne!(known(Compression::Gzip), known(Compression::Zstd));
        let layer = Remembered { compressed_bytes: ByteCount(77_777), tar_bytes: None, digest: "ab".to_owned() };
        let mut layers = MeasuredLayers::load(Some(cache.path()));
        layers.put(known(Compression::Gzip), layer);
        layers.save().unwrap();
        let run = || {
            let known = known_sizes(&workspace, &model, &choices(), Some(cache.path()), &Unwatched);
            model.clone().with_known(&known)
        };
        let size = run().measures.sizes.layer(&items);
        assert_eq!((size.compressed_bytes, size.provenance), (ByteCount(77_777), Provenance::Measured));
        assert!(run().notes.iter().any(|note| note.contains("measured")), "{:?}", run().notes);
        // A layer that differs by one small file is nearly as large, and said to be no more than a sum.
        let small = items.iter().find(|id| model.contents.item(*id).unwrap().label.name() == "one.py").unwrap();
        let without: ItemSet = items.iter().filter(|id: &ItemId| *id != small).collect();
        let sum = run().measures.sizes.layer(&without);
        assert!(
            (70_000..=77_777).contains(&sum.compressed_bytes.0) && sum.provenance != Provenance::Measured,
            "{sum:?}"
        );
        std::fs::write(folder.path().join("a/one.py"), "print('two')\n").unwrap();
        assert_ne!(run().measures.sizes.layer(&items).provenance, Provenance::Measured);
    }

    #[test]
    fn nonsense_is_an_empty_memory() {
        let cache = tempfile::tempdir().unwrap();
        std::fs::write(cache.path().join(FILE), "[1, 2").unwrap();
        assert!(MeasuredLayers::load(Some(cache.path())).entries.is_empty());
        assert!(MeasuredLayers::load(None).save().is_ok());
    }
}
