//! Expressions to values. Recursion is bounded by the tree's height, work and memory by a budget for steps and copied
//! bytes.

use super::super::BuildFile;
use super::super::bindings::{Binding, Bindings};
use super::super::tree::{ArgumentKind, Clause, ExpressionId, ExpressionKind, StatementKind};
use super::value::{Constants, FoldedValue, LoadedFunction};
use super::{format, methods};

/// Steps and bytes per file. A file of 10,000 lines costs about 300,000.
const BUDGET: usize = 8_000_000;
const CONSTANT_DEPTH: usize = 100;

pub(super) struct Folder<'a> {
    pub(super) file: &'a BuildFile,
    pub(super) constants: Constants,
    pub(super) bindings: Bindings<'a>,
    /// Variables of comprehensions, innermost last.
    pub(super) scope: Vec<(String, FoldedValue)>,
    budget: usize,
}

impl<'a> Folder<'a> {
    pub(super) fn new(file: &'a BuildFile, outside: &Constants) -> Self {
        let bindings = Bindings::of(file);
        Self { file, constants: outside.clone(), bindings, scope: Vec::new(), budget: BUDGET }
    }

    /// A name that is bound again has no single value.
    pub(super) fn bind_constants(&mut self) {
        for statement in &self.file.tree.statements {
            let StatementKind::Assignment { target, value, augmented: false } = statement.kind else {
                continue;
            };
            let ExpressionKind::Name(name) = &self.file.tree.expression(target).kind else {
                continue;
            };
            if self.bindings.all(name).len() != 1 {
                self.constants.remove(name);
                continue;
            }
            let value = self.value(value);
            let (weight, depth) = value.measure();
            if depth <= CONSTANT_DEPTH && self.charge(weight) {
                self.constants.insert(name.clone(), value);
            }
        }
    }

    /// Takes `cost` from the budget; `false` if too little is left.
    pub(super) fn charge(&mut self, cost: usize) -> bool {
        let enough = self.budget >= cost;
        self.budget = self.budget.saturating_sub(cost);
        enough
    }

    fn opaque(&mut self, id: ExpressionId) -> FoldedValue {
        let span = self.file.tree.expression(id).span;
        if self.charge(span.end - span.start) { FoldedValue::Opaque(self.file.text(span)) } else { exhausted() }
    }

    pub(super) fn value(&mut self, id: ExpressionId) -> FoldedValue {
        if !self.charge(1) {
            return exhausted();
        }
        match &self.file.tree.expression(id).kind {
            ExpressionKind::Name(name) => self.name(name, id),
            ExpressionKind::String(bytes) => {
                if self.charge(bytes.len()) {
                    FoldedValue::String(String::from_utf8_lossy(bytes).into_owned())
                } else {
                    exhausted()
                }
            }
            ExpressionKind::Number => match number(&self.file.text(self.file.tree.expression(id).span)) {
                Some(number) => FoldedValue::Int(number),
                None => self.opaque(id),
            },
            ExpressionKind::List { elements, .. } | ExpressionKind::Tuple(elements) => {
                FoldedValue::List(elements.iter().map(|element| self.value(*element)).collect())
            }
            ExpressionKind::Dict { entries, .. } => FoldedValue::Dict(
                entries.iter().map(|entry| (self.value(entry.key), self.value(entry.value))).collect(),
            ),
            ExpressionKind::Call { function, .. } => self.call(id, *function),
            ExpressionKind::Index { object, index } => {
                let (object, index) = (self.value(*object), self.value(*index));
                methods::index(object, &index).unwrap_or_else(|| self.opaque(id))
            }
            ExpressionKind::Unary { operator, operand } => match (*operator, self.value(*operand)) {
                ("-", FoldedValue::Int(number)) => FoldedValue::Int(number.saturating_neg()),
                ("not", value) => truth(&value).map_or_else(|| self.opaque(id), |truth| FoldedValue::Bool(!truth)),
                _ => self.opaque(id),
            },
            ExpressionKind::Chain { operands, operators } => self.chain(id, operands, operators),
            ExpressionKind::Conditional { then, condition, otherwise } => {
                let condition = self.value(*condition);
                match truth(&condition) {
                    Some(true) => self.value(*then),
                    Some(false) => self.value(*otherwise),
                    None => self.opaque(id),
                }
            }
            ExpressionKind::Comprehension { key, body, clauses, .. } => self.comprehension(id, *key, *body, clauses),
            ExpressionKind::Dot { .. } | ExpressionKind::Opaque => self.opaque(id),
        }
    }

