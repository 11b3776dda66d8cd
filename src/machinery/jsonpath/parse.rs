//! `JSONPath` text to nodes.

use serde_json::Value;

use super::{Node, Operand, Step};

/// How deeply ranges and filters may stand in one another.
const DEEPEST: usize = 50;

/// Reads a template.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, String> {
    let mut parser = Parser { text: text.chars().collect(), at: 0, depth: 0 };
    Ok(parser.nodes(false)?.0)
}

struct Parser {
    text: Vec<char>,
    at: usize,
    /// In how many ranges and filters this stands.
    depth: usize,
}

/// Refuses what stands in too many others.
fn check_depth(depth: usize) -> Parse<()> {
    if depth > DEEPEST {
        Err("ranges or filters stand too deeply in one another".into())
    } else {
        Ok(())
    }
}

type Parse<T> = Result<T, String>;

impl Parser {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn rest_starts(&self, word: &str) -> bool {
        word.chars().enumerate().all(|(n, c)| self.text.get(self.at + n) == Some(&c))
    }

    /// Nodes up to the end, or to `{end}` inside a range.
    fn nodes(&mut self, inside: bool) -> Parse<(Vec<Node>, bool)> {
        let mut nodes = Vec::new();
        let mut text = String::new();
        while let Some(letter) = self.peek() {
            self.at += 1;
            if letter != '{' {
                text.push(letter);
                continue;
            }
            if !text.is_empty() {
                nodes.push(Node::Text(std::mem::take(&mut text)));
            }
            match self.action()? {
                Action::Nodes(found) => nodes.extend(found),
                Action::Range(steps) => {
                    self.depth += 1;
                    check_depth(self.depth)?;
                    let (body, ended) = self.nodes(true)?;
                    self.depth -= 1;
                    if !ended {
                        return Err("unclosed range".to_owned());
                    }
                    nodes.push(Node::Range(steps, body));
                }
                Action::End if inside => return Ok((nodes, true)),
                Action::End => return Err("not in range, nothing to end".to_owned()),
            }
        }
        if !text.is_empty() {
            nodes.push(Node::Text(text));
        }
        Ok((nodes, false))
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// What stands between braces.
    fn action(&mut self) -> Parse<Action> {
        let mut nodes = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None => return Err("unclosed action".to_owned()),
                Some('}') => {
                    self.at += 1;
                    return Ok(Action::Nodes(nodes));
                }
                Some(quote @ ('"' | '\'')) => nodes.push(Node::Text(self.quoted(quote)?)),
                Some(letter) if letter.is_alphabetic() => {
                    let word = self.word();
                    match word.as_str() {
                        "end" => {
                            self.close()?;
                            return Ok(Action::End);
                        }
                        "range" => {
                            self.blanks();
                            let steps = self.steps()?;
                            self.close()?;
                            return Ok(Action::Range(steps));
                        }
                        _ => return Err(format!("unrecognized identifier {word}")),
                    }
                }
                Some(_) => nodes.push(Node::List(self.steps()?)),
            }
        }
    }

    fn close(&mut self) -> Parse<()> {
        self.blanks();
        if self.peek() == Some('}') {
            self.at += 1;
            return Ok(());
        }
        Err("unclosed action".to_owned())
    }

    fn word(&mut self) -> String {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_alphanumeric() || c == '_') {
            self.at += 1;
        }
        self.text[start..self.at].iter().collect()
    }

    fn quoted(&mut self, quote: char) -> Parse<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            match self.peek() {
                None => return Err("unterminated quoted string".to_owned()),
                Some(letter) if letter == quote => {
                    self.at += 1;
                    return Ok(out);
                }
                Some('\\') => {
                    self.at += 1;
                    let letter = self.peek().ok_or("unterminated quoted string")?;
                    self.at += 1;
                    out.push(match letter {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        other => other,
                    });
                }
                Some(letter) => {
                    out.push(letter);
                    self.at += 1;
                }
            }
        }
    }

    /// A path: `.a.b[0]`, `@.x`, `$..y`, or a bare number.
    fn steps(&mut self) -> Parse<Vec<Step>> {
        let mut steps = Vec::new();
        loop {
            match self.peek() {
                Some('$') => {
                    self.at += 1;
                    steps.push(Step::Root);
                }
                Some('@') => self.at += 1,
                Some('.') if self.rest_starts("..") => {
                    self.at += 2;
                    steps.push(Step::Recursive);
                    if self.peek().is_some_and(|c| !matches!(c, '[' | '.' | '}' | ' ')) {
                        steps.push(self.field());
                    }
                }
                Some('.') => {
                    self.at += 1;
                    if self.peek().is_some_and(|c| !matches!(c, '[' | '}' | ' ' | ')' | ',')) {
                        steps.push(self.field());
                    }
                }
                Some('[') => steps.push(self.bracket()?),
                Some('-' | '+' | '0'..='9') if steps.is_empty() => {
                    return Ok(vec![Step::Literal(self.number()?)]);
                }
                Some('*') if steps.is_empty() => {
                    self.at += 1;
                    steps.push(Step::Wildcard);
                }
                None => return Ok(steps),
                Some(_) => return self.end_of_path(steps),
            }
        }
    }

    fn end_of_path(&self, steps: Vec<Step>) -> Parse<Vec<Step>> {
        match self.peek() {
            Some(letter) if steps.is_empty() && !letter.is_whitespace() && letter != '}' => {
                Err(format!("unexpected character: U+{:04X} '{letter}'", u32::from(letter)))
            }
            _ => Ok(steps),
        }
    }

    fn number(&mut self) -> Parse<Value> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit() || "+-.eE".contains(c)) {
            self.at += 1;
        }
        let text: String = self.text[start..self.at].iter().collect();
        serde_json::from_str(text.trim_start_matches('+'))
            .map_err(|_| format!("cannot parse number {text}"))
    }

    fn field(&mut self) -> Step {
        let mut name = String::new();
        while let Some(letter) = self.peek() {
            match letter {
                '\\' => {
                    self.at += 1;
                    name.extend(self.peek());
                    self.at += 1;
                }
                '.' | '[' | '}' | ')' | ',' | '=' | '!' | '<' | '>' | '&' | '|' => break,
                letter if letter.is_whitespace() => break,
                letter => {
                    name.push(letter);
                    self.at += 1;
                }
            }
        }
        if name == "*" { Step::Wildcard } else { Step::Field(name) }
    }

    fn bracket(&mut self) -> Parse<Step> {
        self.at += 1;
        if self.rest_starts("?(") {
            self.at += 2;
            return self.filter();
        }
        let start = self.at;
        let mut quote = None;
        loop {
            match self.peek() {
                None | Some('\n') => return Err("unterminated array".to_owned()),
                Some(']') if quote.is_none() => break,
                Some(letter) if quote == Some(letter) => quote = None,
                Some(letter @ ('\'' | '"')) if quote.is_none() => quote = Some(letter),
                Some(_) => {}
            }
            self.at += 1;
        }
        let inside: String = self.text[start..self.at].iter().collect();
        self.at += 1;
        subscript(inside.trim(), self.depth)
    }

    fn filter(&mut self) -> Parse<Step> {
        let start = self.at;
        let mut depth = 1;
        let mut quote = None;
        loop {
            match self.peek() {
                None => return Err("unterminated filter".to_owned()),
                Some(letter) if quote == Some(letter) => quote = None,
                Some(_) if quote.is_some() => {}
                Some(letter @ ('\'' | '"')) => quote = Some(letter),
                Some('(') => depth += 1,
                Some(')') => depth -= 1,
                Some(_) => {}
            }
            if depth == 0 {
                break;
            }
            self.at += 1;
        }
        let inside: String = self.text[start..self.at].iter().collect();
        self.at += 1;
        if self.peek() != Some(']') {
            return Err("unclosed array expect ]".to_owned());
        }
        self.at += 1;
        let (left, operator, right) = split_filter(&inside);
        let operand = |text| operand(text, self.depth + 1);
        let right = right.map(operand).transpose()?;
        Ok(Step::Filter { left: operand(left)?, operator: operator.to_owned(), right })
    }
}

