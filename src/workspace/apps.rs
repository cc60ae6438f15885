//! Recognises apps among recorded calls: binary, groups, and why a call can't be edited.

use super::evaluate::evaluated::{EvaluatedPackage, MacroCall};
use super::model::{App, Package, Target, Value, WhyNot, WrittenGroup};
use super::packages::Packages;
use super::repositories::Home;
use crate::label::Label;
use crate::workspace::refusal_code::RefusalCode;

const LONGEST_ALIAS_CHAIN: usize = 20;

/// In order of the calls. `packages` are all of the workspace, for aliases.
#[must_use]
pub fn apps_of(package: &Package, evaluated: &EvaluatedPackage, packages: &Packages) -> Vec<App> {
    let view = View { package, evaluated, packages };
    let mut apps = Vec::new();
    for (index, call) in evaluated.calls.iter().enumerate() {
        if view.is_app(index, call) && !view.callers(call).any(|caller| takes_layers(caller) || is_release(caller)) {
            apps.extend(view.app(index, call));
        }
    }
    apps
}

/// A `py_binary` as an app of its own, for workspaces without such a macro.
#[must_use]
pub fn bare_binary(packages: &Packages, label: &Label) -> Option<App> {
    let package = packages.of(label)?;
    let target = package.targets.get(label.name()).filter(|target| language_of(&target.kind).is_some())?;
    let message = format!(
        "{}:{}: `{}` makes no image; load a macro that takes `dep_layers` and call it for this binary",
        package.build_file.display(),
        target.line,
        target.kind,
    );
    Some(App {
        label: label.clone(),
        macro_name: target.kind.clone(),
        macro_file: None,
        binary: Some(label.clone()),
        path: package.build_file.clone(),
        line: target.line,
        language: language_of(&target.kind).map(str::to_owned),
        dep_layers: None,
        why_not: Some(WhyNot { code: RefusalCode::NotTheMacro, message }),
        made_targets: vec![label.clone()],
    })
}

/// The program behind `label`, through aliases.
#[must_use]
pub fn binary_through_aliases(packages: &Packages, label: Label) -> Option<Label> {
    let mut label = label;
    for _ in 0..LONGEST_ALIAS_CHAIN {
        let found = packages.target(&label)?;
        if language_of(&found.kind).is_some() {
            return Some(label);
        }
        let actual = found.dependencies.iter().find(|dependency| dependency.attribute == "actual");
        label = actual.filter(|_| found.kind == "alias")?.label.clone();
    }
    None
}

struct View<'a> {
    package: &'a Package,
    evaluated: &'a EvaluatedPackage,
    packages: &'a Packages,
}

fn takes_layers(call: &MacroCall) -> bool {
    let declared = call.signature.parameters.iter().flatten().any(|name| name == "dep_layers");
    declared || (call.signature.parameters.is_none() && call.argument("dep_layers").is_some())
}

fn is_release(call: &MacroCall) -> bool {
    call.signature.symbol == "release_app"
}

fn is_image(kind: &str) -> bool {
    matches!(
        kind,
        "oci_image"
            | "oci_image_index"
            | "container_image"
            | "image_manifest"
            | "image_index"
            | "py_image_layer"
            | "py_image"
            | "py3_image"
            | "go_image"
            | "py_oci_image"
            | "docker_build"
    )
}

/// The language of a rule that makes a program.
fn language_of(kind: &str) -> Option<&'static str> {
    match kind.trim_start_matches('_').trim_end_matches("_rule") {
        "py_binary" | "py3_binary" | "py_venv_binary" | "python_binary" | "pw_py_binary" => Some("python"),
        "go_binary" => Some("go"),
        "java_binary" => Some("java"),
        "cc_binary" => Some("cc"),
        "rust_binary" => Some("rust"),
        _ => None,
    }
}

#[must_use]
pub fn is_python_program(kind: &str) -> bool {
    language_of(kind) == Some("python")
}

