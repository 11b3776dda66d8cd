//! YAML text to JSON values.

use std::{
    borrow::Cow,
    collections::HashMap,
    panic::{self, AssertUnwindSafe},
    rc::Rc,
};

use libyaml_safer::{Encoding, ErrorKind, Event, EventData, Parser, ScalarStyle};
use serde_json::{Map, Value};

use super::resolve::{self, Meaning};

/// Deeper documents are refused.
const DEEPEST: usize = 500;
/// Nodes that go-yaml lets aliases make before it looks at their share.
const FREE_NODES: usize = 1000;
const FREE_ALIASED: usize = 100;

/// What is wrong with a document, in go-yaml's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("yaml: {text}")]
pub struct YamlError {
    text: String,
}

impl YamlError {
    fn at(line: u64, problem: &str) -> Self {
        Self { text: format!("line {line}: {problem}") }
    }

    fn plain(problem: impl Into<String>) -> Self {
        Self { text: problem.into() }
    }
}

/// Splits a stream into its documents, at lines that begin with `---`.
pub fn documents(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("\n---")) {
        let separator = from + at;
        let line_end = text.get(separator + 1..).and_then(|rest| rest.find('\n'));
        let Some(line_end) = line_end else {
            found.extend(text.get(start..separator));
            return found;
        };
        found.extend(text.get(start..separator));
        start = separator + 1 + line_end + 1;
        from = start;
    }
    found.extend(text.get(start..));
    found
}

/// Reads the first document; of duplicate keys the last wins. An empty document is null.
pub fn parse(text: &str) -> Result<Value, YamlError> {
    Ok(read(text, Words::Many)?.0)
}

/// As [`parse`], by the rules of go-yaml v3: `yes`, `on`, `n` and the like are texts.
pub fn parse_v3(text: &str) -> Result<Value, YamlError> {
    Ok(read(text, Words::TrueAndFalse)?.0)
}

/// Reads the first document and names its duplicate keys: `line 3: key "a" already set in map`.
pub fn parse_strict(text: &str) -> Result<(Value, Vec<String>), YamlError> {
    read(text, Words::Many)
}

/// The plain words that are truth values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    /// Those of YAML 1.1.
    Many,
    TrueAndFalse,
}

fn read(text: &str, words: Words) -> Result<(Value, Vec<String>), YamlError> {
    // What is a str is UTF-8: the parser would take a first letter for the mark of another encoding.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let added = Added::to(text);
    let whole = if added.is_some() { Cow::Owned(format!("{text}\n")) } else { Cow::Borrowed(text) };
    let mut bytes = whole.as_bytes();
    let mut parser = Parser::new();
    parser.set_encoding(Encoding::Utf8);
    parser.set_input_string(&mut bytes);
    let mut reader = Reader {
        parser,
        words,
        added,
        anchors: HashMap::new(),
        duplicates: Vec::new(),
        nodes: 0,
        aliased: 0,
    };
    reader.event()?; // the stream starts
    let event = reader.event()?;
    if matches!(event.data, EventData::StreamEnd) {
        return Ok((Value::Null, Vec::new()));
    }
    let event = reader.event()?;
    let node = reader.node(event, 0)?;
    reader.event()?; // the document ends
    let value = reader.expand(&node)?;
    Ok((value, reader.duplicates))
}

/// The line break that was added to a text without one at its end: the parser counts on one. Block
/// scalars do without it again.
struct Added<'t> {
    /// Bytes before it.
    at: u64,
    /// The line that it ends.
    line: &'t str,
}

impl<'t> Added<'t> {
    fn to(text: &'t str) -> Option<Self> {
        let line = text.rsplit(['\n', '\r']).next().filter(|line| !line.is_empty())?;
        Some(Self { at: text.len() as u64, line })
    }

    /// The text of a block scalar that ends where the document does.
    fn taken_from(&self, mut scalar: String) -> String {
        let Some(lines) = scalar.strip_suffix('\n') else { return scalar };
        let last = lines.rsplit('\n').next().unwrap_or_default();
        // A last line of blanks alone may be no line of the scalar at all.
        let is_line = !self.line.trim_start_matches(' ').is_empty()
            || !last.is_empty() && last.trim_start_matches(' ').is_empty()
            // Only a scalar that keeps its line breaks ends with several, or with nothing else.
            || last.is_empty();
        if is_line {
            scalar.pop();
        }
        scalar
    }
}

/// A node whose merges and aliases are still to be resolved.
enum Node {
    Scalar { value: Value, text: String, merge: bool },
    List(Vec<Rc<Node>>),
    Map(Vec<(u64, Rc<Node>, Rc<Node>)>),
    Alias(Rc<Node>),
}

