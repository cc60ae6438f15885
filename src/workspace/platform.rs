//! Platforms of images: names, and Python's view of them. Never asks the machine it runs on.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// With the C library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Platform {
    pub os: OperatingSystem,
    pub arch: Architecture,
    /// Decides which manylinux wheels run; meaningless on macOS.
    pub glibc: (u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum OperatingSystem {
    Linux,
    /// No image runs there, but workspaces name it as a platform.
    Macos,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Architecture {
    Amd64,
    Arm64,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlatformError {
    #[error(
        "{0:?} is no known platform; write linux/amd64 or linux/arm64, or a triple such as x86_64-unknown-linux-gnu"
    )]
    Unknown(String),
    /// musl has other wheels.
    #[error("{0:?} names musl; only Linux with glibc is known")]
    Musl(String),
}

/// Debian 12's, the base of the usual Python images and distroless.
const DEFAULT_GLIBC: (u32, u32) = (2, 36);

/// The patch release that markers see. Markers with one (`python_full_version < '3.11.3'`) concern early patch
/// releases, and images carry late ones.
const LATE_PATCH_RELEASE: u32 = 99;

impl Default for Platform {
    fn default() -> Self {
        Self { os: OperatingSystem::Linux, arch: Architecture::Amd64, glibc: DEFAULT_GLIBC }
    }
}

impl Platform {
    /// CPython's PEP 508 variables for this version (major, minor).
    #[must_use]
    pub fn marker_environment(&self, python: (u32, u32)) -> MarkerEnvironment {
        let (major, minor) = python;
        let (sys_platform, platform_system) = match self.os {
            OperatingSystem::Linux => ("linux", "Linux"),
            OperatingSystem::Macos => ("darwin", "Darwin"),
        };
        let platform_machine = match (self.os, self.arch) {
            (_, Architecture::Amd64) => "x86_64",
            (OperatingSystem::Linux, Architecture::Arm64) => "aarch64",
            (OperatingSystem::Macos, Architecture::Arm64) => "arm64",
        };
        MarkerEnvironment {
            sys_platform,
            platform_system,
            platform_machine,
            python_version: format!("{major}.{minor}"),
            python_full_version: format!("{major}.{minor}.{LATE_PATCH_RELEASE}"),
        }
    }
}

/// PEP 508 variables of CPython on one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkerEnvironment {
    sys_platform: &'static str,
    platform_system: &'static str,
    platform_machine: &'static str,
    python_version: String,
    python_full_version: String,
}

impl MarkerEnvironment {
    /// `None` for an unknown name. Release and version of the operating system are empty, because an image brings no
    /// kernel.
    #[must_use]
    pub fn value(&self, variable: &str) -> Option<&str> {
        Some(match variable {
            "os_name" | "os.name" => "posix",
            "sys_platform" | "sys.platform" => self.sys_platform,
            "platform_system" => self.platform_system,
            "platform_machine" | "platform.machine" => self.platform_machine,
            "platform_python_implementation" | "platform.python_implementation" | "python_implementation" => "CPython",
            "implementation_name" => "cpython",
            "python_version" => &self.python_version,
            "python_full_version" | "implementation_version" => &self.python_full_version,
            "platform_release" | "platform_version" | "platform.version" => "",
            _ => return None,
        })
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let os = match self.os {
            OperatingSystem::Linux => "linux",
            OperatingSystem::Macos => "darwin",
        };
        let arch = match self.arch {
            Architecture::Amd64 => "amd64",
            Architecture::Arm64 => "arm64",
        };
        write!(formatter, "{os}/{arch}")
    }
}

impl FromStr for Platform {
    type Err = PlatformError;

    /// Parses an OCI platform (`linux/arm64`, with or without a variant), a target triple, or a constraint
    /// (`linux_x86_64`, `osx_aarch64`). `manylinux_2_28_x86_64` and `x86_64-linux-gnu.2.28` also set glibc.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || PlatformError::Unknown(text.to_owned());
        // `x86_64` is one word although `_` separates words elsewhere.
        let lower = text.trim().to_ascii_lowercase().replace("x86_64", "amd64").replace("x86-64", "amd64");
        let words: Vec<&str> = lower.split(['/', '-', '_', '.', ':']).filter(|word| !word.is_empty()).collect();
        if words.iter().any(|word| word.starts_with("musl")) {
            return Err(PlatformError::Musl(text.to_owned()));
        }
        let arch = one_of(&words, |word| match word {
            "amd64" | "x64" => Some(Architecture::Amd64),
            "arm64" | "aarch64" => Some(Architecture::Arm64),
            _ => None,
        });
        let os = one_of(&words, |word| match word {
            "linux" | "manylinux" | "manylinux2014" => Some(OperatingSystem::Linux),
            "darwin" | "macos" | "macosx" | "osx" => Some(OperatingSystem::Macos),
            _ => None,
        });
        let (os, arch) = os.zip(arch).ok_or_else(unknown)?;
        if words.iter().any(|word| !is_platform_word(word)) {
            return Err(unknown());
        }
        let glibc = match os {
            OperatingSystem::Linux => named_glibc(&words).unwrap_or(DEFAULT_GLIBC),
            OperatingSystem::Macos => DEFAULT_GLIBC,
        };
        Ok(Self { os, arch, glibc })
    }
}

