//! `JSONPath` in kubectl's dialect: text with `{expressions}`, ranges, filters, slices, unions.
//!
//! Source: client-go `util/jsonpath`. Results of an expression are separated by a blank.

use machinery::yaml;
use serde_json::Value;

use crate::report::CliError;

/// A template, read.
#[derive(Debug)]
pub(crate) struct JsonPath {
    source: String,
    nodes: Vec<Node>,
    lenient: bool,
    as_json: bool,
}

#[derive(Debug, Clone)]
enum Node {
    Text(String),
    /// Steps from the current object.
    List(Vec<Step>),
    Range(Vec<Step>, Vec<Node>),
}

#[derive(Debug, Clone)]
enum Step {
    Root,
    Field(String),
    Wildcard,
    Recursive,
    Slice { from: Option<i64>, to: Option<i64>, step: Option<i64>, single: bool },
    Union(Vec<Vec<Step>>),
    Filter { left: Operand, operator: String, right: Option<Operand> },
    Literal(Value),
}

#[derive(Debug, Clone)]
struct Operand(Vec<Step>);

impl JsonPath {
    /// Reads a template as `-o jsonpath=` takes it.
    pub(crate) fn parse(text: &str, lenient: bool, as_json: bool) -> Result<Self, CliError> {
        let mut parser = Parser { text: text.chars().collect(), at: 0 };
        let (nodes, _) = parser
            .nodes(false)
            .map_err(|why| CliError::plain(format!("error parsing jsonpath {text}, {why}")))?;
        Ok(Self { source: text.to_owned(), nodes, lenient, as_json })
    }

    /// Reads one path as `--sort-by` and custom columns take it: braces and the first dot are free.
    pub(crate) fn relaxed(text: &str) -> Result<Self, CliError> {
        if text.is_empty() {
            return Self::parse("", true, false);
        }
        let trimmed = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).unwrap_or(text);
        if trimmed.contains(['{', '}']) {
            return Err(CliError::plain(
                "unexpected path string, expected a 'name1.name2' or '.name1.name2' or \
                 '{name1.name2}' or '{.name1.name2}'"
                    .to_string(),
            ));
        }
        let path = trimmed.strip_prefix('.').unwrap_or(trimmed);
        Self::parse(&format!("{{.{path}}}"), true, false)
    }

    /// The template's text.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// All values that the template finds, in order.
    pub(crate) fn find<'v>(&self, object: &'v Value) -> Result<Vec<Found<'v>>, String> {
        let mut found = Vec::new();
        for node in &self.nodes {
            if let Node::List(steps) = node {
                found.extend(walk(steps, object, object, self.lenient)?);
            }
        }
        Ok(found)
    }

    /// Fills the template in.
    pub(crate) fn print(&self, object: &Value) -> Result<String, CliError> {
        let mut out = String::new();
        let outcome = if self.as_json {
            self.find(object).map(|found| {
                let list: Vec<Value> = found.iter().map(|found| found.get().clone()).collect();
                out = yaml::pretty(&Value::Array(list), "    ");
                out.push('\n');
            })
        } else {
            fill(&self.nodes, object, object, self.lenient, &mut out)
        };
        outcome.map_err(|why| self.failed(&why, object))?;
        Ok(out)
    }

    fn failed(&self, why: &str, object: &Value) -> CliError {
        let source = &self.source;
        CliError::plain(format!(
            "error executing jsonpath {source:?}: Error executing template: {why}. Printing more \
             information for debugging the template:\n\ttemplate was:\n\t\t{source}\n\tobject given \
             to jsonpath engine was:\n\t\t{}\n\n",
            go_syntax(object)
        ))
    }
}

/// A value found: part of the object, or made on the way.
#[derive(Debug, Clone)]
pub(crate) enum Found<'v> {
    Part(&'v Value),
    Made(Value),
}

impl Found<'_> {
    pub(crate) fn get(&self) -> &Value {
        match self {
            Self::Part(value) => value,
            Self::Made(value) => value,
        }
    }
}

fn fill(
    nodes: &[Node],
    root: &Value,
    current: &Value,
    lenient: bool,
    out: &mut String,
) -> Result<(), String> {
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::List(steps) => {
                let found = walk(steps, root, current, lenient)?;
                let texts: Vec<String> = found.iter().map(|found| text_of(found.get())).collect();
                out.push_str(&texts.join(" "));
            }
            Node::Range(steps, body) => {
                for found in walk(steps, root, current, lenient)? {
                    fill(body, root, found.get(), lenient, out)?;
                }
            }
        }
    }
    Ok(())
}

