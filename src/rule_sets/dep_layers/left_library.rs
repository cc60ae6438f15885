//! Layer libraries whose group left the plan, and who still needs them. Anything unknown counts as a use.

use std::path::PathBuf;

use crate::build_file::lexer::{TokenKind, lex};
use crate::build_file::span::LineStarts;
use crate::build_file::string_literal;
use crate::graph::build::target;
use crate::label::Label;
use crate::layers::current::{current_plan, library_members};
use crate::path_text::slashes;
use crate::rewrite::change_set::ChangeSet;
use crate::rewrite::source_tree::{Entry, Overlay, SourceTree};
use crate::rule_sets::dep_layers::migration::Migration;
use crate::workspace::model::{PackageSource, Target};
use crate::workspace::visibility::is_visible;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftLibrary {
    pub label: Label,
    /// Relative to the workspace root.
    pub path: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// Why it must stay; `None` if nothing known needs it.
    pub stays_because: Option<String>,
    /// Other repositories may use it.
    pub is_public: bool,
}

/// Libraries of groups on disk that no group of the plan names, in order.
#[must_use]
pub fn left_libraries(input: &Migration<'_>) -> Vec<LeftLibrary> {
    let on_disk = current_plan(input.workspace, input.app);
    let is_named = |label: &Label| {
        input.plan.groups.iter().any(|group| group.library() == Some(label) || group.targets.contains(label))
    };
    let mut left: Vec<LeftLibrary> = Vec::new();
    for label in on_disk.groups.iter().filter_map(|group| group.library()).filter(|label| !is_named(label)) {
        let package = input.workspace.packages.get(label.package());
        let (Some(package), Some(found)) = (package, target(input.workspace, label)) else { continue };
        if left.iter().any(|library| library.label == *label) {
            continue;
        }
        left.push(LeftLibrary {
            label: label.clone(),
            path: package.build_file.clone(),
            line: found.line,
            stays_because: still_used(input, label, found),
            is_public: found.visibility.iter().any(|label| (label.package(), label.name()) == ("visibility", "public")),
        });
    }
    left
}

/// Who needs the library, in words. The app's own layers don't count, nor targets below its binary whose `deps` can
/// name the library's members instead.
fn still_used(input: &Migration<'_>, library: &Label, found: &Target) -> Option<String> {
    if let Some(name) = &found.macro_name {
        return Some(format!("the macro {name} makes it"));
    }
    let others = input.workspace.apps.iter().filter(|app| app.label != input.app.label);
    for app in others {
        let mut targets = app.dep_layers.iter().flatten().flat_map(|group| &group.targets);
        if targets.any(|label| label == library) {
            return Some(format!("a layer of {} names it", app.label));
        }
    }
    for (path, package) in &input.workspace.packages {
        if let PackageSource::Read { .. } = package.source {
            return Some(format!(
                "{} could not be evaluated, so what it uses is not known",
                package.build_file.display()
            ));
        }
        for (name, user) in &package.targets {
            let label = Label::main(path, name);
            let names_it = user.dependencies.iter().any(|dependency| dependency.label == *library);
            if names_it && !input.app.made_targets.contains(&label) && !can_do_without(input, library, &label, user) {
                return Some(format!("{label} uses it ({}:{})", package.build_file.display(), user.line));
            }
        }
    }
    let unread = input.workspace.findings.iter().find(|finding| {
        let name = finding.path.file_name().and_then(|name| name.to_str());
        matches!(name, Some("BUILD" | "BUILD.bazel"))
            && !input.workspace.packages.values().any(|package| package.build_file == finding.path)
    });
    unread.map(|finding| format!("{} could not be read, so what it uses is not known", finding.path.display()))
}

/// Returns `true` if a target's `deps` can name the library's members in its place.
fn can_do_without(input: &Migration<'_>, library: &Label, label: &Label, user: &Target) -> bool {
    let mut uses = user.dependencies.iter().filter(|dependency| dependency.label == *library);
    let members = library_members(input.workspace, library).unwrap_or_default();
    input.graph.find(label).is_some()
        && user.macro_name.is_none()
        && matches!(user.kind.as_str(), "py_library" | "py_binary")
        && uses.all(|dependency| dependency.attribute == "deps" && dependency.condition.is_none())
        && members.iter().all(|member| {
            target(input.workspace, member)
                .is_none_or(|found| is_visible(input.workspace, member, found, label.package()))
        })
}

/// Where a BUILD or .bzl file still names the library after `changes`, in words: evaluation does not show everything,
/// such as a macro's argument or the branch of a condition.
#[must_use]
pub fn still_named(
    tree: &dyn SourceTree,
    input: &Migration<'_>,
    changes: &ChangeSet,
    library: &Label,
) -> Option<String> {
    let mut after = Overlay::new(tree);
    for change in &changes.files {
        after.change(&change.path.to_string_lossy(), change.after.clone());
    }
    let build_files = input.workspace.packages.iter().map(|(package, found)| {
        let place = if package == library.package() { Place::Home } else { Place::OtherPackage };
        (slashes(&found.build_file), place)
    });
    let modules = tree.bzl_files().into_iter().map(|path| (path, Place::Module));
    for (path, place) in build_files.chain(modules) {
        let Entry::File { bytes, .. } = after.entry(&path) else {
            return Some(format!("{path} can't be read, so what it names is not known"));
        };
        if let Some(line) = line_that_names(&bytes, library, place) {
            return Some(format!("{path}:{line} names it"));
        }
    }
    None
}

/// The kind of file, which decides the meaning of a label without a package.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The BUILD file of the library's package, where the name alone may mean it.
    Home,
    OtherPackage,
    /// A .bzl file, whose `:name` may be used in any package.
    Module,
}

/// The first line with a string that names the library.
fn line_that_names(source: &[u8], library: &Label, place: Place) -> Option<usize> {
    let (package, name) = (library.package(), library.name());
    let whole = format!("//{package}:{name}");
    let short = (package.rsplit('/').next() == Some(name)).then(|| format!("//{package}"));
    let near = format!(":{name}");
    let in_name = |character: char| character.is_ascii_alphanumeric() || "_-.+=@~/".contains(character);
    let holds = |text: &str, words: &str| {
        text.match_indices(words).any(|(at, _)| {
            let rest = text.get(at + words.len()..).unwrap_or_default();
            !rest.starts_with(in_name) && !rest.starts_with(':')
        })
    };
    let (tokens, _) = lex(source);
    let named = tokens.iter().filter(|token| token.kind == TokenKind::String).find(|token| {
        let Ok(value) = string_literal::decode(token.span.slice(source)) else { return true };
        let text = String::from_utf8_lossy(&value);
        holds(&text, &whole)
            || short.as_ref().is_some_and(|short| holds(&text, short))
            || (place == Place::Module && text == near)
            || (place == Place::Home && (text == name || holds(&text, &near)))
    });
    named.map(|token| LineStarts::new(source).position(token.span.start).line)
}

#[cfg(test)]
#[path = "left_library_tests.rs"]
mod tests;
