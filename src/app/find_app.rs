//! Finds an app by what a person types: a label, a name that only one app has, or any `py_binary`.

use crate::label::Label;
use crate::workspace::apps::bare_binary;
use crate::workspace::model::{App, Workspace};

/// Finds the app that answers to `text`.
///
/// # Errors
/// A sentence when no app, or more than one, answers to it.
pub fn find_app(workspace: &Workspace, text: &str) -> Result<App, String> {
    let wanted = Label::parse_absolute(text).ok();
    let fits = |label: &Label| wanted.as_ref().map_or(label.name() == text, |wanted| wanted == label);
    let apps: Vec<App> = workspace.apps.iter().filter(|app| fits(&app.label)).cloned().collect();
    let found = if apps.is_empty() { binaries(workspace, &fits) } else { apps };
    match found.as_slice() {
        [app] => Ok(app.clone()),
        [] => Err(format!("no app or py_binary answers to `{text}`; `layerwright apps` lists the apps")),
        several => {
            let places: Vec<String> =
                several.iter().map(|app| format!("{} ({}:{})", app.label, app.path.display(), app.line)).collect();
            Err(format!("`{text}` names several apps, so write the whole label: {}", places.join(", ")))
        }
    }
}

fn binaries(workspace: &Workspace, fits: &dyn Fn(&Label) -> bool) -> Vec<App> {
    let packages = workspace.packages.values();
    let names = packages.flat_map(|package| package.targets.keys().map(move |name| (package, name)));
    let fitting = names.filter(|(package, name)| fits(&Label::main(&package.path, name)));
    fitting.filter_map(|(package, name)| bare_binary(package, name)).collect()
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
        check("//a", "no app or py_binary answers to `//a`; `layerwright apps` lists the apps");
        check("tool", "//a:tool by py_binary");
        check("lib", "no app or py_binary answers to `lib`; `layerwright apps` lists the apps");
        check(
            "app",
            "`app` names several apps, so write the whole label: //b:app (b/BUILD.bazel:9), //c:app (c/BUILD.bazel:12)",
        );
    }
}