/// A value as templates print it: text bare, the rest as JSON.
pub(crate) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => yaml::compact(other),
    }
}

fn walk<'v>(
    steps: &[Step],
    root: &'v Value,
    current: &'v Value,
    lenient: bool,
) -> Result<Vec<Found<'v>>, String> {
    let mut parts = vec![current];
    for (at, step) in steps.iter().enumerate() {
        if let Step::Literal(value) = step {
            return Ok(vec![Found::Made(value.clone())]);
        }
        let mut next = Vec::new();
        for part in parts {
            one_step(step, root, part, lenient, &mut next)?;
        }
        parts = next;
        if parts.is_empty() && at + 1 < steps.len() {
            return Ok(Vec::new());
        }
    }
    Ok(parts.into_iter().map(Found::Part).collect())
}

fn one_step<'v>(
    step: &Step,
    root: &'v Value,
    part: &'v Value,
    lenient: bool,
    next: &mut Vec<&'v Value>,
) -> Result<(), String> {
    match step {
        Step::Root => next.push(root),
        Step::Field(name) => match part.get(name) {
            Some(value) => next.push(value),
            None if lenient || part.is_null() => {}
            None => return Err(format!("{name} is not found")),
        },
        Step::Wildcard => match part {
            Value::Array(list) => next.extend(list),
            Value::Object(map) => next.extend(map.values()),
            _ => {}
        },
        Step::Recursive => recurse(part, next),
        Step::Slice { from, to, step, single } => {
            let Value::Array(list) = part else {
                return if lenient || part.is_null() { Ok(()) } else { Err(not_a_list(part)) };
            };
            slice(list, (*from, *to, *step), *single, next)?;
        }
        Step::Union(members) => {
            for member in members {
                for found in walk(member, root, part, lenient)? {
                    if let Found::Part(value) = found {
                        next.push(value);
                    }
                }
            }
        }
        Step::Filter { left, operator, right } => {
            let items: Vec<&Value> = match part {
                Value::Array(list) => list.iter().collect(),
                Value::Object(map) => map.values().collect(),
                _ => return Err(not_a_list(part)),
            };
            for item in items {
                if fits(left, operator, right.as_ref(), root, item)? {
                    next.push(item);
                }
            }
        }
        Step::Literal(_) => {}
    }
    Ok(())
}

fn not_a_list(value: &Value) -> String {
    format!("{} is not array or slice and cannot be filtered", go_syntax(value))
}

fn recurse<'v>(value: &'v Value, next: &mut Vec<&'v Value>) {
    next.push(value);
    match value {
        Value::Array(list) => list.iter().for_each(|item| recurse(item, next)),
        Value::Object(map) => map.values().for_each(|item| recurse(item, next)),
        _ => {}
    }
}

fn slice<'v>(
    list: &'v [Value],
    (from, to, step): (Option<i64>, Option<i64>, Option<i64>),
    single: bool,
    next: &mut Vec<&'v Value>,
) -> Result<(), String> {
    let length = i64::try_from(list.len()).unwrap_or(i64::MAX);
    let absolute = |index: i64| if index < 0 { index + length } else { index };
    let start = absolute(from.unwrap_or(0));
    let end = if single { start + 1 } else { to.map_or(length, absolute).min(length) };
    if single && (start < 0 || start >= length) {
        let shown = from.unwrap_or(0);
        return Err(format!("array index out of bounds: index {shown}, length {length}"));
    }
    if start < 0 || start > length {
        return Err(format!("array index out of bounds: index {start}, length {length}"));
    }
    let step = step.unwrap_or(1);
    if step < 0 {
        return Err("step must be >= 0".to_owned());
    }
    let mut at = start;
    while at < end {
        next.extend(usize::try_from(at).ok().and_then(|at| list.get(at)));
        at += step.max(1);
    }
    Ok(())
}

