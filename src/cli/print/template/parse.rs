//! Template tokens to nodes. Source: Go's `text/template/parse`, `parse.go`; errors are in its words.

use std::collections::BTreeMap;

use machinery::gofmt::quote::unquote;

use super::{
    lex::{Item, Keyword, Type, quoted, tokens},
    node::{Branch, Call, Node},
};

/// How deeply actions and parentheses may stand in one another.
const DEEPEST: usize = 100;

/// The name of the template that is run.
pub(super) const ROOT: &str = "output";

/// All templates of a text by their names; [`ROOT`] is among them.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) text: String,
    pub(super) templates: BTreeMap<String, Vec<Node>>,
}

pub(super) type Parse<T> = Result<T, String>;

/// Reads a template. Errors: as Go tells them, from `template:` on.
pub(super) fn parse(text: &str) -> Parse<Parsed> {
    let mut parser = Parser {
        items: tokens(text).into_iter(),
        tree: Tree::default(),
        templates: BTreeMap::new(),
        depth: 0,
    };
    parser.root()?;
    Ok(Parsed { text: text.to_owned(), templates: parser.templates })
}

/// What is known of the template that is being read.
pub(super) struct Tree {
    /// Three tokens to look ahead.
    pub(super) tokens: [Option<Item>; 3],
    pub(super) peeked: usize,
    pub(super) variables: Vec<String>,
    /// The line in which the action began.
    action: Option<usize>,
    ranges: usize,
}

impl Default for Tree {
    fn default() -> Self {
        let variables = vec!["$".to_owned()];
        Self { tokens: [None, None, None], peeked: 0, variables, action: None, ranges: 0 }
    }
}

/// Template text, or what ends a list.
enum Part {
    Node(Node),
    End,
    Else,
}

pub(super) struct Parser {
    items: std::vec::IntoIter<Item>,
    pub(super) tree: Tree,
    templates: BTreeMap<String, Vec<Node>>,
    depth: usize,
}

/// Tokens, and what is said of them.
impl Parser {
    fn lexed(&mut self) -> Item {
        self.items.next().unwrap_or(Item { is: Type::End, at: 0, text: "EOF".to_owned(), line: 1 })
    }

    pub(super) fn next(&mut self) -> Item {
        if self.tree.peeked > 0 {
            self.tree.peeked -= 1;
        } else {
            self.tree.tokens[0] = Some(self.lexed());
        }
        self.token(self.tree.peeked)
    }

    fn token(&mut self, at: usize) -> Item {
        match &self.tree.tokens[at] {
            Some(token) => token.clone(),
            None => self.lexed(),
        }
    }

    pub(super) fn backup(&mut self) {
        self.tree.peeked += 1;
    }

    pub(super) fn peek(&mut self) -> Item {
        if self.tree.peeked == 0 {
            self.tree.peeked = 1;
            self.tree.tokens[0] = Some(self.lexed());
        }
        self.token(self.tree.peeked - 1)
    }

    pub(super) fn next_word(&mut self) -> Item {
        loop {
            let token = self.next();
            if token.is != Type::Space {
                return token;
            }
        }
    }

    pub(super) fn peek_word(&mut self) -> Item {
        let token = self.next_word();
        self.backup();
        token
    }

    pub(super) fn error<T>(&self, text: &str) -> Parse<T> {
        let line = self.tree.tokens[0].as_ref().map_or(0, |token| token.line);
        Err(format!("template: {ROOT}:{line}: {text}"))
    }

    pub(super) fn unexpected<T>(&self, token: &Item, place: &str) -> Parse<T> {
        if token.is != Type::Error {
            return self.error(&format!("unexpected {token} in {place}"));
        }
        let Some(line) = self.tree.action.filter(|line| *line != token.line) else {
            return self.error(&token.text);
        };
        let within = if token.text.ends_with(" action") { "" } else { " in action" };
        self.error(&format!("{token}{within} started at {ROOT}:{line}"))
    }

