//! Typical sizes of wheels: a table made from public lock files (`docs/typical_sizes.md`).

use crate::byte_count::ByteCount;
use crate::size::range::Range;
use crate::workspace::lock::PackageName;
use crate::workspace::platform::{Architecture, OperatingSystem, Platform};

static TABLE: &str = include_str!("../../assets/typical_sizes.txt");

/// Thousandths by which a range widens for a version older than all seen (`OLDER`) or newer (`NEWER`; both in
/// `docs/typical_sizes.py`).
const OLDER: (u64, u64) = (450, 1_200);
const NEWER: (u64, u64) = (750, 1_500);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypicalWheel {
    pub wheel: ByteCount,
    pub range: Range,
    /// If counted.
    pub files: Option<u64>,
}

/// Returns the typical wheel; `None` if no public lock has the package for this platform. A local label (`2.5.1+cpu`)
/// means another index, which the table does not know.
#[must_use]
pub fn typical_wheel(name: &PackageName, version: &str, platform: &Platform) -> Option<TypicalWheel> {
    if platform.os != OperatingSystem::Linux || version.contains('+') {
        return None;
    }
    look_up(line_of(TABLE, name.as_str())?, &release(version), platform.arch)
}

/// Returns whether the wheel of `version` usually holds machine code, so that each processor has its own; `None` where no
/// public lock has the package.
#[must_use]
pub fn is_usually_native(name: &PackageName, version: &str) -> Option<bool> {
    let line = line_of(TABLE, name.as_str())?;
    let of = |arch| look_up(line, &release(version), arch);
    let (amd64, arm64) = (of(Architecture::Amd64), of(Architecture::Arm64));
    (amd64.is_some() || arm64.is_some()).then(|| amd64 != arm64)
}

/// The rest of the line of `name` in a table sorted by name.
fn line_of<'a>(table: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = table;
    while !rest.is_empty() {
        let middle =
            rest.as_bytes().iter().take(rest.len() / 2).rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let (below, above) = rest.split_at_checked(middle)?;
        let (line, after) = above.split_once('\n').unwrap_or((above, ""));
        let found = line.split(' ').next().unwrap_or_default();
        // Comments begin with a character below every name's first.
        match if line.starts_with('#') { std::cmp::Ordering::Less } else { found.cmp(name) } {
            std::cmp::Ordering::Equal => return line.get(found.len() + 1..),
            std::cmp::Ordering::Less => rest = after,
            std::cmp::Ordering::Greater => rest = below,
        }
    }
    None
}

/// `1!2.0.post1` is 2.0. Empty if there is none.
fn release(version: &str) -> Vec<u64> {
    let text = version.rsplit_once('!').map_or(version, |(_, text)| text).trim_start_matches('v');
    let end = text.find(|character: char| !character.is_ascii_digit() && character != '.').unwrap_or(text.len());
    text.get(..end).unwrap_or_default().split('.').map_while(|part| part.parse().ok()).collect()
}

/// `OLDEST[-NEWEST] [FROM:]SIZE[/SIZE] ... [=FILES]`.
fn look_up(line: &str, numbers: &[u64], machine: Architecture) -> Option<TypicalWheel> {
    let mut fields = line.split(' ');
    let seen = fields.next()?;
    let (oldest, newest) = seen.split_once('-').unwrap_or((seen, seen));
    let mut cell = None;
    let mut files = None;
    for field in fields {
        if let Some(count) = field.strip_prefix('=') {
            files = count.parse().ok();
            continue;
        }
        let (from, sizes) = field.split_once(':').unwrap_or(("", field));
        // An unpinned version is taken for the newest.
        if from.is_empty() || numbers.is_empty() || numbers >= release(from).as_slice() {
            let (x86_64, aarch64) = sizes.split_once('/').unwrap_or((sizes, sizes));
            cell = Some(if machine == Architecture::Arm64 { aarch64 } else { x86_64 });
        }
    }
    let (wheel, range) = size(cell?)?;
    let minor = numbers.get(..2).unwrap_or(numbers);
    let (low, high) = match (minor < release(oldest).as_slice(), minor > release(newest).as_slice()) {
        _ if minor.is_empty() => NEWER,
        (true, _) => OLDER,
        (_, true) => NEWER,
        _ => (1_000, 1_000),
    };
    let range = Range { least: range.least.scaled(low, 1_000), most: range.most.scaled(high, 1_000) };
    Some(TypicalWheel { wheel, range, files })
}