    fn name(&mut self, name: &str, id: ExpressionId) -> FoldedValue {
        let found = self.scope.iter().rev().find(|(bound, _)| bound == name).map(|(_, value)| value);
        let found = found.or_else(|| self.constants.get(name)).cloned();
        match (found, name) {
            (Some(value), _) => {
                if self.charge(value.measure().0) {
                    value
                } else {
                    exhausted()
                }
            }
            (None, "True") => FoldedValue::Bool(true),
            (None, "False") => FoldedValue::Bool(false),
            (None, "None") => FoldedValue::None,
            (None, _) => self.opaque(id),
        }
    }

    /// A dotted name, or the text of any other expression.
    pub(super) fn function_name(&self, function: ExpressionId) -> String {
        let expression = self.file.tree.expression(function);
        match &expression.kind {
            ExpressionKind::Name(name) => name.clone(),
            _ => self.file.text(expression.span).split_whitespace().collect(),
        }
    }

    /// The module of a function that a load statement binds.
    pub(super) fn loaded(&self, function: &str) -> Option<LoadedFunction> {
        match self.bindings.single(function)? {
            Binding::Load { module, symbol, .. } => {
                Some(LoadedFunction { module: module.to_owned(), symbol: symbol.to_owned() })
            }
            _ => None,
        }
    }

    /// Returns the arguments, and `true` if there may be more behind stars.
    pub(super) fn arguments(&mut self, call: ExpressionId) -> (Vec<(Option<String>, FoldedValue)>, bool) {
        let ExpressionKind::Call { arguments, .. } = &self.file.tree.expression(call).kind else {
            return (Vec::new(), false);
        };
        let mut values = Vec::with_capacity(arguments.len());
        let mut open_ended = false;
        for argument in arguments {
            match &argument.kind {
                ArgumentKind::Positional => values.push((None, self.value(argument.value))),
                ArgumentKind::Keyword(name) => values.push((Some(name.clone()), self.value(argument.value))),
                ArgumentKind::Star | ArgumentKind::StarStar => open_ended = true,
            }
        }
        (values, open_ended)
    }

    fn call(&mut self, id: ExpressionId, function: ExpressionId) -> FoldedValue {
        let (arguments, open_ended) = self.arguments(id);
        if let ExpressionKind::Dot { object, name } = &self.file.tree.expression(function).kind {
            let object = self.value(*object);
            if let Some(value) = methods::method(&object, name, &arguments) {
                return if self.charge(value.measure().0) { value } else { exhausted() };
            }
        }
        let function = self.function_name(function);
        if open_ended {
            return self.opaque(id);
        }
        let builtin = self.bindings.all(&function).is_empty();
        match methods::builtin(&function, &arguments) {
            Some(value) if builtin => value,
            _ => FoldedValue::Call { function, arguments },
        }
    }

