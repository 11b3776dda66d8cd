//! Macros: calls that stand for walks. Source: cel-go, `parser/macro.go`, `ext/comprehensions.go`,
//! `cel/library.go` (optionals) and `ext/lists.go` (`sortBy`).

use super::{Parse, Parser};
use crate::{
    ast::{ACCUMULATOR, Expr, Fold, Id, Kind, operators},
    issue::Issue,
    value::Value,
};

/// The parts of a call that is no macro.
type Untouched = (Option<Expr>, Vec<Expr>);

/// What a walk gathers and how.
struct Gathers {
    start: Expr,
    condition: Expr,
    step: Expr,
    result: Expr,
}

impl Parser {
    /// What a call stands for, if it is a macro.
    pub(super) fn expanded(
        &mut self,
        id: Id,
        function: &str,
        target: Option<Expr>,
        mut arguments: Vec<Expr>,
    ) -> Parse<Result<Expr, Untouched>> {
        let count = arguments.len();
        let Some(target) = target else {
            if function == "has" && count == 1 {
                return self.has(id, arguments).map(Ok);
            }
            return Ok(Err((None, arguments)));
        };
        let variables = match (function, count) {
            ("all" | "exists" | "exists_one" | "existsOne" | "filter", 2) | ("map", 2 | 3) => 1,
            ("all" | "exists" | "exists_one" | "existsOne", 3)
            | ("transformList" | "transformMap" | "transformMapEntry", 3 | 4) => 2,
            ("optMap" | "optFlatMap", 2) => {
                return self.optional(id, function, target, arguments).map(Ok);
            }
            ("sortBy", 2) => return self.sort_by(id, target, arguments).map(Ok),
            _ => return Ok(Err((Some(target), arguments))),
        };
        let rest = arguments.split_off(variables);
        let words = if matches!(function, "map" | "filter") {
            "argument is not an identifier"
        } else {
            "argument must be a simple name"
        };
        let mut names = Vec::new();
        for argument in &arguments {
            names.push(self.variable(argument, words)?);
        }
        let mut names = names.into_iter();
        let first = names.next().unwrap_or_default();
        let second = names.next();
        if second.as_ref() == Some(&first) {
            let message = format!("duplicate variable name: {first}");
            return Err(self.issue(arguments.get(1), message));
        }
        let place = self.places.get(id).copied().unwrap_or(0);
        let gathers = self.gathers(place, function, rest, &first)?;
        let Gathers { start, condition, step, result } = gathers;
        let fold = Fold {
            range: target,
            variable: first,
            second,
            accumulator: ACCUMULATOR.into(),
            start,
            condition,
            step,
            result,
        };
        self.node_of(id, Kind::Fold(Box::new(fold))).map(Ok)
    }

    fn issue(&self, at: Option<&Expr>, message: impl Into<String>) -> Issue {
        let at = at.and_then(|at| self.places.get(at.id).copied());
        Issue { at, message: message.into() }
    }

    fn variable(&self, argument: &Expr, words: &str) -> Parse<String> {
        match &argument.kind {
            Kind::Ident(name) if name == ACCUMULATOR || name == "__result__" => {
                let words = "iteration variable overwrites accumulator variable";
                Err(self.issue(Some(argument), words))
            }
            Kind::Ident(name) if !name.starts_with('.') => Ok(name.clone()),
            _ => Err(self.issue(Some(argument), words)),
        }
    }

    fn has(&mut self, id: Id, mut arguments: Vec<Expr>) -> Parse<Expr> {
        let Some(argument) = arguments.pop() else { return self.unexpected("')'") };
        match argument.kind {
            Kind::Select { operand, field, .. } => {
                self.node_of(id, Kind::Select { operand, field, test: true })
            }
            _ => Err(self.issue(Some(&argument), "invalid argument to has() macro")),
        }
    }

    fn gathered(&mut self, place: usize) -> Parse<Expr> {
        self.node(place, Kind::Ident(ACCUMULATOR.into()))
    }

    fn constant(&mut self, place: usize, value: Value) -> Parse<Expr> {
        self.node(place, Kind::Literal(value))
    }

    fn gathers(
        &mut self,
        place: usize,
        function: &str,
        mut rest: Vec<Expr>,
        variable: &str,
    ) -> Parse<Gathers> {
        let Some(last) = rest.pop() else { return self.unexpected("')'") };
        match function {
            "all" => self.quantifier(place, operators::AND, last),
            "exists" => self.quantifier(place, operators::OR, last),
            "exists_one" | "existsOne" => self.exactly_one(place, last),
            _ => {
                let filter = if function == "filter" { None } else { rest.pop() };
                self.transform(place, function, (filter, last), variable)
            }
        }
    }

    /// `all` and `exists`: a walk that ends as soon as it is decided.
    fn quantifier(&mut self, place: usize, operator: &str, predicate: Expr) -> Parse<Gathers> {
        let all = operator == operators::AND;
        let start = self.constant(place, Value::Bool(all))?;
        let mut undecided = self.gathered(place)?;
        if !all {
            undecided = self.call(place, operators::NOT, vec![undecided])?;
        }
        let condition = self.call(place, operators::NOT_STRICTLY_FALSE, vec![undecided])?;
        let gathered = self.gathered(place)?;
        let step = self.call(place, operator, vec![gathered, predicate])?;
        let result = self.gathered(place)?;
        Ok(Gathers { start, condition, step, result })
    }