/// `KB[-LOW%]+HIGH%`; LOW defaults to HIGH. `x` is no size.
fn size(cell: &str) -> Option<(ByteCount, Range)> {
    let (front, high) = cell.split_once('+')?;
    let (kilobytes, low) = front.split_once('-').unwrap_or((front, high));
    let (whole, part) = kilobytes.split_once('.').unwrap_or((kilobytes, ""));
    let thousandths: u64 = format!("{part:0<3}").parse().ok()?;
    let bytes = ByteCount(whole.parse::<u64>().ok()?.checked_mul(1_000)?.checked_add(thousandths)?);
    let (low, high): (u64, u64) = (low.parse().ok()?, high.parse().ok()?);
    let range = Range { least: bytes.scaled(100_u64.checked_sub(low)?, 100), most: bytes.scaled(100 + high, 100) };
    Some((bytes, range))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wheel(name: &str, version: &str, arch: Architecture) -> Option<TypicalWheel> {
        typical_wheel(&PackageName::new(name), version, &Platform { arch, ..Platform::default() })
    }

    #[test]
    fn every_line_of_the_table_is_read_and_found() {
        let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.len() > 1_000 && TABLE.len() <= 150_000);
        assert!(lines.is_sorted());
        for line in lines {
            let name = line.split(' ').next().unwrap();
            assert_eq!(PackageName::new(name).as_str(), name);
            let sizes = [Architecture::Amd64, Architecture::Arm64].map(|arch| wheel(name, "", arch));
            assert!(sizes.iter().any(Option::is_some) || line.contains("x"), "{line}");
            for size in sizes.into_iter().flatten() {
                assert!(size.range.contains(size.wheel), "{line}");
            }
            for field in line.split(' ').skip(2) {
                let sizes = field.rsplit(':').next().unwrap();
                let is_read = |cell: &str| cell == "x" || size(cell).is_some();
                assert!(field.starts_with('=') || sizes.split('/').all(is_read), "{line}");
            }
        }
    }

    #[test]
    fn the_range_of_the_version_is_taken_and_widened_outside_of_what_was_seen() {
        let line = "2-2.10 900+10/80-50+20 2.1:1000+10/x 2.10:1.5+100 =7";
        let check = |version: &str, arch, expected: Option<(u64, u64, u64)>| {
            let found = look_up(line, &release(version), arch);
            let figures = found.map(|found| (found.wheel.0, found.range.least.0, found.range.most.0));
            assert_eq!(figures, expected, "{version}");
        };
        check("2.0.7", Architecture::Amd64, Some((900_000, 810_000, 990_000)));
        check("2.0", Architecture::Arm64, Some((80_000, 40_000, 96_000)));
        check("2.9.post1", Architecture::Amd64, Some((1_000_000, 900_000, 1_100_000)));
        check("2.1", Architecture::Arm64, None);
        check("1!2.10.3rc1", Architecture::Arm64, Some((1_500, 0, 3_000)));
        check("1.9", Architecture::Amd64, Some((900_000, 364_500, 1_188_000)));
        check("3", Architecture::Amd64, Some((1_500, 0, 4_500)));
        check("", Architecture::Amd64, Some((1_500, 0, 4_500)));
        assert_eq!(look_up(line, &[2], Architecture::Amd64).unwrap().files, Some(7));
    }

    #[test]
    fn what_no_public_lock_has_is_not_known() {
        assert!(wheel("torch", "2.9.1", Architecture::Amd64).unwrap().wheel > ByteCount(500_000_000));
        assert_eq!(wheel("torch", "2.9.1+cpu", Architecture::Amd64), None);
        assert_eq!(wheel("a-package-that-nobody-locks", "1", Architecture::Amd64), None);
        for name in ["", "#", "zzzzzzzz", "a"] {
            assert_eq!(line_of(TABLE, name), None, "{name}");
        }
        let macos = Platform { os: OperatingSystem::Macos, ..Platform::default() };
        assert_eq!(typical_wheel(&PackageName::new("numpy"), "2", &macos), None);
    }
}
