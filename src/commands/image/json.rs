//! The document `layerwright.image/1`.

use serde_json::{Map, Value, json};

use crate::built_image::compare::Comparison;
use crate::built_image::duplicates::{Copy, Duplicates};
use crate::built_image::efficiency::Efficiency;
use crate::built_image::model::{BuiltImage, BuiltLayer, Entry, EntryKind};
use crate::byte_count::ByteCount;
use crate::commands::image::report::{Report, fetched};
use crate::commands::json::range_json;
use crate::engine::image::against_image::{Against, AgainstRow, error_permille};
use crate::history::cost::PullProfile;

/// Maximum length of the lists of duplicates, and of the places of one content, unless all are requested.
const LISTED: usize = 100;

/// Layers are in image order, the lowest first.
pub(super) fn document(report: &Report, with_files: bool) -> Value {
    let image = &report.image;
    let listed = report.listed.iter().map(|listed| {
        json!({
            "name": listed.name,
            "platform": listed.platform.as_ref().map(ToString::to_string),
            "digest": listed.digest.map(|digest| digest.to_string()),
        })
    });
    let limit = if with_files { usize::MAX } else { LISTED };
    json!({
        "schema": "layerwright.image/1",
        "storage": image.storage.as_str(),
        "name": image.name,
        "platform": image.platform.to_string(),
        "digest": image.digest.map(|digest| digest.to_string()),
        "images": listed.collect::<Vec<_>>(),
        "layers": image.layers.iter().map(|layer| layer_json(layer, with_files)).collect::<Vec<_>>(),
        "totals": {
            "compressed_bytes": image.layers.iter().map(|layer| layer.compressed_bytes).sum::<Option<ByteCount>>(),
            "tar_bytes": image.tar_bytes(),
            "file_bytes":
                report.contents.is_some().then(|| image.layers.iter().map(BuiltLayer::file_bytes).sum::<ByteCount>()),
        },
        "efficiency": report.contents.as_ref().map(|contents| efficiency_json(&contents.efficiency)),
        "duplicates": report.contents.as_ref().map(|contents| duplicates_json(&contents.duplicates, limit)),
        "comparison": report.comparison.as_ref().map(|(other, comparison)| comparison_json(other, comparison)),
        "against": report.against.as_ref().map(against_json),
        "notes": image.notes,
    })
}

fn efficiency_json(efficiency: &Efficiency) -> Value {
    json!({
        "definition": "dive",
        "score": efficiency.score(),
        "smallest_bytes": efficiency.smallest_bytes,
        "all_bytes": efficiency.all_bytes,
        "dive_wasted_bytes": efficiency.dive_wasted_bytes,
    })
}

fn layer_json(layer: &BuiltLayer, with_files: bool) -> Value {
    let mut fields = Map::new();
    let mut add = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    add("digest", json!(layer.digest.to_string()));
    add("diff_id", json!(layer.diff_id.to_string()));
    add("media_type", json!(layer.media_type));
    add("compression", json!(layer.compression.as_str()));
    add("compressed_bytes", json!(layer.compressed_bytes));
    add("tar_bytes", json!(layer.tar_bytes()));
    add("provenance", json!("measured"));
    // The files of a layer in a registry are not known.
    let counted = |is_kind: fn(&EntryKind) -> bool| layer.unpacked.is_some().then(|| layer.count(is_kind));
    add("file_bytes", json!(layer.unpacked.is_some().then(|| layer.file_bytes())));
    add("files", json!(counted(EntryKind::is_file)));
    add("directories", json!(counted(|kind| *kind == EntryKind::Directory)));
    add("links", json!(counted(|kind| matches!(kind, EntryKind::Symlink | EntryKind::Hardlink))));
    add("whiteouts", json!(counted(|kind| matches!(kind, EntryKind::Whiteout | EntryKind::OpaqueWhiteout))));
    add("created_by", json!(layer.created_by));
    add("label", json!(layer.label));
    if with_files {
        add(
            "entries",
            layer.unpacked.as_ref().map_or(Value::Null, |unpacked| unpacked.entries.iter().map(entry_json).collect()),
        );
    }
    Value::Object(fields)
}

