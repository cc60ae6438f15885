//! The locked packages behind the labels of a hub: `@pypi//:fastapi` -> fastapi 0.116.1.
//!
//! A hub's labels keep their spelling; this module only says which package each stands for.

use std::collections::BTreeMap;

use crate::label::{Label, Repository};
use crate::path_text::slashes;
use crate::workspace::lock::PackageName;
use crate::workspace::lock::resolve::{ResolvedLock, resolve};
use crate::workspace::model::{Hub, Workspace};
use crate::workspace::platform::Platform;

/// How a hub spells the label of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HubSpelling {
    /// `@pypi//:fastapi`, as rules_pycross makes them.
    Root,
    /// `@pypi//fastapi`, as rules_python makes them (`@pypi//fastapi:fastapi` when written whole).
    Folder,
}

/// One hub with its lock resolved for the chosen platform and Python.
#[derive(Clone, Debug)]
pub struct ResolvedHub {
    /// Repository name without `@`.
    pub repository: String,
    /// The lock file, relative to the workspace's root, with `/`.
    pub lock_path: String,
    /// How its labels are spelled where the graph has to make one.
    pub spelling: HubSpelling,
    /// The packages.
    pub packages: ResolvedLock,
}

/// Every hub by its repository name.
pub type Hubs = BTreeMap<String, ResolvedHub>;

/// Resolves every hub of the workspace for one platform and Python.
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
    /// The label that the graph gives to one of its packages.
    #[must_use]
    pub fn label(&self, name: &PackageName) -> Label {
        let repository = Repository::Apparent(self.repository.as_str().into());
        match self.spelling {
            HubSpelling::Root => Label::new(repository, "", name.as_str()),
            HubSpelling::Folder => {
                // rules_python makes the folder's name with underscores.
                let folder = name.as_str().replace('-', "_");
                Label::new(repository, &folder, &folder)
            }
        }
    }

    /// The package that a label of this hub stands for, if the lock has it.
    ///
    /// `@hub//:x`, `@hub//x`, `@hub//x:x` and `@hub//x:pkg` all name package `x`; `@hub//:x@1.2` names one version.
    #[must_use]
    pub fn package_of(&self, label: &Label) -> Option<PackageName> {
        let name = package_name(label);
        self.packages.packages.contains_key(&name).then_some(name)
    }

    /// Whether the lock has the package, but not for this platform and Python.
    #[must_use]
    pub fn is_locked_elsewhere(&self, label: &Label) -> bool {
        self.packages.elsewhere.contains(&package_name(label))
    }
}

fn package_name(label: &Label) -> PackageName {
    let text = if label.package().is_empty() { label.name() } else { label.package() };
    PackageName::new(text.split_once('@').map_or(text, |(name, _version)| name))
}
