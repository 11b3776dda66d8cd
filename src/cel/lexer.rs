//! From text to tokens. Source: the CEL specification's grammar, `parser/gen/CEL.g4`.

use crate::{
    issue::Issue,
    literal::{self, Quote},
};

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    /// A name.
    Ident(String),
    /// A name in backticks.
    Quoted(String),
    /// A whole number as written.
    Int(String),
    /// A whole number with `u`.
    Uint(String),
    /// A number as written.
    Float(String),
    /// Text, unescaped.
    Text(String),
    /// Bytes, unescaped.
    Bytes(Vec<u8>),
    /// An operator or a bracket.
    Sign(&'static str),
    /// The end of the expression.
    End,
}

/// A token, its place in letters, and its text.
#[derive(Debug, Clone)]
pub(crate) struct Lexeme {
    pub(crate) token: Token,
    pub(crate) at: usize,
    pub(crate) text: String,
}

const SIGNS: [&str; 24] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "%", "?", ":", ".", ",",
    "[", "]", "{", "}", "(", ")",
];

/// Reads all tokens, the last one the end, and what is no token.
pub(crate) fn tokens(source: &str) -> (Vec<Lexeme>, Vec<Issue>) {
    let letters: Vec<char> = source.chars().collect();
    let mut lexer = Lexer { letters: &letters, at: 0, found: Vec::new(), issues: Vec::new() };
    while lexer.at < letters.len() {
        lexer.step();
    }
    lexer.push(Token::End, letters.len());
    (lexer.found, lexer.issues)
}

struct Lexer<'a> {
    letters: &'a [char],
    at: usize,
    found: Vec<Lexeme>,
    issues: Vec<Issue>,
}

