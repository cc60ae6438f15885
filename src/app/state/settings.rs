//! What the user chose: how numbers are counted, and how the window looks. Saved between starts.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::label::Label;

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThemeChoice {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What is kept between two starts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Theme.
    pub theme: ThemeChoice,
    /// Size of everything, in percent; zero means as the system says.
    pub scale_percent: u32,
    /// Workspaces opened before, the latest first.
    pub recent: Vec<PathBuf>,
    /// The workspace that was open last; `None` for the demo.
    pub last: Option<PathBuf>,
    /// The app that was open last in each recent workspace.
    pub apps: Vec<RememberedApp>,
}

/// How many workspaces the list of recent ones holds.
const RECENT_LIMIT: usize = 10;

/// The app that was open last in a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RememberedApp {
    /// The workspace, as it was opened.
    pub workspace: PathBuf,
    /// The app's label.
    pub app: String,
}

impl Settings {
    /// Remembers that a workspace was opened; `None` for the demo.
    pub fn remember_workspace(&mut self, path: Option<&Path>) {
        self.last = path.map(Path::to_owned);
        let Some(path) = path else { return };
        self.recent.retain(|recent| recent != path);
        self.recent.insert(0, path.to_owned());
        self.recent.truncate(RECENT_LIMIT);
        self.apps.retain(|remembered| self.recent.contains(&remembered.workspace));
    }

    /// Remembers that an app of a workspace was opened.
    pub fn remember_app(&mut self, workspace: &Path, app: &Label) {
        self.apps.retain(|remembered| remembered.workspace != workspace);
        self.apps.push(RememberedApp { workspace: workspace.to_owned(), app: app.to_string() });
    }

    /// The app that was open last in a workspace.
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
