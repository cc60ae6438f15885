//! Chooses the wheel for a platform and Python as pip and uv do, in the order of `packaging.tags.sys_tags` (PEP 425
//! tags; PEP 600 for manylinux, with older names of PEP 513, 571 and 599; PEP 384 for `abi3`). Only CPython with the
//! usual build.

use super::model::Wheel;
use crate::workspace::platform::{Architecture, OperatingSystem, Platform};

/// Newest macOS: no image runs there, so accept every release. After 15 comes 26.
const MACOS: u32 = 99;

/// Smaller fits better: kind of tag, distance to the interpreter's version, position among the platform's tags.
type Fit = (u32, u32, u32);

/// Equal fits prefer the higher build number, then the earlier one.
#[must_use]
pub fn best_wheel<'a>(wheels: &'a [Wheel], platform: &Platform, python: (u32, u32)) -> Option<&'a Wheel> {
    let fitting = wheels.iter().filter_map(|wheel| {
        let name = WheelName::parse(&wheel.file_name)?;
        let fit = name.best_fit(platform, python)?;
        Some((fit, std::cmp::Reverse(name.build_number()), wheel))
    });
    fitting.min_by_key(|(fit, build, _)| (*fit, *build)).map(|(_, _, wheel)| wheel)
}

/// Returns `true` if a wheel is for one minor version only. Another interpreter gets another wheel of the same version.
#[must_use]
pub fn is_for_one_python(wheel: &Wheel) -> bool {
    WheelName::parse(&wheel.file_name).is_some_and(|name| {
        name.pythons.split('.').all(|tag| tag.starts_with("cp")) && name.abis.split('.').all(|abi| abi != "abi3")
    })
}

/// `{distribution}-{version}(-{build})?-{python}-{abi}-{platform}.whl`; each of the last three can have several values.
struct WheelName<'a> {
    build: Option<&'a str>,
    pythons: &'a str,
    abis: &'a str,
    platforms: &'a str,
}

impl<'a> WheelName<'a> {
    fn parse(file_name: &'a str) -> Option<Self> {
        let mut parts = file_name.strip_suffix(".whl")?.rsplit('-');
        let (platforms, abis, pythons) = (parts.next()?, parts.next()?, parts.next()?);
        let (last, before) = (parts.next()?, parts.next()?);
        // Five parts: name, version and tags. A sixth, before the tags, is the build.
        let build = parts.next().map(|_| last);
        (!before.is_empty() && !last.is_empty()).then_some(Self { build, pythons, abis, platforms })
    }

    /// PEP 427: ordered by its leading digits; none comes first.
    fn build_number(&self) -> Option<u64> {
        let build = self.build?;
        let digits = build.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(build.len());
        build.get(..digits)?.parse().ok()
    }

    fn best_fit(&self, platform: &Platform, python: (u32, u32)) -> Option<Fit> {
        let each_python = self.pythons.split('.').flat_map(|tag| self.abis.split('.').map(move |abi| (tag, abi)));
        let fits = each_python.filter_map(|(tag, abi)| {
            let platforms = self.platforms.split('.');
            platforms.filter_map(|name| fit(tag, abi, name, platform, python)).min()
        });
        fits.min()
    }
}

fn fit(python_tag: &str, abi: &str, platform_tag: &str, platform: &Platform, python: (u32, u32)) -> Option<Fit> {
    let interpreter = PythonTag::parse(python_tag)?;
    if platform_tag == "any" {
        if abi != "none" {
            return None;
        }
        return match interpreter {
            PythonTag::CPython(version) => (version == python).then_some((5, 0, 0)),
            PythonTag::Any { .. } => Some((6, interpreter.distance(python)?, 0)),
        };
    }
    let place = platform_place(platform_tag, platform)?;
    match (interpreter, abi) {
        (PythonTag::CPython(version), "abi3") => {
            let distance = interpreter.distance(python)?;
            Some((if version == python { 1 } else { 3 }, distance, place))
        }
        (PythonTag::CPython(version), "none") => (version == python).then_some((2, 0, place)),
        (PythonTag::CPython(version), _) => (version == python && is_own_abi(abi, python)).then_some((0, 0, place)),
        (PythonTag::Any { .. }, "none") => Some((4, interpreter.distance(python)?, place)),
        (PythonTag::Any { .. }, _) => None,
    }
}

/// Up to Python 3.7 it ends in `m`; free threading in `t`.
fn is_own_abi(abi: &str, (major, minor): (u32, u32)) -> bool {
    let suffix = if (major, minor) < (3, 8) { "m" } else { "" };
    abi == format!("cp{major}{minor}{suffix}")
}

#[derive(Clone, Copy)]
enum PythonTag {
    /// `cp313`.
    CPython((u32, u32)),
    /// `py3`, `py313`.
    Any { major: u32, minor: Option<u32> },
}

