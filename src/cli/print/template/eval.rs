//! Runs a template. Source: Go's `text/template`, `exec.go`; errors are in its words.

use machinery::gofmt::Go;
use serde_json::Value;

use super::{
    lex::quoted,
    node::{Branch, Call, Command, Node, Number, Operand, Part, Pipe, Term},
    parse::{Parsed, ROOT},
};

/// What was written, and why it ended early, if it did.
pub(super) fn run(parsed: &Parsed, object: &Value, lenient: bool) -> (Vec<u8>, Result<(), String>) {
    let dot = Val::bare(Go::from(object));
    let mut state = State {
        parsed,
        lenient,
        name: ROOT,
        variables: vec![("$".to_owned(), dot.clone())],
        part: None,
        out: Vec::new(),
        depth: 0,
    };
    let nodes = parsed.templates.get(ROOT).map_or([].as_slice(), Vec::as_slice);
    let outcome = state.nodes(nodes, &dot);
    (state.out, outcome.map(drop))
}

/// How a list of nodes ended.
#[derive(PartialEq, Eq)]
enum Flow {
    On,
    Break,
    Continue,
}

/// Templates that call themselves end here; Go goes on for longer, as its stack can grow.
const DEEPEST: usize = 150;
/// Where Go ends.
const TOLD: usize = 100_000;

pub(super) type Eval<T> = Result<T, String>;

/// Go's `reflect.Value`.
#[derive(Debug, Clone)]
pub(super) struct Val<'t> {
    /// It stands in an `interface {}`, which is what lists and maps hold.
    pub(super) boxed: bool,
    /// The value; without a box, nil is no value at all.
    pub(super) go: Go<'t>,
}

impl<'t> Val<'t> {
    pub(super) fn bare(go: Go<'t>) -> Self {
        Self { boxed: false, go }
    }

    pub(super) fn boxed(go: Go<'t>) -> Self {
        Self { boxed: true, go }
    }

    fn is_valid(&self) -> bool {
        self.boxed || !matches!(self.go, Go::Nil)
    }

    fn type_name(&self) -> &'static str {
        let name = if self.boxed { None } else { self.go.type_name() };
        name.unwrap_or("interface {}")
    }
}

/// The type that a function wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// `string`
    Text,
    /// `interface {}`
    Any,
    /// `reflect.Value`, or what a chain begins with.
    Value,
}

pub(super) struct State<'t> {
    parsed: &'t Parsed,
    lenient: bool,
    /// Which template runs.
    name: &'t str,
    variables: Vec<(String, Val<'t>)>,
    /// What errors are about.
    part: Option<Part<'t>>,
    out: Vec<u8>,
    depth: usize,
}

