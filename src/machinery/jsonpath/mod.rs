//! `JSONPath` in kubectl's dialect: text with `{expressions}`, ranges, filters, slices, unions.
//!
//! Source: client-go `util/jsonpath`. Results of an expression are separated by a blank.

mod parse;

use std::{cell::Cell, rc::Rc};

use serde_json::Value;

use crate::{field::go_quoted, yaml};

/// What one evaluation may take: a value that is looked at, or some letters that are written, each
/// take one. Paths come from outside, and `..` and filters in one another lead to ever more values.
const MOST_WORK: usize = 1_000_000;
/// Letters that take as much as a value.
const LETTERS: usize = 64;

/// What is wrong with a template, or with what it is asked of, in kubectl's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct JsonPathError(String);

/// A template, read.
#[derive(Debug)]
pub struct JsonPath {
    source: String,
    nodes: Vec<Node>,
    lenient: bool,
    as_json: bool,
}

#[derive(Debug, Clone)]
enum Node {
    Text(String),
    /// Steps from the current object.
    List(Vec<Step>),
    Range(Vec<Step>, Vec<Node>),
}

#[derive(Debug, Clone)]
enum Step {
    Root,
    Field(String),
    Wildcard,
    Recursive,
    Slice { from: Option<i64>, to: Option<i64>, step: Option<i64>, single: bool },
    Union(Vec<Vec<Step>>),
    Filter { left: Operand, operator: String, right: Option<Operand> },
    Literal(Value),
}

#[derive(Debug, Clone)]
struct Operand(Vec<Step>);

impl JsonPath {
    /// Reads a template as `-o jsonpath=` takes it.
    pub fn parse(text: &str, lenient: bool, as_json: bool) -> Result<Self, JsonPathError> {
        let nodes = parse::parse(text)
            .map_err(|why| JsonPathError(format!("error parsing jsonpath {text}, {why}")))?;
        Ok(Self { source: text.to_owned(), nodes, lenient, as_json })
    }

    /// Reads one path as `--sort-by` and custom columns take it: braces and the first dot are free.
    pub fn relaxed(text: &str) -> Result<Self, JsonPathError> {
        if text.is_empty() {
            return Self::parse("", true, false);
        }
        let trimmed = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text);
        if trimmed.contains(['{', '}']) {
            return Err(JsonPathError(
                "unexpected path string, expected a 'name1.name2' or '.name1.name2' or \
                 '{name1.name2}' or '{.name1.name2}'"
                    .to_string(),
            ));
        }
        let path = trimmed.strip_prefix('.').unwrap_or(trimmed);
        Self::parse(&format!("{{.{path}}}"), true, false)
    }

    /// The template's text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// All values that the template finds, in order.
    pub fn find<'v>(&self, object: &'v Value) -> Result<Vec<Found<'v>>, String> {
        let walk = Walk::new(object, self.lenient);
        let mut found = Vec::new();
        for node in &self.nodes {
            if let Node::List(steps) = node {
                found.extend(walk.all(steps, object)?);
            }
        }
        Ok(found)
    }

    /// Fills the template in.
    pub fn print(&self, object: &Value) -> Result<String, JsonPathError> {
        let mut out = String::new();
        let outcome = if self.as_json {
            self.find(object).map(|found| {
                let list: Vec<Value> = found.iter().map(|found| found.get().clone()).collect();
                out = yaml::pretty(&Value::Array(list), "    ");
                out.push('\n');
            })
        } else {
            Walk::new(object, self.lenient).fill(&self.nodes, object, &mut out)
        };
        outcome.map_err(|why| self.failed(&why, object))?;
        Ok(out)
    }

    fn failed(&self, why: &str, object: &Value) -> JsonPathError {
        let source = &self.source;
        JsonPathError(format!(
            "error executing jsonpath {source:?}: Error executing template: {why}. Printing more \
             information for debugging the template:\n\ttemplate was:\n\t\t{source}\n\tobject given \
             to jsonpath engine was:\n\t\t{}\n\n\n",
            go_syntax(object)
        ))
    }
}

/// A value found: part of the object, or made on the way.
#[derive(Debug, Clone)]
pub enum Found<'v> {
    /// Part of the object.
    Part(&'v Value),
    /// Made on the way.
    Made(Value),
}

impl Found<'_> {
    /// The value.
    pub fn get(&self) -> &Value {
        match self {
            Self::Part(value) => value,
            Self::Made(value) => value,
        }
    }
}

/// A value as templates print it: text bare, the rest as JSON.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => yaml::compact(other),
    }
}

/// One evaluation.
struct Walk<'v> {
    root: &'v Value,
    lenient: bool,
    /// What may still be taken.
    left: Rc<Cell<usize>>,
}

impl<'v> Walk<'v> {
    fn new(root: &'v Value, lenient: bool) -> Self {
        Self { root, lenient, left: Rc::new(Cell::new(MOST_WORK)) }
    }

    fn take(&self, work: usize) -> Result<(), String> {
        let left = self.left.get().checked_sub(work);
        self.left.set(left.ok_or("the path leads to too many values")?);
        Ok(())
    }

