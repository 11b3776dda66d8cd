//! JSON values to YAML text: block style, two blanks, go-yaml's choice of quotes and folds.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::{
    natural,
    resolve::{self, Meaning},
};

/// Longer lines are folded at a blank.
const WIDTH: usize = 80;
/// Longer keys are written the explicit way (`? key`).
const LONGEST_KEY: usize = 128;

/// Writes a document, a line feed at its end.
pub fn to_string(value: &Value) -> String {
    let mut out = String::new();
    append(&mut out, value);
    out
}

/// Appends a document to a text.
pub fn append(out: &mut String, value: &Value) {
    let mut writer = Writer { out, column: 0 };
    match value {
        Value::Object(map) if !map.is_empty() => writer.map(map, 0, true),
        Value::Array(list) if !list.is_empty() => writer.list(list, 0, true),
        _ => {
            writer.leaf(value, 2);
            writer.newline();
        }
    }
}

struct Writer<'o> {
    out: &'o mut String,
    column: usize,
}

impl Writer<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    fn newline(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    fn indent(&mut self, by: usize) {
        const BLANKS: &str = "                                                                ";
        let mut left = by;
        while left > 0 {
            let step = left.min(BLANKS.len());
            self.out.push_str(BLANKS.get(..step).unwrap_or_default());
            left -= step;
        }
        self.column += by;
    }

    /// Writes entries at `indent`; `inline` when the first goes where the writer stands.
    fn map(&mut self, map: &Map<String, Value>, indent: usize, inline: bool) {
        let mut entries: Vec<(&String, &Value)> = map.iter().collect();
        entries.sort_by(|a, b| natural::compare(a.0, b.0));
        for (at, (key, value)) in entries.into_iter().enumerate() {
            if at > 0 || !inline {
                self.indent(indent);
            }
            self.key(key, indent);
            self.value(value, indent);
        }
    }

    fn key(&mut self, key: &str, indent: usize) {
        let shape = Shape::of(key);
        if key.len() > LONGEST_KEY || shape.multiline {
            self.put("? ");
            self.scalar(key, indent + 2, false);
            self.newline();
            self.indent(indent);
        } else {
            self.scalar(key, indent, true);
        }
        self.put(":");
    }

    /// Writes what follows `key:`, to the end of its last line.
    fn value(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Object(map) if !map.is_empty() => {
                self.newline();
                self.map(map, indent + 2, false);
            }
            Value::Array(list) if !list.is_empty() => {
                self.newline();
                self.list(list, indent, false);
            }
            _ => {
                self.put(" ");
                self.leaf(value, indent + 2);
                self.newline();
            }
        }
    }

    fn list(&mut self, list: &[Value], indent: usize, inline: bool) {
        for (at, item) in list.iter().enumerate() {
            if at > 0 || !inline {
                self.indent(indent);
            }
            self.put("- ");
            match item {
                Value::Object(map) if !map.is_empty() => self.map(map, indent + 2, true),
                Value::Array(list) if !list.is_empty() => self.list(list, indent + 2, true),
                _ => {
                    self.leaf(item, indent + 2);
                    self.newline();
                }
            }
        }
    }

    fn leaf(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Null => self.put("null"),
            Value::Bool(flag) => self.put(if *flag { "true" } else { "false" }),
            Value::Number(number) => self.number(number),
            Value::String(text) => self.scalar(text, indent, false),
            Value::Array(_) => self.put("[]"),
            Value::Object(_) => self.put("{}"),
        }
    }

    fn number(&mut self, number: &serde_json::Number) {
        let text = match number.as_f64() {
            Some(float) if number.is_f64() => super::json::go_float_g(float),
            _ => number.to_string(),
        };
        self.put(&text);
    }

    fn scalar(&mut self, text: &str, indent: usize, key: bool) {
        let shape = Shape::of(text);
        match shape.style(text, key) {
            Style::Plain => self.flow(text, indent, key, Quote::None),
            Style::Single => self.flow(text, indent, key, Quote::Single),
            Style::Double => self.double(text, indent, key),
            Style::Literal => self.literal(text, indent),
        }
    }

    /// Plain and single-quoted text, folded at single blanks beyond the width.
    fn flow(&mut self, text: &str, indent: usize, key: bool, quote: Quote) {
        let single = quote == Quote::Single;
        if single {
            self.put("'");
        }
        if key || self.column + text.len() <= WIDTH && !text.contains(['\'', '\n']) {
            if single {
                self.put(&text.replace('\'', "''"));
            } else {
                self.put(text);
            }
        } else {
            self.folded(text, indent, single);
        }
        if single {
            self.put("'");
        }
    }

    fn folded(&mut self, text: &str, indent: usize, single: bool) {
        let mut blanks = false;
        let mut breaks = false;
        let mut letters = text.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let next = letters.peek().map(|(_, next)| *next);
            match letter {
                ' ' => {
                    let inside = !single || at > 0 && next.is_some();
                    let alone = !blanks && next != Some(' ');
                    if inside && alone && self.column > WIDTH {
                        self.newline();
                        self.indent(indent);
                    } else {
                        self.put(" ");
                    }
                    blanks = true;
                }
                '\n' => {
                    if !breaks {
                        self.newline();
                    }
                    self.newline();
                    breaks = true;
                }
                _ => {
                    if breaks {
                        self.indent(indent);
                    }
                    if single && letter == '\'' {
                        self.put("'");
                    }
                    self.letter(letter);
                    blanks = false;
                    breaks = false;
                }
            }
        }
    }

    fn letter(&mut self, letter: char) {
        self.out.push(letter);
        self.column += 1;
    }

    fn double(&mut self, text: &str, indent: usize, key: bool) {
        self.put("\"");
        let mut blanks = false;
        let mut letters = text.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            let next = letters.peek().map(|(_, next)| *next);
            if letter == ' ' {
                if !key && !blanks && self.column > WIDTH && at > 0 && next.is_some() {
                    self.newline();
                    self.indent(indent);
                    self.protect(next);
                } else {
                    self.put(" ");
                }
                blanks = true;
                continue;
            }
            blanks = false;
            if is_printable(letter) && letter != '"' && letter != '\\' && letter != '\n' {
                self.letter(letter);
            } else {
                self.escape(letter);
            }
        }
        self.put("\"");
    }

    /// A blank that begins a line is protected, or it would be taken for indentation.
    fn protect(&mut self, next: Option<char>) {
        if next == Some(' ') {
            self.put("\\");
        }
    }

    fn escape(&mut self, letter: char) {
        let short = match letter {
            '\0' => "\\0",
            '\x07' => "\\a",
            '\x08' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\x0b' => "\\v",
            '\x0c' => "\\f",
            '\r' => "\\r",
            '\x1b' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{a0}' => "\\_",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ => return self.escape_code(u32::from(letter)),
        };
        self.put(short);
    }

    fn escape_code(&mut self, code: u32) {
        let mut text = String::new();
        let written = match code {
            0..=0xff => write!(text, "\\x{code:02X}"),
            0x100..=0xffff => write!(text, "\\u{code:04X}"),
            _ => write!(text, "\\U{code:08X}"),
        };
        // Writing to a String cannot fail.
        written.unwrap_or_default();
        self.put(&text);
    }

    /// `|` and its lines; the caller's line feed ends the last.
    fn literal(&mut self, text: &str, indent: usize) {
        self.put("|");
        if text.starts_with([' ', '\n']) {
            self.put("2");
        }
        let body = match text.strip_suffix('\n') {
            None => {
                self.put("-");
                text
            }
            Some(body) => {
                if body.is_empty() || body.ends_with('\n') {
                    self.put("+");
                }
                body
            }
        };
        for line in body.split('\n') {
            self.newline();
            if !line.is_empty() {
                self.indent(indent);
                self.put(line);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Single,
}

#[derive(Debug, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// What libyaml's analysis of a scalar allows.
#[expect(clippy::struct_excessive_bools, reason = "what libyaml finds in a scalar")]
#[derive(Debug, Default)]
struct Shape {
    multiline: bool,
    plain: bool,
    single: bool,
    block: bool,
}

fn is_printable(letter: char) -> bool {
    match letter {
        '\n' | ' '..='~' => true,
        '\u{a0}'..='\u{d7ff}' => !matches!(letter, '\u{2028}' | '\u{2029}'),
        '\u{e000}'..='\u{fffd}' => letter != '\u{feff}',
        _ => false,
    }
}

impl Shape {
    fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self { multiline: false, plain: true, single: true, block: false };
        }
        let mut seen = Seen::default();
        if text.starts_with("---") || text.starts_with("...") {
            seen.indicator = true;
        }
        let mut before = ' ';
        let mut letters = text.chars().peekable();
        let mut first = true;
        while let Some(letter) = letters.next() {
            seen.take(letter, before, letters.peek().copied(), first);
            before = letter;
            first = false;
        }
        let edges = text.starts_with([' ', '\n']) || text.ends_with([' ', '\n']);
        let broken = seen.space_break || seen.special;
        Self {
            multiline: seen.breaks,
            plain: !(edges || seen.break_space || broken || seen.breaks || seen.indicator),
            single: !(seen.break_space || broken),
            block: !(text.ends_with(' ') || broken),
        }
    }

    fn style(&self, text: &str, key: bool) -> Style {
        if text.contains('\n') {
            return if key || !self.block { Style::Double } else { Style::Literal };
        }
        let ambiguous = resolve::meaning(text) != Meaning::Text || resolve::is_base_60(text);
        if ambiguous || !self.single && !self.plain {
            Style::Double
        } else if self.plain {
            Style::Plain
        } else {
            Style::Single
        }
    }
}