/// Nodes.
impl<'t> State<'t> {
    fn nodes(&mut self, nodes: &'t [Node], dot: &Val<'t>) -> Eval<Flow> {
        for node in nodes {
            let flow = self.node(node, dot)?;
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn node(&mut self, node: &'t Node, dot: &Val<'t>) -> Eval<Flow> {
        match node {
            Node::Text(text) => self.out.extend(text.bytes()),
            Node::Action(pipe) => {
                let value = self.pipe(pipe, dot)?;
                match value.go {
                    _ if !pipe.variables.is_empty() => {}
                    Go::Nil => self.out.extend(b"<no value>"),
                    go => self.out.append(&mut go.shown()),
                }
            }
            Node::If(branch) | Node::With(branch) => {
                let mark = self.variables.len();
                let value = self.pipe(&branch.pipe, dot)?;
                let flow = match (value.go.truth(), node, &branch.otherwise) {
                    (true, Node::With(_), _) => self.nodes(&branch.then, &value)?,
                    (true, ..) => self.nodes(&branch.then, dot)?,
                    (false, _, Some(nodes)) => self.nodes(nodes, dot)?,
                    (false, _, None) => Flow::On,
                };
                self.variables.truncate(mark);
                return Ok(flow);
            }
            Node::Range(branch) => {
                let mark = self.variables.len();
                let flow = self.range(branch, dot)?;
                self.variables.truncate(mark);
                return Ok(flow);
            }
            Node::Template(call) => self.template(call, dot)?,
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn range(&mut self, branch: &'t Branch, dot: &Val<'t>) -> Eval<Flow> {
        let value = self.pipe(&branch.pipe, dot)?;
        let pairs: Box<dyn Iterator<Item = (Val<'t>, Val<'t>)>> = match value.go.clone() {
            Go::List(list) => Box::new(
                (0..)
                    .map(|at| Val::bare(Go::Int(at)))
                    .zip(list.iter().map(|item| Val::boxed(Go::from(item)))),
            ),
            Go::Map(map) => Box::new(map.iter().map(|(key, item)| {
                (Val::bare(Go::Text(key.as_bytes().into())), Val::boxed(Go::from(item)))
            })),
            Go::Nil => Box::new(std::iter::empty()),
            Go::Int(_) | Go::Int64(_) | Go::Byte(_) if branch.pipe.variables.len() > 1 => {
                let shown = value.go.words();
                let text = format!("can't use {shown} to iterate over more than one variable");
                return self.error(&text);
            }
            Go::Int(end) => Box::new((0..end).map(|at| counted(Go::Int(at)))),
            Go::Int64(end) => Box::new((0..end).map(|at| counted(Go::Int64(at)))),
            Go::Byte(end) => Box::new((0..end).map(|at| counted(Go::Byte(at)))),
            other => return self.error(&format!("range can't iterate over {}", other.words())),
        };
        let mut pairs = pairs.peekable();
        if pairs.peek().is_none() {
            return match &branch.otherwise {
                Some(nodes) => self.nodes(nodes, dot),
                None => Ok(Flow::On),
            };
        }
        let mark = self.variables.len();
        for (key, item) in pairs {
            self.bind(&branch.pipe, mark, key, &item)?;
            let flow = self.nodes(&branch.then, &item)?;
            self.variables.truncate(mark);
            if flow == Flow::Break {
                break;
            }
        }
        Ok(Flow::On)
    }

    /// Puts one round's key and item into the variables of a range.
    fn bind(&mut self, pipe: &'t Pipe, mark: usize, key: Val<'t>, item: &Val<'t>) -> Eval<()> {
        let (key_name, item_name) = match pipe.variables.as_slice() {
            [] => return Ok(()),
            [item] => (None, item),
            [key, item, ..] => (Some(key), item),
        };
        if pipe.assigns {
            if let Some(name) = key_name {
                self.assign(name, key)?;
            }
            return self.assign(item_name, item.clone());
        }
        self.variables[mark - 1].1 = item.clone();
        if key_name.is_some() {
            self.variables[mark - 2].1 = key;
        }
        Ok(())
    }

    fn template(&mut self, call: &'t Call, dot: &Val<'t>) -> Eval<()> {
        self.part = Some(Part::Call(call));
        let Some((name, nodes)) = self.parsed.templates.get_key_value(&call.name) else {
            return self.error(&format!("template {} not defined", quoted(&call.name)));
        };
        if self.depth == DEEPEST {
            return self.error(&format!("exceeded maximum template depth ({TOLD})"));
        }
        let dot = match &call.pipe {
            Some(pipe) => self.pipe(pipe, dot)?,
            None => Val::bare(Go::Nil),
        };
        let variables = vec![("$".to_owned(), dot.clone())];
        let outer = std::mem::replace(&mut self.variables, variables);
        let caller = std::mem::replace(&mut self.name, name);
        self.depth += 1;
        self.nodes(nodes, &dot)?;
        self.depth -= 1;
        self.name = caller;
        self.variables = outer;
        Ok(())
    }
}

fn counted(number: Go<'_>) -> (Val<'_>, Val<'_>) {
    (Val::bare(Go::Nil), Val::bare(number))
}

/// Pipelines and operands.
impl<'t> State<'t> {
    /// An error about the part that was last looked at.
    pub(super) fn error<T>(&self, text: &str) -> Eval<T> {
        let Some(part) = self.part else { return Err(format!("template: {}: {text}", self.name)) };
        let before = self.parsed.text.get(..part.at()).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1);
        let name = quoted(self.name);
        Err(format!("template: {ROOT}:{line}:{column}: executing {name} at <{part}>: {text}"))
    }

    pub(super) fn at(&mut self, part: Part<'t>) {
        self.part = Some(part);
    }

    fn assign(&mut self, name: &str, value: Val<'t>) -> Eval<()> {
        match self.variables.iter_mut().rev().find(|(known, _)| known == name) {
            Some((_, place)) => {
                *place = value;
                Ok(())
            }
            None => self.error(&format!("undefined variable: {name}")),
        }
    }

    /// A pipeline's value, out of its box.
    fn pipe(&mut self, pipe: &'t Pipe, dot: &Val<'t>) -> Eval<Val<'t>> {
        self.at(Part::Pipe(pipe));
        let mut last = None;
        for command in &pipe.commands {
            let value = self.command(command, last, dot)?;
            last = Some(Val::bare(value.go));
        }
        let value = last.unwrap_or(Val::bare(Go::Nil));
        for name in &pipe.variables {
            if pipe.assigns {
                self.assign(name, value.clone())?;
            } else {
                self.variables.push((name.clone(), value.clone()));
            }
        }
        Ok(value)
    }

    fn command(
        &mut self,
        command: &'t Command,
        last: Option<Val<'t>>,
        dot: &Val<'t>,
    ) -> Eval<Val<'t>> {
        let first = &command.terms[0];
        let more = command.terms.len() > 1 || last.is_some();
        match &first.is {
            Operand::Function(name) => {
                self.at(Part::Term(first));
                let part = Part::Command(command);
                self.call(Asked { name, part, terms: &command.terms[1..], last }, dot)
            }
            Operand::Pipe(pipe) if !more => self.pipe(pipe, dot),
            Operand::Field(_) | Operand::Chain(..) | Operand::Variable(_) => {
                self.operand(first, more, dot)
            }
            Operand::Pipe(_) => self.no_function(first),
            Operand::Bool(_) | Operand::Dot | Operand::Number(_) | Operand::Text { .. } => {
                self.at(Part::Term(first));
                if more { self.no_function(first) } else { self.operand(first, false, dot) }
            }
            Operand::Nil => {
                self.at(Part::Term(first));
                if more { self.no_function(first) } else { self.error("nil is not a command") }
            }
        }
    }

    fn no_function<T>(&self, first: &Term) -> Eval<T> {
        self.error(&format!("can't give argument to non-function {first}"))
    }

    /// A term without arguments; `more` where some are given.
    fn operand(&mut self, term: &'t Term, more: bool, dot: &Val<'t>) -> Eval<Val<'t>> {
        self.at(Part::Term(term));
        match &term.is {
            Operand::Dot => Ok(dot.clone()),
            Operand::Nil => Ok(Val::bare(Go::Nil)),
            Operand::Bool(flag) => Ok(Val::bare(Go::Bool(*flag))),
            Operand::Number(number) => self.constant(number),
            Operand::Text { text, .. } => Ok(Val::bare(Go::Text(text.as_slice().into()))),
            Operand::Pipe(pipe) => self.pipe(pipe, dot),
            Operand::Function(name) => {
                self.call(Asked { name, part: Part::Term(term), terms: &[], last: None }, dot)
            }
            Operand::Field(names) => self.fields(dot.clone(), names, more),
            Operand::Variable(names) => {
                let known = self.variables.iter().rev().find(|(known, _)| *known == names[0]);
                let Some((_, value)) = known else {
                    return self.error(&format!("undefined variable: {}", names[0]));
                };
                if names.len() == 1 && more {
                    return self.no_function(term);
                }
                self.fields(value.clone(), &names[1..], more)
            }
            Operand::Chain(inner, names) => {
                let value = self.operand(inner, false, dot)?;
                self.fields(value, names, more)
            }
        }
    }