struct Reader<'r, 'b> {
    parser: Parser<&'r mut &'b [u8]>,
    words: Words,
    added: Option<Added<'b>>,
    anchors: HashMap<String, Option<Rc<Node>>>,
    duplicates: Vec<String>,
    nodes: usize,
    aliased: usize,
}

impl Reader<'_, '_> {
    fn event(&mut self) -> Result<Event, YamlError> {
        // The parser has a place that its authors left open: a tag before a comma.
        let parser = &mut self.parser;
        let parsed = panic::catch_unwind(AssertUnwindSafe(|| parser.parse()));
        let parsed = parsed.map_err(|_| YamlError::plain("did not find expected whitespace"))?;
        parsed.map_err(|error| go_words(&error))
    }

    fn node(&mut self, event: Event, depth: usize) -> Result<Rc<Node>, YamlError> {
        if depth > DEEPEST {
            return Err(YamlError::plain(format!("exceeded max depth of {DEEPEST}")));
        }
        let (anchor, node) = match event.data {
            EventData::Alias { anchor } => return self.alias(&anchor),
            EventData::Scalar { anchor, tag, mut value, plain_implicit, style, .. } => {
                let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                if let Some(added) =
                    self.added.as_ref().filter(|added| block && event.end_mark.index > added.at)
                {
                    value = added.taken_from(value);
                }
                let plain = plain_implicit && style == ScalarStyle::Plain;
                (anchor, scalar(value, tag.as_deref(), plain, self.words)?)
            }
            EventData::SequenceStart { anchor, .. } => {
                self.open(anchor.as_deref());
                (anchor, self.list(depth)?)
            }
            EventData::MappingStart { anchor, .. } => {
                self.open(anchor.as_deref());
                (anchor, self.map(depth)?)
            }
            _ => return Err(YamlError::plain("attempted to parse unknown event")),
        };
        let node = Rc::new(node);
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, Some(Rc::clone(&node)));
        }
        Ok(node)
    }

    fn open(&mut self, anchor: Option<&str>) {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor.to_owned(), None);
        }
    }

    fn alias(&mut self, anchor: &str) -> Result<Rc<Node>, YamlError> {
        match self.anchors.get(anchor) {
            None => Err(YamlError::plain(format!("unknown anchor '{anchor}' referenced"))),
            Some(None) => Err(YamlError::plain(format!("anchor '{anchor}' value contains itself"))),
            Some(Some(node)) => Ok(Rc::new(Node::Alias(Rc::clone(node)))),
        }
    }

    fn list(&mut self, depth: usize) -> Result<Node, YamlError> {
        let mut items = Vec::new();
        loop {
            let event = self.event()?;
            if matches!(event.data, EventData::SequenceEnd) {
                return Ok(Node::List(items));
            }
            items.push(self.node(event, depth + 1)?);
        }
    }

    fn map(&mut self, depth: usize) -> Result<Node, YamlError> {
        let mut entries = Vec::new();
        loop {
            let event = self.event()?;
            if matches!(event.data, EventData::MappingEnd) {
                return Ok(Node::Map(entries));
            }
            let line = event.start_mark.line + 1;
            let key = self.node(event, depth + 1)?;
            let event = self.event()?;
            let value = self.node(event, depth + 1)?;
            entries.push((line, key, value));
        }
    }

    /// Makes the value of a node, within go-yaml's bounds for aliases.
    fn expand(&mut self, node: &Node) -> Result<Value, YamlError> {
        self.expand_at(node, false)
    }

    /// Counts a node. Errors: aliases made too many of them.
    fn count(&mut self, aliased: bool) -> Result<(), YamlError> {
        self.nodes += 1;
        self.aliased += usize::from(aliased);
        if self.aliased > FREE_ALIASED && self.nodes > FREE_NODES && self.too_many_aliases() {
            return Err(YamlError::plain("document contains excessive aliasing"));
        }
        Ok(())
    }

    fn expand_at(&mut self, node: &Node, aliased: bool) -> Result<Value, YamlError> {
        self.count(aliased)?;
        match node {
            Node::Scalar { value, .. } => Ok(value.clone()),
            Node::Alias(target) => self.expand_at(target, true),
            Node::List(items) => items.iter().map(|item| self.expand_at(item, aliased)).collect(),
            Node::Map(entries) => self.expand_map(entries, aliased).map(Value::Object),
        }
    }

    /// go-yaml's sliding share: nearly all of a small document, a tenth of a huge one.
    #[expect(clippy::cast_precision_loss, reason = "a share, not a count")]
    fn too_many_aliases(&self) -> bool {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        let nodes = self.nodes as f64;
        let share = if nodes <= LOW {
            0.99
        } else if nodes >= HIGH {
            0.10
        } else {
            0.99 - 0.89 * (nodes - LOW) / (HIGH - LOW)
        };
        self.aliased as f64 / nodes > share
    }

    fn expand_map(
        &mut self,
        entries: &[(u64, Rc<Node>, Rc<Node>)],
        aliased: bool,
    ) -> Result<Map<String, Value>, YamlError> {
        let mut map = Map::new();
        for (_, key, value) in entries {
            if is_merge(key) {
                self.merge(&mut map, value, aliased)?;
            }
        }
        let mut own = std::collections::HashSet::new();
        for (line, key, value) in entries {
            if is_merge(key) {
                continue;
            }
            let name = key_text(key)?;
            let value = self.expand_at(value, aliased)?;
            if !own.insert(name.clone()) {
                self.duplicates.push(format!("line {line}: key {name:?} already set in map"));
            }
            map.insert(name, value);
        }
        Ok(map)
    }

    fn merge(
        &mut self,
        into: &mut Map<String, Value>,
        node: &Node,
        aliased: bool,
    ) -> Result<(), YamlError> {
        let refuse = || YamlError::plain("map merge requires map or sequence of maps as the value");
        self.count(aliased)?;
        match node {
            Node::Alias(target) => self.merge(into, target, true),
            Node::Map(entries) => {
                for (key, value) in self.expand_map(entries, aliased)? {
                    into.entry(key).or_insert(value);
                }
                Ok(())
            }
            Node::List(items) => {
                for item in items {
                    let plain = if let Node::Alias(target) = &**item { target } else { item };
                    if !matches!(**plain, Node::Map(_)) {
                        return Err(refuse());
                    }
                    self.merge(into, item, aliased)?;
                }
                Ok(())
            }
            Node::Scalar { .. } => Err(refuse()),
        }
    }
}