    fn expect(&mut self, is: Type, place: &str) -> Parse<Item> {
        let token = self.next_word();
        if token.is == is { Ok(token) } else { self.unexpected(&token, place) }
    }

    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.error("actions stand too deeply in one another");
        }
        let read = read(self);
        self.depth -= 1;
        read
    }
}

/// Lists and what controls them.
impl Parser {
    fn root(&mut self) -> Parse<()> {
        let mut nodes = Vec::new();
        while self.peek().is != Type::End {
            if self.peek().is == Type::LeftDelim {
                let delim = self.next();
                if self.next_word().is == Type::Keyword(Keyword::Define) {
                    self.definition()?;
                    continue;
                }
                self.tree.tokens[1] = Some(delim);
                self.tree.peeked = 2;
            }
            match self.text_or_action()? {
                Part::Node(node) => nodes.push(node),
                Part::End => return self.error("unexpected {{end}}"),
                Part::Else => return self.error("unexpected {{else}}"),
            }
        }
        self.add(ROOT.to_owned(), nodes)
    }

    fn add(&mut self, name: String, nodes: Vec<Node>) -> Parse<()> {
        let old = self.templates.get(&name);
        if old.is_none_or(|nodes| is_empty(nodes)) {
            self.templates.insert(name, nodes);
        } else if !is_empty(&nodes) {
            let name = quoted(&name);
            return self.error(&format!("template: multiple definition of template {name}"));
        }
        Ok(())
    }

    /// `{{define "name"}}` up to its end; `define` is read.
    fn definition(&mut self) -> Parse<()> {
        const PLACE: &str = "define clause";
        let outer = std::mem::take(&mut self.tree);
        let token = self.next_word();
        if !matches!(token.is, Type::String | Type::RawString) {
            return self.unexpected(&token, PLACE);
        }
        let name = self.name(&token, PLACE)?;
        self.expect(Type::RightDelim, PLACE)?;
        let (nodes, end) = self.list()?;
        if matches!(end, Part::Else) {
            return self.error(&format!("unexpected {{{{else}}}} in {PLACE}"));
        }
        self.add(name, nodes)?;
        self.tree = outer;
        Ok(())
    }

    /// Nodes up to an `end` or `else`.
    fn list(&mut self) -> Parse<(Vec<Node>, Part)> {
        let mut nodes = Vec::new();
        while self.peek_word().is != Type::End {
            match self.text_or_action()? {
                Part::Node(node) => nodes.push(node),
                end => return Ok((nodes, end)),
            }
        }
        self.error("unexpected EOF")
    }

    fn text_or_action(&mut self) -> Parse<Part> {
        let token = self.next_word();
        match token.is {
            Type::Text => Ok(Part::Node(Node::Text(token.text))),
            Type::LeftDelim => {
                self.tree.action = Some(token.line);
                let part = self.deeper(Self::action)?;
                self.tree.action = None;
                Ok(part)
            }
            _ => self.unexpected(&token, "input"),
        }
    }

    fn action(&mut self) -> Parse<Part> {
        let token = self.next_word();
        let Type::Keyword(keyword) = token.is else {
            return self.value();
        };
        Ok(Part::Node(match keyword {
            Keyword::Block => self.block()?,
            Keyword::Break => self.jump("break", Node::Break)?,
            Keyword::Continue => self.jump("continue", Node::Continue)?,
            Keyword::Else => return self.otherwise(),
            Keyword::End => {
                self.expect(Type::RightDelim, "end")?;
                return Ok(Part::End);
            }
            Keyword::If => Node::If(self.control("if")?),
            Keyword::Range => Node::Range(self.control("range")?),
            Keyword::With => Node::With(self.control("with")?),
            Keyword::Template => self.template()?,
            Keyword::Define | Keyword::Dot | Keyword::Nil => return self.value(),
        }))
    }