    fn constant(&self, number: &Number) -> Eval<Val<'t>> {
        let text = &number.text;
        if let Some((real, imaginary)) = number.complex {
            return Ok(Val::bare(Go::Complex(real, imaginary)));
        }
        let hexadecimal = text.len() > 2
            && (text.starts_with("0x") || text.starts_with("0X"))
            && !text.contains(['p', 'P']);
        let written = !hexadecimal && !text.starts_with('\'');
        match (number.float, number.int) {
            (Some(float), _) if written && text.contains(['.', 'e', 'E', 'p', 'P']) => {
                Ok(Val::bare(Go::Float(float)))
            }
            (_, Some(int)) => Ok(Val::bare(Go::Int(int))),
            _ if number.uint.is_some() => self.error(&format!("{text} overflows int")),
            _ => Ok(Val::bare(Go::Nil)),
        }
    }

    fn fields(&mut self, value: Val<'t>, names: &[String], more: bool) -> Eval<Val<'t>> {
        let mut value = value;
        for (at, name) in names.iter().enumerate() {
            value = self.field(&value, name, more && at + 1 == names.len())?;
        }
        Ok(value)
    }

    fn field(&self, value: &Val<'t>, name: &str, more: bool) -> Eval<Val<'t>> {
        if !value.is_valid() {
            if !self.lenient {
                return self.error(&format!("nil data; no entry for key {}", quoted(name)));
            }
            return Ok(Val::bare(Go::Nil));
        }
        match &value.go {
            Go::Nil => self.error(&format!("nil pointer evaluating interface {{}}.{name}")),
            Go::Map(_) if more => self.error(&format!("{name} is not a method but has arguments")),
            Go::Map(map) => match map.get(name) {
                Some(value) => Ok(Val::boxed(Go::from(value))),
                None if self.lenient => Ok(Val::bare(Go::Nil)),
                None => self.error(&format!("map has no entry for key {}", quoted(name))),
            },
            _ => self.error(&format!("can't evaluate field {name} in type {}", value.type_name())),
        }
    }

    /// An argument of a function.
    pub(super) fn argument(&mut self, term: &'t Term, want: Want, dot: &Val<'t>) -> Eval<Val<'t>> {
        self.at(Part::Term(term));
        match (&term.is, want) {
            (Operand::Nil, Want::Text) => self.error("cannot assign nil to string"),
            (Operand::Nil, Want::Any) => Ok(Val::boxed(Go::Nil)),
            (Operand::Bool(_) | Operand::Number(_), Want::Text) => {
                self.error(&format!("expected string; found {term}"))
            }
            _ => {
                let value = self.operand(term, false, dot)?;
                self.checked(value, want)
            }
        }
    }

    /// A value as the type that is wanted.
    pub(super) fn checked(&self, value: Val<'t>, want: Want) -> Eval<Val<'t>> {
        match (want, &value.go) {
            (Want::Any, Go::Nil) => Ok(Val::boxed(Go::Nil)),
            (Want::Any | Want::Value, _) | (Want::Text, Go::Text(_)) => Ok(value),
            (Want::Text, Go::Nil) if !value.boxed => self.error("invalid value; expected string"),
            (Want::Text, go) => {
                let name = go.type_name().unwrap_or("interface {}");
                self.error(&format!("wrong type for value; expected string; got {name}"))
            }
        }
    }
}

/// A function that is called.
pub(super) struct Asked<'t> {
    pub(super) name: &'t str,
    /// What its errors are about.
    pub(super) part: Part<'t>,
    pub(super) terms: &'t [Term],
    /// The value of the pipeline's stage before.
    pub(super) last: Option<Val<'t>>,
}