    /// The same evaluation, for values that live shorter, or in another mood.
    fn within<'w>(&self, lenient: bool) -> Walk<'w>
    where
        'v: 'w,
    {
        Walk { root: self.root, lenient, left: Rc::clone(&self.left) }
    }

    fn fill(&self, nodes: &[Node], current: &'v Value, out: &mut String) -> Result<(), String> {
        for node in nodes {
            match node {
                Node::Text(text) => self.write(text, out)?,
                Node::List(steps) => {
                    let found = self.all(steps, current)?;
                    let texts = found.iter().map(|found| text_of(found.get()));
                    for (at, text) in texts.enumerate() {
                        out.extend((at > 0).then_some(' '));
                        self.write(&text, out)?;
                    }
                }
                Node::Range(steps, body) => {
                    for found in self.all(steps, current)? {
                        self.within(self.lenient).fill(body, found.get(), out)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn write(&self, text: &str, out: &mut String) -> Result<(), String> {
        self.take(1 + text.len() / LETTERS)?;
        out.push_str(text);
        Ok(())
    }

    /// All values that steps lead to.
    fn all(&self, steps: &[Step], current: &'v Value) -> Result<Vec<Found<'v>>, String> {
        let mut parts = vec![current];
        for (at, step) in steps.iter().enumerate() {
            if let Step::Literal(value) = step {
                return Ok(vec![Found::Made(value.clone())]);
            }
            let mut next = Vec::new();
            for part in parts {
                self.take(1)?;
                self.step(step, part, &mut next)?;
            }
            parts = next;
            if parts.is_empty() && at + 1 < steps.len() {
                return Ok(Vec::new());
            }
        }
        Ok(parts.into_iter().map(Found::Part).collect())
    }

    fn step(&self, step: &Step, part: &'v Value, next: &mut Vec<&'v Value>) -> Result<(), String> {
        match step {
            Step::Root => next.push(self.root),
            Step::Field(name) => match part.get(name) {
                Some(value) => next.push(value),
                None if self.lenient || part.is_null() => {}
                None => return Err(format!("{name} is not found")),
            },
            Step::Wildcard => match part {
                Value::Array(list) => next.extend(list),
                Value::Object(map) => next.extend(map.values()),
                _ => {}
            },
            Step::Recursive => self.recurse(part, next)?,
            Step::Slice { from, to, step, single } => {
                let Value::Array(list) = part else {
                    let fine = self.lenient || part.is_null();
                    return if fine { Ok(()) } else { Err(not_a_list(part)) };
                };
                slice(list, (*from, *to, *step), *single, next)?;
            }
            Step::Union(members) => {
                for member in members {
                    let found = self.all(member, part)?.into_iter();
                    next.extend(found.filter_map(|found| match found {
                        Found::Part(value) => Some(value),
                        Found::Made(_) => None,
                    }));
                }
            }
            Step::Filter { left, operator, right } => {
                let items: Vec<&Value> = match part {
                    Value::Array(list) => list.iter().collect(),
                    Value::Object(map) => map.values().collect(),
                    _ => return Err(not_a_list(part)),
                };
                for item in items {
                    if self.fits(left, operator, right.as_ref(), item)? {
                        next.push(item);
                    }
                }
            }
            Step::Literal(_) => {}
        }
        Ok(())
    }

    fn recurse(&self, value: &'v Value, next: &mut Vec<&'v Value>) -> Result<(), String> {
        self.take(1)?;
        next.push(value);
        match value {
            Value::Array(list) => list.iter().try_for_each(|item| self.recurse(item, next)),
            Value::Object(map) => map.values().try_for_each(|item| self.recurse(item, next)),
            _ => Ok(()),
        }
    }

    fn fits(
        &self,
        left: &Operand,
        operator: &str,
        right: Option<&Operand>,
        item: &'v Value,
    ) -> Result<bool, String> {
        let inner = self.within(true);
        let left = inner.all(&left.0, item)?;
        let Some(right) = right else { return Ok(!left.is_empty()) };
        let right = inner.all(&right.0, item)?;
        let (Some(left), Some(right)) = (left.first(), right.first()) else { return Ok(false) };
        Ok(compares(left.get(), operator, right.get()))
    }
}

fn compares(left: &Value, operator: &str, right: &Value) -> bool {
    let order = match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    };
    let same = left == right || order == Some(std::cmp::Ordering::Equal);
    match operator {
        "==" => same,
        "!=" => !same,
        "<" => order.is_some_and(std::cmp::Ordering::is_lt),
        "<=" => order.is_some_and(std::cmp::Ordering::is_le),
        ">" => order.is_some_and(std::cmp::Ordering::is_gt),
        _ => order.is_some_and(std::cmp::Ordering::is_ge),
    }
}

fn not_a_list(value: &Value) -> String {
    format!("{} is not array or slice and cannot be filtered", go_syntax(value))
}

fn slice<'v>(
    list: &'v [Value],
    (from, to, step): (Option<i64>, Option<i64>, Option<i64>),
    single: bool,
    next: &mut Vec<&'v Value>,
) -> Result<(), String> {
    let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
    let absolute = |index: i64| if index < 0 { index + length } else { index };
    let start = absolute(from.unwrap_or(0));
    let end =
        if single { start.saturating_add(1) } else { to.map_or(length, absolute).min(length) };
    if single && (start < 0 || start >= length) {
        let shown = from.unwrap_or(0);
        return Err(format!("array index out of bounds: index {shown}, length {length}"));
    }
    if start < 0 || start > length {
        return Err(format!("array index out of bounds: index {start}, length {length}"));
    }
    let step = step.unwrap_or(1);
    if step < 0 {
        return Err("step must be >= 0".to_owned());
    }
    let mut at = start;
    while at < end {
        next.extend(usize::try_from(at).ok().and_then(|at| list.get(at)));
        at = at.saturating_add(step.max(1));
    }
    Ok(())
}

/// A value as Go's `%#v` shows it.
pub fn go_syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        Value::String(text) => go_quoted(text),
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Value::Object(map) => {
            let items: Vec<String> =
                map.iter().map(|(k, v)| format!("{}:{}", go_quoted(k), go_syntax(v))).collect();
            format!("map[string]interface {{}}{{{}}}", items.join(", "))
        }
        other => yaml::compact(other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object() -> Value {
        json!({
            "kind": "List",
            "items": [
                {"name": "a", "n": 1, "labels": {"app.io/x": "web"}, "ports": [80, 81]},
                {"name": "b", "n": 2, "labels": {"app": "db"}, "ports": []}]
        })
    }

    #[test]
    fn templates_are_filled_in() {
        for (template, want) in [
            ("{.kind}", "List"),
            ("{.items[*].name}", "a b"),
            ("{range .items[*]}{.name}{\"\\t\"}{.n}{\"\\n\"}{end}", "a\t1\nb\t2\n"),
            ("{.items[0:1].name}{.items[-1].name}", "ab"),
            ("{.items[?(@.name==\"b\")].n}", "2"),
            ("{.items[?(@.n>1)].name}", "b"),
            ("{.items[?(@.labels.app)].name}", "b"),
            ("{..name}", "a b"),
            ("{.items[0].labels.app\\.io/x}", "web"),
            ("{.items[0]['name','n']}", "a 1"),
            ("{.items[0].ports}", "[80,81]"),
            ("{.nope}text", "text"),
            ("{$.kind}{@.kind}", "ListList"),
        ] {
            let path = JsonPath::parse(template, true, false).unwrap();
            assert_eq!(path.print(&object()).unwrap(), want, "{template}");
        }
    }

    #[test]
    fn work_is_bounded() {
        let mut deep = json!({});
        for _ in 0..60 {
            deep = json!({"a": deep, "b": [1, 2]});
        }
        let repeated = "..".repeat(20);
        let ranges = "{range ..}".repeat(8) + "x" + &"{end}".repeat(8);
        for template in [format!("{{{repeated}}}"), ranges] {
            let path = JsonPath::parse(&template, true, false).unwrap();
            let error = path.print(&deep).unwrap_err().to_string();
            assert!(error.contains("the path leads to too many values"), "{template}");
        }
    }

    #[test]
    fn what_stands_in_one_another_ends_somewhere() {
        for template in [
            "{range .a}".repeat(20_000),
            format!("{{.a{}}}", "[?(@.a".repeat(20_000)),
            format!("{{.a{}.b{}}}", "[?(@".repeat(2000), ")]".repeat(2000)),
            format!("{{.a{}{}}}", "[@".repeat(20_000), ",]".repeat(20_000)),
        ] {
            assert!(JsonPath::parse(&template, true, false).is_err());
        }
    }

    #[test]
    fn far_numbers_are_only_numbers() {
        for template in [
            "{.items[1:2:9223372036854775807].name}",
            "{.items[9223372036854775807].name}",
            "{.items[-9223372036854775808:9223372036854775807].name}",
        ] {
            let path = JsonPath::parse(template, true, false).unwrap();
            drop(path.print(&object()));
        }
    }

    #[test]
    fn faults_have_kubectl_s_words() {
        for (template, want) in [
            ("{.a", "error parsing jsonpath {.a, unclosed action"),
            ("{@.m[\"n\"]}", "error parsing jsonpath {@.m[\"n\"]}, invalid array index \"n\""),
            ("{end}", "error parsing jsonpath {end}, not in range, nothing to end"),
        ] {
            assert_eq!(JsonPath::parse(template, true, false).unwrap_err().to_string(), want);
        }
        let strict = JsonPath::parse("{.nope}", false, false).unwrap();
        let error = strict.print(&json!({"a": "b"})).unwrap_err().to_string();
        assert!(error.starts_with(
            "error executing jsonpath \"{.nope}\": Error executing template: nope is not found."
        ));
        assert!(error.ends_with("map[string]interface {}{\"a\":\"b\"}\n\n\n"));
    }
}
