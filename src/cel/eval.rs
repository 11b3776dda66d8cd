//! What an expression is worth, and what it took. Source: cel-go, `interpreter`.
//!
//! Invariant: it ends; what it takes is counted, and beyond the limit nothing goes on.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    ast::{ACCUMULATOR, Expr, Fold, Kind, operators},
    authorizer::Authorizer,
    checker::Checked,
    functions, runtime_cost,
    value::{EvalError, Key, List, OVER_LIMIT, Value, field},
};

/// Who gives values to variables.
pub trait Bindings {
    /// The variable's value; `None`: there is none of that name. Errors: it has none.
    fn value(&self, name: &str) -> Option<Result<Value, EvalError>>;

    /// Who answers questions about rights.
    fn authorizer(&self) -> Option<&dyn Authorizer> {
        None
    }
}

impl Bindings for BTreeMap<String, Value> {
    fn value(&self, name: &str) -> Option<Result<Value, EvalError>> {
        self.get(name).cloned().map(Ok)
    }
}

pub(crate) struct Evaluator<'a> {
    pub(crate) checked: &'a Checked,
    pub(crate) bindings: &'a dyn Bindings,
    pub(crate) limit: u64,
    pub(crate) cost: u64,
    /// Values made, and values looked at, beyond what costs count.
    pub(crate) work: u64,
    /// Variables of walks, innermost last.
    pub(crate) scopes: Vec<(&'a str, Value)>,
}

/// The most values that an evaluation may make or look at.
const MOST_WORK: u64 = 20_000_000;
/// The most values that one value may be made of, those that stand in it twice counted twice.
const HEAVIEST: u64 = 10_000_000;

pub(crate) type Eval = Result<Value, EvalError>;

fn no_key(name: &str) -> EvalError {
    EvalError::new(format!("no such key: {name}"))
}

impl<'a> Evaluator<'a> {
    pub(crate) fn spend(&mut self, cost: u64) -> Result<(), EvalError> {
        self.cost = self.cost.saturating_add(cost);
        if self.cost > self.limit { Err(EvalError(OVER_LIMIT.into())) } else { Ok(()) }
    }

    /// Counts what costs do not: a bound on memory and time, far from what honest rules need.
    fn strain(&mut self, work: u64) -> Result<(), EvalError> {
        self.work = self.work.saturating_add(work);
        if self.work > MOST_WORK { Err(EvalError(OVER_LIMIT.into())) } else { Ok(()) }
    }

    /// Takes a new value in, unless it would be too large a thing.
    fn held(&mut self, value: Value) -> Eval {
        if value.weight() > HEAVIEST {
            return Err(EvalError(OVER_LIMIT.into()));
        }
        self.strain(match &value {
            Value::String(text) => 1 + text.len() as u64 / 16,
            Value::Bytes(bytes) => 1 + bytes.len() as u64 / 16,
            other => other.size(),
        })?;
        Ok(value)
    }

    pub(crate) fn eval(&mut self, expression: &'a Expr) -> Eval {
        match &expression.kind {
            Kind::Literal(value) => Ok(value.clone()),
            Kind::Ident(name) => self.ident(name),
            Kind::Select { operand, field, test } => self.select(operand, field, *test),
            Kind::Call { function, target, arguments } => {
                self.call(expression, function, target.as_deref(), arguments)
            }
            Kind::List(items) => self.list(items),
            Kind::Map(entries) => self.map(entries),
            Kind::Struct { name, fields } => {
                let mut made = BTreeMap::new();
                for field in fields {
                    let value = self.eval(&field.value)?;
                    if let Some(value) = present(value, field.optional)? {
                        made.insert(field.name.clone(), value);
                    }
                }
                self.spend(40)?;
                self.held(Value::object(name.trim_start_matches('.'), made))
            }
            Kind::Fold(fold) => self.fold(fold),
        }
    }

    fn ident(&mut self, name: &str) -> Eval {
        self.spend(1)?;
        if let Some((_, value)) = self.scopes.iter().rev().find(|(known, _)| *known == name) {
            return Ok(value.clone());
        }
        let found = self.bindings.value(name.trim_start_matches('.'));
        found.unwrap_or_else(|| Err(EvalError::new(format!("no such attribute(s): {name}"))))
    }

    fn select(&mut self, operand: &'a Expr, name: &str, test: bool) -> Eval {
        let value = self.eval(operand)?;
        if !test {
            self.spend(1)?;
        }
        let optional = matches!(value, Value::Optional(_));
        let inner = match &value {
            Value::Optional(None) if test => return Ok(Value::Bool(false)),
            Value::Optional(None) => return Ok(Value::Optional(None)),
            Value::Optional(Some(inner)) => inner.as_ref(),
            other => other,
        };
        if !matches!(inner, Value::Object(..) | Value::Map(_)) {
            return Err(if test { EvalError::no_overload() } else { no_key(name) });
        }
        let found = field(inner, name);
        match found {
            _ if test => Ok(Value::Bool(found.is_some())),
            _ if optional => Ok(Value::Optional(found.cloned().map(Arc::new))),
            Some(found) => Ok(found.clone()),
            None => Err(no_key(name)),
        }
    }