impl Lexer<'_> {
    fn peek(&self, offset: usize) -> char {
        self.letters.get(self.at + offset).copied().unwrap_or('\0')
    }

    fn push(&mut self, token: Token, end: usize) {
        let text = self.letters.get(self.at..end).unwrap_or_default().iter().collect();
        self.found.push(Lexeme { token, at: self.at, text });
        self.at = end;
    }

    fn refuse(&mut self, message: String, end: usize) {
        self.issues.push(Issue { at: Some(self.at), message });
        self.at = end;
    }

    fn unrecognised(&mut self, end: usize) {
        let end = end.min(self.letters.len());
        let text: String = self.letters.get(self.at..end).unwrap_or_default().iter().collect();
        let text = text.replace('\n', "\\n").replace('\t', "\\t").replace('\r', "\\r");
        self.refuse(format!("Syntax error: token recognition error at: '{text}'"), end);
    }

    fn step(&mut self) {
        let first = self.peek(0);
        match first {
            ' ' | '\t' | '\r' | '\n' | '\u{c}' => self.at += 1,
            '/' if self.peek(1) == '/' => {
                while self.at < self.letters.len() && self.peek(0) != '\n' {
                    self.at += 1;
                }
            }
            '`' => self.quoted_name(),
            '"' | '\'' => self.text(0),
            'a'..='z' | 'A'..='Z' | '_' => {
                if let Some(prefix) = self.prefix() {
                    return self.text(prefix);
                }
                let end = self.run(self.at, |it| it.is_ascii_alphanumeric() || it == '_');
                let name = self.letters.get(self.at..end).unwrap_or_default().iter().collect();
                self.push(Token::Ident(name), end);
            }
            '0'..='9' => self.number(),
            '.' if self.peek(1).is_ascii_digit() => self.number(),
            _ => self.sign(),
        }
    }

    fn run(&self, from: usize, fits: impl Fn(char) -> bool) -> usize {
        let rest = self.letters.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|letter| fits(**letter)).count()
    }

    fn sign(&mut self) {
        let pair: String = [self.peek(0), self.peek(1)].iter().collect();
        let sign = SIGNS.iter().find(|sign| pair.starts_with(**sign));
        match sign {
            Some(sign) => {
                let end = self.at + sign.len();
                self.push(Token::Sign(sign), end);
            }
            None if matches!(self.peek(0), '=' | '&' | '|') && self.peek(1) != '\0' => {
                self.unrecognised(self.at + 2);
            }
            None => self.unrecognised(self.at + 1),
        }
    }

    fn quoted_name(&mut self) {
        let fits =
            |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.' | '-' | '/' | ' ');
        let end = self.run(self.at + 1, fits);
        if self.letters.get(end) == Some(&'`') && end > self.at + 1 {
            let name = self.letters.get(self.at + 1..end).unwrap_or_default().iter().collect();
            self.push(Token::Quoted(name), end + 1);
        } else {
            self.unrecognised(end + 1);
        }
    }

    /// The length of `r`, `b` or both before a quote.
    fn prefix(&self) -> Option<usize> {
        let is = |at: usize, letters: &str| letters.contains(self.peek(at));
        let quote = |at: usize| matches!(self.peek(at), '"' | '\'');
        if is(0, "rRbB") && quote(1) {
            return Some(1);
        }
        let both = is(0, "rR") && is(1, "bB") || is(0, "bB") && is(1, "rR");
        (both && quote(2)).then_some(2)
    }

    fn text(&mut self, prefix: usize) {
        let marks: Vec<char> = (0..prefix).map(|at| self.peek(at).to_ascii_lowercase()).collect();
        let raw = marks.contains(&'r');
        let quote = self.peek(prefix);
        let triple = self.peek(prefix + 1) == quote && self.peek(prefix + 2) == quote;
        let width = if triple { 3 } else { 1 };
        let start = self.at + prefix + width;
        let Some(end) = self.closing(start, Quote { letter: quote, width, raw }) else {
            let end = self.run(self.at, |letter| letter != '\n');
            return self.unrecognised(end);
        };
        let inner = self.letters.get(start..end).unwrap_or_default();
        let after = end + width;
        if marks.contains(&'b') {
            match literal::bytes(inner, raw) {
                Ok(bytes) => self.push(Token::Bytes(bytes), after),
                Err(why) => self.refuse(format!("invalid bytes literal: {why}"), after),
            }
        } else {
            match literal::text(inner, raw) {
                Ok(text) => self.push(Token::Text(text), after),
                Err(why) => self.refuse(why, after),
            }
        }
    }

    fn closing(&self, start: usize, quote: Quote) -> Option<usize> {
        let mut at = start;
        loop {
            let letter = *self.letters.get(at)?;
            if quote.width == 1 && matches!(letter, '\n' | '\r') {
                return None;
            }
            if letter == '\\' && !quote.raw {
                at += 2;
                continue;
            }
            let closes =
                (0..quote.width).all(|offset| self.letters.get(at + offset) == Some(&quote.letter));
            if closes {
                return Some(at);
            }
            at += 1;
        }
    }

    fn number(&mut self) {
        let hex = self.peek(0) == '0' && matches!(self.peek(1), 'x' | 'X');
        let digit = |it: char| it.is_ascii_digit();
        let mut end = if hex {
            self.run(self.at + 2, |it| it.is_ascii_hexdigit())
        } else {
            self.run(self.at, digit)
        };
        let is = |at: usize, letters: &str| {
            self.letters.get(at).is_some_and(|letter| letters.contains(*letter))
        };
        let mut float = false;
        if !hex && is(end, ".") && is(end + 1, "0123456789") {
            float = true;
            end = self.run(end + 1, digit);
        }
        if !hex && is(end, "eE") {
            let sign = usize::from(is(end + 1, "+-"));
            let after = self.run(end + 1 + sign, digit);
            if after > end + 1 + sign {
                float = true;
                end = after;
            }
        }
        let text: String = self.letters.get(self.at..end).unwrap_or_default().iter().collect();
        if float {
            self.push(Token::Float(text), end);
        } else if is(end, "uU") {
            self.push(Token::Uint(text), end + 1);
        } else {
            self.push(Token::Int(text), end);
        }
    }
}
