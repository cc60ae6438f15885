//! Names for suggested groups: readable, valid for `dep_layers`, and the same for the same content.

use crate::advice::problem::{Problem, Relations};
use crate::label::Label;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupTraits {
    pub bytes: u64,
    pub changes: u64,
    /// Packages with their bytes, by name. Packages that only come together are one.
    pub packages: Vec<(String, u64)>,
    pub package_count: u64,
    pub own_bytes: u64,
    pub has_own: bool,
}

impl GroupTraits {
    /// Describes the layer's contents.
    #[must_use]
    pub fn contents(&self) -> String {
        match (self.package_count, self.has_own) {
            (0, _) => "Targets of the workspace".to_owned(),
            (1, false) => "One package".to_owned(),
            (count, false) => format!("{count} packages"),
            (1, true) => "One package and targets that need it".to_owned(),
            (count, true) => format!("{count} packages and targets that need them"),
        }
    }
}

/// Returns the targets to list for each group: those that no other of the group brings, sorted.
#[must_use]
pub fn named_targets(
    problem: &Problem,
    relations: &Relations,
    group_of: &[Option<usize>],
    groups: usize,
) -> Vec<Vec<Label>> {
    let mut held = vec![false; problem.units.len()];
    let mut named = Vec::with_capacity(groups);
    for group in 0..groups {
        let members: Vec<usize> = (0..group_of.len()).filter(|&candidate| group_of[candidate] == Some(group)).collect();
        let brings = |candidate: usize, held: &[bool]| {
            problem.candidates[candidate].closure.iter().any(|&unit| !held[unit as usize])
        };
        let is_brought =
            |candidate: usize| relations.above[candidate].iter().any(|&above| group_of[above as usize] == Some(group));
        let top: Vec<usize> =
            members.iter().copied().filter(|&candidate| brings(candidate, &held) && !is_brought(candidate)).collect();
        for &candidate in &members {
            problem.candidates[candidate].closure.iter().for_each(|&unit| held[unit as usize] = true);
        }
        let mut labels: Vec<Label> = top.iter().map(|&candidate| problem.candidates[candidate].label.clone()).collect();
        labels.sort();
        named.push(labels);
    }
    named
}

/// Names each group from the bottom, keeping the names in `taken`.
#[must_use]
pub fn names(groups: &[GroupTraits], taken: &[Option<String>]) -> Vec<String> {
    let mut names: Vec<String> = taken.iter().flatten().cloned().collect();
    let mut given = Vec::with_capacity(groups.len());
    for (place, group) in groups.iter().enumerate() {
        if let Some(Some(name)) = taken.get(place) {
            given.push(name.clone());
            continue;
        }
        let base = base_name(groups, place, group);
        let numbered = (2_u32..).map(|number| format!("{base}_{number}"));
        let name = std::iter::once(base.clone()).chain(numbered).find(|name| !names.contains(name)).unwrap_or(base);
        names.push(name.clone());
        given.push(name);
    }
    given
}

fn base_name(groups: &[GroupTraits], place: usize, group: &GroupTraits) -> String {
    let family = |group: &GroupTraits| (!group.packages.is_empty(), group.has_own);
    let same: Vec<usize> = (0..groups.len()).filter(|&other| family(&groups[other]) == family(group)).collect();
    // A package that is nearly all of the layer names it.
    let largest = group.packages.iter().max_by(|left, right| left.1.cmp(&right.1).then(right.0.cmp(&left.0)));
    if let Some((name, bytes)) =
        largest.filter(|(_, bytes)| same.len() > 1 && !group.has_own && bytes * 5 >= group.bytes * 4)
    {
        let plain: String =
            name.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' }).collect();
        if *bytes > 0 {
            return format!("pip_{plain}");
        }
    }
    let stem = match family(group) {
        (true, false) => "pip",
        (false, _) => "internal",
        (true, true) => "shared",
    };
    let end = if stem == "internal" { "libs" } else { "deps" };
    let most = same.iter().map(|&other| groups[other].changes).max().unwrap_or(0);
    let least = same.iter().map(|&other| groups[other].changes).min().unwrap_or(0);
    let is_hot = same.len() > 1 && group.changes == most && most > least && same.iter().any(|&other| other < place);
    if is_hot { format!("{stem}_hot") } else { format!("{stem}_{end}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(changes: u64, packages: &[(&str, u64)], own_bytes: u64) -> GroupTraits {
        GroupTraits {
            bytes: packages.iter().map(|(_, bytes)| bytes).sum::<u64>() + own_bytes,
            changes,
            package_count: packages.len() as u64,
            packages: packages.iter().map(|(name, bytes)| ((*name).to_owned(), *bytes)).collect(),
            own_bytes,
            has_own: own_bytes > 0,
        }
    }

    fn check(groups: &[GroupTraits], expected: &[&str]) {
        assert_eq!(names(groups, &vec![None; groups.len()]), expected);
    }

    #[test]
    fn names_say_what_a_layer_holds() {
        let even = [("a", 50), ("b", 50)];
        check(&[group(1, &even, 0), group(9, &[], 10)], &["pip_deps", "internal_libs"]);
        check(&[group(1, &even, 0), group(4, &even, 0), group(9, &[], 10)], &["pip_deps", "pip_hot", "internal_libs"]);
        check(&[group(0, &[("torch", 900), ("six", 1)], 0), group(4, &even, 0)], &["pip_torch", "pip_hot"]);
        check(&[group(4, &even, 10)], &["shared_deps"]);
        check(&[group(1, &even, 0), group(1, &even, 0)], &["pip_deps", "pip_deps_2"]);
    }

    #[test]
    fn a_group_that_is_there_keeps_its_name() {
        let even = [("a", 50), ("b", 50)];
        let taken = [None, Some("pip_deps".to_owned())];
        assert_eq!(names(&[group(1, &even, 0), group(1, &even, 0)], &taken), ["pip_deps_2", "pip_deps"]);
    }
}