impl PythonTag {
    fn parse(tag: &str) -> Option<Self> {
        let (kind, digits) = tag.split_at_checked(2)?;
        let (major, minor) = digits.split_at_checked(1)?;
        let major: u32 = major.parse().ok()?;
        let minor = if minor.is_empty() { None } else { Some(minor.parse::<u32>().ok()?) };
        match kind {
            "cp" => Some(Self::CPython((major, minor?))),
            "py" => Some(Self::Any { major, minor }),
            _ => None,
        }
    }

    /// Distance below the interpreter's version: 0 for its own, 1 for any minor version, more for earlier ones. `None`
    /// for later versions and other majors.
    fn distance(self, (major, minor): (u32, u32)) -> Option<u32> {
        let (tag_major, tag_minor) = match self {
            Self::CPython((major, minor)) => (major, Some(minor)),
            Self::Any { major, minor } => (major, minor),
        };
        if tag_major != major {
            return None;
        }
        match tag_minor {
            None => Some(1),
            Some(tag_minor) if tag_minor == minor => Some(0),
            Some(tag_minor) => minor.checked_sub(tag_minor)?.checked_add(1),
        }
    }
}

/// Position among the platform's tags, the most specific first; `None` if it does not run there.
fn platform_place(tag: &str, platform: &Platform) -> Option<u32> {
    match platform.os {
        OperatingSystem::Linux => linux_place(tag, platform),
        OperatingSystem::Macos => macos_place(tag, platform.arch),
    }
}

/// manylinux from the newest available glibc to the oldest, then the bare `linux` tag. musllinux never fits.
fn linux_place(tag: &str, platform: &Platform) -> Option<u32> {
    let (arch, oldest) = match platform.arch {
        Architecture::Amd64 => ("x86_64", (2, 5)),
        Architecture::Arm64 => ("aarch64", (2, 17)),
    };
    let family = tag.strip_suffix(arch)?.strip_suffix('_')?;
    let (needed, is_old_name) = match family {
        "linux" => return Some(u32::MAX),
        "manylinux1" => ((2, 5), 1),
        "manylinux2010" => ((2, 12), 1),
        "manylinux2014" => ((2, 17), 1),
        _ => {
            let (major, minor) = family.strip_prefix("manylinux_")?.split_once('_')?;
            ((major.parse().ok()?, minor.parse().ok()?), 0)
        }
    };
    // glibc has only ever had major version 2.
    let fits = needed.0 == platform.glibc.0 && needed >= oldest && needed <= platform.glibc;
    let below = if fits { platform.glibc.1.checked_sub(needed.1)? } else { return None };
    below.checked_mul(2)?.checked_add(is_old_name)
}

