//! Evaluates paths. Source: client-go `util/jsonpath`, `jsonpath.go`; errors are in its words.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Found, Node, Slice};
use crate::gofmt::{Go, Kind};

/// What one evaluation may take: each value that is looked at takes one. Paths come from outside,
/// and `..` and ranges in one another lead to ever more values.
const MOST_WORK: usize = 1_000_000;
/// How deeply ranges may stand in one another.
const DEEPEST: usize = 50;

/// Where evaluation stands. Go keeps the nodes that are left and counts ranges in the path itself.
pub(super) struct Walk<'p> {
    nodes: &'p [Node],
    lenient: bool,
    /// Values that may still be looked at.
    left: usize,
    begun: usize,
    within: usize,
    ended: usize,
    /// The `{end}` that was met last.
    last_end: Option<usize>,
}

/// What a step could not do, and the values that Go hands on all the same.
struct Failed<'v> {
    values: Vec<Found<'v>>,
    why: String,
}

type Walked<'v> = Result<Vec<Found<'v>>, Failed<'v>>;

/// All values that the nodes lead to, a group for each node of the template.
pub(super) fn groups<'v>(
    nodes: &[Node],
    lenient: bool,
    object: &'v Value,
) -> Result<Vec<Vec<Found<'v>>>, String> {
    let mut walk =
        Walk { nodes, lenient, left: MOST_WORK, begun: 0, within: 0, ended: 0, last_end: None };
    let mut found = Vec::new();
    walk.results(0, Found::Part(object), &mut found)?;
    Ok(found)
}