    fn exactly_one(&mut self, place: usize, predicate: Expr) -> Parse<Gathers> {
        let start = self.constant(place, Value::Int(0))?;
        let condition = self.constant(place, Value::Bool(true))?;
        let (gathered, one) = (self.gathered(place)?, self.constant(place, Value::Int(1))?);
        let more = self.call(place, operators::ADD, vec![gathered, one])?;
        let same = self.gathered(place)?;
        let step = self.call(place, operators::CONDITIONAL, vec![predicate, more, same])?;
        let (gathered, one) = (self.gathered(place)?, self.constant(place, Value::Int(1))?);
        let result = self.call(place, operators::EQUALS, vec![gathered, one])?;
        Ok(Gathers { start, condition, step, result })
    }

    /// `map`, `filter` and the walks with two variables: a new list or map.
    fn transform(
        &mut self,
        place: usize,
        function: &str,
        (filter, last): (Option<Expr>, Expr),
        variable: &str,
    ) -> Parse<Gathers> {
        let gathered = self.gathered(place)?;
        let is_map = matches!(function, "transformMap" | "transformMapEntry");
        let empty = if is_map { Kind::Map(Vec::new()) } else { Kind::List(Vec::new()) };
        let start = self.node(place, empty)?;
        let condition = self.constant(place, Value::Bool(true))?;
        let (filter, what) = if function == "filter" {
            (Some(last), self.node(place, Kind::Ident(variable.to_owned()))?)
        } else {
            (filter, last)
        };
        let mut step = match function {
            "transformMap" => {
                let key = self.node(place, Kind::Ident(variable.to_owned()))?;
                self.call(place, operators::MAP_INSERT, vec![gathered, key, what])?
            }
            "transformMapEntry" => self.call(place, operators::MAP_INSERT, vec![gathered, what])?,
            _ => {
                let one = self.node(place, Kind::List(vec![(what, false)]))?;
                self.call(place, operators::ADD, vec![gathered, one])?
            }
        };
        if let Some(filter) = filter {
            let same = self.gathered(place)?;
            step = self.call(place, operators::CONDITIONAL, vec![filter, step, same])?;
        }
        let result = self.gathered(place)?;
        Ok(Gathers { start, condition, step, result })
    }

    fn method(&mut self, place: usize, target: Expr, name: &str) -> Parse<Expr> {
        let (function, target) = (name.to_owned(), Some(Box::new(target)));
        self.node(place, Kind::Call { function, target, arguments: Vec::new() })
    }

    /// A name that stands for a value in `result` alone.
    fn bound(&mut self, id: Id, name: String, value: Expr, result: Expr) -> Parse<Expr> {
        let place = self.places.get(id).copied().unwrap_or(0);
        let fold = Fold {
            range: self.node(place, Kind::List(Vec::new()))?,
            variable: "#unused".into(),
            second: None,
            step: self.node(place, Kind::Ident(name.clone()))?,
            accumulator: name,
            start: value,
            condition: self.constant(place, Value::Bool(false))?,
            result,
        };
        self.node_of(id, Kind::Fold(Box::new(fold)))
    }

    /// `optMap` and `optFlatMap`.
    fn optional(
        &mut self,
        id: Id,
        function: &str,
        target: Expr,
        mut arguments: Vec<Expr>,
    ) -> Parse<Expr> {
        let place = self.places.get(id).copied().unwrap_or(0);
        let (Some(value), Some(name)) = (arguments.pop(), arguments.pop()) else {
            return self.unexpected("')'");
        };
        let words = format!("{function}() variable name must be a simple identifier");
        let name = self.variable(&name, &words)?;
        let held = "@optional".to_owned();
        let known = self.node(place, Kind::Ident(held.clone()))?;
        let has = self.method(place, known.clone(), "hasValue")?;
        let inner = self.method(place, known, "value")?;
        let own = self.id(place);
        let mut result = self.bound(own, name, inner, value)?;
        if function == "optMap" {
            result = self.call(place, "optional.of", vec![result])?;
        }
        let none = self.call(place, "optional.none", Vec::new())?;
        let whole = self.call(place, operators::CONDITIONAL, vec![has, result, none])?;
        // The target is named once, so that chains of these do not double.
        self.bound(id, held, target, whole)
    }

    /// `list.sortBy(e, key)`: the list ordered by the keys of its items.
    fn sort_by(&mut self, id: Id, target: Expr, mut arguments: Vec<Expr>) -> Parse<Expr> {
        let place = self.places.get(id).copied().unwrap_or(0);
        let (Some(key), Some(name)) = (arguments.pop(), arguments.pop()) else {
            return self.unexpected("')'");
        };
        let words = "sortBy(): argument must be a simple name";
        let variable = self.variable(&name, words)?;
        let gathers = self.transform(place, "map", (None, key), &variable)?;
        let Gathers { start, condition, step, result } = gathers;
        let list = "@__sortBy_input__".to_owned();
        let range = self.node(place, Kind::Ident(list.clone()))?;
        let accumulator = ACCUMULATOR.to_owned();
        let fold =
            Fold { range, variable, second: None, accumulator, start, condition, step, result };
        let keys = self.node(place, Kind::Fold(Box::new(fold)))?;
        let input = self.node(place, Kind::Ident(list.clone()))?;
        let function = "@sortByAssociatedKeys".to_owned();
        let sorted = Kind::Call { function, target: Some(Box::new(input)), arguments: vec![keys] };
        let sorted = self.node(place, sorted)?;
        self.bound(id, list, target, sorted)
    }
}
