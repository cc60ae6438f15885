//! The syntax tree in one arena, so that dropping and copying need no recursion. Values are decided in [`super::fold`].

use super::span::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExpressionId(pub(super) usize);

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree {
    pub statements: Vec<Statement>,
    pub(super) expressions: Vec<Expression>,
}

impl Tree {
    #[must_use]
    pub fn expression(&self, id: ExpressionId) -> &Expression {
        const OPAQUE: &Expression = &Expression {
            span: Span { start: 0, end: 0 },
            outer: Span { start: 0, end: 0 },
            kind: ExpressionKind::Opaque,
        };
        self.expressions.get(id.0).unwrap_or(OPAQUE)
    }

    /// Each after its parts.
    pub fn ids(&self) -> impl Iterator<Item = ExpressionId> {
        (0..self.expressions.len()).map(ExpressionId)
    }

    /// Each after its parts.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.expressions.iter()
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// Without comments around it.
    pub span: Span,
    pub kind: StatementKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StatementKind {
    Load(Load),
    /// Also `target += value` and the like.
    Assignment {
        target: ExpressionId,
        value: ExpressionId,
        /// The operator is not `=`.
        augmented: bool,
    },
    /// Such as a call of a rule.
    Expression(ExpressionId),
    Definition(Definition),
    /// `for`, `if`, or not understood. Never edited.
    Opaque,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    pub module: ExpressionId,
    pub module_name: String,
    pub symbols: Vec<LoadedSymbol>,
    pub brackets: Brackets,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadedSymbol {
    pub local: String,
    pub original: String,
    /// The whole argument.
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    pub name: String,
    pub parameters: Vec<Parameter>,
    /// Everything after the colon.
    pub body: Span,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Empty for a bare `*`.
    pub name: String,
    pub kind: ParameterKind,
    pub default: Option<ExpressionId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    Plain,
    /// After a `*`.
    KeywordOnly,
    Star,
    StarStar,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brackets {
    pub open: Span,
    pub close: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Without parentheses around it.
    pub span: Span,
    /// With all parentheses around it.
    pub outer: Span,
    pub kind: ExpressionKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    Name(String),
    String(Vec<u8>),
    Number,
    List {
        brackets: Brackets,
        elements: Vec<ExpressionId>,
    },
    Tuple(Vec<ExpressionId>),
    Dict {
        brackets: Brackets,
        entries: Vec<DictEntry>,
    },
    Call {
        function: ExpressionId,
        brackets: Brackets,
        arguments: Vec<Argument>,
    },
    Dot {
        object: ExpressionId,
        name: String,
    },
    Index {
        object: ExpressionId,
        index: ExpressionId,
    },
    Unary {
        operator: &'static str,
        operand: ExpressionId,
    },
    /// `a + b + c`: operators of one precedence, left to right.
    Chain {
        /// One more than operators.
        operands: Vec<ExpressionId>,
        operators: Vec<&'static str>,
    },
    Conditional {
        then: ExpressionId,
        condition: ExpressionId,
        otherwise: ExpressionId,
    },
    Comprehension {
        brackets: Brackets,
        /// Only for a dict.
        key: Option<ExpressionId>,
        /// The element, or the value of a dict.
        body: ExpressionId,
        /// In order.
        clauses: Vec<Clause>,
    },
    /// A lambda, a slice, or not understood.
    Opaque,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DictEntry {
    pub span: Span,
    pub key: ExpressionId,
    pub value: ExpressionId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// With name and stars.
    pub span: Span,
    pub kind: ArgumentKind,
    pub value: ExpressionId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    Positional,
    Keyword(String),
    Star,
    StarStar,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clause {
    For { target: ExpressionId, iterable: ExpressionId },
    If(ExpressionId),
}
