//! `layerwright cache`: shows and clears the cache folder. Does IO there alone.

use std::io::Write;
use std::process::ExitCode;

use serde_json::json;

use crate::byte_count::ByteCount;
use crate::commands::arguments::CacheArguments;
use crate::commands::failure::Failure;
use crate::commands::output::{print_json, print_text};
use crate::engine::kept::folders::cache_folder;
use crate::engine::kept::folders::evaluations_folder;
use crate::engine::sizes::packed_cache::PackedCache;
use crate::workspace::cache::{clear, folder_bytes};

/// # Errors
/// When the system has no folder for caches, or a file can't be removed.
pub(crate) fn run(arguments: &CacheArguments, output: &mut dyn Write) -> Result<ExitCode, Failure> {
    let (Some(folder), Some(evaluations)) = (cache_folder(), evaluations_folder()) else {
        return Err(Failure::Outside("this system has no cache folder, so nothing is stored".to_owned()));
    };
    if arguments.clear {
        clear(&evaluations)
            .and_then(|()| PackedCache::clear(&folder))
            .map_err(|error| Failure::Outside(format!("{}: {error}", folder.display())))?;
    }
    let (workspaces, bytes) = folder_bytes(&evaluations);
    let packed = PackedCache::bytes(&folder);
    if arguments.output.format.is_json() {
        let document = json!({
            "schema": "layerwright.cache/1",
            "folder": folder.to_string_lossy(),
            "workspaces": workspaces,
            "evaluation_bytes": bytes,
            "packed_size_bytes": packed,
        });
        print_json(output, &document)?;
    } else {
        let (bytes, packed) = (ByteCount(bytes), ByteCount(packed));
        let text = format!(
            "{}\nevaluated BUILD files of {workspaces} workspaces: {bytes}\npacked sizes: {packed}\n",
            folder.display()
        );
        print_text(output, &text)?;
    }
    Ok(ExitCode::SUCCESS)
}
