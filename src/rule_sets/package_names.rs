//! What a package is called in a program's runfiles: the repository that it comes in, and the modules that it installs.

use crate::workspace::lock::{PackageName, Wheel};
use crate::workspace::model::{Hub, Workspace};
use crate::workspace::platform::{Architecture, Platform};

/// Modules of packages that are called otherwise.
const IMPORT_NAMES: &str = include_str!("../../assets/import_names.txt");

/// A locked package with what decides its name.
#[derive(Clone, Copy)]
pub(crate) struct Package<'a> {
    pub(crate) name: &'a PackageName,
    pub(crate) version: &'a str,
    pub(crate) wheel: Option<&'a Wheel>,
    /// Whether its wheel holds machine code, where the wheel itself is not known.
    pub(crate) is_native: Option<bool>,
}

impl Package<'_> {
    /// Returns the name with underscores, as it stands in file names.
    pub(crate) fn underscored(&self) -> String {
        self.name.as_str().replace('-', "_")
    }

    /// Returns the modules that it installs, the main one first; a module of one file with its ending.
    pub(crate) fn modules(&self) -> Vec<String> {
        let line = IMPORT_NAMES.lines().find_map(|line| line.strip_prefix(self.name.as_str())?.strip_prefix(' '));
        line.map_or_else(|| vec![self.underscored()], |line| line.split(' ').map(str::to_owned).collect())
    }

    /// Returns the names that its repository can have for `python`.
    pub(crate) fn repositories(
        &self,
        workspace: &Workspace,
        hub: &Hub,
        python: (u32, u32),
        platform: &Platform,
    ) -> Vec<String> {
        let name = self.underscored();
        let hub_name = &hub.repository;
        let of = |module: &str, extension: &str, repository: String| {
            let names = &workspace.repository_names;
            let known = workspace.modules.values().find(|known| known.name == module);
            names.of_extension((module, known.and_then(|known| known.version.as_deref())), extension, &repository)
        };
        match hub.rule_set.as_str() {
            "aspect_rules_py" => {
                let version = self.version.replace(['.', '+'], "_");
                of("aspect_rules_py", "uv", format!("whl_install__{hub_name}__{name}__{version}"))
            }
            "rules_pycross" => {
                let found = of("rules_pycross", "lock_repos", hub_name.clone());
                found.into_iter().map(|of| format!("{of}/_lock/{}@{}", self.name.as_str(), self.version)).collect()
            }
            _ if hub.in_workspace => vec![format!("{hub_name}_{name}")],
            _ => {
                let (major, minor) = python;
                let mut prefixes = vec![format!("{hub_name}_{major}{minor}_")];
                if has_one_python(workspace) {
                    prefixes.push(format!("{hub_name}_"));
                }
                let names = if hub.downloads { self.by_wheel(python, platform) } else { vec![name] };
                let all = prefixes.iter().flat_map(|prefix| names.iter().map(move |name| format!("{prefix}{name}")));
                all.flat_map(|repository| of("rules_python", "pip", repository)).collect()
            }
        }
    }

    /// Returns the names that rules_python gives the repository of one downloaded wheel (`whl_repo_name.bzl`): of each group
    /// of tags the first, and the start of the hash.
    fn by_wheel(&self, (major, minor): (u32, u32), platform: &Platform) -> Vec<String> {
        let name = self.underscored();
        let pure = format!("{name}_py3_none_any_00000000");
        let arch = match platform.arch {
            Architecture::Amd64 => "x86_64",
            Architecture::Arm64 => "aarch64",
        };
        let native = format!("{name}_cp{major}{minor}_cp{major}{minor}_manylinux_2_17_{arch}_00000000");
        match (self.wheel, self.is_native) {
            (Some(wheel), _) => vec![name_of_wheel(&name, wheel).unwrap_or(pure)],
            (None, Some(true)) => vec![native],
            (None, Some(false)) => vec![pure],
            (None, None) => vec![pure, native],
        }
    }
}

/// Returns whether hubs may be of the time before rules_python had a version of Python in the names of repositories.
fn has_one_python(workspace: &Workspace) -> bool {
    let module = workspace.modules.values().find(|module| module.name == "rules_python");
    module.and_then(|module| module.numbers()).is_some_and(|numbers| numbers < [0, 25, 0])
}

fn name_of_wheel(name: &str, wheel: &Wheel) -> Option<String> {
    let tags = wheel.file_name.strip_suffix(".whl")?;
    let mut tags = tags.rsplitn(4, '-').map(|tag| tag.split('.').next().unwrap_or(tag));
    let (platform, abi, python) = (tags.next()?, tags.next()?, tags.next()?);
    let hash = wheel.hash.rsplit(':').next().and_then(|hash| hash.get(..8)).unwrap_or("00000000");
    Some(format!("{name}_{python}_{abi}_{platform}_{hash}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package<'a>(name: &'a PackageName, wheel: Option<&'a Wheel>, is_native: Option<bool>) -> Package<'a> {
        Package { name, version: "1.0", wheel, is_native }
    }

    #[test]
    fn modules_are_called_as_the_package_or_as_the_table_says() {
        for (name, modules) in [
            ("fastapi", vec!["fastapi"]),
            ("scikit-learn", vec!["sklearn"]),
            ("six", vec!["six.py"]),
            ("my-lib", vec!["my_lib"]),
        ] {
            assert_eq!(package(&PackageName::new(name), None, None).modules(), modules, "{name}");
        }
    }

    #[test]
    fn a_downloaded_wheel_gives_its_tags_to_its_repository() {
        let name = PackageName::new("numpy");
        let wheel = Wheel {
            file_name: "numpy-2.3.2-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl".to_owned(),
            bytes: None,
            hash: "sha256:0123456789ab".to_owned(),
        };
        let names = |wheel, is_native| package(&name, wheel, is_native).by_wheel((3, 12), &Platform::default());
        assert_eq!(names(Some(&wheel), None), ["numpy_cp312_cp312_manylinux_2_27_x86_64_01234567"]);
        assert_eq!(names(None, Some(false)), ["numpy_py3_none_any_00000000"]);
        assert_eq!(names(None, None).len(), 2);
    }

    #[test]
    fn the_table_is_sorted_and_names_what_differs() {
        let rows: Vec<&str> = IMPORT_NAMES.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.is_sorted());
        for row in rows {
            let (name, modules) = row.split_once(' ').unwrap();
            assert_ne!(name.replace('-', "_"), modules, "{row}");
        }
    }
}