    /// A pipeline whose first token is read.
    fn value(&mut self) -> Parse<Part> {
        self.backup();
        Ok(Part::Node(Node::Action(self.pipeline("command", Type::RightDelim)?)))
    }

    fn jump(&mut self, word: &str, node: Node) -> Parse<Node> {
        let token = self.next_word();
        if token.is != Type::RightDelim {
            return self.unexpected(&token, &format!("{{{{{word}}}}}"));
        }
        if self.tree.ranges == 0 {
            return self.error(&format!("{{{{{word}}}}} outside {{{{range}}}}"));
        }
        Ok(node)
    }

    fn control(&mut self, word: &str) -> Parse<Branch> {
        let known = self.tree.variables.len();
        let pipe = self.pipeline(word, Type::RightDelim)?;
        let range = usize::from(word == "range");
        self.tree.ranges += range;
        let (then, end) = self.list()?;
        self.tree.ranges -= range;
        let otherwise = match end {
            Part::End | Part::Node(_) => None,
            Part::Else => Some(self.alternative(word)?),
        };
        self.tree.variables.truncate(known);
        Ok(Branch { pipe, then, otherwise })
    }

    /// What follows an `else`; `else if` and `else with` share the end with what they are in.
    fn alternative(&mut self, word: &str) -> Parse<Vec<Node>> {
        match (word, self.peek().is) {
            ("if", Type::Keyword(Keyword::If)) => {
                self.next();
                Ok(vec![Node::If(self.deeper(|parser| parser.control("if"))?)])
            }
            ("with", Type::Keyword(Keyword::With)) => {
                self.next();
                Ok(vec![Node::With(self.deeper(|parser| parser.control("with"))?)])
            }
            _ => match self.list()? {
                (nodes, Part::End) => Ok(nodes),
                _ => self.error("expected end; found {{else}}"),
            },
        }
    }

    fn otherwise(&mut self) -> Parse<Part> {
        let next = self.peek_word();
        if !matches!(next.is, Type::Keyword(Keyword::If | Keyword::With)) {
            self.expect(Type::RightDelim, "else")?;
        }
        Ok(Part::Else)
    }

    fn block(&mut self) -> Parse<Node> {
        const PLACE: &str = "block clause";
        let token = self.next_word();
        let name = self.name(&token, PLACE)?;
        let pipe = self.pipeline(PLACE, Type::RightDelim)?;
        let outer = std::mem::take(&mut self.tree);
        let (nodes, end) = self.list()?;
        let inner = std::mem::replace(&mut self.tree, outer);
        if matches!(end, Part::Else) {
            return self.error(&format!("unexpected {{{{else}}}} in {PLACE}"));
        }
        let outer = std::mem::replace(&mut self.tree, inner);
        self.add(name.clone(), nodes)?;
        self.tree = outer;
        Ok(Node::Template(Call { at: token.at, name, pipe: Some(pipe) }))
    }

    fn template(&mut self) -> Parse<Node> {
        const PLACE: &str = "template clause";
        let token = self.next_word();
        let name = self.name(&token, PLACE)?;
        let mut pipe = None;
        if self.next_word().is != Type::RightDelim {
            self.backup();
            pipe = Some(self.pipeline(PLACE, Type::RightDelim)?);
        }
        Ok(Node::Template(Call { at: token.at, name, pipe }))
    }

    fn name(&mut self, token: &Item, place: &str) -> Parse<String> {
        if !matches!(token.is, Type::String | Type::RawString) {
            return self.unexpected(token, place);
        }
        match unquote(&token.text) {
            Some(name) => Ok(String::from_utf8_lossy(&name).into_owned()),
            None => self.error("invalid syntax"),
        }
    }
}

fn is_empty(nodes: &[Node]) -> bool {
    nodes.iter().all(|node| matches!(node, Node::Text(text) if text.trim().is_empty()))
}
