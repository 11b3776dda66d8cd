//! Operands: literals, names, brackets, and what follows them.

use super::{OPERAND, Parse, Parser};
use crate::{
    ast::{Expr, Field, Kind, operators},
    issue::Issue,
    lexer::Token,
    value::Value,
};

const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

impl Parser {
    pub(super) fn member(&mut self) -> Parse<Expr> {
        let mut operand = self.primary()?;
        loop {
            let place = self.place();
            if self.accept(".") {
                operand = self.after_dot(operand, place)?;
            } else if self.accept("[") {
                let optional = self.accept("?");
                let index = self.expression()?;
                self.expect("]")?;
                let function = if optional { operators::OPTIONAL_INDEX } else { operators::INDEX };
                operand = self.call(place, function, vec![operand, index])?;
            } else {
                return Ok(operand);
            }
        }
    }

    fn after_dot(&mut self, operand: Expr, dot: usize) -> Parse<Expr> {
        let optional = self.accept("?");
        let name_place = self.place();
        let (name, quoted) = match self.peek().clone() {
            Token::Ident(name) if !matches!(name.as_str(), "true" | "false" | "null" | "in") => {
                (name, false)
            }
            Token::Quoted(name) => (name, true),
            Token::Text(_) => {
                let text = self.lexemes.get(self.at).map(|it| it.text.clone()).unwrap_or_default();
                let message = format!("Syntax error: no viable alternative at input '.{text}'");
                return Err(Issue { at: Some(name_place), message });
            }
            Token::End => {
                let message = "Syntax error: no viable alternative at input '.'".into();
                return Err(Issue { at: Some(name_place), message });
            }
            _ => return self.unexpected("IDENTIFIER"),
        };
        self.at += 1;
        if optional {
            let name = Value::text(&name);
            let name = self.node(name_place, Kind::Literal(name))?;
            return self.call(dot, operators::OPTIONAL_SELECT, vec![operand, name]);
        }
        let open = self.place();
        if !quoted && self.accept("(") {
            let arguments = self.arguments()?;
            return self.called(open, name, Some(operand), arguments);
        }
        self.node(dot, Kind::Select { operand: Box::new(operand), field: name, test: false })
    }

    fn arguments(&mut self) -> Parse<Vec<Expr>> {
        let mut arguments = Vec::new();
        if self.accept(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if !self.accept(",") {
                break;
            }
        }
        self.expect(")")?;
        Ok(arguments)
    }

    /// A call, or what the macro of that name stands for.
    fn called(
        &mut self,
        open: usize,
        function: String,
        target: Option<Expr>,
        arguments: Vec<Expr>,
    ) -> Parse<Expr> {
        let id = self.id(open);
        match self.expanded(id, &function, target, arguments)? {
            Ok(expanded) => Ok(expanded),
            Err((target, arguments)) => {
                let target = target.map(Box::new);
                self.node_of(id, Kind::Call { function, target, arguments })
            }
        }
    }

    fn primary(&mut self) -> Parse<Expr> {
        let place = self.place();
        let token = self.peek().clone();
        self.at += 1;
        match token {
            Token::Sign("(") => {
                let inner = self.expression()?;
                self.expect(")")?;
                Ok(inner)
            }
            Token::Sign("[") => self.list(place),
            Token::Sign("{") => self.map(place),
            Token::Sign("-") => self.negative(place),
            Token::Sign(".") => self.name(place, true),
            Token::Ident(word) if word == "true" => self.literal(place, Value::Bool(true)),
            Token::Ident(word) if word == "false" => self.literal(place, Value::Bool(false)),
            Token::Ident(word) if word == "null" => self.literal(place, Value::Null),
            Token::Ident(word) if word != "in" => {
                self.at -= 1;
                self.name(place, false)
            }
            Token::Int(text) => self.int(place, &text),
            Token::Uint(text) => self.uint(place, &text),
            Token::Float(text) => self.float(place, &text),
            Token::Text(text) => self.literal(place, Value::text(&text)),
            Token::Bytes(bytes) => self.literal(place, Value::Bytes(bytes.into())),
            _ => {
                self.at -= 1;
                self.unexpected(OPERAND)
            }
        }
    }

    fn literal(&mut self, place: usize, value: Value) -> Parse<Expr> {
        self.node(place, Kind::Literal(value))
    }