    fn list(&mut self, items: &'a [(Expr, bool)]) -> Eval {
        let mut made = Vec::with_capacity(items.len());
        for (item, optional) in items {
            let value = self.eval(item)?;
            made.extend(present(value, *optional)?);
        }
        self.spend(10)?;
        self.held(Value::list(made))
    }

    fn map(&mut self, entries: &'a [(Expr, Expr, bool)]) -> Eval {
        let mut made = BTreeMap::new();
        for (key, value, optional) in entries {
            let key = self.eval(key)?;
            let key = Key::of(&key).ok_or_else(|| {
                EvalError::new(format!("unsupported key type: {}", key.type_name()))
            })?;
            let value = self.eval(value)?;
            let Some(value) = present(value, *optional)? else { continue };
            if made.insert(key, value).is_some() {
                return Err(EvalError::new("failed with repeated key"));
            }
        }
        self.spend(30)?;
        self.held(Value::entries(made))
    }

    fn call(
        &mut self,
        expression: &'a Expr,
        function: &str,
        target: Option<&'a Expr>,
        arguments: &'a [Expr],
    ) -> Eval {
        match (function, arguments) {
            (operators::AND, [one, two]) => return self.logical(one, two, false),
            (operators::OR, [one, two]) => return self.logical(one, two, true),
            (operators::CONDITIONAL, [condition, yes, no]) => {
                return match self.eval(condition)? {
                    Value::Bool(true) => self.eval(yes),
                    Value::Bool(false) => self.eval(no),
                    _ => Err(EvalError::no_overload()),
                };
            }
            (operators::NOT_STRICTLY_FALSE, [inner]) => return self.not_strictly_false(inner),
            (operators::OPTIONAL_SELECT, [operand, name]) => {
                return self.optional_select(operand, name);
            }
            (
                operators::ADD | operators::MAP_INSERT,
                [Expr { kind: Kind::Ident(name), .. }, rest @ ..],
            ) if name == ACCUMULATOR => {
                return self.gather(function, rest);
            }
            _ => {}
        }
        let mut values = Vec::with_capacity(arguments.len() + 1);
        for part in target.into_iter().chain(arguments) {
            values.push(self.eval(part)?);
        }
        let overload = match self.checked.overloads.get(expression.id).map(Vec::as_slice) {
            Some([only]) => *only,
            _ => "",
        };
        // What a call may make is bounded before it is made.
        self.spend(runtime_cost::before(function, overload, &values))?;
        self.strain(runtime_cost::work(function, &values))?;
        let result = if function == "check" {
            functions::check(&values, self.bindings.authorizer())?
        } else {
            functions::call(function, &values)?
        };
        self.spend(runtime_cost::after(function, &result))?;
        self.held(result)
    }

    /// Adds to what a walk gathers, in place.
    fn gather(&mut self, function: &str, rest: &'a [Expr]) -> Eval {
        self.spend(1)?;
        let mut values = vec![Value::Null];
        for one in rest {
            values.push(self.eval(one)?);
        }
        let scope = self.scopes.iter_mut().rev().find(|(name, _)| *name == ACCUMULATOR);
        let gathered = scope.map_or(Value::Null, |(_, slot)| std::mem::replace(slot, Value::Null));
        self.spend(1)?;
        match (gathered, values.as_slice()) {
            (Value::List(mut list), [_, Value::List(more)]) => {
                let gathers = Arc::make_mut(&mut list);
                more.items.iter().for_each(|item| gathers.push(item.clone()));
                self.checked_weight(Value::List(list))
            }
            (Value::Map(mut map), [_, key, value]) => {
                let key = Key::of(key).ok_or_else(EvalError::no_overload)?;
                if Arc::make_mut(&mut map).insert(key, value.clone()).is_some() {
                    return Err(EvalError::new("insert failed: key already exists"));
                }
                self.checked_weight(Value::Map(map))
            }
            (gathered, _) => {
                if let Some(slot) = values.first_mut() {
                    *slot = gathered;
                }
                let made = functions::call(function, &values)?;
                self.held(made)
            }
        }
    }

    fn checked_weight(&mut self, value: Value) -> Eval {
        self.strain(1)?;
        if value.weight() > HEAVIEST { Err(EvalError(OVER_LIMIT.into())) } else { Ok(value) }
    }