    fn chain(&mut self, id: ExpressionId, operands: &[ExpressionId], operators: &[&'static str]) -> FoldedValue {
        let Some((first, rest)) = operands.split_first() else {
            return self.opaque(id);
        };
        let mut left = self.value(*first);
        for (operand, operator) in rest.iter().zip(operators) {
            let right = self.value(*operand);
            let joined = match *operator {
                "+" => Some(add(left, right)),
                "%" => format::percent(&left, &right),
                operator => compare(operator, &left, &right),
            };
            match joined {
                Some(value) => left = value,
                None => return self.opaque(id),
            }
            if let FoldedValue::String(text) = &left {
                let length = text.len();
                if !self.charge(length) {
                    return exhausted();
                }
            }
        }
        left
    }

    fn comprehension(
        &mut self,
        id: ExpressionId,
        key: Option<ExpressionId>,
        body: ExpressionId,
        clauses: &[Clause],
    ) -> FoldedValue {
        let mut elements = Vec::new();
        let mut entries = Vec::new();
        let known = self.each(clauses, &mut |folder| {
            let value = folder.value(body);
            match key {
                Some(key) => entries.push((folder.value(key), value)),
                None => elements.push(value),
            }
        });
        match (known, key) {
            (false, _) => self.opaque(id),
            (true, Some(_)) => FoldedValue::Dict(entries),
            (true, None) => FoldedValue::List(elements),
        }
    }

    /// Runs `body` for each round of a comprehension; `false` if the rounds are not known.
    pub(super) fn each(&mut self, clauses: &[Clause], body: &mut dyn FnMut(&mut Self)) -> bool {
        let Some((clause, rest)) = clauses.split_first() else {
            body(self);
            return self.budget > 0;
        };
        match clause {
            Clause::If(condition) => match truth(&self.value(*condition)) {
                Some(true) => self.each(rest, body),
                Some(false) => true,
                None => false,
            },
            Clause::For { target, iterable } => {
                let elements = match self.value(*iterable) {
                    FoldedValue::List(elements) => elements,
                    FoldedValue::Dict(entries) => entries.into_iter().map(|(key, _)| key).collect(),
                    _ => return false,
                };
                let depth = self.scope.len();
                for element in elements {
                    self.bind(*target, element);
                    let known = self.charge(1) && self.each(rest, body);
                    self.scope.truncate(depth);
                    if !known {
                        return false;
                    }
                }
                true
            }
        }
    }

    /// Binds the variables of a comprehension.
    pub(super) fn bind(&mut self, target: ExpressionId, value: FoldedValue) {
        match &self.file.tree.expression(target).kind {
            ExpressionKind::Name(name) => self.scope.push((name.clone(), value)),
            ExpressionKind::Tuple(targets) | ExpressionKind::List { elements: targets, .. } => {
                let parts = match value {
                    FoldedValue::List(parts) if parts.len() == targets.len() => parts,
                    _ => vec![exhausted(); targets.len()],
                };
                for (target, part) in targets.iter().zip(parts) {
                    self.bind(*target, part);
                }
            }
            _ => {}
        }
    }
}

fn exhausted() -> FoldedValue {
    FoldedValue::Opaque("…".to_owned())
}

fn number(text: &str) -> Option<i64> {
    match text.get(..2) {
        Some("0x" | "0X") => i64::from_str_radix(text.get(2..)?, 16).ok(),
        Some("0o" | "0O") => i64::from_str_radix(text.get(2..)?, 8).ok(),
        _ => text.parse().ok(),
    }
}

/// The truth value; `None` if not known.
pub(super) fn truth(value: &FoldedValue) -> Option<bool> {
    match value {
        FoldedValue::None => Some(false),
        FoldedValue::Bool(value) => Some(*value),
        FoldedValue::Int(number) => Some(*number != 0),
        FoldedValue::String(text) => Some(!text.is_empty()),
        FoldedValue::List(elements) => Some(!elements.is_empty()),
        FoldedValue::Dict(entries) => Some(!entries.is_empty()),
        _ => None,
    }
}

fn add(left: FoldedValue, right: FoldedValue) -> FoldedValue {
    match (left, right) {
        (FoldedValue::String(left), FoldedValue::String(right)) => FoldedValue::String(left + &right),
        (FoldedValue::List(mut left), FoldedValue::List(right)) => {
            left.extend(right);
            FoldedValue::List(left)
        }
        (FoldedValue::Int(left), FoldedValue::Int(right)) => FoldedValue::Int(left.saturating_add(right)),
        (FoldedValue::Concatenation(mut parts), right) => {
            parts.push(right);
            FoldedValue::Concatenation(parts)
        }
        (left, right) => FoldedValue::Concatenation(vec![left, right]),
    }
}

/// Returns `true` if nothing in it is left to Bazel.
fn known(value: &FoldedValue) -> bool {
    match value {
        FoldedValue::None | FoldedValue::Bool(_) | FoldedValue::Int(_) | FoldedValue::String(_) => true,
        FoldedValue::List(elements) => elements.iter().all(known),
        FoldedValue::Dict(entries) => entries.iter().all(|(key, value)| known(key) && known(value)),
        _ => false,
    }
}

fn compare(operator: &str, left: &FoldedValue, right: &FoldedValue) -> Option<FoldedValue> {
    if let ("|", FoldedValue::Dict(left), FoldedValue::Dict(right)) = (operator, left, right) {
        let mut entries: Vec<_> =
            left.iter().filter(|(key, _)| !right.iter().any(|(other, _)| other == key)).cloned().collect();
        entries.extend(right.iter().cloned());
        return Some(FoldedValue::Dict(entries));
    }
    if !known(left) || !known(right) {
        return None;
    }
    let contained = match (left, right) {
        (FoldedValue::String(part), FoldedValue::String(whole)) => whole.contains(part.as_str()),
        (value, FoldedValue::List(elements)) => elements.contains(value),
        (value, FoldedValue::Dict(entries)) => entries.iter().any(|(key, _)| key == value),
        _ => false,
    };
    match operator {
        "==" => Some(FoldedValue::Bool(left == right)),
        "!=" => Some(FoldedValue::Bool(left != right)),
        "in" => Some(FoldedValue::Bool(contained)),
        "not in" => Some(FoldedValue::Bool(!contained)),
        "and" => Some(if truth(left)? { right.clone() } else { left.clone() }),
        "or" => Some(if truth(left)? { left.clone() } else { right.clone() }),
        _ => None,
    }
}
