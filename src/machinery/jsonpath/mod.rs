//! `JSONPath` in kubectl's dialect: text with `{expressions}`, ranges, filters, slices, unions.
//!
//! Source: client-go `util/jsonpath`. Results of an expression are separated by a blank.

mod parse;

use serde_json::Value;

use crate::{field::go_quoted, yaml};

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
        let mut found = Vec::new();
        for node in &self.nodes {
            if let Node::List(steps) = node {
                found.extend(walk(steps, object, object, self.lenient)?);
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
            fill(&self.nodes, object, object, self.lenient, &mut out)
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

fn fill(
    nodes: &[Node],
    root: &Value,
    current: &Value,
    lenient: bool,
    out: &mut String,
) -> Result<(), String> {
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::List(steps) => {
                let found = walk(steps, root, current, lenient)?;
                let texts: Vec<String> = found.iter().map(|found| text_of(found.get())).collect();
                out.push_str(&texts.join(" "));
            }
            Node::Range(steps, body) => {
                for found in walk(steps, root, current, lenient)? {
                    fill(body, root, found.get(), lenient, out)?;
                }
            }
        }
    }
    Ok(())
}

/// A value as templates print it: text bare, the rest as JSON.
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => yaml::compact(other),
    }
}

fn walk<'v>(
    steps: &[Step],
    root: &'v Value,
    current: &'v Value,
    lenient: bool,
) -> Result<Vec<Found<'v>>, String> {
    let mut parts = vec![current];
    for (at, step) in steps.iter().enumerate() {
        if let Step::Literal(value) = step {
            return Ok(vec![Found::Made(value.clone())]);
        }
        let mut next = Vec::new();
        for part in parts {
            one_step(step, root, part, lenient, &mut next)?;
        }
        parts = next;
        if parts.is_empty() && at + 1 < steps.len() {
            return Ok(Vec::new());
        }
    }
    Ok(parts.into_iter().map(Found::Part).collect())
}

fn one_step<'v>(
    step: &Step,
    root: &'v Value,
    part: &'v Value,
    lenient: bool,
    next: &mut Vec<&'v Value>,
) -> Result<(), String> {
    match step {
        Step::Root => next.push(root),
        Step::Field(name) => match part.get(name) {
            Some(value) => next.push(value),
            None if lenient || part.is_null() => {}
            None => return Err(format!("{name} is not found")),
        },
        Step::Wildcard => match part {
            Value::Array(list) => next.extend(list),
            Value::Object(map) => next.extend(map.values()),
            _ => {}
        },
        Step::Recursive => recurse(part, next),
        Step::Slice { from, to, step, single } => {
            let Value::Array(list) = part else {
                return if lenient || part.is_null() { Ok(()) } else { Err(not_a_list(part)) };
            };
            slice(list, (*from, *to, *step), *single, next)?;
        }
        Step::Union(members) => {
            for member in members {
                for found in walk(member, root, part, lenient)? {
                    if let Found::Part(value) = found {
                        next.push(value);
                    }
                }
            }
        }
        Step::Filter { left, operator, right } => {
            let items: Vec<&Value> = match part {
                Value::Array(list) => list.iter().collect(),
                Value::Object(map) => map.values().collect(),
                _ => return Err(not_a_list(part)),
            };
            for item in items {
                if fits(left, operator, right.as_ref(), root, item)? {
                    next.push(item);
                }
            }
        }
        Step::Literal(_) => {}
    }
    Ok(())
}

fn not_a_list(value: &Value) -> String {
    format!("{} is not array or slice and cannot be filtered", go_syntax(value))
}

fn recurse<'v>(value: &'v Value, next: &mut Vec<&'v Value>) {
    next.push(value);
    match value {
        Value::Array(list) => list.iter().for_each(|item| recurse(item, next)),
        Value::Object(map) => map.values().for_each(|item| recurse(item, next)),
        _ => {}
    }
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
    let end = if single { start + 1 } else { to.map_or(length, absolute).min(length) };
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
        at += step.max(1);
    }
    Ok(())
}

fn fits(
    left: &Operand,
    operator: &str,
    right: Option<&Operand>,
    root: &Value,
    item: &Value,
) -> Result<bool, String> {
    let left = walk(&left.0, root, item, true)?;
    let Some(right) = right else { return Ok(!left.is_empty()) };
    let right = walk(&right.0, root, item, true)?;
    let (Some(left), Some(right)) = (left.first(), right.first()) else { return Ok(false) };
    let (left, right) = (left.get(), right.get());
    let order = match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    };
    let same = left == right || order == Some(std::cmp::Ordering::Equal);
    Ok(match operator {
        "==" => same,
        "!=" => !same,
        "<" => order.is_some_and(std::cmp::Ordering::is_lt),
        "<=" => order.is_some_and(std::cmp::Ordering::is_le),
        ">" => order.is_some_and(std::cmp::Ordering::is_gt),
        _ => order.is_some_and(std::cmp::Ordering::is_ge),
    })
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
