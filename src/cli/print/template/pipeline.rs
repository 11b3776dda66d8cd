//! Pipelines: commands, operands and the variables that take their values.

use machinery::gofmt::quote::unquote;

use super::{
    functions::is_function,
    lex::{Keyword, Type, quoted},
    node::{Command, Operand, Pipe, Term},
    number::number,
    parse::{Parse, Parser},
};

impl Parser {
    pub(super) fn pipeline(&mut self, place: &str, end: Type) -> Parse<Pipe> {
        let at = self.peek_word().at;
        let mut pipe = Pipe { at, assigns: false, variables: Vec::new(), commands: Vec::new() };
        while self.declaration(&mut pipe, place)? {}
        loop {
            let token = self.next_word();
            match token.is {
                is if is == end => break,
                Type::Bool
                | Type::CharConstant
                | Type::Complex
                | Type::Keyword(Keyword::Dot | Keyword::Nil)
                | Type::Field
                | Type::Identifier
                | Type::Number
                | Type::RawString
                | Type::String
                | Type::Variable
                | Type::LeftParen => {
                    self.backup();
                    pipe.commands.push(self.command()?);
                }
                _ => return self.unexpected(&token, place),
            }
        }
        if pipe.commands.is_empty() {
            return self.error(&format!("missing value for {place}"));
        }
        for (stage, command) in pipe.commands.iter().enumerate().skip(1) {
            if matches!(
                command.terms[0].is,
                Operand::Bool(_)
                    | Operand::Dot
                    | Operand::Nil
                    | Operand::Number(_)
                    | Operand::Text { .. }
            ) {
                let text = format!("non executable command in pipeline stage {}", stage + 1);
                return self.error(&text);
            }
        }
        Ok(pipe)
    }

    /// Reads `$x :=`, `$x =` or `$x,`, if one is there; `true` where another may follow.
    fn declaration(&mut self, pipe: &mut Pipe, place: &str) -> Parse<bool> {
        let variable = self.peek_word();
        if variable.is != Type::Variable {
            return Ok(false);
        }
        self.next();
        let after = self.peek();
        let next = self.peek_word();
        let declares = matches!(next.is, Type::Assign | Type::Declare);
        let comma = next.is == Type::Char && next.text == ",";
        if declares || comma {
            self.next_word();
            pipe.assigns = next.is == Type::Assign;
            pipe.variables.push(variable.text.clone());
            self.tree.variables.push(variable.text);
        } else if after.is == Type::Space {
            self.tree.tokens[1] = Some(after);
            self.tree.tokens[2] = Some(variable);
            self.tree.peeked = 3;
        } else {
            self.tree.tokens[1] = Some(variable);
            self.tree.peeked = 2;
        }
        if !comma {
            return Ok(false);
        }
        if place == "range" && pipe.variables.len() < 2 {
            return match self.peek_word().is {
                Type::Variable | Type::RightDelim | Type::RightParen => Ok(true),
                _ => self.error("range can only initialize variables"),
            };
        }
        self.error(&format!("too many declarations in {place}"))
    }

    fn command(&mut self) -> Parse<Command> {
        let at = self.peek_word().at;
        let mut terms = Vec::new();
        loop {
            self.peek_word();
            terms.extend(self.operand()?);
            let token = self.next();
            match token.is {
                Type::Space => continue,
                Type::RightDelim | Type::RightParen => self.backup(),
                Type::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if terms.is_empty() {
            return self.error("empty command");
        }
        Ok(Command { at, terms })
    }

    fn operand(&mut self) -> Parse<Option<Term>> {
        let Some(mut term) = self.term()? else { return Ok(None) };
        let next = self.peek();
        if next.is != Type::Field {
            return Ok(Some(term));
        }
        let mut names = Vec::new();
        while self.peek().is == Type::Field {
            names.push(self.next().text.trim_start_matches('.').to_owned());
        }
        match &mut term.is {
            Operand::Field(known) | Operand::Variable(known) => {
                known.append(&mut names);
                term.at = next.at;
            }
            Operand::Bool(_)
            | Operand::Text { .. }
            | Operand::Number(_)
            | Operand::Nil
            | Operand::Dot => {
                let shown = quoted(&term.to_string());
                return self.error(&format!("unexpected . after term {shown}"));
            }
            Operand::Function(_) | Operand::Pipe(_) | Operand::Chain(..) => {
                term = Term { at: next.at, is: Operand::Chain(Box::new(term), names) };
            }
        }
        Ok(Some(term))
    }

    fn term(&mut self) -> Parse<Option<Term>> {
        let token = self.next_word();
        let is = match token.is {
            Type::Identifier if is_function(&token.text) => Operand::Function(token.text),
            Type::Identifier => {
                return self.error(&format!("function {} not defined", quoted(&token.text)));
            }
            Type::Keyword(Keyword::Dot) => Operand::Dot,
            Type::Keyword(Keyword::Nil) => Operand::Nil,
            Type::Variable if self.tree.variables.contains(&token.text) => {
                Operand::Variable(vec![token.text])
            }
            Type::Variable => {
                return self.error(&format!("undefined variable {}", quoted(&token.text)));
            }
            Type::Field => Operand::Field(vec![token.text.trim_start_matches('.').to_owned()]),
            Type::Bool => Operand::Bool(token.text == "true"),
            Type::CharConstant | Type::Complex | Type::Number => {
                match number(&token.text, token.is) {
                    Ok(number) => Operand::Number(number),
                    Err(text) => return self.error(&text),
                }
            }
            Type::LeftParen => {
                let place = "parenthesized pipeline";
                Operand::Pipe(self.deeper(|it| it.pipeline(place, Type::RightParen))?)
            }
            Type::String | Type::RawString => match unquote(&token.text) {
                Some(text) => Operand::Text { literal: token.text, text },
                None => return self.error("invalid syntax"),
            },
            _ => {
                self.backup();
                return Ok(None);
            }
        };
        Ok(Some(Term { at: token.at, is }))
    }
}
