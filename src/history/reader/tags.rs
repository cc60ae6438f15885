use std::collections::BTreeMap;

use super::open::OpenRepository;

/// Sorted names by the full hash that they finally point to. A tag that can't be followed, such as in a partial clone,
/// is on no shown commit and is left out.
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