fn fits(
    left: &Operand,
    operator: &str,
    right: Option<&Operand>,
    root: &Value,
    item: &Value,
) -> Result<bool, String> {
    let left = walk(&left.0, root, item, true)?;
    let Some(right) = right else { return Ok(!left.is_empty()) };
    let right = walk(&right.0, root, item, true)?;
    let (Some(left), Some(right)) = (left.first(), right.first()) else { return Ok(false) };
    let (left, right) = (left.get(), right.get());
    let order = match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    };
    let same = left == right || order == Some(std::cmp::Ordering::Equal);
    Ok(match operator {
        "==" => same,
        "!=" => !same,
        "<" => order.is_some_and(std::cmp::Ordering::is_lt),
        "<=" => order.is_some_and(std::cmp::Ordering::is_le),
        ">" => order.is_some_and(std::cmp::Ordering::is_gt),
        _ => order.is_some_and(std::cmp::Ordering::is_ge),
    })
}

struct Parser {
    text: Vec<char>,
    at: usize,
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
                    let (body, ended) = self.nodes(true)?;
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
        subscript(inside.trim())
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

fn operand(text: &str) -> Parse<Operand> {
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
    let mut parser = Parser { text: text.chars().collect(), at: 0 };
    Ok(Operand(parser.steps()?))
}

fn subscript(inside: &str) -> Parse<Step> {
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
            match subscript(member) {
                Ok(step) => Ok(vec![step]),
                Err(_) if member.starts_with(['.', '@', '$']) => Ok(operand(member)?.0),
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

/// A value as Go's `%#v` shows it.
pub(crate) fn go_syntax(value: &Value) -> String {
    match value {
        Value::Null => "interface {}(nil)".to_owned(),
        Value::String(text) => crate::args::go_quote(text),
        Value::Array(list) => {
            let items: Vec<String> = list.iter().map(go_syntax).collect();
            format!("[]interface {{}}{{{}}}", items.join(", "))
        }
        Value::Object(map) => {
            let items: Vec<String> = map
                .iter()
                .map(|(k, v)| format!("{}:{}", crate::args::go_quote(k), go_syntax(v)))
                .collect();
            format!("map[string]interface {{}}{{{}}}", items.join(", "))
        }
        other => yaml::compact(other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object() -> Value {
        json!({
            "kind": "List",
            "items": [
                {"name": "a", "n": 1, "labels": {"app.io/x": "web"}, "ports": [80, 81]},
                {"name": "b", "n": 2, "labels": {"app": "db"}, "ports": []}]
        })
    }

    #[test]
    fn templates_are_filled_in() {
        for (template, want) in [
            ("{.kind}", "List"),
            ("{.items[*].name}", "a b"),
            ("{range .items[*]}{.name}{\"\\t\"}{.n}{\"\\n\"}{end}", "a\t1\nb\t2\n"),
            ("{.items[0:1].name}{.items[-1].name}", "ab"),
            ("{.items[?(@.name==\"b\")].n}", "2"),
            ("{.items[?(@.n>1)].name}", "b"),
            ("{.items[?(@.labels.app)].name}", "b"),
            ("{..name}", "a b"),
            ("{.items[0].labels.app\\.io/x}", "web"),
            ("{.items[0]['name','n']}", "a 1"),
            ("{.items[0].ports}", "[80,81]"),
            ("{.nope}text", "text"),
            ("{$.kind}{@.kind}", "ListList"),
        ] {
            let path = JsonPath::parse(template, true, false).unwrap();
            assert_eq!(path.print(&object()).unwrap(), want, "{template}");
        }
    }

    #[test]
    fn faults_have_kubectl_s_words() {
        for (template, want) in [
            ("{.a", "error parsing jsonpath {.a, unclosed action"),
            ("{@.m[\"n\"]}", "error parsing jsonpath {@.m[\"n\"]}, invalid array index \"n\""),
            ("{end}", "error parsing jsonpath {end}, not in range, nothing to end"),
        ] {
            assert_eq!(JsonPath::parse(template, true, false).unwrap_err().to_string(), want);
        }
        let strict = JsonPath::parse("{.nope}", false, false).unwrap();
        let error = strict.print(&json!({"a": "b"})).unwrap_err().to_string();
        assert!(error.starts_with(
            "error executing jsonpath \"{.nope}\": Error executing template: nope is not found."
        ));
        assert!(error.ends_with("map[string]interface {}{\"a\":\"b\"}\n\n"));
    }
}
