//! Finds the call that an edit means by its function and evaluated name. Never by a literal name alone: an app often
//! has the name of its binary.

use crate::build_file::fold::FoldedCall;
use crate::build_file::span::Span;
use crate::build_file::tree::{Argument, ArgumentKind, ExpressionId, ExpressionKind};
use crate::label::Label;

use crate::rewrite::macros::{self, Macro};
use crate::rewrite::package_file::PackageFile;
use crate::rewrite::refusal::{Refusal, RefusalCode};
use crate::rewrite::source_tree::SourceTree;

pub(crate) struct FoundCall<'a> {
    pub(crate) call: &'a FoldedCall,
    pub(crate) id: ExpressionId,
    /// If it is one of the workspace.
    pub(crate) function: Option<Macro>,
}

/// Package and name of `target`, as a request of `package` writes it.
pub(crate) fn address(target: &str, package: &str) -> (String, String) {
    match Label::parse(target, package) {
        Ok(label) if label.is_main() => (label.package().to_owned(), label.name().to_owned()),
        _ => (package.to_owned(), target.to_owned()),
    }
}

impl<'a> PackageFile<'a> {
    fn call_at(&self, span: Span) -> Option<ExpressionId> {
        let is_call = |id: &ExpressionId| {
            let expression = self.file.tree.expression(*id);
            expression.span == span && matches!(expression.kind, ExpressionKind::Call { .. })
        };
        self.file.tree.ids().find(is_call)
    }

    pub(crate) fn written_arguments(&self, id: ExpressionId) -> &[Argument] {
        match &self.file.tree.expression(id).kind {
            ExpressionKind::Call { arguments, .. } => arguments,
            _ => &[],
        }
    }

    pub(crate) fn keyword(&self, id: ExpressionId, name: &str) -> Option<&Argument> {
        self.written_arguments(id)
            .iter()
            .find(|argument| matches!(&argument.kind, ArgumentKind::Keyword(keyword) if keyword == name))
    }

    fn resolve(&self, call: &FoldedCall) -> Option<Macro> {
        macros::resolve(self.tree, call.loaded.as_ref()?, &self.package)
    }

    /// Returns `true` if the function takes the argument, or can't be read and already has it.
    fn takes(&self, call: &FoldedCall, function: Option<&Macro>, argument: &str) -> bool {
        match function {
            Some(function) => function.takes(self.tree, argument),
            None => call.argument(argument).is_some(),
        }
    }

