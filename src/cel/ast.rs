//! Expressions as they were parsed, macros expanded.
//!
//! Every expression has a number of its own, by which its place and its type are found.

use crate::value::Value;

/// The number of an expression.
pub(crate) type Id = usize;

/// An expression.
#[derive(Debug, Clone)]
pub(crate) struct Expr {
    pub(crate) id: Id,
    pub(crate) kind: Kind,
    /// How deep expressions are nested in it, itself counted.
    pub(crate) depth: usize,
}

/// What an expression is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A value as written.
    Literal(Value),
    /// A name.
    Ident(String),
    /// A field, or whether there is one.
    Select { operand: Box<Expr>, field: String, test: bool },
    /// A function or an operator; a member function has a target.
    Call { function: String, target: Option<Box<Expr>>, arguments: Vec<Expr> },
    /// A list; the flag says whether an item is optional.
    List(Vec<(Expr, bool)>),
    /// A map: key, value, whether the value is optional.
    Map(Vec<(Expr, Expr, bool)>),
    /// A message: field, value, whether the value is optional.
    Struct { name: String, fields: Vec<Field> },
    /// A walk over a list or a map.
    Fold(Box<Fold>),
}

/// A field of a message that an expression makes.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) value: Expr,
    pub(crate) optional: bool,
}

/// A walk: what macros stand for.
#[derive(Debug, Clone)]
pub(crate) struct Fold {
    pub(crate) range: Expr,
    pub(crate) variable: String,
    pub(crate) second: Option<String>,
    pub(crate) accumulator: String,
    pub(crate) start: Expr,
    pub(crate) condition: Expr,
    pub(crate) step: Expr,
    pub(crate) result: Expr,
}

/// The name of what a walk gathers.
pub(crate) const ACCUMULATOR: &str = "@result";

/// The operators, by the names that cel-go gives them.
pub(crate) mod operators {
    pub(crate) const AND: &str = "_&&_";
    pub(crate) const OR: &str = "_||_";
    pub(crate) const NOT: &str = "!_";
    pub(crate) const NEGATE: &str = "-_";
    pub(crate) const CONDITIONAL: &str = "_?_:_";
    pub(crate) const INDEX: &str = "_[_]";
    pub(crate) const OPTIONAL_INDEX: &str = "_[?_]";
    pub(crate) const OPTIONAL_SELECT: &str = "_?._";
    pub(crate) const EQUALS: &str = "_==_";
    pub(crate) const NOT_EQUALS: &str = "_!=_";
    pub(crate) const IN: &str = "@in";
    pub(crate) const ADD: &str = "_+_";
    pub(crate) const NOT_STRICTLY_FALSE: &str = "@not_strictly_false";
    pub(crate) const LESS_EQUALS: &str = "_<=_";
    pub(crate) const MAP_INSERT: &str = "cel.@mapInsert";
}
