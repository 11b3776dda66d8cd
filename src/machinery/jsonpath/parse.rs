//! `JSONPath` text to nodes. Source: client-go `util/jsonpath`, `parser.go`; errors are in its words.

use serde_json::Value;

use super::{Node, Slice};
use crate::gofmt::quote::{shown_letter, unquote_inside};

/// How deeply unions and filters may stand in one another: their texts let them do so but little.
const DEEPEST: usize = 50;

type Parse<T> = Result<T, String>;

/// Reads a template.
pub(super) fn parse(text: &str) -> Parse<Vec<Node>> {
    read(text, 0)
}

fn read(text: &str, depth: usize) -> Parse<Vec<Node>> {
    if depth > DEEPEST {
        return Err("unions or filters stand too deeply in one another".to_owned());
    }
    let mut parser = Parser { text, at: 0, start: 0, depth };
    let mut root = Vec::new();
    loop {
        let rest = parser.rest();
        let Some((plain, _)) = rest.split_once('{') else {
            if !rest.is_empty() {
                root.push(Node::Text(rest.to_owned()));
            }
            return Ok(root);
        };
        if !plain.is_empty() {
            root.push(Node::Text(plain.to_owned()));
        }
        parser.at += plain.len() + 1;
        parser.start = parser.at;
        root.push(Node::List(parser.action()?));
    }
}

/// The nodes of text that stands between braces.
fn inside(text: &str, depth: usize) -> Parse<Vec<Node>> {
    match read(&format!("{{{text}}}"), depth + 1)?.into_iter().next() {
        Some(Node::List(nodes)) => Ok(nodes),
        _ => Ok(Vec::new()),
    }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    start: usize,
    depth: usize,
}

fn is_terminator(letter: Option<char>) -> bool {
    let Some(letter) = letter else { return true };
    matches!(letter, ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}')
}

