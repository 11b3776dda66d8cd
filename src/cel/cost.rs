//! What an expression may take at most, before it is evaluated. Source: cel-go, `checker/cost.go`.
//!
//! The numbers decide which definitions are taken, so they are Kubernetes' own.

use std::collections::HashMap;

use crate::{
    ast::{ACCUMULATOR, Expr, Fold, Id, Kind, operators},
    call_cost,
    checker::Checked,
    declared::Declared,
    types::Type,
    value::Value,
};

/// The least and the most, of a size or of a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) min: u64,
    pub(crate) max: u64,
}

impl Range {
    pub(crate) const UNKNOWN: Self = Self { min: 0, max: u64::MAX };

    pub(crate) fn fixed(size: u64) -> Self {
        Self { min: size, max: size }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self { min: self.min.saturating_add(other.min), max: self.max.saturating_add(other.max) }
    }

    pub(crate) fn times(self, other: Self) -> Self {
        Self { min: self.min.saturating_mul(other.min), max: self.max.saturating_mul(other.max) }
    }

    /// Multiplied by a factor in thousandths, rounded up.
    pub(crate) fn scaled(self, thousandths: u64) -> Self {
        let scale = |size: u64| {
            let scaled = (u128::from(size) * u128::from(thousandths)).div_ceil(1000);
            u64::try_from(scaled).unwrap_or(u64::MAX)
        };
        Self { min: scale(self.min), max: scale(self.max) }
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }
}

/// What looking at a text takes, in thousandths of its length.
pub(crate) const TEXT: u64 = 100;
/// What an expression takes, in thousandths of its length.
pub(crate) const PATTERN: u64 = 250;

/// The sizes of a list's or a map's entries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entries {
    list: bool,
    key: Range,
    value: Range,
}

#[derive(Debug, Clone)]
struct Local {
    name: String,
    road: Vec<String>,
    size: Option<Range>,
    entries: Option<Entries>,
}

/// An argument of a call, as costs look at it.
#[derive(Debug)]
pub(crate) struct Node<'a> {
    pub(crate) road: Vec<String>,
    pub(crate) of: &'a Type,
    pub(crate) expression: &'a Expr,
    pub(crate) size: Option<Range>,
}

/// What a call takes, and how large its result is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CallCost {
    pub(crate) cost: Range,
    pub(crate) size: Option<Range>,
}

/// The most that an expression takes; `root` declares what its variables are.
pub(crate) fn most(checked: &Checked, root: Option<&Declared>) -> u64 {
    let mut coster = Coster {
        checked,
        root,
        roads: HashMap::new(),
        sizes: HashMap::new(),
        entries: HashMap::new(),
        locals: Vec::new(),
    };
    coster.cost(&checked.expression).max
}

struct Coster<'a> {
    checked: &'a Checked,
    root: Option<&'a Declared>,
    roads: HashMap<Id, Vec<String>>,
    sizes: HashMap<Id, Range>,
    entries: HashMap<Id, Entries>,
    locals: Vec<Local>,
}

fn below(mut road: Vec<String>, step: &str) -> Vec<String> {
    road.push(step.to_owned());
    road
}

impl<'a> Coster<'a> {
    fn local(&self, expression: &Expr) -> Option<&Local> {
        let Kind::Ident(name) = &expression.kind else { return None };
        self.locals.iter().rev().find(|local| local.name == *name)
    }

    fn road(&self, expression: &Expr) -> Vec<String> {
        if let Some(local) = self.local(expression) {
            return local.road.clone();
        }
        self.roads.get(&expression.id).cloned().unwrap_or_default()
    }