    fn negative(&mut self, place: usize) -> Parse<Expr> {
        let token = self.peek().clone();
        self.at += 1;
        match token {
            Token::Int(text) => self.int(place, &format!("-{text}")),
            Token::Float(text) => self.float(place, &format!("-{text}")),
            _ => {
                self.at -= 1;
                self.unexpected(OPERAND)
            }
        }
    }

    fn int(&mut self, place: usize, text: &str) -> Parse<Expr> {
        let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
        let hex = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X"));
        let number = match hex {
            Some(hex) => i64::from_str_radix(&format!("{sign}{hex}"), 16),
            None => text.parse(),
        };
        let wrong = |_| Issue { at: Some(place), message: "invalid int literal".into() };
        let number = number.map_err(wrong)?;
        self.literal(place, Value::Int(number))
    }

    fn uint(&mut self, place: usize, text: &str) -> Parse<Expr> {
        let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
        let number = hex.map_or_else(|| text.parse(), |hex| u64::from_str_radix(hex, 16));
        let wrong = |_| Issue { at: Some(place), message: "invalid uint literal".into() };
        let number = number.map_err(wrong)?;
        self.literal(place, Value::Uint(number))
    }

    fn float(&mut self, place: usize, text: &str) -> Parse<Expr> {
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        let wrong = || Issue { at: Some(place), message: "invalid double literal".into() };
        self.literal(place, Value::Double(number.ok_or_else(wrong)?))
    }

    fn list(&mut self, place: usize) -> Parse<Expr> {
        let mut items = Vec::new();
        while !self.accept("]") {
            let optional = self.accept("?");
            items.push((self.expression()?, optional));
            if !self.accept(",") {
                self.expect("]")?;
                break;
            }
        }
        self.node(place, Kind::List(items))
    }

    fn map(&mut self, place: usize) -> Parse<Expr> {
        let mut entries = Vec::new();
        while !self.accept("}") {
            let optional = self.accept("?");
            let key = self.expression()?;
            self.expect(":")?;
            entries.push((key, self.expression()?, optional));
            if !self.accept(",") {
                self.expect("}")?;
                break;
            }
        }
        self.node(place, Kind::Map(entries))
    }

    /// A name, a call of a function, or a message.
    fn name(&mut self, place: usize, dot: bool) -> Parse<Expr> {
        let name_place = self.place();
        let Token::Ident(name) = self.peek().clone() else { return self.unexpected("IDENTIFIER") };
        let lead = if dot { "." } else { "" };
        if let Some(end) = self.message_opens() {
            let mut whole = String::from(lead);
            while self.at < end {
                let text = self.lexemes.get(self.at).map(|it| it.text.as_str()).unwrap_or_default();
                whole.push_str(text);
                self.at += 1;
            }
            return self.message(whole);
        }
        self.at += 1;
        let open = self.place();
        if self.accept("(") {
            let arguments = self.arguments()?;
            return self.called(open, format!("{lead}{name}"), None, arguments);
        }
        if RESERVED.contains(&name.as_str()) {
            let message = format!("reserved identifier: {name}");
            return Err(Issue { at: Some(place), message });
        }
        self.node(name_place, Kind::Ident(format!("{lead}{name}")))
    }

    /// Where the `{` of a message stands that a name begins.
    fn message_opens(&self) -> Option<usize> {
        let mut at = self.at;
        loop {
            let token = |at: usize| self.lexemes.get(at).map(|it| &it.token);
            let Some(Token::Ident(_)) = token(at) else { return None };
            match token(at + 1) {
                Some(Token::Sign("{")) => return Some(at + 1),
                Some(Token::Sign(".")) => at += 2,
                _ => return None,
            }
        }
    }

    fn message(&mut self, name: String) -> Parse<Expr> {
        let open = self.place();
        self.at += 1;
        let mut fields = Vec::new();
        while !self.accept("}") {
            let optional = self.accept("?");
            let (Token::Ident(field) | Token::Quoted(field)) = self.peek().clone() else {
                return self.unexpected("{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}");
            };
            self.at += 1;
            let id = self.id(self.place());
            self.expect(":")?;
            fields.push(Field { id, name: field, value: self.expression()?, optional });
            if !self.accept(",") {
                self.expect("}")?;
                break;
            }
        }
        self.node(open, Kind::Struct { name, fields })
    }
}
