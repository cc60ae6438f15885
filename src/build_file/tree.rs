//! The syntax tree: statements and expressions with their places, kept in one arena.
//!
//! An arena keeps dropping and copying free of recursion. The tree never decides what a value is; see [`super::fold`].

use super::span::Span;

/// An expression in a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExpressionId(pub(super) usize);

/// All statements and expressions of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    /// Top-level statements in order.
    pub statements: Vec<Statement>,
    pub(super) expressions: Vec<Expression>,
}

impl Tree {
    /// The expression with this id.
    #[must_use]
    pub fn expression(&self, id: ExpressionId) -> &Expression {
        const OPAQUE: &Expression = &Expression {
            span: Span { start: 0, end: 0 },
            outer: Span { start: 0, end: 0 },
            kind: ExpressionKind::Opaque,
        };
        self.expressions.get(id.0).unwrap_or(OPAQUE)
    }

    /// The ids of all expressions, each after its parts.
    pub fn ids(&self) -> impl Iterator<Item = ExpressionId> {
        (0..self.expressions.len()).map(ExpressionId)
    }

    /// Every expression, each after its parts.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.expressions.iter()
    }
}

/// One top-level statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// From its first to its last token, without comments around it.
    pub span: Span,
    /// What it is.
    pub kind: StatementKind,
}

/// What a statement is.
#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    /// `load("//a:b.bzl", "c", d = "e")`.
    Load(Load),
    /// `target = value`, or `target += value` and the like.
    Assignment {
        /// Left side.
        target: ExpressionId,
        /// Right side.
        value: ExpressionId,
        /// Whether the operator is another than `=`.
        augmented: bool,
    },
    /// An expression that stands alone, such as a call of a rule.
    Expression(ExpressionId),
    /// `def name(parameters): body`.
    Definition(Definition),
    /// Anything else: `for`, `if`, or what could not be understood. Never edited.
    Opaque,
}

/// A load statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// The string that names the module.
    pub module: ExpressionId,
    /// The module as written.
    pub module_name: String,
    /// What is loaded, in order.
    pub symbols: Vec<LoadedSymbol>,
    /// The brackets.
    pub brackets: Brackets,
}

/// One name that a load statement binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedSymbol {
    /// The name in this file.
    pub local: String,
    /// The name in the module.
    pub original: String,
    /// The whole argument.
    pub span: Span,
}

/// A function definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// Its parameters in order.
    pub parameters: Vec<Parameter>,
    /// Everything after the colon.
    pub body: Span,
}

/// One parameter of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name; empty for a bare `*`.
    pub name: String,
    /// How it takes arguments.
    pub kind: ParameterKind,
    /// The default value, if there is one.
    pub default: Option<ExpressionId>,
}

/// How a parameter takes arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// By position or by name.
    Plain,
    /// By name only, because it stands after a `*`.
    KeywordOnly,
    /// `*args`, or a bare `*`.
    Star,
    /// `**kwargs`.
    StarStar,
}

/// The two brackets around a list, a dict or arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brackets {
    /// The opening one.
    pub open: Span,
    /// The closing one.
    pub close: Span,
}

/// One expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Without parentheses around it.
    pub span: Span,
    /// With all parentheses around it.
    pub outer: Span,
    /// What it is.
    pub kind: ExpressionKind,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A name.
    Name(String),
    /// A string, by its value.
    String(Vec<u8>),
    /// A number, as its text says.
    Number,
    /// `[a, b]`.
    List {
        /// The square brackets.
        brackets: Brackets,
        /// Elements in order.
        elements: Vec<ExpressionId>,
    },
    /// `(a, b)` or `a, b`.
    Tuple(Vec<ExpressionId>),
    /// `{a: b}`.
    Dict {
        /// The braces.
        brackets: Brackets,
        /// Entries in order.
        entries: Vec<DictEntry>,
    },
    /// `f(a, b = c)`.
    Call {
        /// What is called.
        function: ExpressionId,
        /// The parentheses of the arguments.
        brackets: Brackets,
        /// Arguments in order.
        arguments: Vec<Argument>,
    },
    /// `object.name`.
    Dot {
        /// Left side.
        object: ExpressionId,
        /// The name after the dot.
        name: String,
    },
    /// `object[index]`.
    Index {
        /// What is looked into.
        object: ExpressionId,
        /// The key.
        index: ExpressionId,
    },
    /// `-a`, `+a`, `~a`, `not a`.
    Unary {
        /// `-`, `+`, `~` or `not`.
        operator: &'static str,
        /// What it is applied to.
        operand: ExpressionId,
    },
    /// `a + b + c`: operators of one precedence, from left to right.
    Chain {
        /// The operands, one more than operators.
        operands: Vec<ExpressionId>,
        /// The operators between them.
        operators: Vec<&'static str>,
    },
    /// `a if b else c`.
    Conditional {
        /// The value when the condition holds.
        then: ExpressionId,
        /// The condition.
        condition: ExpressionId,
        /// The value otherwise.
        otherwise: ExpressionId,
    },
    /// `[a for b in c if d]`, or with braces `{k: v for ...}`.
    Comprehension {
        /// The brackets.
        brackets: Brackets,
        /// What is made each time; a key before the value where it makes a dict.
        key: Option<ExpressionId>,
        /// The element or value.
        body: ExpressionId,
        /// The `for` and `if` parts in order.
        clauses: Vec<Clause>,
    },
    /// A lambda, a slice, or something that was not understood.
    Opaque,
}

/// One entry of a dict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DictEntry {
    /// From key to value.
    pub span: Span,
    /// Before the colon.
    pub key: ExpressionId,
    /// After the colon.
    pub value: ExpressionId,
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The whole argument, with name and stars.
    pub span: Span,
    /// How it is given.
    pub kind: ArgumentKind,
    /// The value.
    pub value: ExpressionId,
}

/// How an argument is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// By position.
    Positional,
    /// By this name.
    Keyword(String),
    /// `*value`.
    Star,
    /// `**value`.
    StarStar,
}

/// One part of a comprehension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clause {
    /// `for target in iterable`.
    For {
        /// What is bound.
        target: ExpressionId,
        /// What is gone through.
        iterable: ExpressionId,
    },
    /// `if condition`.
    If(ExpressionId),
}
