//! Template text to tokens. Source: Go's `text/template/parse`, `lex.go`.

use machinery::gofmt::quote::{Letters, quote, shown_letter};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    End,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    Keyword(Keyword),
}

/// Words that are no functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keyword {
    Dot,
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

/// A token: its place is in bytes, its line counts from 1.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) is: Type,
    pub(super) at: usize,
    pub(super) text: String,
    pub(super) line: usize,
}

impl std::fmt::Display for Item {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.is {
            Type::End => out.write_str("EOF"),
            Type::Error => out.write_str(&self.text),
            Type::Keyword(_) => write!(out, "<{}>", self.text),
            _ if self.text.len() > 10 => {
                let start: String = self.text.chars().take(10).collect();
                write!(out, "{}...", quoted(&start))
            }
            _ => out.write_str(&quoted(&self.text)),
        }
    }
}

/// A Go string literal.
pub(super) fn quoted(text: &str) -> String {
    String::from_utf8_lossy(&quote(text.as_bytes(), '"', Letters::Printable)).into_owned()
}

/// All tokens; the last is the end or an error.
pub(super) fn tokens(text: &str) -> Vec<Item> {
    let mut lexer = Lexer { input: text, start: 0, at: 0, depth: 0, items: Vec::new() };
    let mut state = State::Text;
    while let Some(next) = lexer.step(state) {
        state = next;
    }
    lexer.items
}

#[derive(Debug, Clone, Copy)]
enum State {
    Text,
    Inside,
}

struct Lexer<'t> {
    input: &'t str,
    start: usize,
    at: usize,
    /// Open parentheses.
    depth: usize,
    items: Vec<Item>,
}

/// What takes the blanks at its side away.
const TRIM: usize = 2;

fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\r' | '\n')
}

fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

