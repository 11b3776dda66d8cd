//! What templates are made of, and how Go names the parts in its errors.

use std::fmt::{self, Display, Formatter};

use super::lex::quoted;

/// A template's text between two actions, or an action.
#[derive(Debug)]
pub(super) enum Node {
    Text(String),
    /// A pipeline whose value is printed, unless it is put into variables.
    Action(Pipe),
    If(Branch),
    With(Branch),
    Range(Branch),
    Template(Call),
    Break,
    Continue,
}

/// A list under a condition.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) pipe: Pipe,
    pub(super) then: Vec<Node>,
    pub(super) otherwise: Option<Vec<Node>>,
}

/// `{{template "name" pipeline}}`
#[derive(Debug)]
pub(super) struct Call {
    pub(super) at: usize,
    pub(super) name: String,
    pub(super) pipe: Option<Pipe>,
}

#[derive(Debug)]
pub(super) struct Pipe {
    pub(super) at: usize,
    pub(super) assigns: bool,
    pub(super) variables: Vec<String>,
    pub(super) commands: Vec<Command>,
}

#[derive(Debug)]
pub(super) struct Command {
    pub(super) at: usize,
    /// One at least.
    pub(super) terms: Vec<Term>,
}

#[derive(Debug)]
pub(super) struct Term {
    pub(super) at: usize,
    pub(super) is: Operand,
}

#[derive(Debug)]
pub(super) enum Operand {
    Function(String),
    Dot,
    Nil,
    Field(Vec<String>),
    /// With its dollar, and what fields follow.
    Variable(Vec<String>),
    Bool(bool),
    Number(Number),
    Text {
        literal: String,
        text: Vec<u8>,
    },
    Pipe(Pipe),
    Chain(Box<Term>, Vec<String>),
}

/// A number, as all kinds that can hold it.
#[derive(Debug, Default)]
pub(super) struct Number {
    pub(super) text: String,
    pub(super) int: Option<i64>,
    pub(super) uint: Option<u64>,
    pub(super) float: Option<f64>,
    pub(super) complex: Option<(f64, f64)>,
}

/// The part that an error is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part<'t> {
    Pipe(&'t Pipe),
    Command(&'t Command),
    Term(&'t Term),
    Call(&'t Call),
}

impl Part<'_> {
    /// Its place, in bytes.
    pub(super) fn at(&self) -> usize {
        match self {
            Self::Pipe(pipe) => pipe.at,
            Self::Command(command) => command.at,
            Self::Term(term) => term.at,
            Self::Call(call) => call.at,
        }
    }
}

impl Display for Part<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pipe(pipe) => pipe.fmt(out),
            Self::Command(command) => command.fmt(out),
            Self::Term(term) => term.fmt(out),
            Self::Call(call) => {
                write!(out, "{{{{template {}", quoted(&call.name))?;
                if let Some(pipe) = &call.pipe {
                    write!(out, " {pipe}")?;
                }
                out.write_str("}}")
            }
        }
    }
}

impl Display for Pipe {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        if !self.variables.is_empty() {
            let sign = if self.assigns { "=" } else { ":=" };
            write!(out, "{} {sign} ", self.variables.join(", "))?;
        }
        for (at, command) in self.commands.iter().enumerate() {
            if at > 0 {
                out.write_str(" | ")?;
            }
            command.fmt(out)?;
        }
        Ok(())
    }
}

impl Display for Command {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for (at, term) in self.terms.iter().enumerate() {
            if at > 0 {
                out.write_str(" ")?;
            }
            match &term.is {
                Operand::Pipe(pipe) => write!(out, "({pipe})")?,
                _ => term.fmt(out)?,
            }
        }
        Ok(())
    }
}

impl Display for Term {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match &self.is {
            Operand::Function(name) => out.write_str(name),
            Operand::Dot => out.write_str("."),
            Operand::Nil => out.write_str("nil"),
            Operand::Field(names) => write!(out, ".{}", names.join(".")),
            Operand::Variable(names) => out.write_str(&names.join(".")),
            Operand::Bool(flag) => flag.fmt(out),
            Operand::Number(number) => out.write_str(&number.text),
            Operand::Text { literal, .. } => out.write_str(literal),
            Operand::Pipe(pipe) => pipe.fmt(out),
            Operand::Chain(term, names) => match &term.is {
                Operand::Pipe(pipe) => write!(out, "({pipe}).{}", names.join(".")),
                _ => write!(out, "{term}.{}", names.join(".")),
            },
        }
    }
}