impl Walk<'_> {
    fn take(&mut self, work: usize) -> Result<(), String> {
        let left = self.left.checked_sub(work);
        self.left = left.ok_or("the path leads to too many values")?;
        Ok(())
    }

    /// Follows the nodes from the place `start` on, up to the end of the range that it is in.
    fn results<'v>(
        &mut self,
        start: usize,
        object: Found<'v>,
        full: &mut Vec<Vec<Found<'v>>>,
    ) -> Result<(), String> {
        if self.within > DEEPEST {
            return Err("ranges stand too deeply in one another".to_owned());
        }
        let nodes = self.nodes;
        let current = vec![object];
        let mut at = start;
        while let Some(node) = nodes.get(at) {
            let found = self.node(&current, node).map_err(|failed| failed.why)?;
            if self.ended > 0 && self.ended <= self.within {
                self.ended -= 1;
                self.last_end = Some(at);
                break;
            }
            if self.begun == 0 {
                full.push(found);
                at += 1;
                continue;
            }
            self.begun -= 1;
            self.within += 1;
            if found.is_empty() {
                // The nodes are gone through for their end alone.
                self.results(at + 1, Found::Nothing, &mut Vec::new())?;
            }
            for value in found {
                let value = if value.get().is_null() { Found::Nothing } else { value };
                self.results(at + 1, value, full)?;
            }
            self.within -= 1;
            at = self.last_end.filter(|end| *end > at).unwrap_or(at) + 1;
        }
        Ok(())
    }

    fn list<'v>(&mut self, values: &[Found<'v>], nodes: &[Node]) -> Walked<'v> {
        let mut values = values.to_vec();
        for node in nodes {
            values = self.node(&values, node)?;
        }
        Ok(values)
    }

    fn node<'v>(&mut self, values: &[Found<'v>], node: &Node) -> Walked<'v> {
        self.take(1 + values.len()).map_err(|why| Failed { values: Vec::new(), why })?;
        let made = |value: Value| Ok(vec![Found::Made(value)]);
        match node {
            Node::List(nodes) => self.list(values, nodes),
            Node::Text(text) => made(Value::String(text.clone())),
            Node::Bytes(bytes) => Ok(vec![Found::Bytes(bytes.clone())]),
            Node::Made(value) => Ok(vec![Found::Made(value.clone()); values.len()]),
            Node::Field(name) => self.field(values, name),
            Node::Slice(slice) => sliced(values, slice),
            Node::Exists(nodes) => self.filter(values, |walk, item| {
                let found = walk.list(&[item], nodes);
                Ok(!found.unwrap_or_else(|failed| failed.values).is_empty())
            }),
            Node::Filter { left, operator, right } => self.filter(values, |walk, item| {
                let Some(left) = walk.operand(&item, left)? else { return Ok(false) };
                let Some(right) = walk.operand(&item, right)? else { return Ok(false) };
                compares(&left.go(), operator, &right.go())
            }),
            Node::Wildcard => Ok(values.iter().flat_map(Found::items).collect()),
            Node::Recursive => {
                let mut found = Vec::new();
                match self.recurse(values.to_vec(), &mut found) {
                    Ok(()) => Ok(found),
                    Err(why) => Err(Failed { values: Vec::new(), why }),
                }
            }
            Node::Union(members) => {
                let mut found = Vec::new();
                for member in members {
                    match self.list(values, member) {
                        Ok(mut more) => found.append(&mut more),
                        Err(failed) => return Err(Failed { values: values.to_vec(), ..failed }),
                    }
                }
                Ok(found)
            }
            Node::Identifier(word) => self.identifier(values, word),
        }
    }

    fn identifier<'v>(&mut self, values: &[Found<'v>], word: &str) -> Walked<'v> {
        match word {
            "range" => {
                self.begun += 1;
                Ok(values.to_vec())
            }
            "end" if self.within > 0 => {
                self.ended += 1;
                Ok(Vec::new())
            }
            "end" => {
                Err(Failed { values: Vec::new(), why: "not in range, nothing to end".to_owned() })
            }
            word => Err(Failed {
                values: values.to_vec(),
                why: format!("unrecognized identifier {word}"),
            }),
        }
    }

    fn field<'v>(&self, values: &[Found<'v>], name: &str) -> Walked<'v> {
        let found: Vec<_> = values
            .iter()
            .filter_map(|value| match value {
                Found::Part(Value::Object(map)) => map.get(name).map(Found::Part),
                _ => None,
            })
            .collect();
        if found.is_empty() && !values.is_empty() && !self.lenient {
            return Err(Failed { values: found, why: format!("{name} is not found") });
        }
        Ok(found)
    }

    fn filter<'v>(
        &mut self,
        values: &[Found<'v>],
        mut fits: impl FnMut(&mut Self, Found<'v>) -> Result<bool, String>,
    ) -> Walked<'v> {
        let mut found = Vec::new();
        for value in values {
            let Found::Part(Value::Array(list)) = value else {
                let shown = match value {
                    Found::Nothing => "<invalid reflect.Value>".to_owned(),
                    value => value.go().words(),
                };
                let why = format!("{shown} is not array or slice and cannot be filtered");
                return Err(Failed { values: values.to_vec(), why });
            };
            for item in list {
                match fits(self, Found::Part(item)) {
                    Ok(true) => found.push(Found::Part(item)),
                    Ok(false) => {}
                    Err(why) => return Err(Failed { values: values.to_vec(), why }),
                }
            }
        }
        Ok(found)
    }

    /// The one value of a filter's side.
    fn operand<'v>(
        &mut self,
        item: &Found<'v>,
        nodes: &[Node],
    ) -> Result<Option<Found<'v>>, String> {
        let mut found =
            self.list(std::slice::from_ref(item), nodes).map_err(|failed| failed.why)?;
        match found.len() {
            0 | 1 => Ok(found.pop()),
            _ => Err("can only compare one element at a time".to_owned()),
        }
    }

    fn recurse<'v>(
        &mut self,
        values: Vec<Found<'v>>,
        found: &mut Vec<Found<'v>>,
    ) -> Result<(), String> {
        self.take(values.len())?;
        for value in values {
            let items = value.items();
            if !items.is_empty() {
                found.push(value);
                self.recurse(items, found)?;
            }
        }
        Ok(())
    }
}

