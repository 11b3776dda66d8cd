//! Go template text to nodes.

use std::collections::HashMap;

use serde_json::Value;

/// A template with those it defines.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) nodes: Vec<Node>,
    pub(super) defined: HashMap<String, Vec<Node>>,
}

#[derive(Debug, Clone)]
pub(super) enum Node {
    Text(String),
    /// Prints the value, unless it is only stored.
    Print(Pipe),
    If {
        test: Pipe,
        then: Vec<Node>,
        otherwise: Vec<Node>,
    },
    With {
        value: Pipe,
        then: Vec<Node>,
        otherwise: Vec<Node>,
    },
    Range {
        over: Pipe,
        body: Vec<Node>,
        otherwise: Vec<Node>,
    },
    Template {
        name: String,
        value: Option<Pipe>,
    },
    Break,
    Continue,
}

/// `$a, $b := command | command`.
#[derive(Debug, Clone, Default)]
pub(super) struct Pipe {
    pub(super) variables: Vec<String>,
    pub(super) assigns: bool,
    pub(super) commands: Vec<Vec<Term>>,
}

#[derive(Debug, Clone)]
pub(super) enum Term {
    /// `.a.b`; empty for the dot itself.
    Field(Vec<String>),
    /// `$x.a`.
    Variable(String, Vec<String>),
    Function(String),
    Literal(Value),
    Nil,
    /// `(pipe).a`.
    Pipe(Pipe, Vec<String>),
}

type Parse<T> = Result<T, String>;

pub(super) fn parse(text: &str) -> Parse<Parsed> {
    let pieces = pieces(text)?;
    let mut parser = Parser { pieces: &pieces, at: 0, defined: HashMap::new() };
    let (nodes, end) = parser.nodes()?;
    match end {
        End::Text => Ok(Parsed { nodes, defined: parser.defined }),
        End::Ended(line) => Err(format!("{line}: unexpected {{{{end}}}}")),
        End::Else(line, _) => Err(format!("{line}: unexpected {{{{else}}}}")),
    }
}

#[derive(Debug)]
enum Piece {
    Text(String),
    Action(usize, Vec<Token>),
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Field(String),
    Dot,
    Variable(String),
    Word(String),
    Literal(Value),
    Pipe,
    Open,
    Close,
    Comma,
    Declare,
    Assign,
    /// Blanks tell `.a .b` from `.a.b`.
    Blank,
}

fn pieces(text: &str) -> Parse<Vec<Piece>> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut line = 1;
    let mut trim_next = false;
    loop {
        let start = rest.find("{{");
        let before = rest.get(..start.unwrap_or(rest.len())).unwrap_or_default();
        line += before.matches('\n').count();
        let mut kept = if trim_next { before.trim_start() } else { before };
        let Some(start) = start else {
            found.push(Piece::Text(kept.to_owned()));
            return Ok(found);
        };
        let mut inside = rest.get(start + 2..).unwrap_or_default();
        if let Some(trimmed) =
            inside.strip_prefix('-').filter(|t| t.starts_with(char::is_whitespace))
        {
            kept = kept.trim_end();
            inside = trimmed;
        }
        found.push(Piece::Text(kept.to_owned()));
        let comment = inside.trim_start().starts_with("/*");
        let end = if comment {
            let close = inside.find("*/").ok_or(format!("{line}: unclosed comment"))?;
            close
                + 2
                + inside
                    .get(close + 2..)
                    .and_then(|t| t.find("}}"))
                    .ok_or(format!("{line}: comment ends before closing delimiter"))?
        } else {
            end_of_action(inside).ok_or(format!("{line}: unclosed action"))?
        };
        let mut action = inside.get(..end).unwrap_or_default();
        rest = inside.get(end + 2..).unwrap_or_default();
        trim_next =
            action.ends_with('-') && action.trim_end_matches('-').ends_with(char::is_whitespace);
        if trim_next {
            action = action.strip_suffix('-').unwrap_or(action);
        }
        if !comment {
            found
                .push(Piece::Action(line, tokens(action).map_err(|why| format!("{line}: {why}"))?));
        }
        line += action.matches('\n').count();
    }
}

fn end_of_action(text: &str) -> Option<usize> {
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some('"' | '\'') if letter == '\\' => escaped = true,
            Some(open) if open == letter => quote = None,
            None if matches!(letter, '"' | '\'' | '`') => quote = Some(letter),
            None if text.get(at..).is_some_and(|rest| rest.starts_with("}}")) => return Some(at),
            _ => {}
        }
    }
    None
}