#[expect(clippy::struct_excessive_bools, reason = "what libyaml finds in a scalar")]
#[derive(Default)]
struct Seen {
    indicator: bool,
    special: bool,
    breaks: bool,
    break_space: bool,
    space_break: bool,
}

impl Seen {
    fn take(&mut self, letter: char, before: char, next: Option<char>, first: bool) {
        let followed_by_blank = next.is_none_or(|next| matches!(next, ' ' | '\t' | '\n'));
        self.indicator |= match letter {
            '#' | ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
            | '@' | '`'
                if first =>
            {
                true
            }
            '?' | '-' if first => followed_by_blank,
            ':' => followed_by_blank,
            '#' => matches!(before, ' ' | '\t' | '\n'),
            _ => false,
        };
        self.special |= !is_printable(letter);
        match letter {
            ' ' if before == '\n' && !first => self.break_space = true,
            '\n' => {
                self.breaks = true;
                self.space_break |= before == ' ' && !first;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scalars_are_quoted_as_go_yaml_does() {
        for (text, want) in [
            ("", "\"\""),
            ("plain", "plain"),
            ("yes", "\"yes\""),
            ("y", "\"y\""),
            ("8080", "\"8080\""),
            ("0.5", "\"0.5\""),
            ("2020-01-01T00:00:00Z", "\"2020-01-01T00:00:00Z\""),
            ("100m", "100m"),
            ("80:8080", "80:8080"),
            ("12:30:45", "\"12:30:45\""),
            ("a: b", "'a: b'"),
            ("a:b", "a:b"),
            ("it's", "it's"),
            ("'q'", "'''q'''"),
            ("*", "'*'"),
            ("- x", "'- x'"),
            ("-x", "-x"),
            ("a #b", "'a #b'"),
            (" lead", "' lead'"),
            ("tab\there", "\"tab\\there\""),
            ("{}", "'{}'"),
            ("null", "\"null\""),
            ("a\nb", "|-\n  a\n  b"),
            ("a\n", "|\n  a"),
            ("a\n\n", "|+\n  a\n"),
            ("a \nb", "\"a \\nb\""),
            ("ü", "ü"),
            ("<<", "\"<<\""),
            ("=", "="),
            ("%x", "'%x'"),
            ("\u{1f600}", "\"\\U0001F600\""),
        ] {
            assert_eq!(to_string(&json!({"k": text})), format!("k: {want}\n"), "{text:?}");
        }
    }

    #[test]
    fn long_text_is_folded() {
        let text = "word ".repeat(30);
        let text = text.trim_end();
        let out = to_string(&json!({"a": {"message": text}}));
        assert!(out.lines().all(|line| line.len() <= 90), "{out}");
        assert!(out.contains("\n    word"), "{out}");
        assert_eq!(super::super::parse(&out).unwrap()["a"]["message"], text);
    }

    #[test]
    fn structure_is_written_in_blocks() {
        let value = json!({"b": [{"x": 1, "y": [[1, 2], []]}, "s"], "a": {}, "c": {"d": null, "a10": 1, "a2": 2}});
        let want = "a: {}\nb:\n- x: 1\n  \"y\":\n  - - 1\n    - 2\n  - []\n- s\nc:\n  a2: 2\n  a10: 1\n  d: null\n";
        assert_eq!(to_string(&value), want);
        assert_eq!(to_string(&json!([])), "[]\n");
        assert_eq!(to_string(&json!("x")), "x\n");
    }

    #[test]
    fn what_is_written_reads_back() {
        let value = json!({"a": "x\n  y\n", "b": "\n lead", "c": ["", " ", "~", "0x1"], "d": 1.5, "long key \u{7}": -3});
        assert_eq!(super::super::parse(&to_string(&value)).unwrap(), value);
    }
}