fn trims_left(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next() == Some('-') && letters.next().is_some_and(is_blank)
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.input.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    fn accept(&mut self, letters: &str) -> bool {
        let fits = self.peek().is_some_and(|letter| letters.contains(letter));
        if fits {
            self.next();
        }
        fits
    }

    fn accept_all(&mut self, letters: &str) {
        while self.accept(letters) {}
    }

    fn word(&self) -> &'t str {
        self.input.get(self.start..self.at).unwrap_or_default()
    }

    fn put(&mut self, is: Type, text: String) {
        let before = self.input.get(..self.start).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        self.items.push(Item { is, at: self.start, text, line });
        self.start = self.at;
    }

    #[expect(clippy::unnecessary_wraps, reason = "as all steps do")]
    fn emit(&mut self, is: Type) -> Option<State> {
        self.put(is, self.word().to_owned());
        Some(State::Inside)
    }

    fn error(&mut self, text: impl Into<String>) -> Option<State> {
        self.put(Type::Error, text.into());
        None
    }

    fn step(&mut self, state: State) -> Option<State> {
        match state {
            State::Text => self.text(),
            State::Inside => self.inside(),
        }
    }

    fn text(&mut self) -> Option<State> {
        let Some(delim) = self.rest().find("{{") else {
            self.at = self.input.len();
            if self.at > self.start {
                self.emit(Type::Text);
            }
            self.emit(Type::End);
            return None;
        };
        self.at += delim;
        let after = self.at;
        if trims_left(self.input.get(after + 2..).unwrap_or_default()) {
            self.at = self.start + self.word().trim_end_matches(is_blank).len();
        }
        if self.at > self.start {
            self.emit(Type::Text);
        }
        self.start = after;
        self.at = after;
        self.left_delim()
    }

    fn left_delim(&mut self) -> Option<State> {
        self.at += 2;
        let marker = if trims_left(self.rest()) { TRIM } else { 0 };
        if self.input.get(self.at + marker..).is_some_and(|rest| rest.starts_with("/*")) {
            self.at += marker;
            self.start = self.at;
            return self.comment();
        }
        self.emit(Type::LeftDelim);
        self.at += marker;
        self.start = self.at;
        self.depth = 0;
        Some(State::Inside)
    }

    fn comment(&mut self) -> Option<State> {
        let Some(end) = self.rest().get(2..).and_then(|rest| rest.find("*/")) else {
            return self.error("unclosed comment");
        };
        self.at += end + 4;
        let Some(trims) = self.at_right_delim() else {
            return self.error("comment ends before closing delimiter");
        };
        self.pass_right_delim(trims);
        self.start = self.at;
        Some(State::Text)
    }

    /// Whether the action ends here, and whether it trims what follows.
    fn at_right_delim(&self) -> Option<bool> {
        let rest = self.rest();
        let mut letters = rest.chars();
        let marker = letters.next().is_some_and(is_blank) && letters.next() == Some('-');
        if marker && rest.get(TRIM..).is_some_and(|rest| rest.starts_with("}}")) {
            return Some(true);
        }
        rest.starts_with("}}").then_some(false)
    }

    fn pass_right_delim(&mut self, trims: bool) {
        self.at += if trims { TRIM + 2 } else { 2 };
        if trims {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches(is_blank).len();
        }
    }

    #[expect(clippy::unnecessary_wraps, reason = "as all steps do")]
    fn right_delim(&mut self, trims: bool) -> Option<State> {
        if trims {
            self.start += TRIM;
        }
        self.at = self.start + 2;
        self.emit(Type::RightDelim);
        self.at = self.start - 2 - if trims { TRIM } else { 0 };
        self.pass_right_delim(trims);
        self.start = self.at;
        Some(State::Text)
    }

    fn inside(&mut self) -> Option<State> {
        if let Some(trims) = self.at_right_delim() {
            if self.depth == 0 {
                return self.right_delim(trims);
            }
            return self.error("unclosed left paren");
        }
        let Some(letter) = self.next() else { return self.error("unclosed action") };
        match letter {
            letter if is_blank(letter) => self.blanks(),
            '=' => self.emit(Type::Assign),
            ':' if self.next() != Some('=') => self.error("expected :="),
            ':' => self.emit(Type::Declare),
            '|' => self.emit(Type::Pipe),
            '"' => self.quote('"', Type::String, "unterminated quoted string"),
            '\'' => self.quote('\'', Type::CharConstant, "unterminated character constant"),
            '`' => match self.rest().find('`') {
                Some(end) => {
                    self.at += end + 1;
                    self.emit(Type::RawString)
                }
                None => self.error("unterminated raw quoted string"),
            },
            '$' => self.field(Type::Variable),
            '.' if !self.peek().is_some_and(|next| next.is_ascii_digit())
                && self.peek().is_some() =>
            {
                self.field(Type::Field)
            }
            '.' | '+' | '-' | '0'..='9' => {
                self.at = self.start;
                self.number()
            }
            letter if is_word(letter) => self.identifier(),
            '(' => {
                self.depth += 1;
                self.emit(Type::LeftParen)
            }
            ')' if self.depth == 0 => self.error("unexpected right paren"),
            ')' => {
                self.depth -= 1;
                self.emit(Type::RightParen)
            }
            ' '..='~' => self.emit(Type::Char),
            letter => {
                self.error(format!("unrecognized character in action: {}", shown_letter(letter)))
            }
        }
    }

    fn blanks(&mut self) -> Option<State> {
        while self.peek().is_some_and(is_blank) {
            self.next();
        }
        // The last blank may belong to a trim marker.
        self.at -= 1;
        if self.at_right_delim() != Some(true) {
            self.at += 1;
        } else if self.at == self.start {
            return self.inside();
        }
        self.emit(Type::Space)
    }

    fn quote(&mut self, mark: char, is: Type, wrong: &str) -> Option<State> {
        loop {
            match self.next() {
                Some('\\') if self.next().is_some_and(|letter| letter != '\n') => {}
                None | Some('\n' | '\\') => return self.error(wrong),
                Some(letter) if letter == mark => return self.emit(is),
                Some(_) => {}
            }
        }
    }

    fn at_end_of_word(&self) -> bool {
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(letter) => is_blank(letter) || self.rest().starts_with("}}"),
        }
    }

    fn pass_word(&mut self) -> Result<(), String> {
        while self.peek().is_some_and(is_word) {
            self.next();
        }
        match self.peek() {
            Some(letter) if !self.at_end_of_word() => {
                Err(format!("bad character {}", shown_letter(letter)))
            }
            _ => Ok(()),
        }
    }

    fn identifier(&mut self) -> Option<State> {
        if let Err(text) = self.pass_word() {
            return self.error(text);
        }
        let keyword = match self.word() {
            "block" => Keyword::Block,
            "break" => Keyword::Break,
            "continue" => Keyword::Continue,
            "define" => Keyword::Define,
            "else" => Keyword::Else,
            "end" => Keyword::End,
            "if" => Keyword::If,
            "nil" => Keyword::Nil,
            "range" => Keyword::Range,
            "template" => Keyword::Template,
            "with" => Keyword::With,
            "true" | "false" => return self.emit(Type::Bool),
            _ => return self.emit(Type::Identifier),
        };
        self.emit(Type::Keyword(keyword))
    }

    /// A field or a variable; its first letter is read.
    fn field(&mut self, is: Type) -> Option<State> {
        if self.at_end_of_word() {
            return self.emit(if is == Type::Variable { is } else { Type::Keyword(Keyword::Dot) });
        }
        match self.pass_word() {
            Ok(()) => self.emit(is),
            Err(text) => self.error(text),
        }
    }

    fn number(&mut self) -> Option<State> {
        if !self.scan_number() {
            return self.bad_number();
        }
        if !matches!(self.peek(), Some('+' | '-')) {
            return self.emit(Type::Number);
        }
        if !self.scan_number() || !self.word().ends_with('i') {
            return self.bad_number();
        }
        self.emit(Type::Complex)
    }

    fn bad_number(&mut self) -> Option<State> {
        self.error(format!("bad number syntax: {}", quoted(self.word())))
    }

    fn scan_number(&mut self) -> bool {
        const DECIMAL: &str = "0123456789_";
        const HEXADECIMAL: &str = "0123456789abcdefABCDEF_";
        self.accept("+-");
        let mut digits = DECIMAL;
        if self.accept("0") {
            if self.accept("xX") {
                digits = HEXADECIMAL;
            } else if self.accept("oO") {
                digits = "01234567_";
            } else if self.accept("bB") {
                digits = "01_";
            }
        }
        self.accept_all(digits);
        if self.accept(".") {
            self.accept_all(digits);
        }
        let power = match digits {
            DECIMAL => "eE",
            HEXADECIMAL => "pP",
            _ => "",
        };
        if self.accept(power) {
            self.accept("+-");
            self.accept_all(DECIMAL);
        }
        self.accept("i");
        if self.peek().is_some_and(is_word) {
            self.next();
            return false;
        }
        true
    }
}