#[expect(clippy::too_many_lines, reason = "one arm a token")]
fn tokens(text: &str) -> Parse<Vec<Token>> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    let word_at = |from: usize| {
        let end = letters[from..].iter().position(|c| !c.is_alphanumeric() && *c != '_');
        end.map_or(letters.len(), |end| from + end)
    };
    while let Some(letter) = letters.get(at).copied() {
        let next = letters.get(at + 1).copied();
        match letter {
            letter if letter.is_whitespace() => {
                at += 1;
                if found.last() != Some(&Token::Blank) {
                    found.push(Token::Blank);
                }
                continue;
            }
            '"' | '`' | '\'' => {
                let (value, end) = quoted(&letters, at)?;
                found.push(Token::Literal(value));
                at = end;
                continue;
            }
            '.' if next.is_some_and(|c| c.is_alphabetic() || c == '_') => {
                let end = word_at(at + 1);
                found.push(Token::Field(letters[at + 1..end].iter().collect()));
                at = end;
                continue;
            }
            '$' => {
                let end = word_at(at + 1);
                found.push(Token::Variable(letters[at + 1..end].iter().collect()));
                at = end;
                continue;
            }
            letter
                if letter.is_ascii_digit()
                    || (letter == '-' && next.is_some_and(|c| c.is_ascii_digit())) =>
            {
                let end =
                    letters[at + 1..].iter().position(|c| !c.is_ascii_alphanumeric() && *c != '.');
                let end = end.map_or(letters.len(), |end| at + 1 + end);
                let text: String = letters[at..end].iter().collect();
                let value = serde_json::from_str(&text)
                    .map_err(|_| format!("bad number syntax: {text:?}"))?;
                found.push(Token::Literal(value));
                at = end;
                continue;
            }
            letter if letter.is_alphabetic() || letter == '_' => {
                let end = word_at(at);
                let word: String = letters[at..end].iter().collect();
                found.push(match word.as_str() {
                    "true" => Token::Literal(Value::Bool(true)),
                    "false" => Token::Literal(Value::Bool(false)),
                    _ => Token::Word(word),
                });
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
        found.push(match letter {
            '.' => Token::Dot,
            '|' => Token::Pipe,
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '=' => Token::Assign,
            ':' if next == Some('=') => {
                at += 1;
                Token::Declare
            }
            _ => return Err(format!("unexpected {letter:?} in command")),
        });
    }
    Ok(found)
}

fn quoted(letters: &[char], start: usize) -> Parse<(Value, usize)> {
    let quote = letters[start];
    let mut out = String::new();
    let mut at = start + 1;
    while let Some(letter) = letters.get(at).copied() {
        at += 1;
        if letter == quote {
            if quote == '\'' {
                let code = out.chars().next().map_or(0, u32::from);
                return Ok((Value::from(code), at));
            }
            return Ok((Value::String(out), at));
        }
        if letter == '\\' && quote != '`' {
            let escaped = letters.get(at).copied().ok_or("unterminated quoted string")?;
            at += 1;
            out.push(match escaped {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other => other,
            });
        } else {
            out.push(letter);
        }
    }
    Err("unterminated quoted string".to_owned())
}

enum End {
    Text,
    Ended(usize),
    Else(usize, Vec<Token>),
}

struct Parser<'p> {
    pieces: &'p [Piece],
    at: usize,
    defined: HashMap<String, Vec<Node>>,
}

