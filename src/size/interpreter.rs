//! Sizes of rules_python's interpreters: a table of python-build-standalone's archives (`docs/typical_sizes.md`).

use crate::byte_count::ByteCount;
use crate::size::range::Range;
use crate::workspace::platform::{Architecture, OperatingSystem, Platform};

static TABLE: &str = include_str!("../../assets/interpreter_sizes.txt");

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InterpreterArchive {
    pub archive: ByteCount,
    /// Exact if the version is listed with its length.
    pub range: Range,
}

/// Returns the archive of rules_python (`install_only`, with debugging symbols) for `3.13.2`, or for `3.13`, with the
/// range of all patches in the table.
#[must_use]
pub fn interpreter_archive(version: &str, platform: &Platform) -> Option<InterpreterArchive> {
    if platform.os != OperatingSystem::Linux {
        return None;
    }
    let machine = if platform.arch == Architecture::Arm64 { "aarch64" } else { "x86_64" };
    let rows: Vec<Row<'_>> =
        TABLE.lines().filter_map(row).filter(|row| row.machine == machine && row.kind == "full").collect();
    // Of several builds of a version rules_python pins the newest.
    if let Some(row) = rows.iter().rev().find(|row| row.version == version) {
        return Some(InterpreterArchive { archive: row.archive, range: row.range });
    }
    let minor = version.match_indices('.').nth(1).map_or(version, |(at, _)| version.get(..at).unwrap_or(version));
    let is_near = |row: &&Row<'_>| row.version.strip_prefix(minor).is_some_and(|rest| rest.starts_with('.'));
    let near: Vec<&Row<'_>> = rows.iter().filter(is_near).collect();
    let newest = near.last()?;
    let least = near.iter().map(|row| row.range.least).min()?;
    let most = near.iter().map(|row| row.range.most).max()?;
    Some(InterpreterArchive { archive: newest.archive, range: Range { least, most } })
}

struct Row<'a> {
    version: &'a str,
    machine: &'a str,
    kind: &'a str,
    archive: ByteCount,
    range: Range,
}

/// `VERSION BUILD MACHINE KIND BYTES`, or `~TYPICAL LOW HIGH` for the bytes.
fn row(line: &str) -> Option<Row<'_>> {
    let mut words = line.split(' ').filter(|word| !word.starts_with('='));
    let (version, _build, machine, kind) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let bytes = words.next()?;
    let count = |word: &str| word.parse().ok().map(ByteCount);
    let (archive, range) = match bytes.strip_prefix('~') {
        Some(typical) => (count(typical)?, Range { least: count(words.next()?)?, most: count(words.next()?)? }),
        None => (count(bytes)?, Range::exactly(count(bytes)?)),
    };
    Some(Row { version, machine, kind, archive, range })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
            let row = row(line).unwrap_or_else(|| panic!("{line}"));
            assert!(row.range.contains(row.archive), "{line}");
            assert!(matches!(row.machine, "x86_64" | "aarch64") && matches!(row.kind, "full" | "stripped"), "{line}");
        }
    }

    #[test]
    fn a_version_has_its_size_and_a_minor_version_a_range() {
        let platform = Platform::default();
        let exact = interpreter_archive("3.12.3", &platform).unwrap();
        assert!(exact.range.is_exact() && exact.archive > ByteCount(60_000_000), "{exact:?}");
        let later = interpreter_archive("3.12.13", &platform).unwrap();
        assert!(!later.range.is_exact() && later.range.contains(later.archive), "{later:?}");
        let minor = interpreter_archive("3.12", &platform).unwrap();
        assert!(!minor.range.is_exact() && minor.range.contains(exact.archive), "{minor:?}");
        assert_eq!(interpreter_archive("3.12.999", &platform), Some(minor));
        assert_eq!(interpreter_archive("2.7", &platform), None);
        assert_eq!(interpreter_archive("3.1", &platform), None);
    }
}
