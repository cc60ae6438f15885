//! Bindings of names at the top level of a file, and their uses. Never looks into other files.

use std::collections::BTreeMap;

use super::BuildFile;
use super::span::Span;
use super::tree::{Definition, ExpressionId, ExpressionKind, Load, StatementKind, Tree};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Binding<'a> {
    Load {
        module: &'a str,
        /// The name in the module.
        symbol: &'a str,
        /// The argument of the load statement.
        span: Span,
    },
    Assignment {
        value: ExpressionId,
        /// The whole statement.
        span: Span,
    },
    Other {
        /// The whole statement.
        span: Span,
    },
    Definition(&'a Definition),
}

/// In the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bindings<'a>(BTreeMap<&'a str, Vec<Binding<'a>>>);

impl<'a> Bindings<'a> {
    #[must_use]
    pub fn of(file: &'a BuildFile) -> Self {
        let mut bindings = Self::default();
        for statement in &file.tree.statements {
            match &statement.kind {
                StatementKind::Load(load) => {
                    for symbol in &load.symbols {
                        let binding =
                            Binding::Load { module: &load.module_name, symbol: &symbol.original, span: symbol.span };
                        bindings.add(&symbol.local, binding);
                    }
                }
                StatementKind::Assignment { target, value, augmented } => {
                    let plain = Binding::Assignment { value: *value, span: statement.span };
                    let other = Binding::Other { span: statement.span };
                    bindings.add_target(&file.tree, *target, if *augmented { other } else { plain }, other);
                }
                StatementKind::Definition(definition) => {
                    bindings.add(&definition.name, Binding::Definition(definition));
                }
                StatementKind::Expression(_) | StatementKind::Opaque => {}
            }
        }
        bindings
    }

    fn add(&mut self, name: &'a str, binding: Binding<'a>) {
        self.0.entry(name).or_default().push(binding);
    }

    fn add_target(&mut self, tree: &'a Tree, target: ExpressionId, whole: Binding<'a>, part: Binding<'a>) {
        match &tree.expression(target).kind {
            ExpressionKind::Name(name) => self.add(name, whole),
            ExpressionKind::Tuple(elements) | ExpressionKind::List { elements, .. } => {
                for element in elements {
                    self.add_target(tree, *element, part, part);
                }
            }
            // `NAME[key] = value` changes NAME.
            ExpressionKind::Index { object, .. } | ExpressionKind::Dot { object, .. } => {
                self.add_target(tree, *object, part, part);
            }
            _ => {}
        }
    }

    #[must_use]
    pub fn all(&self, name: &str) -> &[Binding<'a>] {
        self.0.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the binding if there is exactly one.
    #[must_use]
    pub fn single(&self, name: &str) -> Option<Binding<'a>> {
        match self.all(name) {
            [binding] => Some(*binding),
            _ => None,
        }
    }
}

impl BuildFile {
    /// With the whole statement.
    pub fn loads(&self) -> impl Iterator<Item = (&Load, Span)> {
        self.tree.statements.iter().filter_map(|statement| match &statement.kind {
            StatementKind::Load(load) => Some((load, statement.span)),
            _ => None,
        })
    }

    /// With the whole statement.
    pub fn definitions(&self) -> impl Iterator<Item = (&Definition, Span)> {
        self.tree.statements.iter().filter_map(|statement| match &statement.kind {
            StatementKind::Definition(definition) => Some((definition, statement.span)),
            _ => None,
        })
    }

    /// Returns every place where `name` is read, in order; assignments are none.
    #[must_use]
    pub fn uses(&self, name: &str) -> Vec<Span> {
        let mut bound = Vec::new();
        for statement in &self.tree.statements {
            if let StatementKind::Assignment { target, augmented: false, .. } = statement.kind {
                bound.push(self.tree.expression(target).span);
            }
        }
        let is_name = |kind: &ExpressionKind| matches!(kind, ExpressionKind::Name(other) if other == name);
        let found =
            self.tree.expressions().filter(|expression| is_name(&expression.kind)).map(|expression| expression.span);
        let mut uses: Vec<Span> = found.filter(|span| !bound.contains(span)).collect();
        uses.sort();
        uses
    }
}