impl View<'_> {
    fn home(&self) -> Home<'_> {
        self.packages.repositories.at(&self.package.path)
    }

    /// The calls inside which `call` was made, innermost first.
    fn callers<'b>(&'b self, call: &'b MacroCall) -> impl Iterator<Item = &'b MacroCall> {
        let parent = |call: &&'b MacroCall| call.within.and_then(|index| self.evaluated.calls.get(index));
        std::iter::successors(parent(&call), parent)
    }

    fn made<'b>(&'b self, call: &'b MacroCall) -> impl Iterator<Item = (&'b str, &'b Target)> {
        let made = call.made.iter().filter_map(|index| self.evaluated.targets.get(*index));
        made.map(|made| (made.name.as_str(), &made.target))
    }

    fn is_app(&self, index: usize, call: &MacroCall) -> bool {
        if takes_layers(call) || is_release(call) {
            return true;
        }
        // A macro that makes an image from a binary, unless it delegates to a macro that counts by itself.
        let hands_on = self.evaluated.calls.iter().skip(index + 1).any(|inner| {
            (takes_layers(inner) || is_release(inner)) && self.callers(inner).any(|caller| std::ptr::eq(caller, call))
        });
        // A published macro, known by its model, makes layers for its callers.
        let is_own = call.signature.file.as_ref().is_none_or(Label::is_main);
        call.within.is_none()
            && is_own
            && !hands_on
            && self.made(call).any(|(_, target)| is_image(&target.kind))
            && self.binary(call).is_some()
    }

    fn app(&self, index: usize, call: &MacroCall) -> Option<App> {
        let Some(Value::String(name)) = call.argument("name").or_else(|| call.positional.first()) else {
            return None;
        };
        let binary = self.binary(call).or_else(|| self.written_binary(call, name));
        let kind = binary.as_ref().and_then(|label| self.target(label)).and_then(|target| language_of(&target.kind));
        let language = match call.argument("language") {
            Some(Value::String(language)) => Some(language.clone()),
            _ => kind.map(str::to_owned),
        };
        let groups = call.argument("dep_layers");
        Some(App {
            label: self.packages.label(&self.package.path, name),
            macro_name: call.signature.symbol.clone(),
            macro_file: call.signature.file.clone(),
            binary,
            path: self.package.build_file.clone(),
            line: call.line,
            language,
            dep_layers: groups.and_then(|value| written_groups(value, self.home())),
            why_not: self.why_not(index, call, groups),
            made_targets: self.made(call).map(|(name, _)| self.packages.label(&self.package.path, name)).collect(),
        })
    }

    /// The binary in the call's arguments, through aliases, if it exists.
    fn binary(&self, call: &MacroCall) -> Option<Label> {
        let mut candidates =
            ["binary_name", "binary", "bin", "app_target", "target"].map(|name| call.argument(name)).to_vec();
        candidates.push(call.argument("name"));
        let texts = candidates.into_iter().flatten().filter_map(|value| match value {
            Value::String(text) => Some(text.as_str()),
            _ => None,
        });
        texts
            .filter_map(|text| self.home().parse(text).ok())
            .find_map(|label| binary_through_aliases(self.packages, label))
    }

    /// The binary as written, if it does not exist: Bazel would report it missing.
    fn written_binary(&self, call: &MacroCall, name: &str) -> Option<Label> {
        let text = match call.argument("binary_name").or_else(|| call.argument("binary")) {
            Some(Value::String(text)) if !text.is_empty() => text,
            _ => name,
        };
        self.home().parse(text).ok()
    }

    fn target(&self, label: &Label) -> Option<&Target> {
        self.packages.target(label)
    }

    fn why_not(&self, index: usize, call: &MacroCall, groups: Option<&Value>) -> Option<WhyNot> {
        let place = format!("{}:{}", self.package.build_file.display(), call.line);
        let symbol = &call.signature.symbol;
        let why = |code, message: String| Some(WhyNot { code, message });
        if let Some(wrapper) = self.callers(call).last() {
            let wrapper = &wrapper.signature.symbol;
            return why(
                RefusalCode::GeneratedCall,
                format!("{place}: `{symbol}` is called by `{wrapper}`, not by the BUILD file"),
            );
        }
        if !call.direct {
            return why(
                RefusalCode::GeneratedCall,
                format!("{place}: `{symbol}` is called by another function, not by the BUILD file"),
            );
        }
        let same_place = |other: &MacroCall| other.direct && (other.line, other.column) == (call.line, call.column);
        if self.evaluated.calls.iter().enumerate().any(|(at, other)| at != index && same_place(other)) {
            return why(
                RefusalCode::GeneratedCall,
                format!("{place}: one comprehension makes this and other calls of `{symbol}`"),
            );
        }
        if call.in_comprehension {
            return why(RefusalCode::GeneratedCall, format!("{place}: a comprehension makes this call of `{symbol}`"));
        }
        if call.open_ended {
            return why(
                RefusalCode::Kwargs,
                format!("{place}: the call of `{symbol}` takes arguments from `*` or `**`"),
            );
        }
        if !self.accepts_layers(call) {
            let file = call.signature.file.as_ref().map(|file| format!(" of {file}")).unwrap_or_default();
            return why(
                RefusalCode::ParameterMissing,
                format!("{place}: `{symbol}`{file} has no parameter `dep_layers`"),
            );
        }
        let by_position = groups.is_some() && !call.named.iter().any(|(name, _)| name == "dep_layers");
        if by_position {
            return why(RefusalCode::PositionalValue, format!("{place}: `dep_layers` is given without its name"));
        }
        let unread = groups.is_some_and(|value| *value != Value::None && written_groups(value, self.home()).is_none());
        if unread {
            return why(
                RefusalCode::ComputedValue,
                format!("{place}: the value of `dep_layers` can't be read as a list of groups"),
            );
        }
        None
    }

    /// Returns `true` if the call accepts `dep_layers`, by its own parameter or through `**kwargs` to a macro that has
    /// it.
    fn accepts_layers(&self, call: &MacroCall) -> bool {
        if takes_layers(call) {
            return true;
        }
        let inner = self.evaluated.calls.iter().filter(|inner| takes_layers(inner));
        let reaches = |inner: &MacroCall| self.callers(inner).any(|caller| std::ptr::eq(caller, call));
        call.signature.takes_keywords && inner.into_iter().any(reaches)
    }
}

