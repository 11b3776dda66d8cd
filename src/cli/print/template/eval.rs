//! Go template nodes to text.

use crate::text::Add as _;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde_json::Value;

use super::parse::{Node, Parsed, Pipe, Term};

pub(super) fn run(template: &Parsed, object: &Value, lenient: bool) -> Result<String, String> {
    let mut state = State {
        template,
        lenient,
        variables: vec![(String::new(), object.clone())],
        out: String::new(),
        depth: 0,
    };
    state.nodes(&template.nodes, object)?;
    Ok(state.out)
}

/// How a list of nodes ended.
#[derive(PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

/// Templates that call themselves end here.
const DEEPEST: usize = 100;

struct State<'t> {
    template: &'t Parsed,
    lenient: bool,
    variables: Vec<(String, Value)>,
    out: String,
    depth: usize,
}

type Eval<T> = Result<T, String>;

/// A value, or that there is none: Go's `<no value>`.
type Maybe = Option<Value>;

impl State<'_> {
    fn nodes(&mut self, nodes: &[Node], dot: &Value) -> Eval<Flow> {
        for node in nodes {
            let flow = self.node(node, dot)?;
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn node(&mut self, node: &Node, dot: &Value) -> Eval<Flow> {
        match node {
            Node::Text(text) => self.out.push_str(text),
            Node::Print(pipe) => {
                let value = self.pipe(pipe, dot)?;
                if pipe.variables.is_empty() {
                    self.out.push_str(&shown(value.as_ref()));
                }
            }
            Node::If { test, then, otherwise } => {
                let mark = self.variables.len();
                let value = self.pipe(test, dot)?;
                let branch = if truth(value.as_ref()) { then } else { otherwise };
                let flow = self.nodes(branch, dot)?;
                self.variables.truncate(mark);
                return Ok(flow);
            }
            Node::With { value, then, otherwise } => {
                let mark = self.variables.len();
                let value = self.pipe(value, dot)?;
                let flow = match value.filter(|value| truth(Some(value))) {
                    Some(value) => self.nodes(then, &value)?,
                    None => self.nodes(otherwise, dot)?,
                };
                self.variables.truncate(mark);
                return Ok(flow);
            }
            Node::Range { over, body, otherwise } => return self.range(over, body, otherwise, dot),
            Node::Template { name, value } => self.call(name, value.as_ref(), dot)?,
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn call(&mut self, name: &str, value: Option<&Pipe>, dot: &Value) -> Eval<()> {
        let template = self.template;
        let Some(body) = template.defined.get(name) else {
            return Err(format!("template {name:?} not defined"));
        };
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("exceeded maximum template depth".to_owned());
        }
        let value = match value {
            Some(pipe) => self.pipe(pipe, dot)?.unwrap_or_default(),
            None => Value::Null,
        };
        let outer = std::mem::replace(&mut self.variables, vec![(String::new(), value.clone())]);
        self.nodes(body, &value)?;
        self.variables = outer;
        self.depth -= 1;
        Ok(())
    }

    fn range(&mut self, over: &Pipe, body: &[Node], otherwise: &[Node], dot: &Value) -> Eval<Flow> {
        let plain = Pipe { variables: Vec::new(), ..over.clone() };
        let value = self.pipe(&plain, dot)?.unwrap_or_default();
        let items: Vec<(Value, Value)> = match value {
            Value::Array(list) => {
                list.into_iter().enumerate().map(|(at, item)| (Value::from(at), item)).collect()
            }
            Value::Object(map) => {
                map.into_iter().map(|(key, item)| (Value::String(key), item)).collect()
            }
            Value::Null => Vec::new(),
            Value::Number(count) => (0..count.as_i64().unwrap_or(0))
                .map(|at| (Value::from(at), Value::from(at)))
                .collect(),
            other => return Err(format!("range can't iterate over {}", shown(Some(&other)))),
        };
        if items.is_empty() {
            return self.nodes(otherwise, dot);
        }
        let mark = self.variables.len();
        for (key, item) in items {
            match over.variables.as_slice() {
                [one] => self.variables.push((one.clone(), item.clone())),
                [first, second] => {
                    self.variables.push((first.clone(), key));
                    self.variables.push((second.clone(), item.clone()));
                }
                _ => {}
            }
            let flow = self.nodes(body, &item)?;
            self.variables.truncate(mark);
            if flow == Flow::Break {
                break;
            }
        }
        Ok(Flow::On)
    }

    fn pipe(&mut self, pipe: &Pipe, dot: &Value) -> Eval<Maybe> {
        let mut last: Option<Maybe> = None;
        for command in &pipe.commands {
            last = Some(self.command(command, last, dot)?);
        }
        let value = last.flatten();
        for name in &pipe.variables {
            let stored = value.clone().unwrap_or_default();
            let known = self.variables.iter_mut().rev().find(|(known, _)| known == name);
            match known {
                Some((_, place)) if pipe.assigns => *place = stored,
                _ => self.variables.push((name.clone(), stored)),
            }
        }
        Ok(value)
    }

    fn command(&mut self, terms: &[Term], last: Option<Maybe>, dot: &Value) -> Eval<Maybe> {
        let Some(first) = terms.first() else { return Ok(None) };
        let Term::Function(name) = first else {
            if terms.len() > 1 || last.is_some() {
                return Err("can't give argument to non-function".to_owned());
            }
            return self.term(first, dot);
        };
        if matches!(name.as_str(), "and" | "or") {
            return self.and_or(name == "and", &terms[1..], last, dot);
        }
        let mut arguments = Vec::new();
        for term in &terms[1..] {
            arguments.push(self.term(term, dot)?);
        }
        arguments.extend(last);
        function(name, &arguments)
    }

    fn and_or(
        &mut self,
        and: bool,
        terms: &[Term],
        last: Option<Maybe>,
        dot: &Value,
    ) -> Eval<Maybe> {
        let mut value = None;
        for term in terms {
            value = self.term(term, dot)?;
            if truth(value.as_ref()) != and {
                return Ok(value);
            }
        }
        Ok(last.unwrap_or(value))
    }

    fn term(&mut self, term: &Term, dot: &Value) -> Eval<Maybe> {
        match term {
            Term::Literal(value) => Ok(Some(value.clone())),
            Term::Nil => Ok(Some(Value::Null)),
            Term::Field(names) => self.fields(dot, names),
            Term::Variable(name, names) => {
                let known = self.variables.iter().rev().find(|(known, _)| known == name);
                let Some((_, value)) = known else {
                    return Err(format!("undefined variable: ${name}"));
                };
                let value = value.clone();
                self.fields(&value, names)
            }
            Term::Pipe(pipe, names) => {
                let mark = self.variables.len();
                let value = self.pipe(pipe, dot)?;
                self.variables.truncate(mark);
                match value {
                    Some(value) => self.fields(&value, names),
                    None if names.is_empty() => Ok(None),
                    None => Err(format!("nil pointer evaluating interface {{}}.{}", names[0])),
                }
            }
            Term::Function(name) => function(name, &[]),
        }
    }

    fn fields(&self, value: &Value, names: &[String]) -> Eval<Maybe> {
        let mut current = value;
        for (at, name) in names.iter().enumerate() {
            match current {
                Value::Object(map) => match map.get(name) {
                    Some(next) => current = next,
                    None if !self.lenient => {
                        return Err(format!(
                            "at <.{}>: map has no entry for key {name:?}",
                            names.join(".")
                        ));
                    }
                    None if at + 1 == names.len() => return Ok(None),
                    None => {
                        let next = &names[at + 1];
                        return Err(format!(
                            "at <.{}>: nil pointer evaluating interface {{}}.{next}",
                            names.join(".")
                        ));
                    }
                },
                Value::Null => {
                    return Err(format!(
                        "at <.{}>: nil pointer evaluating interface {{}}.{name}",
                        names.join(".")
                    ));
                }
                _ => {
                    return Err(format!(
                        "at <.{}>: can't evaluate field {name} in type {}",
                        names.join("."),
                        type_name(current)
                    ));
                }
            }
        }
        Ok(Some(current.clone()))
    }
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "interface {}",
        Value::Bool(_) => "bool",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

fn truth(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::Bool(flag)) => *flag,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(list)) => !list.is_empty(),
        Some(Value::Object(map)) => !map.is_empty(),
    }
}