/// Newest first; below 11 the numbers are 10.16 to 10.4.
fn macos_place(tag: &str, arch: Architecture) -> Option<u32> {
    let mut parts = tag.strip_prefix("macosx_")?.splitn(3, '_');
    let (major, minor): (u32, u32) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let formats: &[&str] = match arch {
        Architecture::Amd64 => &["x86_64", "intel", "fat64", "fat32", "universal2", "universal"],
        Architecture::Arm64 => &["arm64", "universal2"],
    };
    let format = parts.next()?;
    let format_place = u32::try_from(formats.iter().position(|known| *known == format)?).ok()?;
    let release_place = match (major, minor) {
        (11..=MACOS, 0) => MACOS - major,
        (10, 4..=16) if arch == Architecture::Amd64 || format == "universal2" => MACOS + 16 - minor,
        _ => return None,
    };
    Some(release_place * 8 + format_place)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::{best_wheel, is_for_one_python};
    use crate::workspace::lock::Wheel;
    use crate::workspace::platform::Platform;

    fn wheels(tags: &[&str]) -> Vec<Wheel> {
        let named = |tag: &&str| Wheel { file_name: format!("name-1.0-{tag}.whl"), bytes: None, hash: String::new() };
        tags.iter().map(named).collect()
    }

    /// The choice is `tags[expected]`, in whatever order they stand.
    fn check(platform: &str, python: (u32, u32), tags: &[&str], expected: Option<&str>) {
        let platform: Platform = platform.parse().unwrap();
        let mut wheels = wheels(tags);
        for _ in 0..wheels.len().max(1) {
            let best = best_wheel(&wheels, &platform, python).map(|wheel| wheel.file_name.clone());
            assert_eq!(best, expected.map(|tag| format!("name-1.0-{tag}.whl")), "{platform} {python:?}");
            let step = wheels.len().min(1);
            wheels.rotate_left(step);
        }
    }

    #[test]
    fn wheels_for_every_release_of_macos_fit() {
        let tags = ["cp313-cp313-macosx_11_0_arm64", "cp313-cp313-macosx_26_0_arm64"];
        check("darwin/arm64", (3, 13), &tags, Some(tags[1]));
        check("darwin/arm64", (3, 13), &tags[..1], Some(tags[0]));
    }

    #[test]
    fn a_wheel_for_one_python_says_so_in_its_tags() {
        for (tags, expected) in [
            ("cp313-cp313-manylinux_2_17_x86_64", true),
            ("cp313-none-any", true),
            ("cp39-abi3-manylinux_2_17_x86_64", false),
            ("py3-none-any", false),
            ("py2.py3-none-any", false),
        ] {
            let file_name = format!("demo-1.0-{tags}.whl");
            assert_eq!(is_for_one_python(&Wheel { file_name, bytes: None, hash: String::new() }), expected, "{tags}");
        }
    }

    #[test]
    fn the_most_specific_tag_wins() {
        let ordered = [
            "cp313-cp313-manylinux_2_28_x86_64",
            "cp313-cp313-manylinux_2_17_x86_64.manylinux2014_x86_64",
            "cp313-cp313-linux_x86_64",
            "cp313-abi3-manylinux_2_17_x86_64",
            "cp313-none-manylinux_2_17_x86_64",
            "cp312-abi3-manylinux_2_17_x86_64",
            "cp37-abi3-manylinux2014_x86_64",
            "py313-none-manylinux2014_x86_64",
            "py3-none-manylinux2014_x86_64",
            "py312-none-manylinux2014_x86_64",
            "cp313-none-any",
            "py313-none-any",
            "py2.py3-none-any",
            "py312-none-any",
        ];
        for start in 0..ordered.len() {
            check("manylinux_2_28_x86_64", (3, 13), &ordered[start..], Some(ordered[start]));
        }
    }

    #[test]
    fn what_does_not_run_is_never_taken() {
        for tag in [
            "cp312-cp312-manylinux_2_17_x86_64",
            "cp314-abi3-manylinux_2_17_x86_64",
            "cp313-cp313t-manylinux_2_17_x86_64",
            "cp313-cp313-musllinux_1_2_x86_64",
            "cp313-cp313-manylinux_2_39_x86_64",
            "cp313-cp313-manylinux_2_4_x86_64",
            "cp313-cp313-manylinux_3_1_x86_64",
            "cp313-cp313-manylinux_2_17_aarch64",
            "cp313-cp313-macosx_11_0_arm64",
            "cp313-cp313-win_amd64",
            "cp313-cp313-any",
            "pp311-pypy311_pp73-manylinux_2_17_x86_64",
            "py2-none-any",
            "py314-none-any",
            "cp3-none-any",
        ] {
            check("manylinux_2_28_x86_64", (3, 13), &[tag], None);
        }
        check("linux/amd64", (3, 13), &[], None);
    }

    #[test]
    fn old_manylinux_names_stand_for_their_glibc() {
        check("manylinux_2_11_x86_64", (3, 9), &["cp39-cp39-manylinux2010_x86_64"], None);
        check(
            "manylinux_2_12_x86_64",
            (3, 9),
            &["cp39-cp39-manylinux2010_x86_64"],
            Some("cp39-cp39-manylinux2010_x86_64"),
        );
        check("linux/arm64", (3, 9), &["cp39-cp39-manylinux1_aarch64"], None);
        check("linux/arm64", (3, 9), &["cp39-cp39-manylinux2014_aarch64"], Some("cp39-cp39-manylinux2014_aarch64"));
    }

    #[test]
    fn macos_takes_its_own_and_universal_wheels() {
        let tags = ["cp313-cp313-macosx_11_0_arm64", "cp313-cp313-macosx_10_13_universal2", "py3-none-any"];
        check("aarch64-apple-darwin", (3, 13), &tags, Some(tags[0]));
        check("aarch64-apple-darwin", (3, 13), &tags[1..], Some(tags[1]));
        check("aarch64-apple-darwin", (3, 13), &["cp313-cp313-macosx_10_13_x86_64"], None);
        check(
            "darwin/amd64",
            (3, 13),
            &["cp313-cp313-macosx_10_13_x86_64", tags[1]],
            Some("cp313-cp313-macosx_10_13_x86_64"),
        );
    }

    #[test]
    fn the_later_build_wins_and_names_must_be_whole() {
        check(
            "linux/amd64",
            (3, 13),
            &["py3-none-any", "1-py3-none-any", "10-py3-none-any", "2-py3-none-any"],
            Some("10-py3-none-any"),
        );
        let odd = [
            "py3-none-any.whl",
            "-py3-none-any.whl",
            "name--py3-none-any.whl",
            "name-1.0-py3-none-any.tar.gz",
            ".whl",
            "",
        ];
        for name in odd {
            let wheel = Wheel { file_name: name.to_owned(), bytes: None, hash: String::new() };
            assert_eq!(best_wheel(&[wheel], &Platform::default(), (3, 13)), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_name_ends_in_an_answer(
            name in any::<String>(), near in "[a-z0-9_.-]{0,40}", major in any::<u32>(), minor in any::<u32>(),
        ) {
            for text in [name, format!("a-1-{near}.whl"), format!("a-1-cp{minor}-abi3-manylinux_2_{major}_x86_64.whl")] {
                let wheel = Wheel { file_name: text, bytes: None, hash: String::new() };
                for platform in [Platform { glibc: (major, minor), ..Platform::default() }, "aarch64-apple-darwin".parse().unwrap()] {
                    let list = [wheel.clone()];
                    let best = best_wheel(&list, &platform, (major, minor));
                    assert!(best.is_none_or(|best| best == &wheel));
                }
            }
        }
    }
}