fn entry_json(entry: &Entry) -> Value {
    let hash = match &entry.kind {
        EntryKind::File { content } => content.map(|content| content.hex()),
        _ => None,
    };
    json!({"path": entry.path, "kind": entry.kind.as_str(), "bytes": entry.bytes, "sha256": hash})
}

fn duplicates_json(duplicates: &Duplicates, limit: usize) -> Value {
    let copies = |copies: &[Copy]| -> Vec<Value> {
        let copy = |copy: &Copy| json!({"layer": copy.layer, "path": copy.path, "bytes": copy.bytes});
        copies.iter().take(limit).map(copy).collect()
    };
    let by_path = duplicates.by_path.iter().take(limit).map(|hidden| {
        json!({
            "path": hidden.path,
            "copies": copies(&hidden.copies),
            "seen": hidden.is_seen,
            "reclaimable_bytes": hidden.reclaimable_bytes,
        })
    });
    let by_content = duplicates.by_content.iter().take(limit).map(|equal| {
        json!({
            "sha256": equal.content.hex(),
            "count": equal.copies.len(),
            "copies": copies(&equal.copies),
            "reclaimable_bytes": equal.reclaimable_bytes,
        })
    });
    json!({
        "by_path": {
            "count": duplicates.by_path.len(),
            "reclaimable_bytes": duplicates.reclaimable_by_path(),
            "largest": by_path.collect::<Vec<_>>(),
        },
        "by_content": {
            "count": duplicates.by_content.len(),
            "reclaimable_bytes": duplicates.reclaimable_by_content(),
            "largest": by_content.collect::<Vec<_>>(),
        },
    })
}

fn comparison_json(other: &BuiltImage, comparison: &Comparison) -> Value {
    let layers = other.layers.iter().zip(&comparison.is_shared).map(|(layer, is_shared)| {
        json!({
            "digest": layer.digest.to_string(),
            "shared": is_shared,
            "bytes": layer.fetched_bytes(),
            "label": layer.label,
            "created_by": layer.created_by,
        })
    });
    json!({
        "name": other.name,
        "digest": other.digest.map(|digest| digest.to_string()),
        "matched_by": comparison.matched_by.as_str(),
        "layers": layers.collect::<Vec<_>>(),
        "lowest_changed": comparison.lowest_changed,
        "fetched_bytes": comparison.fetched_bytes,
        "fetched_by_chain_bytes": comparison.fetched_by_chain_bytes,
        "unpacked_bytes": comparison.unpacked_bytes,
        "profiles": PullProfile::ALL.map(|profile| {
            json!({
                "profile": profile.as_str(),
                "fetched_bytes": fetched(comparison, profile),
                "unpacked_bytes": comparison.unpacked_bytes,
            })
        }),
    })
}

fn against_json(against: &Against) -> Value {
    json!({
        "app": against.app,
        "layers": against.rows.iter().map(row_json).collect::<Vec<_>>(),
        "unmatched": against.unmatched,
        "notes": against.notes,
    })
}

fn row_json(row: &AgainstRow) -> Value {
    let size = &row.planned.size;
    let built = row.built.map(|built| {
        json!({
            "layer": built.layer,
            "moved": built.is_moved,
            "tar_bytes": built.tar_bytes,
            "compressed_bytes": built.compressed_bytes,
            "tar_error_permille": built.tar_bytes.and_then(|truth| error_permille(size.tar_bytes, truth)),
            "tar_in_range": built.tar_bytes.map(|truth| size.tar_range.contains(truth)),
            "compressed_in_range": built.compressed_bytes.map(|truth| size.compressed_range.contains(truth)),
            "compressed_error_permille":
                built.compressed_bytes.and_then(|truth| error_permille(size.compressed_bytes, truth)),
        })
    });
    json!({
        "name": row.planned.name,
        "kind": row.planned.kind.as_str(),
        "estimate": {
            "tar_bytes": size.tar_bytes,
            "tar_provenance": size.tar_provenance().as_str(),
            "tar_range": range_json(size.tar_range),
            "compressed_bytes": size.compressed_bytes,
            "compressed_range": range_json(size.compressed_range),
            "provenance": size.provenance.as_str(),
        },
        "built": built,
    })
}