/// A value as Go's `%v` shows it.
fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "<no value>".to_owned(),
        Some(value) => verbatim(value),
    }
}

fn verbatim(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            format!("[{}]", list.iter().map(verbatim).collect::<Vec<_>>().join(" "))
        }
        Value::Object(map) => {
            let pairs: Vec<_> = map.iter().map(|(k, v)| format!("{k}:{}", verbatim(v))).collect();
            format!("map[{}]", pairs.join(" "))
        }
        other => machinery::yaml::compact(other),
    }
}

#[expect(clippy::too_many_lines, reason = "one arm a function")]
fn function(name: &str, arguments: &[Maybe]) -> Eval<Maybe> {
    let argument = |at: usize| -> Eval<&Value> {
        static NULL: Value = Value::Null;
        match arguments.get(at) {
            Some(value) => Ok(value.as_ref().unwrap_or(&NULL)),
            None => Err(format!(
                "wrong number of args for {name}: want at least {} got {}",
                at + 1,
                arguments.len()
            )),
        }
    };
    let text = |at: usize| argument(at).map(|value| shown(Some(value)));
    let all = || arguments.iter().map(|value| shown(value.as_ref())).collect::<Vec<_>>();
    Ok(Some(match name {
        "not" => Value::Bool(!truth(Some(argument(0)?))),
        "len" => Value::from(length(argument(0)?)?),
        "index" => return index(arguments),
        "slice" => slice(argument(0)?, arguments)?,
        "print" => Value::String(all().concat()),
        "println" => Value::String(format!("{}\n", all().join(" "))),
        "printf" => Value::String(printf(&text(0)?, &arguments[1..])),
        "html" => Value::String(escape_html(&all().concat())),
        "js" => Value::String(
            all().concat().replace('\\', "\\\\").replace('\'', "\\'").replace('"', "\\\""),
        ),
        "urlquery" => Value::String(client::escape(&all().concat())),
        "eq" => {
            let first = argument(0)?;
            Value::Bool(arguments[1..].iter().any(|other| equal(first, other.as_ref())))
        }
        "ne" => Value::Bool(!equal(argument(0)?, Some(argument(1)?))),
        "lt" => Value::Bool(order(argument(0)?, argument(1)?)?.is_lt()),
        "le" => Value::Bool(order(argument(0)?, argument(1)?)?.is_le()),
        "gt" => Value::Bool(order(argument(0)?, argument(1)?)?.is_gt()),
        "ge" => Value::Bool(order(argument(0)?, argument(1)?)?.is_ge()),
        "base64decode" => {
            let decoded = BASE64_STANDARD.decode(text(0)?);
            let bytes = decoded.map_err(|error| {
                format!("error calling base64decode: base64 decode failed: {error}")
            })?;
            Value::String(String::from_utf8_lossy(&bytes).into_owned())
        }
        "exists" => {
            let mut current = argument(0)?;
            let mut there = true;
            for key in &arguments[1..] {
                let next = match (current, key) {
                    (Value::Object(map), Some(Value::String(key))) => map.get(key),
                    (Value::Array(list), Some(Value::Number(at))) => {
                        at.as_u64().and_then(|at| list.get(usize::try_from(at).ok()?))
                    }
                    _ => None,
                };
                let Some(next) = next else {
                    there = false;
                    break;
                };
                current = next;
            }
            Value::Bool(there)
        }
        _ => return Err(format!("function {name:?} not defined")),
    }))
}

