//! Go template nodes to text.

use serde_json::Value;

use super::{
    functions::function,
    parse::{Node, Parsed, Pipe, Term},
};

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

pub(super) type Eval<T> = Result<T, String>;

/// A value, or that there is none: Go's `<no value>`.
pub(super) type Maybe = Option<Value>;

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
        for name in names {
            match current {
                Value::Object(map) => match map.get(name) {
                    Some(next) => current = next,
                    None if !self.lenient => {
                        return Err(format!(
                            "at <.{}>: map has no entry for key {name:?}",
                            names.join(".")
                        ));
                    }
                    // What is not there has nothing below it, either.
                    None => return Ok(None),
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

pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "interface {}",
        Value::Bool(_) => "bool",
        Value::Number(_) => "float64",
        Value::String(_) => "string",
        Value::Array(_) => "[]interface {}",
        Value::Object(_) => "map[string]interface {}",
    }
}

pub(super) fn truth(value: Option<&Value>) -> bool {
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
pub(super) fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "<no value>".to_owned(),
        Some(value) => verbatim(value),
    }
}

pub(super) fn verbatim(value: &Value) -> String {
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