fn is_word(letter: char) -> bool {
    letter == '_' || letter.is_alphanumeric()
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    /// The text that was read since it was last asked for.
    fn consume(&mut self) -> &'t str {
        let text = self.text.get(self.start..self.at).unwrap_or_default();
        self.start = self.at;
        text
    }

    /// What stands between braces; the first is read.
    fn action(&mut self) -> Parse<Vec<Node>> {
        let mut nodes = Vec::new();
        loop {
            let rest = self.rest();
            if rest.starts_with("[?(") {
                nodes.push(self.filter()?);
                continue;
            }
            if rest.starts_with("..") {
                if matches!(nodes.last(), Some(Node::Recursive)) {
                    return Err("invalid multiple recursive descent".to_owned());
                }
                self.at += 2;
                self.consume();
                nodes.push(Node::Recursive);
                if self.peek().is_some_and(is_word) {
                    nodes.push(self.field());
                }
                continue;
            }
            match self.next() {
                Some('}') => {
                    self.consume();
                    return Ok(nodes);
                }
                None | Some('\r' | '\n') => return Err("unclosed action".to_owned()),
                Some(' ' | '@' | '$') => {
                    self.consume();
                }
                Some('[') => self.array(&mut nodes)?,
                Some(mark @ ('"' | '\'')) => nodes.push(self.quote(mark)?),
                Some('.') => nodes.push(self.field()),
                Some('+' | '-' | '0'..='9') => {
                    nodes.push(self.number()?);
                }
                Some(letter) if is_word(letter) => nodes.push(self.identifier()),
                Some(letter) => {
                    let shown = shown_letter(letter);
                    return Err(format!("unrecognized character in action: {shown}"));
                }
            }
        }
    }

    fn identifier(&mut self) -> Node {
        while !is_terminator(self.peek()) {
            self.next();
        }
        match self.consume() {
            "true" => Node::Made(Value::Bool(true)),
            "false" => Node::Made(Value::Bool(false)),
            word => Node::Identifier(word.to_owned()),
        }
    }

    /// A number whose first letter is read.
    fn number(&mut self) -> Parse<Node> {
        while self.peek().is_some_and(|letter| letter == '.' || letter.is_ascii_digit()) {
            self.next();
        }
        let text = self.consume();
        if let Ok(whole) = text.parse::<i64>() {
            return Ok(Node::Made(whole.into()));
        }
        let number = text.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
        match number {
            Some(number) => Ok(Node::Made(Value::Number(number))),
            None => Err(format!("cannot parse number {text}")),
        }
    }

    /// An index, a slice, a union or a quoted key; the bracket is read.
    fn array(&mut self, nodes: &mut Vec<Node>) -> Parse<()> {
        loop {
            match self.next() {
                None | Some('\n') => return Err("unterminated array".to_owned()),
                Some(']') => break,
                Some(_) => {}
            }
        }
        let text = self.consume();
        let text = text.get(1..text.len() - 1).unwrap_or_default();
        let text = if text == "*" { ":" } else { text };
        if text.contains(',') {
            let members = text
                .split(',')
                .map(|member| inside(&format!("[{}]", member.trim_matches(' ')), self.depth));
            nodes.push(Node::Union(members.collect::<Parse<_>>()?));
            return Ok(());
        }
        let key = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
        if let Some(key) = key.filter(|key| !key.contains('\'')) {
            nodes.extend(inside(&format!(".{key}"), self.depth)?);
            return Ok(());
        }
        nodes.push(Node::Slice(slice(text)?));
        Ok(())
    }

    fn filter(&mut self) -> Parse<Node> {
        self.at += 3;
        self.consume();
        let mut mark = None;
        let mut paired = false;
        loop {
            let before = self.text.as_bytes().get(self.at.saturating_sub(1)).copied();
            match self.next() {
                None | Some('\n') => return Err("unterminated filter".to_owned()),
                Some(letter @ ('"' | '\'')) => match mark {
                    None => mark = Some(letter),
                    Some(mark) => paired |= before != Some(b'\\') && letter == mark,
                },
                Some(')') if mark.is_some() == paired => break,
                Some(_) => {}
            }
        }
        if self.next() != Some(']') {
            return Err("unclosed array expect ]".to_owned());
        }
        let text = self.consume();
        let text = text.get(..text.len() - 2).unwrap_or_default();
        let Some((left, operator, right)) = comparison(text) else {
            return Ok(Node::Exists(inside(text, self.depth)?));
        };
        let left = inside(left, self.depth)?;
        let right = inside(right, self.depth)?;
        Ok(Node::Filter { left, operator: operator.to_owned(), right })
    }

    fn quote(&mut self, mark: char) -> Parse<Node> {
        loop {
            let before = self.text.as_bytes().get(self.at.saturating_sub(1)).copied();
            match self.next() {
                None | Some('\n') => return Err("unterminated quoted string".to_owned()),
                Some(letter) if letter == mark && before != Some(b'\\') => break,
                Some(_) => {}
            }
        }
        let text = self.consume();
        let within = text.get(1..text.len() - 1).unwrap_or_default();
        if !within.contains(['\\', mark]) {
            return Ok(Node::Text(within.to_owned()));
        }
        match unquote_inside(within.as_bytes(), mark as u8) {
            Some(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Ok(Node::Text(text)),
                Err(error) => Ok(Node::Bytes(error.into_bytes())),
            },
            None => Err(format!("unquote string {text} error invalid syntax")),
        }
    }

    /// A field's name up to what ends it; the dot is read.
    fn field(&mut self) -> Node {
        self.consume();
        loop {
            if self.peek() == Some('\\') {
                self.next();
                self.next();
            } else if is_terminator(self.peek()) {
                break;
            } else {
                self.next();
            }
        }
        match self.consume() {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        }
    }
}

/// Left, operator and right of a filter that compares.
fn comparison(text: &str) -> Option<(&str, &str, &str)> {
    let is_sign = |letter: char| matches!(letter, '!' | '<' | '>' | '=');
    let start = text.find(is_sign).filter(|start| *start > 0)?;
    let (left, signs) = text.split_at_checked(start)?;
    // Something has to stand on the right, be it a sign.
    let length = signs.find(|letter| !is_sign(letter)).unwrap_or(signs.len() - 1);
    let (operator, right) = signs.split_at_checked(length)?;
    (length > 0).then_some((left, operator, right))
}

/// `from:to:step`
fn slice(text: &str) -> Parse<Slice> {
    let invalid = || format!("invalid array index {text}");
    let is_number = |part: &str| {
        part.strip_prefix('-').unwrap_or(part).chars().all(|digit| digit.is_ascii_digit())
    };
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 || !parts.iter().all(|part| is_number(part)) {
        return Err(invalid());
    }
    let number = |at: usize| match parts.get(at).copied().unwrap_or_default() {
        "" => Ok(None),
        part => {
            part.parse::<i64>().map(Some).map_err(|_| format!("array index {part} is not a number"))
        }
    };
    Ok(Slice { from: number(0)?, to: number(1)?, step: number(2)?, single: parts.len() == 1 })
}