fn length(value: &Value) -> Eval<usize> {
    match value {
        Value::String(text) => Ok(text.len()),
        Value::Array(list) => Ok(list.len()),
        Value::Object(map) => Ok(map.len()),
        other => Err(format!("error calling len: len of type {}", type_name(other))),
    }
}

fn index(arguments: &[Maybe]) -> Eval<Maybe> {
    let Some((first, keys)) = arguments.split_first() else {
        return Err("error calling index: index of untyped nil".to_owned());
    };
    let mut current = first.clone().unwrap_or_default();
    for key in keys {
        let next = match (&current, key) {
            (Value::Array(list), Some(Value::Number(at))) => {
                let at = at.as_i64().unwrap_or(-1);
                let found = usize::try_from(at).ok().and_then(|at| list.get(at));
                Some(found.ok_or(format!(
                    "error calling index: reflect: slice index out of range: {at}"
                ))?)
            }
            (Value::Object(map), Some(Value::String(key))) => map.get(key),
            (Value::Null, _) => return Err("error calling index: index of untyped nil".to_owned()),
            (other, _) => {
                return Err(format!(
                    "error calling index: can't index item of type {}",
                    type_name(other)
                ));
            }
        };
        match next.cloned() {
            Some(next) => current = next,
            None => return Ok(None),
        }
    }
    Ok(Some(current))
}