impl Found<'_> {
    fn go(&self) -> Go<'_> {
        match self {
            Self::Nothing => Go::Nil,
            Self::Part(value) => Go::from(*value),
            Self::Byte(value) => Go::Byte(value.as_u64().map_or(0, |byte| byte.to_le_bytes()[0])),
            Self::Made(value) => match Go::from(value) {
                Go::Int64(number) => Go::Int(number),
                other => other,
            },
            Self::Bytes(bytes) => Go::Text(bytes.as_slice().into()),
        }
    }

    /// What it holds; of text its bytes.
    fn items(&self) -> Vec<Self> {
        match self {
            Self::Part(Value::Array(list)) => list.iter().map(Found::Part).collect(),
            Self::Part(Value::Object(map)) => map.values().map(Found::Part).collect(),
            Self::Part(Value::String(text)) | Self::Made(Value::String(text)) => {
                text.bytes().map(|byte| Found::Byte(byte.into())).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn compares(left: &Go<'_>, operator: &str, right: &Go<'_>) -> Result<bool, String> {
    let known = ["<", ">", "==", "!=", "<=", ">="];
    if !known.contains(&operator) {
        return Err(format!("unrecognized filter operator {operator}"));
    }
    if left.kind() == Kind::Other || right.kind() == Kind::Other {
        return Err("invalid type for comparison".to_owned());
    }
    let whole = left.whole().is_some() && right.whole().is_some();
    if left.kind() != right.kind() && !whole {
        return Err("incompatible types for comparison".to_owned());
    }
    let order = left.order(right);
    match operator {
        "==" => return Ok(order == Some(Ordering::Equal)),
        "!=" => return Ok(order != Some(Ordering::Equal)),
        _ if left.kind() == Kind::Bool => return Err("invalid type for comparison".to_owned()),
        _ => {}
    }
    Ok(match operator {
        "<" => order == Some(Ordering::Less),
        ">=" => order != Some(Ordering::Less),
        "<=" => order.is_some_and(Ordering::is_le),
        _ => !order.is_some_and(Ordering::is_le),
    })
}

fn sliced<'v>(values: &[Found<'v>], slice: &Slice) -> Walked<'v> {
    let mut found = Vec::new();
    for value in values {
        let list = match value {
            Found::Part(Value::Array(list)) => list,
            Found::Part(Value::Null) => continue,
            value => {
                let name = value.go().type_name().unwrap_or("<nil>");
                let why = format!("{name} is not array or slice");
                return Err(Failed { values: values.to_vec(), why });
            }
        };
        match slice.of(list.len()) {
            Ok(places) => found.extend(places.filter_map(|at| list.get(at)).map(Found::Part)),
            Err(why) => return Err(Failed { values: values.to_vec(), why }),
        }
    }
    Ok(found)
}

impl Slice {
    /// The places that it takes of so many.
    fn of(&self, length: usize) -> Result<impl Iterator<Item = usize> + use<>, String> {
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let mut from = self.from.unwrap_or(0);
        let mut to = match self.to {
            _ if self.single => from.wrapping_add(1),
            Some(to) => to,
            None => length,
        };
        if from < 0 {
            from += length;
        }
        if to < 0 || (to == 0 && self.single) {
            to += length;
        }
        let outside =
            |index: i64| Err(format!("array index out of bounds: index {index}, length {length}"));
        if from != to {
            if from >= length || from < 0 {
                return outside(from);
            }
            if to > length || to < 0 {
                return outside(to - 1);
            }
            if from > to {
                return Err(format!("starting index {from} is greater than ending index {to}"));
            }
        }
        let step = match self.step {
            Some(step) if step <= 0 && from != to => return Err("step must be > 0".to_owned()),
            step => step.unwrap_or(1).max(1),
        };
        let place = |at: i64| usize::try_from(at).unwrap_or(0);
        Ok((place(from)..place(to)).step_by(place(step).max(1)))
    }
}
