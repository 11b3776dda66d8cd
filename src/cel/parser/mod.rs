//! From tokens to expressions. Source: the CEL specification; errors speak as cel-go's parser.
//!
//! Invariant: no expression is nested deeper than [`DEEPEST`], so whoever walks one may recurse.

mod macros;
mod primary;

use crate::{
    ast::{Expr, Id, Kind, operators},
    issue::{Issue, Issues},
    lexer::{self, Lexeme, Token},
};

/// How deep expressions may nest. cel-go stops at 250; a worker's stack of two megabytes holds this
/// much for certain, in builds without optimisation too.
const DEEPEST: usize = 100;
/// How many letters an expression may have, as in cel-go.
const LONGEST: usize = 100_000;
const OPERAND: &str = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, \
                       NUM_UINT, STRING, BYTES, IDENTIFIER}";

/// An expression and where its parts stand.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) expression: Expr,
    /// The place of each expression, by number.
    pub(crate) places: Vec<usize>,
}

/// Parses an expression.
pub(crate) fn parse(source: &str) -> Result<Parsed, Issues> {
    let size = source.chars().count();
    if size > LONGEST {
        let message =
            format!("expression code point size exceeds limit: size: {size}, limit {LONGEST}");
        return Err(Issues::new(source, vec![Issue { at: None, message }]));
    }
    let (lexemes, mut issues) = lexer::tokens(source);
    let mut parser = Parser { lexemes, at: 0, places: Vec::new(), depth: 0 };
    let parsed = parser.whole();
    match parsed {
        Ok(expression) if issues.is_empty() => Ok(Parsed { expression, places: parser.places }),
        Ok(_) => Err(Issues::new(source, issues)),
        Err(issue) => {
            issues.push(issue);
            Err(Issues::new(source, issues))
        }
    }
}

struct Parser {
    lexemes: Vec<Lexeme>,
    at: usize,
    places: Vec<usize>,
    /// How deep we are in brackets.
    depth: usize,
}

type Parse<T> = Result<T, Issue>;

fn too_deep() -> Issue {
    Issue { at: None, message: format!("expression recursion limit exceeded: {DEEPEST}") }
}

/// The operators of two sides: sign, name, binding.
const BINARY: [(&str, &str, u8); 12] = [
    ("<", "_<_", 1),
    ("<=", operators::LESS_EQUALS, 1),
    (">", "_>_", 1),
    (">=", "_>=_", 1),
    ("==", operators::EQUALS, 1),
    ("!=", operators::NOT_EQUALS, 1),
    ("+", operators::ADD, 2),
    ("-", "_-_", 2),
    ("*", "_*_", 3),
    ("/", "_/_", 3),
    ("%", "_%_", 3),
    ("in", operators::IN, 1),
];

impl Parser {
    fn peek(&self) -> &Token {
        self.lexemes.get(self.at).map_or(&Token::End, |lexeme| &lexeme.token)
    }

    fn place(&self) -> usize {
        self.lexemes.get(self.at).map_or(0, |lexeme| lexeme.at)
    }

