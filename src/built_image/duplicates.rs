//! Wasted bytes of an image: files that no container sees, and equal contents. The two do not overlap: by path, all
//! copies below the visible one can go; by content, all visible copies but one. So N copies count N - 1 times, unlike
//! in dive (dive#684).

use std::collections::BTreeMap;

use crate::built_image::model::{BuiltLayer, ContentHash, EntryKind};
use crate::built_image::stack::Stack;
use crate::byte_count::ByteCount;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Counted from the lowest.
    pub layer: usize,
    pub path: String,
    pub bytes: ByteCount,
}

/// A path with copies in lower layers that no container sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HiddenCopies {
    pub path: String,
    /// Lowest first.
    pub copies: Vec<Copy>,
    /// The last one is visible, not removed by a layer above.
    pub is_seen: bool,
    /// Bytes of invisible copies.
    pub reclaimable_bytes: ByteCount,
}

/// A content that is visible at several paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EqualFiles {
    pub content: ContentHash,
    /// Sorted by path.
    pub copies: Vec<Copy>,
    /// All copies but one: saved by links, or by a layout with each file once.
    pub reclaimable_bytes: ByteCount,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duplicates {
    /// Largest saving first.
    pub by_path: Vec<HiddenCopies>,
    /// Largest saving first.
    pub by_content: Vec<EqualFiles>,
}

impl Duplicates {
    #[must_use]
    pub fn reclaimable_by_path(&self) -> ByteCount {
        self.by_path.iter().map(|path| path.reclaimable_bytes).sum()
    }

    #[must_use]
    pub fn reclaimable_by_content(&self) -> ByteCount {
        self.by_content.iter().map(|content| content.reclaimable_bytes).sum()
    }
}

/// Layers are lowest first.
#[must_use]
pub fn duplicates(layers: &[BuiltLayer]) -> Duplicates {
    let mut stack = Stack::default();
    for (position, layer) in layers.iter().enumerate() {
        stack.apply(position, layer);
    }
    let mut by_path = hidden_copies(layers, &stack);
    by_path.sort_by(|left, right| {
        right.reclaimable_bytes.cmp(&left.reclaimable_bytes).then_with(|| left.path.cmp(&right.path))
    });
    let mut by_content = equal_files(&stack);
    by_content.sort_by(|left, right| {
        right.reclaimable_bytes.cmp(&left.reclaimable_bytes).then_with(|| left.content.cmp(&right.content))
    });
    Duplicates { by_path, by_content }
}

fn hidden_copies(layers: &[BuiltLayer], stack: &Stack<'_>) -> Vec<HiddenCopies> {
    let mut copies: BTreeMap<&str, Vec<(usize, ByteCount)>> = BTreeMap::new();
    for (position, layer) in layers.iter().enumerate() {
        for entry in layer.entries().iter().filter(|entry| entry.kind.is_file()) {
            copies.entry(&entry.path).or_default().push((position, entry.bytes));
        }
    }
    let mut found = Vec::new();
    for (path, copies) in copies {
        let seen = stack.at(path).filter(|place| place.entry.kind.is_file());
        let all: ByteCount = copies.iter().map(|(_, bytes)| *bytes).sum();
        let reclaimable_bytes = all - seen.map_or(ByteCount::ZERO, |place| place.entry.bytes);
        if reclaimable_bytes > ByteCount::ZERO {
            let copy = |(layer, bytes)| Copy { layer, path: path.to_owned(), bytes };
            found.push(HiddenCopies {
                path: path.to_owned(),
                copies: copies.into_iter().map(copy).collect(),
                is_seen: seen.is_some(),
                reclaimable_bytes,
            });
        }
    }
    found
}

fn equal_files(stack: &Stack<'_>) -> Vec<EqualFiles> {
    let mut places: BTreeMap<ContentHash, Vec<Copy>> = BTreeMap::new();
    for (path, place) in stack.places() {
        if let EntryKind::File { content: Some(content) } = place.entry.kind
            && place.entry.bytes > ByteCount::ZERO
        {
            let copy = Copy { layer: place.layer, path: path.to_owned(), bytes: place.entry.bytes };
            places.entry(content).or_default().push(copy);
        }
    }
    let several = places.into_iter().filter(|(_, copies)| copies.len() > 1);
    let equal = several.map(|(content, copies)| EqualFiles {
        content,
        reclaimable_bytes: copies.iter().skip(1).map(|copy| copy.bytes).sum(),
        copies,
    });
    equal.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::built_image::fixture::layers;

    fn check(text: &str, by_path: &[&str], by_content: &[&str]) {
        let found = duplicates(&layers(text));
        let places = |copies: &[Copy]| -> Vec<String> {
            copies.iter().map(|copy| format!("{}:{}", copy.layer, copy.path)).collect()
        };
        let paths = found.by_path.iter().map(|hidden| {
            let seen = if hidden.is_seen { "" } else { " gone" };
            format!("{} {}{seen}", places(&hidden.copies).join(" "), hidden.reclaimable_bytes.0)
        });
        let contents = found
            .by_content
            .iter()
            .map(|equal| format!("{} {}", places(&equal.copies).join(" "), equal.reclaimable_bytes.0));
        assert_eq!(paths.collect::<Vec<_>>(), by_path, "{text}");
        assert_eq!(contents.collect::<Vec<_>>(), by_content, "{text}");
    }

    #[test]
    fn of_n_copies_n_minus_one_can_go() {
        check("a 10 =x | a 10 =x | a 10 =x", &["0:a 1:a 2:a 20"], &[]);
        check("a 10 =x | b 10 =x; c 10 =x", &[], &["0:a 1:b 1:c 20"]);
        check("a 10 | a 3", &["0:a 1:a 10"], &[]);
        check("a 10 =x; b 0 =e; c 0 =e", &[], &[]);
    }

    #[test]
    fn the_largest_saving_comes_first_and_kinds_do_not_overlap() {
        check(
            "a 10 =x; b 100 =y | a 10 =x; b 100 =y | other 10 =x",
            &["0:b 1:b 100", "0:a 1:a 10"],
            &["1:a 2:other 10"],
        );
    }

    #[test]
    fn what_a_layer_removes_or_replaces_is_not_seen() {
        check("a 10 | -a", &["0:a 10 gone"], &[]);
        check("dir/a 10; dir/b 5 | -dir | dir/a 10", &["0:dir/a 2:dir/a 10", "0:dir/b 5 gone"], &[]);
        check("dir/a 10; dir/b 5 | dir/! ; dir/a 10", &["0:dir/a 1:dir/a 10", "0:dir/b 5 gone"], &[]);
        check("dir/a 10 | dir 5", &["0:dir/a 10 gone"], &[]);
        check("dir/a 10; dir2/a 5 | -dir", &["0:dir/a 10 gone"], &[]);
        check("a 10 | a@ ", &["0:a 10 gone"], &[]);
        // A whiteout says nothing of its own layer.
        check("a 10 | -a; a 3", &["0:a 1:a 10"], &[]);
        check("a 10; b/c 5 | ./! ", &["0:a 10 gone", "0:b/c 5 gone"], &[]);
    }
}