impl Parser<'_> {
    fn nodes(&mut self) -> Parse<(Vec<Node>, End)> {
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.get(self.at) {
            self.at += 1;
            let (line, tokens) = match piece {
                Piece::Text(text) => {
                    nodes.push(Node::Text(text.clone()));
                    continue;
                }
                Piece::Action(line, tokens) => (*line, trimmed(tokens)),
            };
            let failed = |why: String| format!("{line}: {why}");
            let (word, rest) = match tokens.split_first() {
                Some((Token::Word(word), rest)) => (word.as_str(), trimmed(rest)),
                Some(_) => ("", tokens),
                None => return Err(failed("missing value for command".to_owned())),
            };
            match word {
                "end" => return Ok((nodes, End::Ended(line))),
                "else" => return Ok((nodes, End::Else(line, rest.to_vec()))),
                "if" | "with" | "range" => nodes.push(self.control(word, rest, line)?),
                "break" => nodes.push(Node::Break),
                "continue" => nodes.push(Node::Continue),
                "define" | "block" | "template" => {
                    nodes.extend(self.named(word, rest, line)?);
                }
                _ => nodes.push(Node::Print(pipe(tokens).map_err(failed)?)),
            }
        }
        Ok((nodes, End::Text))
    }

    fn control(&mut self, word: &str, tokens: &[Token], line: usize) -> Parse<Node> {
        let head = pipe(tokens).map_err(|why| format!("{line}: {why}"))?;
        let (then, end) = self.nodes()?;
        let otherwise = match end {
            End::Ended(_) => Vec::new(),
            End::Text => return Err(format!("{line}: unexpected EOF")),
            End::Else(line, rest) => match trimmed(&rest).split_first() {
                Some((Token::Word(word), rest)) => vec![self.control(word, trimmed(rest), line)?],
                _ => match self.nodes()? {
                    (nodes, End::Ended(_)) => nodes,
                    _ => return Err(format!("{line}: expected end; found {{{{else}}}}")),
                },
            },
        };
        Ok(match word {
            "if" => Node::If { test: head, then, otherwise },
            "with" => Node::With { value: head, then, otherwise },
            _ => Node::Range { over: head, body: then, otherwise },
        })
    }

    fn named(&mut self, word: &str, tokens: &[Token], line: usize) -> Parse<Option<Node>> {
        let Some((Token::Literal(Value::String(name)), rest)) = tokens.split_first() else {
            return Err(format!("{line}: unexpected token in {word} clause"));
        };
        let rest = trimmed(rest);
        let value = if rest.is_empty() {
            None
        } else {
            Some(pipe(rest).map_err(|why| format!("{line}: {why}"))?)
        };
        if word != "template" {
            let (body, end) = self.nodes()?;
            if !matches!(end, End::Ended(_)) {
                return Err(format!("{line}: unexpected EOF"));
            }
            self.defined.insert(name.clone(), body);
        }
        Ok((word != "define").then(|| Node::Template { name: name.clone(), value }))
    }
}

fn trimmed(mut tokens: &[Token]) -> &[Token] {
    while let Some((Token::Blank, rest)) = tokens.split_first() {
        tokens = rest;
    }
    while let Some((Token::Blank, rest)) = tokens.split_last() {
        tokens = rest;
    }
    tokens
}

fn pipe(tokens: &[Token]) -> Parse<Pipe> {
    let mut pipe = Pipe::default();
    let mut tokens = trimmed(tokens);
    let sign = tokens.iter().position(|t| matches!(t, Token::Declare | Token::Assign));
    if let Some(sign) = sign {
        for token in &tokens[..sign] {
            match token {
                Token::Variable(name) => pipe.variables.push(name.clone()),
                Token::Blank | Token::Comma => {}
                _ => return Err("unexpected token in declaration".to_owned()),
            }
        }
        pipe.assigns = tokens[sign] == Token::Assign;
        tokens = trimmed(&tokens[sign + 1..]);
    }
    let mut depth = 0;
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth -= 1,
            Token::Pipe if depth == 0 => {
                pipe.commands.push(command(&tokens[start..at])?);
                start = at + 1;
            }
            _ => {}
        }
    }
    pipe.commands.push(command(&tokens[start..])?);
    Ok(pipe)
}

fn command(tokens: &[Token]) -> Parse<Vec<Term>> {
    let mut terms = Vec::new();
    let mut rest = trimmed(tokens);
    while let Some((token, after)) = rest.split_first() {
        let mut tail = after;
        let mut fields = || {
            let mut names = Vec::new();
            while let Some((Token::Field(name), more)) = tail.split_first() {
                names.push(name.clone());
                tail = more;
            }
            names
        };
        let term = match token {
            Token::Blank => {
                rest = after;
                continue;
            }
            Token::Field(name) => {
                let mut names = vec![name.clone()];
                names.extend(fields());
                Term::Field(names)
            }
            Token::Dot => Term::Field(fields()),
            Token::Variable(name) => Term::Variable(name.clone(), fields()),
            Token::Word(word) if word == "nil" => Term::Nil,
            Token::Word(word) => Term::Function(word.clone()),
            Token::Literal(value) => Term::Literal(value.clone()),
            Token::Open => {
                let close = closing(after).ok_or("unclosed left paren")?;
                let inner = pipe(&after[..close])?;
                tail = &after[close + 1..];
                let mut names = Vec::new();
                while let Some((Token::Field(name), more)) = tail.split_first() {
                    names.push(name.clone());
                    tail = more;
                }
                Term::Pipe(inner, names)
            }
            _ => return Err("unexpected token in operand".to_owned()),
        };
        terms.push(term);
        rest = tail;
    }
    if terms.is_empty() {
        return Err("missing value for command".to_owned());
    }
    Ok(terms)
}

fn closing(tokens: &[Token]) -> Option<usize> {
    let mut depth = 1;
    tokens.iter().position(|token| {
        match token {
            Token::Open => depth += 1,
            Token::Close => depth -= 1,
            _ => {}
        }
        depth == 0
    })
}