fn slice(value: &Value, arguments: &[Maybe]) -> Eval<Value> {
    let at = |place: usize| {
        let number = arguments.get(place)?.as_ref()?.as_u64()?;
        usize::try_from(number).ok()
    };
    let outside = || "error calling slice: index out of range".to_owned();
    match value {
        Value::String(text) => {
            let (from, to) = (at(1).unwrap_or(0), at(2).unwrap_or(text.len()));
            Ok(Value::String(text.get(from..to).ok_or_else(outside)?.to_owned()))
        }
        Value::Array(list) => {
            let (from, to) = (at(1).unwrap_or(0), at(2).unwrap_or(list.len()));
            Ok(Value::Array(list.get(from..to).ok_or_else(outside)?.to_vec()))
        }
        other => Err(format!("error calling slice: can't slice item of type {}", type_name(other))),
    }
}

fn equal(a: &Value, b: Option<&Value>) -> bool {
    match (a, b) {
        (Value::Number(a), Some(Value::Number(b))) => a.as_f64() == b.as_f64(),
        (a, b) => Some(a) == b || (a.is_null() && b.is_none()),
    }
}

fn order(a: &Value, b: &Value) -> Eval<std::cmp::Ordering> {
    let found = match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    };
    found.ok_or_else(|| "error calling lt: incompatible types for comparison".to_owned())
}

fn escape_html(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

/// Go's `Printf` for the verbs that JSON values meet.
fn printf(format: &str, arguments: &[Maybe]) -> String {
    let mut out = String::new();
    let mut values = arguments.iter();
    let mut letters = format.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let mut flags = String::new();
        while letters.peek().is_some_and(|c| "+-# 0123456789.".contains(*c)) {
            flags.extend(letters.next());
        }
        let Some(verb) = letters.next() else {
            out.push_str("%!(NOVERB)");
            break;
        };
        if verb == '%' {
            out.push('%');
            continue;
        }
        let Some(value) = values.next() else {
            out.add(format_args!("%!{verb}(MISSING)"));
            continue;
        };
        let value = value.clone().unwrap_or_default();
        let text = match verb {
            'q' => crate::args::go_quote(&shown(Some(&value))),
            'd' if !value.is_number() => format!("%!d({}={})", type_name(&value), verbatim(&value)),
            'x' => shown(Some(&value)).bytes().fold(String::new(), |mut hex, byte| {
                hex.add(format_args!("{byte:02x}"));
                hex
            }),
            'f' => {
                let digits = flags.split_once('.').and_then(|(_, d)| d.parse().ok()).unwrap_or(6);
                format!("{:.*}", digits, value.as_f64().unwrap_or_default())
            }
            'v' | 's' if value.is_null() => "<nil>".to_owned(),
            _ => verbatim(&value),
        };
        out.push_str(&padded(&text, &flags));
    }
    out
}

fn padded(text: &str, flags: &str) -> String {
    let left = flags.contains('-');
    let digits = flags.trim_start_matches(['+', '-', '#', ' ', '0']);
    let width: usize = digits.split('.').next().unwrap_or_default().parse().unwrap_or(0);
    let missing = width.saturating_sub(text.chars().count());
    let blanks = " ".repeat(missing);
    if left { format!("{text}{blanks}") } else { format!("{blanks}{text}") }
}