    /// Errors of one side do not matter where the other one decides.
    fn logical(&mut self, one: &'a Expr, two: &'a Expr, decides: bool) -> Eval {
        let first = self.eval(one);
        if matches!(&first, Ok(Value::Bool(flag)) if *flag == decides) {
            return first;
        }
        if matches!(&first, Err(error) if error.is_over_limit()) {
            return first;
        }
        let second = self.eval(two);
        match (first, second) {
            (_, Ok(Value::Bool(flag))) if flag == decides => Ok(Value::Bool(decides)),
            (Err(error), _) | (Ok(Value::Bool(_)), Err(error)) => Err(error),
            (Ok(Value::Bool(_)), Ok(Value::Bool(_))) => Ok(Value::Bool(!decides)),
            _ => Err(EvalError::no_overload()),
        }
    }

    fn not_strictly_false(&mut self, inner: &'a Expr) -> Eval {
        let value = self.eval(inner);
        if matches!(&value, Err(error) if error.is_over_limit()) {
            return value;
        }
        self.spend(1)?;
        Ok(Value::Bool(!matches!(value, Ok(Value::Bool(false)))))
    }

    fn optional_select(&mut self, operand: &'a Expr, name: &'a Expr) -> Eval {
        let value = self.eval(operand)?;
        self.spend(1)?;
        let Kind::Literal(Value::String(name)) = &name.kind else {
            return Err(EvalError::no_overload());
        };
        let inner = match &value {
            Value::Optional(None) => return Ok(value),
            Value::Optional(Some(inner)) => inner.as_ref(),
            other => other,
        };
        Ok(Value::Optional(field(inner, name).cloned().map(Arc::new)))
    }

    fn fold(&mut self, fold: &'a Fold) -> Eval {
        let range = self.eval(&fold.range)?;
        let start = self.eval(&fold.start)?;
        let scope = self.scopes.len();
        self.scopes.push((&fold.accumulator, start));
        let walked = self.walk(fold, &range, scope);
        let result = match walked {
            Ok(()) => self.eval(&fold.result),
            Err(error) => Err(error),
        };
        self.scopes.truncate(scope);
        result
    }

    fn walk(&mut self, fold: &'a Fold, range: &Value, scope: usize) -> Result<(), EvalError> {
        let two = fold.second.is_some();
        let entries: Vec<(Value, Value)> = match range {
            Value::List(list) => numbered(list, two),
            Value::Map(entries) => {
                entries.iter().map(|(key, value)| (key.value(), value.clone())).collect()
            }
            Value::Object(_, fields) => {
                fields.iter().map(|(name, value)| (Value::text(name), value.clone())).collect()
            }
            _ => return Err(EvalError::no_overload()),
        };
        // What goes wrong in one step may be made good by a later one, as `all` and `exists` have it.
        let mut failed: Option<EvalError> = None;
        for (first, second) in entries {
            self.scopes.truncate(scope + 1);
            self.scopes.push((&fold.variable, first));
            self.scopes.extend(fold.second.as_deref().map(|name| (name, second)));
            if failed.is_none() && !matches!(self.eval(&fold.condition)?, Value::Bool(true)) {
                break;
            }
            let step = self.step(fold, failed.as_ref());
            match step {
                Ok(value) => {
                    failed = None;
                    if let Some(slot) = self.scopes.get_mut(scope) {
                        slot.1 = value;
                    }
                }
                Err(error) if error.is_over_limit() => return Err(error),
                Err(error) if absorbs(fold) => failed = failed.or(Some(error)),
                Err(error) => return Err(error),
            }
        }
        self.scopes.truncate(scope + 1);
        failed.map_or(Ok(()), Err)
    }

    /// One step; after a failure only the new part can still decide.
    fn step(&mut self, fold: &'a Fold, failed: Option<&EvalError>) -> Eval {
        let (Some(failed), Kind::Call { function, arguments, .. }) = (failed, &fold.step.kind)
        else {
            return self.eval(&fold.step);
        };
        let Some(predicate) = arguments.get(1) else { return self.eval(&fold.step) };
        let decides = function == operators::OR;
        match self.eval(predicate)? {
            Value::Bool(flag) if flag == decides => Ok(Value::Bool(flag)),
            _ => Err(failed.clone()),
        }
    }
}

fn absorbs(fold: &Fold) -> bool {
    matches!(&fold.step.kind, Kind::Call { function, .. }
        if function == operators::AND || function == operators::OR)
}

fn numbered(list: &List, two: bool) -> Vec<(Value, Value)> {
    let number = |at: usize| Value::Int(i64::try_from(at).unwrap_or(i64::MAX));
    let items = list.items.iter().enumerate();
    items
        .map(
            |(at, item)| if two { (number(at), item.clone()) } else { (item.clone(), Value::Null) },
        )
        .collect()
}

/// The value to put in, if there is one.
fn present(value: Value, optional: bool) -> Result<Option<Value>, EvalError> {
    if !optional {
        return Ok(Some(value));
    }
    match value {
        Value::Optional(inner) => Ok(inner.map(|inner| inner.as_ref().clone())),
        _ => Err(EvalError::new("cannot initialize optional entry from non-optional value")),
    }
}