enum Action {
    Nodes(Vec<Node>),
    Range(Vec<Step>),
    End,
}

fn split_filter(text: &str) -> (&str, &str, Option<&str>) {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        if quote == Some(letter) {
            quote = None;
            continue;
        }
        if quote.is_some() {
            continue;
        }
        if letter == '"' || letter == '\'' {
            quote = Some(letter);
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        for operator in ["==", "!=", "<=", ">=", "<", ">"] {
            if let Some(right) = rest.strip_prefix(operator) {
                let left = text.get(..at).unwrap_or_default();
                return (left, operator, Some(right));
            }
        }
    }
    (text, "exists", None)
}

fn operand(text: &str, depth: usize) -> Parse<Operand> {
    check_depth(depth)?;
    let text = text.trim();
    let quoted = |quote: char| {
        text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote)).map(str::to_owned)
    };
    if let Some(text) = quoted('"').or_else(|| quoted('\'')) {
        return Ok(Operand(vec![Step::Literal(Value::String(text))]));
    }
    match text {
        "true" => return Ok(Operand(vec![Step::Literal(Value::Bool(true))])),
        "false" => return Ok(Operand(vec![Step::Literal(Value::Bool(false))])),
        _ => {}
    }
    let mut parser = Parser { text: text.chars().collect(), at: 0, depth };
    Ok(Operand(parser.steps()?))
}

fn subscript(inside: &str, depth: usize) -> Parse<Step> {
    if inside == "*" {
        return Ok(Step::Wildcard);
    }
    let invalid = || format!("invalid array index {inside}");
    let single_quoted = |text: &str| {
        text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).map(str::to_owned)
    };
    if inside.contains(',') {
        let members = inside.split(',').map(|member| {
            let member = member.trim();
            match subscript(member, depth) {
                Ok(step) => Ok(vec![step]),
                Err(_) if member.starts_with(['.', '@', '$']) => Ok(operand(member, depth + 1)?.0),
                Err(error) => Err(error),
            }
        });
        return Ok(Step::Union(members.collect::<Parse<_>>()?));
    }
    if let Some(name) = single_quoted(inside) {
        return Ok(Step::Field(name.replace("\\.", ".")));
    }
    let number = |text: &str| match text {
        "" => Ok(None),
        text => text.parse::<i64>().map(Some).map_err(|_| invalid()),
    };
    let parts: Vec<&str> = inside.split(':').collect();
    match parts.as_slice() {
        [index] if !index.is_empty() => {
            Ok(Step::Slice { from: number(index)?, to: None, step: None, single: true })
        }
        [from, to] => {
            Ok(Step::Slice { from: number(from)?, to: number(to)?, step: None, single: false })
        }
        [from, to, step] => Ok(Step::Slice {
            from: number(from)?,
            to: number(to)?,
            step: number(step)?,
            single: false,
        }),
        _ => Err(invalid()),
    }
}