fn is_merge(key: &Node) -> bool {
    matches!(key, Node::Scalar { merge: true, .. })
}

/// Keys are text in JSON: numbers and booleans are written out.
fn key_text(key: &Node) -> Result<String, YamlError> {
    match key {
        Node::Alias(target) => key_text(target),
        Node::Scalar { value: Value::String(text), .. } => Ok(text.clone()),
        Node::Scalar { value: Value::Bool(flag), .. } => Ok(flag.to_string()),
        Node::Scalar { value: Value::Number(number), .. } => Ok(number.to_string()),
        Node::Scalar { text, .. } => Err(YamlError::plain(format!(
            "unsupported map key of type: null, key: {text}, value: <nil>"
        ))),
        Node::List(_) | Node::Map(_) => Err(YamlError::plain("invalid map key")),
    }
}

fn scalar(text: String, tag: Option<&str>, plain: bool, words: Words) -> Result<Node, YamlError> {
    let short = tag.map(|tag| tag.strip_prefix("tag:yaml.org,2002:").unwrap_or(tag));
    let meaning = match short {
        None if plain && words == Words::TrueAndFalse && !resolve::is_truth(&text) => {
            match resolve::meaning(&text) {
                Meaning::Bool(_) => Meaning::Text,
                meaning => meaning,
            }
        }
        None if plain => resolve::meaning(&text),
        None | Some("str" | "!") => Meaning::Text,
        Some("binary") => return Ok(Node::Scalar { value: binary(&text)?, text, merge: false }),
        Some(_) => resolve::meaning(&text),
    };
    let merge = meaning == Meaning::Merge;
    let unsupported = || YamlError::plain(format!("json: unsupported value: {text}"));
    let value = resolve::json(meaning, &text).ok_or_else(unsupported)?;
    Ok(Node::Scalar { value, text, merge })
}

/// `!!binary`: base64 of text.
fn binary(text: &str) -> Result<Value, YamlError> {
    let refuse = || YamlError::plain("!!binary value contains invalid base64 data");
    let mut bits = 0u32;
    let mut count = 0;
    let mut bytes = Vec::new();
    for byte in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return Err(refuse()),
        };
        bits = (bits << 6) | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).map_err(|_| refuse())?);
        }
    }
    Ok(Value::String(String::from_utf8_lossy(&bytes).into_owned()))
}

