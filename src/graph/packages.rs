//! The locked packages behind a hub's labels: `@pypi//:fastapi` -> fastapi 0.116.1. Labels keep their spelling.

use std::collections::BTreeMap;

use crate::label::{Label, Repository};
use crate::path_text::slashes;
use crate::workspace::lock::PackageName;
use crate::workspace::lock::resolve::{ResolvedLock, resolve};
use crate::workspace::model::{Hub, Workspace};
use crate::workspace::platform::Platform;

/// The spelling of a hub's labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HubSpelling {
    /// `@pypi//:fastapi`, as in rules_pycross.
    Root,
    /// `@pypi//fastapi`, as in rules_python (in full `@pypi//fastapi:fastapi`).
    Folder,
}

/// A hub with its lock resolved for one platform and Python.
#[derive(Clone, Debug)]
pub struct ResolvedHub {
    /// Without `@`.
    pub repository: String,
    /// Relative to the workspace's root, with `/`.
    pub lock_path: String,
    /// For labels that the graph makes.
    pub spelling: HubSpelling,
    pub packages: ResolvedLock,
}

pub type Hubs = BTreeMap<String, ResolvedHub>;

#[must_use]
pub fn resolve_hubs(workspace: &Workspace, platform: &Platform, python: (u32, u32)) -> Hubs {
    let hubs = workspace.hubs.iter().map(|(name, hub)| {
        let packages = resolve(&hub.lock, platform, python);
        let lock_path = slashes(&hub.lock_path);
        (name.clone(), ResolvedHub { repository: name.clone(), lock_path, spelling: spelling(hub), packages })
    });
    hubs.collect()
}

fn spelling(hub: &Hub) -> HubSpelling {
    match hub.rule_set.as_str() {
        "rules_pycross" => HubSpelling::Root,
        _ => HubSpelling::Folder,
    }
}

impl ResolvedHub {
    #[must_use]
    pub fn label(&self, name: &PackageName) -> Label {
        let repository = Repository::Apparent(self.repository.as_str().into());
        match self.spelling {
            HubSpelling::Root => Label::new(repository, "", name.as_str()),
            HubSpelling::Folder => {
                // rules_python uses underscores in folders.
                let folder = name.as_str().replace('-', "_");
                Label::new(repository, &folder, &folder)
            }
        }
    }

    /// Returns the package of a label if the lock has it: `@hub//:x`, `@hub//x`, `@hub//x:x` and `@hub//x:pkg` name
    /// package `x`; `@hub//:x@1.2` names one version.
    #[must_use]
    pub fn package_of(&self, label: &Label) -> Option<PackageName> {
        let name = package_name(label);
        self.packages.packages.contains_key(&name).then_some(name)
    }

    /// Returns `true` if the package is locked, but not for this platform and Python.
    #[must_use]
    pub fn is_locked_elsewhere(&self, label: &Label) -> bool {
        self.packages.elsewhere.contains(&package_name(label))
    }
}

fn package_name(label: &Label) -> PackageName {
    let text = if label.package().is_empty() { label.name() } else { label.package() };
    PackageName::new(text.split_once('@').map_or(text, |(name, _version)| name))
}
