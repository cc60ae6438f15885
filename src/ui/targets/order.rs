//! Rows and their order.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::state::view::ListOrder;
use crate::engine::reports::units::{UnitRow, Units};
use crate::layers::partition::LayerKind;
use crate::size::known_bytes::{KnownBytes, SumOfKnown};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    Header(Header),
    /// Position in the units.
    Unit(usize),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Header {
    /// For folding.
    pub key: String,
    pub of: HeaderOf,
    pub count: usize,
    /// What a registry stores of them.
    pub stored: KnownBytes,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HeaderOf {
    Layer(LayerKind),
    /// `//path`.
    Package(String),
    /// `@pypi`.
    Hub(String),
}

/// Rows of folded headers are left out unless there is a search.
pub(super) fn entries(units: &Units, order: ListOrder, search: &str, folded: &BTreeSet<String>) -> Vec<Entry> {
    let parts: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let found = units.rows.iter().enumerate().filter(|(_, row)| matches(row, &parts));
    let sections = match order {
        ListOrder::Layer => by_layer(units, found),
        ListOrder::Package => by_package(found),
    };
    let mut entries = Vec::new();
    for (of, rows) in sections {
        let key = format!("{of:?}");
        let sizes = rows.iter().filter_map(|&row| units.rows.get(row)).map(|row| row.size.stored());
        let stored = sizes.collect::<SumOfKnown>().total();
        let is_open = !parts.is_empty() || !folded.contains(&key);
        entries.push(Entry::Header(Header { key, of, count: rows.len(), stored }));
        if is_open {
            entries.extend(rows.into_iter().map(Entry::Unit));
        }
    }
    entries
}

fn matches(row: &UnitRow, parts: &[String]) -> bool {
    if parts.is_empty() {
        return true;
    }
    let label = row.label.to_string().to_lowercase();
    parts.iter().all(|part| label.contains(part))
}

type Sections = Vec<(HeaderOf, Vec<usize>)>;

/// As in the image column; largest first in each layer.
fn by_layer<'a>(units: &Units, rows: impl Iterator<Item = (usize, &'a UnitRow)>) -> Sections {
    let mut found: BTreeMap<LayerKind, Vec<usize>> = BTreeMap::new();
    for (index, row) in rows {
        found.entry(row.layer).or_default().push(index);
    }
    let layers = units.layers.iter().rev();
    layers.filter_map(|layer| Some((HeaderOf::Layer(layer.kind), found.remove(&layer.kind)?))).collect()
}

/// Packages of the workspace by path, then those of locks; by name in each.
fn by_package<'a>(rows: impl Iterator<Item = (usize, &'a UnitRow)>) -> Sections {
    let mut found: BTreeMap<HeaderOf, Vec<(usize, &UnitRow)>> = BTreeMap::new();
    for (index, row) in rows {
        let of = match row.label.repository_name() {
            None => HeaderOf::Package(format!("//{}", row.label.package())),
            Some(name) => HeaderOf::Hub(format!("@{name}")),
        };
        found.entry(of).or_default().push((index, row));
    }
    found
        .into_iter()
        .map(|(of, mut rows)| {
            rows.sort_by(|(_, left), (_, right)| left.label.cmp(&right.label));
            (of, rows.into_iter().map(|(index, _)| index).collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture;
    use crate::engine::reports::units::units;

    fn check(order: ListOrder, search: &str, folded: &[&str], expected: &[&str]) {
        let design = fixture::design();
        let units = units(&design.model, &design.evaluation.partition);
        let folded = folded.iter().map(|key| (*key).to_owned()).collect();
        let lines: Vec<String> = entries(&units, order, search, &folded)
            .iter()
            .map(|entry| match entry {
                Entry::Header(header) => match &header.of {
                    HeaderOf::Layer(kind) => format!("# {kind:?} {}", header.count),
                    HeaderOf::Package(name) | HeaderOf::Hub(name) => format!("# {name} {}", header.count),
                },
                Entry::Unit(index) => units.rows[*index].label.to_string(),
            })
            .collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn by_layer_goes_from_the_top_of_the_image_down() {
        check(
            ListOrder::Layer,
            "",
            &["Layer(Dependency(LayerId(0)))"],
            &[
                "# App 1",
                "//app:app_bin",
                "# Dependency(LayerId(1)) 4",
                "@pypi//:requests",
                "@pypi//:urllib3",
                "//libs/core:core",
                "//libs/http:http",
                "# Dependency(LayerId(0)) 3",
                "# Interpreter 1",
                "@python_3_12//:interpreter",
            ],
        );
    }

    #[test]
    fn search_takes_parts_in_any_case_and_opens_what_is_folded() {
        check(ListOrder::Package, "  PyD  @pypi ", &["Hub(\"@pypi\")"], &["# @pypi 1", "@pypi//:pydantic"]);
        check(ListOrder::Package, "nowhere", &[], &[]);
        check(
            ListOrder::Package,
            "libs/",
            &[],
            &["# //libs/core 1", "//libs/core:core", "# //libs/http 1", "//libs/http:http"],
        );
    }
}
