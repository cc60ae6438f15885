//! The names that Bazel gives other repositories in the runfiles of a program.
//!
//! They depend on Bazel's version and on whether the repository comes from MODULE.bazel or from WORKSPACE. Where no file of
//! the workspace says which, each possible name is given. Works on texts; reads nothing.

/// Name of the main repository in runfiles wherever MODULE.bazel is in use.
const MAIN: &str = "_main";
/// The same in a WORKSPACE that names itself nowhere.
const UNNAMED: &str = "__main__";

/// How a workspace's Bazel names repositories.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepositoryNames {
    /// The main repository.
    pub main: Vec<String>,
    styles: Vec<Style>,
}

/// One way of naming what comes from a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// Bazel 8 and later: `rules_python++pip+hub_name`.
    Plus,
    /// Bazel 7.1 and later: `rules_python~~pip~hub_name`.
    Tilde,
    /// Bazel 6 and 7.0: `rules_python~0.31.0~pip~hub_name`.
    TildeWithVersion,
    /// No module: the name itself.
    Workspace,
}

/// The files that decide.
#[derive(Clone, Copy, Debug, Default)]
pub struct NamingFiles<'a> {
    /// Text of `.bazelversion`.
    pub bazel_version: Option<&'a str>,
    /// Text of `.bazelrc`.
    pub bazelrc: Option<&'a str>,
    /// Whether there is a MODULE.bazel.
    pub has_module: bool,
    /// The names that the workspace gives itself.
    pub own_names: &'a [String],
}

impl Default for RepositoryNames {
    fn default() -> Self {
        Self { main: vec![MAIN.to_owned()], styles: vec![Style::Plus] }
    }
}

impl RepositoryNames {
    /// Returns the names by what the files say.
    #[must_use]
    pub fn new(files: NamingFiles<'_>) -> Self {
        let styles = styles(files);
        let mut main = Vec::new();
        if styles.iter().any(|style| *style != Style::Workspace) {
            main.push(MAIN.to_owned());
        }
        if styles.contains(&Style::Workspace) {
            main.extend(files.own_names.iter().cloned());
            if files.own_names.is_empty() {
                main.push(UNNAMED.to_owned());
            }
        }
        Self { main, styles }
    }

    /// Returns the names of a repository that an extension of a module (name, version) makes, or a rule in WORKSPACE.
    #[must_use]
    pub fn of_extension(&self, (module, version): (&str, Option<&str>), extension: &str, name: &str) -> Vec<String> {
        let name_of = |style: &Style| match style {
            Style::Plus => format!("{module}++{extension}+{name}"),
            Style::Tilde => format!("{module}~~{extension}~{name}"),
            Style::TildeWithVersion => format!("{module}~{}~{extension}~{name}", version.unwrap_or("override")),
            Style::Workspace => name.to_owned(),
        };
        self.styles.iter().map(name_of).collect()
    }

    /// Returns the names of a module that lies in a folder of the workspace.
    #[must_use]
    pub fn of_local_module(&self, name: &str) -> Vec<String> {
        let name_of = |style: &Style| match style {
            Style::Plus => format!("{name}+"),
            Style::Tilde => format!("{name}~"),
            Style::TildeWithVersion => format!("{name}~override"),
            Style::Workspace => name.to_owned(),
        };
        self.styles.iter().map(name_of).collect()
    }
}

fn styles(files: NamingFiles<'_>) -> Vec<Style> {
    if !files.has_module {
        return vec![Style::Workspace];
    }
    let is_set = |flag: &str| files.bazelrc.is_some_and(|text| text.split_whitespace().any(|word| word == flag));
    if is_set("--noenable_bzlmod") || is_set("--enable_bzlmod=false") {
        return vec![Style::Workspace];
    }
    match files.bazel_version.and_then(version) {
        Some((major, _)) if major >= 8 => vec![Style::Plus],
        Some((7, minor)) if minor >= 1 => {
            let is_plus = is_set("--incompatible_use_plus_in_repo_names");
            vec![if is_plus { Style::Plus } else { Style::Tilde }]
        }
        Some((7, _)) => vec![Style::TildeWithVersion],
        Some(_) if is_set("--enable_bzlmod") || is_set("--enable_bzlmod=true") => vec![Style::TildeWithVersion],
        Some(_) => vec![Style::Workspace],
        None => vec![Style::Plus, Style::Tilde],
    }
}

/// Major and minor version in a `.bazelversion`: its first line that is no other program's, as Bazelisk reads it.
fn version(text: &str) -> Option<(u32, u32)> {
    let line =
        text.lines().map(str::trim).find(|line| !line.is_empty() && !line.contains('/') && !line.starts_with('#'))?;
    let mut parts = line.split(|sign: char| !sign.is_ascii_digit());
    Some((parts.next()?.parse().ok()?, parts.next().and_then(|part| part.parse().ok()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(version: &str, bazelrc: &str, main: &[&str], hub: &[&str]) {
        let names = RepositoryNames::new(NamingFiles {
            bazel_version: Some(version).filter(|text| !text.is_empty()),
            bazelrc: Some(bazelrc),
            has_module: true,
            own_names: &["me".to_owned()],
        });
        assert_eq!(names.main, main, "{version} {bazelrc}");
        let found = names.of_extension(("rules_python", Some("0.31.0")), "pip", "hub_311_x");
        assert_eq!(found, hub, "{version} {bazelrc}");
    }

    #[test]
    fn names_follow_the_version_of_bazel() {
        check("8.3.1\n", "", &["_main"], &["rules_python++pip+hub_311_x"]);
        check("buildbuddy-io/5.0.321\n9.1.0\n", "", &["_main"], &["rules_python++pip+hub_311_x"]);
        check("7.7.1", "", &["_main"], &["rules_python~~pip~hub_311_x"]);
        check("7.7.1", "common --incompatible_use_plus_in_repo_names", &["_main"], &["rules_python++pip+hub_311_x"]);
        check("7.0.0", "", &["_main"], &["rules_python~0.31.0~pip~hub_311_x"]);
        check("6.5.0", "common --enable_bzlmod", &["_main"], &["rules_python~0.31.0~pip~hub_311_x"]);
        check("6.5.0", "", &["me"], &["hub_311_x"]);
        check("7.4.1", "common --noenable_bzlmod", &["me"], &["hub_311_x"]);
        check("", "", &["_main"], &["rules_python++pip+hub_311_x", "rules_python~~pip~hub_311_x"]);
    }

    #[test]
    fn a_workspace_file_alone_names_by_itself() {
        let files = NamingFiles::default();
        assert_eq!(RepositoryNames::new(files).main, ["__main__"]);
    }
}