    /// Finds the call of this name whose function takes an argument that no plain rule has, such as `dep_layers`.
    ///
    /// # Errors
    /// A refusal with the reason why no call of this name takes it.
    pub(crate) fn find_call(&self, name: &str, argument: &str) -> Result<FoundCall<'_>, Refusal> {
        let named: Vec<&FoldedCall> = self.calls.iter().filter(|call| call.name() == Some(name)).collect();
        let (mut taking, mut others) = (Vec::new(), Vec::new());
        for call in named {
            let function = self.resolve(call);
            let takes = self.takes(call, function.as_ref(), argument);
            if takes { &mut taking } else { &mut others }.push((call, function));
        }
        if taking.len() > 1 {
            return Err(self.ambiguous(name, &taking.iter().map(|(call, _)| *call).collect::<Vec<_>>()));
        }
        match taking.pop() {
            Some((call, function)) => self.found(name, call, function),
            None => Err(self.refuse_call(name, others, argument)),
        }
    }

    fn found<'f>(
        &'f self,
        name: &str,
        call: &'f FoldedCall,
        function: Option<Macro>,
    ) -> Result<FoundCall<'f>, Refusal> {
        if let Some(line) = call.comprehension_line {
            return Err(self.made_by_comprehension(name, call, line));
        }
        match self.call_at(call.span) {
            Some(id) => Ok(FoundCall { call, id, function }),
            None => Err(self.refuse(
                RefusalCode::SelfCheck,
                call.span.start,
                format!("The call of {name} has no place in the tree."),
            )),
        }
    }

    fn made_by_comprehension(&self, name: &str, call: &FoldedCall, line: usize) -> Refusal {
        let siblings: Vec<&str> = self
            .calls
            .iter()
            .filter(|other| other.span == call.span)
            .filter_map(FoldedCall::name)
            .filter(|other| *other != name)
            .take(5)
            .collect();
        let also = if siblings.is_empty() { String::new() } else { format!(" together with {}", siblings.join(", ")) };
        let message = format!(
            "{name} is made by a comprehension at line {line} of {}: the call of {} at line {} makes it{also}, so an edit would change them \
             all. Write the call of {name} out on its own first.",
            self.path, call.function, call.line
        );
        self.refuse(RefusalCode::GeneratedCall, call.span.start, message)
    }

    fn ambiguous(&self, name: &str, calls: &[&FoldedCall]) -> Refusal {
        let places: Vec<String> = calls.iter().map(|call| format!("{} at line {}", call.function, call.line)).collect();
        let message = format!(
            "{} calls in {} are named {name}: {}. Rename all but one of them.",
            calls.len(),
            self.path,
            places.join(", ")
        );
        self.refuse(RefusalCode::AmbiguousTarget, calls.first().map_or(0, |call| call.span.start), message)
    }

    fn refuse_call(&self, name: &str, mut named: Vec<(&FoldedCall, Option<Macro>)>, argument: &str) -> Refusal {
        for (call, function) in &named {
            let inner = function
                .as_ref()
                .and_then(|function| Some((function, function.calls_one_that_takes(self.tree, argument)?)));
            if let Some((function, (inner, line))) = inner {
                let message = format!(
                    "{name} is made by the macro {} (line {} of {}), which calls {} in {} at line {line} of {} and passes no {argument} on. Give {} \
                     a {argument} parameter, or call {} directly.",
                    function.symbol,
                    call.line,
                    self.path,
                    inner.symbol,
                    function.module_label(),
                    function.module.path,
                    function.symbol,
                    inner.symbol
                );
                return self.refuse(RefusalCode::GeneratedCall, call.span.start, message);
            }
        }
        // The call of a macro tells more than that of a rule.
        named.sort_by_key(|(call, function)| (function.is_none(), call.line));
        let Some((call, function)) = named.into_iter().next() else {
            return self.no_such_call(name, argument);
        };
        let Some(function) = function else {
            let from = call.loaded.as_ref().map(|loaded| format!(" from {}", loaded.module)).unwrap_or_default();
            let known = self.known_homes(&call.function, argument);
            let message = format!(
                "{name} at line {} of {} is a call of {}{from}, and that is not known to take {argument}. {known}",
                call.line, self.path, call.function
            );
            return self.refuse(RefusalCode::NotTheMacro, call.span.start, message);
        };
        let homes = homes_of(self.tree, &function.symbol, argument);
        let (symbol, module, place) =
            (&function.symbol, function.module_label(), format!("{} line {}", function.module.path, function.line));
        if let Some(home) = homes.first() {
            let message = format!(
                "{name} at line {} of {} calls {symbol} from {module} ({place}), which has no {argument} parameter; the {symbol} that takes {argument} \
                 is in {home}. Load that one instead.",
                call.line, self.path
            );
            return self.refuse(RefusalCode::NotTheMacro, call.span.start, message);
        }
        let parameters: Vec<&str> =
            function.definition.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        let message = format!(
            "{symbol} in {module} ({place}) has no {argument} parameter, so {name} at line {} of {} can't be given layers. Its parameters are {}. Add \
             {argument} to the macro first.",
            call.line,
            self.path,
            parameters.join(", ")
        );
        self.refuse(RefusalCode::ParameterMissing, call.span.start, message)
    }

    fn known_homes(&self, function: &str, argument: &str) -> String {
        match homes_of(self.tree, function, argument).first() {
            Some(home) => format!("A {function} that takes {argument} is in {home}."),
            None => format!("Call a macro that has a {argument} parameter."),
        }
    }

    fn no_such_call(&self, name: &str, argument: &str) -> Refusal {
        let apps: Vec<(&FoldedCall, String)> = self
            .calls
            .iter()
            .filter(|call| self.takes(call, self.resolve(call).as_ref(), argument))
            .map(|call| (call, call.name().unwrap_or("(computed name)").to_owned()))
            .collect();
        let unnamed = apps.iter().map(|(call, _)| *call).find(|call| call.name().is_none());
        if let Some(call) = unnamed {
            let how = if call.comprehension_line.is_some() { "a comprehension" } else { "a computed name" };
            let message = format!(
                "No call in {} is named {name}; the call of {} at line {} has {how} whose result only Bazel knows, and may be the one. Write its \
                 name out.",
                self.path, call.function, call.line
            );
            return self.refuse(RefusalCode::GeneratedCall, call.span.start, message);
        }
        let names: Vec<String> = apps.into_iter().map(|(call, name)| format!("{name} (line {})", call.line)).collect();
        let there =
            if names.is_empty() { "there is none".to_owned() } else { format!("there are {}", names.join(", ")) };
        let message = format!("No call in {} that takes {argument} is named {name}; {there}.", self.path);
        Refusal::new(RefusalCode::NotTheMacro, &self.path, None, message)
    }

    /// Finds the call that makes the target and has, or could have, the argument.
    pub(crate) fn find_target(&self, name: &str, argument: &str) -> Result<FoundCall<'_>, Refusal> {
        let mut found: Vec<(&FoldedCall, Option<Macro>)> = self
            .calls
            .iter()
            .filter(|call| call.name() == Some(name))
            .map(|call| (call, self.resolve(call)))
            .filter(|(call, function)| {
                call.argument(argument).is_some()
                    || function.as_ref().is_none_or(|function| function.takes(self.tree, argument))
            })
            .collect();
        if found.len() > 1 && !found.iter().all(|(call, _)| call.argument(argument).is_some()) {
            // A macro beside the program that it packs: the rule has the dependencies.
            found.retain(|(call, function)| {
                call.argument(argument).is_some() || function.is_none() && is_python_rule(call)
            });
        }
        match found.len() {
            1 => {
                let Some((call, function)) = found.pop() else {
                    return Err(self.no_such_target(name));
                };
                self.found(name, call, function)
            }
            0 => Err(self.no_such_target(name)),
            _ => Err(self.ambiguous(name, &found.iter().map(|(call, _)| *call).collect::<Vec<_>>())),
        }
    }

    fn no_such_target(&self, name: &str) -> Refusal {
        if let Some(call) = self.maker_of(name) {
            let message = format!(
                "{name} is made by the call of {} at line {} of {}, and has no call of its own to edit. Edit the macro, or write the target out.",
                call.function, call.line, self.path
            );
            return self.refuse(RefusalCode::GeneratedCall, call.span.start, message);
        }
        let message =
            format!("{} has no target named {name} whose dependencies could be edited. Check the name.", self.path);
        Refusal::new(RefusalCode::AmbiguousTarget, &self.path, None, message)
    }

    /// The call of a macro that would make a target of this name besides its own.
    pub(crate) fn maker_of(&self, name: &str) -> Option<&FoldedCall> {
        self.calls
            .iter()
            .filter(|call| call.name() != Some(name))
            .find(|call| self.resolve(call).is_some_and(|function| function.makes(call, name)))
    }
}

/// Under whatever name it was loaded.
fn is_python_rule(call: &FoldedCall) -> bool {
    let symbol = call.loaded.as_ref().map_or(call.function.as_str(), |loaded| loaded.symbol.as_str());
    matches!(symbol, "py_library" | "py_binary" | "py_test")
}

/// Modules of the workspace with a function of this name that takes the argument.
fn homes_of(tree: &dyn SourceTree, function: &str, argument: &str) -> Vec<String> {
    let modules = tree.bzl_files();
    let label = |path: &String| match path.rsplit_once('/') {
        Some((folder, name)) => format!("//{folder}:{name}"),
        None => format!("//:{path}"),
    };
    let mut homes: Vec<String> = modules
        .iter()
        .map(label)
        .filter(|module| {
            let loaded =
                crate::build_file::fold::LoadedFunction { module: module.clone(), symbol: function.to_owned() };
            macros::resolve(tree, &loaded, "")
                .is_some_and(|found| found.module_label() == *module && found.takes(tree, argument))
        })
        .collect();
    homes.sort();
    homes
}
