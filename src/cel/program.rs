//! An expression that is ready to be evaluated.

use crate::{
    PER_CALL_LIMIT,
    ast::{Expr, Kind, operators::OPTIONAL_SELECT},
    checker::{self, Checked, Names},
    cost,
    declared::Declared,
    eval::{Bindings, Evaluator},
    functions,
    issue::{Issue, Issues},
    parser,
    types::Type,
    value::{EvalError, Value},
};

/// An expression that fits its types.
#[derive(Debug)]
pub struct Program {
    checked: Checked,
}

/// What an evaluation came to.
#[derive(Debug)]
pub struct Outcome {
    /// The value.
    pub value: Result<Value, EvalError>,
    /// What it took.
    pub cost: u64,
}

impl Program {
    /// Compiles an expression that may name `names`. Errors: all that is wrong with it.
    pub fn compile(source: &str, names: &Names) -> Result<Self, Issues> {
        let parsed = parser::parse(source)?;
        let places = parsed.places;
        let checked = checker::check(parsed.expression, &places, names)
            .map_err(|issues| Issues::new(source, issues))?;
        let mut issues = Vec::new();
        literals(&checked.expression, &places, &mut issues);
        if issues.is_empty() { Ok(Self { checked }) } else { Err(Issues::new(source, issues)) }
    }

    /// The type of its values.
    pub fn output(&self) -> &Type {
        self.checked.type_of(&self.checked.expression)
    }

    /// The most that it takes, where `root` declares what its variables are.
    pub fn most_cost(&self, root: Option<&Declared>) -> u64 {
        cost::most(&self.checked, root)
    }

    /// Tells whether it names a variable.
    pub fn uses(&self, variable: &str) -> bool {
        let mut found = false;
        every(&self.checked.expression, &mut |expression| {
            found |= matches!(&expression.kind, Kind::Ident(name) if name == variable);
        });
        found
    }

    /// Tells whether it takes a field of a variable, where that may be absent or not.
    pub fn selects(&self, variable: &str, field: &str) -> bool {
        let named = |of: &Expr| matches!(&of.kind, Kind::Ident(name) if name == variable);
        let mut found = false;
        every(&self.checked.expression, &mut |expression| {
            found |= match &expression.kind {
                Kind::Select { operand, field: taken, .. } => taken == field && named(operand),
                Kind::Call { function, target: None, arguments } => match arguments.as_slice() {
                    [operand, Expr { kind: Kind::Literal(literal), .. }] => {
                        function == OPTIONAL_SELECT
                            && named(operand)
                            && literal.as_str() == Some(field)
                    }
                    _ => false,
                },
                _ => false,
            };
        });
        found
    }

    /// Evaluates it, taking at most `limit`, and no more than one evaluation may.
    pub fn evaluate(&self, bindings: &dyn Bindings, limit: u64) -> Outcome {
        let mut evaluator = Evaluator {
            checked: &self.checked,
            bindings,
            limit: limit.min(PER_CALL_LIMIT),
            cost: 0,
            work: 0,
            scopes: Vec::new(),
        };
        let value = evaluator.eval(&self.checked.expression);
        Outcome { value, cost: evaluator.cost }
    }
}

fn every<'a>(expression: &'a Expr, visit: &mut dyn FnMut(&'a Expr)) {
    visit(expression);
    match &expression.kind {
        Kind::Literal(_) | Kind::Ident(_) => {}
        Kind::Select { operand, .. } => every(operand, visit),
        Kind::Call { target, arguments, .. } => {
            for one in target.iter().map(AsRef::as_ref).chain(arguments) {
                every(one, visit);
            }
        }
        Kind::List(items) => items.iter().for_each(|(item, _)| every(item, visit)),
        Kind::Map(entries) => {
            for (key, value, _) in entries {
                every(key, visit);
                every(value, visit);
            }
        }
        Kind::Struct { fields, .. } => fields.iter().for_each(|one| every(&one.value, visit)),
        Kind::Fold(fold) => {
            for one in [&fold.range, &fold.start, &fold.condition, &fold.step, &fold.result] {
                every(one, visit);
            }
        }
    }
}

/// Checks literals that functions read: what cannot be read is found before it is evaluated.
fn literals(expression: &Expr, places: &[usize], issues: &mut Vec<Issue>) {
    every(expression, &mut |expression| {
        let Kind::Call { function, arguments, .. } = &expression.kind else { return };
        let argument = match function.as_str() {
            "matches" => arguments.last(),
            "duration" | "timestamp" => arguments.first(),
            _ => return,
        };
        let Some(Expr { id, kind: Kind::Literal(literal @ Value::String(text)), .. }) = argument
        else {
            return;
        };
        let wrong = match function.as_str() {
            "matches" => machinery::regexp::compile(text).is_err(),
            other => functions::call(other, std::slice::from_ref(literal)).is_err(),
        };
        if wrong {
            let at = places.get(*id).copied();
            issues.push(Issue { at, message: format!("invalid {function} argument") });
        }
    });
}