/// The single meaning among the words; `None` if none or two different ones.
fn one_of<T: PartialEq>(words: &[&str], meaning: impl Fn(&str) -> Option<T>) -> Option<T> {
    let mut meanings = words.iter().filter_map(|word| meaning(word));
    let first = meanings.next()?;
    meanings.all(|other| other == first).then_some(first)
}

fn is_platform_word(word: &str) -> bool {
    const KNOWN: [&str; 19] = [
        "amd64",
        "x64",
        "arm64",
        "aarch64",
        "linux",
        "manylinux",
        "manylinux2014",
        "darwin",
        "macos",
        "macosx",
        "osx",
        "unknown",
        "apple",
        "pc",
        "gnu",
        "v8",
        "v1",
        "v2",
        "v3",
    ];
    KNOWN.contains(&word) || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// The numbers after `manylinux` or `gnu`; `manylinux2014` is 2.17 (PEP 599).
fn named_glibc(words: &[&str]) -> Option<(u32, u32)> {
    if words.contains(&"manylinux2014") {
        return Some((2, 17));
    }
    let mut after = words.iter().skip_while(|word| !matches!(**word, "manylinux" | "gnu")).skip(1);
    Some((after.next()?.parse().ok()?, after.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{Architecture, OperatingSystem, Platform};

    #[test]
    fn reads_every_usual_spelling() {
        let check = |text: &str, printed: &str| {
            let platform: Platform = text.parse().unwrap();
            assert_eq!(platform.to_string(), printed, "{text}");
            assert_eq!(platform.to_string().parse::<Platform>().unwrap().to_string(), printed);
        };
        for text in ["linux/amd64", "linux_x86_64", "x86_64-unknown-linux-gnu", "Linux-x86_64", "linux/amd64/v3"] {
            check(text, "linux/amd64");
        }
        for text in ["linux/arm64", "linux_arm64", "linux_aarch64", "aarch64-unknown-linux-gnu", "linux/arm64/v8"] {
            check(text, "linux/arm64");
        }
        check("aarch64-apple-darwin", "darwin/arm64");
        check("osx_x86_64", "darwin/amd64");
        check("macosx_11_0_arm64", "darwin/arm64");
    }

    #[test]
    fn a_glibc_can_be_named() {
        let glibc = |text: &str| text.parse::<Platform>().unwrap().glibc;
        assert_eq!(glibc("manylinux_2_28_x86_64"), (2, 28));
        assert_eq!(glibc("aarch64-unknown-linux-gnu.2.31"), (2, 31));
        assert_eq!(glibc("manylinux2014_aarch64"), (2, 17));
        assert_eq!(glibc("linux/amd64"), Platform::default().glibc);
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        for text in
            ["", "linux", "amd64", "windows/amd64", "linux/arm/v7", "linux/amd64/arm64", "linux-amd64-android", "ä/ö"]
        {
            assert!(text.parse::<Platform>().is_err(), "{text}");
        }
        let error = "x86_64-unknown-linux-musl".parse::<Platform>().unwrap_err().to_string();
        assert!(error.contains("musl"), "{error}");
    }

    #[test]
    fn python_speaks_of_itself_as_on_the_platform() {
        let environment = Platform::default().marker_environment((3, 13));
        assert_eq!(environment.value("python_version"), Some("3.13"));
        assert_eq!(environment.value("sys_platform"), Some("linux"));
        assert_eq!(environment.value("platform_machine"), Some("x86_64"));
        assert_eq!(environment.value("no_such_thing"), None);
        let mac = Platform { os: OperatingSystem::Macos, arch: Architecture::Arm64, ..Platform::default() };
        assert_eq!(mac.marker_environment((3, 9)).value("platform_machine"), Some("arm64"));
        let arm: Platform = "linux/arm64".parse().unwrap();
        assert_eq!(arm.marker_environment((3, 9)).value("platform_machine"), Some("aarch64"));
    }
}
