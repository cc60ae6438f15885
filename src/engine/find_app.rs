//! Finds an app by a label, a unique name, or any `py_binary`.

use crate::label::Label;
use crate::workspace::apps::bare_binary;
use crate::workspace::model::{App, Workspace};

/// # Errors
/// A sentence when none or several match.
pub(crate) fn find_app(workspace: &Workspace, text: &str) -> Result<App, String> {
    let wanted = Label::parse_absolute(text).ok();
    let fits = |label: &Label| wanted.as_ref().map_or(label.name() == text, |wanted| wanted == label);
    let apps: Vec<App> = workspace.apps.iter().filter(|app| fits(&app.label)).cloned().collect();
    let found = if apps.is_empty() { binaries(workspace, &fits) } else { apps };
    match found.as_slice() {
        [app] => Ok(app.clone()),
        [] => {
            let near = near_labels(workspace, text);
            let meant = match near.split_last() {
                None => ".".to_owned(),
                Some((only, [])) => format!("; did you mean {only}?"),
                Some((last, rest)) => {
                    let rest: Vec<String> = rest.iter().map(ToString::to_string).collect();
                    format!("; did you mean {} or {last}?", rest.join(", "))
                }
            };
            Err(format!("no app or py_binary is called `{text}`{meant} `layerwright apps` lists the apps"))
        }
        several => {
            let places: Vec<String> =
                several.iter().map(|app| format!("{} ({}:{})", app.label, app.path.display(), app.line)).collect();
            Err(format!("several apps are called `{text}`; use the label: {}", places.join(", ")))
        }
    }
}

/// Least similarity, from 0 to 1, of a suggested name.
const LIKE: f64 = 0.6;
const MOST_NEAR: usize = 3;

/// Returns similar labels of apps and binaries, the likeliest first. Names are compared with names and labels with
/// labels, by Damerau and Levenshtein's distance.
#[must_use]
pub(crate) fn near_labels(workspace: &Workspace, text: &str) -> Vec<Label> {
    let typed = text.trim().to_lowercase();
    let apps = workspace.apps.iter().map(|app| app.label.clone());
    let mut labels: Vec<Label> = apps.chain(binaries(workspace, &|_| true).into_iter().map(|app| app.label)).collect();
    labels.sort();
    labels.dedup();
    let likeness = |label: &Label| {
        let whole = strsim::normalized_damerau_levenshtein(&typed, &label.to_string().to_lowercase());
        let name = strsim::normalized_damerau_levenshtein(&typed, &label.name().to_lowercase());
        let package = label.package().rsplit('/').next().unwrap_or_default().to_lowercase();
        let package = strsim::normalized_damerau_levenshtein(&typed, &package);
        if typed.starts_with("//") { whole } else { whole.max(name).max(package) }
    };
    let mut near: Vec<(f64, Label)> =
        labels.into_iter().map(|label| (likeness(&label), label)).filter(|(likeness, _)| *likeness >= LIKE).collect();
    near.sort_by(|(one, label), (other, than)| other.total_cmp(one).then_with(|| label.cmp(than)));
    near.into_iter().take(MOST_NEAR).map(|(_, label)| label).collect()
}

fn binaries(workspace: &Workspace, fits: &dyn Fn(&Label) -> bool) -> Vec<App> {
    let packages = &workspace.packages;
    let labels =
        packages.iter().flat_map(|(folder, package)| package.targets.keys().map(|name| packages.label(folder, name)));
    labels.filter(|label| fits(label)).filter_map(|label| bare_binary(packages, &label)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::fixture;

    const WORKSPACE: &str = "
        //a
          py_binary one srcs=main.py
          py_binary tool srcs=tool.py
          py_library lib srcs=lib.py
          release_app one
        //b
          py_binary two srcs=main.py
          release_app app binary=:two
        //c
          py_binary two srcs=main.py
          release_app app binary=:two
    ";

    fn check(text: &str, expected: &str) {
        let found = match find_app(&fixture::workspace(WORKSPACE), text) {
            Ok(app) => format!("{} by {}", app.label, app.macro_name),
            Err(problem) => problem,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn takes_labels_unambiguous_names_and_binaries() {
        check("//b:app", "//b:app by release_app");
        check("one", "//a:one by release_app");
        check("tool", "//a:tool by py_binary");
        check("lib", "no app or py_binary is called `lib`. `layerwright apps` lists the apps");
        check(
            "app",
            "several apps are called `app`; use the label: //b:app (b/BUILD.bazel:9), //c:app (c/BUILD.bazel:12)",
        );
    }

    #[test]
    fn says_what_may_have_been_meant() {
        let list = "`layerwright apps` lists the apps";
        check("oen", &format!("no app or py_binary is called `oen`; did you mean //a:one? {list}"));
        check("Tools", &format!("no app or py_binary is called `Tools`; did you mean //a:tool? {list}"));
        check("//b:ap", &format!("no app or py_binary is called `//b:ap`; did you mean //b:app or //c:app? {list}"));
    }
}
