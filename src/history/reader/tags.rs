//! Which tags stand on which commit.

use std::collections::BTreeMap;

use super::open::OpenRepository;

/// Tag names, sorted, by the full hash of what they finally point to.
///
/// A tag that can't be followed (its object is not in a partial clone, say) stands on no commit that is shown, so it is
/// left out rather than making the history unreadable.
pub(super) fn by_commit(repository: &OpenRepository) -> BTreeMap<String, Vec<String>> {
    let local = repository.repository.to_thread_local();
    let mut tags: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let Ok(references) = local.references() else { return tags };
    let Ok(references) = references.tags().and_then(|tags| tags.peeled()) else { return tags };
    for reference in references.filter_map(Result::ok) {
        let Some(id) = reference.try_id() else { continue };
        let name = String::from_utf8_lossy(reference.name().shorten()).into_owned();
        tags.entry(id.to_hex().to_string()).or_default().push(name);
    }
    for names in tags.values_mut() {
        names.sort_unstable();
    }
    tags
}
