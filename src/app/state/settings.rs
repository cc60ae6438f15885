//! Choices that are saved between starts.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::label::Label;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    #[default]
    System,
    Light,
    Dark,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: ThemeChoice,
    /// In percent; zero follows the system.
    pub scale_percent: u32,
    /// The latest first.
    pub recent: Vec<PathBuf>,
    /// `None` for the demo.
    pub last: Option<PathBuf>,
    pub apps: Vec<RememberedApp>,
    /// Whether package indexes are asked for sizes without a click, in every workspace.
    pub fetch_sizes_always: bool,
    /// The workspaces in which they are.
    pub fetch_sizes_in: Vec<PathBuf>,
}

/// Where package indexes are asked for sizes without a click.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FetchUnasked {
    /// Nowhere.
    #[default]
    Never,
    /// In this workspace.
    Here,
    /// In every workspace.
    Always,
}

const RECENT_LIMIT: usize = 10;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedApp {
    /// As it was opened.
    pub workspace: PathBuf,
    pub app: String,
}

impl Settings {
    /// `None` for the demo.
    pub fn remember_workspace(&mut self, path: Option<&Path>) {
        self.last = path.map(Path::to_owned);
        let Some(path) = path else { return };
        self.recent.retain(|recent| recent != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(RECENT_LIMIT);
        self.apps.retain(|remembered| self.recent.contains(&remembered.workspace));
    }

    /// Returns whether indexes are asked without a click in the workspace with this root.
    #[must_use]
    pub fn fetch_unasked(&self, root: &Path) -> FetchUnasked {
        if self.fetch_sizes_always {
            FetchUnasked::Always
        } else if self.fetch_sizes_in.iter().any(|workspace| workspace == root) {
            FetchUnasked::Here
        } else {
            FetchUnasked::Never
        }
    }

    /// Remembers whether indexes are asked without a click.
    pub fn set_fetch_unasked(&mut self, root: &Path, choice: FetchUnasked) {
        self.fetch_sizes_always = choice == FetchUnasked::Always;
        self.fetch_sizes_in.retain(|workspace| workspace != root);
        if choice == FetchUnasked::Here {
            self.fetch_sizes_in.push(root.to_owned());
        }
    }

    pub fn remember_app(&mut self, workspace: &Path, app: &Label) {
        self.apps.retain(|remembered| remembered.workspace != workspace);
        self.apps.push(RememberedApp { workspace: workspace.to_owned(), app: app.to_string() });
    }

    #[must_use]
    pub fn remembered_app(&self, workspace: &Path) -> Option<Label> {
        let remembered = self.apps.iter().find(|remembered| remembered.workspace == workspace)?;
        Label::parse_absolute(&remembered.app).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asking_an_index_is_allowed_for_one_workspace_or_for_all() {
        let (mut settings, one, two) = (Settings::default(), Path::new("/one"), Path::new("/two"));
        let of = |settings: &Settings| [one, two].map(|root| settings.fetch_unasked(root));
        assert_eq!(of(&settings), [FetchUnasked::Never; 2]);
        settings.set_fetch_unasked(one, FetchUnasked::Here);
        settings.set_fetch_unasked(one, FetchUnasked::Here);
        assert_eq!((of(&settings), settings.fetch_sizes_in.len()), ([FetchUnasked::Here, FetchUnasked::Never], 1));
        settings.set_fetch_unasked(two, FetchUnasked::Always);
        assert_eq!(of(&settings), [FetchUnasked::Always; 2]);
        settings.set_fetch_unasked(two, FetchUnasked::Never);
        assert_eq!(of(&settings), [FetchUnasked::Here, FetchUnasked::Never]);
    }

    #[test]
    fn remembers_the_last_app_of_each_recent_workspace() {
        let mut settings = Settings::default();
        let label = |text| Label::parse_absolute(text).unwrap();
        let (one, two) = (Path::new("/one"), Path::new("/two"));
        for (path, app) in [(one, "//a:a"), (two, "//b:b"), (one, "//c:c")] {
            settings.remember_workspace(Some(path));
            settings.remember_app(path, &label(app));
        }
        assert_eq!(settings.recent, [one, two]);
        assert_eq!(settings.last.as_deref(), Some(one));
        assert_eq!([one, two].map(|path| settings.remembered_app(path)), [Some(label("//c:c")), Some(label("//b:b"))]);
        let text = toml::to_string(&settings).unwrap();
        assert_eq!(toml::from_str::<Settings>(&text).unwrap(), settings);
        (0..RECENT_LIMIT).for_each(|at| settings.remember_workspace(Some(Path::new(&format!("/{at}")))));
        assert_eq!(settings.remembered_app(one), None);
        settings.remember_workspace(None);
        assert_eq!((settings.last.clone(), settings.recent.len()), (None, RECENT_LIMIT));
    }
}
