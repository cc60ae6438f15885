//! Sets of items as bits, so that operations on thousands of them fit in a frame.

/// A file, a locked package, or the interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemId(pub u32);

impl ItemId {
    /// Position in the app's list of items.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Debug, Default)]
pub struct ItemSet {
    words: Vec<u64>,
}

/// Trailing empty words don't count.
impl PartialEq for ItemSet {
    fn eq(&self, other: &Self) -> bool {
        let longest = self.words.len().max(other.words.len());
        (0..longest).all(|index| self.words.get(index).unwrap_or(&0) == other.words.get(index).unwrap_or(&0))
    }
}

impl Eq for ItemSet {}

impl ItemSet {
    pub fn insert(&mut self, item: ItemId) {
        let word = item.index() / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        if let Some(slot) = self.words.get_mut(word) {
            *slot |= 1 << (item.index() % 64);
        }
    }

    #[must_use]
    pub fn contains(&self, item: ItemId) -> bool {
        self.words.get(item.index() / 64).is_some_and(|word| word >> (item.index() % 64) & 1 == 1)
    }

    pub fn union_with(&mut self, other: &Self) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine |= theirs;
        }
    }

    pub fn subtract(&mut self, other: &Self) {
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine &= !theirs;
        }
    }

    pub fn intersect_with(&mut self, other: &Self) {
        self.words.truncate(other.words.len());
        for (mine, theirs) in self.words.iter_mut().zip(&other.words) {
            *mine &= theirs;
        }
    }

    #[must_use]
    pub fn is_subset_of(&self, other: &Self) -> bool {
        self.words.iter().enumerate().all(|(index, word)| word & !other.words.get(index).unwrap_or(&0) == 0)
    }

    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(mine, theirs)| mine & theirs != 0)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// Ascending.
    pub fn iter(&self) -> impl Iterator<Item = ItemId> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                if rest == 0 {
                    return None;
                }
                let bit = rest.trailing_zeros();
                rest &= rest - 1;
                u32::try_from(index).ok().map(|index| ItemId(index * 64 + bit))
            })
        })
    }
}

impl FromIterator<ItemId> for ItemSet {
    fn from_iter<I: IntoIterator<Item = ItemId>>(items: I) -> Self {
        let mut set = Self::default();
        items.into_iter().for_each(|item| set.insert(item));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn set(members: &BTreeSet<u32>) -> ItemSet {
        members.iter().map(|&member| ItemId(member)).collect()
    }

    proptest! {
        #[test]
        fn behaves_as_a_set(left in proptest::collection::btree_set(0_u32..300, 0..40), right in proptest::collection::btree_set(0_u32..300, 0..40)) {
            let members = |set: &ItemSet| set.iter().map(|item| item.0).collect::<BTreeSet<_>>();
            let (a, b) = (set(&left), set(&right));
            prop_assert_eq!(&members(&a), &left);
            prop_assert_eq!(a.len(), left.len());
            prop_assert_eq!(a.is_empty(), left.is_empty());
            let mut union = a.clone();
            union.union_with(&b);
            prop_assert_eq!(members(&union), left.union(&right).copied().collect::<BTreeSet<_>>());
            let mut difference = a.clone();
            difference.subtract(&b);
            prop_assert_eq!(members(&difference), left.difference(&right).copied().collect::<BTreeSet<_>>());
            let mut common = a.clone();
            common.intersect_with(&b);
            prop_assert_eq!(members(&common), left.intersection(&right).copied().collect::<BTreeSet<_>>());
            prop_assert_eq!(a.is_subset_of(&b), left.is_subset(&right));
            prop_assert_eq!(a.intersects(&b), !left.is_disjoint(&right));
            prop_assert_eq!(a == b, left == right);
        }
    }
}