    fn node(&self, expression: &'a Expr) -> Node<'a> {
        let mut road = self.road(expression);
        if road.first().is_some_and(|first| first == ACCUMULATOR) {
            road.clear();
        }
        let of = self.checked.type_of(expression);
        Node { road, of, expression, size: self.size(expression) }
    }

    /// The size of what is at a road, as its declaration says.
    pub(crate) fn declared(&self, road: &[String]) -> Option<Range> {
        let (_, rest) = road.split_first()?;
        let of = self.root?.at(rest)?;
        Some(Range { min: 0, max: of.most })
    }

    fn size(&self, expression: &Expr) -> Option<Range> {
        if let Some(size) = self.sizes.get(&expression.id) {
            return Some(*size);
        }
        let of = match &expression.kind {
            Kind::Literal(Value::String(text)) => Some(text.chars().count()),
            Kind::Literal(Value::Bytes(bytes)) => Some(bytes.len()),
            Kind::Literal(Value::Type(_)) => None,
            Kind::Literal(_) => Some(1),
            Kind::List(items) => Some(items.len()),
            Kind::Map(entries) => Some(entries.len()),
            _ => None,
        };
        if let Some(size) = of {
            return Some(Range::fixed(size as u64));
        }
        if let Some(size) = self.declared(&self.road(expression)) {
            return Some(size);
        }
        if is_scalar(self.checked.type_of(expression)) {
            return Some(Range::fixed(1));
        }
        self.local(expression).and_then(|local| local.size)
    }

    fn size_or_unknown(&self, expression: &Expr) -> Range {
        self.size(expression).unwrap_or(Range::UNKNOWN)
    }

    fn entries(&self, expression: &Expr) -> Option<Entries> {
        let known = self.entries.get(&expression.id).copied();
        known.or_else(|| self.local(expression).and_then(|local| local.entries))
    }

    fn cost(&mut self, expression: &'a Expr) -> Range {
        match &expression.kind {
            Kind::Literal(_) => Range::fixed(0),
            Kind::Ident(name) => {
                let local = self.local(expression).map(|local| local.road.clone());
                let road = local.unwrap_or_else(|| vec![name.clone()]);
                self.roads.insert(expression.id, road);
                Range::fixed(1)
            }
            Kind::Select { operand, field, test } => {
                let mut sum = self.cost(operand);
                if *test {
                    return sum;
                }
                if matches!(
                    self.checked.type_of(operand),
                    Type::Map(..) | Type::Object(_) | Type::Param(_)
                ) {
                    sum = sum.plus(Range::fixed(1));
                }
                let road = below(self.road(operand), field);
                self.roads.insert(expression.id, road);
                sum
            }
            Kind::Call { .. } => self.call(expression),
            Kind::List(items) => {
                let mut sum = Range::fixed(10);
                let mut size = Range { min: u64::MAX, max: 0 };
                for (item, _) in items {
                    sum = sum.plus(self.cost(item));
                    size = size.union(self.size_or_unknown(item));
                }
                let value = if items.is_empty() { Range::fixed(0) } else { size };
                let entries = Entries { list: true, key: Range::fixed(1), value };
                self.entries.insert(expression.id, entries);
                sum
            }
            Kind::Map(entries) => self.map(expression, entries),
            Kind::Struct { fields, .. } => {
                fields.iter().fold(Range::fixed(40), |sum, field| sum.plus(self.cost(&field.value)))
            }
            Kind::Fold(fold) => self.fold(expression, fold),
        }
    }

    fn map(&mut self, expression: &Expr, entries: &'a [(Expr, Expr, bool)]) -> Range {
        let mut sum = Range::fixed(30);
        let none = Range { min: if entries.is_empty() { 0 } else { u64::MAX }, max: 0 };
        let (mut key_size, mut value_size) = (none, none);
        for (key, value, _) in entries {
            sum = sum.plus(self.cost(key)).plus(self.cost(value));
            key_size = key_size.union(self.size_or_unknown(key));
            value_size = value_size.union(self.size_or_unknown(value));
        }
        let entries = Entries { list: false, key: key_size, value: value_size };
        self.entries.insert(expression.id, entries);
        sum
    }

    fn call(&mut self, expression: &'a Expr) -> Range {
        let Kind::Call { function, target, arguments } = &expression.kind else {
            return Range::fixed(0);
        };
        if let ("dyn", Some(only)) = (function.as_str(), arguments.first()) {
            let cost = self.cost(only).plus(Range::fixed(1));
            self.copy(expression, only);
            return cost;
        }
        let costs: Vec<Range> = arguments.iter().map(|one| self.cost(one)).collect();
        let mut sum = Range::fixed(0);
        if let Some(target) = target {
            sum = self.cost(target);
        }
        let target = target.as_deref().map(|target| self.node(target));
        let arguments: Vec<Node<'a>> = arguments.iter().map(|one| self.node(one)).collect();
        let overloads = self.checked.overloads.get(expression.id).cloned().unwrap_or_default();
        let mut whole = Range { min: u64::MAX, max: 0 };
        let mut size: Option<Range> = None;
        for overload in &overloads {
            let call = call_cost::Call {
                function,
                overload,
                target: target.as_ref(),
                arguments: &arguments,
            };
            let found = self.overload(expression, &call, &costs);
            whole = whole.union(found.cost);
            size = match (size, found.size) {
                (Some(one), Some(two)) => Some(one.union(two)),
                (one, two) => one.or(two),
            };
            if let ("index_list" | "index_map", Some(of)) = (*overload, arguments.first()) {
                size = self.entries(of.expression).map(|entries| entries.value);
                let step = if *overload == "index_list" { "@items" } else { "@values" };
                self.roads.insert(expression.id, below(self.road(of.expression), step));
            }
            if size.is_none() {
                size = self.size(expression);
            }
        }
        if overloads.is_empty() {
            return sum;
        }
        self.sizes.extend(size.map(|size| (expression.id, size)));
        sum.plus(whole)
    }

    fn copy(&mut self, to: &Expr, from: &Expr) {
        self.sizes.extend(self.size(from).map(|size| (to.id, size)));
        self.entries.extend(self.entries(from).map(|entries| (to.id, entries)));
    }

    fn overload(
        &mut self,
        expression: &Expr,
        call: &call_cost::Call<'_, 'a>,
        costs: &[Range],
    ) -> CallCost {
        let spent = costs.iter().fold(Range::fixed(0), |sum, cost| sum.plus(*cost));
        let declared = |road: &[String]| self.declared(road);
        if let Some(found) = call_cost::kubernetes(call, &declared) {
            return CallCost { cost: found.cost.plus(spent), size: found.size };
        }
        let at = |at: usize| costs.get(at).copied().unwrap_or(Range::fixed(0));
        match (call.overload, call.arguments) {
            ("logical_or" | "logical_and", _) => {
                let cost = Range { min: at(0).min, max: at(0).plus(at(1)).max };
                CallCost { cost, size: None }
            }
            ("conditional", [_, yes, no]) => {
                let size =
                    yes.size.unwrap_or(Range::UNKNOWN).union(no.size.unwrap_or(Range::UNKNOWN));
                let (yes, no) = (self.entries(yes.expression), self.entries(no.expression));
                self.unite(expression, yes.zip(no));
                CallCost { cost: at(0).plus(at(1).union(at(2))), size: Some(size) }
            }
            ("add_string" | "add_bytes" | "add_list", [one, two]) => {
                let both = (self.entries(one.expression), self.entries(two.expression));
                self.unite(expression, both.0.zip(both.1));
                let size =
                    one.size.unwrap_or(Range::UNKNOWN).plus(two.size.unwrap_or(Range::UNKNOWN));
                let own =
                    if call.overload == "add_list" { Range::fixed(1) } else { size.scaled(TEXT) };
                CallCost { cost: own.plus(spent), size: Some(size) }
            }
            _ => {
                let found = call_cost::standard(call);
                CallCost { cost: found.cost.plus(spent), size: found.size }
            }
        }
    }

    fn unite(&mut self, expression: &Expr, both: Option<(Entries, Entries)>) {
        let Some((one, two)) = both else { return };
        let entries = Entries {
            list: one.list,
            key: one.key.union(two.key),
            value: one.value.union(two.value),
        };
        self.entries.insert(expression.id, entries);
    }

    fn push(&mut self, name: &str, range: &Expr, step: &str, size: Option<Range>) {
        let road = below(self.road(range), step);
        self.locals.push(Local { name: name.to_owned(), road, size, entries: None });
    }

    fn fold(&mut self, expression: &'a Expr, fold: &'a Fold) -> Range {
        let mut sum = self.cost(&fold.range).plus(self.cost(&fold.start));
        let scope = self.locals.len();
        self.locals.push(Local {
            name: fold.accumulator.clone(),
            road: self.road(&fold.start),
            size: self.size(&fold.start),
            entries: self.entries(&fold.start),
        });
        if fold.accumulator != ACCUMULATOR {
            // A name that stands for a value.
            sum = sum.plus(self.cost(&fold.result));
            self.copy(expression, &fold.result);
            self.locals.truncate(scope);
            return sum;
        }
        let entries = self.entries(&fold.range);
        let list = entries
            .map_or(matches!(self.checked.type_of(&fold.range), Type::List(_)), |of| of.list);
        let (key, value) = (entries.map(|of| of.key), entries.map(|of| of.value));
        let (keys, values) = if list { ("@indices", "@items") } else { ("@keys", "@values") };
        if let Some(second) = &fold.second {
            self.push(&fold.variable, &fold.range, keys, key);
            self.push(second, &fold.range, values, value);
        } else if list {
            self.push(&fold.variable, &fold.range, "@items", value);
        } else {
            self.push(&fold.variable, &fold.range, "@keys", key);
        }
        let turn = self.cost(&fold.condition).plus(self.cost(&fold.step));
        self.locals.truncate(scope + 1);
        sum = sum.plus(self.cost(&fold.result));
        self.locals.truncate(scope);
        let count = self.size_or_unknown(&fold.range);
        match &fold.start.kind {
            Kind::Literal(_) => {
                let size = self.size(&fold.start);
                self.sizes.extend(size.map(|size| (expression.id, size)));
            }
            Kind::List(_) | Kind::Map(_) => {
                self.sizes.insert(expression.id, count);
                let step = self.entries(&fold.step);
                self.entries.extend(step.map(|step| (expression.id, step)));
            }
            _ => {}
        }
        sum.plus(count.times(turn))
    }
}

pub(crate) fn is_scalar(of: &Type) -> bool {
    let (inner, _) = of.unwrapped();
    matches!(
        inner,
        Type::Bool | Type::Double | Type::Duration | Type::Int | Type::Timestamp | Type::Uint
    )
}

pub(crate) fn equals(function: &str) -> bool {
    function == operators::EQUALS
}