fn go_words(error: &libyaml_safer::Error) -> YamlError {
    let problem = match error.kind() {
        ErrorKind::Io | ErrorKind::Reader if error.problem() == "I/O error" => {
            "invalid leading UTF-8 octet"
        }
        _ => error.problem(),
    };
    let mark = |mark: Option<libyaml_safer::Mark>| mark.map_or(0, |mark| mark.line);
    let line = match (mark(error.problem_mark()), mark(error.context_mark())) {
        // Scanner errors come before the line is counted.
        (line, _) if line > 0 => line + u64::from(error.kind() == ErrorKind::Scanner),
        (_, line) => line,
    };
    if line > 0 { YamlError::at(line, problem) } else { YamlError::plain(problem) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn documents_are_split_at_their_lines() {
        assert_eq!(documents("a: 1\n---\nb: 2\n--- # c\nd"), ["a: 1", "b: 2", "d"]);
        assert_eq!(documents("---\na: 1"), ["---\na: 1"]);
        assert_eq!(documents("a\n---\n---\nb"), ["a", "---\nb"]);
        assert_eq!(documents("a\n---"), ["a"]);
    }

    #[test]
    fn values_are_read_as_go_yaml_reads_them() {
        let text =
            "a: yes\nb: 0644\nc: &x {k: 1}\nd:\n  <<: *x\n  m: ~\n1: one\ne: 'yes'\nf: |\n  t\n";
        let want = json!({"a": true, "b": 420, "c": {"k": 1}, "d": {"k": 1, "m": null}, "1": "one", "e": "yes", "f": "t\n"});
        assert_eq!(parse(text).unwrap(), want);
        assert_eq!(parse_v3("[yes, n, True]").unwrap(), json!(["yes", "n", true]));
        assert_eq!(parse("").unwrap(), Value::Null);
        assert_eq!(parse("# only\n").unwrap(), Value::Null);
    }

    #[test]
    fn the_last_duplicate_wins_and_is_named() {
        let (value, duplicates) = parse_strict("a: 1\nb: 2\na: 3\n").unwrap();
        assert_eq!(value, json!({"a": 3, "b": 2}));
        assert_eq!(duplicates, ["line 3: key \"a\" already set in map"]);
    }

    #[test]
    fn faults_are_told_in_go_yaml_s_words() {
        for (text, want) in [
            ("a: b: c", "yaml: mapping values are not allowed in this context"),
            ("x: 1\na: b: c", "yaml: line 2: mapping values are not allowed in this context"),
            ("a: [1", "yaml: line 1: did not find expected ',' or ']'"),
            ("a: *b", "yaml: unknown anchor 'b' referenced"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), want, "{text}");
        }
    }

    #[test]
    fn a_document_may_begin_with_any_letter() {
        for text in ["\u{ff1a}", "\u{fffd}", "\u{f000}: 1", "\u{feff}a: 1"] {
            assert!(parse(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn a_document_may_end_anywhere() {
        for text in [
            ">\n \\", "\"\\", "a: \"b\\", "|\n a\\", "\"\\x", "\"\\u12", "!", "!<", "%", "&", "*",
            "- |+", "'", "? ", "!<%", "!a%4", "%YAML", "%YAML 1.", "%TAG !",
        ] {
            drop(parse(text));
        }
        assert_eq!(parse("\\"), Ok("\\".into()));
        for (text, want) in [
            (">\n \\", "\\"),
            ("|\n  a", "a"),
            ("|+\n  a", "a"),
            ("|-\n  a", "a"),
            ("|\n  a\n", "a\n"),
            ("|\n  a\n ", "a\n"),
            ("|\n  a\n    ", "a\n  "),
            ("|+\n  a\n\n  ", "a\n\n"),
            ("'a'", "a"),
        ] {
            assert_eq!(parse(text), Ok(want.into()), "{text:?}");
        }
        let told = parse("[!a,b]").unwrap_err().to_string();
        assert_eq!(told, "yaml: did not find expected whitespace");
    }

    #[test]
    fn a_bomb_of_merges_does_not_go_off() {
        use std::fmt::Write as _;
        let mut text = String::from("a0: &a0 {}\n");
        for n in 1..12 {
            let list = vec![format!("*a{}", n - 1); 9].join(",");
            writeln!(text, "a{n}: &a{n} {{<<: [{list}]}}").unwrap();
        }
        let error = parse(&text).unwrap_err().to_string();
        assert_eq!(error, "yaml: document contains excessive aliasing");
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        use std::fmt::Write as _;
        let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for n in 1..12 {
            let list = vec![format!("*a{}", n - 1); 9].join(",");
            writeln!(text, "a{n}: &a{n} [{list}]").unwrap();
        }
        let error = parse(&text).unwrap_err().to_string();
        assert_eq!(error, "yaml: document contains excessive aliasing");
        assert!(parse(&"[".repeat(100_000)).is_err());
    }
}