/// `None` for anything but a list of dicts of texts.
#[must_use]
pub fn written_groups(value: &Value, home: Home<'_>) -> Option<Vec<WrittenGroup>> {
    let Value::List(items) = value else {
        return None;
    };
    items.iter().enumerate().map(|(index, item)| written_group(item, index, home)).collect()
}

fn written_group(item: &Value, index: usize, home: Home<'_>) -> Option<WrittenGroup> {
    let Value::Dict(entries) = item else {
        return None;
    };
    let entry = |key: &str| {
        let mut found = entries.iter().filter(|(name, _)| *name == Value::String(key.to_owned()));
        found.next_back().map(|(_, value)| value)
    };
    let name = match entry("name") {
        Some(Value::String(name)) => name.clone(),
        // The macros' default name.
        None => format!("layer_{index}"),
        Some(_) => return None,
    };
    let targets = match entry("targets") {
        None => Vec::new(),
        Some(Value::List(targets)) => {
            targets.iter().map(|target| written_label(target, home)).collect::<Option<_>>()?
        }
        Some(_) => return None,
    };
    Some(WrittenGroup { name, targets })
}

fn written_label(value: &Value, home: Home<'_>) -> Option<Label> {
    match value {
        Value::String(text) => home.parse(text).ok(),
        _ => None,
    }
}