    fn next_is(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    fn accept(&mut self, sign: &str) -> bool {
        let found = self.next_is(sign);
        self.at += usize::from(found);
        found
    }

    fn id(&mut self, place: usize) -> Id {
        self.places.push(place);
        self.places.len() - 1
    }

    /// Makes an expression. Errors: it would nest too deep.
    fn node(&mut self, place: usize, kind: Kind) -> Parse<Expr> {
        let id = self.id(place);
        self.node_of(id, kind)
    }

    #[expect(clippy::unused_self, reason = "reads as its siblings")]
    fn node_of(&self, id: Id, kind: Kind) -> Parse<Expr> {
        let depth = 1 + deepest(&kind);
        if depth > 2 * DEEPEST { Err(too_deep()) } else { Ok(Expr { id, kind, depth }) }
    }

    fn call(&mut self, place: usize, function: &str, arguments: Vec<Expr>) -> Parse<Expr> {
        self.node(place, Kind::Call { function: function.to_owned(), target: None, arguments })
    }

    /// Here stands what cannot stand here.
    fn unexpected<T>(&self, expected: &str) -> Parse<T> {
        let (text, what) = match self.lexemes.get(self.at) {
            Some(lexeme) if lexeme.token != Token::End => {
                let after = self.lexemes.get(self.at + 1).map(|next| &next.token);
                let fits = match after {
                    Some(Token::End) => expected == "<EOF>",
                    Some(Token::Sign(sign)) => {
                        expected == OPERAND && matches!(*sign, "[" | "{" | "(" | "." | "-" | "!")
                    }
                    Some(_) => expected == OPERAND,
                    None => false,
                };
                (lexeme.text.as_str(), if fits { "extraneous" } else { "mismatched" })
            }
            _ => ("<EOF>", "mismatched"),
        };
        let message = format!("Syntax error: {what} input '{text}' expecting {expected}");
        Err(Issue { at: Some(self.place()), message })
    }

    fn expect(&mut self, sign: &'static str) -> Parse<()> {
        if self.accept(sign) { Ok(()) } else { self.unexpected(&format!("'{sign}'")) }
    }

    fn whole(&mut self) -> Parse<Expr> {
        let expression = self.expression()?;
        if *self.peek() == Token::End { Ok(expression) } else { self.unexpected("<EOF>") }
    }

    fn expression(&mut self) -> Parse<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(too_deep());
        }
        let condition = self.either("||")?;
        let place = self.place();
        let whole = if self.accept("?") {
            let yes = self.either("||")?;
            self.expect(":")?;
            let no = self.expression()?;
            self.call(place, operators::CONDITIONAL, vec![condition, yes, no])?
        } else {
            condition
        };
        self.depth -= 1;
        Ok(whole)
    }

    /// A chain of `||` or `&&`, as a balanced tree.
    fn either(&mut self, sign: &str) -> Parse<Expr> {
        let (function, below) =
            if sign == "||" { (operators::OR, Some("&&")) } else { (operators::AND, None) };
        let term = |parser: &mut Self| match below {
            Some(below) => parser.either(below),
            None => parser.binary(1),
        };
        let mut terms = vec![term(self)?];
        let mut places = Vec::new();
        while self.next_is(sign) {
            places.push(self.place());
            self.at += 1;
            terms.push(term(self)?);
        }
        self.balanced(function, terms, &places)
    }

    fn balanced(&mut self, function: &str, mut terms: Vec<Expr>, places: &[usize]) -> Parse<Expr> {
        if places.is_empty() {
            let only = terms.pop();
            return only.map_or_else(|| self.unexpected(OPERAND), Ok);
        }
        let middle = places.len() / 2;
        let right = terms.split_off(middle + 1);
        let (before, after) = places.split_at(middle);
        let (place, after) = after.split_first().map_or((0, after), |(one, rest)| (*one, rest));
        let left = self.balanced(function, terms, before)?;
        let right = self.balanced(function, right, after)?;
        self.call(place, function, vec![left, right])
    }

    fn operator(&self) -> Option<(&'static str, u8)> {
        let sign = match self.peek() {
            Token::Sign(sign) => *sign,
            Token::Ident(name) if name == "in" => "in",
            _ => return None,
        };
        let found = BINARY.iter().find(|(one, ..)| *one == sign)?;
        Some((found.1, found.2))
    }

    fn binary(&mut self, least: u8) -> Parse<Expr> {
        let mut left = self.unary()?;
        while let Some((function, binding)) = self.operator().filter(|(_, it)| *it >= least) {
            let place = self.place();
            self.at += 1;
            let right = self.binary(binding + 1)?;
            left = self.call(place, function, vec![left, right])?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Parse<Expr> {
        let place = self.place();
        let sign = if self.next_is("!") { "!" } else { "-" };
        let number = |token: Option<&Lexeme>| {
            matches!(token.map(|it| &it.token), Some(Token::Int(_) | Token::Float(_)))
        };
        if sign == "-" && self.next_is("-") && number(self.lexemes.get(self.at + 1)) {
            return self.member();
        }
        let mut count = 0_usize;
        while self.accept(sign) {
            count += 1;
        }
        let operand = self.member()?;
        if count.is_multiple_of(2) {
            return Ok(operand);
        }
        let function = if sign == "!" { operators::NOT } else { operators::NEGATE };
        self.call(place, function, vec![operand])
    }
}

fn deepest(kind: &Kind) -> usize {
    let most = |all: &mut dyn Iterator<Item = &Expr>| all.map(|one| one.depth).max().unwrap_or(0);
    match kind {
        Kind::Literal(_) | Kind::Ident(_) => 0,
        Kind::Select { operand, .. } => operand.depth,
        Kind::Call { target, arguments, .. } => {
            most(&mut target.iter().map(AsRef::as_ref).chain(arguments))
        }
        Kind::List(items) => most(&mut items.iter().map(|(item, _)| item)),
        Kind::Map(entries) => most(&mut entries.iter().flat_map(|(key, value, _)| [key, value])),
        Kind::Struct { fields, .. } => most(&mut fields.iter().map(|field| &field.value)),
        Kind::Fold(fold) => most(
            &mut [&fold.range, &fold.start, &fold.condition, &fold.step, &fold.result].into_iter(),
        ),
    }
}
